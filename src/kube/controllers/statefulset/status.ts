import type { V1StatefulSetStatus } from '../../../generated/types.ts';
import type { ControllerRevision, Pod, StatefulSet } from '../../apis/index.ts';
import { isAvailable, podFacts } from '../pods.ts';
import { revisionOf } from './identity.ts';

const counts = [
  'replicas',
  'readyReplicas',
  'availableReplicas',
  'currentReplicas',
  'updatedReplicas',
  'currentRevision',
  'updateRevision',
] as const;

/**
 * The status that fits the pods; `outdated` of them go in this round. When all pods are of the new revision and ready, it becomes
 * the current one. Kubernetes: computeReplicaStatus, completeRollingUpdate.
 */
export function statefulSetStatus(
  set: StatefulSet,
  pods: readonly Pod[],
  current: ControllerRevision,
  update: ControllerRevision,
  collisionCount: number,
  outdated: number,
  now: number,
): V1StatefulSetStatus {
  const minReady = set.spec?.minReadySeconds ?? 0;
  let [replicas, ready, available, currents, updated] = [0, 0, 0, 0, 0];
  for (const pod of pods) {
    replicas++;
    if (pod.status?.phase === 'Running' && podFacts(pod).ready) {
      ready++;
      if (isAvailable(pod, minReady, now)) available++;
    }
    if (pod.metadata.deletionTimestamp) continue;
    if (revisionOf(pod) === current.metadata.name) currents++;
    if (revisionOf(pod) === update.metadata.name) updated++;
  }
  currents -= outdated;
  let currentRevision = current.metadata.name;
  const wanted = set.spec?.replicas ?? 1;
  const rolling = set.spec?.updateStrategy?.type === 'RollingUpdate';
  if (rolling && updated === wanted && ready === wanted && replicas === wanted) {
    currents = updated;
    currentRevision = update.metadata.name;
  }
  return {
    observedGeneration: set.metadata.generation ?? 0,
    replicas,
    ...(ready > 0 && { readyReplicas: ready }),
    ...(currents !== 0 && { currentReplicas: currents }),
    ...(updated > 0 && { updatedReplicas: updated }),
    currentRevision,
    updateRevision: update.metadata.name,
    collisionCount,
    availableReplicas: available,
  };
}

/** Whether a status has to be written. Kubernetes: inconsistentStatus. */
export const differs = (old: V1StatefulSetStatus | undefined, next: V1StatefulSetStatus): boolean =>
  (next.observedGeneration ?? 0) > (old?.observedGeneration ?? 0) ||
  counts.some((field) => (old?.[field] ?? 0) !== (next[field] ?? 0));
