import type { Service } from '../apis/index.ts';
import { cached } from '../client/index.ts';
import type { NetworkMemory } from './memory.ts';

/** Port of a Service, as in its spec. */
export type ServicePort = NonNullable<NonNullable<Service['spec']>['ports']>[number];

/** The Service under a key, as the network knows it. */
export const serviceAt = (memory: NetworkMemory, key: string): Service | undefined =>
  cached(memory.caches, 'services', key);

/** Cluster IPs that packets can be sent to: none for headless Services and those not allocated yet. */
const clusterIpsOf = (service: Service): readonly string[] => {
  const ips = service.spec?.clusterIPs ?? (service.spec?.clusterIP ? [service.spec.clusterIP] : []);
  return ips.filter((ip) => ip !== '' && ip !== 'None');
};

/** True for `clusterIP: None`. */
export const isHeadless = (service: Service): boolean => service.spec?.clusterIP === 'None';

/** The Service's address inside the cluster, or undefined. */
export const clusterIpOf = (service: Service): string | undefined => clusterIpsOf(service)[0];

const externalIpsOf = (service: Service): readonly string[] => [
  ...(service.spec?.externalIPs ?? []),
  ...(service.status?.loadBalancer?.ingress ?? []).flatMap((i) => (i.ip ? [i.ip] : [])),
];

/** Keeps the indexes by IP and by node port in step with one Service's change. */
export function indexService(
  memory: NetworkMemory,
  key: string,
  old: Service | undefined,
  next: Service | undefined,
): void {
  const forget = <K>(map: Map<K, string>, at: K): void => {
    if (map.get(at) === key) map.delete(at);
  };
  if (old) {
    for (const ip of clusterIpsOf(old)) forget(memory.clusterIps, ip);
    for (const ip of externalIpsOf(old)) forget(memory.externalIps, ip);
    for (const port of old.spec?.ports ?? []) if (port.nodePort) forget(memory.nodePorts, port.nodePort);
  }
  if (next) {
    for (const ip of clusterIpsOf(next)) memory.clusterIps.set(ip, key);
    for (const ip of externalIpsOf(next)) memory.externalIps.set(ip, key);
    for (const port of next.spec?.ports ?? []) if (port.nodePort) memory.nodePorts.set(port.nodePort, key);
  }
}

/** Protocol of the transport below a request. */
export const transport = (protocol: 'http' | 'tcp' | 'udp'): string => (protocol === 'udp' ? 'UDP' : 'TCP');

/** The Service's port with this number, or undefined: then kube-proxy has no rule for it. */
export const portOf = (service: Service, number: number, protocol: string): ServicePort | undefined =>
  service.spec?.ports?.find((p) => p.port === number && (p.protocol ?? 'TCP') === protocol);
