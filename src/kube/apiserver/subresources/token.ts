import type { V1TokenRequestSpec } from '../../../generated/types.ts';
import { isObject } from '../../apimachinery/patch/index.ts';
import {
  conflict,
  encodeBase64,
  invalid,
  notFound,
  timestamp,
  worldBeginsMs,
  type FieldError,
  type KubeObject,
} from '../../apimachinery/index.ts';
import { read } from '../../etcd/etcd.ts';
import { mustRead, type Call } from '../call.ts';
import type { ApiResponse } from '../request.ts';

/** Who issues the tokens of a cluster, and whom they are for when the request does not say. */
const issuer = 'https://kubernetes.default.svc.cluster.local';
const usualSeconds = 3600;

/** Kinds that a token may be bound to: it ends with them. */
const bound: Readonly<
  Record<string, { readonly resource: string; readonly claim: string; readonly namespaced: boolean }>
> = {
  Pod: { resource: 'pods', claim: 'pod', namespaced: true },
  Secret: { resource: 'secrets', claim: 'secret', namespaced: true },
  Node: { resource: 'nodes', claim: 'node', namespaced: false },
};

/**
 * POST serviceaccounts/NAME/token: a token for an account, which is stored nowhere. Simplified: its signature is only
 * letters, and nobody checks that it has not expired. Kubernetes: pkg/registry/core/serviceaccount/storage/token.go.
 */
export function requestToken(call: Call): ApiResponse {
  const { ctx, request } = call;
  const account = mustRead(call);
  const body = isObject(request.body) ? request.body : {};
  const given = (isObject(body['spec']) ? body['spec'] : {}) as Partial<V1TokenRequestSpec>;
  const { expirationSeconds = usualSeconds, boundObjectRef } = given;
  const audiences = given.audiences?.length ? given.audiences : [issuer];
  checkDuration(expirationSeconds);
  const { namespace, name } = account.metadata;
  const ref = boundObjectRef && boundTo(call, boundObjectRef);
  const now = Math.floor((worldBeginsMs + ctx.now) / 1000);
  const claims = {
    aud: audiences,
    exp: now + expirationSeconds,
    iat: now,
    iss: issuer,
    jti: randomId(call),
    'kubernetes.io': { namespace, ...ref, serviceaccount: { name, uid: account.metadata.uid } },
    nbf: now,
    sub: `system:serviceaccount:${namespace}:${name}`,
  };
  const token = [{ alg: 'RS256', kid: 'kubarium' }, claims, randomId(call)].map(part).join('.');
  const answer = {
    kind: 'TokenRequest',
    apiVersion: 'authentication.k8s.io/v1',
    metadata: { name, namespace, creationTimestamp: timestamp(ctx.now) },
    spec: { audiences, expirationSeconds, boundObjectRef: boundObjectRef ?? null },
    status: { token, expirationTimestamp: timestamp(ctx.now + expirationSeconds * 1000) },
  };
  return { code: 201, body: answer as unknown as KubeObject };
}

const part = (value: unknown): string =>
  encodeBase64(JSON.stringify(value)).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');

/** Kubernetes: pkg/apis/authentication/validation. */
function checkDuration(seconds: number): void {
  const why =
    seconds < 600
      ? 'may not specify a duration less than 10 minutes'
      : seconds > 2 ** 32
        ? 'may not specify a duration larger than 2^32 seconds'
        : null;
  if (why === null) return;
  const error: FieldError = {
    type: 'FieldValueInvalid',
    path: 'spec.expirationSeconds',
    message: `Invalid value: ${seconds}: ${why}`,
  };
  throw invalid('authentication.k8s.io', 'TokenRequest', '', [error]);
}

/** What a token says of the object it is bound to, which must be there. */
function boundTo(
  { etcd, request }: Call,
  { kind = '', name = '', uid }: NonNullable<V1TokenRequestSpec['boundObjectRef']>,
): Record<string, object> {
  const known = bound[kind];
  if (!known) {
    const message = `Invalid value: ${JSON.stringify(kind)}: cannot bind token to object of type`;
    throw invalid('authentication.k8s.io', 'TokenRequest', '', [
      { type: 'FieldValueInvalid', path: 'spec.boundObjectRef.kind', message },
    ]);
  }
  const object = read(etcd, known.resource, known.namespaced ? `${request.namespace}/${name}` : name);
  if (!object) throw notFound('', known.resource, name);
  if (uid && uid !== object.metadata.uid) {
    const why = `the UID in the bound object reference (${uid}) does not match the UID in record. The object might have been deleted and then recreated`;
    throw conflict('', 'tokenrequests', request.name!, why);
  }
  return { [known.claim]: { name, uid: object.metadata.uid } };
}

function randomId({ ctx }: Call): string {
  const random = ctx.random('tokens');
  return Array.from({ length: 4 }, () => random.int(0x1_0000_0000).toString(16).padStart(8, '0')).join('');
}
