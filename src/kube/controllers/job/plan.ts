import type { Job, Pod } from '../../apis/index.ts';
import { podFacts } from '../pods.ts';
import { compareForDeletion } from '../ranking.ts';
import { endOf, remainingMs } from './backoff.ts';
import { failuresBefore, freeIndexes, indexOf, mergeIntervals, withIndexes } from './indexes.ts';
import { replacesOnlyFailed } from './policies.ts';
import { isIndexed, isSuspended, type JobView } from './view.ts';

/** What one reconcile does about the number of pods: one thing at a time. */
export type PodPlan =
  | { readonly do: 'nothing' }
  /** `wanted` stay. */
  | { readonly do: 'delete'; readonly pods: readonly Pod[]; readonly wanted: number }
  /** Of an Indexed Job `indexes` says which. */
  | { readonly do: 'create'; readonly count: number; readonly indexes?: readonly number[]; readonly wanted: number }
  /** Failures are to be waited out. */
  | { readonly do: 'wait'; readonly ms: number };

/** Pods that one reconcile creates or deletes at most. Kubernetes: MaxPodCreateDeletePerSync. */
const maxPods = 500;

/** How many pods the Job wants to have running. */
function wantedPods({ job, active, succeeded }: JobView): number {
  const { completions, parallelism = 1 } = job.spec!;
  // A work queue: the first success says that there is no more work; whatever runs may end.
  if (completions === undefined) return succeeded > 0 ? active.length : parallelism;
  return Math.max(0, Math.min(completions - succeeded, parallelism));
}

/** Brings the number of active pods nearer to what the Job wants. Kubernetes: manageJob. */
export function planPods(view: JobView, now: number): PodPlan {
  const { job, active } = view;
  const wanted = isSuspended(job) ? 0 : wantedPods(view);
  const doomed = podsToRemove(job, active, Math.max(0, active.length - wanted), now);
  if (doomed.length > 0 || isSuspended(job))
    return doomed.length === 0
      ? { do: 'nothing' }
      : { do: 'delete', pods: isSuspended(job) ? doomed : doomed.slice(0, maxPods), wanted };
  const leaving = replacesOnlyFailed(job) ? view.terminating : 0;
  const missing = wanted - leaving - active.length;
  if (missing <= 0) return { do: 'nothing' };
  const perIndex = job.spec!.backoffLimitPerIndex !== undefined;
  const wait = perIndex ? 0 : remainingMs(view.backoff, now);
  if (wait > 0) return { do: 'wait', ms: wait };
  const count = Math.min(missing, maxPods);
  if (!isIndexed(job)) return { do: 'create', count, wanted };
  const free = freeIndexes(takenIndexes(view), count, job.spec!.completions!);
  if (!perIndex) return { do: 'create', count: free.length, indexes: free, wanted };
  const waits = free.map((index) => indexWaitMs(view.lastFailed.get(index), now));
  const due = free.filter((_, i) => waits[i] === 0);
  if (due.length === 0 && waits.length > 0) return { do: 'wait', ms: Math.min(...waits) };
  return { do: 'create', count: due.length, indexes: due, wanted };
}

function takenIndexes({ job, pods, active, indexes, failedIndexes = [] }: JobView): ReturnType<typeof mergeIntervals> {
  const defined = (list: readonly Pod[]): number[] => list.map(indexOf).filter((index) => index !== undefined);
  let taken = withIndexes(indexes!.succeeded, defined(active));
  if (replacesOnlyFailed(job)) taken = withIndexes(taken, defined(pods.filter((pod) => podFacts(pod).terminating)));
  return mergeIntervals(taken, failedIndexes);
}

/** Each index waits for itself. */
function indexWaitMs(lastFailed: Pod | undefined, now: number): number {
  if (!lastFailed) return 0;
  const { counted, ignored } = failuresBefore(lastFailed);
  return remainingMs({ failures: counted + ignored + 1, lastAt: endOf(lastFailed) }, now);
}

/** Too many pods, second ones of an index, and pods without a valid index. Kubernetes: activePodsForRemoval. */
function podsToRemove(job: Job, active: readonly Pod[], atLeast: number, now: number): Pod[] {
  const inOrder = (list: readonly Pod[]): Pod[] => list.toSorted((a, b) => compareForDeletion(a, b, 0, 0, now));
  const removed: Pod[] = [];
  let left: Pod[] = [];
  if (isIndexed(job)) {
    const byIndex = new Map<number, Pod[]>();
    for (const pod of active) {
      const index = indexOf(pod);
      if (index === undefined || index >= job.spec!.completions!) removed.push(pod);
      else byIndex.set(index, [...(byIndex.get(index) ?? []), pod]);
    }
    for (const pods of byIndex.values()) {
      const sorted = inOrder(pods);
      removed.push(...sorted.slice(0, -1));
      left.push(sorted.at(-1)!);
    }
  } else left = [...active];
  if (removed.length < atLeast) removed.push(...inOrder(left).slice(0, atLeast - removed.length));
  return removed;
}
