import { isFinished } from '../../apis/batch/job.ts';
import type { Job, Pod } from '../../apis/index.ts';
import { podFacts } from '../pods.ts';
import { nextBackoff, type Backoff } from './backoff.ts';
import { failuresBefore, hasIndex, indexOf, parseIndexes, totalOf, withIndexes, type Intervals } from './indexes.ts';
import { hasFailed, matchFailurePolicy } from './policies.ts';

/** Holds a pod until its Job has counted it. */
export const trackingFinalizer = 'batch.kubernetes.io/job-tracking';

/** Whether the pod is still to be counted. */
export const isTracked = (pod: Pod): boolean => pod.metadata.finalizers?.includes(trackingFinalizer) === true;

export const isIndexed = ({ spec }: Job): boolean => spec?.completionMode === 'Indexed';

export const isSuspended = ({ spec }: Job): boolean => spec?.suspend === true;

/** A Job that somebody else takes care of. */
export const isForeign = ({ spec }: Job): boolean =>
  spec?.managedBy !== undefined && spec.managedBy !== 'kubernetes.io/job-controller';

/** Whether the controller has nothing to do with a Job any more. */
export const isSettled = (job: Job): boolean => isForeign(job) || isFinished(job);

/** A Job and its pods as one reconcile sees them. Kubernetes: pkg/controller/job/job_controller.go syncJobCtx. */
export interface JobView {
  readonly job: Job;
  readonly pods: readonly Pod[];
  readonly active: readonly Pod[];
  readonly ready: number;
  readonly terminating: number;
  /** With those that ended since the last count. */
  readonly succeeded: number;
  readonly failed: number;
  /** Uids whose finalizer has been taken away already, though the cache does not show it. */
  readonly untracked: ReadonlySet<string>;
  /** As it will be when the pods that ended since are counted. */
  readonly backoff: Backoff | undefined;
  /** Of an Indexed Job: indexes that the status names, and with those that succeeded since. */
  readonly indexes?: { readonly counted: Intervals; readonly succeeded: Intervals };
  /** With a limit per index: indexes that failed for good. */
  readonly failedIndexes?: Intervals;
  /** Index → its last failed pod, kept until a new one carries its number of failures on. */
  readonly lastFailed: ReadonlyMap<number, Pod>;
}

/** Looks at a Job's pods. Pure. */
export function viewOf(
  job: Job,
  pods: readonly Pod[],
  untracked: ReadonlySet<string>,
  oldBackoff: Backoff | undefined,
): JobView {
  const uncounted = job.status?.uncountedTerminatedPods ?? {};
  const waiting = { succeeded: uncounted.succeeded ?? [], failed: uncounted.failed ?? [] };
  const isNew = (pod: Pod, known: readonly string[]): boolean =>
    isTracked(pod) && !untracked.has(pod.metadata.uid) && !known.includes(pod.metadata.uid) && isCountable(pod, job);
  const newSucceeded = pods.filter((pod) => pod.status?.phase === 'Succeeded' && isNew(pod, waiting.succeeded));
  const newFailed = pods.filter((pod) => hasFailed(pod, job) && isNew(pod, waiting.failed));
  const counts = newFailed.filter((pod) => matchFailurePolicy(job.spec!.podFailurePolicy, pod).counts);
  const active = pods.filter((pod) => podFacts(pod).active);
  const view = {
    job,
    pods,
    active,
    ready: active.filter((pod) => podFacts(pod).ready).length,
    terminating: pods.filter((pod) => podFacts(pod).terminating).length,
    succeeded: (job.status?.succeeded ?? 0) + newSucceeded.length + waiting.succeeded.length,
    failed: (job.status?.failed ?? 0) + counts.length + waiting.failed.length,
    untracked,
    backoff: nextBackoff(oldBackoff, newSucceeded, newFailed),
    lastFailed: new Map<number, Pod>(),
  };
  return isIndexed(job) ? withIndexed(view) : view;
}

/** Of an Indexed Job only pods with a valid index count. */
export const isCountable = (pod: Pod, job: Job): boolean =>
  !isIndexed(job) || (indexOf(pod) ?? Number.POSITIVE_INFINITY) < job.spec!.completions!;

/** Indexes of the pods that `matches` holds for. */
const indexesOf = (pods: readonly Pod[], job: Job, matches: (pod: Pod) => boolean): number[] =>
  pods.filter((pod) => isTracked(pod) && isCountable(pod, job) && matches(pod)).map((pod) => indexOf(pod)!);

function withIndexed(view: JobView): JobView {
  const { job, pods } = view;
  const completions = job.spec!.completions!;
  const counted = parseIndexes(job.status?.completedIndexes ?? '', completions);
  const succeeded = withIndexes(
    counted,
    indexesOf(pods, job, (pod) => pod.status?.phase === 'Succeeded'),
  );
  const indexed = { ...view, indexes: { counted, succeeded }, succeeded: totalOf(succeeded) };
  if (job.spec!.backoffLimitPerIndex === undefined) return indexed;
  const failed = withIndexes(
    parseIndexes(job.status?.failedIndexes ?? '', completions),
    indexesOf(pods, job, (pod) => failsIndex(pod, job)),
  );
  return { ...indexed, failedIndexes: failed, lastFailed: lastFailedOf(indexed, succeeded, failed) };
}

/** Whether with this pod its index has used up its attempts. Kubernetes: isIndexFailed. */
function failsIndex(pod: Pod, job: Job): boolean {
  if (!hasFailed(pod, job)) return false;
  const { counts, action } = matchFailurePolicy(job.spec!.podFailurePolicy, pod);
  return action === 'FailIndex' || (counts && failuresBefore(pod).counted >= job.spec!.backoffLimitPerIndex!);
}

/** Kubernetes: getPodsWithDelayedDeletionPerIndex. */
function lastFailedOf(
  { job, pods, active, untracked }: JobView,
  succeeded: Intervals,
  failed: Intervals,
): Map<number, Pod> {
  const running = new Set(active.map(indexOf));
  const last = new Map<number, Pod>();
  const failures = (pod: Pod): number => failuresBefore(pod).counted + failuresBefore(pod).ignored;
  for (const pod of pods) {
    if (!isTracked(pod) || untracked.has(pod.metadata.uid) || !isCountable(pod, job) || !hasFailed(pod, job)) continue;
    const index = indexOf(pod)!;
    if (hasIndex(succeeded, index) || hasIndex(failed, index) || running.has(index)) continue;
    const known = last.get(index);
    if (!known || failures(pod) >= failures(known)) last.set(index, pod);
  }
  return last;
}
