import type { Pod } from '../apis/index.ts';

/** Resolver of the machines themselves. */
const machineDns = '10.0.0.2';
/** Address of cluster DNS. */
const clusterDns = '10.96.0.10';

/** Entries without those that came before. */
const once = (list: readonly string[]): string[] => [...new Set(list)];

/**
 * `/etc/resolv.conf` of a pod; undefined for the usual one. Kubernetes: pkg/kubelet/network/dns GetPodDNS.
 * Simplified: programs look names up in cluster DNS with the usual search list, whatever stands here.
 */
export function resolvConf({ spec, metadata }: Pod): string | undefined {
  const { dnsPolicy = 'ClusterFirst', dnsConfig, hostNetwork } = spec!;
  if (dnsPolicy === 'ClusterFirst' && !dnsConfig && !hostNetwork) return undefined;
  const cluster = dnsPolicy === 'ClusterFirstWithHostNet' || (dnsPolicy === 'ClusterFirst' && !hostNetwork);
  const none = dnsPolicy === 'None';
  const own = cluster ? [`${metadata.namespace}.svc.cluster.local`, 'svc.cluster.local', 'cluster.local'] : [];
  const searches = once([...own, ...(dnsConfig?.searches ?? [])]);
  const servers = once([...(none ? [] : [cluster ? clusterDns : machineDns]), ...(dnsConfig?.nameservers ?? [])]);
  const options = new Map(cluster ? [['ndots', '5']] : []);
  for (const { name = '', value = '' } of dnsConfig?.options ?? []) options.set(name, value);
  return [
    ...(searches.length > 0 ? [`search ${searches.join(' ')}`] : []),
    ...servers.map((server) => `nameserver ${server}`),
    ...(options.size > 0
      ? [`options ${[...options].map(([name, value]) => (value ? `${name}:${value}` : name)).join(' ')}`]
      : []),
    '',
  ].join('\n');
}
