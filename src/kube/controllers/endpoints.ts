import type { V1EndpointAddress, V1EndpointSubset } from '../../generated/types.ts';
import { isReason, splitKey } from '../apimachinery/index.ts';
import type { Endpoints, Pod, Service } from '../apis/index.ts';
import { cached } from '../client/index.ts';
import type { Controller } from './controller.ts';
import {
  addressesOf,
  endpointPorts,
  hasEndpoint,
  hasHostname,
  isHeadless,
  keysOfPod,
  membersOf,
} from './endpoints-of-pods.ts';
import { sameMap, sameValue } from './equal.ts';
import { podFacts } from './pods.ts';
import { podSelector } from './service-index.ts';

/** An Endpoints object holds at most so many addresses; the annotation tells that there are more. */
const maxAddresses = 1000;
const overCapacity = 'endpoints.kubernetes.io/over-capacity';

/**
 * Keeps the old form of EndpointSlices: one Endpoints object per Service. Nothing in the cluster reads it any more, people do.
 * Kubernetes: pkg/controller/endpoint/endpoints_controller.go.
 */
export const endpointsController: Controller = {
  name: 'endpoints',
  watches: [
    { resource: 'services', keys: (_c, change) => [change.key] },
    { resource: 'pods', keys: keysOfPod },
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

const same = (a: Endpoints, b: Endpoints): boolean =>
  sameValue(a.subsets ?? [], b.subsets ?? []) &&
  sameMap(a.metadata.labels, b.metadata.labels) &&
  sameMap(a.metadata.annotations, b.metadata.annotations);

/** The Endpoints that fit a Service's pods. Terminating pods are left out, unless not ready ones are wanted too. */
export function endpointsOf(service: Service, pods: Iterable<Pod>, existing: Endpoints | undefined): Endpoints {
  const { subsets, truncated } = subsetsOf(service, pods);
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

function subsetsOf(service: Service, pods: Iterable<Pod>): { subsets: V1EndpointSubset[]; truncated: boolean } {
  const publish = service.spec?.publishNotReadyAddresses === true;
  const groups = new Map<
    string,
    V1EndpointSubset & { addresses: V1EndpointAddress[]; notReadyAddresses: V1EndpointAddress[] }
  >();
  let count = 0;
  for (const pod of pods) {
    if (!hasEndpoint(pod) || (!publish && pod.metadata.deletionTimestamp)) continue;
    const ports = endpointPorts(service, pod).map(({ name, ...port }) => ({
      ...(name && { name }),
      ...port,
      port: port.port!,
    }));
    if (ports.length === 0 && !isHeadless(service)) continue;
    if (++count > maxAddresses) return { subsets: canonical(groups.values()), truncated: true };
    const key = JSON.stringify(ports);
    let group = groups.get(key);
    if (!group) groups.set(key, (group = { addresses: [], notReadyAddresses: [], ports }));
    const address: V1EndpointAddress = {
      ip: addressesOf(pod)[0]!,
      ...(hasHostname(pod, service) && { hostname: pod.spec!.hostname }),
      ...(pod.spec?.nodeName && { nodeName: pod.spec.nodeName }),
      targetRef: {
        kind: 'Pod',
        namespace: pod.metadata.namespace,
        name: pod.metadata.name,
        uid: pod.metadata.uid,
      },
    };
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
