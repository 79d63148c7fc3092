export { conflictError } from './conflict.ts';
export {
  difference,
  fromFieldsV1,
  has,
  isEmpty,
  isReadable,
  noFields,
  setOf,
  toFieldsV1,
  union,
  type FieldSet,
  type FieldsV1,
} from './field-set.ts';
export {
  entriesOf,
  identityOf,
  ownersOf,
  type ManagedFieldsEntry,
  type Manager,
  type Owner,
  type Owners,
} from './managed.ts';
export { applied, Conflicts, ownersAfterUpdate, type Applied, type Conflict, type Write } from './merge.ts';
export { typeErrors } from './type-errors.ts';
export { compare, fieldsOf } from './typed.ts';
export { typeOfModel, typeOfSchema, type Type } from './types.ts';
export {
  assumedOwners,
  blank,
  drawnTogether,
  managedFieldsOf,
  ownsStatusFields,
  ownsWholeStatus,
  statusFields,
  typeOfKind,
  withManagedFields,
  writtenOut,
  type TrackedKind,
} from './shown.ts';
