import { isObject } from '../apimachinery/patch/index.ts';
import type { Context } from '../../kernel/index.ts';
import {
  alreadyExists,
  badRequest,
  failure,
  forbidden,
  generatedName,
  invalid,
  keyOf,
  timestamp,
  type KubeObject,
} from '../apimachinery/index.ts';
import type { ManagedFieldsEntry } from '../apimachinery/managedfields/index.ts';
import { read } from '../etcd/etcd.ts';
import { admitCreate } from './admission/index.ts';
import { checkLimits } from './admission/limit-ranger.ts';
import { mutatedByPolicies } from './admission/mutating-admission-policy.ts';
import { admitQuota } from './admission/quota.ts';
import { admitValid } from './admission/validating.ts';
import { apiVersionOf, decodeBody } from './body.ts';
import { commit, type Call } from './call.ts';
import { finalizerWarnings, validateNew } from './customresources/validation.ts';
import { builtMetadata, checkMetadata } from './metadata.ts';
import { ownershipOfNew } from './ownership.ts';
import type { ApiResponse } from './request.ts';
import { allocateForCreate } from './services.ts';

const hexDigits = [...'0123456789abcdef'].map((digit) => digit.charCodeAt(0));
/** Working memory, written anew for every uid; the dashes stay. */
const uidCodes = [...'________-____-____-____-____________'].map((letter) => letter.charCodeAt(0));

function writeHex(bits: number, at: number, digits: number): void {
  for (let i = at + digits - 1; i >= at; i--) {
    uidCodes[i] = hexDigits[bits & 15]!;
    bits >>>= 4;
  }
}

/** A version 4 UUID from the seeded stream; one flat string, because it lives as long as its object and is a key of maps. */
function newUid(ctx: Context): string {
  const random = ctx.random('uid');
  writeHex(random.int(2 ** 32), 0, 8);
  writeHex(random.int(2 ** 16), 9, 4);
  writeHex(0x4000 + random.int(2 ** 12), 14, 4);
  writeHex(0x8000 + random.int(0x4000), 19, 4);
  writeHex(random.int(2 ** 24), 24, 6);
  writeHex(random.int(2 ** 24), 30, 6);
  return String.fromCharCode(...uidCodes);
}

/** Names tried before a creation with generateName is refused. Kubernetes: RetryGenerateName, maxNameGenerationCreateAttempts. */
const nameAttempts = 8;

/** A generated name that is not taken, if a few tries find one; '' without a base. */
function freeName({ ctx, etcd, kind }: Call, base: string, namespace: string | undefined): string {
  if (base === '') return '';
  let name = '';
  for (let i = 0; i < nameAttempts; i++) {
    name = generatedName(ctx.random('names'), base);
    if (!read(etcd, kind.key, namespace === undefined ? name : `${namespace}/${name}`)) break;
  }
  return name;
}

const terminating = 'create not allowed while custom resource definition is terminating';

/**
 * Creates an object: decode → name → defaults → admission → strategy → validation → store. `entries` say who owns its fields
 * where that is decided already.
 * Kubernetes: apiserver/pkg/registry/generic/registry/store.go Create.
 */
export function create(call: Call, entries?: ManagedFieldsEntry[]): ApiResponse {
  const { ctx, kind, request } = call;
  if (kind.custom?.terminating) throw forbidden(kind.group, kind.resource, '', terminating);
  const body = decodeBody(call, request.body);
  const given = isObject(body.metadata) ? body.metadata : ({} as KubeObject['metadata']);
  if (given.resourceVersion) throw failure(500, '', 'resourceVersion should not be set on objects to be created');
  const namespace = kind.namespaced ? (request.namespace ?? given.namespace ?? 'default') : undefined;
  if (given.namespace && given.namespace !== namespace) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  }
  const metadata = builtMetadata(
    {
      name: given.name || freeName(call, given.generateName ?? '', namespace),
      generateName: given.generateName,
      namespace,
      uid: newUid(ctx),
      resourceVersion: '',
      generation: kind.generation ? 1 : undefined,
      creationTimestamp: timestamp(ctx.now),
      deletionTimestamp: undefined,
      deletionGracePeriodSeconds: undefined,
      managedFields: undefined,
    },
    given,
  );
  const object: KubeObject = { ...body, kind: kind.kind, apiVersion: apiVersionOf(kind), metadata };
  kind.defaults(object);
  const owned = entries ?? ownershipOfNew(call, object, given.managedFields);
  if (owned) metadata.managedFields = owned;
  const complete = admitCreate(call, object);
  const admitted = mutatedByPolicies(call, complete);
  kind.prepareForCreate?.(admitted);
  // A pod is checked as it came: its template's spec is shared by all its pods, so that the result can be remembered.
  const checked = kind.key === 'pods' && admitted === complete ? { ...admitted, spec: object['spec'] } : admitted;
  const errors = [...checkMetadata(kind, admitted), ...validateNew(kind, checked)];
  if (errors.length > 0) throw invalid(kind.group, kind.kind, metadata.name, errors);
  if (kind.warnings) call.warnings.push(...kind.warnings(admitted));
  if (kind.custom) call.warnings.push(...finalizerWarnings(admitted));
  checkLimits(call, admitted);
  admitValid(call, admitted);
  const charge = admitQuota(call, admitted);
  const key = keyOf(admitted);
  if (read(call.etcd, kind.key, key)) throw alreadyExists(kind.group, kind.resource, metadata.name);
  const ready = kind.key === 'services' ? allocateForCreate(call, admitted) : admitted;
  if (request.options?.dryRun) {
    const { resourceVersion: _____, ...shown } = ready.metadata;
    return { code: 201, body: { ...ready, metadata: shown as KubeObject['metadata'] } };
  }
  charge();
  return { code: 201, body: commit(call, key, ready, undefined) };
}
