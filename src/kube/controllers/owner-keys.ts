import { controllerOf, keyOf, matchesSelector } from '../apimachinery/index.ts';
import type { Pod } from '../apis/index.ts';
import { cached, cachedAll, type Change } from '../client/index.ts';
import type { Control } from './controller.ts';
import { sameMap } from './equal.ts';
import { observeCreation, observeDeletion, type Expectations } from './expectations.ts';
import { isForeign } from './ownership.ts';
import { sameFacts } from './pods.ts';

/** A kind that owns pods and revisions by a selector, and expects what it has asked for. */
export interface OwnerKind {
  readonly kind: 'DaemonSet' | 'StatefulSet';
  readonly resource: 'daemonsets.apps' | 'statefulsets.apps';
  expectations(c: Control): Expectations;
  /** Whether a change of a pod beyond its labels and readiness gives its owner something to do. */
  moved(before: Pod, pod: Pod): boolean;
}

type Child = Change['object'];

/** Key of the owner that controls an object, when it still exists. */
function ownerKey(c: Control, { kind, resource }: OwnerKind, object: Child): string | undefined {
  const owner = controllerOf(object);
  if (owner?.kind !== kind) return undefined;
  const key = `${object.metadata.namespace}/${owner.name}`;
  return cached(c.memory.caches, resource, key)?.metadata.uid === owner.uid ? key : undefined;
}

/** Owners of its namespace whose selector fits an object. */
function adopters(c: Control, { resource }: OwnerKind, { metadata }: Child): string[] {
  const keys: string[] = [];
  for (const owner of cachedAll(c.memory.caches, resource)) {
    if (owner.metadata.namespace === metadata.namespace && matchesSelector(owner.spec?.selector, metadata.labels))
      keys.push(keyOf(owner));
  }
  return keys;
}

/** Owners that a revision's change concerns: its controller, or all that might adopt it. */
export const keysOfRevision =
  (owners: OwnerKind) =>
  (c: Control, { type, object }: Change): readonly string[] => {
    const owner = ownerKey(c, owners, object);
    if (owner) return [owner];
    return type === 'DELETED' || controllerOf(object) ? [] : adopters(c, owners, object);
  };

/** Owners that a pod's change concerns: its controller, its former controller, or all that might adopt it. */
export const keysOfOwnedPod =
  (owners: OwnerKind) =>
  (c: Control, change: Change): readonly string[] => {
    if (isForeign(owners.kind, change)) return [];
    const { type, object, old } = change;
    const pod = object as unknown as Pod;
    const owner = ownerKey(c, owners, object);
    if (type === 'DELETED' || pod.metadata.deletionTimestamp) {
      if (!owner) return [];
      observeDeletion(owners.expectations(c), owner, keyOf(pod));
      return [owner];
    }
    if (type === 'ADDED') {
      if (!owner) return controllerOf(pod) ? [] : adopters(c, owners, object);
      observeCreation(owners.expectations(c), owner, 1);
      return [owner];
    }
    const before = old as unknown as Pod;
    const former = ownerKey(c, owners, old!);
    const relabelled = !sameMap(before.metadata.labels, pod.metadata.labels);
    const keys = former && former !== owner ? [former] : [];
    if (owner) {
      if (former !== owner || relabelled || owners.moved(before, pod) || !sameFacts(before, pod)) keys.push(owner);
    } else if (!controllerOf(pod) && (relabelled || former)) keys.push(...adopters(c, owners, object));
    return keys;
  };
