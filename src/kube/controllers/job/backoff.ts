import { millisOf } from '../../apimachinery/index.ts';
import type { Pod } from '../../apis/index.ts';

/** A Job's failures since its last success. Plain data. Kubernetes: pkg/controller/job/backoff_utils.go. */
export interface Backoff {
  readonly failures: number;
  /** Virtual time of the last of them. */
  readonly lastAt: number;
}

/** First wait after a failure, and the longest: it doubles. */
const firstMs = 10_000;
const longestMs = 600_000;

/** Virtual time at which a pod ended, as well as its object tells. Kubernetes: getFinishedTime. */
export function endOf({ metadata, status }: Pod): number {
  const ends = (status?.containerStatuses ?? []).map((s) => s.state?.terminated?.finishedAt);
  if (ends.length > 0 && ends.every((end) => end !== undefined)) return Math.max(...ends.map((end) => millisOf(end)));
  const ready = status?.conditions?.find((c) => c.type === 'Ready');
  if (ready?.status === 'False' && ready.lastTransitionTime) return millisOf(ready.lastTransitionTime);
  if (metadata.deletionTimestamp)
    return millisOf(metadata.deletionTimestamp) - (metadata.deletionGracePeriodSeconds ?? 0) * 1000;
  return millisOf(metadata.creationTimestamp);
}

/** The record after some pods ended: a success begins it anew, failures after it count. */
export function nextBackoff(
  old: Backoff | undefined,
  succeeded: readonly Pod[],
  failed: readonly Pod[],
): Backoff | undefined {
  if (succeeded.length === 0 && failed.length === 0) return old;
  const failures = failed.map(endOf);
  if (succeeded.length === 0)
    return { failures: (old?.failures ?? 0) + failures.length, lastAt: Math.max(...failures) };
  const success = Math.max(...succeeded.map(endOf));
  const later = failures.filter((at) => at > success);
  return later.length === 0 ? undefined : { failures: later.length, lastAt: Math.max(...later) };
}

/** Milliseconds for which no pod is to be created: 10 s after the first failure, then 20 s, 40 s …, at most 10 min. */
export function remainingMs(backoff: Backoff | undefined, now: number): number {
  if (!backoff || backoff.failures === 0) return 0;
  const wait = Math.min(firstMs * 2 ** (backoff.failures - 1), longestMs);
  return Math.max(0, wait - (now - backoff.lastAt));
}
