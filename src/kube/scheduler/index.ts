import type { Context, KernelEvent } from '../../kernel/index.ts';
import { allSynced, createClient, emptySeries, isWatchEvent, openCache, updateCaches } from '../client/index.ts';
import type { Api, Process } from '../process.ts';
import { emptyView } from './cluster-view.ts';
import { scheduleOne, type Tools } from './cycle.ts';
import { createEvaluator } from './evaluate.ts';
import { handleChange } from './changes.ts';
import type { SchedulerMemory } from './memory.ts';
import { plugins } from './plugins/index.ts';
import { emptyQueue, flushDue, hasWork, nextBackoff, nextFlush } from './queue.ts';

const address = 'kube-scheduler';
const resources = [
  'namespaces',
  'nodes',
  'poddisruptionbudgets.policy',
  'services',
  'replicasets.apps',
  'pods',
  'replicationcontrollers',
  'statefulsets.apps',
  'persistentvolumeclaims',
  'persistentvolumes',
  'storageclasses.storage.k8s.io',
] as const;

/** A pod takes this long to be scheduled, from one to three virtual milliseconds. */
const scheduleMs = [1, 3] as const;

/**
 * The kube-scheduler: gives every pod without a node one, or says why it cannot. One pod per `schedule` event;
 * `flush` brings back pods that have waited for five minutes, `backoff` those whose back-off has ended.
 */
export function scheduler(api: Api): Process<SchedulerMemory> {
  const tools: Tools = { client: createClient(api, address), evaluator: createEvaluator(plugins) };
  return {
    name: address,
    start(ctx) {
      const memory: SchedulerMemory = {
        caches: new Map(),
        view: emptyView(),
        queue: emptyQueue(),
        nominated: new Map(),
        events: emptySeries(),
        nextStart: 0,
        working: false,
        backoffAt: 0,
        flushAt: 0,
      };
      for (const resource of resources) openCache(ctx, api, address, memory.caches, { resource });
      return memory;
    },
    handle(ctx, event, memory) {
      serve(ctx, api, tools, event, memory);
      keepGoing(ctx, memory);
    },
  };
}

function serve(ctx: Context, api: Api, tools: Tools, event: KernelEvent, memory: SchedulerMemory): void {
  if (isWatchEvent(event)) {
    updateCaches(ctx, api, address, memory.caches, event, (change) => handleChange(ctx, memory, change));
  } else if (event.type === 'schedule') {
    memory.working = false;
    scheduleOne(ctx, memory, tools);
  } else if (event.type === 'backoff') {
    memory.backoffAt = 0;
  } else if (event.type === 'flush') {
    memory.flushAt = 0;
    flushDue(ctx, memory.queue);
  }
}

/** Schedules what comes next: the next pod, the end of a back-off, the next flush. */
function keepGoing(ctx: Context, memory: SchedulerMemory): void {
  const { queue } = memory;
  if (!memory.working && hasWork(queue, ctx.now) && allSynced(memory.caches)) {
    memory.working = true;
    ctx.after(ctx.random(address).between(...scheduleMs), address, 'schedule');
  }
  if (memory.backoffAt === 0 && !memory.working) {
    const at = nextBackoff(queue);
    if (at !== undefined) {
      memory.backoffAt = at;
      ctx.after(Math.max(at - ctx.now, 1), address, 'backoff');
    }
  }
  if (memory.flushAt === 0) {
    const at = nextFlush(queue);
    if (at !== undefined) {
      memory.flushAt = at;
      ctx.after(Math.max(at - ctx.now, 1), address, 'flush');
    }
  }
}
