import { isReason, keyOf, timestamp } from '../apimachinery/index.ts';
import type { Node, Pod } from '../apis/index.ts';
import { cached, cachedAll } from '../client/index.ts';
import { ownMemory, requeue, type Control, type Controller } from './controller.ts';
import { readiness } from './nodehealth.ts';
import { outOfServiceTaint } from './taints.ts';

/** Collection runs every 20 s. Kubernetes: gcCheckPeriod. */
const periodMs = 20_000;
/** A node must be missing for so long. Kubernetes: quarantineTime. */
const quarantineMs = 40_000;
/** Finished pods that are kept. Kubernetes: --terminated-pod-gc-threshold. */
const maxTerminated = 12_500;

/** Keys of pods that have finished. */
type Terminated = Set<string>;

const isFinished = (pod: Pod): boolean => pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';

/** Milliseconds to the next run that is at least `afterMs` away. */
const nextRun = (c: Control, afterMs = 1): number => Math.ceil((c.ctx.now + afterMs) / periodMs) * periodMs - c.ctx.now;

const outOfService = (node: Node | undefined): boolean =>
  node !== undefined &&
  readiness(node) !== 'True' &&
  (node.spec?.taints ?? []).some((t) => t.key === outOfServiceTaint);

/**
 * Deletes pods that nobody else can: those of nodes that no longer exist, terminating ones that were never scheduled or whose
 * node is out of service, and finished ones beyond 12,500. Runs only when one of these can be found.
 * Kubernetes: pkg/controller/podgc/gc_controller.go.
 */
export const podGcController: Controller = {
  name: 'podgc',
  memory: (): Terminated => new Set(),
  watches: [
    {
      resource: 'nodes',
      keys(c, { type, key, object }) {
        if (type === 'DELETED') awaitMissingNode(c, key);
        else if (outOfService(object as unknown as Node)) requeue(c, `out-of-service ${key}`, nextRun(c));
        return [];
      },
    },
    {
      resource: 'pods',
      keys(c, { type, key, object, old }) {
        const pod = object as unknown as Pod;
        const terminated = ownMemory<Terminated>(c);
        if (type === 'DELETED') {
          terminated.delete(key);
          return [];
        }
        if (isFinished(pod)) terminated.add(key);
        if (terminated.size > maxTerminated) requeue(c, 'terminated all', nextRun(c));
        const node = pod.spec?.nodeName;
        if (
          node &&
          (old as unknown as Pod | undefined)?.spec?.nodeName !== node &&
          !cached(c.memory.caches, 'nodes', node)
        )
          awaitMissingNode(c, node);
        if (pod.metadata.deletionTimestamp) {
          if (!node) requeue(c, `unscheduled ${key}`, nextRun(c));
          else if (outOfService(cached(c.memory.caches, 'nodes', node)))
            requeue(c, `out-of-service ${node}`, nextRun(c));
        }
        return [];
      },
    },
  ],
  reconcile(c, item) {
    const space = item.indexOf(' ');
    const key = item.slice(space + 1);
    switch (item.slice(0, space)) {
      case 'orphaned':
        collectOrphans(c, key);
        return;
      case 'unscheduled': {
        const pod = cached(c.memory.caches, 'pods', key);
        if (pod?.metadata.deletionTimestamp && !pod.spec?.nodeName) remove(c, pod, 'unscheduled');
        return;
      }
      case 'out-of-service':
        if (!outOfService(cached(c.memory.caches, 'nodes', key))) return;
        for (const pod of podsOn(c, key)) if (pod.metadata.deletionTimestamp) remove(c, pod, 'out of service');
        return;
      case 'terminated':
        collectTerminated(c);
    }
  },
};

/** A run notices that the node is missing, and one after the quarantine acts on it. */
function awaitMissingNode(c: Control, node: string): void {
  requeue(c, `orphaned ${node}`, nextRun(c) + quarantineMs);
}

function podsOn(c: Control, node: string): Pod[] {
  const keys = [...(c.memory.indexes.podsByNode.get(node) ?? [])];
  return keys.map((key) => cached(c.memory.caches, 'pods', key)).filter((pod) => pod !== undefined);
}

function collectOrphans(c: Control, node: string): void {
  if (cached(c.memory.caches, 'nodes', node)) return;
  const pods = podsOn(c, node);
  if (pods.length === 0) return;
  try {
    c.client.get(c.ctx, 'nodes', node);
    return;
  } catch (error) {
    if (!isReason(error, 'NotFound')) throw error;
  }
  for (const pod of pods) remove(c, pod, 'node gone', 'PodGC: node no longer exists');
}

const evicted = (pod: Pod): boolean => pod.status?.phase === 'Failed' && pod.status.reason === 'Evicted';

function collectTerminated(c: Control): void {
  const pods = [...cachedAll(c.memory.caches, 'pods')].filter(isFinished);
  const surplus = pods.length - maxTerminated;
  if (surplus <= 0) return;
  const made = (pod: Pod): string => pod.metadata.creationTimestamp;
  pods.sort(
    (a, b) =>
      Number(evicted(b)) - Number(evicted(a)) ||
      (made(a) === made(b) ? (keyOf(a) < keyOf(b) ? -1 : 1) : made(a) < made(b) ? -1 : 1),
  );
  for (const pod of pods.slice(0, surplus)) remove(c, pod, 'finished');
}

/** Marks a pod as failed, so that nobody takes it for running, and deletes it without grace. */
function remove(c: Control, pod: Pod, reason: string, disruption?: string): void {
  const { name, namespace } = pod.metadata;
  const why = { code: 'podgc.delete', params: { why: reason } } as const;
  try {
    if (!isFinished(pod)) {
      const live = c.client.get(c.ctx, 'pods', name, namespace);
      const conditions = live.status?.conditions ?? [];
      const target = {
        type: 'DisruptionTarget',
        status: 'True',
        lastProbeTime: undefined,
        lastTransitionTime: timestamp(c.ctx.now),
        reason: 'DeletionByPodGC',
        message: disruption ?? '',
      };
      const status = {
        ...live.status,
        phase: 'Failed',
        ...(disruption && { conditions: [...conditions.filter((x) => x.type !== target.type), target] }),
      };
      c.client.updateStatus(c.ctx, 'pods', { ...live, status }, { why });
    }
    c.client.delete(c.ctx, 'pods', name, namespace, { why, options: { gracePeriodSeconds: 0 } });
  } catch (error) {
    if (!isReason(error, 'NotFound')) throw error;
  }
}
