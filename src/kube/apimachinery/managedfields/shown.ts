import { fields } from '../../../generated/fields.ts';
import type { V1Container, V1PodSpec } from '../../../generated/types.ts';
import { decode } from '../decode.ts';
import type { KubeObject } from '../meta.ts';
import { isObject, type Json } from '../patch/index.ts';
import { difference, differenceBelow, isEmpty, noFields, setOf, union, type FieldSet } from './field-set.ts';
import { entriesOf, identityOf, ownersOf, type ManagedFieldsEntry, type Owner, type Owners } from './managed.ts';
import { ownersAfterUpdate } from './merge.ts';
import { compare } from './typed.ts';
import { typeOfModel, typeOfSchema, type Type } from './types.ts';

/** What has to be known of a kind in order to say who owns its fields. */
export interface TrackedKind {
  /** `deployments.apps`. */
  readonly key: string;
  readonly model: string;
  readonly statusSubresource: boolean;
  /** Of a kind that a CustomResourceDefinition declares. */
  readonly custom?: { readonly schema: object } | undefined;
}

/** The type of a kind's objects. */
export const typeOfKind = ({ model, custom }: TrackedKind): Type =>
  custom ? typeOfSchema(custom.schema) : typeOfModel(model);

const statusStep = 'f:status';
/** The main resource cannot change the status. */
export const statusFields: FieldSet = setOf([[statusStep]]);

/**
 * True for an entry that says no more of the status than that it is the writer's: a component's. Which fields these are is
 * worked out when somebody looks, so that a status costs no more to write than without.
 */
export const ownsWholeStatus = ({ subresource, fieldsV1 }: ManagedFieldsEntry): boolean =>
  subresource === 'status' && isObject(fieldsV1) && Object.keys(statusPart(fieldsV1) ?? { none: 1 }).length === 0;

const statusPart = (fieldsV1: unknown): object | undefined =>
  isObject(fieldsV1) && isObject(fieldsV1[statusStep]) ? fieldsV1[statusStep] : undefined;

/** True when the entry names fields of the status one by one. */
export const ownsStatusFields = ({ fieldsV1 }: ManagedFieldsEntry): boolean =>
  Object.keys(statusPart(fieldsV1) ?? {}).length > 0;

/** Owners with the whole status written out field by field: what is there now and nobody else owns. */
export function writtenOut(kind: TrackedKind, object: KubeObject, owners: Owners): Owners {
  const whole = [...owners].find(([, owner]) => owner.subresource === 'status' && owner.fields.members.has(statusStep));
  if (!whole) return owners;
  const [key, owner] = whole;
  const before = { status: blank(kind)['status'] };
  const { added, modified } = compare(typeOfKind(kind), before, { status: object['status'] });
  let own = union(added, modified);
  if (kind.key === 'pods') own = difference(differenceBelow(own, bound), conditions);
  for (const [other, { fields }] of owners) if (other !== key) own = difference(own, fields);
  const next = new Map(owners);
  const left = union(differenceBelow(owner.fields, statusFields), own);
  if (isEmpty(left)) next.delete(key);
  else next.set(key, { ...owner, fields: left });
  return next;
}

/** The reverse: a component that is the only one to own fields of the status owns it as a whole. */
export function drawnTogether(owners: Owners, key: string): Owners {
  const own = owners.get(key);
  if (!own) return owners;
  for (const [other, { fields }] of owners) {
    if (other !== key && (fields.children.has(statusStep) || fields.members.has(statusStep))) return owners;
  }
  return new Map(owners).set(key, { ...own, fields: union(differenceBelow(own.fields, statusFields), statusFields) });
}

/**
 * Who is taken to own the fields of an object that no client has written yet: whoever makes objects of its kind owns what it
 * says, and whoever runs it the status.
 * Simplified: components do not write managedFields; they are made up when somebody looks, and kept from a client's first write on.
 */
export function assumedOwners(kind: TrackedKind, object: KubeObject): Owners {
  const type = typeOfKind(kind);
  const { apiVersion } = object;
  const time = object.metadata.creationTimestamp;
  const forgotten = object.metadata.managedFields !== undefined;
  const manager = forgotten ? 'before-first-apply' : makerOf(kind, object);
  const maker = { manager, operation: 'Update', apiVersion } as const;
  const said = {
    ...(kind.key === 'pods' ? withoutToken(object) : object),
    ...(kind.statusSubresource && { status: undefined }),
  };
  const owners = new Map(
    ownersAfterUpdate({ type, manager: maker, time, reset: noFields }, blank(kind), said, new Map()),
  );
  const key = identityOf(maker);
  const made = owners.get(key);
  if (made && kind.key === 'pods') owners.set(key, { ...made, fields: differenceBelow(made.fields, admitted) });
  if (kind.statusSubresource && !forgotten && Object.keys((object['status'] as object | undefined) ?? {}).length > 0) {
    const runner: Owner = {
      manager: kind.key === 'pods' || kind.key === 'nodes' ? 'kubelet' : 'kube-controller-manager',
      operation: 'Update',
      apiVersion,
      subresource: 'status',
      fields: statusFields,
      time,
    };
    owners.set(identityOf(runner), runner);
  }
  return owners;
}

/** What the API server itself writes into the status of a pod belongs to nobody. */
const bound = setOf([
  [statusStep, 'f:qosClass'],
  [statusStep, 'f:conditions', 'k:{"type":"PodScheduled"}'],
]);
const conditions = setOf([[statusStep, 'f:conditions']]);

/** What admission and the scheduler add to a pod belongs to nobody. */
const admitted = setOf(
  ['nodeName', 'priority', 'preemptionPolicy', 'serviceAccount', 'serviceAccountName', 'tolerations'].map((field) => [
    'f:spec',
    `f:${field}`,
  ]),
);

/** The pod without the volume of the service account's token, which admission adds. */
function withoutToken(pod: KubeObject): KubeObject {
  const spec = pod['spec'] as V1PodSpec;
  const isToken = ({ name }: { readonly name: string }): boolean => name.startsWith('kube-api-access-');
  const lessOf = <T extends { readonly name: string }>(list: readonly T[] | undefined): T[] | undefined => {
    const left = list?.filter((item) => !isToken(item));
    return left && left.length > 0 ? left : undefined;
  };
  const container = (each: V1Container): V1Container => ({ ...each, volumeMounts: lessOf(each.volumeMounts) });
  return {
    ...pod,
    spec: {
      ...spec,
      volumes: lessOf(spec.volumes),
      containers: spec.containers.map(container),
      initContainers: spec.initContainers?.map(container),
    },
  };
}

function makerOf({ key }: TrackedKind, { metadata }: KubeObject): string {
  if (key === 'nodes' || key === 'leases.coordination.k8s.io') return 'kubelet';
  if (metadata.ownerReferences?.some(({ controller }) => controller)) return 'kube-controller-manager';
  if (/^(endpoints|endpointslices|serviceaccounts|configmaps|controllerrevisions)/.test(key))
    return 'kube-controller-manager';
  if (/^(namespaces|services|priorityclasses)/.test(key)) return 'kube-apiserver';
  return 'before-first-apply';
}

/** An object of the kind that says nothing, as Go writes it. */
export function blank({ model, custom }: TrackedKind): Readonly<Json> {
  if (custom) return nothingSaid;
  let object = blanks.get(model);
  if (!object) blanks.set(model, (object = withMetadata(model, decode<Json>(model, {}).object)));
  return object;
}
/** Pure cache over constant tables. */
const blanks = new Map<string, Readonly<Json>>();
const nothingSaid = { metadata: {} };

/** In Go the metadata of an object and of a template is always there. */
function withMetadata(model: string, object: Readonly<Json>): Json {
  const result = { ...object };
  for (const [name, code] of Object.entries(fields[model] ?? {})) {
    if (code === '!V1ObjectMeta') result[name] ??= {};
    else if (code[0] === '!' && isObject(result[name])) result[name] = withMetadata(code.slice(1), result[name]);
  }
  return result;
}

/** Pure cache: what was shown of an object is shown again. */
const shown = new WeakMap<KubeObject, readonly ManagedFieldsEntry[]>();

/** `metadata.managedFields` as clients see it. */
export function managedFieldsOf(kind: TrackedKind, object: KubeObject): readonly ManagedFieldsEntry[] {
  let entries = shown.get(object);
  if (!entries) {
    const stored = object.metadata.managedFields;
    const owners = stored ? (ownersOf(stored) ?? new Map<string, Owner>()) : assumedOwners(kind, object);
    entries = entriesOf(writtenOut(kind, object, owners));
    shown.set(object, entries);
  }
  return entries;
}

/** The object with its managedFields as clients see them. */
export function withManagedFields(kind: TrackedKind, object: KubeObject): KubeObject {
  const entries = managedFieldsOf(kind, object);
  const { managedFields: _, ...metadata } = object.metadata;
  return {
    ...object,
    metadata: entries.length > 0 ? { ...metadata, managedFields: entries as ManagedFieldsEntry[] } : metadata,
  };
}
