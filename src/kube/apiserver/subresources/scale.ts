import { isObject } from '../../apimachinery/patch/index.ts';
import type { V1LabelSelector } from '../../../generated/types.ts';
import { DecodeError, decode } from '../../apimachinery/decode.ts';
import {
  badRequest,
  conflict,
  failure,
  formatSelector,
  invalid,
  invalidValue,
  selectorOf,
  type KubeObject,
} from '../../apimachinery/index.ts';
import { apply } from '../apply.ts';
import { apiVersionOf } from '../body.ts';
import type { CustomKind } from '../../apis/apiextensions/customkind.ts';
import type { AnyKind } from '../../apis/kind.ts';
import { mustRead, type Call } from '../call.ts';
import { valueAt } from '../customresources/validation.ts';
import { applyPatch } from '../patch.ts';
import type { ApiResponse } from '../request.ts';
import { replace } from '../update.ts';

/** The selector of a kind, which is a plain map of labels in the oldest one. */
const asSelector = (kind: string, selector: V1LabelSelector | Record<string, string>): V1LabelSelector =>
  kind === 'ReplicationController' ? { matchLabels: selector as Record<string, string> } : selector;

interface Scaled {
  readonly spec: { readonly replicas?: number };
  readonly status: { readonly replicas?: number };
  readonly selector: string | undefined;
}

function ownScale(object: KubeObject): Scaled {
  const spec = (object['spec'] ?? {}) as { replicas?: number; selector?: V1LabelSelector };
  const status = (object['status'] ?? {}) as { replicas?: number };
  const selector = spec.selector && formatSelector(selectorOf(asSelector(object.kind, spec.selector)));
  return { spec, status, selector };
}

/** Of a custom kind, whose definition says where its numbers are. Kubernetes: registry/customresource/etcd.go. */
function customScale({ scale: paths }: CustomKind, object: KubeObject): Scaled {
  const { spec, status, selector } = paths!;
  const replicas = valueAt(object, spec) as number | undefined;
  if (replicas === undefined) {
    const message = `the spec replicas field ${JSON.stringify(spec)} does not exist`;
    throw failure(500, 'InternalError', `Internal error occurred: ${message}`, { causes: [{ message }] });
  }
  return {
    spec: { replicas },
    status: { replicas: valueAt(object, status) as number },
    selector: selector === undefined ? undefined : (valueAt(object, selector) as string),
  };
}

/** An object with a value at `.spec.replicas`. */
function withValue(object: KubeObject, path: string, value: unknown): KubeObject {
  const [step = '', ...rest] = path.replace(/^\./, '').split('.');
  const inner = rest.length === 0 ? value : withValue((object[step] ?? {}) as KubeObject, rest.join('.'), value);
  return { ...object, [step]: inner };
}

/** `autoscaling/v1` Scale of a Deployment, ReplicaSet … */
function scaleOf(kind: AnyKind, object: KubeObject): KubeObject {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const { spec, status, selector } = kind.custom ? customScale(kind.custom, object) : ownScale(object);
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, ...(namespace && { namespace }), uid, resourceVersion, creationTimestamp },
    spec: { ...(spec.replicas && { replicas: spec.replicas }) },
    status: { replicas: status.replicas ?? 0, ...(selector && { selector }) },
  };
}

/** GET, PUT and PATCH of `/scale`: one door to `spec.replicas` for every kind that has it. */
export function scale(call: Call): ApiResponse {
  const { kind, request } = call;
  const old = mustRead(call);
  const current = scaleOf(kind, old);
  if (request.verb === 'get') return { code: 200, body: current };
  const inside: Call = { ...call, through: 'scale', request: { ...request, subresource: undefined } };
  if (request.patchType === 'apply') {
    const { body } = apply({ ...inside, request: { ...inside.request, body: applied(call) } });
    return { code: 200, body: scaleOf(kind, body as KubeObject) };
  }
  const given = request.verb === 'patch' ? applyPatch(call, current, 'V1Scale') : request.body;
  const wanted = decodeScale(given);
  const version = wanted.metadata?.resourceVersion;
  if (version && version !== old.metadata.resourceVersion) {
    throw conflict(
      kind.group,
      kind.resource,
      request.name!,
      'the object has been modified; please apply your changes to the latest version and try again',
    );
  }
  const replicas = (wanted['spec'] as { replicas?: number } | undefined)?.replicas ?? 0;
  if (replicas < 0) {
    throw invalid('autoscaling', 'Scale', request.name!, [
      invalidValue('spec.replicas', replicas, 'must be greater than or equal to 0'),
    ]);
  }
  const next = withValue(old, kind.custom?.scale?.spec ?? '.spec.replicas', replicas);
  const { body } = replace(inside, next, old);
  return { code: 200, body: scaleOf(kind, body as KubeObject) };
}

/** What an apply of a Scale says about the object that it scales. */
function applied({ kind, request }: Call): unknown {
  const wanted = decodeScale(request.body);
  const { replicas } = wanted['spec'] as { replicas?: number };
  return {
    apiVersion: apiVersionOf(kind),
    kind: kind.kind,
    metadata: { name: request.name },
    ...(replicas !== undefined && { spec: { replicas } }),
  };
}

function decodeScale(body: unknown): KubeObject {
  try {
    return decode<KubeObject>('V1Scale', isObject(body) ? body : {}).object;
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    throw badRequest(`Scale in version "v1" cannot be handled as a Scale: ${error.message}`);
  }
}
