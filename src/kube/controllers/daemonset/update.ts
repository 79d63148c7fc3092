import type { DaemonSet, Node, Pod } from '../../apis/index.ts';
import type { Why } from '../../deeds.ts';
import { isAvailable } from '../pods.ts';
import { shouldRun } from './nodes.ts';
import { isUpdated, updateBounds, type DaemonPlan, type PodsByNode } from './plan.ts';

/** The old and the new pod of a node, at most one of each; undefined when there are more and others must go first. */
function oldAndNew(here: readonly Pod[], hash: string): { old?: Pod; fresh?: Pod } | undefined {
  const found: { old?: Pod; fresh?: Pod } = {};
  for (const pod of here) {
    if (pod.metadata.deletionTimestamp) continue;
    const which = isUpdated(pod, hash) ? 'fresh' : 'old';
    if (found[which]) return undefined;
    found[which] = pod;
  }
  return found;
}

/**
 * One step of a rolling update. `pods` may leave out nodes without pods: those that should have one count as unavailable.
 * Kubernetes: pkg/controller/daemon/update.go rollingUpdate.
 */
export function planUpdate(
  ds: DaemonSet,
  nodes: readonly Node[],
  pods: PodsByNode,
  hash: string,
  now: number,
): Pick<DaemonPlan, 'create' | 'remove'> {
  const all = new Map(pods);
  let desired = 0;
  for (const node of nodes) {
    if (!shouldRun(node, ds).run) continue;
    desired++;
    if (!all.has(node.metadata.name)) all.set(node.metadata.name, []);
  }
  const bounds = updateBounds(ds, desired);
  return bounds.surge === 0
    ? replaceOld(ds, all, hash, now, bounds.unavailable)
    : surge(ds, nodes, all, hash, now, desired, bounds.surge);
}

/**
 * Removes old pods, as many as may be missing; the round after creates the new ones. Old pods that are not available are
 * removed in any case. 3 nodes, maxUnavailable 1, one new pod not yet available: nothing more goes.
 */
function replaceOld(
  ds: DaemonSet,
  pods: PodsByNode,
  hash: string,
  now: number,
  maxUnavailable: number,
): Pick<DaemonPlan, 'create' | 'remove'> {
  const minReady = ds.spec!.minReadySeconds ?? 0;
  const why: Why = { code: 'daemonset.update-pod', params: { unavailable: maxUnavailable } };
  const broken: Pod[] = [];
  const candidates: Pod[] = [];
  let unavailable = 0;
  for (const here of pods.values()) {
    const found = oldAndNew(here, hash);
    if (!found || Boolean(found.old) === Boolean(found.fresh)) unavailable++;
    else if (found.fresh) unavailable += isAvailable(found.fresh, minReady, now) ? 0 : 1;
    else if (!isAvailable(found.old!, minReady, now)) {
      broken.push(found.old!);
      unavailable++;
    } else candidates.push(found.old!);
  }
  const more = Math.max(0, maxUnavailable - unavailable);
  return { create: [], remove: [...broken, ...candidates.slice(0, more)].map((pod) => ({ pod, why })) };
}

/** Creates new pods beside old ones, at most `maxSurge` at a time, and removes the old of those that are available. */
function surge(
  ds: DaemonSet,
  nodes: readonly Node[],
  pods: PodsByNode,
  hash: string,
  now: number,
  desired: number,
  maxSurge: number,
): Pick<DaemonPlan, 'create' | 'remove'> {
  const minReady = ds.spec!.minReadySeconds ?? 0;
  const byName = new Map(nodes.map((node) => [node.metadata.name, node]));
  const plan: Pick<DaemonPlan, 'create' | 'remove'> = { create: [], remove: [] };
  const leaving: { pod: Pod; node: string }[] = [];
  const candidates: string[] = [];
  const create = (node: string): void =>
    void plan.create.push({ node, why: { code: 'daemonset.surge-pod', params: { node, surge: maxSurge } } });
  let surging = 0;
  let available = 0;
  for (const [name, here] of pods) {
    const found = oldAndNew(here, hash);
    if (!found) {
      surging++;
      continue;
    }
    const { old, fresh } = found;
    const counted = old ?? fresh;
    if (counted && isAvailable(counted, minReady, now)) available++;
    if (!old) continue;
    if (fresh) {
      if (!isAvailable(fresh, minReady, now)) surging++;
      else plan.remove.push({ pod: old, why: { code: 'daemonset.delete-replaced', params: { node: name } } });
      continue;
    }
    const node = byName.get(name);
    if (!node) continue;
    const unwanted: Why = { code: 'daemonset.delete-unwanted', params: { node: name } };
    const wanted = shouldRun(node, ds).run;
    if (!isAvailable(old, minReady, now)) {
      if (wanted) create(name);
      else plan.remove.push({ pod: old, why: unwanted });
    } else if (!wanted) leaving.push({ pod: old, node: name });
    else candidates.push(name);
  }
  // Daemons of nodes that no longer count go only when enough others are available.
  for (const { pod, node } of leaving.slice(0, Math.max(0, available - desired)))
    plan.remove.push({ pod, why: { code: 'daemonset.delete-unwanted', params: { node } } });
  for (const name of candidates.slice(0, Math.max(0, maxSurge - surging))) create(name);
  return plan;
}
