import type { CoreV1EndpointPort, V1EndpointAddress, V1EndpointSubset } from '../../generated/types.ts';
import { equal, isReason, splitKey } from '../apimachinery/index.ts';
import type { Endpoints, Pod, Service } from '../apis/index.ts';
import { cached } from '../client/index.ts';
import type { Controller } from './controller.ts';
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
import { sameMap } from './equal.ts';
import { podFacts } from './pods.ts';
import { podSelector } from './service-index.ts';

/** An Endpoints object holds at most so many addresses; the annotation tells that there are more. */
const maxAddresses = 1000;
const overCapacity = 'endpoints.kubernetes.io/over-capacity';

/**
 * Keeps the old form of EndpointSlices: one Endpoints object per Service. Nothing in the cluster reads it any more, people do.
 * Simplified: a millisecond later per pod of the Service than the slices, because each change writes the whole list.
 * Kubernetes: pkg/controller/endpoint/endpoints_controller.go.
 */
export const endpointsController: Controller = {
  name: 'endpoints',
  watches: [
    { resource: 'services', keys: (_c, change) => [change.key] },
    { resource: 'pods', keys: (c, change) => keysOfPod(c, change, 1) },
    { resource: 'endpoints', keys: (_c, { type, key }) => (type === 'DELETED' ? [key] : []) },
  ],
  reconcile(c, key) {
    const service = cached(c.memory.caches, 'services', key);
    const existing = cached(c.memory.caches, 'endpoints', key);
    const why = { code: 'endpoints.write' } as const;
    if (!service) {
      if (!existing) return;
      const { namespace, name } = splitKey(key);
      try {
        c.client.delete(c.ctx, 'endpoints', name, namespace, { why });
      } catch (error) {
        if (!isReason(error, 'NotFound')) throw error;
      }
      return;
    }
    if (!podSelector(service)) return;
    const next = endpointsOf(service, membersOf(c, key), existing);
    if (!existing) c.client.create(c.ctx, 'endpoints', next, { why });
    else if (!same(existing, next)) c.client.update(c.ctx, 'endpoints', next, { why });
  },
};

const sameList = (a: readonly unknown[] | undefined, b: readonly unknown[] | undefined): boolean =>
  (a?.length ?? 0) === (b?.length ?? 0) && (a ?? []).every((item, i) => item === b![i]);

/** Addresses are compared by identity: those that did not change were taken over from the old object. */
const sameSubset = (a: V1EndpointSubset, b: V1EndpointSubset | undefined): boolean =>
  b !== undefined &&
  sameList(a.addresses, b.addresses) &&
  sameList(a.notReadyAddresses, b.notReadyAddresses) &&
  equal(a.ports, b.ports);

const same = (a: Endpoints, b: Endpoints): boolean =>
  (a.subsets?.length ?? 0) === (b.subsets?.length ?? 0) &&
  (a.subsets ?? []).every((subset, i) => sameSubset(subset, b.subsets![i])) &&
  sameMap(a.metadata.labels, b.metadata.labels) &&
  sameMap(a.metadata.annotations, b.metadata.annotations);

/** The Endpoints that fit a Service's pods. Terminating pods are left out, unless not ready ones are wanted too. */
export function endpointsOf(service: Service, pods: Iterable<Pod>, existing: Endpoints | undefined): Endpoints {
  const { subsets, truncated } = subsetsOf(service, pods, knownAddresses(existing));
  const { [overCapacity]: _, ...annotations } = existing?.metadata.annotations ?? {};
  if (truncated) annotations[overCapacity] = 'truncated';
  const labels = {
    ...service.metadata.labels,
    'endpoints.kubernetes.io/managed-by': 'endpoint-controller',
    ...(isHeadless(service) && { 'service.kubernetes.io/headless': '' }),
  };
  const { annotations: _old, ...metadata } = existing?.metadata ?? {
    name: service.metadata.name,
    namespace: service.metadata.namespace,
  };
  return {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: {
      ...metadata,
      labels,
      ...(Object.keys(annotations).length > 0 && { annotations }),
    } as Endpoints['metadata'],
    ...(subsets.length > 0 && { subsets }),
  };
}

/** Addresses of the present object by the pod's uid. */
function knownAddresses(existing: Endpoints | undefined): Map<string, V1EndpointAddress> {
  const known = new Map<string, V1EndpointAddress>();
  for (const { addresses, notReadyAddresses } of existing?.subsets ?? [])
    for (const list of [addresses, notReadyAddresses])
      for (const address of list ?? []) if (address.targetRef?.uid) known.set(address.targetRef.uid, address);
  return known;
}

/** The address of a pod; the one already written when it says the same. */
function addressOf(service: Service, pod: Pod, known: V1EndpointAddress | undefined): V1EndpointAddress {
  const ip = addressesOf(pod)[0]!;
  const hostname = hasHostname(pod, service) ? pod.spec!.hostname : undefined;
  const nodeName = pod.spec?.nodeName;
  if (known && known.ip === ip && known.hostname === hostname && known.nodeName === nodeName) return known;
  const { namespace, name, uid } = pod.metadata;
  return {
    ip,
    ...(hostname && { hostname }),
    ...(nodeName && { nodeName }),
    targetRef: { kind: 'Pod', namespace, name, uid },
  };
}

const portsOf = (service: Service, pod: Pod): CoreV1EndpointPort[] =>
  endpointPorts(service, pod).map(({ name, ...port }) => ({ ...(name && { name }), ...port, port: port.port! }));

function subsetsOf(
  service: Service,
  pods: Iterable<Pod>,
  known: ReadonlyMap<string, V1EndpointAddress>,
): { subsets: V1EndpointSubset[]; truncated: boolean } {
  const publish = service.spec?.publishNotReadyAddresses === true;
  const groups = new Map<
    string,
    V1EndpointSubset & { addresses: V1EndpointAddress[]; notReadyAddresses: V1EndpointAddress[] }
  >();
  let count = 0;
  const alike = !hasNamedPorts(service);
  const headless = isHeadless(service);
  let ports: CoreV1EndpointPort[] | undefined;
  let key = '';
  for (const pod of pods) {
    if (!hasEndpoint(pod) || (!publish && pod.metadata.deletionTimestamp)) continue;
    if (!ports || !alike) {
      ports = portsOf(service, pod);
      key = JSON.stringify(ports);
    }
    if (ports.length === 0 && !headless) continue;
    if (++count > maxAddresses) return { subsets: canonical(groups.values()), truncated: true };
    let group = groups.get(key);
    if (!group) groups.set(key, (group = { addresses: [], notReadyAddresses: [], ports }));
    const address = addressOf(service, pod, known.get(pod.metadata.uid));
    (publish || podFacts(pod).ready ? group.addresses : group.notReadyAddresses).push(address);
  }
  return { subsets: canonical(groups.values()), truncated: false };
}

const byIp = (a: V1EndpointAddress, b: V1EndpointAddress): number => (a.ip < b.ip ? -1 : a.ip > b.ip ? 1 : 0);

function canonical(groups: Iterable<V1EndpointSubset>): V1EndpointSubset[] {
  const subsets: V1EndpointSubset[] = [];
  for (const { addresses, notReadyAddresses, ports } of groups) {
    subsets.push({
      ...(addresses?.length && { addresses: addresses.toSorted(byIp) }),
      ...(notReadyAddresses?.length && { notReadyAddresses: notReadyAddresses.toSorted(byIp) }),
      ...(ports?.length && { ports }),
    });
  }
  return subsets;
}
