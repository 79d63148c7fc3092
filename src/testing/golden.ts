import { createKernel, emptyState, type Context } from '../kernel/index.ts';
import { createClient, type Client } from '../kube/client/index.ts';
import { apiServer, apiServerAddress, createApi, etcdAddress, emptyEtcd } from '../kube/apiserver/index.ts';
import { routeOf, streamOf, type HttpRequest } from '../kube/apiserver/http/index.ts';
import type { ApiResponse } from '../kube/apiserver/request.ts';
import { ApiError } from '../kube/apimachinery/index.ts';
import { kindFor } from '../kube/apis/index.ts';
import { catalogueIn } from '../kube/apiserver/customresources/kinds.ts';
import type { EtcdState } from '../kube/etcd/etcd.ts';
import { bootstrap } from '../kube/bootstrap.ts';
import type { Api } from '../kube/process.ts';

/** A request as it was recorded from a real API server. */
export interface GoldenRequest {
  readonly method: string;
  readonly path: string;
  readonly query?: string;
  readonly contentType?: string;
  readonly accept?: string;
  readonly body?: unknown;
}

/** An API server alone, to which recorded HTTP requests can be sent. */
export interface Server {
  readonly ctx: Context;
  readonly api: Api;
  readonly client: Client;
  /** Undefined for what is no question about objects: discovery, a watch. */
  send(request: GoldenRequest): ApiResponse | undefined;
}

/** Starts an API server on an empty store, as the composition root does. */
export function openServer(namespaces: readonly string[] = []): Server {
  const api = createApi();
  const server = apiServer();
  const kernel = createKernel(
    new Map([
      [server.name, server.handle as never],
      ['you', () => {}],
    ]),
    emptyState(1),
  );
  const ctx = kernel.context;
  ctx.restart('machines', () => ({ nodes: new Map(), stopped: new Set() }));
  ctx.restart(etcdAddress, emptyEtcd);
  ctx.restart(apiServerAddress, () => server.start(ctx, apiServerAddress));
  bootstrap(ctx, api);
  const client = createClient(api, 'you');
  for (const name of namespaces) {
    client.create(ctx, 'namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  }
  return {
    ctx,
    api,
    client,
    send(request) {
      try {
        const http = httpOf(request);
        const stream = streamOf(http);
        if (stream?.to === 'log') {
          const { namespace, pod: name } = stream;
          return api.request(ctx, 'you', { verb: 'get', resource: 'pods', namespace, name });
        }
        const route = routeOf(http, catalogueIn(ctx.part<EtcdState>(etcdAddress)!));
        if (route.to === 'api') return api.request(ctx, 'you', route.request);
        return route.to === 'text' ? { code: route.code, body: route.text as never } : undefined;
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        return { code: error.code, body: error.status };
      }
    },
  };
}

/** The request as it came over HTTP. */
function httpOf({ method, path, query = '', contentType, accept, body }: GoldenRequest): HttpRequest {
  return {
    method,
    path,
    query: new URLSearchParams(query),
    headers: { 'content-type': contentType ?? 'application/json', accept },
    body: body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body),
  };
}

/** Creates an object that a recorded case needs, unless it is there. */
export function make(
  server: Server,
  object: { apiVersion: string; kind: string; metadata?: object },
  namespace: string,
): void {
  const kind = kindFor(object.apiVersion, object.kind);
  if (!kind) return;
  server.api.request(server.ctx, 'you', {
    verb: 'create',
    resource: kind.key,
    namespace: kind.namespaced ? namespace : undefined,
    body: object,
  });
}

const volatile = new Set([
  'uid',
  'resourceVersion',
  'creationTimestamp',
  'deletionTimestamp',
  'lastTransitionTime',
  'lastPhaseTransitionTime',
  'lastUpdateTime',
  'clusterIP',
  'clusterIPs',
  'nodePort',
  'healthCheckNodePort',
]);

/**
 * Replaces what differs from run to run (ids, times, allocated addresses, random suffixes), so that a recording and an
 * answer of ours can be compared; keys are sorted, managed fields dropped.
 */
export function normalised(value: unknown, key = ''): unknown {
  if (Array.isArray(value))
    return volatile.has(key) ? value.map((v) => normalised(v, key)) : value.map((v) => normalised(v));
  if (value !== null && typeof value === 'object') {
    const result: Record<string, unknown> = {};
    for (const name of Object.keys(value).sort()) {
      const inner = (value as Record<string, unknown>)[name];
      if (name !== 'managedFields' && inner !== undefined) result[name] = normalised(inner, name);
    }
    return result;
  }
  if (value === 'None' || value === '' || value === null) return value;
  if (volatile.has(key)) return '<x>';
  if (typeof value !== 'string') return value;
  return value
    .replaceAll(/kube-api-access-[a-z0-9<>]+/g, 'kube-api-access-<rand>')
    .replaceAll(/\bgen-(?:[a-z0-9]{5}\b|<rand>|<\d+>)/g, 'gen-<rand>')
    .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '<uid>')
    .replace(/\n@@[\s\S]*$/, '')
    .replace(/<diff>[\s\S]*$/, '')
    .trim();
}
