import { equal } from '../equal.ts';
import {
  difference,
  differenceBelow,
  intersection,
  isEmpty,
  noFields,
  pathsOf,
  setOf,
  union,
  type FieldSet,
} from './field-set.ts';
import { identityOf, type Manager, type Owner, type Owners } from './managed.ts';
import { compare, fieldsOf, merged, withNamedFields, without, type Comparison } from './typed.ts';
import type { Type } from './types.ts';

/** Two managers want different things of a field. */
export interface Conflict {
  readonly owner: Owner;
  readonly path: readonly string[];
}

/** An apply that would take fields from others without being forced to. */
export class Conflicts extends Error {
  override name = 'Conflicts';
  readonly list: readonly Conflict[];
  constructor(list: readonly Conflict[]) {
    super(`${list.length} conflicts`);
    this.list = list;
  }
}

const ofMetadata = ['name', 'namespace', 'creationTimestamp', 'selfLink', 'uid', 'clusterName', 'generation', 'managedFields', 'resourceVersion']; // prettier-ignore

/** What nobody owns: it names the object or is the server's. Kubernetes: managedfields/internal/stripmeta.go. */
const stripped = setOf([
  ['f:apiVersion'],
  ['f:kind'],
  ['f:metadata'],
  ...ofMetadata.map((field) => ['f:metadata', `f:${field}`]),
]);

/** Entries of updaters beyond this many are merged, the oldest first. Kubernetes: DefaultMaxUpdateManagers. */
const maxUpdaters = 10;

/** A write, as ownership sees it. */
export interface Write {
  readonly type: Type;
  readonly manager: Manager;
  /** The time that the entry gets if the write changes something. */
  readonly time: string;
  /** Fields that this door cannot change: the status of the main resource, everything else of `/status`. */
  readonly reset: FieldSet;
}

/**
 * Who owns what after a create, update or patch: the writer owns what it added or changed, nobody owns what is gone.
 * Kubernetes: structured-merge-diff/v6/merge/update.go Update, managedfields/internal.
 */
export function ownersAfterUpdate(write: Write, before: unknown, after: unknown, owners: Owners): Owners {
  const { manager, reset } = write;
  const found = filtered(compare(write.type, before, after), reset);
  const changed = union(found.added, found.modified);
  const next = lessFor(owners, undefined, changed, found.removed);
  const own = difference(changed, stripped);
  if (isEmpty(own)) return capped(next);
  const key = identityOf(manager);
  const previous = next.get(key)?.fields ?? noFields;
  next.set(key, { ...manager, fields: union(own, previous), time: write.time });
  return capped(next);
}

const filtered = ({ added, modified, removed }: Comparison, reset: FieldSet): Comparison => ({
  added: differenceBelow(added, reset),
  modified: differenceBelow(modified, reset),
  removed: differenceBelow(removed, reset),
});

/** Owners without what was changed or removed; who owns nothing any more is gone. `except` keeps its own. */
function lessFor(owners: Owners, except: string | undefined, changed: FieldSet, removed: FieldSet): Map<string, Owner> {
  const next = new Map<string, Owner>();
  for (const [key, owner] of owners) {
    const fields = key === except ? owner.fields : difference(difference(owner.fields, changed), removed);
    if (!isEmpty(fields)) next.set(key, fields === owner.fields ? owner : { ...owner, fields });
  }
  return next;
}

/** Merges the oldest updaters of a version into one called ancient-changes. Kubernetes: managedfields/internal/capmanagers.go. */
function capped(owners: Map<string, Owner>): Owners {
  const updaters = [...owners].filter(([, owner]) => owner.operation === 'Update');
  let count = updaters.length;
  if (count <= maxUpdaters) return owners;
  const age = ([key, { time = '' }]: [string, Owner]): string => `${time} ${key}`;
  updaters.sort((a, b) => (age(a) < age(b) ? -1 : 1));
  const firsts = new Map<string, string>();
  for (const [key, owner] of updaters) {
    if (count <= maxUpdaters) break;
    const { apiVersion, time } = owner;
    const first = firsts.get(apiVersion);
    if (first === undefined) {
      firsts.set(apiVersion, key);
      continue;
    }
    const bucket: Manager = { manager: 'ancient-changes', operation: 'Update', apiVersion };
    const at = identityOf(bucket);
    const held = owners.get(at) ?? owners.get(first);
    if (first !== at) owners.delete(first);
    owners.delete(key);
    owners.set(at, { ...bucket, time, fields: union(owner.fields, held?.fields ?? noFields) });
    count--;
  }
  return owners;
}

/** What an apply makes of an object. `object` is undefined when nothing but ownership changes. */
export interface Applied {
  readonly object: unknown;
  readonly owners: Owners;
}

/**
 * Server-side apply: the configuration is merged into the live object, what the manager applied before and no longer does is
 * removed unless somebody else owns it, and fields that others own with another value are conflicts unless `force`.
 * Kubernetes: structured-merge-diff/v6/merge/update.go Apply.
 */
export function applied(write: Write, live: unknown, config: unknown, owners: Owners, force: boolean): Applied {
  const { type, manager, reset } = write;
  const key = identityOf(manager);
  const last = owners.get(key);
  const set = differenceBelow(fieldsOf(type, config), reset);
  const claimed = new Map(owners);
  claimed.set(key, { ...manager, fields: set, time: last?.time });
  const object = pruned(type, merged(type, live, config), claimed, last?.fields);
  const found = filtered(compare(type, live, object), reset);
  const changed = union(found.added, found.modified);
  const conflicts: Conflict[] = [];
  for (const [other, owner] of owners) {
    if (other === key) continue;
    for (const path of pathsOf(intersection(owner.fields, changed))) conflicts.push({ owner, path });
  }
  if (!force && conflicts.length > 0) throw new Conflicts(conflicts);
  const next = lessFor(claimed, key, changed, found.removed);
  const same = equal(live, object);
  const fields = difference(set, stripped);
  if (isEmpty(fields)) next.delete(key);
  else next.set(key, { ...manager, fields, time: same ? last?.time : write.time });
  return { object: same ? undefined : object, owners: next };
}

/** Takes away what the applier owned before and owns no more, unless somebody else does. Kubernetes: merge/update.go prune. */
function pruned(type: Type, object: unknown, owners: Owners, last: FieldSet | undefined): unknown {
  if (!last || isEmpty(last)) return object;
  const named = (set: FieldSet): FieldSet => withNamedFields(set, type);
  const all = named(fieldsOf(type, object));
  const left = named(fieldsOf(type, without(type, object, named(last))));
  let owned: FieldSet = noFields;
  for (const owner of owners.values()) owned = union(owned, owner.fields);
  // What somebody owns comes back, and so does what the applier never owned: a container goes only with its last owned part.
  const kept = without(type, object, difference(all, union(left, named(owned))));
  return without(type, object, intersection(difference(all, named(fieldsOf(type, kept))), named(last)));
}
