import type { Context } from '../../kernel/index.ts';
import type { PolicyVerdict, RequestFailure } from '../observations.ts';
import type { Api } from '../process.ts';
import { lookup } from './coredns.ts';
import { hopsOf, type Ending } from './hops.ts';
import { networkAddress, networkOf, reaches, type Connection, type NetworkMemory } from './memory.ts';
import type { Connect, Net, NetResponse, NetSource, Proxied } from './net.ts';
import { askDns, passes } from './networkpolicy.ts';
import { failureOf, routeOf, type Route } from './route.ts';

/**
 * The network between machines. A request costs three events: `connect` at the server's runtime, the runtime's own
 * work, `response` at the client. Deadlines share one timer per timeout length, so that a request that is answered
 * in time leaves none behind.
 *
 *   send ──latency──▶ connect ──(runtime works)──▶ reply / refuse / reset ──latency──▶ response
 *     └── no such name, no endpoints, no route ─────────────────────────────────────▶ response
 *     └── lost, or never answered ──── deadline ────────────────────────────────────▶ response
 */
export function createNet(api?: Api): Net {
  return {
    api,
    send(ctx, from, request, token) {
      const memory = networkOf(ctx);
      const route = routeOf(ctx, memory, from, request);
      const failed = failureOf[route.end];
      if (failed && route.end !== 'lost' && route.end !== 'denied' && route.ms < request.timeoutMs) {
        const ending: Ending = { status: 0, error: failed.error, outcome: 'none' };
        answer(ctx, from, token, route, ctx.now, route.ms, ending, { failure: failed.failure });
        return;
      }
      const patience = failed ? Math.min(request.timeoutMs, request.connectTimeoutMs ?? Infinity) : request.timeoutMs;
      const connection = open(ctx, memory, from, token, route, patience);
      if (failed) return;
      if (route.end === 'outside' || route.end === 'api-server') answerBeyond(ctx, memory, connection);
      else ctx.after(route.ms, `runtime/${route.node}`, 'connect', connectOf(connection));
    },
    attach(ctx, ip, node, podUid, ref) {
      const memory = networkOf(ctx);
      memory.leaving.delete(ip);
      memory.pods.set(ip, { node, podUid, ref });
    },
    detach(ctx, ip) {
      const memory = networkOf(ctx);
      const pod = memory.pods.get(ip);
      if (!pod) return;
      memory.pods.delete(ip);
      for (const [old, { until }] of memory.leaving) {
        if (until > ctx.now) break;
        memory.leaving.delete(old);
      }
      memory.leaving.set(ip, { ...pod, until: ctx.now + teardownMs });
    },
    reply(ctx, id, { status, body, headers, image, proxied, certificate }) {
      const failure: RequestFailure | undefined = status >= 500 ? 'status' : undefined;
      end(ctx, id, { status, outcome: 'answered', proxied }, { failure, body, headers, image, certificate });
    },
    refuse(ctx, id) {
      end(ctx, id, { status: 0, error: 'connect: connection refused', outcome: 'refused' }, { failure: 'refused' });
    },
    reset(ctx, id) {
      end(ctx, id, { status: 0, error: 'read: connection reset by peer', outcome: 'reset' }, { failure: 'reset' });
    },
    resolve: (ctx, name, namespace) => lookup(networkOf(ctx), name, namespace)?.ips ?? [],
    reachesDns: (ctx, from) => reaches(ctx, from.node, '') && passes(askDns(ctx, networkOf(ctx), from)),
  };
}

/**
 * A pod's network namespace goes some time after its last container: the runtime stops the sandbox and the CNI plugin
 * takes its interface away. Until then the address refuses; afterwards nobody answers for it.
 */
const teardownMs = 300;

const noHeaders: Readonly<Record<string, string>> = Object.freeze({});

const withoutHost = (headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> => {
  if (headers['Host'] === undefined) return headers;
  const { Host: _, ...rest } = headers;
  return rest;
};

/** What arrives. A header `Host` takes the place of the name in the URL. */
const connectOf = ({ id, route, from }: Connection): Connect => ({
  connection: id,
  ip: route.ip,
  port: route.port,
  protocol: route.request.protocol,
  method: route.request.method ?? 'GET',
  path: route.request.path ?? '/',
  host: route.request.headers?.['Host'] ?? route.request.host,
  headers: withoutHost(route.request.headers ?? noHeaders),
  body: route.request.body ?? '',
  clientIp: route.clientIp,
  trace: from.trace === true,
});

function open(
  ctx: Context,
  memory: NetworkMemory,
  from: NetSource,
  token: string,
  route: Route,
  timeoutMs: number,
): Connection {
  const id = ++memory.lastConnection;
  const connection: Connection = { id, from, token, cause: ctx.cause, startedAt: ctx.now, timeoutMs, route };
  memory.open.set(id, connection);
  const { behalf } = route.request;
  if (behalf && memory.open.has(behalf.connection)) memory.behalf.set(behalf.connection, id);
  const ids = memory.deadlines.get(timeoutMs);
  if (ids) ids.add(id);
  else {
    memory.deadlines.set(timeoutMs, new Set([id]));
    ctx.after(timeoutMs, networkAddress, 'deadline', { timeoutMs });
  }
  return connection;
}

function close(memory: NetworkMemory, connection: Connection): void {
  memory.open.delete(connection.id);
  memory.behalf.delete(connection.id);
  memory.deadlines.get(connection.timeoutMs)?.delete(connection.id);
}

/** What a response has beside its ending. */
interface Extra {
  readonly failure?: RequestFailure | undefined;
  readonly body?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly image?: string | undefined;
  readonly certificate?: string | undefined;
}

/** The server has spoken: its answer travels back, unless the way is cut or it comes too late; then the deadline ends it. */
function end(ctx: Context, id: number, ending: Ending, extra: Extra): void {
  const memory = networkOf(ctx);
  const connection = memory.open.get(id);
  if (!connection) return;
  const { route, from, startedAt } = connection;
  const latency = route.ms - route.dnsMs;
  if (ctx.now + latency > startedAt + connection.timeoutMs) return;
  if (!reaches(ctx, route.node, route.proxy) || !reaches(ctx, route.proxy, from.node)) return;
  close(memory, connection);
  answer(ctx, from, connection.token, route, startedAt, latency, { ...ending, answeredAt: ctx.now }, extra);
}

function answer(
  ctx: Context,
  from: NetSource,
  token: string,
  route: Route,
  startedAt: number,
  delayMs: number,
  ending: Ending,
  extra: Extra,
): void {
  const at = ctx.now + delayMs;
  const response: NetResponse = {
    token,
    ok: extra.failure === undefined,
    status: ending.status,
    body: extra.body ?? '',
    headers: extra.headers ?? noHeaders,
    certificate: extra.certificate,
    failure: extra.failure,
    error: ending.error,
    ms: at - startedAt,
    hops: from.trace ? hopsOf(route, startedAt, at, ending) : [],
    policies: from.trace ? policiesOf(route, ending.proxied) : undefined,
    pod: ending.proxied?.pod ?? route.pod?.slice('pods/'.length),
    node: ending.proxied?.node ?? (route.node === '' ? undefined : route.node),
    image: ending.proxied?.image ?? extra.image,
  };
  ctx.after(delayMs, from.address, 'response', response);
}

const policiesOf = ({ policies }: Route, proxied: Proxied | undefined): readonly PolicyVerdict[] | undefined =>
  proxied?.policies ? [...(policies ?? []), ...proxied.policies] : policies;

/** Hosts that are not simulated as machines: the API server's HTTP face, and the world beyond the cluster. */
function answerBeyond(ctx: Context, memory: NetworkMemory, connection: Connection): void {
  const { route, from } = connection;
  close(memory, connection);
  const open = /^\/(livez|readyz|healthz|version)\b/.test(route.request.path ?? '/');
  const [status, body] =
    route.end === 'outside' ? [200, `This is ${route.request.host}\n`] : open ? [200, 'ok'] : [403, 'Forbidden'];
  const ending: Ending = { status, outcome: 'answered', answeredAt: ctx.now + route.ms };
  answer(ctx, from, connection.token, route, ctx.now, 2 * route.ms - route.dnsMs, ending, { body });
}

/** How far the request got that a proxy is making on behalf of a connection that is given up. */
function proxiedSoFar(ctx: Context, memory: NetworkMemory, { id, from }: Connection): Proxied | undefined {
  const onward = memory.open.get(memory.behalf.get(id) ?? 0);
  if (!onward || !from.trace) return undefined;
  const { route, startedAt } = onward;
  const hops = hopsOf(route, startedAt, ctx.now, { status: 0, error: '', outcome: 'none' });
  return {
    steps: [...route.request.behalf!.steps, ...hops.filter(({ what }) => what !== 'client' && what !== 'reply')],
    policies: route.policies,
  };
}

/** Ends the connections of one timeout length that are due, and sets the timer for the next. */
export function expire(ctx: Context, memory: NetworkMemory, timeoutMs: number): void {
  const ids = memory.deadlines.get(timeoutMs)!;
  for (const id of ids) {
    const connection = memory.open.get(id)!;
    const deadline = connection.startedAt + timeoutMs;
    if (deadline > ctx.now) {
      ctx.cause = 0;
      ctx.after(deadline - ctx.now, networkAddress, 'deadline', { timeoutMs });
      return;
    }
    const proxied = proxiedSoFar(ctx, memory, connection);
    close(memory, connection);
    ctx.cause = connection.cause;
    const silent = connection.route.end === 'pod' || connection.route.end === 'node';
    const error = silent ? 'context deadline exceeded' : 'i/o timeout';
    const ending: Ending = { status: 0, error, outcome: 'none', proxied };
    const { from, token, route, startedAt } = connection;
    answer(ctx, from, token, route, startedAt, 0, ending, { failure: failureOf[route.end]?.failure ?? 'timeout' });
  }
  memory.deadlines.delete(timeoutMs);
}
