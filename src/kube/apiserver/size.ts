import { badRequest, failure } from '../apimachinery/index.ts';
import type { Call } from './call.ts';

/** The API server reads no longer body than this. */
const maxRequestBytes = 3 * 1024 * 1024;
/** etcd stores no larger value than this (1.5 MiB). */
const maxObjectBytes = 1.5 * 1024 * 1024;

/** Levels of objects and lists in one body. No kind has fifty; a thousand would exhaust the stack somewhere. */
const maxDepth = 200;

/** Level by level, not by recursion: this is what protects the recursions that follow. */
function deeperThan(value: unknown, limit: number): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > limit) return true;
    level = level.flatMap((item) => (item !== null && typeof item === 'object' ? Object.values(item) : []));
  }
  return false;
}

/**
 * Refuses bodies that are too large, as the API server and etcd do. Measured only for what came from outside (such
 * requests say how to validate their fields): the simulation's own components never send that much.
 */
export function checkSize({ request }: Call): void {
  if (request.options?.fieldValidation === undefined || request.body === undefined) return;
  if (deeperThan(request.body, maxDepth)) throw badRequest('error decoding body: exceeded max depth');
  const size = JSON.stringify(request.body).length;
  if (size > maxRequestBytes) {
    throw failure(413, 'RequestEntityTooLarge', `Request entity too large: limit is ${maxRequestBytes}`);
  }
  if (size > maxObjectBytes) throw failure(500, '', 'etcdserver: request is too large');
}
