import type { V1DeploymentStatus } from '../../../generated/types.ts';
import { millisOf } from '../../apimachinery/index.ts';
import type { Deployment, ReplicaSet } from '../../apis/index.ts';
import { maxUnavailable, totalStatus, totalWanted, wanted } from './arithmetic.ts';
import { condition, conditionOf, withCondition, withoutCondition } from './conditions.ts';

const maxInt32 = 2_147_483_647;

/** Whether somebody wants to hear when a rollout stands still. */
export const hasDeadline = (d: Deployment): boolean =>
  d.spec?.progressDeadlineSeconds !== undefined && d.spec.progressDeadlineSeconds !== maxInt32;

/** The counts of all ReplicaSets and the condition Available. Kubernetes: pkg/controller/deployment/sync.go calculateStatus. */
export function countedStatus(
  d: Deployment,
  all: readonly ReplicaSet[],
  newRs: ReplicaSet | undefined,
  now: number,
): V1DeploymentStatus {
  const available = totalStatus(all, 'availableReplicas');
  const unavailable = Math.max(0, totalWanted(all) - available);
  const replicas = totalStatus(all, 'replicas');
  const updated = newRs?.status?.replicas ?? 0;
  const ready = totalStatus(all, 'readyReplicas');
  const terminating = terminatingReplicas(all);
  const status: V1DeploymentStatus = {
    observedGeneration: d.metadata.generation,
    ...(replicas > 0 && { replicas }),
    ...(updated > 0 && { updatedReplicas: updated }),
    ...(ready > 0 && { readyReplicas: ready }),
    ...(available > 0 && { availableReplicas: available }),
    ...(unavailable > 0 && { unavailableReplicas: unavailable }),
    ...(terminating !== undefined && { terminatingReplicas: terminating }),
    ...(d.status?.collisionCount !== undefined && { collisionCount: d.status.collisionCount }),
    ...(d.status?.conditions && { conditions: d.status.conditions }),
  };
  return withCondition(
    status,
    available >= wanted(d) - maxUnavailable(d)
      ? condition('Available', 'True', 'MinimumReplicasAvailable', 'Deployment has minimum availability.', now)
      : condition(
          'Available',
          'False',
          'MinimumReplicasUnavailable',
          'Deployment does not have minimum availability.',
          now,
        ),
  );
}

/** Sum of terminating pods; unknown while a ReplicaSet that was seen to does not report them. */
function terminatingReplicas(all: readonly ReplicaSet[]): number | undefined {
  let sum = 0;
  for (const { status } of all) {
    if (status?.terminatingReplicas !== undefined) sum += status.terminatingReplicas;
    else if (status?.observedGeneration) return undefined;
  }
  return sum;
}

/** All pods are new, there are as many as wanted, all available, and this is about the present spec. */
export const isComplete = (d: Deployment, status: V1DeploymentStatus | undefined): boolean =>
  (status?.updatedReplicas ?? 0) === wanted(d) &&
  (status?.replicas ?? 0) === wanted(d) &&
  (status?.availableReplicas ?? 0) === wanted(d) &&
  (status?.observedGeneration ?? 0) >= (d.metadata.generation ?? 0);

/** More updated, ready or available pods, or fewer old ones, than the last status said. */
function progressed(old: V1DeploymentStatus | undefined, next: V1DeploymentStatus): boolean {
  const more = (field: 'updatedReplicas' | 'readyReplicas' | 'availableReplicas'): boolean =>
    (next[field] ?? 0) > (old?.[field] ?? 0);
  const oldPods = (status: V1DeploymentStatus | undefined): number =>
    (status?.replicas ?? 0) - (status?.updatedReplicas ?? 0);
  return more('updatedReplicas') || oldPods(next) < oldPods(old) || more('readyReplicas') || more('availableReplicas');
}

function timedOut(d: Deployment, status: V1DeploymentStatus, now: number): boolean {
  const current = conditionOf(status, 'Progressing');
  if (!current || current.reason === 'NewReplicaSetAvailable') return false;
  if (current.reason === 'ProgressDeadlineExceeded') return true;
  return millisOf(current.lastUpdateTime!) + d.spec!.progressDeadlineSeconds! * 1000 < now;
}

/**
 * The status during a rollout: counts, and whether it is complete, progressing or out of time.
 * Kubernetes: pkg/controller/deployment/progress.go syncRolloutStatus.
 */
export function rolloutStatus(
  d: Deployment,
  all: readonly ReplicaSet[],
  newRs: ReplicaSet | undefined,
  now: number,
): V1DeploymentStatus {
  let status = countedStatus(d, all, newRs, now);
  if (!hasDeadline(d)) status = withoutCondition(status, 'Progressing');
  const current = conditionOf(d.status, 'Progressing');
  const resting = status.replicas === status.updatedReplicas && current?.reason === 'NewReplicaSetAvailable';
  const subject = newRs ? `ReplicaSet "${newRs.metadata.name}"` : `Deployment "${d.metadata.name}"`;
  if (hasDeadline(d) && !resting) {
    if (isComplete(d, status)) {
      const message = `${subject} has successfully progressed.`;
      status = withCondition(status, condition('Progressing', 'True', 'NewReplicaSetAvailable', message, now));
    } else if (progressed(d.status, status)) {
      const next = condition('Progressing', 'True', 'ReplicaSetUpdated', `${subject} is progressing.`, now);
      const since = current?.status === 'True' ? current.lastTransitionTime : next.lastTransitionTime;
      // Taken away first: progress renews lastUpdateTime even when the reason is the same.
      status = withCondition(withoutCondition(status, 'Progressing'), { ...next, lastTransitionTime: since });
    } else if (timedOut(d, status, now)) {
      const message = `${subject} has timed out progressing.`;
      status = withCondition(status, condition('Progressing', 'False', 'ProgressDeadlineExceeded', message, now));
    }
  }
  const failed = [newRs, ...all].flatMap((rs) => rs?.status?.conditions ?? []).find((c) => c.type === 'ReplicaFailure');
  if (!failed) return withoutCondition(status, 'ReplicaFailure');
  return withCondition(status, {
    type: 'ReplicaFailure',
    status: failed.status,
    lastUpdateTime: failed.lastTransitionTime,
    lastTransitionTime: failed.lastTransitionTime,
    reason: failed.reason,
    message: failed.message,
  });
}

/** Milliseconds until the deadline is to be checked; undefined when nothing is to be waited for. */
export function deadlineCheckMs(d: Deployment, status: V1DeploymentStatus, now: number): number | undefined {
  const current = conditionOf(d.status, 'Progressing');
  if (!hasDeadline(d) || !current) return undefined;
  if (isComplete(d, status) || current.reason === 'ProgressDeadlineExceeded') return undefined;
  // A rollout that has completed cannot time out any more, even when pods are lost later: the real controller
  // looks again every few milliseconds then, to no effect.
  if (current.reason === 'NewReplicaSetAvailable') return undefined;
  const left = millisOf(current.lastUpdateTime!) + d.spec!.progressDeadlineSeconds! * 1000 - now;
  return left < 1000 ? 5 : left + 1000;
}
