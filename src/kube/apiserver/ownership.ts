import {
  assumedOwners,
  blank,
  drawnTogether,
  entriesOf,
  identityOf,
  isReadable,
  noFields,
  ownersAfterUpdate,
  ownersOf,
  ownsStatusFields,
  ownsWholeStatus,
  setOf,
  statusFields,
  typeOfKind,
  writtenOut,
  type FieldSet,
  type ManagedFieldsEntry,
  type Manager,
  type Owners,
} from '../apimachinery/managedfields/index.ts';
import { equal, timestamp, type KubeObject } from '../apimachinery/index.ts';
import type { AnyKind } from '../apis/kind.ts';
import { apiVersionOf } from './body.ts';
import type { Call } from './call.ts';

const ofStatus: FieldSet = setOf([['f:spec'], ['f:metadata', 'f:labels']]);

/** Fields that a door cannot change, so that nobody comes to own them through it. Kubernetes: the strategies' GetResetFields. */
export function resetFields(kind: AnyKind, subresource: string | undefined): FieldSet {
  if (subresource === 'status') return ofStatus;
  return kind.statusSubresource ? statusFields : noFields;
}

/** The writer as an owner. Clients name themselves; a component is called as its program. */
export function managerOf({ request, kind, from, through }: Call, operation: Manager['operation']): Manager {
  const { subresource = through, options } = request;
  return {
    manager: options?.fieldManager ?? from.split('/')[0]!,
    operation,
    apiVersion: apiVersionOf(kind),
    ...(subresource && { subresource }),
  };
}

/** Who owns the fields of a stored object, its status written out. */
export function ownersOfStored(kind: AnyKind, object: KubeObject): Owners {
  const stored = object.metadata.managedFields;
  const owners = stored?.length ? (ownersOf(stored) ?? new Map()) : assumedOwners(kind, object);
  return writtenOut(kind, object, owners);
}

/** Owners by the entries that a client sends; undefined when it sends none, or one that cannot be read. */
const ownersGiven = (given: readonly ManagedFieldsEntry[] | undefined): Owners | undefined =>
  given?.every(({ fieldsV1 = {} }) => isReadable(fieldsV1)) ? ownersOf(given) : undefined;

/**
 * Ownership of a new object, which begins when a client makes it; what components make is nobody's business until one asks.
 * `given` are the entries that the body brought.
 */
export function ownershipOfNew(
  call: Call,
  object: KubeObject,
  given: readonly ManagedFieldsEntry[] | undefined,
): ManagedFieldsEntry[] | undefined {
  const { kind, request, ctx } = call;
  if (request.options?.fieldManager === undefined) return undefined;
  const write = {
    type: typeOfKind(kind),
    manager: managerOf(call, 'Update'),
    time: timestamp(ctx.now),
    reset: resetFields(kind, undefined),
  };
  return entriesOf(ownersAfterUpdate(write, blank(kind), object, ownersGiven(given) ?? new Map()));
}

/** True when the client asks for all ownership to be forgotten: `[]` or `[{}]`. */
const isReset = (entries: readonly ManagedFieldsEntry[] | undefined): boolean =>
  entries !== undefined && (entries.length === 0 || (entries.length === 1 && Object.keys(entries[0]!).length === 0));

/**
 * The object that an update makes, with who owns what. Costs nothing for objects that no client has written, and next to nothing
 * for a component's write of a status. `given` are the entries that the body brought.
 */
export function tracked(
  call: Call,
  next: KubeObject,
  old: KubeObject,
  given: readonly ManagedFieldsEntry[] | undefined,
): KubeObject {
  const { request, kind, ctx } = call;
  const stored = old.metadata.managedFields;
  const isClient = request.options?.fieldManager !== undefined;
  if (stored === undefined && !isClient) return next;
  if (!isClient && request.subresource === 'status' && next.metadata === old.metadata) {
    const entries = withStatusWritten(call, stored!);
    if (entries) return entries === stored ? next : withEntries(next, entries);
  }
  const claims = isClient && !request.subresource && given && given !== stored ? given : undefined;
  if (isReset(claims)) return withEntries(next, []);
  const before = ownersGiven(claims);
  if (!before && stored?.length === 0) return next;
  const manager = managerOf(call, 'Update');
  const write = {
    type: typeOfKind(kind),
    manager,
    time: timestamp(ctx.now),
    reset: resetFields(kind, request.subresource),
  };
  let owners = ownersAfterUpdate(write, old, next, before ?? ownersOfStored(kind, old));
  owners = drawnTogether(owners, statusWriter(owners));
  const entries = entriesOf(owners);
  return equal(entries, stored) ? next : withEntries(next, entries);
}

/** The component that owns fields of the status, if there is one. */
function statusWriter(owners: Owners): string {
  for (const [key, { subresource, manager }] of owners) {
    if (subresource === 'status' && /^kube(let|-)/.test(manager)) return key;
  }
  return '';
}

/** Entries after a component has written a status that is its own; undefined when others have a share in it. */
function withStatusWritten(
  call: Call,
  stored: readonly ManagedFieldsEntry[],
): readonly ManagedFieldsEntry[] | undefined {
  const manager = managerOf(call, 'Update');
  const key = identityOf(manager);
  const time = timestamp(call.ctx.now);
  let own: ManagedFieldsEntry | undefined;
  for (const entry of stored) {
    if (ownsStatusFields(entry)) return undefined;
    if (!ownsWholeStatus(entry)) continue;
    if (identityOf(entry as Manager) !== key) return undefined;
    own = entry;
  }
  if (own?.time === time) return stored;
  const entry = own ? { ...own, time } : newStatusEntry(manager, time);
  return [...stored.filter((each) => each !== own), entry];
}

const newStatusEntry = (
  { manager, operation, apiVersion, subresource }: Manager,
  time: string,
): ManagedFieldsEntry => ({
  manager,
  operation,
  apiVersion,
  time,
  fieldsType: 'FieldsV1',
  fieldsV1: { 'f:status': {} },
  subresource,
});

/** The object with these entries in its metadata. */
export const withEntries = (object: KubeObject, managedFields: readonly ManagedFieldsEntry[]): KubeObject => ({
  ...object,
  metadata: { ...object.metadata, managedFields: managedFields as ManagedFieldsEntry[] },
});

/** True when a client sends other entries than those that are stored. */
export const claimsOwnership = ({ request }: Call, body: KubeObject, old: KubeObject): boolean => {
  const given = body.metadata?.managedFields;
  return (
    request.options?.fieldManager !== undefined &&
    !request.subresource &&
    given !== undefined &&
    given !== old.metadata.managedFields
  );
};
