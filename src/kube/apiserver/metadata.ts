import {
  forbiddenValue,
  invalidValue,
  isDns1035Label,
  isDns1123Label,
  isDns1123Subdomain,
  isLabelValue,
  isPathSegmentName,
  isQualifiedName,
  requiredValue,
  tooLong,
  type FieldError,
  type KubeObject,
  type V1ObjectMeta,
} from '../apimachinery/index.ts';
import type { AnyKind } from '../apis/kind.ts';

/** Metadata that the server decides, whatever the client sent. */
export interface ServerMetadata {
  readonly name: string;
  readonly generateName: string | undefined;
  readonly namespace: string | undefined;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly generation: number | undefined;
  readonly creationTimestamp: string;
  readonly deletionTimestamp: string | undefined;
  readonly deletionGracePeriodSeconds: number | undefined;
  readonly managedFields: V1ObjectMeta['managedFields'];
}

/**
 * Metadata from what the server decides and what the client may say, without undefined fields.
 * Spelled out because every object passes here: copying and then deleting keys would make slow objects of all of them.
 */
export function builtMetadata(server: ServerMetadata, given: V1ObjectMeta): KubeObject['metadata'] {
  const { generateName, namespace, generation, deletionTimestamp, deletionGracePeriodSeconds } = server;
  const { labels, annotations, ownerReferences, finalizers } = given;
  const metadata: KubeObject['metadata'] = {
    name: server.name,
    uid: server.uid,
    resourceVersion: server.resourceVersion,
    creationTimestamp: server.creationTimestamp,
  };
  if (namespace !== undefined) metadata.namespace = namespace;
  if (generation !== undefined) metadata.generation = generation;
  if (generateName) metadata.generateName = generateName;
  if (labels) metadata.labels = labels;
  if (annotations) metadata.annotations = annotations;
  if (ownerReferences) metadata.ownerReferences = ownerReferences;
  if (finalizers) metadata.finalizers = finalizers;
  if (deletionTimestamp !== undefined) metadata.deletionTimestamp = deletionTimestamp;
  if (deletionGracePeriodSeconds !== undefined) metadata.deletionGracePeriodSeconds = deletionGracePeriodSeconds;
  if (server.managedFields !== undefined) metadata.managedFields = server.managedFields;
  return metadata;
}

const nameRules = {
  'dns1123-subdomain': isDns1123Subdomain,
  'dns1123-label': isDns1123Label,
  'dns1035-label': isDns1035Label,
  'path-segment': isPathSegmentName,
} as const;

/** Bytes of all annotation keys and values together. */
const maxAnnotationBytes = 256 * 1024;

/** Labels without fault, a pure cache: the pods of a template share them. */
const rightLabels = new WeakSet<object>();

/** Wrong label keys and values. Kubernetes: apimachinery/pkg/apis/meta/v1/validation ValidateLabels. */
function checkLabels(labels: Readonly<Record<string, string>>, path: string): readonly FieldError[] {
  if (rightLabels.has(labels)) return [];
  const errors: FieldError[] = [];
  for (const [key, value] of Object.entries(labels)) {
    for (const reason of isQualifiedName(key)) errors.push(invalidValue(path, key, reason));
    for (const reason of isLabelValue(value)) errors.push(invalidValue(path, value, reason));
  }
  if (errors.length === 0 && Object.isFrozen(labels)) rightLabels.add(labels);
  return errors;
}

function checkAnnotations(annotations: Readonly<Record<string, string>>): FieldError[] {
  const errors: FieldError[] = [];
  let bytes = 0;
  for (const [key, value] of Object.entries(annotations)) {
    for (const reason of isQualifiedName(key.toLowerCase()))
      errors.push(invalidValue('metadata.annotations', key, reason));
    bytes += key.length + value.length;
  }
  if (bytes > maxAnnotationBytes) errors.push(tooLong('metadata.annotations', maxAnnotationBytes));
  return errors;
}

function checkOwners(owners: NonNullable<V1ObjectMeta['ownerReferences']>): FieldError[] {
  const errors: FieldError[] = [];
  const path = 'metadata.ownerReferences';
  let controller = '';
  for (const [i, owner] of owners.entries()) {
    const at = `${path}[${i}]`;
    if (!owner.apiVersion) errors.push(invalidValue(`${at}.apiVersion`, '', 'version must not be empty'));
    if (!owner.kind) errors.push(invalidValue(`${at}.kind`, '', 'must not be empty'));
    if (!owner.name) errors.push(invalidValue(`${at}.name`, '', 'must not be empty'));
    if (!owner.uid) errors.push(invalidValue(`${at}.uid`, '', 'must not be empty'));
    if (owner.kind === 'Event' && owner.apiVersion === 'v1')
      errors.push(invalidValue(at, owner, '/v1, Kind=Event is disallowed from being an owner'));
    if (!owner.controller) continue;
    const name = `${owner.apiVersion}, Kind=${owner.kind}`;
    if (controller) {
      errors.push(
        invalidValue(
          path,
          owners,
          `Only one reference can have Controller set to true. Found "true" in references for ${controller} and ${name}`,
        ),
      );
    } else controller = name;
  }
  return errors;
}

function checkFinalizers(finalizers: readonly string[], any: boolean): FieldError[] {
  const errors: FieldError[] = [];
  for (const [i, finalizer] of finalizers.entries()) {
    for (const reason of isQualifiedName(finalizer))
      errors.push(invalidValue('metadata.finalizers', finalizer, reason));
    if (!any && !finalizer.includes('/') && !['orphan', 'foregroundDeletion', 'kubernetes'].includes(finalizer)) {
      errors.push(
        invalidValue(
          `metadata.finalizers[${i}]`,
          finalizer,
          'name is neither a standard finalizer name nor is it fully qualified',
        ),
      );
    }
  }
  if (finalizers.includes('orphan') && finalizers.includes('foregroundDeletion')) {
    errors.push(
      invalidValue('metadata.finalizers', finalizers, 'finalizer orphan and foregroundDeletion cannot be both set'),
    );
  }
  return errors;
}

/** Every wrong field of `metadata`. Kubernetes: apimachinery/pkg/api/validation/objectmeta.go. */
export function checkMetadata(kind: AnyKind, object: KubeObject): FieldError[] {
  const { metadata } = object;
  const errors: FieldError[] = [];
  const rule = nameRules[kind.nameRule ?? 'dns1123-subdomain'];
  if (metadata.generateName) {
    // A trailing dash is fine: letters follow.
    const base = metadata.generateName.replace(/-$/, 'a');
    for (const reason of rule(base)) errors.push(invalidValue('metadata.generateName', metadata.generateName, reason));
  }
  if (!metadata.name) errors.push(requiredValue('metadata.name', 'name or generateName is required'));
  else for (const reason of rule(metadata.name)) errors.push(invalidValue('metadata.name', metadata.name, reason));
  if (metadata.labels) errors.push(...checkLabels(metadata.labels, 'metadata.labels'));
  if (metadata.annotations) errors.push(...checkAnnotations(metadata.annotations));
  if (metadata.ownerReferences) errors.push(...checkOwners(metadata.ownerReferences));
  if (metadata.finalizers)
    errors.push(
      ...checkFinalizers(metadata.finalizers, kind.custom !== undefined || kind.group === 'apiextensions.k8s.io'),
    );
  return errors;
}

/** What an update of `metadata` may not do. */
export function checkMetadataUpdate(next: KubeObject, old: KubeObject): FieldError[] {
  if (!old.metadata.deletionTimestamp) return [];
  const before = old.metadata.finalizers ?? [];
  const added = (next.metadata.finalizers ?? []).filter((finalizer) => !before.includes(finalizer));
  if (added.length === 0) return [];
  const list = `[]string{${added.map((finalizer) => JSON.stringify(finalizer)).join(', ')}}`;
  return [
    forbiddenValue(
      'metadata.finalizers',
      `no new finalizers can be added if the object is being deleted, found new finalizers ${list}`,
    ),
  ];
}
