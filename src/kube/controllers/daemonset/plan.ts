import { scaledValue } from '../../apimachinery/index.ts';
import type { DaemonSet, Node, Pod } from '../../apis/index.ts';
import type { Why } from '../../deeds.ts';
import { revisionLabel } from '../history.ts';
import { isAvailable, podFacts } from '../pods.ts';
import { shouldRun } from './nodes.ts';

/** What one round does about a DaemonSet's pods. */
export interface DaemonPlan {
  /** Nodes that get a pod. */
  readonly create: { readonly node: string; readonly why: Why }[];
  readonly remove: { readonly pod: Pod; readonly why: Why }[];
  /** Ended pods among `remove`, told as events. */
  readonly ended: { readonly pod: Pod; readonly node: string }[];
  /** Milliseconds until a failed pod may be replaced; undefined when none waits. */
  readonly afterMs: number | undefined;
}

/** The pods of a DaemonSet by node, each list oldest first. */
export type PodsByNode = ReadonlyMap<string, readonly Pod[]>;

/** Scheduled pods first, then the oldest. Kubernetes: podByCreationTimestampAndPhase. */
export function compareDaemons(a: Pod, b: Pod): number {
  const [onA, onB] = [Boolean(a.spec?.nodeName), Boolean(b.spec?.nodeName)];
  if (onA !== onB) return onA ? -1 : 1;
  const [madeA, madeB] = [a.metadata.creationTimestamp ?? '', b.metadata.creationTimestamp ?? ''];
  if (madeA !== madeB) return madeA < madeB ? -1 : 1;
  return a.metadata.name < b.metadata.name ? -1 : 1;
}

/** Whether a pod is of the present template. Kubernetes: pkg/controller/daemon/util IsPodUpdated. */
export const isUpdated = (pod: Pod, hash: string): boolean => pod.metadata.labels?.[revisionLabel] === hash;

/**
 * How many pods may be surplus and how many missing during an update, of `desired` nodes; both rounded up. When both come to 0
 * one may be missing, or the update could never move. Kubernetes: updatedDesiredNodeCounts.
 */
export function updateBounds(ds: DaemonSet, desired: number): { readonly surge: number; readonly unavailable: number } {
  const { type, rollingUpdate } = ds.spec!.updateStrategy ?? {};
  if (type !== 'RollingUpdate') return { surge: 0, unavailable: 0 };
  const surge = scaledValue(rollingUpdate?.maxSurge, desired, 'up');
  const unavailable = scaledValue(rollingUpdate?.maxUnavailable, desired, 'up');
  return { surge, unavailable: desired > 0 && surge === 0 && unavailable === 0 ? 1 : unavailable };
}

/**
 * Keeps one pod on each node that fits: creates missing ones, removes those of unfit nodes, surplus ones and ended ones.
 * `backoffMs` says how long a node's failed pod still has to wait; 0: it may go now.
 * Kubernetes: pkg/controller/daemon podsShouldBeOnNode, manage.
 */
export function planDaemons(
  ds: DaemonSet,
  nodes: readonly Node[],
  pods: PodsByNode,
  hash: string,
  now: number,
  backoffMs: (node: string) => number,
): DaemonPlan {
  const plan = { create: [], remove: [], ended: [] } as Pick<DaemonPlan, 'create' | 'remove' | 'ended'>;
  let afterMs: number | undefined;
  for (const node of nodes) {
    const name = node.metadata.name;
    const here = pods.get(name);
    const { run, stay } = shouldRun(node, ds);
    if (run && !here) plan.create.push(creation(name));
    else if (stay) {
      const wait = planNode(ds, name, here ?? [], run, hash, now, backoffMs(name), plan);
      if (wait !== undefined && (afterMs === undefined || wait < afterMs)) afterMs = wait;
    } else
      for (const pod of here ?? [])
        if (!pod.metadata.deletionTimestamp)
          plan.remove.push({ pod, why: { code: 'daemonset.delete-unwanted', params: { node: name } } });
  }
  removeStranded(nodes, pods, plan);
  return { ...plan, afterMs };
}

const creation = (node: string): { node: string; why: Why } => ({
  node,
  why: { code: 'daemonset.create-pod', params: { node } },
});

/** One node whose daemons may stay. Returns how long a failed one has to wait, if one does. */
function planNode(
  ds: DaemonSet,
  node: string,
  here: readonly Pod[],
  run: boolean,
  hash: string,
  now: number,
  backoffMs: number,
  plan: Pick<DaemonPlan, 'create' | 'remove' | 'ended'>,
): number | undefined {
  const running: Pod[] = [];
  let wait: number | undefined;
  let left = backoffMs;
  const remove = (pod: Pod, code: 'extra' | 'failed' | 'replaced', params: Why['params']): void =>
    void plan.remove.push({ pod, why: { code: `daemonset.delete-${code}`, params } });
  for (const pod of here) {
    if (pod.metadata.deletionTimestamp) continue;
    const phase = pod.status?.phase;
    if (phase === 'Failed' && left > 0) wait = left;
    else if (phase === 'Failed' || phase === 'Succeeded') {
      // The next failed pod of this node waits for the doubled back-off.
      if (phase === 'Failed') left = Infinity;
      plan.ended.push({ pod, node });
      remove(pod, 'failed', { node, phase });
    } else running.push(pod);
  }
  if (updateBounds(ds, 1).surge === 0) {
    for (const pod of running.slice(1)) remove(pod, 'extra', { node });
    return wait === Infinity ? undefined : wait;
  }
  // Simplified: while a failed pod waits for its back-off, Kubernetes makes another one beside it, again and again.
  if (running.length === 0 && run && wait === undefined) plan.create.push(creation(node));
  if (running.length > 1) {
    const fresh = running.find((pod) => isUpdated(pod, hash));
    const old = running.find((pod) => !isUpdated(pod, hash));
    for (const pod of running) if (pod !== fresh && pod !== old) remove(pod, 'extra', { node });
    if (fresh && old && (!podFacts(old).ready || isAvailable(fresh, ds.spec!.minReadySeconds ?? 0, now)))
      remove(old, 'replaced', { node });
  }
  return wait === Infinity ? undefined : wait;
}

/** Pods that wait for a node that is gone: nobody else would remove them. Kubernetes: getUnscheduledPodsWithoutNode. */
function removeStranded(nodes: readonly Node[], pods: PodsByNode, plan: Pick<DaemonPlan, 'remove'>): void {
  const known = new Set(nodes.map((node) => node.metadata.name));
  for (const [node, list] of pods) {
    if (known.has(node)) continue;
    for (const pod of list)
      if (!pod.spec?.nodeName) plan.remove.push({ pod, why: { code: 'daemonset.delete-unwanted', params: { node } } });
  }
}
