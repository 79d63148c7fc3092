import { equal, isReason, keyOf, splitKey, type KubeObject, type V1OwnerReference } from '../apimachinery/index.ts';
import type { ResourceKey } from '../apis/index.ts';
import { kinds } from '../apis/index.ts';
import type { Change } from '../client/index.ts';
import { kindIn } from './custom-kinds.ts';
import { tell, type Control, type Controller, type Watch } from './controller.ts';

const foreground = 'foregroundDeletion';
const orphan = 'orphan';

/** How an object's owners stand. */
export interface OwnerStates {
  /** They exist and stay. */
  readonly solid: readonly V1OwnerReference[];
  /** They are gone. */
  readonly dangling: readonly V1OwnerReference[];
  /** They wait, in foreground deletion, for this object. */
  readonly waiting: readonly V1OwnerReference[];
}

/** What becomes of an object. */
export type Fate =
  | { readonly do: 'keep' }
  /** Some owners stay: the others are struck from the list. */
  | { readonly do: 'unlink'; readonly gone: readonly V1OwnerReference[] }
  | { readonly do: 'delete'; readonly policy: 'Background' | 'Foreground' | 'Orphan' };

/**
 * Decides about an object by its owners: while one of them stays it lives; without any it goes. One whose owner waits for it
 * first deletes its own dependents.
 * Kubernetes: pkg/controller/garbagecollector attemptToDeleteItem.
 */
export function fateOf(object: KubeObject, owners: OwnerStates, hasDependents: boolean): Fate {
  const { solid, dangling, waiting } = owners;
  if (solid.length > 0) {
    const gone = [...dangling, ...waiting];
    return gone.length > 0 ? { do: 'unlink', gone } : { do: 'keep' };
  }
  if (dangling.length + waiting.length === 0) return { do: 'keep' };
  if (waiting.length > 0 && hasDependents) return { do: 'delete', policy: 'Foreground' };
  const finalizers = object.metadata.finalizers ?? [];
  if (finalizers.includes(orphan)) return { do: 'delete', policy: 'Orphan' };
  return { do: 'delete', policy: finalizers.includes(foreground) ? 'Foreground' : 'Background' };
}

/** Keys of the queue: `resource key`, since the collector deals with every kind. */
const itemOf = (resource: string, key: string): string => `${resource} ${key}`;

const collected = kinds.filter((kind) => kind.key !== 'events');

/**
 * Deletes what has lost its owners, ends foreground deletions and lets orphans go. Owners lead to their dependents by the
 * shared index; nothing is scanned.
 * Kubernetes: pkg/controller/garbagecollector.
 */
export const garbageCollector: Controller = {
  name: 'garbagecollector',
  watches: [...collected.map((kind) => kind.key), '*' as const].map((key): Watch => ({
    resource: key,
    keys: keysOfChange,
  })),
  reconcile(c, item) {
    const space = item.indexOf(' ');
    const resource = item.slice(0, space);
    const key = item.slice(space + 1);
    const object = c.memory.caches.get(resource)?.objects.get(key);
    if (!object) return;
    const { metadata } = object;
    if (metadata.deletionTimestamp) {
      if (metadata.finalizers?.includes(orphan)) releaseDependents(c, resource, object);
      else if (metadata.finalizers?.includes(foreground)) endForeground(c, resource, object);
      return;
    }
    if (!metadata.ownerReferences?.length) return;
    const live = read(c, resource, key);
    if (!live || live.metadata.uid !== metadata.uid || live.metadata.deletionTimestamp) return;
    const fate = fateOf(live, ownerStates(c, live), dependents(c, metadata.uid).length > 0);
    if (fate.do === 'unlink') unlink(c, resource, live, fate.gone);
    else if (fate.do === 'delete') {
      if (fate.policy === 'Foreground' && inCircle(c, metadata.uid)) unblock(c, resource, live);
      else collect(c, resource, live, fate.policy);
    }
  },
};

function keysOfChange(c: Control, { type, resource, key, object, old }: Change): readonly string[] {
  const { metadata } = object;
  const owners = metadata.ownerReferences;
  if (type === 'DELETED') {
    const items = dependents(c, metadata.uid).map(([r, k]) => itemOf(r, k));
    // An owner in foreground deletion may have waited for this one.
    for (const owner of owners ?? []) {
      const found = ownerInCache(c, object, owner);
      if (found?.object?.metadata.finalizers?.includes(foreground))
        items.push(itemOf(found.resource, keyOf(found.object)));
    }
    return items;
  }
  if (metadata.deletionTimestamp) {
    if (!metadata.finalizers?.length) return [];
    const item = itemOf(resource, key);
    if (metadata.finalizers.includes(orphan)) return [item];
    if (!metadata.finalizers.includes(foreground)) return [];
    const begins = !old?.metadata.deletionTimestamp || !old.metadata.finalizers?.includes(foreground);
    return begins ? [...dependents(c, metadata.uid).map(([r, k]) => itemOf(r, k)), item] : [item];
  }
  if (!owners?.length || equal(owners, old?.metadata.ownerReferences)) return [];
  const freed = old ? noLongerBlocked(c, object, old) : [];
  // All owners known: nothing to find out.
  const known = owners.every((owner) => {
    const found = ownerInCache(c, object, owner);
    return found?.object && !found.object.metadata.deletionTimestamp;
  });
  return known ? freed : [...freed, itemOf(resource, key)];
}

/** Owners that waited for an object which blocks them no more. Kubernetes: addUnblockedOwnersToDeleteQueue. */
function noLongerBlocked(c: Control, object: KubeObject, old: KubeObject): string[] {
  const items: string[] = [];
  for (const owner of old.metadata.ownerReferences ?? []) {
    const now = object.metadata.ownerReferences?.find(({ uid }) => uid === owner.uid);
    if (!owner.blockOwnerDeletion || now?.blockOwnerDeletion) continue;
    const found = ownerInCache(c, object, owner);
    if (found?.object?.metadata.finalizers?.includes(foreground))
      items.push(itemOf(found.resource, keyOf(found.object)));
  }
  return items;
}

/** Dependents of an owner over all kinds. */
function dependents(c: Control, uid: string): [resource: string, key: string][] {
  const found: [string, string][] = [];
  for (const [resource, table] of c.memory.indexes.dependents)
    for (const key of table.get(uid) ?? []) found.push([resource, key]);
  return found;
}

interface FoundOwner {
  readonly resource: ResourceKey;
  readonly key: string;
  /** Undefined when the cache has no such object, or one with another uid. */
  readonly object: KubeObject | undefined;
}

/** The owner as our cache knows it; undefined for a kind that nobody serves. */
function ownerInCache(c: Control, object: KubeObject, owner: V1OwnerReference): FoundOwner | undefined {
  const kind = kindIn(c.memory.caches, owner.apiVersion, owner.kind);
  if (!kind) return undefined;
  const key = kind.namespaced ? `${object.metadata.namespace}/${owner.name}` : owner.name;
  const found = c.memory.caches.get(kind.key)?.objects.get(key);
  return { resource: kind.key as ResourceKey, key, object: found?.metadata.uid === owner.uid ? found : undefined };
}

function read(c: Control, resource: string, key: string): KubeObject | undefined {
  const { namespace, name } = splitKey(key);
  try {
    return c.client.get(c.ctx, resource as ResourceKey, name, namespace || undefined) as unknown as KubeObject;
  } catch (error) {
    if (isReason(error, 'NotFound')) return undefined;
    throw error;
  }
}

/** Asks the API server about owners that the cache does not have: a deletion must never rest on stale news. */
function ownerStates(c: Control, object: KubeObject): OwnerStates {
  const states = {
    solid: [] as V1OwnerReference[],
    dangling: [] as V1OwnerReference[],
    waiting: [] as V1OwnerReference[],
  };
  for (const owner of object.metadata.ownerReferences ?? []) {
    const found = ownerInCache(c, object, owner);
    if (!found) {
      states.solid.push(owner); // an unknown kind: nothing can be said, so nothing is deleted
      continue;
    }
    const live = found.object ?? read(c, found.resource, found.key);
    if (!live || live.metadata.uid !== owner.uid) {
      states.dangling.push(owner);
      reportWrongNamespace(c, object, owner);
    } else if (live.metadata.deletionTimestamp && live.metadata.finalizers?.includes(foreground))
      states.waiting.push(owner);
    else states.solid.push(owner);
  }
  return states;
}

/** Tells of an owner that lives in another namespace: such a reference never holds. */
function reportWrongNamespace(c: Control, object: KubeObject, owner: V1OwnerReference): void {
  const kind = kindIn(c.memory.caches, owner.apiVersion, owner.kind);
  if (!kind?.namespaced) return;
  const { namespace } = object.metadata;
  for (const other of c.memory.caches.get(kind.key)?.objects.values() ?? []) {
    if (other.metadata.uid !== owner.uid || other.metadata.namespace === namespace) continue;
    const reference = `[${owner.apiVersion}/${owner.kind}, namespace: ${namespace}, name: ${owner.name}, uid: ${owner.uid}]`;
    const message = `ownerRef ${reference} does not exist in namespace "${namespace}"`;
    tell(c, 'garbage-collector-controller', object, 'Warning', 'OwnerRefInvalidNamespace', message);
    return;
  }
}

/** True when a dependent waits for its own dependents: the object may be one of them. Kubernetes: isDeletingDependents. */
const inCircle = (c: Control, uid: string): boolean =>
  dependents(c, uid).some(([r, k]) =>
    c.memory.caches.get(r)?.objects.get(k)?.metadata.finalizers?.includes(foreground),
  );

/** Lets the owners of an object go before it, so that those who wait for each other in a circle do not wait for ever. */
function unblock(c: Control, resource: string, object: KubeObject): void {
  const before = object.metadata.ownerReferences!;
  if (before.every((owner) => !owner.blockOwnerDeletion)) return collect(c, resource, object, 'Foreground');
  const ownerReferences = before.map((owner) => ({ ...owner, blockOwnerDeletion: false }));
  const next = { ...object, metadata: { ...object.metadata, ownerReferences } };
  c.client.update(c.ctx, resource as ResourceKey, next as never, { why: { code: 'garbagecollector.orphan' } });
}

function unlink(c: Control, resource: string, object: KubeObject, gone: readonly V1OwnerReference[]): void {
  const uids = new Set(gone.map((owner) => owner.uid));
  const ownerReferences = object.metadata.ownerReferences!.filter((owner) => !uids.has(owner.uid));
  const next = { ...object, metadata: { ...object.metadata, ownerReferences } };
  c.client.update(c.ctx, resource as ResourceKey, next as never, { why: { code: 'garbagecollector.orphan' } });
}

function collect(
  c: Control,
  resource: string,
  object: KubeObject,
  policy: 'Background' | 'Foreground' | 'Orphan',
): void {
  const { name, namespace, uid, ownerReferences } = object.metadata;
  const owner = ownerReferences?.[0];
  try {
    c.client.delete(c.ctx, resource as ResourceKey, name, namespace, {
      why: { code: 'garbagecollector.delete', params: { owner: owner ? `${owner.kind}/${owner.name}` : '' } },
      options: { propagationPolicy: policy, preconditions: { uid } },
    });
  } catch (error) {
    if (!isReason(error, 'NotFound')) throw error;
  }
}

/** Foreground deletion is over when no dependent is left that blocks it. */
function endForeground(c: Control, resource: string, object: KubeObject): void {
  const uid = object.metadata.uid;
  const blocked = dependents(c, uid).some(([r, k]) =>
    c.memory.caches
      .get(r)
      ?.objects.get(k)
      ?.metadata.ownerReferences?.some((owner) => owner.uid === uid && owner.blockOwnerDeletion),
  );
  if (!blocked) removeFinalizer(c, resource, object, foreground);
}

/** Strikes a deleted owner from its dependents, which live on, and then lets it go. */
function releaseDependents(c: Control, resource: string, owner: KubeObject): void {
  for (const [r, k] of dependents(c, owner.metadata.uid)) {
    const live = read(c, r, k);
    const mine = live?.metadata.ownerReferences?.filter((o) => o.uid === owner.metadata.uid);
    if (live && mine?.length) unlink(c, r, live, mine);
  }
  removeFinalizer(c, resource, owner, orphan);
}

function removeFinalizer(c: Control, resource: string, object: KubeObject, finalizer: string): void {
  const live = read(c, resource, keyOf(object));
  if (!live || live.metadata.uid !== object.metadata.uid || !live.metadata.finalizers?.includes(finalizer)) return;
  const finalizers = live.metadata.finalizers.filter((f) => f !== finalizer);
  const next = { ...live, metadata: { ...live.metadata, finalizers } };
  c.client.update(c.ctx, resource as ResourceKey, next as never, { why: { code: 'garbagecollector.finish' } });
}
