import { goJson } from '../apimachinery/go-json.ts';
import {
  applied,
  blank,
  compare,
  conflictError,
  Conflicts,
  difference,
  entriesOf,
  fieldsOf,
  has,
  noFields,
  typeErrors,
  typeOfKind,
  union,
  type Applied,
  type FieldSet,
  type Owners,
  type Type,
} from '../apimachinery/managedfields/index.ts';
import { isObject, type Json } from '../apimachinery/patch/index.ts';
import {
  badRequest,
  equal,
  failure,
  invalid,
  keyOf,
  notFound,
  requiredValue,
  timestamp,
  type KubeObject,
} from '../apimachinery/index.ts';
import { apiVersionOf, decodeBody } from './body.ts';
import { commit, maybeRead, type Call } from './call.ts';
import { create } from './create.ts';
import { managerOf, ownersOfStored, resetFields, withEntries } from './ownership.ts';
import type { ApiResponse } from './request.ts';
import { checkAddress, replace } from './update.ts';

/**
 * PATCH with `application/apply-patch+yaml`: server-side apply. Creates what is not there.
 * Kubernetes: apiserver/pkg/endpoints/handlers/patch.go applyPatcher, managedfields/internal/structuredmerge.go.
 */
export function apply(call: Call): ApiResponse {
  const { kind, request } = call;
  const { options } = request;
  if (!options?.fieldManager) {
    throw invalid('meta.k8s.io', 'PatchOptions', '', [requiredValue('fieldManager', 'is required for apply patch')]);
  }
  const old = maybeRead(call);
  if (!old && request.subresource) throw notFound(kind.group, kind.resource, request.name!);
  const config = checkedConfig(call);
  const { object, owners } = outcome(call, old, config);
  const entries = entriesOf(owners);
  if (!old) {
    const { apiVersion, kind: name, metadata, ...rest } = object as KubeObject;
    const body = { apiVersion, kind: name, metadata, ...rest };
    checkAddress(call, body.metadata ?? {});
    return create({ ...call, request: { ...request, verb: 'create', name: undefined, body } }, entries);
  }
  if (object === undefined) {
    if (equal(entries, old.metadata.managedFields ?? [])) return { code: 200, body: old };
    return { code: 200, body: commit(call, keyOf(old), withEntries(old, entries), old) };
  }
  const body = decodeBody(call, object, old);
  checkAddress(call, body.metadata);
  return replace(call, body, old, entries);
}

/** The configuration of an apply, if it is of this kind and fits its schema; 400 or 500 otherwise. */
export function checkedConfig({ kind, request }: Pick<Call, 'kind' | 'request'>): Json {
  const config = request.body;
  if (!isObject(config)) {
    const type = Array.isArray(config) ? 'array' : typeof config;
    throw badRequest(`error decoding YAML: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ${type} into Go value of type map[string]interface {}`); // prettier-ignore
  }
  const wanted = apiVersionOf(kind);
  if (config['apiVersion'] !== wanted || config['kind'] !== kind.kind) {
    throw badRequest(`invalid object type: ${groupVersionKind(config)}`);
  }
  const metadata = isObject(config['metadata']) ? config['metadata'] : {};
  if (metadata['managedFields'] !== undefined && metadata['managedFields'] !== null)
    throw badRequest('metadata.managedFields must be nil');
  const errors = typeErrors(typeOfKind(kind), config);
  if (errors.length > 0) {
    const list = errors.length === 1 ? errors[0]! : `errors:\n${errors.map((error) => `  ${error}`).join('\n')}`;
    const name = `${textOf(metadata['namespace'])}/${textOf(metadata['name'])}`;
    throw failure(500, '', `failed to create typed patch object (${name}; ${groupVersionKind(config)}): ${list}`);
  }
  return config;
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

const groupVersionKind = (config: Json): string => {
  const version = textOf(config['apiVersion']);
  return `${version.includes('/') ? version : `/${version}`}, Kind=${textOf(config['kind'])}`;
};

/** What comes of it, with the annotation of client-side apply kept up to date. */
function outcome(call: Call, old: KubeObject | undefined, config: Json): Applied {
  const made = settled(call, old, config);
  const object = (made.object ?? old) as KubeObject;
  if (call.request.options?.fieldManager !== kubectl || !object.metadata.annotations?.[lastApplied]) return made;
  const text = lastAppliedOf(config);
  if (object.metadata.annotations[lastApplied] === text) return made;
  const annotations = { ...object.metadata.annotations, [lastApplied]: text };
  return { ...made, object: { ...object, metadata: { ...object.metadata, annotations } } };
}

/**
 * Conflicts over fields that kubectl wrote by client-side apply, and that still are as it wrote them, do not count when kubectl
 * applies. Kubernetes: managedfields/internal/lastappliedmanager.go.
 */
function settled(call: Call, old: KubeObject | undefined, config: Json): Applied {
  const { kind, request, ctx } = call;
  const write = {
    type: typeOfKind(kind),
    manager: managerOf(call, 'Apply'),
    time: timestamp(ctx.now),
    reset: resetFields(kind, request.subresource),
  };
  const owners: Owners = old ? ownersOfStored(kind, old) : new Map();
  const live = old ?? blank(kind);
  try {
    return applied(write, live, config, owners, request.options?.force ?? false);
  } catch (error) {
    if (!(error instanceof Conflicts)) throw error;
    const own = request.options?.fieldManager === kubectl && old ? fieldsOfLastApplied(write.type, old) : noFields;
    const left = error.list.filter(({ path }) => !has(own, path));
    if (left.length > 0) throw conflictError(left);
    return applied(write, live, config, owners, true);
  }
}

const kubectl = 'kubectl';
const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

/** Fields of the last client-side apply that still are as it left them. */
function fieldsOfLastApplied(type: Type, live: KubeObject): FieldSet {
  let config: unknown;
  try {
    config = JSON.parse(live.metadata.annotations?.[lastApplied] ?? '');
  } catch {
    return noFields;
  }
  if (!isObject(config) || config['apiVersion'] !== live.apiVersion) return noFields;
  const { added, modified, removed } = compare(type, config, live);
  return difference(fieldsOf(type, config), union(union(added, modified), removed));
}

/** The configuration as the annotation of client-side apply holds it. */
function lastAppliedOf(config: Json): string {
  const metadata = isObject(config['metadata']) ? config['metadata'] : {};
  const { [lastApplied]: _, ...annotations } = isObject(metadata['annotations']) ? metadata['annotations'] : {};
  const bare = { ...config, metadata: { ...metadata, ...(metadata['annotations'] !== undefined && { annotations }) } };
  return `${goJson(bare)}\n`;
}
