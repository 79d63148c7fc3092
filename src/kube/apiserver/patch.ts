import { DecodeError } from '../apimachinery/decode.ts';
import { badRequest, failure, invalid, invalidValue } from '../apimachinery/index.ts';
import { goPrint, isObject, jsonPatch, mergePatch, strategicPatch } from '../apimachinery/patch/index.ts';
import type { KubeObject } from '../apimachinery/meta.ts';
import { apply } from './apply.ts';
import { reportUnknown } from './body.ts';
import { mustRead, type Call } from './call.ts';
import { decodeObject } from './decode-object.ts';
import type { ApiResponse } from './request.ts';
import { checkSize } from './size.ts';
import { checkAddress, replace } from './update.ts';

/** The result of a patch on any JSON value. `model` names the merge rules of a strategic patch. */
export function applyPatch(call: Pick<Call, 'request'>, target: unknown, model: string): unknown {
  const { patchType = 'strategic', body } = call.request;
  if (patchType === 'json') return jsonPatch(target, body);
  if (!isObject(body)) {
    const type = Array.isArray(body) ? 'array' : typeof body;
    throw badRequest(
      `error decoding patch: json: cannot unmarshal ${type} into Go value of type map[string]interface {}`,
    );
  }
  return patchType === 'merge' ? mergePatch(target, body) : strategicPatch(model, target, body);
}

/** A strategic patch needs to know the lists of a kind, which a schema does not tell. */
const forCustom =
  'the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml';

/** PATCH with a JSON, merge or strategic patch, or an apply configuration. Kubernetes: apiserver/pkg/endpoints/handlers/patch.go. */
export function patch(call: Call): ApiResponse {
  const { kind, request } = call;
  if (request.patchType === 'apply') return apply(call);
  if (kind.custom && (request.patchType ?? 'strategic') === 'strategic')
    throw failure(415, 'UnsupportedMediaType', forCustom, {});
  const old = mustRead(call);
  const patched = applyPatch(call, old, kind.model);
  // Many patches can make what no single body may bring.
  checkSize(call, patched);
  const body = decodePatched(call, patched, old);
  checkAddress(call, body.metadata ?? {});
  return replace(call, body, old);
}

/** A patch that makes no valid object is a 422 about the field `patch`, whose value is the patch or its result. */
function decodePatched(call: Call, patched: unknown, old: KubeObject): KubeObject {
  const { kind, request } = call;
  const shown =
    request.patchType === 'strategic' || !request.patchType ? goPrint(request.body) : JSON.stringify(patched);
  const refuse = (message: string): never => {
    throw invalid('', '', '', [invalidValue('patch', shown, message)]);
  };
  try {
    const { object, unknown } = decodeObject(kind, patched, old);
    if (unknown.length > 0) {
      if (request.options?.fieldValidation === 'Strict') {
        refuse(`strict decoding error: ${unknown.map((path) => `unknown field "${path}"`).join(', ')}`);
      }
      reportUnknown(call, unknown, '');
    }
    return object;
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    const head = `${kind.kind} in version "${kind.version}" cannot be handled as a ${kind.kind}: `;
    const type = / of type (\S+)$/.exec(error.message)?.[1];
    const strategic = request.patchType === 'strategic' || !request.patchType;
    return refuse(strategic && type ? `unrecognized type: ${type}` : head + error.message);
  }
}
