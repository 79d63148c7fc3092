import type { Context } from '../../kernel/index.ts';
import { ApiError, type Draft, type KubeObject } from '../apimachinery/index.ts';
import type { ObjectOf, ResourceKey } from '../apis/index.ts';
import type { ApiRequest, ObjectList, PatchType, RequestOptions } from '../apiserver/request.ts';
import type { Why } from '../deeds.ts';
import type { Api } from '../process.ts';

/** What every write may carry. */
export interface WriteOptions {
  readonly why?: Why | undefined;
  readonly options?: RequestOptions | undefined;
}

/** Typed access to the API for one caller. Remembers nothing; throws `ApiError` and `Unreachable`. */
export interface Client {
  get<R extends ResourceKey>(ctx: Context, resource: R, name: string, namespace?: string): ObjectOf<R>;
  list<R extends ResourceKey>(
    ctx: Context,
    resource: R,
    namespace?: string,
    options?: RequestOptions,
  ): readonly ObjectOf<R>[];
  create<R extends ResourceKey>(
    ctx: Context,
    resource: R,
    object: Draft<ObjectOf<R>>,
    write?: WriteOptions,
  ): ObjectOf<R>;
  update<R extends ResourceKey>(ctx: Context, resource: R, object: ObjectOf<R>, write?: WriteOptions): ObjectOf<R>;
  updateStatus<R extends ResourceKey>(
    ctx: Context,
    resource: R,
    object: ObjectOf<R>,
    write?: WriteOptions,
  ): ObjectOf<R>;
  patch<R extends ResourceKey>(
    ctx: Context,
    resource: R,
    name: string,
    namespace: string | undefined,
    patch: { type: PatchType; body: unknown; subresource?: 'status' | 'scale' },
    write?: WriteOptions,
  ): ObjectOf<R>;
  delete<R extends ResourceKey>(
    ctx: Context,
    resource: R,
    name: string,
    namespace?: string,
    write?: WriteOptions,
  ): void;
  /** Any other request; failures throw. */
  request(ctx: Context, request: ApiRequest): unknown;
}

/** A client that speaks as the process at `from` (its address), which names the user in activity and deeds. */
export function createClient(api: Api, from: string): Client {
  const send = (ctx: Context, request: ApiRequest): never => {
    const response = api.request(ctx, from, request);
    if (response.code >= 400) throw new ApiError(response.body as ApiError['status']);
    return response.body as never;
  };
  const namespaceOf = (object: { metadata?: { namespace?: string | undefined } | undefined }): string | undefined =>
    object.metadata?.namespace;
  return {
    get: (ctx, resource, name, namespace) => send(ctx, { verb: 'get', resource, name, namespace }),
    list: (ctx, resource, namespace, options) =>
      (send(ctx, { verb: 'list', resource, namespace, options }) as ObjectList).items as readonly never[],
    create: (ctx, resource, object, write) =>
      send(ctx, { verb: 'create', resource, namespace: namespaceOf(object), body: object, ...write }),
    update: (ctx, resource, object, write) => {
      const { name, namespace } = (object as unknown as KubeObject).metadata;
      return send(ctx, { verb: 'update', resource, namespace, name, body: object, ...write });
    },
    updateStatus: (ctx, resource, object, write) => {
      const { name, namespace } = (object as unknown as KubeObject).metadata;
      return send(ctx, { verb: 'update', subresource: 'status', resource, namespace, name, body: object, ...write });
    },
    patch: (ctx, resource, name, namespace, patch, write) =>
      send(ctx, {
        verb: 'patch',
        resource,
        name,
        namespace,
        body: patch.body,
        patchType: patch.type,
        subresource: patch.subresource,
        ...write,
      }),
    delete: (ctx, resource, name, namespace, write) => {
      send(ctx, { verb: 'delete', resource, name, namespace, ...write });
    },
    request: (ctx, request) => send(ctx, request),
  };
}
