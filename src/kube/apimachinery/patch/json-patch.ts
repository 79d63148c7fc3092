import { applyPatch, Pointer, type Operation } from 'rfc6902';
import { setOwn } from '../own.ts';
import { badRequest, failure } from '../status.ts';

/** Operations in one patch; Kubernetes refuses more. */
const maxOperations = 10_000;
/** Characters that all `copy` of one patch may add: thirty that double would fill the memory. Kubernetes: AccumulatedCopySizeLimit. */
const maxCopied = 3 * 1024 * 1024;

/** A private, mutable copy of plain data. */
export function thaw<T>(value: T): T {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(thaw) as T;
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(value)) {
    setOwn(copy, key, thaw((value as Record<string, unknown>)[key]));
  }
  return copy as T;
}

/**
 * JSON Patch (RFC 6902) on a copy. A patch that is no list is a 400; one that does not fit the object a 422 in the API
 * server's own, unhelpful words. Kubernetes: apiserver/pkg/endpoints/handlers/patch.go.
 */
export function jsonPatch(target: unknown, patch: unknown): unknown {
  if (!Array.isArray(patch)) {
    const type = patch === null ? 'null' : typeof patch === 'boolean' ? 'bool' : typeof patch;
    throw badRequest(
      `error decoding patch: json: cannot unmarshal ${type} into Go value of type []handlers.jsonPatchOp`,
    );
  }
  if (patch.length > maxOperations) {
    throw failure(
      413,
      'RequestEntityTooLarge',
      `Request entity is too large: The allowed maximum operations in a JSON patch is ${maxOperations}, got ${patch.length}`,
    );
  }
  const copy = { root: thaw(target) };
  const operations = patch.map((operation: Operation) => ({
    ...operation,
    path: `/root${operation.path}`,
    ...('from' in operation && { from: `/root${operation.from}` }),
  })) as Operation[];
  let failed: boolean;
  try {
    failed = !applied(copy, operations);
  } catch {
    failed = true;
  }
  if (failed) throw failure(422, 'Invalid', 'the server rejected our request due to an error in our request', {});
  return copy.root;
}

/** Applies operations one after the other; false when one of them cannot be. */
function applied(copy: object, operations: readonly Operation[]): boolean {
  let copied = 0;
  for (const operation of operations) {
    if (operation.op === 'copy') {
      copied += JSON.stringify(Pointer.fromJSON(operation.from).get(copy) ?? null).length;
      if (copied > maxCopied) return false;
    }
    if (applyPatch(copy, [operation]).some((error) => error !== null)) return false;
  }
  return true;
}
