import { failure } from '../apimachinery/index.ts';
import { mustRead, type Call } from './call.ts';
import { create } from './create.ts';
import { deleteCollection, deleteOne } from './delete.ts';
import { withRenewal } from './leases.ts';
import { list } from './list.ts';
import { patch } from './patch.ts';
import type { ApiResponse } from './request.ts';
import { checkSize } from './size.ts';
import { bind } from './subresources/binding.ts';
import { evict } from './subresources/eviction.ts';
import { scale } from './subresources/scale.ts';
import { requestToken } from './subresources/token.ts';
import { update } from './update.ts';

const certificateRequests = 'certificatesigningrequests.certificates.k8s.io';

const noSuchMethod = (): never => {
  throw failure(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource', {});
};
const noSuchResource = (): never => {
  throw failure(404, 'NotFound', 'the server could not find the requested resource', {});
};

/** Serves one request; what a user did wrong is thrown as ApiError. */
export function handle(call: Call): ApiResponse {
  const { request, kind } = call;
  if (request.namespace && !kind.namespaced) noSuchResource();
  checkSize(call);
  if (kind.custom?.deprecation) call.warnings.push(kind.custom.deprecation);
  const response = request.subresource ? onSubresource(call) : onObject(call);
  return call.warnings.length > 0 ? { ...response, warnings: call.warnings } : response;
}

function onObject(call: Call): ApiResponse {
  const { request, kind } = call;
  if (kind.key === 'endpoints') {
    call.warnings.push('v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice');
  }
  switch (request.verb) {
    case 'get': {
      const object = mustRead(call);
      return { code: 200, body: kind.key === 'leases.coordination.k8s.io' ? withRenewal(call.ctx, object) : object };
    }
    case 'list':
      return { code: 200, body: list(call) };
    case 'create':
      return request.name === undefined ? create(call) : noSuchMethod();
    case 'update':
      return request.name === undefined ? noSuchMethod() : update(call);
    case 'patch':
      return request.name === undefined ? noSuchMethod() : patch(call);
    case 'delete':
      return request.name === undefined ? noSuchMethod() : deleteOne(call);
    case 'deletecollection':
      return deleteCollection(call);
  }
}

function onSubresource(call: Call): ApiResponse {
  const { request, kind } = call;
  const { subresource, verb } = request;
  if (subresource === 'status' && kind.statusSubresource) {
    if (verb === 'get') return { code: 200, body: mustRead(call) };
    return verb === 'update' ? update(call) : verb === 'patch' ? patch(call) : noSuchMethod();
  }
  if (subresource === 'scale' && kind.scale) {
    return verb === 'get' || verb === 'update' || verb === 'patch' ? scale(call) : noSuchMethod();
  }
  if (subresource === 'binding' && kind.key === 'pods') return verb === 'create' ? bind(call) : noSuchMethod();
  if (subresource === 'ephemeralcontainers' && kind.key === 'pods') {
    if (verb === 'get') return { code: 200, body: mustRead(call) };
    return verb === 'update' ? update(call) : verb === 'patch' ? patch(call) : noSuchMethod();
  }
  if (subresource === 'token' && kind.key === 'serviceaccounts')
    return verb === 'create' ? requestToken(call) : noSuchMethod();
  if (subresource === 'eviction' && kind.key === 'pods') return verb === 'create' ? evict(call) : noSuchMethod();
  if (subresource === 'approval' && kind.key === certificateRequests) {
    if (verb === 'get') return { code: 200, body: mustRead(call) };
    return verb === 'update' ? update(call) : verb === 'patch' ? patch(call) : noSuchMethod();
  }
  if (subresource === 'finalize' && kind.key === 'namespaces') return verb === 'update' ? update(call) : noSuchMethod();
  return noSuchResource();
}
