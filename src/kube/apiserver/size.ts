import { badRequest, failure } from '../apimachinery/index.ts';
import type { Call } from './call.ts';

/** The API server reads no longer body than this. */
const maxRequestBytes = 3 * 1024 * 1024;
/** etcd stores no larger value than this (1.5 MiB). */
const maxObjectBytes = 1.5 * 1024 * 1024;

/** Levels of objects and lists in one body. No kind has fifty; a thousand would exhaust the stack somewhere. */
const maxDepth = 200;

/** Refuses a body whose levels would exhaust the stack. Kubernetes: sigs.k8s.io/json, which stops at 10,000. */
export function checkDepth(body: unknown): void {
  if (deeperThan(body, maxDepth)) throw badRequest('error decoding body: exceeded max depth');
}

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
export function checkSize({ request }: Call, body = request.body): void {
  if (request.options?.fieldValidation === undefined || body === undefined) return;
  checkDepth(body);
  const size = JSON.stringify(body).length;
  if (size > maxRequestBytes) {
    throw failure(413, 'RequestEntityTooLarge', `Request entity too large: limit is ${maxRequestBytes}`);
  }
  if (size > maxObjectBytes) throw failure(500, '', 'etcdserver: request is too large');
}
