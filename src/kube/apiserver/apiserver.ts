import type { Context } from '../../kernel/index.ts';
import {
  alreadyExists,
  ApiError,
  badRequest,
  conflict,
  failure,
  keyOf,
  notFound,
  timestamp,
  Unreachable,
  type KubeObject,
} from '../apimachinery/index.ts';
import type { AnyKind } from '../apis/kind.ts';
import { kindOf } from '../apis/index.ts';
import { emptyEtcd, put, range, read, remove, type EtcdState } from '../etcd/etcd.ts';
import { canReachApi } from '../machines.ts';
import type { Api, Process } from '../process.ts';
import type { ApiRequest, ApiResponse, ObjectList } from './request.ts';
import { dropStreams, emptyWatches, openStream, publish, takeEntries, type DropWatches, type Watches } from './watch.ts';

/** Memory of the API server process: open watches only; everything else is in etcd. */
export interface ApiServerMemory {
  readonly watches: Watches;
}

/** Address of the API server and of its store. */
export const apiServerAddress = 'kube-apiserver';
export const etcdAddress = 'etcd';

const etcdOf = (ctx: Context): EtcdState => ctx.part<EtcdState>(etcdAddress)!;
const watchesOf = (ctx: Context): Watches => ctx.part<ApiServerMemory>(apiServerAddress)!.watches;

export const freshEtcd = emptyEtcd;

/** The process at `kube-apiserver`. Requests do not pass through events; only lost connections do. */
export function apiServer(): Process<ApiServerMemory> {
  return {
    name: apiServerAddress,
    start: () => ({ watches: emptyWatches() }),
    handle(ctx, event, memory) {
      if (event.type === 'drop-watches') dropStreams(ctx, memory.watches, event.payload as DropWatches);
    },
  };
}

/** The API as processes reach it. Holds no state: all of it is in the kernel's parts. */
export function createApi(): Api {
  return {
    request(ctx, from, request) {
      if (!canReachApi(ctx, from)) throw new Unreachable('The connection to the server was refused');
      let response: ApiResponse;
      let deed = 0;
      const recordDeed = (object: KubeObject): number => {
        const why = request.why;
        deed = ctx.record({
          by: from,
          code: why?.code ?? `api.${request.verb}`,
          ref: `${request.resource}/${keyOf(object)}`,
          uid: object.metadata.uid,
          params: why?.params,
        });
        return deed;
      };
      try {
        response = handle(ctx, request, recordDeed);
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        response = { code: error.code, body: error.status };
      }
      if (request.verb !== 'get' && request.verb !== 'list') {
        ctx.emit({
          type: 'activity',
          at: ctx.now,
          deed,
          cause: ctx.cause,
          from,
          verb: request.verb,
          resource: request.resource,
          key: request.namespace
            ? `${request.namespace}/${request.name ?? nameOf(response)}`
            : (request.name ?? nameOf(response)),
          subresource: request.subresource,
          code: response.code,
        });
      }
      return response;
    },
    watch(ctx, from, selector) {
      if (!canReachApi(ctx, from)) throw new Unreachable('The connection to the server was refused');
      return openStream(ctx, watchesOf(ctx), from, selector, range(etcdOf(ctx), selector.resource).values());
    },
    read: (ctx, stream) => takeEntries(watchesOf(ctx), stream),
    close: (ctx, stream) => {
      watchesOf(ctx).streams.delete(stream);
    },
  };
}

const nameOf = (response: ApiResponse): string => (response.body as KubeObject).metadata?.name ?? '';

type RecordDeed = (object: KubeObject) => number;

function handle(ctx: Context, request: ApiRequest, recordDeed: RecordDeed): ApiResponse {
  const kind = kindOf(request.resource);
  if (!kind) throw failure(404, 'NotFound', 'the server could not find the requested resource');
  switch (request.verb) {
    case 'get':
      return { code: 200, body: mustRead(ctx, kind, request) };
    case 'list':
      return { code: 200, body: list(ctx, kind, request) };
    case 'create':
      return request.subresource === 'binding'
        ? bind(ctx, kind, request, recordDeed)
        : create(ctx, kind, request, recordDeed);
    case 'update':
      return update(ctx, kind, request, recordDeed);
    case 'delete':
      return deleteOne(ctx, kind, request, recordDeed);
    default:
      throw failure(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource');
  }
}

const objectKey = (request: ApiRequest): string =>
  request.namespace ? `${request.namespace}/${request.name}` : request.name!;

function mustRead(ctx: Context, kind: AnyKind, request: ApiRequest): KubeObject {
  const object = read(etcdOf(ctx), kind.key, objectKey(request));
  if (!object) throw notFound(kind.group, kind.resource, request.name!);
  return object;
}

function list(ctx: Context, kind: AnyKind, request: ApiRequest): ObjectList {
  const items = [...range(etcdOf(ctx), kind.key).values()]
    .filter((o) => !request.namespace || o.metadata.namespace === request.namespace)
    .sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  return {
    kind: `${kind.kind}List`,
    apiVersion: kind.group ? `${kind.group}/${kind.version}` : kind.version,
    metadata: { resourceVersion: String(etcdOf(ctx).revision) },
    items,
  };
}

/** A version 4 UUID from the seeded stream. */
function newUid(ctx: Context): string {
  const random = ctx.random('uid');
  const hex = (digits: number): string =>
    random
      .int(16 ** digits)
      .toString(16)
      .padStart(digits, '0');
  return `${hex(8)}-${hex(4)}-4${hex(3)}-${'89ab'[random.int(4)]}${hex(3)}-${hex(6)}${hex(6)}`;
}

const suffixLetters = 'bcdfghjklmnpqrstvwxz2456789';

/** Five letters without vowels. Kubernetes: apimachinery/pkg/util/rand. */
function generateName(ctx: Context, base: string): string {
  const random = ctx.random('names');
  let name = base.slice(0, 58);
  for (let i = 0; i < 5; i++) name += suffixLetters[random.int(suffixLetters.length)];
  return name;
}

function create(ctx: Context, kind: AnyKind, request: ApiRequest, recordDeed: RecordDeed): ApiResponse {
  const body = request.body as KubeObject;
  const given = body.metadata ?? {};
  const name = given.name || (given.generateName ? generateName(ctx, given.generateName) : '');
  if (!name) throw badRequest('name or generateName is required');
  const object = {
    ...body,
    kind: kind.kind,
    apiVersion: kind.group ? `${kind.group}/${kind.version}` : kind.version,
    metadata: {
      ...given,
      name,
      ...(kind.namespaced && { namespace: request.namespace ?? 'default' }),
      uid: newUid(ctx),
      creationTimestamp: timestamp(ctx.now),
      ...(kind.generation && { generation: 1 }),
    },
  } as KubeObject;
  const key = keyOf(object);
  if (read(etcdOf(ctx), kind.key, key)) throw alreadyExists(kind.group, kind.resource, name);
  kind.defaults(object);
  const stored = put(etcdOf(ctx), kind.key, key, object);
  publish(ctx, watchesOf(ctx), kind.key, stored, undefined, recordDeed(stored));
  return { code: 201, body: stored };
}

function bind(ctx: Context, kind: AnyKind, request: ApiRequest, recordDeed: RecordDeed): ApiResponse {
  const pod = mustRead(ctx, kind, request);
  const target = (request.body as { target: { name: string } }).target.name;
  const spec = pod['spec'] as object;
  const status = (pod['status'] ?? {}) as { conditions?: { type: string }[] };
  const stored = put(etcdOf(ctx), kind.key, objectKey(request), {
    ...pod,
    spec: { ...spec, nodeName: target },
    status: {
      ...status,
      conditions: [
        ...(status.conditions ?? []).filter((c) => c.type !== 'PodScheduled'),
        { type: 'PodScheduled', status: 'True', lastProbeTime: null, lastTransitionTime: timestamp(ctx.now) },
      ],
    },
  });
  publish(ctx, watchesOf(ctx), kind.key, stored, pod, recordDeed(stored));
  return { code: 201, body: stored };
}

function update(ctx: Context, kind: AnyKind, request: ApiRequest, recordDeed: RecordDeed): ApiResponse {
  const old = mustRead(ctx, kind, request);
  const body = request.body as KubeObject;
  const version = body.metadata.resourceVersion;
  if (version && version !== old.metadata.resourceVersion) {
    throw conflict(
      kind.group,
      kind.resource,
      request.name!,
      'the object has been modified; please apply your changes to the latest version and try again',
    );
  }
  const next: KubeObject =
    request.subresource === 'status'
      ? { ...old, status: body['status'] }
      : {
          ...body,
          ...(kind.statusSubresource && { status: old['status'] }),
          metadata: {
            ...body.metadata,
            uid: old.metadata.uid,
            creationTimestamp: old.metadata.creationTimestamp,
            ...(kind.generation && {
              generation:
                (old.metadata.generation ?? 0) + (JSON.stringify(body['spec']) === JSON.stringify(old['spec']) ? 0 : 1),
            }),
          },
        };
  if (JSON.stringify(next) === JSON.stringify(old)) return { code: 200, body: old };
  if (
    next.metadata.deletionTimestamp &&
    !next.metadata.finalizers?.length &&
    !next.metadata.deletionGracePeriodSeconds
  ) {
    return finish(ctx, kind, next, recordDeed);
  }
  const stored = put(etcdOf(ctx), kind.key, keyOf(old), next);
  publish(ctx, watchesOf(ctx), kind.key, stored, old, recordDeed(stored));
  return { code: 200, body: stored };
}

function finish(ctx: Context, kind: AnyKind, object: KubeObject, recordDeed: RecordDeed): ApiResponse {
  const gone = remove(etcdOf(ctx), kind.key, keyOf(object))!;
  publish(ctx, watchesOf(ctx), kind.key, undefined, gone, recordDeed(gone));
  return { code: 200, body: gone };
}

function deleteOne(ctx: Context, kind: AnyKind, request: ApiRequest, recordDeed: RecordDeed): ApiResponse {
  const old = mustRead(ctx, kind, request);
  const spec = (old['spec'] ?? {}) as { nodeName?: string; terminationGracePeriodSeconds?: number };
  const grace =
    kind.key === 'pods' && spec.nodeName
      ? (request.options?.gracePeriodSeconds ?? spec.terminationGracePeriodSeconds ?? 30)
      : 0;
  if (grace === 0 && !old.metadata.finalizers?.length) return finish(ctx, kind, old, recordDeed);
  if (old.metadata.deletionTimestamp && grace >= (old.metadata.deletionGracePeriodSeconds ?? 0))
    return { code: 200, body: old };
  const stored = put(etcdOf(ctx), kind.key, keyOf(old), {
    ...old,
    metadata: {
      ...old.metadata,
      deletionTimestamp: timestamp(ctx.now + grace * 1000),
      deletionGracePeriodSeconds: grace,
    },
  });
  publish(ctx, watchesOf(ctx), kind.key, stored, old, recordDeed(stored));
  return { code: 200, body: stored };
}
