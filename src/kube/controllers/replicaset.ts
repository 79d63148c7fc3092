import type { V1ReplicaSetCondition, V1ReplicaSetStatus } from '../../generated/types.ts';
import {
  controllerOf,
  isReason,
  keyOf,
  matchesMap,
  matchesSelector,
  timestamp,
  type KubeObject,
} from '../apimachinery/index.ts';
import type { Pod, ReplicaSet } from '../apis/index.ts';
import type { Why } from '../deeds.ts';
import { cached, type Change } from '../client/index.ts';
import { requeue, ownMemory, type Control, type Controller } from './controller.ts';
import {
  expectCreations,
  expectDeletions,
  observeCreation,
  observeDeletion,
  satisfied,
  type Expectations,
} from './expectations.ts';
import { dependentsOf } from './indexes.ts';
import { claimChildren, isForeign } from './ownership.ts';
import { createPods, deletePods, podFrom, type PodOwner } from './podcontrol.ts';
import { isAvailable, nextAvailableMs, podFacts, sameFacts } from './pods.ts';
import { podsToDelete } from './ranking.ts';
import { count, tallyOf, type Tally } from './tally.ts';
import { sameMap } from './equal.ts';

/** Pods that one reconcile creates or deletes at most. Kubernetes: BurstReplicas. */
const burstReplicas = 500;

/**
 * What differs between a ReplicaSet and a ReplicationController: one controller serves both, and sees the older kind through
 * an adapter. Kubernetes: pkg/controller/replication/conversion.go.
 */
export interface Replicated {
  /** Also the first part of its deeds: `replicaset.create-pod`. */
  readonly name: 'replicaset' | 'replicationcontroller';
  readonly resource: 'replicasets.apps' | 'replicationcontrollers';
  readonly kind: 'ReplicaSet' | 'ReplicationController';
  /** In whose name events are told. */
  readonly component: string;
  /** The object as a ReplicaSet; the same one each time it is asked about the same object. */
  view(object: KubeObject): ReplicaSet;
  /** The status as the kind has it. */
  status(status: V1ReplicaSetStatus): V1ReplicaSetStatus;
}

/** A controller with the kind that it serves. */
interface ReplicatedController extends Controller {
  readonly of: Replicated;
}

/** The kind that the controller at work serves. */
const served = (c: Control): Replicated => (c.controller as ReplicatedController).of;

/** The ReplicaSet of a key, as the controller at work sees it. */
function setOf(c: Control, key: string): ReplicaSet | undefined {
  const { resource, view } = served(c);
  const object = c.memory.caches.get(resource)?.objects.get(key);
  return object && view(object);
}

/** What one reconcile does about the number of pods. */
export interface ReplicaPlan {
  readonly create: number;
  readonly remove: readonly Pod[];
}

/** Compares the pods that count with `spec.replicas`: creates the missing ones, or chooses who goes. At most 500 at a time. */
export function planReplicas(rs: ReplicaSet, active: readonly Pod[], related: Iterable<Pod>, now: number): ReplicaPlan {
  const difference = active.length - (rs.spec?.replicas ?? 1);
  if (difference < 0) return { create: Math.min(-difference, burstReplicas), remove: [] };
  if (difference === 0) return { create: 0, remove: [] };
  return { create: 0, remove: podsToDelete(active, related, Math.min(difference, burstReplicas), now) };
}

/** The numbers of a status. */
interface Counts {
  readonly replicas: number;
  readonly labelled: number;
  readonly ready: number;
  readonly available: number;
  readonly terminating: number;
}

function countPods(rs: ReplicaSet, active: readonly Pod[], terminating: number, now: number): Counts {
  const templateLabels = rs.spec?.template?.metadata?.labels ?? {};
  const minReadySeconds = rs.spec?.minReadySeconds ?? 0;
  let labelled = 0;
  let ready = 0;
  let available = 0;
  for (const pod of active) {
    if (matchesMap(templateLabels, pod.metadata.labels)) labelled++;
    if (!podFacts(pod).ready) continue;
    ready++;
    if (isAvailable(pod, minReadySeconds, now)) available++;
  }
  return { replicas: active.length, labelled, ready, available, terminating };
}

/**
 * The status that fits the pods. `failure` is the error of this reconcile's creations or deletions: it becomes the condition
 * ReplicaFailure until a reconcile goes well. Kubernetes: pkg/controller/replicaset/replica_set_utils.go calculateStatus.
 */
export const replicaSetStatus = (
  rs: ReplicaSet,
  active: readonly Pod[],
  terminating: number,
  failure: Error | undefined,
  now: number,
): V1ReplicaSetStatus => statusOf(rs, countPods(rs, active, terminating, now), failure, now);

function statusOf(rs: ReplicaSet, of: Counts, failure: Error | undefined, now: number): V1ReplicaSetStatus {
  const conditions = conditionsOf(rs, of.replicas, failure, now);
  return {
    replicas: of.replicas,
    ...(of.labelled > 0 && { fullyLabeledReplicas: of.labelled }),
    ...(of.ready > 0 && { readyReplicas: of.ready }),
    ...(of.available > 0 && { availableReplicas: of.available }),
    terminatingReplicas: of.terminating,
    observedGeneration: rs.metadata.generation ?? 0,
    ...(conditions.length > 0 && { conditions }),
  };
}

function conditionsOf(rs: ReplicaSet, count: number, failure: Error | undefined, now: number): V1ReplicaSetCondition[] {
  const old = rs.status?.conditions ?? [];
  const failed = old.some((condition) => condition.type === 'ReplicaFailure');
  if (failure && !failed) {
    const reason = count < (rs.spec?.replicas ?? 1) ? 'FailedCreate' : 'FailedDelete';
    return [
      ...old,
      { type: 'ReplicaFailure', status: 'True', lastTransitionTime: timestamp(now), reason, message: failure.message },
    ];
  }
  return !failure && failed ? old.filter((condition) => condition.type !== 'ReplicaFailure') : old;
}

const counts = [
  'replicas',
  'fullyLabeledReplicas',
  'readyReplicas',
  'availableReplicas',
  'terminatingReplicas',
  'observedGeneration',
] as const;

const sameStatus = (a: V1ReplicaSetStatus | undefined, b: V1ReplicaSetStatus): boolean =>
  a !== undefined &&
  counts.every((field) => a[field] === b[field]) &&
  (a.conditions === b.conditions || JSON.stringify(a.conditions) === JSON.stringify(b.conditions));

/** What the controller remembers, by key of the ReplicaSet. */
interface Memory {
  readonly expectations: Expectations;
  /** resourceVersion of its last status write. */
  readonly written: Map<string, string>;
  /** By uid of the ReplicaSet. */
  readonly tallies: Map<string, Tally>;
}

/** The ReplicaSet itself, unless it is the controller's own status write that comes back: it has been acted on already. */
function keysOfReplicaSet(c: Control, { type, key, object }: Change): readonly string[] {
  const { expectations, written, tallies } = ownMemory<Memory>(c);
  if (type === 'DELETED') {
    tallies.delete(object.metadata.uid);
    expectations.delete(key); // another one of that name waits for nothing
  }
  return type === 'MODIFIED' && written.get(key) === object.metadata.resourceVersion ? [] : [key];
}

/** The ReplicaSet's tally, counted anew when there is none for its present generation. */
function tallyFor(c: Control, rs: ReplicaSet): Tally {
  const { tallies } = ownMemory<Memory>(c);
  const known = tallies.get(rs.metadata.uid);
  if (known?.generation === rs.metadata.generation) return known!;
  const pods: Pod[] = [];
  for (const key of dependentsOf(c.memory.indexes, 'pods', rs.metadata.uid)) {
    const pod = cached(c.memory.caches, 'pods', key);
    if (pod) pods.push(pod);
  }
  const tally = tallyOf(rs, pods);
  tallies.set(rs.metadata.uid, tally);
  return tally;
}

/**
 * The counts, when they are all that a reconcile needs: nothing to create, delete, adopt or release, and nobody whose
 * readiness has to last. Undefined when the pods themselves must be looked at.
 */
function quickCount(c: Control, key: string, rs: ReplicaSet): Counts | undefined {
  const { active, labelled, ready, terminating, stray } = tallyFor(c, rs);
  if (stray > 0 || (rs.spec?.minReadySeconds ?? 0) > 0) return undefined;
  if (c.memory.indexes.orphans.get(`pods/${rs.metadata.namespace}`)?.size) return undefined;
  const manages = !rs.metadata.deletionTimestamp && satisfied(ownMemory<Memory>(c).expectations, key, c.ctx.now);
  if (manages && active !== (rs.spec?.replicas ?? 1)) return undefined;
  return { replicas: active, labelled, ready, available: ready, terminating };
}

/** Certainly the same to a tally; parts that are the same object need no comparison. */
const sameCount = (a: Pod, b: Pod): boolean =>
  a.metadata.labels === b.metadata.labels &&
  a.metadata.ownerReferences === b.metadata.ownerReferences &&
  sameFacts(a, b);

/** Keeps the tallies of the ReplicaSets before and after a pod's change. */
function retally(c: Control, { type, object, old }: Change): void {
  const { tallies } = ownMemory<Memory>(c);
  if (tallies.size === 0) return;
  if (type === 'MODIFIED' && sameCount(old as unknown as Pod, object as unknown as Pod)) return;
  const move = (pod: Pod, by: 1 | -1): void => {
    const owner = controllerOf(pod);
    const tally = owner && tallies.get(owner.uid);
    if (!tally) return;
    const rs = setOf(c, `${pod.metadata.namespace}/${owner.name}`);
    if (rs?.metadata.uid !== owner.uid || rs.metadata.generation !== tally.generation) tallies.delete(owner.uid);
    else count(tally, rs, pod, by);
  };
  if (type !== 'ADDED') move((old ?? object) as unknown as Pod, -1);
  if (type !== 'DELETED') move(object as unknown as Pod, 1);
}

/** The controller of a kind that keeps a number of pods. Kubernetes: pkg/controller/replicaset/replica_set.go. */
export const replicatedController = (of: Replicated): Controller => {
  const controller: ReplicatedController = {
    name: of.name,
    of,
    memory: (): Memory => ({ expectations: new Map(), written: new Map(), tallies: new Map() }),
    watches: [
      { resource: of.resource, keys: keysOfReplicaSet },
      { resource: 'pods', keys: keysOfPod },
    ],
    reconcile,
  };
  return controller;
};

/** Keeps the number of a ReplicaSet's pods at `spec.replicas`. */
export const replicaSetController = replicatedController({
  name: 'replicaset',
  resource: 'replicasets.apps',
  kind: 'ReplicaSet',
  component: 'replicaset-controller',
  view: (object) => object as unknown as ReplicaSet,
  status: (status) => status,
});

function reconcile(c: Control, key: string): void {
  const rs = setOf(c, key);
  const { expectations, written } = ownMemory<Memory>(c);
  if (!rs) {
    expectations.delete(key);
    written.delete(key);
    return;
  }
  // A cache that does not show the last write yet: this round compares with an old status, so the write's return counts.
  if (Number(written.get(key) ?? 0) > Number(rs.metadata.resourceVersion)) written.delete(key);
  const counted = quickCount(c, key, rs);
  if (counted) {
    writeStatus(c, rs, statusOf(rs, counted, undefined, c.ctx.now));
    return;
  }
  const { name, resource } = served(c);
  let terminating = 0;
  const active = claimChildren(
    c,
    resource,
    rs as never,
    rs.spec?.selector,
    'pods',
    { adopt: `${name}.adopt`, release: `${name}.release` },
    (pod) => {
      const facts = podFacts(pod);
      if (facts.terminating && controllerOf(pod)?.uid === rs.metadata.uid)
        if (matchesSelector(rs.spec?.selector, pod.metadata.labels)) terminating++;
      return facts.active;
    },
  );
  let failure: Error | undefined;
  if (!rs.metadata.deletionTimestamp && satisfied(expectations, key, c.ctx.now))
    failure = manage(c, key, rs, active, expectations);
  writeStatus(c, rs, replicaSetStatus(rs, active, terminating, failure, c.ctx.now));
  const minReadySeconds = rs.spec?.minReadySeconds ?? 0;
  if (minReadySeconds > 0) {
    const next = nextAvailableMs(active, minReadySeconds, c.ctx.now);
    if (next !== undefined) requeue(c, key, next);
  }
  if (failure) throw failure;
}

/** Creates or deletes pods; returns the first error after having noted all that went well. */
function manage(
  c: Control,
  key: string,
  rs: ReplicaSet,
  active: readonly Pod[],
  expectations: Expectations,
): Error | undefined {
  const plan = planReplicas(rs, active, relatedPods(c, rs, active), c.ctx.now);
  const { name, component } = served(c);
  const owner: PodOwner = { component, object: rs, key, expectations };
  const params = { desired: rs.spec?.replicas ?? 1, current: active.length };
  if (plan.create > 0) {
    const pod = podFrom(rs, rs.spec!.template!);
    const why: Why = { code: `${name}.create-pod`, params };
    expectCreations(expectations, key, plan.create, c.ctx.now);
    return createPods(
      c,
      owner,
      plan.create,
      () => pod,
      () => why,
    );
  }
  if (plan.remove.length === 0) return undefined;
  const why: Why = { code: `${name}.delete-pod`, params };
  expectDeletions(expectations, key, plan.remove.map(keyOf), c.ctx.now);
  return deletePods(c, owner, plan.remove, () => why);
}

/**
 * Pods of all ReplicaSets under the same controller: siblings count when a node is said to be crowded.
 * Gathered only when somebody asks: few reconciles choose whom to delete.
 */
function* relatedPods(c: Control, rs: ReplicaSet, active: readonly Pod[]): Iterable<Pod> {
  const owner = controllerOf(rs);
  if (!owner) {
    yield* active;
    return;
  }
  const seen = new Set<string>();
  for (const key of dependentsOf(c.memory.indexes, 'replicasets.apps', owner.uid)) {
    const sibling = cached(c.memory.caches, 'replicasets.apps', key);
    if (!sibling) continue;
    for (const podKey of dependentsOf(c.memory.indexes, 'pods', sibling.metadata.uid)) {
      const pod = cached(c.memory.caches, 'pods', podKey);
      if (!pod || seen.has(podKey) || !matchesSelector(sibling.spec?.selector, pod.metadata.labels)) continue;
      seen.add(podKey);
      yield pod;
    }
  }
}

/** Writes the status when it differs; after a conflict once more on the live object. */
function writeStatus(c: Control, rs: ReplicaSet, wanted: V1ReplicaSetStatus): void {
  const { name, resource } = served(c);
  const status = served(c).status(wanted);
  if (sameStatus(rs.status, status)) return;
  const why = { code: `${name}.status` } as const;
  const write = (on: object): { metadata: { resourceVersion: string } } =>
    c.client.updateStatus(c.ctx, resource, { ...on, status } as never, { why });
  const key = keyOf(rs);
  try {
    const stored = c.memory.caches.get(resource)!.objects.get(key)!;
    ownMemory<Memory>(c).written.set(key, write(stored).metadata.resourceVersion);
  } catch (error) {
    if (!isReason(error, 'Conflict')) throw error;
    write(c.client.get(c.ctx, resource, rs.metadata.name, rs.metadata.namespace));
  }
}

/** ReplicaSets that a pod's change concerns: its controller, its former controller, or all that might adopt it. */
function keysOfPod(c: Control, change: Change): readonly string[] {
  if (isForeign(served(c).kind, change)) return [];
  const { type, object, old } = change;
  const pod = object as unknown as Pod;
  const owner = ownerKey(c, pod);
  retally(c, change);
  if (type === 'DELETED' || pod.metadata.deletionTimestamp) {
    if (!owner) return [];
    observeDeletion(ownMemory<Memory>(c).expectations, owner, keyOf(pod));
    return [owner];
  }
  if (type === 'ADDED') {
    if (!owner) return controllerOf(pod) ? [] : adopters(c, pod);
    observeCreation(ownMemory<Memory>(c).expectations, owner, 1);
    return [owner];
  }
  const before = old as unknown as Pod;
  const keys: string[] = [];
  const ownerChanged = controllerOf(before)?.uid !== controllerOf(pod)?.uid;
  if (ownerChanged) {
    const former = ownerKey(c, before);
    if (former) keys.push(former);
  }
  if (owner) {
    // Most changes of a pod (its node, its containers) leave a ReplicaSet nothing to do.
    if (ownerChanged || !sameMap(before.metadata.labels, pod.metadata.labels) || !sameFacts(before, pod))
      keys.push(owner);
  } else if (!controllerOf(pod) && (ownerChanged || !sameMap(before.metadata.labels, pod.metadata.labels)))
    keys.push(...adopters(c, pod));
  return keys;
}

/** Key of the ReplicaSet that controls a pod, when it still exists. */
function ownerKey(c: Control, pod: Pod): string | undefined {
  const owner = controllerOf(pod);
  if (owner?.kind !== served(c).kind) return undefined;
  const key = `${pod.metadata.namespace}/${owner.name}`;
  return setOf(c, key)?.metadata.uid === owner.uid ? key : undefined;
}

function adopters(c: Control, pod: Pod): string[] {
  const { resource, view } = served(c);
  const keys: string[] = [];
  for (const object of c.memory.caches.get(resource)?.objects.values() ?? []) {
    if (object.metadata.namespace !== pod.metadata.namespace) continue;
    if (matchesSelector(view(object).spec?.selector, pod.metadata.labels)) keys.push(keyOf(object));
  }
  return keys;
}
