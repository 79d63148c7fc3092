import type { V1Taint } from '../../generated/types.ts';
import { equal, isReason, splitKey, timestamp } from '../apimachinery/index.ts';
import type { Node, Pod } from '../apis/index.ts';
import { cached, type EventObject } from '../client/index.ts';
import { ownMemory, requeue, tell, type Control, type Controller } from './controller.ts';
import { toleratedMs } from './taints.ts';

const component = 'taint-eviction-controller';

/** A pod that is to go. */
interface Eviction {
  /** When the taint began to count. */
  readonly since: number;
  readonly at: number;
  /** It has been deleted: nothing further is to happen. */
  readonly done: boolean;
}

/** Pod key → its eviction. */
type Evictions = Map<string, Eviction>;

const noExecute = (node: Node | undefined): V1Taint[] =>
  node?.spec?.taints?.filter((taint) => taint.effect === 'NoExecute') ?? [];

const same = (a: readonly V1Taint[], b: readonly V1Taint[]): boolean =>
  a.length === b.length && a.every((taint, i) => taint.key === b[i]!.key && taint.value === b[i]!.value);

/**
 * Evicts pods from nodes with NoExecute taints that they do not tolerate, or no longer. Healthy nodes cost nothing.
 * Keys are `node <name>` and `pod <key>`. Kubernetes: pkg/controller/tainteviction/taint_eviction.go.
 */
export const taintEvictionController: Controller = {
  name: 'tainteviction',
  memory: (): Evictions => new Map(),
  watches: [
    {
      resource: 'nodes',
      keys(_c, { type, key, object, old }) {
        const before = noExecute(old as unknown as Node);
        const after = noExecute(type === 'DELETED' ? undefined : (object as unknown as Node));
        return same(before, after) ? [] : [`node ${key}`];
      },
    },
    {
      resource: 'pods',
      keys(c, { type, key, object, old }) {
        if (type === 'DELETED') return ownMemory<Evictions>(c).has(key) ? [`pod ${key}`] : [];
        const pod = object as unknown as Pod;
        const before = old as unknown as Pod | undefined;
        if (!pod.spec?.nodeName) return [];
        if (before?.spec?.nodeName === pod.spec.nodeName && equal(before.spec.tolerations, pod.spec.tolerations))
          return [];
        return noExecute(cached(c.memory.caches, 'nodes', pod.spec.nodeName)).length > 0 ? [`pod ${key}`] : [];
      },
    },
  ],
  reconcile(c, item) {
    const space = item.indexOf(' ');
    const key = item.slice(space + 1);
    if (item.startsWith('node ')) {
      const taints = noExecute(cached(c.memory.caches, 'nodes', key));
      for (const pod of c.memory.indexes.podsByNode.get(key) ?? []) decide(c, pod, taints);
      return;
    }
    const pod = cached(c.memory.caches, 'pods', key);
    const eviction = ownMemory<Evictions>(c).get(key);
    if (!pod) cancel(c, key);
    else if (eviction && !eviction.done && eviction.at <= c.ctx.now) evict(c, key, pod, eviction);
    else if (eviction && !eviction.done) requeue(c, item, eviction.at - c.ctx.now);
    else if (!eviction) decide(c, key, noExecute(cached(c.memory.caches, 'nodes', pod.spec?.nodeName ?? '')));
  },
};

/** Settles when a pod has to go, given its node's taints; an earlier term stays. */
function decide(c: Control, key: string, taints: readonly V1Taint[]): void {
  const pod = cached(c.memory.caches, 'pods', key);
  if (!pod) return;
  const evictions = ownMemory<Evictions>(c);
  const known = evictions.get(key);
  const stayMs = taints.length === 0 ? Infinity : toleratedMs(taints, pod.spec?.tolerations ?? []);
  if (stayMs === Infinity) {
    cancel(c, key);
    return;
  }
  if (known?.done) return;
  if (stayMs === 0) {
    cancel(c, key);
    evict(c, key, pod, { since: c.ctx.now, at: c.ctx.now, done: false });
    return;
  }
  const since = known?.since ?? c.ctx.now;
  if (known) {
    if (since < c.ctx.now) return;
    cancel(c, key);
  }
  evictions.set(key, Object.freeze({ since, at: since + stayMs, done: false }));
  requeue(c, `pod ${key}`, since + stayMs - c.ctx.now);
}

/** The event names the pod without its uid, as the real one does. */
const reference = (key: string): EventObject => {
  const { namespace, name } = splitKey(key);
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace } };
};

function cancel(c: Control, key: string): void {
  const evictions = ownMemory<Evictions>(c);
  const known = evictions.get(key);
  if (!known) return;
  evictions.delete(key);
  if (!known.done)
    tell(c, component, reference(key), 'Normal', 'TaintManagerEviction', `Cancelling deletion of Pod ${key}`);
}

function evict(c: Control, key: string, pod: Pod, eviction: Eviction): void {
  const { name, namespace } = pod.metadata;
  tell(c, component, reference(key), 'Normal', 'TaintManagerEviction', `Marking for deletion Pod ${key}`);
  ownMemory<Evictions>(c).set(key, Object.freeze({ ...eviction, done: true }));
  const taints = noExecute(cached(c.memory.caches, 'nodes', pod.spec?.nodeName ?? ''));
  const why = {
    code: 'tainteviction.delete-pod',
    params: {
      taint: taints.map((taint) => taint.key).join(', '),
      seconds: Math.round((eviction.at - eviction.since) / 1000),
    },
  } as const;
  try {
    const live = c.client.get(c.ctx, 'pods', name, namespace);
    const target = {
      type: 'DisruptionTarget',
      status: 'True',
      lastProbeTime: undefined,
      lastTransitionTime: timestamp(c.ctx.now),
      reason: 'DeletionByTaintManager',
      message: 'Taint manager: deleting due to NoExecute taint',
    };
    const conditions = live.status?.conditions ?? [];
    if (!conditions.some((condition) => condition.type === target.type && condition.reason === target.reason))
      c.client.updateStatus(
        c.ctx,
        'pods',
        {
          ...live,
          status: { ...live.status, conditions: [...conditions.filter((x) => x.type !== target.type), target] },
        },
        { why },
      );
    c.client.delete(c.ctx, 'pods', name, namespace, { why });
  } catch (error) {
    if (!isReason(error, 'NotFound')) throw error;
  }
}
