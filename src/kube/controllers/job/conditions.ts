import type { V1JobCondition } from '../../../generated/types.ts';
import { millisOf, timestamp } from '../../apimachinery/index.ts';
import type { Job, Pod } from '../../apis/index.ts';
import { totalOf } from './indexes.ts';
import { hasFailed, matchFailurePolicy, matchSuccessPolicy } from './policies.ts';
import { isSuspended, type JobView } from './view.ts';

/** A condition that came about now. */
export const condition = (
  type: string,
  status: 'True' | 'False',
  reason: string,
  message: string,
  now: number,
): V1JobCondition => ({
  type,
  status,
  lastProbeTime: timestamp(now),
  lastTransitionTime: timestamp(now),
  reason,
  message,
});

/** The condition that holds, of a type. */
export const holding = (conditions: readonly V1JobCondition[] | undefined, type: string): V1JobCondition | undefined =>
  conditions?.find((c) => c.type === type && c.status === 'True');

/** The list with the condition put in or replaced; the same list when it says so already. Kubernetes: ensureJobConditionStatus. */
export function withCondition(list: readonly V1JobCondition[], next: V1JobCondition): readonly V1JobCondition[] {
  const old = list.find((c) => c.type === next.type);
  if (!old) return next.status === 'False' ? list : [...list, next];
  const same = old.status === next.status && old.reason === next.reason && old.message === next.message;
  return same ? list : list.map((c) => (c === old ? next : c));
}

/**
 * Why the Job comes to its end: FailureTarget or SuccessCriteriaMet when that is found out now, Failed or SuccessCriteriaMet
 * when it was found out before and the pods are still ending. Undefined while it goes on.
 */
export function endOfJob(view: JobView, now: number): V1JobCondition | undefined {
  const { job, pods, failed } = view;
  const succeeded = holding(job.status?.conditions, 'SuccessCriteriaMet');
  if (succeeded) return succeeded;
  const target = holding(job.status?.conditions, 'FailureTarget');
  if (target) return condition('Failed', 'True', target.reason ?? '', target.message ?? '', now);
  const fail = (reason: string, message: string): V1JobCondition =>
    condition('FailureTarget', 'True', reason, message, now);
  const message = failJobMessage(job, pods);
  if (message !== undefined) return fail('PodFailurePolicy', message);
  if (failed > job.spec!.backoffLimit! || restartsExceed(job, pods))
    return fail('BackoffLimitExceeded', 'Job has reached the specified backoff limit');
  if ((deadlineMs(job, now) ?? 1) <= 0)
    return fail('DeadlineExceeded', 'Job was active longer than specified deadline');
  return view.indexes && endOfIndexed(view, fail, now);
}

function endOfIndexed(
  { job, indexes, failedIndexes = [] }: JobView,
  fail: (reason: string, message: string) => V1JobCondition,
  now: number,
): V1JobCondition | undefined {
  const { completions = 0, maxFailedIndexes, successPolicy } = job.spec!;
  const [failed, succeeded] = [totalOf(failedIndexes), totalOf(indexes!.succeeded)];
  if (maxFailedIndexes !== undefined && failed > maxFailedIndexes)
    return fail('MaxFailedIndexesExceeded', 'Job has exceeded the specified maximal number of failed indexes');
  if (failed > 0 && failed + succeeded >= completions) return fail('FailedIndexes', 'Job has failed indexes');
  const met = matchSuccessPolicy(successPolicy, completions, indexes!.succeeded);
  return met === undefined ? undefined : condition('SuccessCriteriaMet', 'True', 'SuccessPolicy', met, now);
}

/** Message of the first failed pod that a rule answers with FailJob. */
function failJobMessage(job: Job, pods: readonly Pod[]): string | undefined {
  const policy = job.spec!.podFailurePolicy;
  if (!policy) return undefined;
  for (const pod of pods) {
    const message = hasFailed(pod, job) ? matchFailurePolicy(policy, pod).message : undefined;
    if (message !== undefined) return message;
  }
  return undefined;
}

/** With OnFailure the pods restart their containers themselves: their restarts are the attempts. */
function restartsExceed({ spec }: Job, pods: readonly Pod[]): boolean {
  if (spec!.template.spec?.restartPolicy !== 'OnFailure') return false;
  let restarts = 0;
  for (const { status } of pods) {
    if (status?.phase !== 'Running' && status?.phase !== 'Pending') continue;
    for (const s of status.initContainerStatuses ?? []) restarts += s.restartCount;
    for (const s of status.containerStatuses ?? []) restarts += s.restartCount;
  }
  const limit = spec!.backoffLimit!;
  return limit === 0 ? restarts > 0 : restarts >= limit;
}

/** Milliseconds until the Job's deadline, negative when it has passed; undefined when there is none that runs. */
export function deadlineMs(job: Job, now: number): number | undefined {
  const seconds = job.spec!.activeDeadlineSeconds;
  const start = job.status?.startTime;
  if (seconds === undefined || start === undefined || isSuspended(job)) return undefined;
  return seconds * 1000 - (now - millisOf(start));
}
