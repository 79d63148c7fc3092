import type { V1JobCondition, V1JobStatus } from '../../../generated/types.ts';
import type { Mutable } from '../../apis/kind.ts';
import type { Pod } from '../../apis/index.ts';
import { formatIndexes, hasIndex, indexOf, withIndexes } from './indexes.ts';
import { hasFailed, matchFailurePolicy } from './policies.ts';
import { isCountable, isIndexed, isTracked, type JobView } from './view.ts';

/*
 * Each pod that ends is counted exactly once, although status and pods cannot be written together:
 *
 *   1. its uid is written into status.uncountedTerminatedPods,
 *   2. its finalizer is taken away,
 *   3. the uid leaves the list and the counter goes up.
 *
 * Whoever is interrupted finds in the list what may not be counted again.
 * Kubernetes: pkg/controller/job/job_controller.go trackJobStatusAndRemoveFinalizers.
 */

/** A status being worked on. */
export type StatusDraft = Mutable<V1JobStatus>;

/** Pods that are counted in one reconcile at most, so that the list of uids stays small. Kubernetes: MaxUncountedPods. */
const maxUncounted = 500;

/** What was found: the status has its uids and indexes, the pods may lose their finalizer. */
export interface Count {
  readonly status: StatusDraft;
  readonly release: readonly Pod[];
  /** Uids of pods that are still tracked. */
  readonly tracked: Set<string>;
  readonly changed: boolean;
  /** There may be more: the Job is not finished yet. */
  readonly full: boolean;
}

/** Step 1, and what is left of step 3 of an earlier reconcile. Pure. `end` is why the Job comes to its end, if it does. */
export function countPods(view: JobView, before: StatusDraft, end: V1JobCondition | undefined): Count {
  const { job, untracked, indexes } = view;
  const tracked = new Set(
    view.pods.filter((pod) => isTracked(pod) && !untracked.has(pod.metadata.uid)).map((pod) => pod.metadata.uid),
  );
  const settled = settle(before, tracked);
  let { changed } = settled;
  const uncounted = settled.status.uncountedTerminatedPods ?? {};
  const [succeeded, failed] = [[...(uncounted.succeeded ?? [])], [...(uncounted.failed ?? [])]];
  const newIndexes: number[] = [];
  const release: Pod[] = [];
  let full = false;
  const note = (list: string[], uid: string): void => {
    list.push(uid);
    changed = true;
  };
  for (const pod of isIndexed(job) ? view.pods.toSorted(byIndex) : view.pods) {
    const { uid } = pod.metadata;
    if (!tracked.has(uid)) continue;
    const isFailed = hasFailed(pod, job);
    if (!mayRelease(view, pod, isFailed, end)) continue;
    release.push(pod);
    if (pod.status?.phase === 'Succeeded' && !failed.includes(uid)) {
      if (!indexes) {
        if (!succeeded.includes(uid)) note(succeeded, uid);
      } else if (isCountable(pod, job) && !hasIndex(indexes.counted, indexOf(pod)!)) {
        newIndexes.push(indexOf(pod)!);
        changed = true;
      }
    } else if (isFailed || (end && end.type !== 'SuccessCriteriaMet')) {
      const counts = matchFailurePolicy(job.spec!.podFailurePolicy, pod).counts;
      if (!failed.includes(uid) && isCountable(pod, job) && counts) note(failed, uid);
    }
    if (newIndexes.length + succeeded.length + failed.length >= maxUncounted) {
      full = true;
      break;
    }
  }
  const status: StatusDraft = { ...settled.status, uncountedTerminatedPods: lists(succeeded, failed) };
  if (indexes) changed = writeIndexes(view, status, newIndexes) || changed;
  return { status, release, tracked, changed, full };
}

const byIndex = (a: Pod, b: Pod): number => (indexOf(a) ?? -1) - (indexOf(b) ?? -1);

const lists = (succeeded: string[], failed: string[]): { succeeded?: string[]; failed?: string[] } => ({
  ...(succeeded.length > 0 && { succeeded }),
  ...(failed.length > 0 && { failed }),
});

/** Completed and failed indexes of an Indexed Job; true when they differ from what the status had. */
function writeIndexes(
  { indexes, failedIndexes }: JobView,
  status: StatusDraft,
  newIndexes: readonly number[],
): boolean {
  const succeeded = withIndexes(indexes!.succeeded, newIndexes);
  const completed = formatIndexes(succeeded) || undefined;
  const failed = failedIndexes && formatIndexes(failedIndexes);
  const changed = completed !== status.completedIndexes || failed !== status.failedIndexes;
  const total = succeeded.reduce((sum, [first, last]) => sum + last - first + 1, 0);
  status.succeeded = total || undefined;
  status.completedIndexes = completed;
  status.failedIndexes = failed;
  return changed;
}

/**
 * The pod may lose its finalizer: it has ended, or the whole Job has. A failed pod whose index is tried again stays until
 * the next pod of the index carries its number of failures on. Kubernetes: canRemoveFinalizer.
 */
function mayRelease(view: JobView, pod: Pod, isFailed: boolean, end: V1JobCondition | undefined): boolean {
  if (view.job.metadata.deletionTimestamp || end || pod.status?.phase === 'Succeeded') return true;
  if (!isFailed) return false;
  const index = indexOf(pod);
  return index === undefined || view.lastFailed.get(index) !== pod;
}

/** Step 3: uids whose pods are no longer tracked leave the lists, and the counters go up. Pure. */
export function settle(before: StatusDraft, tracked: ReadonlySet<string>): { status: StatusDraft; changed: boolean } {
  const { succeeded = [], failed = [] } = before.uncountedTerminatedPods ?? {};
  const [leftSucceeded, leftFailed] = [succeeded, failed].map((uids) => uids.filter((uid) => tracked.has(uid)));
  const [done, broken] = [succeeded.length - leftSucceeded!.length, failed.length - leftFailed!.length];
  if (done + broken === 0) return { status: before, changed: false };
  const status: StatusDraft = { ...before, uncountedTerminatedPods: lists(leftSucceeded!, leftFailed!) };
  if (done > 0) status.succeeded = (before.succeeded ?? 0) + done;
  if (broken > 0) status.failed = (before.failed ?? 0) + broken;
  return { status, changed: true };
}
