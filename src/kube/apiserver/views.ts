import { deepFreeze, type Context } from '../../kernel/index.ts';
import { ApiError, type KubeObject } from '../apimachinery/index.ts';
import type { AnyKind } from '../apis/kind.ts';
import { checkedConfig } from './apply.ts';
import { decodeBody } from './body.ts';
import { applyPatch } from './patch.ts';
import type { ApiRequest, ApiResponse, ObjectList } from './request.ts';

/**
 * Serves a kind in a version other than the stored one: what comes in is converted, handed on in the stored version, and what
 * comes back is converted again. Kubernetes: conversion between served and storage versions.
 */
export function throughView(
  ctx: Context,
  kind: AnyKind,
  request: ApiRequest,
  serve: (request: ApiRequest) => ApiResponse,
): ApiResponse {
  const { of, toStored, fromStored } = kind.view!;
  const stored: ApiRequest = { ...withLabels(request, kind.view!.fieldLabels), resource: of };
  const call = { ctx, kind, request, warnings: [] as string[] };
  const decoded = (body: unknown): KubeObject => toStored(decodeBody(call, body));
  const answered = (response: ApiResponse): ApiResponse => {
    const warnings = [...call.warnings, ...(response.warnings ?? [])];
    const told = warnings.length > 0 && { warnings };
    if (response.code >= 400) return { ...response, ...told };
    const body = response.body as KubeObject | ObjectList;
    if (!('items' in body))
      return {
        ...response,
        ...told,
        body: body.kind === kind.kind ? deepFreeze(fromStored(body as KubeObject)) : body,
      };
    const items = (body as ObjectList).items.map((item) => deepFreeze(fromStored(item)));
    return {
      ...response,
      ...told,
      body: { ...body, apiVersion: `${kind.group}/${kind.version}`, items } as ObjectList,
    };
  };
  try {
    if (request.verb === 'create' || request.verb === 'update')
      return answered(serve({ ...stored, body: decoded(request.body) }));
    if (request.verb !== 'patch') return answered(serve(stored));
    if (request.patchType === 'apply') {
      const config = { metadata: {}, ...checkedConfig(call) } as unknown as KubeObject;
      return answered(serve({ ...stored, body: toStored(config) }));
    }
    const { subresource: _subresource, patchType: _type, body: _body, ...read } = stored;
    const old = serve({ ...read, verb: 'get' });
    if (old.code >= 400) return old;
    const patched = applyPatch(call, fromStored(old.body as KubeObject), kind.model);
    return answered(serve({ ...stored, verb: 'update', body: decoded(patched), patchType: undefined }));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { code: error.code, body: error.status };
  }
}

/** The request with its field selector in the words of what is stored. */
function withLabels(request: ApiRequest, labels: Readonly<Record<string, string>> = {}): ApiRequest {
  const { fieldSelector } = request.options ?? {};
  if (!fieldSelector) return request;
  const translated = fieldSelector
    .split(',')
    .map((term) => term.replace(/^[^=!]+/, (name) => labels[name] ?? name))
    .join(',');
  return { ...request, options: { ...request.options, fieldSelector: translated } };
}
