import type { V1NodeCondition, V1Taint } from '../../generated/types.ts';
import { timestamp } from '../apimachinery/index.ts';
import type { Node } from '../apis/index.ts';
import { notReadyTaint, unreachableTaint, unschedulableTaint } from './taints.ts';

/** A condition of a node, if it has it. */
export const nodeCondition = (node: Node, type: string): V1NodeCondition | undefined =>
  node.status?.conditions?.find((condition) => condition.type === type);

/** Status of Ready; `Unknown` when the kubelet never said anything. */
export const readiness = (node: Node): string => nodeCondition(node, 'Ready')?.status ?? 'Unknown';

/** Condition → its status → the taint that keeps new pods away. */
const conditionTaints: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Ready: { False: notReadyTaint, Unknown: unreachableTaint },
  MemoryPressure: { True: 'node.kubernetes.io/memory-pressure' },
  DiskPressure: { True: 'node.kubernetes.io/disk-pressure' },
  NetworkUnavailable: { True: 'node.kubernetes.io/network-unavailable' },
  PIDPressure: { True: 'node.kubernetes.io/pid-pressure' },
};

const managedKeys = new Set([...Object.values(conditionTaints).flatMap((m) => Object.values(m)), unschedulableTaint]);

/**
 * Which NoSchedule taints a node lacks and which it has too many, by its conditions and `spec.unschedulable`.
 * Kubernetes: doNoScheduleTaintingPass.
 */
export function noScheduleTaints(node: Node): { add: V1Taint[]; remove: V1Taint[] } {
  const wanted = new Set<string>();
  for (const { type, status } of node.status?.conditions ?? []) {
    const key = conditionTaints[type]?.[status];
    if (key) wanted.add(key);
  }
  if (node.spec?.unschedulable) wanted.add(unschedulableTaint);
  const present = (node.spec?.taints ?? []).filter((t) => t.effect === 'NoSchedule' && managedKeys.has(t.key));
  return {
    add: [...wanted].filter((key) => !present.some((t) => t.key === key)).map((key) => ({ key, effect: 'NoSchedule' })),
    remove: present.filter((taint) => !wanted.has(taint.key)),
  };
}

/**
 * The conditions of a node that has fallen silent: what the kubelet said becomes Unknown, what it never said is added.
 * Kubernetes: tryUpdateNodeHealth.
 */
export function silentConditions(node: Node, now: number): V1NodeCondition[] {
  const conditions = [...(node.status?.conditions ?? [])];
  for (const type of ['Ready', 'MemoryPressure', 'DiskPressure', 'PIDPressure']) {
    const at = conditions.findIndex((condition) => condition.type === type);
    const known = conditions[at];
    if (!known)
      conditions.push({
        type,
        status: 'Unknown',
        lastHeartbeatTime: node.metadata.creationTimestamp,
        lastTransitionTime: timestamp(now),
        reason: 'NodeStatusNeverUpdated',
        message: 'Kubelet never posted node status.',
      });
    else if (known.status !== 'Unknown')
      conditions[at] = {
        ...known,
        status: 'Unknown',
        lastTransitionTime: timestamp(now),
        reason: 'NodeStatusUnknown',
        message: 'Kubelet stopped posting node status.',
      };
  }
  return conditions;
}

/** How a zone stands: whether its silence is the nodes' fault or rather the network's. */
export type ZoneState = 'normal' | 'partial' | 'full';

/** Kubernetes: ComputeZoneState. Partial from 55 % on, when more than two are not ready. */
export function zoneState(ready: number, notReady: number): ZoneState {
  if (ready === 0 && notReady > 0) return 'full';
  return notReady > 2 && notReady / (notReady + ready) >= 0.55 ? 'partial' : 'normal';
}

/**
 * Nodes per second that may be tainted NoExecute in a zone: 0.1; in a partly disrupted zone 0.01, and none in a small one.
 * Kubernetes: setLimiterInZone, --node-eviction-rate, --secondary-node-eviction-rate, --large-cluster-size-threshold.
 */
export function evictionRate(state: ZoneState, size: number): number {
  if (state !== 'partial') return 0.1;
  return size > 50 ? 0.01 : 0;
}

/** Region and zone of a node. */
export function zoneOf(node: Node): string {
  const labels = node.metadata.labels ?? {};
  return `${labels['topology.kubernetes.io/region'] ?? ''}/${labels['topology.kubernetes.io/zone'] ?? ''}`;
}
