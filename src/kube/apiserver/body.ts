import { isObject } from '../apimachinery/patch/index.ts';
import { DecodeError } from '../apimachinery/decode.ts';
import { badRequest, type KubeObject } from '../apimachinery/index.ts';
import { kindFor } from '../apis/index.ts';
import type { AnyKind } from '../apis/kind.ts';
import type { Call } from './call.ts';
import { decodeObject } from './decode-object.ts';

/** Groups that once served today's kinds: a manifest that names one was right years ago. */
const formerVersions = new Set([
  'extensions/v1beta1',
  'apps/v1beta1',
  'apps/v1beta2',
  'batch/v1beta1',
  'policy/v1beta1',
]);

const versionOf = (apiVersion: string): string => apiVersion.slice(apiVersion.indexOf('/') + 1);

/** `apps/v1` of a kind. */
export const apiVersionOf = ({ group, version }: AnyKind): string => (group ? `${group}/${version}` : version);

/** Refuses a body whose kind or apiVersion is not the one of the address. Both may be missing. */
function checkKind(kind: AnyKind, body: KubeObject): void {
  const wanted = apiVersionOf(kind);
  if (body.apiVersion === wanted && body.kind === kind.kind) return;
  for (const field of ['apiVersion', 'kind'] as const) {
    const value: unknown = body[field];
    if (value === undefined || value === null || typeof value === 'string') continue;
    const type = Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value;
    throw badRequest(
      `couldn't get version/kind; json parse error: json: cannot unmarshal ${type} into Go struct field .${field} of type string`,
    );
  }
  const apiVersion = body.apiVersion || wanted;
  const name = body.kind || kind.kind;
  if (apiVersion === wanted && name === kind.kind) return;
  if (formerVersions.has(apiVersion)) {
    throw badRequest(`the API version in the data (${apiVersion}) does not match the expected API version (${wanted})`);
  }
  const head = `${name} in version ${JSON.stringify(versionOf(apiVersion))} cannot be handled as a ${kind.kind}: `;
  if (!kindFor(apiVersion, name)) {
    throw badRequest(
      `${head}no kind "${name}" is registered for version "${apiVersion}" in scheme "pkg/api/legacyscheme/scheme.go:30"`,
    );
  }
  throw badRequest(
    `${head}converting (${versionOf(apiVersion)}.${name}) to (${kind.group.split('.')[0] || 'core'}.${kind.kind}): unknown conversion`,
  );
}

/** Strict errors listed in one answer; Kubernetes stops there too. */
const maxStrictErrors = 100;

/**
 * Reads the request's body as an object of the kind: 400 for a wrong type, and for unknown fields when the client asked
 * for Strict; otherwise those are dropped and named in a warning. Parts that are the same object as in `settled`
 * (a stored object) are taken as they are: an update decodes only what it changed.
 */
export function decodeBody(
  call: Pick<Call, 'kind' | 'request' | 'warnings'>,
  body: unknown,
  settled?: KubeObject,
): KubeObject {
  const { kind } = call;
  if (isObject(body)) checkKind(kind, body as unknown as KubeObject);
  const head = (): string =>
    `${kind.kind} in version ${JSON.stringify(kind.version)} cannot be handled as a ${kind.kind}: `;
  try {
    const { object, unknown } = decodeObject(kind, body, settled);
    if (unknown.length > 0 || call.request.options?.givenTwice) reportUnknown(call, unknown, head());
    return object;
  } catch (error) {
    if (error instanceof DecodeError) throw badRequest(head() + error.message);
    throw error;
  }
}

/** Unknown fields, and those given twice, as the client wants them: an error (Strict), a warning (Warn, the default), or nothing (Ignore). */
export function reportUnknown(
  call: Pick<Call, 'request' | 'warnings'>,
  unknown: readonly string[],
  head: string,
): void {
  const mode = call.request.options?.fieldValidation ?? 'Warn';
  const listed = unknown.slice(0, maxStrictErrors).map((path) => `unknown field "${path}"`);
  const twice = (call.request.options?.givenTwice ?? []).map((path) => `duplicate field "${path}"`);
  if (mode === 'Strict') throw badRequest(`${head}strict decoding error: ${[...listed, ...twice].join(', ')}`);
  if (mode === 'Warn') call.warnings.push(...listed);
}
