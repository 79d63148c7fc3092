import { isReason, keyOf } from '../../apimachinery/index.ts';
import type { ControllerRevision, Pod, StatefulSet } from '../../apis/index.ts';
import { cached, cachedAll, type Change } from '../../client/index.ts';
import { managerAddress, ownMemory, requeue, tell, type Control, type Controller } from '../controller.ts';
import { templateHash } from '../deployment/hash.ts';
import {
  expectChanges,
  observeCreation,
  observeDeletion,
  patienceMs,
  satisfied,
  type Expectations,
} from '../expectations.ts';
import { isOfTemplate, newRevision, renumber, revisionsOf, storeRevision, truncateHistory } from '../history.ts';
import { keysOfOwnedPod, type OwnerKind } from '../owner-keys.ts';
import { claimChildren } from '../ownership.ts';
import { apiFailure } from '../podcontrol.ts';
import { nextAvailableMs } from '../pods.ts';
import { claimsOf, makeClaims, ownClaims } from './claims.ts';
import { identityMatches, isMember, revisionOf, withIdentity } from './identity.ts';
import { planSet, type SetPlan, type Step } from './plan.ts';
import { differs, statefulSetStatus } from './status.ts';

const component = 'statefulset-controller';

/** What the controller remembers, by key of the StatefulSet. */
interface Memory {
  /** What was asked for and is not yet seen: a cache that lags behind would make it ask twice. Kubernetes 1.36: consistency store. */
  readonly expectations: Expectations;
  /** resourceVersion of its last status write. */
  readonly written: Map<string, string>;
  /** What it waits for, so that each wait is told once. */
  readonly waits: Map<string, string>;
}

const owners: OwnerKind = {
  kind: 'StatefulSet',
  resource: 'statefulsets.apps',
  expectations: (c) => ownMemory<Memory>(c).expectations,
  moved: (before, pod) => before.status?.phase !== pod.status?.phase,
};

/** Gives each pod of a StatefulSet a name that stays, and changes them in order. Kubernetes: pkg/controller/statefulset. */
export const statefulSetController: Controller = {
  name: 'statefulset',
  memory: (): Memory => ({ expectations: new Map(), written: new Map(), waits: new Map() }),
  watches: [
    { resource: 'statefulsets.apps', keys: keysOfSet },
    { resource: 'pods', keys: keysOfOwnedPod(owners) },
    { resource: 'persistentvolumeclaims', keys: keysOfClaim },
    // Read only: a revision that is deleted is made again by the next round, and none begins for it.
    { resource: 'controllerrevisions.apps', keys: () => [] },
  ],
  reconcile(c, key) {
    const set = cached(c.memory.caches, 'statefulsets.apps', key);
    const memory = ownMemory<Memory>(c);
    if (!set?.spec) {
      for (const map of [memory.expectations, memory.written, memory.waits]) map.delete(key);
      return;
    }
    // A cache that does not show the last write yet: this round compares with an old status, so the write's return counts.
    if (Number(memory.written.get(key) ?? 0) > Number(set.metadata.resourceVersion)) memory.written.delete(key);
    if (satisfied(memory.expectations, key, c.ctx.now)) sync(c, key, set);
    else requeue(c, key, patienceMs(memory.expectations, key, c.ctx.now));
  },
};

function sync(c: Control, key: string, set: StatefulSet): void {
  const revisions = revisionsOf(c, 'statefulsets.apps', set);
  const pods = podsOf(c, set);
  const { current, update, collisionCount } = history(c, set, revisions);
  const { now } = c.ctx;
  let plan: SetPlan = { steps: [], wait: undefined, outdated: 0 };
  if (!set.metadata.deletionTimestamp) plan = planSet(set, pods, current, update, claimsOf(c, set), now);
  const failed = perform(c, key, set, plan);
  const outdated = failed ? 0 : plan.outdated;
  writeStatus(c, key, set, statefulSetStatus(set, pods, current, update, collisionCount, outdated, now));
  noteWait(c, key, set, plan);
  if (failed) throw failed;
  const live = new Set([current.metadata.name, update.metadata.name, ...pods.map(revisionOf)]);
  const spare = revisions.filter(({ metadata }) => !live.has(metadata.name));
  truncateHistory(c, spare, spare.length - (set.spec!.revisionHistoryLimit ?? 10), 'statefulset');
  const next = nextAvailableMs(pods, set.spec!.minReadySeconds ?? 0, now);
  if (next !== undefined) requeue(c, key, next);
}

/** The pods that bear the set's name. */
const podsOf = (c: Control, set: StatefulSet): Pod[] =>
  claimChildren(
    c,
    'statefulsets.apps',
    set as never,
    set.spec!.selector,
    'pods',
    { adopt: 'statefulset.adopt', release: 'statefulset.release' },
    (pod) => isMember(set, pod),
  );

/** The revision that the pods are of, and the one that they are to become. Kubernetes: getStatefulSetRevisions. */
function history(
  c: Control,
  set: StatefulSet,
  revisions: ControllerRevision[],
): { current: ControllerRevision; update: ControllerRevision; collisionCount: number } {
  const { template } = set.spec!;
  const newest = revisions.at(-1);
  const number = (newest?.revision ?? 0) + 1;
  const equal = revisions.findLast((revision) => isOfTemplate(revision, template));
  let collisionCount = set.status?.collisionCount ?? 0;
  let update: ControllerRevision | undefined;
  if (equal) {
    update = equal === newest ? equal : renumber(c, equal, number, 'statefulset');
    revisions[revisions.indexOf(equal)] = update;
  }
  while (!update) {
    const hash = templateHash(template, collisionCount);
    const labels = { 'controller.kubernetes.io/hash': hash };
    const made = storeRevision(c, set, newRevision(set, labels, hash, number), 'statefulset');
    if (made === 'collision') collisionCount++;
    else update = made;
  }
  const current = revisions.find(({ metadata }) => metadata.name === set.status?.currentRevision) ?? update;
  return { current, update, collisionCount };
}

/**
 * Does as planned. In order the first failure ends it; in parallel a batch of 1, 2, 4, … steps is tried before a failure does.
 * Returns the first failure.
 */
function perform(c: Control, key: string, set: StatefulSet, { steps }: SetPlan): Error | undefined {
  const { expectations } = ownMemory<Memory>(c);
  const gone = steps.flatMap((step) => (step.do === 'delete' ? [keyOf(step.pod)] : []));
  expectChanges(expectations, key, steps.filter((step) => step.do === 'create').length, gone, c.ctx.now);
  let failure: Error | undefined;
  let end = 1; // first step beyond the batch
  for (const [i, step] of steps.entries()) {
    if (i === end) {
      if (failure) unexpect(expectations, key, steps.slice(i));
      if (failure) break;
      end = 2 * end + 1;
    }
    try {
      take(c, set, step);
    } catch (error) {
      unexpect(expectations, key, [step]);
      failure ??= apiFailure(error);
      if (set.spec?.podManagementPolicy === 'Parallel') continue;
      unexpect(expectations, key, steps.slice(i + 1));
      break;
    }
  }
  return failure;
}

/** What was not done will not be seen. */
function unexpect(expectations: Expectations, key: string, steps: readonly Step[]): void {
  for (const step of steps)
    if (step.do === 'create') observeCreation(expectations, key, 1);
    else if (step.do === 'delete') observeDeletion(expectations, key, keyOf(step.pod));
}

function take(c: Control, set: StatefulSet, step: Step): void {
  const { name: setName, namespace } = set.metadata;
  const said = (verb: 'Create' | 'Delete' | 'Update', name: string, error?: unknown): void => {
    const what = `${verb} Pod ${name} in StatefulSet ${setName}`;
    if (error)
      tell(c, component, set, 'Warning', `Failed${verb}`, `${what} failed error: ${apiFailure(error).message}`);
    else tell(c, component, set, 'Normal', `Successful${verb}`, `${what} successful`);
  };
  if (step.do === 'create') {
    const name = step.pod.metadata!.name!;
    try {
      makeClaims(c, set, name);
      c.client.create(c.ctx, 'pods', step.pod, { why: step.why });
      said('Create', name);
    } catch (error) {
      if (!isReason(error, 'AlreadyExists')) said('Create', name, error);
      throw error;
    }
  } else if (step.do === 'delete') {
    const { name } = step.pod.metadata;
    try {
      c.client.delete(c.ctx, 'pods', name, namespace, { why: step.why });
      said('Delete', name);
    } catch (error) {
      said('Delete', name, error);
      throw error;
    }
  } else if (step.do === 'claims') {
    if (step.pod.status?.phase === 'Pending') makeClaims(c, set, step.pod.metadata.name);
    ownClaims(c, set, step.pod);
  } else {
    const { name } = step.pod.metadata;
    try {
      ownClaims(c, set, step.pod);
      if (!identityMatches(step.pod))
        c.client.update(c.ctx, 'pods', withIdentity(step.pod), { why: { code: 'statefulset.update-identity' } });
      said('Update', name);
    } catch (error) {
      said('Update', name, error);
      throw error;
    }
  }
}

/** Writes the status when it differs; after a conflict once more on the live object. */
function writeStatus(c: Control, key: string, set: StatefulSet, status: NonNullable<StatefulSet['status']>): void {
  if (!differs(set.status, status)) return;
  const write = (on: StatefulSet): StatefulSet =>
    c.client.updateStatus(c.ctx, 'statefulsets.apps', { ...on, status }, { why: { code: 'statefulset.status' } });
  try {
    ownMemory<Memory>(c).written.set(key, write(set).metadata.resourceVersion);
  } catch (error) {
    if (!isReason(error, 'Conflict')) throw error;
    write(c.client.get(c.ctx, 'statefulsets.apps', set.metadata.name, set.metadata.namespace));
  }
}

/** Writes down what the set waits for now, once for each wait: nothing is written to the API for it, and it explains a pause. */
function noteWait(c: Control, key: string, set: StatefulSet, { wait }: SetPlan): void {
  const { waits } = ownMemory<Memory>(c);
  const text = wait && `${wait.pod} ${wait.until}`;
  if (waits.get(key) === text) return;
  if (!wait) {
    waits.delete(key);
    return;
  }
  waits.set(key, text!);
  const params = { pod: wait.pod, ...(wait.until === 'available' && { seconds: set.spec!.minReadySeconds! }) };
  const { uid } = set.metadata;
  c.ctx.record({
    by: managerAddress,
    code: `statefulset.wait-${wait.until}`,
    ref: `statefulsets.apps/${key}`,
    uid,
    params,
  });
}

/** The set itself, unless it is the controller's own status write that comes back. */
function keysOfSet(c: Control, { type, key, object }: Change): readonly string[] {
  if (type === 'DELETED') ownMemory<Memory>(c).expectations.delete(key); // another one of that name waits for nothing
  return type === 'MODIFIED' && ownMemory<Memory>(c).written.get(key) === object.metadata.resourceVersion ? [] : [key];
}

/** Sets that wait until an earlier claim of a name is gone. */
function keysOfClaim(c: Control, { type, object: { metadata } }: Change): readonly string[] {
  if (type !== 'DELETED') return [];
  const keys: string[] = [];
  for (const set of cachedAll(c.memory.caches, 'statefulsets.apps'))
    if (set.metadata.namespace === metadata.namespace)
      for (const template of set.spec?.volumeClaimTemplates ?? [])
        if (metadata.name.startsWith(`${template.metadata.name}-${set.metadata.name}-`)) keys.push(keyOf(set));
  return keys;
}
