import {
  badRequest,
  base64Bytes,
  decodeBase64,
  encodeBase64,
  keyOf,
  matchesFields,
  matchesLabels,
  parseFieldSelector,
  parseSelector,
  type KubeObject,
} from '../apimachinery/index.ts';
import { range } from '../etcd/etcd.ts';
import { apiVersionOf } from './body.ts';
import type { Call } from './call.ts';
import { withRenewal } from './leases.ts';
import type { ObjectList } from './request.ts';

const byKey = (a: KubeObject, b: KubeObject): number => (keyOf(a) < keyOf(b) ? -1 : 1);

/** The stored objects that the request selects, in no particular order. Cost: one pass over the kind. */
export function selected(call: Call): KubeObject[] {
  const { kind, request } = call;
  const { labelSelector, fieldSelector } = request.options ?? {};
  const labels = labelSelector ? parseSelector(labelSelector) : [];
  const fields = fieldSelector ? parseFieldSelector(fieldSelector, kind.key, kind.custom?.selectable) : [];
  const found: KubeObject[] = [];
  const shown = kind.custom?.shown;
  for (const stored of range(call.etcd, kind.key).values()) {
    const object = shown ? shown(stored) : stored;
    const { metadata } = object;
    if (request.namespace && metadata.namespace !== request.namespace) continue;
    if (labels.length > 0 && !matchesLabels(labels, metadata.labels)) continue;
    if (fields.length > 0 && !matchesFields(fields, object)) continue;
    found.push(object);
  }
  return found;
}

/** A list in key order, cut into pages by `limit` and `continue`. Simplified: later pages show the present, not the first page's moment. */
export function list(call: Call): ObjectList {
  const { kind, request, etcd } = call;
  const options = request.options ?? {};
  let items = selected(call).sort(byKey);
  const start = options.continue ? startOf(options.continue) : undefined;
  if (start !== undefined) items = items.filter((object) => keyOf(object) >= start);
  let rest: { continue: string; remainingItemCount?: number } | undefined;
  if (options.limit !== undefined && options.limit > 0 && items.length > options.limit) {
    const left = items.length - options.limit;
    const token = { v: 'meta.k8s.io/v1', rv: etcd.revision, start: keyOf(items[options.limit]!) };
    rest = {
      continue: encodeBase64(JSON.stringify(token)),
      ...(!options.labelSelector && !options.fieldSelector && { remainingItemCount: left }),
    };
    items = items.slice(0, options.limit);
  }
  return {
    kind: kind.custom?.listKind ?? `${kind.kind}List`,
    apiVersion: apiVersionOf(kind),
    metadata: { resourceVersion: String(etcd.revision), ...rest },
    items: kind.key === 'leases.coordination.k8s.io' ? items.map((lease) => withRenewal(call.ctx, lease)) : items,
  };
}

function startOf(token: string): string {
  try {
    const { v, start } = JSON.parse(decodeBase64(token)) as { v?: string; start?: string };
    if (v === 'meta.k8s.io/v1' && typeof start === 'string') return start;
  } catch {
    // falls through to the refusal
  }
  const [byte = 0] = base64Bytes(token);
  const first = byte < 0x20 || (byte >= 0x7f && byte < 0xa0) ? `\\u${hex4(byte)}` : String.fromCharCode(byte);
  throw badRequest(
    `invalid continue token: continue key is not valid: invalid character '${first}' looking for beginning of value`,
  );
}

const hex4 = (byte: number): string => byte.toString(16).padStart(4, '0');
