import type { V1DeploymentCondition, V1DeploymentStatus } from '../../../generated/types.ts';
import { timestamp } from '../../apimachinery/index.ts';

/** Conditions of a Deployment. */
export type ConditionType = 'Available' | 'Progressing' | 'ReplicaFailure';

/** A new condition, changed now. */
export const condition = (
  type: ConditionType,
  status: 'True' | 'False' | 'Unknown',
  reason: string,
  message: string,
  now: number,
): V1DeploymentCondition => ({
  type,
  status,
  lastUpdateTime: timestamp(now),
  lastTransitionTime: timestamp(now),
  reason,
  message,
});

/** The condition of a type, if there is one. */
export const conditionOf = (
  status: V1DeploymentStatus | undefined,
  type: ConditionType,
): V1DeploymentCondition | undefined => status?.conditions?.find((c) => c.type === type);

/** Takes a condition away. */
export function withoutCondition(status: V1DeploymentStatus, type: ConditionType): V1DeploymentStatus {
  if (!conditionOf(status, type)) return status;
  return { ...status, conditions: status.conditions!.filter((c) => c.type !== type) };
}

/**
 * Sets a condition, behind the others. One with the same status and reason stays as it is, times and message included;
 * with the same status it keeps the time of its last transition. Kubernetes: SetDeploymentCondition.
 */
export function withCondition(status: V1DeploymentStatus, next: V1DeploymentCondition): V1DeploymentStatus {
  const old = conditionOf(status, next.type as ConditionType);
  if (old && old.status === next.status && old.reason === next.reason) return status;
  const kept = old?.status === next.status ? { ...next, lastTransitionTime: old.lastTransitionTime } : next;
  return { ...status, conditions: [...(status.conditions ?? []).filter((c) => c.type !== next.type), kept] };
}
