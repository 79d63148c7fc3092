import { isObject } from '../../apimachinery/patch/index.ts';
import { mustRead, type Call } from '../call.ts';
import { deleteOne, success } from '../delete.ts';
import type { ApiResponse, RequestOptions } from '../request.ts';

/**
 * POST pods/NAME/eviction: a deletion that asks first. Kubernetes: pkg/registry/core/pod/storage/eviction.go.
 * Simplified: there are no disruption budgets yet, so nothing answers 429.
 */
export function evict(call: Call): ApiResponse {
  mustRead(call);
  const body = isObject(call.request.body) ? call.request.body : {};
  const options = { ...call.request.options, ...(body['deleteOptions'] as RequestOptions | undefined) };
  deleteOne({ ...call, request: { ...call.request, options } });
  return { code: 201, body: success() };
}
