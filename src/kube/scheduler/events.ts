import type { Node, Pod } from '../apis/index.ts';
import { requestOf } from './resources.ts';

/**
 * What can happen in a cluster, seen from a pod that waits. `Pod/…` is about pods that have a node, `Target/…` about
 * the waiting pod itself. Kubernetes: staging/src/k8s.io/kube-scheduler/framework/types.go ClusterEvent.
 */
export type ClusterEvent =
  | 'Node/Add'
  | 'Node/Delete'
  | 'Node/UpdateLabel'
  | 'Node/UpdateTaint'
  | 'Node/UpdateAllocatable'
  | 'Node/UpdateCondition'
  | 'Pod/Add'
  | 'Pod/UpdateLabel'
  | 'Pod/ScaleDown'
  | 'Pod/Delete'
  | 'Target/UpdateLabel'
  | 'Target/UpdateToleration'
  | 'Target/ScaleDown'
  /** A claim, a volume or a storage class has come or changed. */
  | 'Storage/Change';

/** The objects of an event: a node for `Node/…`, a pod otherwise. */
export interface Happening {
  readonly event: ClusterEvent;
  readonly old: Node | Pod | undefined;
  readonly next: Node | Pod | undefined;
}

/** A kind of event that may help a pod, as a plugin declares it. */
export interface Wake {
  readonly on: readonly ClusterEvent[];
  /** True when it is worth another try; without it, it always is. Kubernetes: QueueingHintFn. */
  helps?(pod: Pod, old: Node | Pod | undefined, next: Node | Pod | undefined): boolean;
}

/** A hint about nodes: `fits` now, and did not before (or the node is new). */
export const nodeStartsToFit =
  (fits: (pod: Pod, node: Node) => boolean) =>
  (pod: Pod, old: Node | Pod | undefined, next: Node | Pod | undefined): boolean =>
    next !== undefined && fits(pod, next as Node) && !(old && fits(pod, old as Node));

const equal = (a: unknown, b: unknown): boolean => a === b || JSON.stringify(a) === JSON.stringify(b);

/** What a change of a node object amounts to. Kubernetes: framework/events.go NodeSchedulingPropertiesChange. */
export function nodeEvents(old: Node, next: Node): ClusterEvent[] {
  const events: ClusterEvent[] = [];
  if (old.spec !== next.spec) {
    if (!!old.spec?.unschedulable !== !!next.spec?.unschedulable || !equal(old.spec?.taints, next.spec?.taints))
      events.push('Node/UpdateTaint');
  }
  if (!equal(old.status?.allocatable, next.status?.allocatable)) events.push('Node/UpdateAllocatable');
  if (!equal(old.metadata.labels, next.metadata.labels)) events.push('Node/UpdateLabel');
  if (old.status?.conditions !== next.status?.conditions) {
    const states = (node: Node): string => (node.status?.conditions ?? []).map((c) => `${c.type}=${c.status}`).join();
    if (states(old) !== states(next)) events.push('Node/UpdateCondition');
  }
  return events;
}

/** What a change of a pod amounts to, for others (`Pod`) or for itself (`Target`). */
export function podEvents(old: Pod, next: Pod, whose: 'Pod' | 'Target'): ClusterEvent[] {
  const events: ClusterEvent[] = [];
  if (!equal(old.metadata.labels, next.metadata.labels)) events.push(`${whose}/UpdateLabel`);
  if (whose === 'Target' && !equal(old.spec?.tolerations, next.spec?.tolerations))
    events.push('Target/UpdateToleration');
  if (old.spec!.containers !== next.spec!.containers) {
    const [before, after] = [requestOf(old.spec!), requestOf(next.spec!)];
    if (after.cpuMilli < before.cpuMilli || after.memoryBytes < before.memoryBytes) events.push(`${whose}/ScaleDown`);
  }
  return events;
}
