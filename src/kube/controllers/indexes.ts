import { controllerOf, type KubeObject } from '../apimachinery/index.ts';
import type { Pod } from '../apis/index.ts';
import type { Caches, Change } from '../client/index.ts';
import { emptyServiceIndex, updateServiceIndex, type ServiceIndex } from './service-index.ts';

/**
 * Ways into the caches that all controllers share, so that nobody scans: each costs O(1) per change and holds only keys.
 * Sets keep the order of insertion, which makes every walk through them reproducible.
 */
export interface Indexes {
  /** Resource → owner uid → keys of its dependents of that resource. */
  readonly dependents: Map<string, Map<string, Set<string>>>;
  /** `resource/namespace` → keys of pods, ReplicaSets and revisions without a controller: candidates for adoption. */
  readonly orphans: Map<string, Set<string>>;
  /** Node → keys of its pods; '' for unscheduled ones. */
  readonly podsByNode: Map<string, Set<string>>;
  /** Claim key → keys of the pods that name it. */
  readonly podsByClaim: Map<string, Set<string>>;
  /** Which pods each Service selects. */
  readonly services: ServiceIndex;
}

/** Empty indexes. */
export const emptyIndexes = (): Indexes => ({
  dependents: new Map(),
  orphans: new Map(),
  podsByNode: new Map(),
  podsByClaim: new Map(),
  services: emptyServiceIndex(),
});

function add(index: Map<string, Set<string>>, at: string, key: string): void {
  const keys = index.get(at);
  if (keys) keys.add(key);
  else index.set(at, new Set([key]));
}

function remove(index: Map<string, Set<string>>, at: string, key: string): void {
  const keys = index.get(at);
  if (keys?.delete(key) && keys.size === 0) index.delete(at);
}

/** The owner → dependents table of one resource. */
function dependentsTable(indexes: Indexes, resource: string): Map<string, Set<string>> {
  let table = indexes.dependents.get(resource);
  if (!table) indexes.dependents.set(resource, (table = new Map()));
  return table;
}

const adoptable = new Set(['pods', 'replicasets.apps', 'controllerrevisions.apps']);
const nodeOf = (object: KubeObject): string => (object['spec'] as { nodeName?: string } | undefined)?.nodeName ?? '';

/** Keys of the claims that a pod names; volumes never change. */
export function claimKeysOf({ metadata, spec }: Pod): readonly string[] {
  const keys: string[] = [];
  for (const { persistentVolumeClaim } of spec?.volumes ?? [])
    if (persistentVolumeClaim) keys.push(`${metadata.namespace}/${persistentVolumeClaim.claimName}`);
  return keys;
}

function enter(indexes: Indexes, resource: string, key: string, object: KubeObject): void {
  const owners = object.metadata.ownerReferences;
  if (owners) for (const owner of owners) add(dependentsTable(indexes, resource), owner.uid, key);
  if (adoptable.has(resource) && !controllerOf(object))
    add(indexes.orphans, `${resource}/${object.metadata.namespace}`, key);
  if (resource !== 'pods') return;
  add(indexes.podsByNode, nodeOf(object), key);
  for (const claim of claimKeysOf(object as unknown as Pod)) add(indexes.podsByClaim, claim, key);
}

function leave(indexes: Indexes, resource: string, key: string, object: KubeObject): void {
  const owners = object.metadata.ownerReferences;
  if (owners) for (const owner of owners) remove(dependentsTable(indexes, resource), owner.uid, key);
  if (adoptable.has(resource)) remove(indexes.orphans, `${resource}/${object.metadata.namespace}`, key);
  if (resource !== 'pods') return;
  remove(indexes.podsByNode, nodeOf(object), key);
  for (const claim of claimKeysOf(object as unknown as Pod)) remove(indexes.podsByClaim, claim, key);
}

/** By value: an index must not depend on which objects happen to be shared. */
function sameOwners(a: KubeObject, b: KubeObject): boolean {
  const mine = a.metadata.ownerReferences ?? [];
  const theirs = b.metadata.ownerReferences ?? [];
  return (
    mine === theirs ||
    (mine.length === theirs.length &&
      mine.every((owner, i) => owner.uid === theirs[i]!.uid && owner.controller === theirs[i]!.controller))
  );
}

/** Keeps the indexes in step with a cache's change. */
export function updateIndexes(indexes: Indexes, caches: Caches, change: Change): void {
  const { type, resource, key, object, old } = change;
  updateServiceIndex(indexes.services, caches, change);
  if (type === 'ADDED') enter(indexes, resource, key, object);
  else if (type === 'DELETED') leave(indexes, resource, key, old ?? object);
  else if (!sameOwners(old!, object) || (resource === 'pods' && nodeOf(old!) !== nodeOf(object))) {
    leave(indexes, resource, key, old!);
    enter(indexes, resource, key, object);
  }
}

const none: ReadonlySet<string> = new Set();

/** Keys of an owner's dependents of one resource. */
export const dependentsOf = (indexes: Indexes, resource: string, ownerUid: string): ReadonlySet<string> =>
  indexes.dependents.get(resource)?.get(ownerUid) ?? none;
