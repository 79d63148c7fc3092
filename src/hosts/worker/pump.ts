import type { Frame, Message, Speed } from '../../protocol/index.ts';
import type { FrameSource, Grain, Search, Session } from '../../session/index.ts';

/** Wall milliseconds of simulation per slice: the worker stays answerable. */
const sliceMs = 12;
/** Events between two looks at the clock: a start of 500 pods takes milliseconds per event. */
const batch = 25;
/** One significant event per 600 ms of wall time when event-paced. */
const eventPaceMs = 600;
/** In a lesson quiet time is no gap: a check may want a minute without an event. So much passes at once, in so much wall time. */
const waitMs = 10_000;
const waitPaceMs = 250;
/** Wall time between frames: 60 per second. */
const frameMs = 16;
/** A frame of a large cluster compares ten thousands of objects: at most one part in so many of the time goes there. */
const frameShare = 8;

/** Turns wall time into virtual time. The only place in the worker, with `now` and `later`, that knows a real clock. */
export interface Pump {
  play(playing: boolean): void;
  speed(speed: Speed): void;
  /** Moves to a moment, or to a step within it; slices the work, tells progress in frames. Resolves when it stands there or a later seek took over. */
  seek(at: number, step?: number): Promise<void>;
  /**
   * Stops, and looks for the next event in slices; resolves with whether one came. Nothing of what is passed through is
   * drawn: only how far it is. To play, seek or step meanwhile gives it up.
   */
  step(grain: Grain): Promise<boolean>;
  /** Resolves when no seek or step is under way, throws when the pump has ended: what acts on the present must not act on a place that is only passed through. */
  arrival(): Promise<void>;
  /** Draw soon: something was done outside the pump. */
  touch(): void;
  readonly playing: boolean;
  /** Ends it for good; a seek or step under way is answered with the reason. */
  destroy(reason: string): void;
}

/** A move under way: where it began, where it goes, and who waits for it. */
interface Seek {
  readonly from: number;
  readonly at: number;
  readonly step: number | undefined;
  done(): void;
  failed(error: unknown): void;
}

/** A search under way. When it was given up, nothing is to be said: it counts as moved. */
interface Searching {
  readonly search: Search;
  /** Asked for by event-paced play, not by a command that waits for it. */
  readonly paced: boolean;
  done(moved: boolean): void;
  failed(error: unknown): void;
}

/** A frame in which nothing has changed. */
const still = (frame: Frame): Frame => ({
  ...frame,
  reset: false,
  upserts: [],
  deletes: [],
  deeds: [],
  activities: [],
  requests: [],
  traffic: [],
  outputs: [],
  usage: [],
});

/** Runs a session against the wall clock and posts frames. `halt` hears of a broken invariant. */
export function createPump(
  session: Session,
  frames: FrameSource,
  post: (message: Message) => void,
  halt: (error: unknown) => void,
  now: () => number = () => performance.now(),
): Pump {
  let playing = false;
  let speed: Speed = 1;
  let timer: ReturnType<typeof setTimeout> | null = null;
  let lastWall = now();
  /** Virtual time owed to the wall clock, fractional. */
  let target = session.now;
  let nextEventWall = 0;
  let seeking: Seek | null = null;
  let searching: Searching | null = null;
  let arrived: Promise<unknown> = Promise.resolve();
  /** What the page sees. */
  let shown: Frame | null = null;
  let frameWall = 0;
  let dead = false;

  const arm = (ms: number): void => {
    if (timer === null && !dead) timer = setTimeout(tick, ms);
  };

  const advanceSlice = (at: number, step?: number): boolean => {
    const until = now() + sliceMs;
    do {
      if (session.advance(at, batch, step)) return true;
    } while (now() < until);
    return false;
  };

  const searchSlice = ({ search, done }: Searching): void => {
    const until = now() + sliceMs;
    do {
      const moved = search.go(batch);
      if (moved === null) continue;
      searching = null;
      target = session.now;
      frameWall = 0; // where one stands is shown before it is answered
      return done(moved);
    } while (now() < until);
  };

  /** One stands again where the search began. */
  const giveUp = (): void => {
    if (!searching) return;
    const { search, done } = searching;
    searching = null;
    search.cancel();
    target = session.now;
    done(true);
  };

  /** To the next event; in a lesson only so far as its learner should not miss. */
  const pace = (wall: number): Searching => {
    const judged = session.lesson !== null;
    return {
      search: judged ? session.search('significant', waitMs, 'stay') : session.search('significant'),
      paced: true,
      done(moved) {
        nextEventWall = wall + (moved ? eventPaceMs : waitPaceMs);
        if (!moved && !judged) playing = false;
      },
      failed() {},
    };
  };

  const work = (): void => {
    const wall = now();
    const elapsed = Math.min(wall - lastWall, 250);
    lastWall = wall;
    if (seeking) {
      if (advanceSlice(seeking.at, seeking.step)) {
        const { done } = seeking;
        seeking = null;
        target = session.now;
        frameWall = 0; // where one stands is shown before it is answered
        done();
      }
    } else if (searching) {
      searchSlice(searching);
    } else if (playing && speed === 'events') {
      if (wall >= nextEventWall) searchSlice((searching = pace(wall)));
    } else if (playing) {
      // When the machine cannot keep up the clock slows down; it never piles up debt.
      target = Math.max(session.now, target) + elapsed * (speed as number);
      if (!advanceSlice(Math.floor(target))) target = session.now;
    }
  };

  /** Posts a frame if there is news; false when it is too early, or when more may come at once. */
  const show = (): boolean => {
    const begun = now();
    if (begun < frameWall) return false;
    if (searching) {
      if (shown) post({ ...shown, playing, speed, progress: searching.search.progress });
      frameWall = begun + frameMs;
      return true;
    }
    const progress = seeking
      ? Math.min(1, Math.max(0, (session.now - seeking.from) / Math.max(1, seeking.at - seeking.from)))
      : null;
    const frame = frames.take({ playing, speed, progress });
    if (frame) {
      post(frame);
      shown = still(frame);
    }
    frameWall = begun + frameShare * (now() - begun);
    return !frame;
  };

  function tick(): void {
    timer = null;
    if (dead) return;
    try {
      work();
      const early = !show();
      if (seeking || searching) arm(0);
      else if (playing || early) arm(frameMs);
    } catch (error) {
      end(error);
      halt(error);
    }
  }

  /** Nothing happens any more; who waits for a seek hears it. */
  const end = (reason: unknown): void => {
    dead = true;
    if (timer !== null) clearTimeout(timer);
    seeking?.failed(reason);
    searching?.failed(reason);
    seeking = null;
    searching = null;
  };

  const pump: Pump = {
    get playing() {
      return playing;
    },
    play(value) {
      giveUp();
      playing = value;
      lastWall = now();
      target = session.now;
      nextEventWall = 0;
      arm(0);
    },
    speed(value) {
      if (playing) giveUp();
      speed = value;
      target = session.now;
      lastWall = now();
      arm(0);
    },
    seek(at, step) {
      if (dead) return Promise.reject(new Error('the simulation has ended'));
      giveUp();
      session.rewind(at);
      const arrival = new Promise<void>((done, failed) => {
        seeking?.done();
        seeking = { from: session.now, at, step, done, failed };
        arm(0);
      });
      arrived = arrival;
      return arrival;
    },
    async step(grain) {
      pump.play(false);
      await pump.arrival();
      giveUp();
      frameWall = 0;
      show();
      const arrival = new Promise<boolean>((done, failed) => {
        searching = { search: session.search(grain), paced: false, done, failed };
        arm(0);
      });
      arrived = arrival;
      return arrival;
    },
    async arrival() {
      if (searching?.paced) giveUp();
      while (seeking || searching) await arrived;
      if (dead) throw new Error('the simulation has ended');
    },
    touch() {
      frameWall = 0;
      target = session.now;
      lastWall = now();
      arm(0);
    },
    destroy(reason) {
      end(new Error(reason));
    },
  };
  return pump;
}
