import type { V1Taint } from '../../generated/types.ts';
import { ApiError, equal, isReason, millisOf, timestamp } from '../apimachinery/index.ts';
import type { Lease, Node, Pod } from '../apis/index.ts';
import { cached, cachedAll, type Change, type EventObject } from '../client/index.ts';
import { ownMemory, requeue, tell, type Control, type Controller } from './controller.ts';
import {
  evictionRate,
  nodeCondition,
  noScheduleTaints,
  readiness,
  silentConditions,
  zoneOf,
  zoneState,
  type ZoneState,
} from './nodehealth.ts';
import { notReadyTaint, swapTaints, taintOf, unreachableTaint } from './taints.ts';

const component = 'node-controller';
const leaseNamespace = 'kube-node-lease';

/** The health of nodes is looked at every 5 s. Kubernetes: --node-monitor-period. */
const tickMs = 5000;
/** Silence that makes a node Unknown. Kubernetes: --node-monitor-grace-period. */
const graceMs = 50_000;
/** The same for a node that has never said anything. Kubernetes: --node-startup-grace-period. */
const startupGraceMs = 60_000;
/** The queue of nodes to taint NoExecute is served this often. Kubernetes: NodeEvictionPeriod. */
const evictionPeriodMs = 100;

/** What is known of a node beside the object. */
interface Health {
  readonly uid: string;
  /** Last sign of life other than a lease: first sight, or a status written by the kubelet. */
  readonly seenAt: number;
  /** What Ready was at the last look. */
  readonly observed: string;
}

/** The queue of a zone's nodes that are to be tainted NoExecute, with its speed. */
interface Zone {
  readonly state: ZoneState;
  readonly rate: number;
  /** When the next node may be tainted. */
  readonly nextAt: number;
  readonly waiting: readonly string[];
}

interface Lifecycle {
  readonly health: Map<string, Health>;
  /** Node → deed of its last real lease write: the reason why it is given up when that grows old. */
  readonly leaseDeeds: Map<string, number>;
  /** Node that waits for its NoExecute taint → deed that made it wait. */
  readonly waitingFor: Map<string, number>;
  readonly zones: Map<string, Zone>;
  /** All nodes of all zones are silent: then nobody is evicted. */
  disrupted: boolean;
}

/**
 * Notices that nodes fall silent, and what follows from it. Keys, each worked on when something can have changed:
 *
 *   taint NODE   at once: NoSchedule taints by conditions and cordon
 *   tick NODE    at a 5 s tick: registration, lease age, Ready=Unknown, queue for NoExecute
 *   lost NODE    once it has become Unknown: told, and its pods are not ready any more
 *   evict ZONE   every 100 ms while nodes wait: NoExecute taints, one per 10 s
 *   pod KEY      a pod was bound to a node that is not ready
 *
 * A healthy node causes no work: its renewals are derived, so a check is made 50 s after the last lease that was really
 * written, and a lease that turns out to be fresh needs no further one; a node that is lost writes its last renewal.
 * Kubernetes: pkg/controller/nodelifecycle/node_lifecycle_controller.go.
 */
export const nodeLifecycleController: Controller = {
  name: 'nodelifecycle',
  memory: (): Lifecycle => ({
    health: new Map(),
    leaseDeeds: new Map(),
    waitingFor: new Map(),
    zones: new Map(),
    disrupted: false,
  }),
  watches: [
    { resource: 'nodes', keys: keysOfNode },
    { resource: 'leases.coordination.k8s.io', keys: keysOfLease },
    {
      resource: 'pods',
      keys(c, { type, key, object, old }) {
        const node = (object as unknown as Pod).spec?.nodeName;
        if (type === 'DELETED' || !node || (old as unknown as Pod | undefined)?.spec?.nodeName === node) return [];
        const known = cached(c.memory.caches, 'nodes', node);
        const ready = known && nodeCondition(known, 'Ready');
        return ready && ready.status !== 'True' && ownMemory<Lifecycle>(c).health.has(node) ? [`pod ${key}`] : [];
      },
    },
  ],
  reconcile(c, item) {
    const space = item.indexOf(' ');
    const key = item.slice(space + 1);
    switch (item.slice(0, space)) {
      case 'taint':
        taintNoSchedule(c, key);
        return;
      case 'tick':
        tick(c, key);
        return;
      case 'evict':
        serveZone(c, key);
        return;
      case 'lost':
        takeOutOfService(c, key);
        return;
      case 'pod': {
        const pod = cached(c.memory.caches, 'pods', key);
        const node = pod && cached(c.memory.caches, 'nodes', pod.spec?.nodeName ?? '');
        if (pod && node && nodeCondition(node, 'Ready') && readiness(node) !== 'True') markNotReady(c, pod);
      }
    }
  },
};

/** The next tick at or after a time. Simplified: ticks fall on multiples of 5 s whenever the controller started. */
const tickAt = (at: number): number => Math.ceil(at / tickMs) * tickMs;

const atTick = (c: Control, node: string, at: number): void =>
  requeue(c, `tick ${node}`, Math.max(tickAt(at), tickAt(c.ctx.now + 1)) - c.ctx.now);

function keysOfNode(c: Control, { type, key, object, old }: Change): readonly string[] {
  if (type === 'DELETED') {
    atTick(c, key, c.ctx.now);
    return [];
  }
  const node = object as unknown as Node;
  if (type === 'ADDED') {
    atTick(c, key, c.ctx.now);
    return [`taint ${key}`];
  }
  const before = old as unknown as Node;
  const ready = nodeCondition(node, 'Ready');
  if (
    equal(before.status?.conditions, node.status?.conditions) &&
    equal(before.spec?.taints, node.spec?.taints) &&
    before.spec?.unschedulable === node.spec?.unschedulable
  )
    return [];
  const { health } = ownMemory<Lifecycle>(c);
  const known = health.get(key);
  if (known && ready && ready.lastHeartbeatTime !== nodeCondition(before, 'Ready')?.lastHeartbeatTime) {
    health.set(key, Object.freeze({ ...known, seenAt: c.ctx.now }));
    if (!leaseOf(c, key)) atTick(c, key, tickAt(c.ctx.now) + graceMs);
  }
  if (readiness(before) !== readiness(node) || !equal(before.spec?.taints, node.spec?.taints))
    atTick(c, key, c.ctx.now);
  const lost = readiness(before) === 'True' && ready?.status === 'Unknown';
  return lost ? [`lost ${key}`, `taint ${key}`] : [`taint ${key}`];
}

function keysOfLease(c: Control, { type, object }: Change): readonly string[] {
  if (object.metadata.namespace !== leaseNamespace) return [];
  if (type === 'DELETED') {
    // Its renewals count up to now; the kubelet makes it again.
    const { health } = ownMemory<Lifecycle>(c);
    const { name } = object.metadata;
    const known = health.get(name);
    if (known?.observed === 'True') health.set(name, Object.freeze({ ...known, seenAt: c.ctx.now }));
    atTick(c, name, tickAt(c.ctx.now) + graceMs);
    return [];
  }
  ownMemory<Lifecycle>(c).leaseDeeds.set(object.metadata.name, c.ctx.cause);
  const { renewTime } = (object['spec'] ?? {}) as { renewTime?: string };
  const renewed = renewTime ? millisOf(renewTime) : c.ctx.now;
  // The first sight of a lease is a sign of life, however old the lease: the controller may have been away itself.
  atTick(c, object.metadata.name, tickAt(type === 'ADDED' ? c.ctx.now : renewed) + graceMs);
  return [];
}

function taintNoSchedule(c: Control, name: string): void {
  const node = cached(c.memory.caches, 'nodes', name);
  if (!node) return;
  const { add, remove } = noScheduleTaints(node);
  if (add.length + remove.length > 0) swapTaints(c, name, add, remove);
}

/** Events about nodes name them without namespace. */
const reference = (name: string, uid: string): EventObject => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name, uid },
});

/** One node's share of a monitoring round. */
function tick(c: Control, name: string): void {
  const { health } = ownMemory<Lifecycle>(c);
  const node = cached(c.memory.caches, 'nodes', name);
  const known = health.get(name);
  if (known && known.uid !== node?.metadata.uid) {
    health.delete(name);
    const message = `Node ${name} event: Removing Node ${name} from Controller`;
    tell(c, component, reference(name, known.uid), 'Normal', 'RemovingNode', message);
  }
  if (!node) {
    leaveZones(c, name);
    ownMemory<Lifecycle>(c).leaseDeeds.delete(name);
    return;
  }
  const isNew = !health.has(name);
  if (isNew) {
    const message = `Node ${name} event: Registered Node ${name} in Controller`;
    tell(c, component, reference(name, node.metadata.uid), 'Normal', 'RegisteredNode', message);
    const seenAt = nodeCondition(node, 'Ready') ? c.ctx.now : millisOf(node.metadata.creationTimestamp);
    health.set(name, Object.freeze({ uid: node.metadata.uid, seenAt, observed: readiness(node) }));
    reachable(c, node);
  }
  const observed = readiness(node);
  const current = checkSilence(c, node);
  health.set(name, Object.freeze({ ...health.get(name)!, observed: current }));
  if (current !== observed || isNew || known?.observed !== current) judgeZones(c);
  evictByTaint(c, node, observed);
}

/** Tells that a node is lost, and takes its pods out of service. */
function takeOutOfService(c: Control, name: string): void {
  const node = cached(c.memory.caches, 'nodes', name);
  if (!node || readiness(node) === 'True') return;
  const message = `Node ${name} status is now: NodeNotReady`;
  tell(c, component, reference(name, node.metadata.uid), 'Normal', 'NodeNotReady', message);
  for (const key of c.memory.indexes.podsByNode.get(name) ?? []) {
    const pod = cached(c.memory.caches, 'pods', key);
    if (pod) markNotReady(c, pod);
  }
}

/** Makes a node Unknown when its last sign of life is too old; returns what Ready is then. */
function checkSilence(c: Control, node: Node): string {
  const { name } = node.metadata;
  const ready = nodeCondition(node, 'Ready');
  const grace = ready ? graceMs : startupGraceMs;
  const sign = lastSign(c, name);
  const due = sign.at + grace;
  if (c.ctx.now < due) {
    if (!sign.renewing) atTick(c, name, due);
    return readiness(node);
  }
  if (ready?.status === 'Unknown') return 'Unknown';
  const live = c.client.get(c.ctx, 'nodes', name);
  if (readiness(live) !== readiness(node)) return readiness(node); // the cache is behind; its news will bring us back
  const status = { ...live.status, conditions: silentConditions(live, c.ctx.now) };
  c.ctx.cause = ownMemory<Lifecycle>(c).leaseDeeds.get(name) ?? c.ctx.cause;
  const seconds = Math.round((c.ctx.now - due + grace) / 1000);
  c.client.updateStatus(
    c.ctx,
    'nodes',
    { ...live, status },
    { why: { code: 'nodelifecycle.not-ready', params: { seconds } } },
  );
  return 'Unknown';
}

const leaseOf = (c: Control, node: string) =>
  cached(c.memory.caches, 'leases.coordination.k8s.io', `${leaseNamespace}/${node}`);

/**
 * When a node last gave a sign of life, as a round of monitoring would have seen it. `renewing`: its lease is newer than the last
 * one written, so its kubelet is at work; should it stop, its last renewal will be written and wake us.
 */
function lastSign(c: Control, name: string): { at: number; renewing: boolean } {
  const seenAt = tickAt(ownMemory<Lifecycle>(c).health.get(name)?.seenAt ?? 0);
  const known = leaseOf(c, name);
  if (!known) return { at: seenAt, renewing: false };
  try {
    // Not from the cache: the renewals of a healthy node are not written, only read.
    const lease = c.client.get(c.ctx, 'leases.coordination.k8s.io', name, leaseNamespace);
    const renewed = renewedAt(lease);
    return { at: Math.max(tickAt(renewed), seenAt), renewing: renewed > renewedAt(known) };
  } catch (error) {
    if (!isReason(error, 'NotFound')) throw error;
    return { at: seenAt, renewing: false };
  }
}

const renewedAt = (lease: Lease): number => (lease.spec?.renewTime ? millisOf(lease.spec.renewTime) : 0);

/** Queues a silent node for its NoExecute taint, exchanges the taint of the other kind, or makes a healthy one reachable. */
function evictByTaint(c: Control, node: Node, observed: string): void {
  if (observed === 'True') {
    reachable(c, node);
    return;
  }
  if (!nodeCondition(node, 'Ready')) return;
  const [mine, other] = observed === 'False' ? [notReadyTaint, unreachableTaint] : [unreachableTaint, notReadyTaint];
  if (taintOf(node, other, 'NoExecute')) swapTaints(c, node.metadata.name, [executing(mine)], [executing(other)]);
  else if (!taintOf(node, mine, 'NoExecute')) wait(c, node);
}

const executing = (key: string): V1Taint => ({ key, effect: 'NoExecute' });

/** Takes the NoExecute taints off a node that is healthy, or that is not to blame. */
function reachable(c: Control, node: Node): void {
  const taints = [unreachableTaint, notReadyTaint].filter((key) => taintOf(node, key, 'NoExecute')).map(executing);
  if (taints.length > 0) swapTaints(c, node.metadata.name, [], taints);
  leaveZones(c, node.metadata.name);
}

function leaveZones(c: Control, name: string): void {
  const { zones, waitingFor } = ownMemory<Lifecycle>(c);
  waitingFor.delete(name);
  for (const [key, zone] of zones)
    if (zone.waiting.includes(name))
      zones.set(key, Object.freeze({ ...zone, waiting: zone.waiting.filter((n) => n !== name) }));
}

function zoneIn(c: Control, key: string): Zone {
  const { zones } = ownMemory<Lifecycle>(c);
  return zones.get(key) ?? { state: 'normal', rate: 0.1, nextAt: 0, waiting: [] };
}

function wait(c: Control, node: Node): void {
  const key = zoneOf(node);
  const zone = zoneIn(c, key);
  const { name } = node.metadata;
  if (!zone.waiting.includes(name)) {
    ownMemory<Lifecycle>(c).zones.set(key, Object.freeze({ ...zone, waiting: [...zone.waiting, name] }));
    ownMemory<Lifecycle>(c).waitingFor.set(name, c.ctx.cause);
  }
  scheduleZone(c, key);
}

function scheduleZone(c: Control, key: string): void {
  const zone = zoneIn(c, key);
  if (zone.waiting.length === 0 || zone.rate === 0 || ownMemory<Lifecycle>(c).disrupted) return;
  const at = Math.ceil(Math.max(zone.nextAt, c.ctx.now + 1) / evictionPeriodMs) * evictionPeriodMs;
  requeue(c, `evict ${key}`, at - c.ctx.now);
}

/** Taints the nodes of a zone that wait, as many as its rate allows. */
function serveZone(c: Control, key: string): void {
  const memory = ownMemory<Lifecycle>(c);
  const zone = zoneIn(c, key);
  const [name, ...waiting] = zone.waiting;
  if (!name || zone.rate === 0 || memory.disrupted) return;
  if (zone.nextAt > c.ctx.now) {
    scheduleZone(c, key);
    return;
  }
  const node = cached(c.memory.caches, 'nodes', name);
  const status = node ? readiness(node) : 'True';
  let nextAt = zone.nextAt;
  c.ctx.cause = memory.waitingFor.get(name) ?? c.ctx.cause;
  memory.waitingFor.delete(name);
  if (status !== 'True') {
    const [mine, other] = status === 'False' ? [notReadyTaint, unreachableTaint] : [unreachableTaint, notReadyTaint];
    swapTaints(c, name, [executing(mine)], [executing(other)]);
    nextAt = c.ctx.now + Math.round(1000 / zone.rate);
  }
  memory.zones.set(key, Object.freeze({ ...zone, waiting, nextAt }));
  scheduleZone(c, key);
}

/**
 * Looks at all zones when a node's health has changed. When every node of every zone is silent the fault is rather the
 * control plane's: taints are taken back and nobody is evicted until one answers. Kubernetes: handleDisruption.
 */
function judgeZones(c: Control): void {
  const memory = ownMemory<Lifecycle>(c);
  const counts = new Map<string, { ready: number; notReady: number }>();
  for (const node of cachedAll(c.memory.caches, 'nodes')) {
    if (node.metadata.labels?.['node.kubernetes.io/exclude-disruption'] !== undefined) continue;
    const known = memory.health.get(node.metadata.name)?.observed ?? readiness(node);
    const key = zoneOf(node);
    const count = counts.get(key) ?? { ready: 0, notReady: 0 };
    if (known === 'True') count.ready++;
    else count.notReady++;
    counts.set(key, count);
  }
  const states = new Map([...counts].map(([key, n]) => [key, zoneState(n.ready, n.notReady)]));
  const all = states.size > 0 && [...states.values()].every((state) => state === 'full');
  if (all && !memory.disrupted) for (const node of cachedAll(c.memory.caches, 'nodes')) reachable(c, node);
  const ended = memory.disrupted && !all;
  memory.disrupted = all;
  for (const [key, state] of states) {
    const n = counts.get(key)!;
    memory.zones.set(key, Object.freeze({ ...zoneIn(c, key), state, rate: evictionRate(state, n.ready + n.notReady) }));
    scheduleZone(c, key);
  }
  if (!ended) return;
  // Nobody knows how long the others were really away: their time starts anew.
  for (const [name, known] of memory.health) {
    memory.health.set(name, Object.freeze({ ...known, seenAt: c.ctx.now }));
    atTick(c, name, c.ctx.now + 1);
  }
}

/** Takes a pod out of service: its node no longer vouches for it. Kubernetes: MarkPodsNotReady. */
function markNotReady(c: Control, pod: Pod): void {
  const ready = pod.status?.conditions?.find((condition) => condition.type === 'Ready');
  if (!ready || ready.status === 'False') return;
  const conditions = pod.status!.conditions!.map((condition) =>
    condition === ready ? { ...ready, status: 'False', lastTransitionTime: timestamp(c.ctx.now) } : condition,
  );
  try {
    c.client.updateStatus(
      c.ctx,
      'pods',
      { ...pod, status: { ...pod.status, conditions } },
      { why: { code: 'nodelifecycle.pod-not-ready', params: { node: pod.spec?.nodeName ?? '' } } },
    );
  } catch (error) {
    if (isReason(error, 'NotFound')) return;
    if (!(error instanceof ApiError)) throw error;
    requeue(c, `pod ${pod.metadata.namespace}/${pod.metadata.name}`, 20); // the cache was behind
    return;
  }
  tell(c, component, pod, 'Warning', 'NodeNotReady', 'Node is not ready');
}
