import { failure, isReason, keyOf } from '../../apimachinery/index.ts';
import type { ControllerRevision, DaemonSet, Node, Pod } from '../../apis/index.ts';
import { cached, cachedAll, type Change } from '../../client/index.ts';
import { ownMemory, requeue, tell, type Control, type Controller } from '../controller.ts';
import { templateHash } from '../deployment/hash.ts';
import { expectChanges, patienceMs, satisfied, type Expectations } from '../expectations.ts';
import {
  isOfTemplate,
  newRevision,
  renumber,
  revisionLabel,
  revisionsOf,
  storeRevision,
  truncateHistory,
} from '../history.ts';
import { keysOfOwnedPod, keysOfRevision, type OwnerKind } from '../owner-keys.ts';
import { claimChildren } from '../ownership.ts';
import { createPods, deletePods, podFrom, type PodOwner } from '../podcontrol.ts';
import { nextAvailableMs, podFacts } from '../pods.ts';
import { daemonTemplate, shouldRun, targetNode } from './nodes.ts';
import { compareDaemons, planDaemons, type DaemonPlan, type PodsByNode } from './plan.ts';
import { daemonSetStatus } from './status.ts';
import { planUpdate } from './update.ts';

const component = 'daemonset-controller';
/** Pods that one reconcile creates or deletes at most. Kubernetes: BurstReplicas. */
const burstReplicas = 250;
/** A failed pod is replaced at once, the next one on that node after 1 s, doubling, at most 15 min. Kubernetes: failedPodsBackoff. */
const firstBackoffMs = 1000;
const mostBackoffMs = 900_000;

interface Backoff {
  readonly ms: number;
  readonly at: number;
}

/** What the controller remembers, by key of the DaemonSet. */
interface Memory {
  readonly expectations: Expectations;
  /** resourceVersion of its last status write. */
  readonly written: Map<string, string>;
  /** uid → generation and node → its latest failure. */
  readonly backoffs: Map<string, Map<string, Backoff>>;
}

const owners: OwnerKind = {
  kind: 'DaemonSet',
  resource: 'daemonsets.apps',
  expectations: (c) => ownMemory<Memory>(c).expectations,
  moved: (before, pod) => targetNode(before) !== targetNode(pod),
};

/** Keeps a pod of a DaemonSet on every node that fits. Kubernetes: pkg/controller/daemon. */
export const daemonSetController: Controller = {
  name: 'daemonset',
  memory: (): Memory => ({ expectations: new Map(), written: new Map(), backoffs: new Map() }),
  watches: [
    { resource: 'daemonsets.apps', keys: keysOfDaemonSet },
    { resource: 'controllerrevisions.apps', keys: keysOfRevision(owners) },
    { resource: 'pods', keys: keysOfOwnedPod(owners) },
    { resource: 'nodes', keys: keysOfNode },
  ],
  reconcile(c, key) {
    const ds = cached(c.memory.caches, 'daemonsets.apps', key);
    const { expectations, written } = ownMemory<Memory>(c);
    if (!ds?.spec) {
      expectations.delete(key);
      written.delete(key);
      return;
    }
    // A cache that does not show the last write yet: this round compares with an old status, so the write's return counts.
    if (Number(written.get(key) ?? 0) > Number(ds.metadata.resourceVersion)) written.delete(key);
    const { matchLabels = {}, matchExpressions = [] } = ds.spec.selector;
    if (Object.keys(matchLabels).length === 0 && matchExpressions.length === 0) {
      const message = 'This daemon set is selecting all pods. A non-empty selector is required.';
      tell(c, component, ds, 'Warning', 'SelectingAll', message);
      return;
    }
    // Its history may be gone already: nothing can be said about its pods any more.
    if (ds.metadata.deletionTimestamp) return;
    sync(c, key, ds);
  },
};

function sync(c: Control, key: string, ds: DaemonSet): void {
  const { expectations } = ownMemory<Memory>(c);
  const { current, old } = history(c, ds);
  const hash = hashOf(current);
  const claimed = podsOf(c, ds);
  const pods = byNode(claimed);
  const nodes = [...cachedAll(c.memory.caches, 'nodes')];
  if (!satisfied(expectations, key, c.ctx.now)) {
    writeStatus(c, key, ds, nodes, pods, hash, false);
    requeue(c, key, patienceMs(expectations, key, c.ctx.now));
    return;
  }
  const { now } = c.ctx;
  const plan = planDaemons(ds, nodes, pods, hash, now, (node) => backoffLeft(c, ds, node));
  noteEnded(c, ds, plan);
  let failed = perform(c, key, ds, hash, plan);
  if (!failed && satisfied(expectations, key, now) && ds.spec!.updateStrategy?.type === 'RollingUpdate')
    failed = perform(c, key, ds, hash, planUpdate(ds, nodes, pods, hash, now));
  if (!failed) {
    const live = new Set(claimed.map((pod) => pod.metadata.labels?.[revisionLabel]));
    const spare = old.filter((revision) => !live.has(hashOf(revision)));
    truncateHistory(c, spare, old.length - (ds.spec!.revisionHistoryLimit ?? 10), 'daemonset');
  }
  writeStatus(c, key, ds, nodes, pods, hash, true);
  const next = [plan.afterMs, nextAvailableMs(claimed, ds.spec!.minReadySeconds ?? 0, now)];
  for (const ms of next) if (ms !== undefined) requeue(c, key, ms);
  if (failed) throw failed;
}

const hashOf = ({ metadata }: ControllerRevision): string => metadata.labels?.[revisionLabel] ?? metadata.name;

/** The revision of the present template, made or renumbered when need be, and the older ones. Kubernetes: constructHistory. */
function history(c: Control, ds: DaemonSet): { current: ControllerRevision; old: ControllerRevision[] } {
  const all = revisionsOf(c, 'daemonsets.apps', ds);
  const current = all.findLast((revision) => isOfTemplate(revision, ds.spec!.template));
  const old = all.filter((revision) => revision !== current);
  const number = old.reduce((max, { revision }) => Math.max(max, revision), 0) + 1;
  if (current) return { current: current.revision < number ? renumber(c, current, number, 'daemonset') : current, old };
  const hash = templateHash(ds.spec!.template, ds.status?.collisionCount);
  const made = storeRevision(c, ds, newRevision(ds, { [revisionLabel]: hash }, hash, number), 'daemonset');
  if (made !== 'collision') return { current: made, old };
  const status = { ...ds.status!, collisionCount: (ds.status?.collisionCount ?? 0) + 1 };
  c.client.updateStatus(c.ctx, 'daemonsets.apps', { ...ds, status }, { why: { code: 'daemonset.status' } });
  throw failure(409, 'AlreadyExists', `controllerrevisions.apps "${ds.metadata.name}-${hash}" already exists`);
}

/** The DaemonSet's pods, finished ones among them. */
const podsOf = (c: Control, ds: DaemonSet): Pod[] =>
  claimChildren(
    c,
    'daemonsets.apps',
    ds as never,
    ds.spec!.selector,
    'pods',
    { adopt: 'daemonset.adopt', release: 'daemonset.release' },
    () => true,
  );

/** By node, each list oldest first. A pod that has ended and is being deleted leaves its node free already. */
function byNode(pods: readonly Pod[]): PodsByNode {
  const map = new Map<string, Pod[]>();
  for (const pod of pods) {
    const { active, terminating } = podFacts(pod);
    if (!active && !terminating && pod.metadata.deletionTimestamp) continue;
    const node = targetNode(pod);
    if (node === undefined) continue;
    const list = map.get(node);
    if (list) list.push(pod);
    else map.set(node, [pod]);
  }
  for (const list of map.values()) if (list.length > 1) list.sort(compareDaemons);
  return map;
}

/** Deletes and creates as planned, at most 250 each; returns the first failure. Kubernetes: syncNodes. */
function perform(
  c: Control,
  key: string,
  ds: DaemonSet,
  hash: string,
  plan: Pick<DaemonPlan, 'create' | 'remove'>,
): Error | undefined {
  const { expectations } = ownMemory<Memory>(c);
  const owner: PodOwner = { component, object: ds, key, expectations };
  const create = plan.create.slice(0, burstReplicas);
  const remove = plan.remove.slice(0, burstReplicas);
  const whys = new Map(remove.map(({ pod, why }) => [pod, why]));
  const gone = remove.map(({ pod }) => keyOf(pod));
  expectChanges(expectations, key, create.length, gone, c.ctx.now);
  const pod = (i: number) => podFrom(ds, daemonTemplate(ds, hash, create[i]!.node));
  const first = createPods(c, owner, create.length, pod, (i) => create[i]!.why);
  const second = deletePods(c, owner, [...whys.keys()], (one) => whys.get(one)!);
  return first ?? second;
}

/** Milliseconds until the failed pod of a node may be replaced. */
function backoffLeft(c: Control, ds: DaemonSet, node: string): number {
  const known = ownMemory<Memory>(c).backoffs.get(ds.metadata.uid)?.get(backoffKey(ds, node));
  if (!known || c.ctx.now - known.at > 2 * mostBackoffMs) return 0;
  return Math.max(0, known.at + known.ms - c.ctx.now);
}

const backoffKey = (ds: DaemonSet, node: string): string => `${ds.status?.observedGeneration ?? 0}/${node}`;

/** Tells of pods that have ended, and lengthens the wait for the next failure on their nodes. */
function noteEnded(c: Control, ds: DaemonSet, { ended }: DaemonPlan): void {
  for (const { pod, node } of ended) {
    const { name, namespace, uid } = { ...pod.metadata, uid: ds.metadata.uid };
    if (pod.status?.phase === 'Succeeded') {
      const message = `Found succeeded daemon pod ${namespace}/${name} on node ${node}, will try to delete it`;
      tell(c, component, ds, 'Normal', 'SucceededDaemonPod', message);
      continue;
    }
    const message = `Found failed daemon pod ${namespace}/${name} on node ${node}, will try to kill it`;
    tell(c, component, ds, 'Warning', 'FailedDaemonPod', message);
    const { backoffs } = ownMemory<Memory>(c);
    let mine = backoffs.get(uid);
    if (!mine) backoffs.set(uid, (mine = new Map()));
    const key = backoffKey(ds, node);
    const last = mine.get(key);
    const doubled = last && c.ctx.now - last.at <= 2 * mostBackoffMs ? last.ms * 2 : firstBackoffMs;
    mine.set(key, { ms: Math.min(doubled, mostBackoffMs), at: c.ctx.now });
  }
}

const counts = [
  'desiredNumberScheduled',
  'currentNumberScheduled',
  'numberMisscheduled',
  'numberReady',
  'updatedNumberScheduled',
  'numberAvailable',
  'numberUnavailable',
] as const;

/** Writes the status when a number differs; after a conflict once more on the live object. */
function writeStatus(
  c: Control,
  key: string,
  ds: DaemonSet,
  nodes: readonly Node[],
  pods: PodsByNode,
  hash: string,
  observed: boolean,
): void {
  const status = daemonSetStatus(ds, nodes, pods, hash, observed, c.ctx.now);
  const same = counts.every((field) => (ds.status?.[field] ?? 0) === (status[field] ?? 0));
  if (same && (ds.status?.observedGeneration ?? 0) >= (status.observedGeneration ?? 0)) return;
  const write = (on: DaemonSet, next: NonNullable<DaemonSet['status']>): DaemonSet =>
    c.client.updateStatus(c.ctx, 'daemonsets.apps', { ...on, status: next }, { why: { code: 'daemonset.status' } });
  try {
    ownMemory<Memory>(c).written.set(key, write(ds, status).metadata.resourceVersion);
  } catch (error) {
    if (!isReason(error, 'Conflict')) throw error;
    // An observed generation that the cache does not show yet must not go back.
    const live = c.client.get(c.ctx, 'daemonsets.apps', ds.metadata.name, ds.metadata.namespace);
    const observedGeneration = Math.max(live.status?.observedGeneration ?? 0, status.observedGeneration ?? 0);
    write(live, { ...status, observedGeneration });
  }
}

/** The DaemonSet itself, unless it is the controller's own status write that comes back. */
function keysOfDaemonSet(c: Control, { type, key, object }: Change): readonly string[] {
  const { expectations, written, backoffs } = ownMemory<Memory>(c);
  if (type === 'DELETED') {
    backoffs.delete(object.metadata.uid);
    expectations.delete(key); // another one of that name waits for nothing
  }
  return type === 'MODIFIED' && written.get(key) === object.metadata.resourceVersion ? [] : [key];
}

/** DaemonSets for which a node's change changes whether it gets a pod. A node that goes takes its pods along by other hands. */
function keysOfNode(c: Control, { type, object, old }: Change): readonly string[] {
  if (type === 'DELETED') return [];
  const keys: string[] = [];
  for (const ds of cachedAll(c.memory.caches, 'daemonsets.apps')) {
    const now = shouldRun(object as unknown as Node, ds);
    const before = old && shouldRun(old as unknown as Node, ds);
    if (before ? before.run !== now.run || before.stay !== now.stay : now.run) keys.push(keyOf(ds));
  }
  return keys;
}
