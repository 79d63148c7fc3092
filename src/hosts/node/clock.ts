import type { Session } from '../../session/index.ts';

/** Virtual milliseconds per wall millisecond; `max` as fast as the machine can while something happens. */
export type ClockSpeed = number | 'max';

/** Wall milliseconds of simulation at a time: requests are answered in between. */
const sliceMs = 20;
/** Events between two looks at the wall clock. */
const batch = 50;
/** Wall time between two slices. */
const restMs = 10;
/** Farthest that `max` jumps in one slice: clients' own timers still run in wall time. */
const maxJumpMs = 10_000;

/** What makes virtual time follow the wall clock. */
export interface Clock {
  playing: boolean;
  speed: ClockSpeed;
  stop(): void;
}

/** Starts a clock. `failed` hears of a broken invariant, after which it stands. */
export function startClock(session: Session, speed: ClockSpeed, failed: (error: unknown) => void): Clock {
  let last = performance.now();
  let target = session.now;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tick = (): void => {
    const wall = performance.now();
    // What the machine could not keep up with is not made up for: the cluster's clock slows down instead.
    const elapsed = Math.min(wall - last, 250);
    last = wall;
    target = Math.max(target, session.now) + (clock.speed === 'max' ? maxJumpMs : elapsed * clock.speed);
    timer = setTimeout(tick, restMs);
    if (!clock.playing) {
      target = session.now;
      return;
    }
    try {
      const until = wall + sliceMs;
      let arrived = false;
      while (!(arrived = session.advance(Math.floor(target), batch)) && performance.now() < until);
      if (!arrived) target = session.now;
    } catch (error) {
      clock.stop();
      failed(error);
    }
  };
  const clock: Clock = { playing: true, speed, stop: () => clearTimeout(timer) };
  timer = setTimeout(tick, restMs);
  return clock;
}
