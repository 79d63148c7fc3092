import type { DiscoveryV1EndpointPort, V1ServicePort } from '../../generated/types.ts';
import type { Pod, Service } from '../apis/index.ts';
import type { Change } from '../client/index.ts';
import { servicesOf } from './service-index.ts';
import { requeue, type Control } from './controller.ts';
import { podFacts } from './pods.ts';
import { sameMap } from './equal.ts';

/** What EndpointSlices and Endpoints have in common: which pods count, and their ports. */

/** Whether a pod can be an endpoint: it has an address and has not finished. Kubernetes: ShouldPodBeInEndpoints. */
export function hasEndpoint(pod: Pod): boolean {
  const phase = pod.status?.phase;
  if (phase === 'Succeeded' || phase === 'Failed') return false;
  return Boolean(pod.status?.podIP || pod.status?.podIPs?.length);
}

/** A pod's addresses. */
export const addressesOf = (pod: Pod): string[] =>
  pod.status?.podIPs?.map((p) => p.ip) ?? (pod.status?.podIP ? [pod.status.podIP] : []);

/** A pod with hostname and the Service's name as subdomain gets a DNS name of its own. */
export const hasHostname = (pod: Pod, service: Service): boolean =>
  Boolean(pod.spec?.hostname) && pod.spec?.subdomain === service.metadata.name;

/** The container port meant by a Service's target port, or undefined when this pod has no port of that name. */
function portOf(pod: Pod, { targetPort, port, protocol }: V1ServicePort): number | undefined {
  if (targetPort === undefined || targetPort === 0) return port;
  if (typeof targetPort === 'number') return targetPort;
  const sidecars = (pod.spec?.initContainers ?? []).filter((container) => container.restartPolicy === 'Always');
  for (const container of [...(pod.spec?.containers ?? []), ...sidecars])
    for (const candidate of container.ports ?? [])
      if (candidate.name === targetPort && (candidate.protocol ?? 'TCP') === (protocol ?? 'TCP'))
        return candidate.containerPort;
  return undefined;
}

/** A Service's ports as this pod has them; named ports may differ from pod to pod. */
export function endpointPorts(service: Service, pod: Pod): DiscoveryV1EndpointPort[] {
  const ports: DiscoveryV1EndpointPort[] = [];
  for (const port of service.spec?.ports ?? []) {
    const number = portOf(pod, port);
    if (number === undefined) continue;
    ports.push({
      name: port.name ?? '',
      protocol: port.protocol ?? 'TCP',
      port: number,
      ...(port.appProtocol && { appProtocol: port.appProtocol }),
    });
  }
  return ports;
}

/** Whether a Service names ports that each pod spells for itself; otherwise all its pods have the same. */
export const hasNamedPorts = (service: Service): boolean =>
  service.spec?.ports?.some(({ targetPort }) => typeof targetPort === 'string') ?? false;

/** True when a change of a pod can change an endpoint. Kubernetes: podEndpointsChanged. */
function matters({ type, object, old }: Change): boolean {
  const pod = object as unknown as Pod;
  if (type !== 'MODIFIED') return hasEndpoint(pod);
  const before = old as unknown as Pod;
  if (before.metadata.deletionTimestamp !== pod.metadata.deletionTimestamp) return true;
  if (podFacts(before).ready !== podFacts(pod).ready || hasEndpoint(before) !== hasEndpoint(pod)) return true;
  if (!sameMap(before.metadata.labels, pod.metadata.labels)) return true;
  return (
    before.status?.podIP !== pod.status?.podIP ||
    before.spec?.nodeName !== pod.spec?.nodeName ||
    before.spec?.hostname !== pod.spec?.hostname ||
    before.spec?.subdomain !== pod.spec?.subdomain
  );
}

/**
 * Queues the Services whose endpoints a pod's change concerns. Changes gather for as long as a round of requests takes, longer
 * for large Services, whose rounds are longer too: a Service with many pods does not cost a write for each.
 */
export function keysOfPod(c: Control, change: Change, msPerPod: number): readonly string[] {
  const { services } = c.memory.indexes;
  if (services.members.size === 0 || !matters(change)) return [];
  const { object, old } = change;
  const keys = servicesOf(services, c.memory.caches, object);
  if (old && !sameMap(old.metadata.labels, object.metadata.labels))
    keys.push(...servicesOf(services, c.memory.caches, old));
  for (const key of keys) requeue(c, key, 5 + Math.floor((services.members.get(key)?.size ?? 0) * msPerPod));
  return [];
}

/** The pods that a Service selects. */
export function membersOf(c: Control, key: string): Pod[] {
  const pods: Pod[] = [];
  const known = c.memory.caches.get('pods')?.objects;
  for (const podKey of c.memory.indexes.services.members.get(key) ?? []) {
    const pod = known?.get(podKey);
    if (pod) pods.push(pod as unknown as Pod);
  }
  return pods;
}

/** True for a Service without a virtual IP. */
export const isHeadless = (service: Service): boolean => {
  const ip = service.spec?.clusterIP;
  return ip === 'None' || ip === undefined || ip === '';
};
