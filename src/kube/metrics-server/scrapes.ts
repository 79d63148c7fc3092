import { lastWindowEnd, usageWindowMs } from '../machines.ts';

/** A container younger than this at a scrape has no rate yet. metrics-server: freshContainerMinMetricsResolution. */
const freshMs = 10_000;

/** The stretch of time that a rate stands for. */
export interface Stretch {
  /** Its end: the time of the figures that the last scrape found. */
  readonly at: number;
  readonly windowMs: number;
}

/**
 * What the last two scrapes say about something that has run since `startedAt` and has been scraped since `since`. A rate needs
 * two points; the start itself is one if it lies at least 10 s before the first scrape. metrics-server: storage/pod.go Store.
 *
 *     start 3 s   figures of 15 s → 12 s of the window      start 7 s   of 15 s → nothing, of 30 s → 15 s
 */
export function stretchOf(now: number, since: number, startedAt: number): Stretch | undefined {
  const at = lastWindowEnd(now);
  if (at < since || at <= startedAt) return undefined;
  const age = at - startedAt;
  if (age < usageWindowMs) return age >= freshMs ? { at, windowMs: age } : undefined;
  return at - usageWindowMs >= since ? { at, windowMs: usageWindowMs } : undefined;
}
