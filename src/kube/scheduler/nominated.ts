import { keyOf } from '../apimachinery/index.ts';
import type { Pod } from '../apis/index.ts';
import type { PodChange } from './framework.ts';

/**
 * Pods that have made room on a node by preemption and wait until it is free: node name → pod key → pod. Others of lower
 * priority may not take that room. Plain data. Kubernetes: pkg/scheduler/backend/queue/nominator.go.
 */
export type Nominated = Map<string, Map<string, Pod>>;

/** Notes that a pod is nominated on a node, and nowhere else; without a node it is no longer nominated. */
export function nominate(nominated: Nominated, pod: Pod, node: string | undefined): void {
  const key = keyOf(pod);
  for (const [name, pods] of nominated)
    if (name !== node && pods.delete(key) && pods.size === 0) nominated.delete(name);
  if (!node) return;
  let pods = nominated.get(node);
  if (!pods) nominated.set(node, (pods = new Map()));
  pods.set(key, pod);
}

/** Pods nominated on a node that count for a pod that is tried there: others, of at least its priority. */
export function rivals(nominated: Nominated, node: string, pod: Pod): readonly PodChange[] {
  const changes: PodChange[] = [];
  for (const other of nominated.get(node)?.values() ?? []) {
    if (other.metadata.uid === pod.metadata.uid || priorityOf(other) < priorityOf(pod)) continue;
    changes.push({ pod: other, by: 1 });
  }
  return changes;
}

/** A pod's priority. */
export const priorityOf = (pod: Pod): number => pod.spec?.priority ?? 0;
