import {
  controllerOf,
  isReason,
  matchesSelector,
  failure,
  type KubeObject,
  type V1OwnerReference,
} from '../apimachinery/index.ts';
import type { Change, EventObject } from '../client/index.ts';
import type { ResourceKey, ObjectOf } from '../apis/index.ts';
import type { DeedCode } from '../deeds.ts';
import type { V1LabelSelector } from '../../generated/types.ts';
import type { Control } from './controller.ts';
import { dependentsOf } from './indexes.ts';

/** An owner reference that makes `owner` the controller. Kubernetes: metav1.NewControllerRef. */
export const controllerRef = (owner: EventObject): V1OwnerReference => ({
  apiVersion: owner.apiVersion,
  kind: owner.kind,
  name: owner.metadata.name,
  uid: owner.metadata.uid!,
  controller: true,
  blockOwnerDeletion: true,
});

/**
 * Whether a change is plainly none of a kind's business: the object has a controller of another kind, and had it before. A quick
 * no for the many controllers that hear of every pod; a false answer decides nothing.
 */
export function isForeign(kind: string, { object, old }: Change): boolean {
  const owner = controllerOf(object);
  if (!owner || owner.kind === kind) return false;
  return !old || old.metadata.ownerReferences === object.metadata.ownerReferences;
}

/** What is to become of a possible child. */
export type Claim = 'own' | 'adopt' | 'release' | 'ignore';

/**
 * Whether a child belongs to an owner: its own and matching stays, its own and no longer matching is released, a matching
 * orphan is adopted. Whoever is being deleted neither adopts nor is adopted.
 * Kubernetes: pkg/controller/controller_ref_manager.go ClaimObject.
 */
function claimOf(owner: KubeObject, selector: V1LabelSelector | undefined, child: KubeObject): Claim {
  const controller = controllerOf(child);
  const matches = matchesSelector(selector, child.metadata.labels);
  if (controller) {
    if (controller.uid !== owner.metadata.uid) return 'ignore';
    if (matches) return 'own';
    return owner.metadata.deletionTimestamp ? 'ignore' : 'release';
  }
  if (owner.metadata.deletionTimestamp || !matches || child.metadata.deletionTimestamp) return 'ignore';
  return 'adopt';
}

/** Pure cache: the owner and selector under which a child, as it is, was last found to be the owner's own. */
const owned = new WeakMap<object, { readonly uid: string; readonly selector: V1LabelSelector | undefined }>();

/**
 * The children of an owner among one resource: its dependents and the namespace's orphans, adopting and releasing on the
 * way. `consider` leaves out what is never claimed (finished pods). A `finalizer` comes and goes with the ownership.
 */
export function claimChildren<R extends 'pods' | 'replicasets.apps' | 'controllerrevisions.apps'>(
  c: Control,
  ownerResource: ResourceKey,
  owner: KubeObject,
  selector: V1LabelSelector | undefined,
  resource: R,
  codes: { readonly adopt: DeedCode; readonly release: DeedCode },
  consider: (child: ObjectOf<R>) => boolean,
  finalizer?: string,
): ObjectOf<R>[] {
  const { caches, indexes } = c.memory;
  const mine: ObjectOf<R>[] = [];
  const objects = caches.get(resource)!.objects;
  const { uid } = owner.metadata;
  let checked = false;
  const consult = (key: string): void => {
    const object = objects.get(key);
    const child = object as unknown as ObjectOf<R>;
    if (!object || !consider(child)) return;
    const known = owned.get(object);
    if (known && known.uid === uid && known.selector === selector) {
      mine.push(child);
      return;
    }
    const claim = claimOf(owner, selector, object);
    if (claim === 'own') {
      owned.set(object, { uid, selector });
      mine.push(child);
    } else if (claim === 'release') {
      const kept = object.metadata.ownerReferences?.filter((o) => o.uid !== owner.metadata.uid) ?? [];
      writeOwners(c, resource, object, kept, without(object, finalizer), codes.release);
    } else if (claim === 'adopt') {
      // The cache may be stale: whoever is being deleted must not gather new children.
      if (!checked) recheck(c, ownerResource, owner);
      checked = true;
      const owners = [...(object.metadata.ownerReferences ?? []), controllerRef(owner as EventObject)];
      const adopted = writeOwners(c, resource, object, owners, withFinalizer(object, finalizer), codes.adopt);
      if (adopted) mine.push(adopted as unknown as ObjectOf<R>);
    }
  };
  for (const key of dependentsOf(indexes, resource, uid)) consult(key);
  for (const key of indexes.orphans.get(`${resource}/${owner.metadata.namespace}`) ?? []) consult(key);
  return mine;
}

function recheck(c: Control, resource: ResourceKey, owner: KubeObject): void {
  const { name, namespace, uid } = owner.metadata;
  const live = c.client.get(c.ctx, resource, name, namespace) as unknown as KubeObject;
  if (live.metadata.uid !== uid)
    throw failure(500, 'InternalError', `original ${owner.kind} ${namespace}/${name} is gone`);
  if (live.metadata.deletionTimestamp)
    throw failure(500, 'InternalError', `${namespace}/${name} has just been deleted`);
}

const without = ({ metadata: { finalizers } }: KubeObject, name: string | undefined): string[] | undefined =>
  finalizers?.filter((finalizer) => finalizer !== name);

const withFinalizer = ({ metadata: { finalizers = [] } }: KubeObject, name: string | undefined): string[] | undefined =>
  name === undefined || finalizers.includes(name) ? finalizers : [...finalizers, name];

function writeOwners(
  c: Control,
  resource: ResourceKey,
  child: KubeObject,
  ownerReferences: V1OwnerReference[],
  finalizers: string[] | undefined,
  code: DeedCode,
): KubeObject | undefined {
  const next = { ...child, metadata: { ...child.metadata, ownerReferences, ...(finalizers && { finalizers }) } };
  try {
    return c.client.update(c.ctx, resource, next as never, { why: { code } }) as unknown as KubeObject;
  } catch (error) {
    if (isReason(error, 'NotFound') || isReason(error, 'Invalid')) return undefined;
    throw error;
  }
}
