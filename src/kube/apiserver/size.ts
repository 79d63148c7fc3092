import { failure } from '../apimachinery/index.ts';
import type { Call } from './call.ts';

/** The API server reads no longer body than this. */
const maxRequestBytes = 3 * 1024 * 1024;
/** etcd stores no larger value than this (1.5 MiB). */
const maxObjectBytes = 1.5 * 1024 * 1024;

/**
 * Refuses bodies that are too large, as the API server and etcd do. Measured only for what came from outside (such
 * requests say how to validate their fields): the simulation's own components never send that much.
 */
export function checkSize({ request }: Call): void {
  if (request.options?.fieldValidation === undefined || request.body === undefined) return;
  const size = JSON.stringify(request.body).length;
  if (size > maxRequestBytes) {
    throw failure(413, 'RequestEntityTooLarge', `Request entity too large: limit is ${maxRequestBytes}`);
  }
  if (size > maxObjectBytes) throw failure(500, '', 'etcdserver: request is too large');
}
