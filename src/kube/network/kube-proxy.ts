import { fnv1a, type Context } from '../../kernel/index.ts';
import { keyOf } from '../apimachinery/index.ts';
import type { EndpointSlice, Service } from '../apis/index.ts';
import type { NetworkMemory, SliceVersion } from './memory.ts';
import { knowsUntil, maxDelayMs, pruned, versionSeen } from './node-delay.ts';
import type { ServicePort } from './services.ts';

type Endpoint = NonNullable<EndpointSlice['endpoints']>[number];

/** A version that every node has seen for ever: before its creation a slice does not exist. */
const nothing: SliceVersion = { at: -maxDelayMs, salt: 0, slice: null };

/**
 * Takes in a slice's new version (null: deleted). What nodes route by is derived from the versions kept here,
 * so a thousand kube-proxies cost one entry per write instead of a thousand events.
 */
export function learnSlice(ctx: Context, memory: NetworkMemory, slice: EndpointSlice, exists: boolean): void {
  const key = keyOf(slice);
  const service = `${slice.metadata.namespace}/${slice.metadata.labels?.['kubernetes.io/service-name'] ?? ''}`;
  let history = memory.slices.get(key);
  if (history && history.service !== service) {
    memory.slicesOf.get(history.service)?.delete(key);
    history = undefined;
  }
  if (!history) {
    memory.slices.set(key, (history = { service, versions: [nothing] }));
    let keys = memory.slicesOf.get(service);
    if (!keys) memory.slicesOf.set(service, (keys = new Set()));
    keys.add(key);
  }
  const salt = fnv1a(`${key}@${slice.metadata.resourceVersion}${exists ? '' : '-'}`);
  history.versions.push({ at: ctx.now, salt, slice: exists ? slice : null });
  history.versions = pruned(ctx, history.versions);
  if (!exists) sweepDeleted(ctx, memory, service);
}

/** Forgets slices of a service whose deletion every node has seen. */
function sweepDeleted(ctx: Context, memory: NetworkMemory, service: string): void {
  const keys = memory.slicesOf.get(service)!;
  for (const key of keys) {
    const { versions } = memory.slices.get(key)!;
    const last = versions[versions.length - 1]!;
    if (last.slice !== null || ctx.now - last.at < maxDelayMs) continue;
    keys.delete(key);
    memory.slices.delete(key);
  }
}

/** A slice's endpoints by what kube-proxy may use them for. */
interface Usable {
  readonly ready: readonly Endpoint[];
  /** Used only when none is ready. */
  readonly terminating: readonly Endpoint[];
}

const usableBySlice = new WeakMap<EndpointSlice, Usable>();

/** Sorts a slice's endpoints. A missing `ready` means ready, a missing `serving` means as ready. */
export function usableOf(slice: EndpointSlice): Usable {
  let usable = usableBySlice.get(slice);
  if (!usable) {
    const endpoints = slice.endpoints ?? [];
    usable = {
      ready: endpoints.filter((e) => e.conditions?.ready ?? true),
      terminating: endpoints.filter(
        (e) =>
          e.conditions?.ready === false &&
          (e.conditions.serving ?? e.conditions.ready ?? true) &&
          e.conditions.terminating === true,
      ),
    };
    usableBySlice.set(slice, usable);
  }
  return usable;
}

/** What kube-proxy on a node does with a connection to a Service. */
export type Choice =
  | {
      readonly verdict: 'endpoint';
      readonly ip: string;
      readonly port: number;
      readonly node: string | undefined;
      readonly ref: string | undefined;
      /** How many endpoints there were to choose from. */
      readonly of: number;
      /** None was ready, terminating ones that still serve were used. */
      readonly terminating: boolean;
      /** Bound to it by session affinity. */
      readonly sticky: boolean;
    }
  /** REJECT: no endpoint at all. DROP: endpoints exist, but policy Local finds none on this node. */
  | { readonly verdict: 'reject' | 'drop' };

/**
 * Chooses an endpoint as the iptables rules of `node` would: at random among the ready ones it knows; among those
 * terminating but serving when none is ready. Kubernetes: pkg/proxy/topology.go, pkg/proxy/iptables/proxier.go.
 * Simplified: topology hints and trafficDistribution are not looked at: a learner would see traffic spread over all zones.
 */
export function chooseEndpoint(
  ctx: Context,
  memory: NetworkMemory,
  key: string,
  service: Service,
  port: ServicePort,
  node: string,
  clientIp: string,
  local: boolean,
): Choice {
  const known = knownSlices(ctx, memory, key, node, port.name ?? '');
  let of = 0;
  let all = 0;
  for (const { usable } of known) {
    all += usable.ready.length;
    of += local ? countOn(usable.ready, node) : usable.ready.length;
  }
  const terminating = of === 0;
  if (terminating) {
    for (const { usable } of known) {
      all += usable.terminating.length;
      of += local ? countOn(usable.terminating, node) : usable.terminating.length;
    }
  }
  if (of === 0) return { verdict: all === 0 ? 'reject' : 'drop' };
  const sticky = service.spec?.sessionAffinity === 'ClientIP';
  const bond = sticky ? `${node} ${key} ${port.port} ${clientIp}` : '';
  const bound = sticky ? boundEndpoint(ctx, memory, bond, known, terminating, local ? node : undefined) : undefined;
  const picked = bound ?? nth(known, terminating, local ? node : undefined, ctx.random('kube-proxy').int(of));
  const ip = picked.endpoint.addresses[0]!;
  if (sticky) {
    const seconds = service.spec?.sessionAffinityConfig?.clientIP?.timeoutSeconds ?? 10_800;
    bind(ctx, memory, bond, ip, seconds * 1000);
  }
  const target = picked.endpoint.targetRef;
  return {
    verdict: 'endpoint',
    ip,
    port: picked.port,
    node: picked.endpoint.nodeName,
    ref: target?.kind === 'Pod' ? `pods/${target.namespace}/${target.name}` : undefined,
    of,
    terminating,
    sticky: bound !== undefined,
  };
}

interface Known {
  readonly usable: Usable;
  readonly port: number;
}

/** The slices of a Service as `node` has applied them, with the number behind the named port. */
function knownSlices(ctx: Context, memory: NetworkMemory, key: string, node: string, portName: string): Known[] {
  const known: Known[] = [];
  const until = knowsUntil(ctx, node);
  for (const sliceKey of memory.slicesOf.get(key) ?? []) {
    const { versions } = memory.slices.get(sliceKey)!;
    const { slice } = versionSeen(versions, node, until);
    const port = slice?.ports?.find((p) => (p.name ?? '') === portName)?.port;
    if (slice && port) known.push({ usable: usableOf(slice), port });
  }
  return known;
}

function countOn(endpoints: readonly Endpoint[], node: string): number {
  let count = 0;
  for (const e of endpoints) if (e.nodeName === node) count++;
  return count;
}

interface Picked {
  readonly endpoint: Endpoint;
  readonly port: number;
}

function nth(known: readonly Known[], terminating: boolean, node: string | undefined, index: number): Picked {
  let rest = index;
  for (const { usable, port } of known) {
    const endpoints = terminating ? usable.terminating : usable.ready;
    if (node === undefined) {
      if (rest < endpoints.length) return { endpoint: endpoints[rest]!, port };
      rest -= endpoints.length;
      continue;
    }
    for (const endpoint of endpoints) if (endpoint.nodeName === node && rest-- === 0) return { endpoint, port };
  }
  throw new RangeError(`endpoint ${index} of fewer`);
}

function boundEndpoint(
  ctx: Context,
  memory: NetworkMemory,
  bond: string,
  known: readonly Known[],
  terminating: boolean,
  node: string | undefined,
): Picked | undefined {
  const entry = memory.affinity.get(bond);
  if (!entry || entry.until < ctx.now) return undefined;
  for (const { usable, port } of known)
    for (const endpoint of terminating ? usable.terminating : usable.ready)
      if (endpoint.addresses[0] === entry.ip && (node === undefined || endpoint.nodeName === node))
        return { endpoint, port };
  return undefined;
}

/** Past this many bonds the expired ones are swept out. */
const affinitySweep = 1024;

/** Binds a client to an endpoint; each use starts the timeout anew. */
function bind(ctx: Context, memory: NetworkMemory, bond: string, ip: string, timeoutMs: number): void {
  if (memory.affinity.size >= affinitySweep && !memory.affinity.has(bond))
    for (const [key, entry] of memory.affinity) if (entry.until < ctx.now) memory.affinity.delete(key);
  memory.affinity.set(bond, { ip, until: ctx.now + timeoutMs });
}

/** Nodes that have a usable endpoint of the Service: what a cloud's health check finds under `externalTrafficPolicy: Local`. */
export function nodesWithEndpoints(ctx: Context, memory: NetworkMemory, key: string): readonly string[] {
  const nodes = new Set<string>();
  for (const pick of ['ready', 'terminating'] as const) {
    for (const sliceKey of memory.slicesOf.get(key) ?? []) {
      const slice = memory.slices.get(sliceKey)!.versions.at(-1)!.slice;
      if (slice) for (const e of usableOf(slice)[pick]) if (e.nodeName) nodes.add(e.nodeName);
    }
    if (nodes.size > 0) break;
  }
  return [...nodes];
}
