import type { Message, Speed } from '../../protocol/index.ts';
import type { FrameSource, Session } from '../../session/index.ts';

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
  /** Moves to a moment; slices the work, tells progress in frames. Resolves when it stands there or a later seek took over. */
  seek(at: number): Promise<void>;
  /** Resolves when no seek is under way, throws when the pump has ended: what acts on the present must not act on a place that is only passed through. */
  arrival(): Promise<void>;
  /** Draw soon: something was done outside the pump. */
  touch(): void;
  readonly playing: boolean;
  /** Ends it for good; a seek under way is answered with the reason. */
  destroy(reason: string): void;
}

/** A move under way: where it began, where it goes, and who waits for it. */
interface Seek {
  readonly from: number;
  readonly at: number;
  done(): void;
  failed(error: unknown): void;
}

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
  let arrived: Promise<void> = Promise.resolve();
  let frameWall = 0;
  let dead = false;

  const arm = (ms: number): void => {
    if (timer === null && !dead) timer = setTimeout(tick, ms);
  };

  const advanceSlice = (at: number): boolean => {
    const until = now() + sliceMs;
    do {
      if (session.advance(at, batch)) return true;
    } while (now() < until);
    return false;
  };

  /** To the next event; in a lesson only so far as its learner should not miss. False when nothing happened on the way. */
  const nextEvent = (): boolean => {
    if (session.lesson === null) return (playing = session.next('significant'));
    if (session.next('significant', waitMs)) return true;
    session.advance(session.now + waitMs);
    return false;
  };

  const work = (): void => {
    const wall = now();
    const elapsed = Math.min(wall - lastWall, 250);
    lastWall = wall;
    if (seeking) {
      if (advanceSlice(seeking.at)) {
        const { done } = seeking;
        seeking = null;
        target = session.now;
        frameWall = 0; // where one stands is shown before it is answered
        done();
      }
    } else if (playing && speed === 'events') {
      if (wall >= nextEventWall) {
        nextEventWall = wall + (nextEvent() ? eventPaceMs : waitPaceMs);
        target = session.now;
      }
    } else if (playing) {
      // When the machine cannot keep up the clock slows down; it never piles up debt.
      target = Math.max(session.now, target) + elapsed * (speed as number);
      if (!advanceSlice(Math.floor(target))) target = session.now;
    }
  };

  function tick(): void {
    timer = null;
    if (dead) return;
    try {
      work();
      const progress = seeking
        ? Math.min(1, Math.max(0, (session.now - seeking.from) / Math.max(1, seeking.at - seeking.from)))
        : null;
      const begun = now();
      const early = begun < frameWall;
      const frame = early ? null : frames.take({ playing, speed, progress });
      if (frame) post(frame);
      if (!early) frameWall = begun + frameShare * (now() - begun);
      if (seeking) arm(0);
      else if (playing || frame || early) arm(frameMs);
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
    seeking = null;
  };

  const pump: Pump = {
    get playing() {
      return playing;
    },
    play(value) {
      playing = value;
      lastWall = now();
      target = session.now;
      nextEventWall = 0;
      arm(0);
    },
    speed(value) {
      speed = value;
      target = session.now;
      lastWall = now();
      arm(0);
    },
    seek(at) {
      if (dead) return Promise.reject(new Error('the simulation has ended'));
      session.rewind(at);
      arrived = new Promise((done, failed) => {
        seeking?.done();
        seeking = { from: session.now, at, done, failed };
        arm(0);
      });
      return arrived;
    },
    async arrival() {
      while (seeking) await arrived;
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
