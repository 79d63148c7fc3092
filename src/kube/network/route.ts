import type { Context } from '../../kernel/index.ts';
import type { PolicyVerdict, RequestFailure } from '../observations.ts';
import { isAddress, lookup, type Answer } from './coredns.ts';
import { chooseEndpoint, nodesWithEndpoints, type Choice } from './kube-proxy.ts';
import { machinesOf } from '../machines.ts';
import { reaches, type NetworkMemory } from './memory.ts';
import type { NetRequest, NetSource } from './net.ts';
import { askDns, endAt, judge, passes, policiesIdle, sourceEnd } from './networkpolicy.ts';
import { portOf, serviceAt, transport } from './services.ts';

/** How a Service was entered. */
export type Entrance = 'cluster-ip' | 'node-port' | 'load-balancer' | 'entry';

/** The way a request takes, found when it leaves: where it arrives after `ms`, or how it fails after `ms`. Plain data. */
export interface Route {
  readonly request: NetRequest;
  /** Name resolution took this long of `ms`; 0 for an address. */
  readonly dnsMs: number;
  readonly answer?: Answer | undefined;
  /** The address the client connects to. */
  readonly address: string;
  readonly service?: string | undefined;
  readonly entrance?: Entrance | undefined;
  /** The machine whose kube-proxy chose. */
  readonly proxy: string;
  readonly choice?: Choice | undefined;
  /** Destination, as far as the request gets: machine ('' is beyond the cluster), address, pod. */
  readonly node: string;
  readonly ip: string;
  readonly port: number;
  readonly pod?: string | undefined;
  /** As the server sees the client. */
  readonly clientIp: string;
  /** Milliseconds until arrival or failure. */
  readonly ms: number;
  readonly end: End;
  /** What NetworkPolicies said, when some isolate an end of it. */
  readonly policies?: readonly PolicyVerdict[] | undefined;
}

/** Where a route ends. `pod` and `node`: a runtime is asked; the others need none. */
export type End =
  | 'pod'
  | 'node'
  | 'api-server'
  | 'outside'
  | 'dns-nxdomain'
  | 'dns-unreachable'
  | 'no-endpoints'
  | 'closed'
  | 'no-route'
  | 'lost'
  /** A NetworkPolicy refused: the packets are dropped, on the way to cluster DNS or to the destination. */
  | 'dns-denied'
  | 'denied';

/** Failure and operating-system text of the ends that are failures. `lost` packets are never answered: the client waits. */
export const failureOf: Readonly<Partial<Record<End, { readonly failure: RequestFailure; readonly error: string }>>> = {
  'dns-nxdomain': { failure: 'dns', error: 'no such host' },
  'dns-unreachable': { failure: 'dns', error: 'i/o timeout' },
  'no-endpoints': { failure: 'no-endpoints', error: 'connect: connection refused' },
  closed: { failure: 'refused', error: 'connect: connection refused' },
  'no-route': { failure: 'timeout', error: 'connect: no route to host' },
  lost: { failure: 'timeout', error: 'i/o timeout' },
  'dns-denied': { failure: 'dns', error: 'i/o timeout' },
  denied: { failure: 'timeout', error: 'i/o timeout' },
};

/** A lookup waits 5 s for each of two tries. Kubernetes: resolv.conf defaults. */
const dnsTimeoutMs = 10_000;

/** Linux gives up on an address of its own subnet after three ARP questions, one second apart. */
const noRouteMs = 3000;

/** Addresses that machines give to pods. */
const podRange = /^(10\.(24[4-9]|25\d)|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7]))\./;

const apiServerPorts = new Set([443, 6443]);

/** Where a request gets to. Every object of it has the same fields in the same order: one is made per request. */
interface Where {
  readonly node: string;
  readonly ip: string;
  readonly port: number;
  readonly end: End;
  readonly delayMs: number;
  readonly pod: string | undefined;
  readonly service: string | undefined;
  readonly entrance: Entrance | undefined;
  /** The machine entered; undefined is the client's own. */
  readonly proxy: string | undefined;
  readonly choice: Choice | undefined;
  readonly clientIp: string | undefined;
}

const place = (end: End, node: string, ip: string, port: number, pod?: string, delayMs = 0, proxy?: string): Where => ({
  node,
  ip,
  port,
  end,
  delayMs,
  pod,
  service: undefined,
  entrance: undefined,
  proxy,
  choice: undefined,
  clientIp: undefined,
});

/** Finds the way of a request: name, Service, endpoint, machine. Draws latencies from the stream `network`. */
export function routeOf(ctx: Context, memory: NetworkMemory, from: NetSource, request: NetRequest): Route {
  const named = !isAddress(request.host);
  const random = ctx.random('network');
  const dnsMs = named ? random.between(1, 2) : 0;
  const dead = (end: End, ms: number, policies?: readonly PolicyVerdict[]): Route => ({
    request,
    dnsMs,
    address: request.host,
    proxy: from.node,
    node: '',
    ip: '',
    port: request.port,
    clientIp: from.ip,
    ms,
    end,
    policies,
  });
  if (named && from.node !== '' && !reaches(ctx, from.node, '')) return dead('dns-unreachable', dnsTimeoutMs);
  const idle = policiesIdle(ctx, memory);
  if (named && !idle && from.node !== '') {
    const asked = askDns(ctx, memory, from);
    if (!passes(asked)) return dead('dns-denied', dnsTimeoutMs, asked);
  }
  const answer = named ? lookupFrom(ctx, memory, from, request.host) : undefined;
  if (named && !answer) return dead('dns-nxdomain', dnsMs);
  const { ips } = answer ?? { ips: [request.host] };
  const address = ips.length === 1 ? ips[0]! : ips[random.int(ips.length)]!;
  const found =
    from.node === ''
      ? fromOutside(ctx, memory, from, request, address, answer)
      : fromInside(ctx, memory, from, request, address);
  const entry = found.proxy ?? from.node;
  const policies = idle ? undefined : judgeRoute(ctx, memory, from, found, entry, request);
  const latency = (from.node === '' ? random.between(5, 15) : 0) + (entry === found.node ? 1 : random.between(1, 2));
  return {
    request,
    dnsMs,
    answer,
    address,
    service: found.service ?? answer?.service,
    entrance: found.entrance,
    proxy: entry,
    choice: found.choice,
    node: found.node,
    ip: found.ip,
    port: found.port,
    pod: found.pod,
    clientIp: found.clientIp ?? from.ip,
    ms: dnsMs + latency + found.delayMs,
    end: policies && !passes(policies) ? 'denied' : found.end,
    policies,
  };
}

/** Ends at which packets arrive somewhere, so that policies are asked. */
const arriving: ReadonlySet<End> = new Set(['pod', 'node', 'closed', 'outside', 'api-server']);

/**
 * Asks the policies of both ends. What comes from outside is seen with the address of the machine that it entered at when
 * that machine has hidden the client's and the pod is on another one: the address is hidden last, on the way out.
 */
function judgeRoute(
  ctx: Context,
  memory: NetworkMemory,
  from: NetSource,
  found: Where,
  entry: string,
  request: NetRequest,
): readonly PolicyVerdict[] | undefined {
  if (!arriving.has(found.end)) return undefined;
  const target =
    found.end === 'pod' || found.end === 'closed'
      ? endAt(memory, found.ip, found.node)
      : { ip: found.ip, node: found.node, pod: undefined };
  const source =
    from.node !== ''
      ? sourceEnd(memory, from)
      : entry === target.node || found.clientIp === undefined
        ? { ip: from.ip, node: '', pod: undefined }
        : { ip: found.clientIp, node: entry, pod: undefined };
  const verdicts = judge(ctx, memory, { source, target, port: found.port, protocol: transport(request.protocol) });
  return verdicts.length > 0 ? verdicts : undefined;
}

/** Names of machines resolve for clients outside; for the rest they are given cluster DNS, as a convenience. */
function lookupFrom(ctx: Context, memory: NetworkMemory, from: NetSource, host: string): Answer | undefined {
  const machine = from.node === '' ? machinesOf(ctx).nodes.get(host) : undefined;
  if (machine) return { name: host, ips: [machine.ip], how: 'address' };
  return lookup(memory, host, from.namespace ?? 'default');
}

function fromInside(ctx: Context, memory: NetworkMemory, from: NetSource, request: NetRequest, address: string): Where {
  const { port } = request;
  const service = memory.clusterIps.get(address) ?? memory.externalIps.get(address);
  if (service !== undefined) {
    const entrance = memory.clusterIps.has(address) ? 'cluster-ip' : 'load-balancer';
    return throughService(ctx, memory, from, request, service, port, entrance, from.node);
  }
  const node = memory.nodeIps.get(address);
  if (node !== undefined) return atNode(ctx, memory, from, request, address, node);
  if (address === '127.0.0.1') return atPod(ctx, memory, from.node, from.ip, port, undefined);
  if (address.startsWith('192.0.2.')) return place('outside', '', address, port, undefined, 20);
  if (address === '10.96.0.1' && apiServerPorts.has(port)) return atApiServer(ctx, address, port);
  return atPod(ctx, memory, from.node, address, port, undefined);
}

/**
 * From outside a client reaches node ports, load balancers and nothing else: cluster IPs and pod IPs mean nothing there.
 * Simplified: a Service named directly (`http://web`) is entered at a machine as if a load balancer stood before it, and
 * load balancers send to live machines only; a real one finds a dead machine after some failed health checks.
 */
function fromOutside(
  ctx: Context,
  memory: NetworkMemory,
  from: NetSource,
  request: NetRequest,
  address: string,
  answer: Answer | undefined,
): Where {
  const { port } = request;
  const node = memory.nodeIps.get(address);
  if (node !== undefined) return atNode(ctx, memory, from, request, address, node);
  const external = memory.externalIps.get(address);
  const service = external ?? (answer?.how === 'service' ? answer.service : undefined);
  if (service !== undefined && serviceAt(memory, service)) {
    const entry = balancerNode(ctx, memory, service);
    if (entry === undefined) return { ...place('lost', '', address, port), service };
    const entrance = external === undefined ? 'entry' : 'load-balancer';
    return throughService(ctx, memory, from, request, service, port, entrance, entry);
  }
  if (answer?.how === 'headless' || (answer?.how === 'pod' && answer.service !== undefined)) {
    const entry = balancerNode(ctx, memory, answer.service!);
    if (entry !== undefined) return { ...atPod(ctx, memory, entry, address, port, undefined), proxy: entry };
  }
  if (answer?.how === 'external') return place('outside', '', address, port, undefined, 20);
  return place('lost', '', address, port);
}

/** A live machine that a load balancer sends to; with externalTrafficPolicy Local one that has an endpoint. */
function balancerNode(ctx: Context, memory: NetworkMemory, key: string): string | undefined {
  const local = serviceAt(memory, key)?.spec?.externalTrafficPolicy === 'Local';
  const healthy = local ? nodesWithEndpoints(ctx, memory, key) : [];
  const nodes = healthy.length > 0 ? healthy : memory.nodeNames;
  const start = nodes.length > 0 ? ctx.random('network').int(nodes.length) : 0;
  for (let i = 0; i < nodes.length; i++) {
    const node = nodes[(start + i) % nodes.length]!;
    if (reaches(ctx, '', node)) return node;
  }
  return undefined;
}

/** An address of a machine: a node port, or something that listens on the machine itself. */
function atNode(
  ctx: Context,
  memory: NetworkMemory,
  from: NetSource,
  request: NetRequest,
  address: string,
  node: string,
): Where {
  const { port } = request;
  if (!reaches(ctx, from.node, node)) return place('lost', node, address, port, undefined, 0, node);
  const service = memory.nodePorts.get(port);
  if (service !== undefined) {
    const spec = serviceAt(memory, service)?.spec;
    const servicePort = spec?.ports?.find((p) => p.nodePort === port);
    if (servicePort) return throughService(ctx, memory, from, request, service, servicePort.port, 'node-port', node);
  }
  return place('node', node, address, port, undefined, 0, node);
}

function throughService(
  ctx: Context,
  memory: NetworkMemory,
  from: NetSource,
  request: NetRequest,
  key: string,
  number: number,
  entrance: Entrance,
  node: string,
): Where {
  const service = serviceAt(memory, key)!;
  const port = portOf(service, number, transport(request.protocol));
  const ends = (to: Where, choice: Choice | undefined, clientIp: string): Where => ({
    node: to.node,
    ip: to.ip,
    port: to.port,
    end: to.end,
    delayMs: to.delayMs,
    pod: choice?.verdict === 'endpoint' ? (choice.ref ?? to.pod) : undefined,
    service: key,
    entrance,
    proxy: node,
    choice,
    clientIp,
  });
  // No rule for this port: the packet leaves for an address that nobody has.
  if (!port) return ends(place('lost', node, request.host, number), undefined, from.ip);
  const isApi = key === 'default/kubernetes';
  if (isApi && !memory.slicesOf.has(key)) return ends(atApiServer(ctx, request.host, number), undefined, from.ip);
  const external = entrance !== 'cluster-ip' && from.node === '';
  const local = (external ? service.spec?.externalTrafficPolicy : service.spec?.internalTrafficPolicy) === 'Local';
  const choice = chooseEndpoint(ctx, memory, key, service, port, node, from.ip, local);
  if (choice.verdict !== 'endpoint') {
    const end = choice.verdict === 'reject' ? 'no-endpoints' : 'lost';
    return ends(place(end, node, request.host, number), choice, from.ip);
  }
  // Entering from outside under policy Cluster the machine puts its own address in place of the client's.
  const clientIp = external && !local ? (machinesOf(ctx).nodes.get(node)?.ip ?? from.ip) : from.ip;
  const target = isApi
    ? atApiServer(ctx, choice.ip, choice.port)
    : atPod(ctx, memory, node, choice.ip, choice.port, choice.node);
  return ends(target, choice, clientIp);
}

const atApiServer = (ctx: Context, ip: string, port: number): Where =>
  place(machinesOf(ctx).stopped.has('kube-apiserver') ? 'no-endpoints' : 'api-server', '', ip, port);

/**
 * A pod's address, seen from a machine. While the pod is being taken down nobody listens any more. An address that
 * nobody has any more: on a live machine nobody answers its ARP questions, and the client hears "no route to host"
 * after 3 s; on a lost machine nothing is heard at all.
 */
function atPod(
  ctx: Context,
  memory: NetworkMemory,
  from: string,
  ip: string,
  port: number,
  endpointNode: string | undefined,
): Where {
  const left = memory.leaving.get(ip);
  const leaving = left && left.until > ctx.now ? left : undefined;
  const pod = memory.pods.get(ip) ?? leaving;
  const node = pod?.node ?? memory.nodeIps.get(ip) ?? endpointNode;
  if (node === undefined) {
    const inPodRange = podRange.test(ip);
    return place(inPodRange ? 'no-route' : 'lost', '', ip, port, undefined, inPodRange ? noRouteMs : 0);
  }
  if (!reaches(ctx, from, node)) return place('lost', node, ip, port, pod?.ref);
  if (pod) return pod === leaving ? place('closed', node, ip, port, pod.ref, 1) : place('pod', node, ip, port, pod.ref);
  if (memory.nodeIps.has(ip)) return place('node', node, ip, port);
  return place('no-route', node, ip, port, undefined, noRouteMs);
}
