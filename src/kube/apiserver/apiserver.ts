import type { Context } from '../../kernel/index.ts';
import { ApiError, failure, keyOf, Unreachable, type KubeObject } from '../apimachinery/index.ts';
import { kindOf } from '../apis/index.ts';
import type { AnyKind } from '../apis/kind.ts';
import { range, type EtcdState } from '../etcd/etcd.ts';
import { definitionsKey } from '../apis/apiextensions/customresourcedefinition.ts';
import { followChanges, followDefinition } from './customresources/controller.ts';
import { customKindOf } from './customresources/kinds.ts';
import { canReachApi } from '../machines.ts';
import type { Api, Process } from '../process.ts';
import { attributesOf, authorize } from './authorization/forbidden.ts';
import { answerReview, onlyAsks, reviewOf } from './authorization/reviews.ts';
import { administrator } from './authorization/user.ts';
import type { Call } from './call.ts';
import { handle } from './handle.ts';
import type { ApiRequest, ApiResponse } from './request.ts';
import { throughView } from './views.ts';
import {
  closeStream,
  dropStreams,
  emptyWatches,
  openStream,
  takeEntries,
  type DropWatches,
  type Watches,
} from './watch.ts';

/** Memory of the API server process: open watches only; everything else is in etcd. */
export interface ApiServerMemory {
  readonly watches: Watches;
}

/** Address of the API server and of its store. */
export const apiServerAddress = 'kube-apiserver';
export const etcdAddress = 'etcd';

const etcdOf = (ctx: Context): EtcdState => ctx.part<EtcdState>(etcdAddress)!;
const watchesOf = (ctx: Context): Watches => ctx.part<ApiServerMemory>(apiServerAddress)!.watches;

/**
 * The process at `kube-apiserver`. Requests do not pass through events; lost connections do, and what becomes of the
 * definitions of kinds, which it watches itself.
 */
export function apiServer(): Process<ApiServerMemory> {
  const api = createApi();
  return {
    name: apiServerAddress,
    start(ctx) {
      const watches = emptyWatches();
      watchDefinitions(ctx, watches);
      return { watches };
    },
    handle(ctx, event, { watches }) {
      if (event.type === 'drop-watches') dropStreams(ctx, watches, event.payload as DropWatches);
      else if (event.type === 'watch-closed') watchDefinitions(ctx, watches);
      else if (event.type === 'watch') {
        const { stream } = event.payload as { stream: number };
        followChanges(ctx, api, etcdOf(ctx), takeEntries(watches, stream));
      } else if (event.type === 'definition')
        followDefinition(ctx, api, etcdOf(ctx), (event.payload as { name: string }).name);
    },
  };
}

function watchDefinitions(ctx: Context, watches: Watches): void {
  const etcd = etcdOf(ctx);
  const selector = { resource: definitionsKey };
  openStream(ctx, watches, apiServerAddress, selector, range(etcd, definitionsKey).values(), etcd.revision);
}

/** Serves the resources of one API group from outside the API server: the aggregation layer. Undefined: it is not registered. */
export type Extension = (ctx: Context, request: ApiRequest, from: string) => ApiResponse | undefined;

/**
 * The API as processes reach it. Holds no state: all of it is in the kernel's parts. `extensions` are the groups that others
 * serve (`metrics.k8s.io`). Kubernetes: kube-aggregator.
 */
export function createApi(extensions: ReadonlyMap<string, Extension> = new Map()): Api {
  const api: Api = {
    request(ctx, from, request) {
      if (!canReachApi(ctx, from)) throw new Unreachable('The connection to the server was refused');
      const kind = kindOf(request.resource) ?? customKindOf(etcdOf(ctx), request.resource)?.custom!.inStore;
      if (kind?.view) return throughView(ctx, kind, request, (inner) => api.request(ctx, from, inner));
      let deed = 0;
      const response = serve(ctx, from, extensions, kind, request, (object, as) => {
        const why = request.why ?? as;
        deed = ctx.record({
          by: from,
          code: why?.code ?? `api.${request.verb}`,
          ref: `${kind!.key}/${keyOf(object)}`,
          uid: object.metadata.uid,
          params: why?.params,
        });
        return deed;
      });
      if (!onlyAsks(request)) tell(ctx, from, request, response, deed);
      return response;
    },
    watch(ctx, from, selector) {
      if (!canReachApi(ctx, from)) throw new Unreachable('The connection to the server was refused');
      const etcd = etcdOf(ctx);
      const custom = kindOf(selector.resource) ? undefined : customKindOf(etcd, selector.resource)?.custom;
      const of = custom ? { ...selector, resource: custom.inStore.key } : selector;
      return openStream(
        ctx,
        watchesOf(ctx),
        from,
        of,
        range(etcd, of.resource).values(),
        etcd.revision,
        custom?.selectable,
      );
    },
    read: (ctx, stream) => takeEntries(watchesOf(ctx), stream),
    close: (ctx, stream) => closeStream(watchesOf(ctx), stream),
  };
  return api;
}

/** Answers a request; refusals become their Status. */
function serve(
  ctx: Context,
  from: string,
  extensions: ReadonlyMap<string, Extension>,
  kind: AnyKind | undefined,
  request: ApiRequest,
  record: Call['record'],
): ApiResponse {
  try {
    const etcd = etcdOf(ctx);
    if (request.user) authorize(etcd, request.user, attributesOf(request, kind));
    if (!kind) {
      const review = reviewOf(request.resource);
      if (review) return answerReview(etcd, review, request, request.user ?? administrator);
      const answer = extensions.get(request.resource.slice(request.resource.indexOf('.') + 1))?.(ctx, request, from);
      if (answer) return answer;
      throw failure(404, 'NotFound', 'the server could not find the requested resource', {});
    }
    return handle({ ctx, request, from, kind, etcd, watches: watchesOf(ctx), warnings: [], record });
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { code: error.code, body: error.status };
  }
}

/** The envelope on the control-plane strip. */
function tell(ctx: Context, from: string, request: ApiRequest, response: ApiResponse, deed: number): void {
  const name = request.name ?? nameOf(response);
  ctx.emit({
    type: 'activity',
    at: ctx.now,
    deed,
    cause: ctx.cause,
    from,
    verb: request.verb,
    resource: request.resource,
    key: request.namespace ? `${request.namespace}/${name}` : name,
    subresource: request.subresource,
    code: response.code,
  });
}

const nameOf = (response: ApiResponse): string => (response.body as KubeObject).metadata?.name ?? '';
