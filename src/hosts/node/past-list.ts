import {
  decodeBase64,
  encodeBase64,
  keyOf,
  matchesFields,
  matchesLabels,
  parseFieldSelector,
  parseSelector,
} from '../../kube/apimachinery/index.ts';
import type { AnyKind } from '../../kube/apis/kind.ts';
import { continueExpired, expired, stateWanted, tooLargeVersion, type Query } from '../../kube/apiserver/http/index.ts';
import type { ApiRequest, ApiResponse, KubeObject } from '../../protocol/index.ts';
import type { Access } from './cluster-access.ts';

/** What a continue token says. Kubernetes: apiserver/pkg/storage/continue.go. */
interface Token {
  readonly v: string;
  readonly rv: number;
  readonly start: string;
}

/** Reads a token that is well-formed; the API server refuses the others. */
function tokenOf(text: string | undefined): Token | undefined {
  try {
    const token = JSON.parse(decodeBase64(text ?? '')) as Token;
    return token.v === 'meta.k8s.io/v1' && typeof token.start === 'string' ? token : undefined;
  } catch {
    return undefined;
  }
}

const encode = (token: Token): string => encodeBase64(JSON.stringify(token)).replace(/=+$/, '');

interface List {
  readonly kind: string;
  readonly apiVersion: string;
  readonly metadata: { readonly resourceVersion: string };
  readonly items: readonly KubeObject[];
}

/**
 * A list as it was at an earlier revision: the present state with the writes since then undone. All pages of a list show
 * the moment of its first one. Returns undefined when the present state is what is wanted; throws 410 when the past is
 * forgotten, and 504 for the future.
 */
export function listPast(
  { session, writes }: Access,
  kind: AnyKind,
  request: ApiRequest,
  query: Query,
): ApiResponse | undefined {
  const { options = {}, namespace } = request;
  const { revision: asked, exact } = stateWanted(query);
  const token = tokenOf(options.continue);
  if (asked === undefined && !token) return undefined;
  const { code, body } = session.request({ verb: 'list', resource: request.resource, namespace });
  if (code !== 200) return undefined;
  const present = body as List;
  const revision = Number(present.metadata.resourceVersion);
  if (asked !== undefined && asked > revision) throw tooLargeVersion(asked, revision);
  const at = token ? (token.rv === -1 ? revision : token.rv) : asked;
  if (at === undefined || (!token && !exact)) return undefined;
  const missed = writes.since(kind.custom?.inStore.key ?? kind.key, at);
  if (!missed)
    throw token
      ? continueExpired(encode({ ...token, rv: -1 }))
      : expired('The resourceVersion for the provided list is too old.');
  const objects = new Map(present.items.map((object) => [keyOf(object), object]));
  const shown = kind.custom?.shown ?? ((object: KubeObject) => object);
  for (const { next, old } of missed.toReversed()) {
    if (old) objects.set(keyOf(old), shown(old));
    else objects.delete(keyOf(next!));
  }
  const labels = options.labelSelector ? parseSelector(options.labelSelector) : [];
  const fields = options.fieldSelector
    ? parseFieldSelector(options.fieldSelector, kind.key, kind.custom?.selectable)
    : [];
  const chosen = [...objects.entries()]
    .filter(
      ([key, { metadata, ...rest }]) =>
        (!token || key >= token.start) &&
        (!namespace || metadata.namespace === namespace) &&
        matchesLabels(labels, metadata.labels) &&
        matchesFields(fields, { metadata, ...rest } as KubeObject),
    )
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const { limit = 0 } = options;
  const more = limit > 0 && chosen.length > limit;
  const rest = more && {
    continue: encode({ v: 'meta.k8s.io/v1', rv: at, start: chosen[limit]![0] }),
    ...(labels.length + fields.length === 0 && { remainingItemCount: chosen.length - limit }),
  };
  const items = (more ? chosen.slice(0, limit) : chosen).map(([, object]) => object);
  return {
    code: 200,
    body: {
      kind: present.kind,
      apiVersion: present.apiVersion,
      metadata: { resourceVersion: String(at), ...rest },
      items,
    },
  };
}
