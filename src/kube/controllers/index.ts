import type { Context, KernelEvent } from '../../kernel/index.ts';
import { kinds } from '../apis/index.ts';
import {
  createClient,
  emptyEvents,
  emptyQueue,
  enqueue,
  isWatchEvent,
  openCache,
  serve,
  updateCaches,
  wake,
  type Caches,
  type Change,
  type Client,
  type WorkQueue,
} from '../client/index.ts';
import type { Api, Process } from '../process.ts';
import { managerAddress, type Control, type Controller, type ManagerMemory, type Watch } from './controller.ts';
import { daemonSetController } from './daemonset/index.ts';
import { clusterRoleAggregation } from './clusterroleaggregation.ts';
import { customKindController } from './custom-kinds.ts';
import { cronJobController } from './cronjob/index.ts';
import { deploymentController } from './deployment/index.ts';
import { disruptionController } from './disruption.ts';
import { endpointSliceController } from './endpointslice.ts';
import { endpointsController } from './endpoints.ts';
import { garbageCollector } from './garbagecollector.ts';
import { horizontalPodAutoscalerController } from './horizontalpodautoscaler/index.ts';
import { emptyIndexes, updateIndexes } from './indexes.ts';
import { jobController } from './job/index.ts';
import { jobOrphanController } from './job/orphans.ts';
import { namespaceController } from './namespace.ts';
import { nodeLifecycleController } from './nodelifecycle.ts';
import { persistentVolumeController } from './persistentvolume/index.ts';
import { storageProtection } from './persistentvolume/protection.ts';
import { localPathProvisioner } from './persistentvolume/provisioner.ts';
import { podGcController } from './podgc.ts';
import { replicaSetController } from './replicaset.ts';
import { replicationController } from './replicationcontroller.ts';
import { resourceQuotaController } from './resourcequota.ts';
import { rootCaController } from './rootca.ts';
import { serviceAccountController } from './serviceaccount.ts';
import { statefulSetController } from './statefulset/index.ts';
import { taintEvictionController } from './tainteviction.ts';
import { policyStatusController } from './validatingadmissionpolicystatus.ts';
import { ttlAfterFinishedController } from './ttlafterfinished.ts';

/** Every controller. A new one is its file and its line here. */
export const controllers: readonly Controller[] = [
  deploymentController,
  replicaSetController,
  replicationController,
  daemonSetController,
  statefulSetController,
  persistentVolumeController,
  storageProtection,
  localPathProvisioner,
  jobController,
  jobOrphanController,
  cronJobController,
  ttlAfterFinishedController,
  horizontalPodAutoscalerController,
  endpointSliceController,
  endpointsController,
  customKindController,
  garbageCollector,
  namespaceController,
  serviceAccountController,
  clusterRoleAggregation,
  rootCaController,
  nodeLifecycleController,
  taintEvictionController,
  podGcController,
  disruptionController,
  resourceQuotaController,
  policyStatusController,
];

const byName = new Map(controllers.map((controller) => [controller.name, controller]));

/** Resource → who watches it. */
const watchers = new Map<string, { readonly controller: Controller; readonly watch: Watch }[]>();
for (const controller of controllers)
  for (const watch of controller.watches) {
    const list = watchers.get(watch.resource) ?? [];
    list.push({ controller, watch });
    watchers.set(watch.resource, list);
  }

/** Kinds that no controller looks at: events are told, not acted on. */
const unwatched = new Set<string>(['events']);

/** The kube-controller-manager: one process, one set of caches, all controllers of the list, each with its own queue. */
export function controllerManager(api: Api): Process<ManagerMemory> {
  const client = createClient(api, managerAddress);
  return {
    name: managerAddress,
    start(ctx) {
      const memory: ManagerMemory = {
        caches: new Map(),
        indexes: emptyIndexes(),
        queues: new Map(controllers.map(({ name }) => [name, emptyQueue(name)])),
        own: new Map(controllers.flatMap((c) => (c.memory ? [[c.name, c.memory()] as const] : []))),
        events: emptyEvents(),
        synced: false,
      };
      for (const { key } of kinds)
        if (!unwatched.has(key)) openCache(ctx, api, managerAddress, memory.caches, { resource: key });
      return memory;
    },
    handle(ctx, event, memory) {
      if (isWatchEvent(event)) {
        updateCaches(ctx, api, managerAddress, memory.caches, event, (change) =>
          dispatch(ctx, api, client, memory, change),
        );
        if (event.type === 'watch-closed') memory.synced = false;
        else if (!memory.synced && isConnected(memory.caches)) {
          memory.synced = true;
          for (const queue of memory.queues.values()) resume(ctx, queue);
        }
      } else if (event.type === 'usage-changed') {
        const { pod } = event.payload as { pod?: string };
        for (const controller of controllers) controller.usageChanged?.({ ctx, api, client, memory, controller }, pod);
      } else work(ctx, api, client, memory, event);
    },
  };
}

/** True when every watch is open and has brought its initial list. */
const isConnected = (caches: Caches): boolean =>
  [...caches.values()].every((cache) => cache.stream !== 0 && cache.synced && cache.seen === null);

/**
 * Lets a queue work (again). What failed while the API server was away is tried at once: the real controller manager loses its
 * lease in that time, ends, and starts without a past.
 */
function resume(ctx: Context, queue: WorkQueue): void {
  for (const key of queue.failures.keys()) enqueue(ctx, managerAddress, queue, key);
  queue.failures.clear();
  wake(ctx, managerAddress, queue);
}

/** Tells every controller that watches the resource, and queues the keys it names. */
function dispatch(ctx: Context, api: Api, client: Client, memory: ManagerMemory, change: Change): void {
  updateIndexes(memory.indexes, memory.caches, change);
  const list = watchers.get(change.resource) ?? watchers.get('*');
  if (!list) return;
  const control: Control = { ctx, api, client, memory, controller: controllers[0]! };
  for (const { controller, watch } of list) {
    control.controller = controller;
    const queue = memory.queues.get(controller.name)!;
    for (const key of watch.keys(control, change)) enqueue(ctx, managerAddress, queue, key);
  }
}

/** Serves one key of one queue. */
function work(ctx: Context, api: Api, client: Client, memory: ManagerMemory, event: KernelEvent): void {
  const { queue: name } = event.payload as { queue: string };
  const queue = memory.queues.get(name)!;
  if (!memory.synced && event.type === 'work') {
    queue.scheduled = false; // the keys wait until the caches are complete
    return;
  }
  const control: Control = { ctx, api, client, memory, controller: byName.get(name)! };
  serve(ctx, managerAddress, queue, event, (key) => control.controller.reconcile(control, key));
}
