import { isObject } from '../apimachinery/patch/index.ts';
import {
  badRequest,
  conflict,
  equal,
  invalid,
  keyOf,
  timestamp,
  type FieldError,
  type KubeObject,
  type V1ObjectMeta,
} from '../apimachinery/index.ts';
import type { ManagedFieldsEntry } from '../apimachinery/managedfields/index.ts';
import type { AnyKind } from '../apis/kind.ts';
import { apiVersionOf, decodeBody } from './body.ts';
import { commit, erase, mustRead, type Call } from './call.ts';
import { mutatedByPolicies } from './admission/mutating-admission-policy.ts';
import { admitPodUpdate } from './admission/pod.ts';
import { admitPriorityClass } from './admission/priority-class.ts';
import { admitClaimUpdate } from './admission/storage.ts';
import { admitValid } from './admission/validating.ts';
import { definitionsKey } from '../apis/apiextensions/customresourcedefinition.ts';
import { finalizerWarnings, validateCustom, validateNew } from './customresources/validation.ts';
import { builtMetadata, checkMetadata, checkMetadataUpdate } from './metadata.ts';
import { claimsOwnership, tracked, withEntries } from './ownership.ts';
import type { ApiResponse } from './request.ts';
import { allocateForUpdate, keepAllocated } from './services.ts';
import { withEphemeralContainers } from './subresources/ephemeral-containers.ts';

const stale = 'the object has been modified; please apply your changes to the latest version and try again';

/** PUT of an object, its `/status`, or a namespace's `/finalize`. */
export function update(call: Call): ApiResponse {
  const old = mustRead(call);
  const body = decodeBody(call, call.request.body, old);
  const given = isObject(body.metadata) ? (body.metadata as V1ObjectMeta) : {};
  checkAddress(call, given);
  const { kind, request } = call;
  if (!given.resourceVersion && (kind.custom || kind.key === definitionsKey))
    throw invalid(kind.group, kind.resource, request.name!, [versionMissing]);
  return replace(call, body, old);
}

/** Of kinds that nobody may overwrite unseen. Kubernetes: AllowUnconditionalUpdate. */
const versionMissing: FieldError = {
  type: 'FieldValueInvalid',
  path: 'metadata.resourceVersion',
  message: 'Invalid value: 0x0: must be specified for an update',
};

/** Refuses a body that names another object than the address. Kubernetes: apiserver/pkg/endpoints/handlers/rest.go checkName. */
export function checkAddress({ kind, request }: Call, given: V1ObjectMeta): void {
  if (kind.namespaced && given.namespace && given.namespace !== request.namespace)
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  if (!given.name) {
    throw badRequest(`the name of the object (${request.name} based on URL) was undeterminable: name must be provided`);
  }
  if (given.name !== request.name)
    throw badRequest(`the name of the object (${given.name}) does not match the name on the URL (${request.name})`);
}

/**
 * Brings the stored object to `body`, already decoded: checks resourceVersion and uid, keeps what the caller may not
 * change, counts the generation, and writes only when something differs. Updates and patches end here. `entries` say who owns
 * what, where that is decided already.
 * Kubernetes: apiserver/pkg/registry/generic/registry/store.go Update, and each kind's strategy.
 */
export function replace(
  call: Call,
  body: KubeObject,
  old: KubeObject,
  entries?: readonly ManagedFieldsEntry[],
): ApiResponse {
  const { kind, request } = call;
  checkVersion(call, body.metadata ?? {}, old);
  let next: KubeObject;
  if (request.subresource === 'status') {
    next = statusOf(call, body, old);
    admitValid(call, next, old);
  } else if (request.subresource === 'ephemeralcontainers') {
    const errors: FieldError[] = [];
    next = withEphemeralContainers(body, old, errors);
    if (errors.length > 0) throw invalid(kind.group, kind.kind, request.name!, errors);
  } else if (request.subresource === 'approval') next = approved(call, body, old);
  else if (request.subresource === 'finalize') next = { ...old, spec: body['spec'] };
  else {
    next = specOf(kind, body, old);
    if (kind.key === 'services') next = keepAllocated(next, old);
    if (kind.key === 'pods') next = admitPodUpdate(next, old);
    admitPriorityClass(call, next);
    next = mutatedByPolicies(call, next, old);
    const errors = [
      ...checkMetadata(kind, next),
      ...checkMetadataUpdate(next, old),
      ...(kind.custom ? validateCustom(kind.custom, next, old) : validateNew(kind, next)),
      ...kind.validateUpdate(next, old),
    ];
    if (errors.length > 0) throw invalid(kind.group, kind.kind, request.name!, errors);
    if (kind.key === 'persistentvolumeclaims') admitClaimUpdate(call, next, old);
    if (kind.warnings) call.warnings.push(...kind.warnings(next));
    if (kind.custom) call.warnings.push(...finalizerWarnings(next, old));
    if (next !== old) admitValid(call, next, old);
    if (kind.key === 'services') next = allocateForUpdate(call, next);
  }
  if (entries) next = withEntries(next, entries);
  else if (!equal(next, old) || claimsOwnership(call, body, old)) {
    next = tracked(call, next, old, body.metadata?.managedFields);
  } else return { code: 200, body: old };
  if (equal(next, old)) return { code: 200, body: old };
  if (mayGo(next)) return { code: 200, body: erase(call, keyOf(old), next) };
  return { code: 200, body: commit(call, keyOf(old), next, old) };
}

/** True when nothing holds a deleted object any more: no finalizer, no grace left, and for a namespace no content. */
function mayGo(object: KubeObject): boolean {
  const { deletionTimestamp, finalizers, deletionGracePeriodSeconds: grace } = object.metadata;
  if (!deletionTimestamp || finalizers?.length || grace) return false;
  return object.kind !== 'Namespace' || !(object['spec'] as { finalizers?: string[] } | undefined)?.finalizers?.length;
}

function checkVersion(call: Call, given: V1ObjectMeta, old: KubeObject): void {
  const { kind, request } = call;
  if (given.uid && given.uid !== old.metadata.uid) {
    const where = `/registry/${kind.resource}/${keyOf(old)}`;
    throw conflict(
      kind.group,
      kind.resource,
      request.name!,
      `StorageError: invalid object, Code: 4, Key: ${where}, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: ${given.uid}, UID in object meta: ${old.metadata.uid}`,
    );
  }
  if (given.resourceVersion && given.resourceVersion !== old.metadata.resourceVersion) {
    throw conflict(kind.group, kind.resource, request.name!, stale);
  }
}

/** `/approval` changes the conditions alone, which get the time. Kubernetes: pkg/registry/certificates/certificates/strategy.go. */
function approved(call: Call, body: KubeObject, old: KubeObject): KubeObject {
  const { conditions = [] } = (body['status'] ?? {}) as { conditions?: readonly Record<string, unknown>[] };
  const now = timestamp(call.ctx.now);
  const stamped = conditions.map((each) => ({ lastUpdateTime: now, lastTransitionTime: now, ...each }));
  const annotations = body.metadata?.annotations ?? old.metadata.annotations;
  const metadata = annotations ? { ...old.metadata, annotations } : old.metadata;
  return { ...old, metadata, status: { ...(old['status'] as object), conditions: stamped } };
}

/** `/status` changes the status and the annotations (the Deployment controller keeps its revision there), nothing else. */
function statusOf(call: Call, body: KubeObject, old: KubeObject): KubeObject {
  const { kind, request } = call;
  if (kind.custom) {
    const { status: _, ...rest } = old;
    const next = (body['status'] === undefined ? rest : { ...rest, status: body['status'] }) as KubeObject;
    const errors = validateCustom(kind.custom, next, old, 'status');
    if (errors.length > 0) throw invalid(kind.group, kind.kind, request.name!, errors);
    return next;
  }
  const annotations = body.metadata?.annotations ?? old.metadata.annotations;
  const metadata =
    annotations === undefined || equal(annotations, old.metadata.annotations)
      ? old.metadata
      : { ...old.metadata, annotations };
  return { ...old, metadata, status: body['status'] ?? (kind.key === 'pods' ? old['status'] : {}) };
}

/** The main resource: everything but status and the metadata that the server owns. */
function specOf(kind: AnyKind, body: KubeObject, old: KubeObject): KubeObject {
  const { name, generateName, namespace, uid, resourceVersion, generation } = old.metadata;
  const { creationTimestamp, deletionTimestamp, deletionGracePeriodSeconds, managedFields } = old.metadata;
  const server = { name, generateName, namespace, uid, resourceVersion, generation };
  const next: KubeObject = {
    ...body,
    kind: kind.kind,
    apiVersion: apiVersionOf(kind),
    metadata: builtMetadata(
      { ...server, creationTimestamp, deletionTimestamp, deletionGracePeriodSeconds, managedFields },
      body.metadata ?? {},
    ),
  };
  if (kind.statusSubresource) Object.assign(next, { status: old['status'] });
  if (kind.custom && next['status'] === undefined) Reflect.deleteProperty(next, 'status');
  kind.defaults(next);
  const part = kind.custom && !kind.statusSubresource ? undefined : 'status';
  if (kind.generation && !sameSpec(next, old, part)) next.metadata.generation = (generation ?? 0) + 1;
  kind.prepareForUpdate?.(next, old);
  return next;
}

/** Generation counts changes of everything but metadata and a status that has its own door. */
function sameSpec(next: KubeObject, old: KubeObject, part: string | undefined): boolean {
  for (const key of new Set([...Object.keys(next), ...Object.keys(old)])) {
    if (key !== 'metadata' && key !== part && !equal(next[key], old[key])) return false;
  }
  return true;
}
