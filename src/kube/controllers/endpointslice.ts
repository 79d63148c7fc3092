import type { DiscoveryV1EndpointPort, V1Endpoint } from '../../generated/types.ts';
import { controllerOf, isReason } from '../apimachinery/index.ts';
import type { EndpointSlice, Node, Pod, Service } from '../apis/index.ts';
import { cached, cachedAll } from '../client/index.ts';
import { ownMemory, requeue, type Control, type Controller } from './controller.ts';
import {
  addressesOf,
  endpointPorts,
  hasEndpoint,
  hasHostname,
  hasNamedPorts,
  isHeadless,
  keysOfPod,
  membersOf,
} from './endpoints-of-pods.ts';
import { dependentsOf } from './indexes.ts';
import { controllerRef } from './ownership.ts';
import { podFacts } from './pods.ts';
import { podSelector, servicesOf } from './service-index.ts';

/** Endpoints per slice at most. Kubernetes: --max-endpoints-per-slice. */
const maxEndpoints = 100;
/** Changes gather half a millisecond longer per pod of a Service: its rounds are as much longer. */
const msPerPod = 0.5;
const slices = 'endpointslices.discovery.k8s.io';
const nameLabel = 'kubernetes.io/service-name';
const managedByLabel = 'endpointslice.kubernetes.io/managed-by';
const headlessLabel = 'service.kubernetes.io/headless';
const manager = 'endpointslice-controller.k8s.io';

/** What is to be written so that a Service's slices show its pods, with as few writes as possible. */
export interface SlicePlan {
  readonly create: EndpointSlice[];
  readonly update: EndpointSlice[];
  readonly remove: EndpointSlice[];
}

/** Last resourceVersion that we wrote of each slice of a Service: an older one in the cache must not be planned on. */
type Written = Map<string, Map<string, number>>;

/**
 * Lists the pods of each Service in EndpointSlices, by their ports and at most 100 in each.
 * Kubernetes: staging/src/k8s.io/endpointslice/reconciler.go.
 * Simplified: IPv4 only, no topology hints, and no annotation with the time of the change that led to a write.
 */
export const endpointSliceController: Controller = {
  name: 'endpointslice',
  memory: (): Written => new Map(),
  watches: [
    { resource: 'services', keys: (_c, change) => [change.key] },
    { resource: 'pods', keys: (c, change) => keysOfPod(c, change, msPerPod) },
    {
      resource: 'nodes',
      keys(c, { type, key }) {
        if (type === 'MODIFIED') return [];
        const keys = new Set<string>();
        for (const pod of c.memory.indexes.podsByNode.get(key) ?? []) {
          const object = c.memory.caches.get('pods')?.objects.get(pod);
          if (object)
            for (const service of servicesOf(c.memory.indexes.services, c.memory.caches, object)) keys.add(service);
        }
        return [...keys];
      },
    },
    {
      resource: slices,
      keys(c, { type, object }) {
        const name = object.metadata.labels?.[nameLabel];
        if (!name || object.metadata.labels?.[managedByLabel] !== manager) return [];
        const service = `${object.metadata.namespace}/${name}`;
        const written = ownMemory<Written>(c).get(service);
        const ours = written?.get(object.metadata.name);
        if (type === 'DELETED') {
          const expected = ours === gone;
          written?.delete(object.metadata.name);
          return expected ? [] : [service];
        }
        return ours !== undefined && Number(object.metadata.resourceVersion) <= ours ? [] : [service];
      },
    },
  ],
  reconcile(c, key) {
    const service = cached(c.memory.caches, 'services', key);
    const all = ownMemory<Written>(c);
    if (!service) {
      all.delete(key);
      return;
    }
    if (!podSelector(service)) return;
    const existing = [...dependentsOf(c.memory.indexes, slices, service.metadata.uid)]
      .map((slice) => cached(c.memory.caches, slices, slice)!)
      .filter((slice) => slice.metadata.labels?.[managedByLabel] === manager && !slice.metadata.deletionTimestamp);
    let written = all.get(key);
    const strays = written ? [] : straySlices(c, service);
    if (!written) all.set(key, (written = new Map()));
    if (isStale(existing, written)) {
      requeue(c, key, 5);
      return;
    }
    const pods = membersOf(c, key);
    const nodeOf = (name: string): Node | undefined => cached(c.memory.caches, 'nodes', name);
    const plan = planSlices(service, pods, nodeOf, existing);
    write(c, service, { ...plan, remove: [...plan.remove, ...strays] }, written, pods.length);
  },
};

/**
 * Slices that bear the Service's name but belong to an earlier one, which was deleted with its dependents orphaned.
 * Looked for once per Service, because it means a walk through all slices.
 * Kubernetes: endpointslice/reconciler.go, ownedBy.
 */
function straySlices(c: Control, service: Service): EndpointSlice[] {
  const { name, namespace, uid } = service.metadata;
  return [...cachedAll(c.memory.caches, slices)].filter(
    ({ metadata: m }) =>
      m.namespace === namespace &&
      m.labels?.[nameLabel] === name &&
      m.labels?.[managedByLabel] === manager &&
      !m.deletionTimestamp &&
      controllerOf({ metadata: m })?.uid !== uid,
  );
}

/** Marks a slice that we have deleted. */
const gone = -1;

function isStale(existing: readonly EndpointSlice[], written: Map<string, number>): boolean {
  const versions = new Map(existing.map((s) => [s.metadata.name, Number(s.metadata.resourceVersion)]));
  for (const [name, version] of written) {
    const seen = versions.get(name);
    if (version === gone ? seen !== undefined : seen === undefined || seen < version) return true;
  }
  return false;
}

function write(c: Control, service: Service, plan: SlicePlan, written: Map<string, number>, total: number): void {
  const why = { code: 'endpointslice.write', params: { service: service.metadata.name, total } } as const;
  if (!service.metadata.deletionTimestamp)
    for (const slice of plan.create) {
      const made = c.client.create(c.ctx, slices, slice, { why });
      written.set(made.metadata.name, Number(made.metadata.resourceVersion));
    }
  for (const slice of plan.update) {
    const made = c.client.update(c.ctx, slices, slice, { why });
    written.set(made.metadata.name, Number(made.metadata.resourceVersion));
  }
  for (const { metadata } of plan.remove) {
    try {
      c.client.delete(c.ctx, slices, metadata.name, metadata.namespace, { why });
      written.set(metadata.name, gone);
    } catch (error) {
      if (!isReason(error, 'NotFound')) throw error;
      written.delete(metadata.name);
    }
  }
}

/** The endpoint of a pod. A terminating pod is never ready, but serves as long as its own readiness says so. */
function endpointOf(service: Service, pod: Pod, node: Node | undefined): V1Endpoint {
  const serving = podFacts(pod).ready;
  const terminating = pod.metadata.deletionTimestamp !== undefined;
  const zone = node?.metadata.labels?.['topology.kubernetes.io/zone'];
  return {
    addresses: addressesOf(pod),
    conditions: {
      ready: service.spec?.publishNotReadyAddresses === true || (serving && !terminating),
      serving,
      terminating,
    },
    ...(hasHostname(pod, service) && { hostname: pod.spec!.hostname }),
    targetRef: {
      kind: 'Pod',
      namespace: pod.metadata.namespace,
      name: pod.metadata.name,
      uid: pod.metadata.uid,
    },
    ...(pod.spec?.nodeName && { nodeName: pod.spec.nodeName }),
    ...(zone && { zone }),
  };
}

/** Endpoints with the same ports, which share slices, by their pods' uids. */
interface Group {
  readonly ports: DiscoveryV1EndpointPort[];
  readonly wanted: Map<string, V1Endpoint>;
}

function groupOf(groups: Map<string, Group>, ports: DiscoveryV1EndpointPort[]): Group {
  const key = portsKey(ports);
  let group = groups.get(key);
  if (!group) groups.set(key, (group = { ports, wanted: new Map() }));
  return group;
}

interface KnownEndpoint {
  readonly service: Service;
  readonly node: Node | undefined;
  readonly endpoint: V1Endpoint;
}

/** `endpointOf`, worked out once per version of the three: in most rounds one pod of hundreds has changed. */
function knownEndpoint(service: Service, pod: Pod, node: Node | undefined): V1Endpoint {
  const { memo } = podFacts(pod);
  const known = memo.endpoint as KnownEndpoint | undefined;
  if (known && known.service === service && known.node === node) return known.endpoint;
  const endpoint = endpointOf(service, pod, node);
  memo.endpoint = { service, node, endpoint } satisfies KnownEndpoint;
  return endpoint;
}

/** Two endpoints with the same key are the same pod in different states. */
const endpointKey = (e: V1Endpoint): string => e.targetRef?.uid ?? `${e.addresses[0] ?? ''} ${e.targetRef?.name ?? ''}`;

const sameEndpoint = (a: V1Endpoint, b: V1Endpoint): boolean =>
  a.conditions?.ready === b.conditions?.ready &&
  a.conditions?.serving === b.conditions?.serving &&
  a.conditions?.terminating === b.conditions?.terminating &&
  a.nodeName === b.nodeName &&
  a.zone === b.zone &&
  a.hostname === b.hostname &&
  a.addresses.length === b.addresses.length &&
  a.addresses.every((address, n) => address === b.addresses[n]);

const portsKey = (ports: readonly DiscoveryV1EndpointPort[] | undefined): string =>
  (ports ?? [])
    .map((p) => `${p.name ?? ''}/${p.port}/${p.protocol}/${p.appProtocol ?? ''}`)
    .sort()
    .join(' ');

/**
 * Compares the wanted endpoints with the existing slices. Endpoints stay in the slice that has them; new ones fill slices that
 * are written anyway, then whole gaps, then new slices. A Service without endpoints keeps one empty slice.
 */
export function planSlices(
  service: Service,
  pods: readonly Pod[],
  nodeOf: (name: string) => Node | undefined,
  existing: readonly EndpointSlice[],
): SlicePlan {
  const plan: SlicePlan = { create: [], update: [], remove: [] };
  const groups = new Map<string, Group>();
  const alike = !hasNamedPorts(service);
  let group: Group | undefined;
  for (const pod of pods) {
    if (!hasEndpoint(pod)) continue;
    if (!group || !alike) group = groupOf(groups, endpointPorts(service, pod));
    const node = pod.spec?.nodeName ? nodeOf(pod.spec.nodeName) : undefined;
    // A pod of a node that does not exist any more is about to be collected.
    if (!node && !service.spec?.publishNotReadyAddresses) continue;
    group.wanted.set(pod.metadata.uid, knownEndpoint(service, pod, node));
  }
  const byPorts = new Map<string, EndpointSlice[]>();
  for (const slice of existing) {
    const key = portsKey(slice.ports);
    byPorts.set(key, [...(byPorts.get(key) ?? []), slice]);
  }
  const labels = sliceLabels(service);
  for (const [key, { ports, wanted }] of groups) fill(service, labels, ports, wanted, byPorts.get(key) ?? [], plan);
  for (const [key, list] of byPorts) if (!groups.has(key)) plan.remove.push(...list);
  if (existing.length === plan.remove.length && plan.create.length === 0) {
    const [only] = plan.remove;
    const isPlaceholder =
      plan.remove.length === 1 && only && !only.endpoints?.length && !only.ports?.length && sameLabels(only, labels);
    if (isPlaceholder) plan.remove.length = 0;
    else plan.create.push(newSlice(service, labels, [], []));
  }
  reuse(plan);
  return plan;
}

function fill(
  service: Service,
  labels: Record<string, string>,
  ports: DiscoveryV1EndpointPort[],
  wanted: Map<string, V1Endpoint>,
  existing: readonly EndpointSlice[],
  plan: SlicePlan,
): void {
  const unchanged: EndpointSlice[] = [];
  const updated: { slice: EndpointSlice; endpoints: V1Endpoint[] }[] = [];
  for (const slice of existing) {
    const old = slice.endpoints ?? [];
    const endpoints: V1Endpoint[] = [];
    let changed = false;
    for (const endpoint of old) {
      const key = endpointKey(endpoint);
      const next = wanted.get(key);
      if (!next) continue;
      wanted.delete(key);
      const same = next === endpoint || sameEndpoint(next, endpoint);
      endpoints.push(same ? endpoint : next);
      changed ||= !same;
    }
    if (changed || endpoints.length !== old.length) {
      if (endpoints.length === 0) plan.remove.push(slice);
      else updated.push({ slice, endpoints });
    } else if (!sameLabels(slice, labels)) updated.push({ slice, endpoints });
    else unchanged.push(slice);
  }
  const left = [...wanted.values()];
  for (const { endpoints } of updated.toSorted((a, b) => b.endpoints.length - a.endpoints.length))
    endpoints.push(...left.splice(0, maxEndpoints - endpoints.length));
  while (left.length > 0) {
    const room = left.length < maxEndpoints ? roomiest(unchanged, left.length) : undefined;
    if (room) {
      unchanged.splice(unchanged.indexOf(room), 1);
      const endpoints = [...(room.endpoints ?? [])];
      updated.push({ slice: room, endpoints: [...endpoints, ...left.splice(0, maxEndpoints - endpoints.length)] });
    } else plan.create.push(newSlice(service, labels, ports, left.splice(0, maxEndpoints)));
  }
  for (const { slice, endpoints } of updated)
    plan.update.push({ ...slice, metadata: { ...slice.metadata, labels }, endpoints });
}

/** The slice that comes nearest to full when so many endpoints join it. */
function roomiest(slices: readonly EndpointSlice[], count: number): EndpointSlice | undefined {
  let best: EndpointSlice | undefined;
  let bestLeft = maxEndpoints;
  for (const slice of slices) {
    const left = maxEndpoints - count - (slice.endpoints?.length ?? 0);
    if (left >= 0 && left < bestLeft) [best, bestLeft] = [slice, left];
  }
  return best;
}

/** Turns a deletion and a creation into one update: the slice keeps its name. */
function reuse(plan: SlicePlan): void {
  while (plan.create.length > 0 && plan.remove.length > 0) {
    const next = plan.create.pop()!;
    const old = plan.remove.shift()!;
    const { labels } = next.metadata;
    const { ports: _, ...kept } = old;
    plan.update.push({
      ...kept,
      metadata: { ...old.metadata, labels },
      endpoints: next.endpoints,
      ...(next.ports && { ports: next.ports }),
    });
  }
}

/** Labels of a Service's slices: its own, and those that lead back to it. */
function sliceLabels(service: Service): Record<string, string> {
  const { [nameLabel]: _n, [managedByLabel]: _m, [headlessLabel]: _h, ...labels } = service.metadata.labels ?? {};
  return {
    ...labels,
    ...(isHeadless(service) && { [headlessLabel]: '' }),
    [nameLabel]: service.metadata.name,
    [managedByLabel]: manager,
  };
}

function sameLabels(slice: EndpointSlice, labels: Record<string, string>): boolean {
  const old = slice.metadata.labels ?? {};
  return (
    Object.keys(old).length === Object.keys(labels).length &&
    Object.keys(labels).every((key) => old[key] === labels[key])
  );
}

function newSlice(
  service: Service,
  labels: Record<string, string>,
  ports: DiscoveryV1EndpointPort[],
  endpoints: V1Endpoint[],
): EndpointSlice {
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      generateName: `${service.metadata.name}-`,
      namespace: service.metadata.namespace,
      labels,
      ownerReferences: [controllerRef(service)],
    } as unknown as EndpointSlice['metadata'],
    addressType: 'IPv4',
    endpoints,
    ...(ports.length > 0 && { ports }),
  };
}
