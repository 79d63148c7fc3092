import type { Context } from '../../kernel/index.ts';
import type { Node, Pod } from '../apis/index.ts';
import { cached, cachedAll, type Change } from '../client/index.ts';
import { addNode, movePod, removeNode, updateNode } from './cluster-view.ts';
import { nodeEvents, podEvents, type Happening } from './events.ts';
import type { SchedulerMemory } from './memory.ts';
import { nominate } from './nominated.ts';
import { plugins } from './plugins/index.ts';
import { addPod, dropPod, wakePod } from './queue.ts';

/**
 * Takes in one change of the caches: keeps the view of the cluster, queues new pods, and wakes pods that the change
 * may help. Kubernetes: pkg/scheduler/eventhandlers.go.
 */
export function handleChange(ctx: Context, memory: SchedulerMemory, change: Change): void {
  if (change.resource === 'nodes') nodeChanged(ctx, memory, change);
  else if (change.resource === 'pods') podChanged(ctx, memory, change);
  else if (storage.has(change.resource))
    wake(ctx, memory, { event: 'Storage/Change', old: undefined, next: undefined });
  // Terms with a namespaceSelector may select other pods now.
  else if (change.resource === 'namespaces') memory.view.classes.version++;
}

const storage: ReadonlySet<string> = new Set([
  'persistentvolumeclaims',
  'persistentvolumes',
  'storageclasses.storage.k8s.io',
]);

function nodeChanged(ctx: Context, memory: SchedulerMemory, { type, object, old }: Change): void {
  const node = object as unknown as Node;
  if (type === 'ADDED') {
    addNode(memory.view, node);
    wake(ctx, memory, { event: 'Node/Add', old: undefined, next: node });
  } else if (type === 'DELETED') {
    removeNode(memory.view, node.metadata.name, cachedAll(memory.caches, 'pods'));
    wake(ctx, memory, { event: 'Node/Delete', old: node, next: undefined });
  } else {
    const before = old as unknown as Node;
    updateNode(memory.view, node);
    for (const event of nodeEvents(before, node)) wake(ctx, memory, { event, old: before, next: node });
  }
}

const isTerminal = (pod: Pod): boolean => pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';

/** Pods of other schedulers and gated ones are none of the queue's business. */
const wantsNode = (pod: Pod): boolean =>
  !pod.spec?.nodeName &&
  (pod.spec?.schedulerName ?? 'default-scheduler') === 'default-scheduler' &&
  !pod.spec?.schedulingGates?.length &&
  !isTerminal(pod);

function podChanged(ctx: Context, memory: SchedulerMemory, { type, key, object, old }: Change): void {
  const { view, queue } = memory;
  const pod = object as unknown as Pod;
  const before = view.assumed.get(key) ?? (old as unknown as Pod | undefined);
  if (type === 'DELETED') {
    view.assumed.delete(key);
    dropPod(queue, key);
    nominate(memory.nominated, pod, undefined);
    movePod(view, before, undefined);
    if (before?.spec?.nodeName && !isTerminal(before))
      wake(ctx, memory, { event: 'Pod/Delete', old: before, next: undefined });
    return;
  }
  if (!pod.spec?.nodeName) {
    if (!view.assumed.has(key)) nominate(memory.nominated, pod, pod.status?.nominatedNodeName);
    if (!view.assumed.has(key)) waitingPodChanged(ctx, memory, key, old as unknown as Pod | undefined, pod);
    return;
  }
  view.assumed.delete(key);
  dropPod(queue, key);
  nominate(memory.nominated, pod, undefined);
  movePod(view, before, pod);
  if (!(old as unknown as Pod | undefined)?.spec?.nodeName) {
    wake(ctx, memory, { event: 'Pod/Add', old: undefined, next: pod });
  } else if (queue.unschedulable.size > 0) {
    if (isTerminal(pod) && !isTerminal(before!))
      wake(ctx, memory, { event: 'Pod/Delete', old: before, next: undefined });
    else for (const event of podEvents(before!, pod, 'Pod')) wake(ctx, memory, { event, old: before, next: pod });
  }
}

function waitingPodChanged(ctx: Context, memory: SchedulerMemory, key: string, old: Pod | undefined, pod: Pod): void {
  const { queue } = memory;
  const queued = queue.pods.get(key);
  if (!wantsNode(pod)) dropPod(queue, key);
  else if (!queued) {
    if (!old || !wantsNode(old)) addPod(ctx, queue, pod);
  } else if (queued.waiting === 'unschedulable' && old) {
    for (const event of podEvents(old, pod, 'Target')) {
      if (mayHelp(pod, queued.rejectedBy, { event, old, next: pod })) {
        wakePod(ctx, queue, queued);
        return;
      }
    }
  }
}

const wakesByPlugin = new Map(plugins.map((plugin) => [plugin.name, plugin.wakes]));

function mayHelp(pod: Pod, rejectedBy: readonly string[], { event, old, next }: Happening): boolean {
  for (const name of rejectedBy)
    for (const wakes of wakesByPlugin.get(name) ?? [])
      if (wakes.on.includes(event) && (wakes.helps?.(pod, old, next) ?? true)) return true;
  return false;
}

/** Brings back the unschedulable pods that the plugins which rejected them believe to be helped. */
function wake(ctx: Context, { caches, queue }: SchedulerMemory, happening: Happening): void {
  for (const key of queue.unschedulable) {
    const queued = queue.pods.get(key)!;
    const pod = cached(caches, 'pods', key);
    if (pod && mayHelp(pod, queued.rejectedBy, happening)) wakePod(ctx, queue, queued);
  }
}
