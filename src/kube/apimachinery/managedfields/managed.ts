import type { V1ManagedFieldsEntry } from '../../../generated/types.ts';
import { fromFieldsV1, toFieldsV1, type FieldSet, type FieldsV1 } from './field-set.ts';

/** One entry of `metadata.managedFields`: who owns which fields, how it came by them, and when it last changed them. */
export type ManagedFieldsEntry = V1ManagedFieldsEntry;

/** A manager of fields. The same name that applies and updates, or writes a subresource, is more than one. */
export interface Manager {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  readonly apiVersion: string;
  readonly subresource?: string | undefined;
}

/** What a manager owns. */
export interface Owner extends Manager {
  readonly fields: FieldSet;
  readonly time?: string | undefined;
}

/** Owners by their identity. */
export type Owners = ReadonlyMap<string, Owner>;

/** Two entries with the same identity are one manager. Appliers are the same in every version. Kubernetes: BuildManagerIdentifier. */
export function identityOf({ manager, operation, apiVersion, subresource }: Manager): string {
  return JSON.stringify([manager, operation, operation === 'Apply' ? '' : apiVersion, subresource ?? '']);
}

/** Reads the entries of an object; undefined when one of them makes no sense. Kubernetes: managedfields.DecodeManagedFields. */
export function ownersOf(entries: readonly ManagedFieldsEntry[] | undefined): Owners | undefined {
  const owners = new Map<string, Owner>();
  for (const { manager = '', operation, apiVersion = '', subresource, time, fieldsType, fieldsV1 } of entries ?? []) {
    if ((operation !== 'Apply' && operation !== 'Update') || apiVersion === '' || fieldsType !== 'FieldsV1')
      return undefined;
    const owner: Owner = {
      manager,
      operation,
      apiVersion,
      ...(subresource && { subresource }),
      ...(time && { time }),
      fields: fromFieldsV1(fieldsV1 as FieldsV1 | undefined),
    };
    owners.set(identityOf(owner), owner);
  }
  return owners;
}

/** Owners as entries, in their order: appliers first, then by time. Kubernetes: sortEncodedManagedFields. */
export function entriesOf(owners: Owners): ManagedFieldsEntry[] {
  const rank = ({ operation, time, manager, apiVersion, subresource }: Owner): string[] => [
    operation,
    time?.slice(0, 19) ?? '',
    manager,
    apiVersion,
    subresource ?? '',
  ];
  const byRank = (a: Owner, b: Owner): number => {
    const [x, y] = [rank(a), rank(b)];
    const at = x.findIndex((part, i) => part !== y[i]);
    return at < 0 ? 0 : x[at]! < y[at]! ? -1 : 1;
  };
  return [...owners.values()].sort(byRank).map(({ manager, operation, apiVersion, subresource, time, fields }) => ({
    manager,
    operation,
    apiVersion,
    ...(time && { time }),
    fieldsType: 'FieldsV1',
    fieldsV1: toFieldsV1(fields),
    ...(subresource && { subresource }),
  }));
}
