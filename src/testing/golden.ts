import { createKernel, emptyState, type Context } from '../kernel/index.ts';
import { createClient, type Client } from '../kube/client/index.ts';
import { apiServer, apiServerAddress, createApi, etcdAddress, emptyEtcd } from '../kube/apiserver/index.ts';
import type { ApiRequest, ApiResponse, PatchType, RequestOptions } from '../kube/apiserver/request.ts';
import { kindFor, kindOf, kinds } from '../kube/apis/index.ts';
import { bootstrap } from '../kube/bootstrap.ts';
import type { Api } from '../kube/process.ts';

/** A request as it was recorded from a real API server. */
export interface GoldenRequest {
  readonly method: string;
  readonly path: string;
  readonly query?: string;
  readonly contentType?: string;
  readonly body?: unknown;
}

/** An API server alone, to which recorded HTTP requests can be sent. */
export interface Server {
  readonly ctx: Context;
  readonly api: Api;
  readonly client: Client;
  /** Undefined when the path names no kind that is served. */
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
      const parsed = requestOf(request);
      return parsed && api.request(ctx, 'you', parsed);
    },
  };
}

const patchTypes: Readonly<Record<string, PatchType>> = {
  'application/json-patch+json': 'json',
  'application/merge-patch+json': 'merge',
  'application/strategic-merge-patch+json': 'strategic',
  'application/apply-patch+yaml': 'apply',
};

/** The request behind an HTTP method and path; undefined for kinds that are not served. */
function requestOf({ method, path, query = '', contentType = '', body }: GoldenRequest): ApiRequest | undefined {
  const parts = path.split('/').filter((part) => part !== '');
  const group = parts[0] === 'api' ? '' : parts[1]!;
  const rest = parts.slice(parts[0] === 'api' ? 2 : 3);
  let namespace: string | undefined;
  if (rest[0] === 'namespaces' && rest.length > 2) {
    namespace = rest[1];
    rest.splice(0, 2);
  }
  const [plural, name, subresource] = rest;
  const stored = kinds.find((k) => k.group === group && k.resource === plural);
  const version = parts[parts[0] === 'api' ? 1 : 2];
  const kind = stored?.version === version ? stored : kindOf(`${plural}.${version}.${group}`);
  if (!kind) return undefined;
  const given = new URLSearchParams(query);
  const deletion = method === 'DELETE' && body ? (body as RequestOptions) : {};
  const options: Record<string, unknown> = { fieldValidation: given.get('fieldValidation') ?? 'Warn', ...deletion };
  for (const key of ['labelSelector', 'fieldSelector', 'fieldManager', 'continue']) {
    if (given.has(key)) options[key] = given.get(key);
  }
  if (given.has('dryRun')) options['dryRun'] = true;
  if (given.has('limit')) options['limit'] = Number(given.get('limit'));
  const verbs = { POST: 'create', PUT: 'update', PATCH: 'patch', DELETE: 'delete' } as const;
  return {
    verb: method === 'GET' ? (name ? 'get' : 'list') : verbs[method as keyof typeof verbs],
    resource: kind.key,
    namespace,
    name,
    subresource: subresource as ApiRequest['subresource'],
    body: method === 'DELETE' ? undefined : typeof body === 'string' ? (JSON.parse(body) as unknown) : body,
    patchType: patchTypes[contentType],
    options,
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
