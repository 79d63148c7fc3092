import type { Message, Speed } from '../../protocol/index.ts';
import type { FrameSource, Session } from '../../session/index.ts';

/** Wall milliseconds of simulation per slice: the worker stays answerable. */
const sliceMs = 12;
/** Events between two looks at the clock. */
const batch = 200;
/** One significant event per 600 ms of wall time when event-paced. */
const eventPaceMs = 600;
/** Wall time between frames: 60 per second. */
const frameMs = 16;

/** Turns wall time into virtual time. The only place in the worker, with `now` and `later`, that knows a real clock. */
export interface Pump {
  play(playing: boolean): void;
  speed(speed: Speed): void;
  /** Moves to a moment; slices the work, tells progress in frames, resolves when it stands there. */
  seek(at: number): Promise<void>;
  /** Draw soon: something was done outside the pump. */
  touch(): void;
  readonly playing: boolean;
  destroy(): void;
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
  let seeking: { from: number; at: number; done: () => void; failed: (error: unknown) => void } | null = null;
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

  const work = (): void => {
    const wall = now();
    const elapsed = Math.min(wall - lastWall, 250);
    lastWall = wall;
    if (seeking) {
      if (advanceSlice(seeking.at)) {
        const { done } = seeking;
        seeking = null;
        target = session.now;
        done();
      }
    } else if (playing && speed === 'events') {
      if (wall >= nextEventWall) {
        nextEventWall = wall + eventPaceMs;
        if (!session.next('significant', 3_600_000)) playing = false;
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
      const frame = frames.take({ playing, speed, progress });
      if (frame) post(frame);
      if (seeking) arm(0);
      else if (playing || frame) arm(frameMs);
    } catch (error) {
      dead = true;
      seeking?.failed(error);
      halt(error);
    }
  }

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
      session.rewind(at);
      return new Promise((done, failed) => {
        seeking?.done();
        seeking = { from: session.now, at, done, failed };
        arm(0);
      });
    },
    touch() {
      target = session.now;
      lastWall = now();
      arm(0);
    },
    destroy() {
      dead = true;
      if (timer !== null) clearTimeout(timer);
    },
  };
  return pump;
}
