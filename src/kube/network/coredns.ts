import { fnv1a } from '../../kernel/index.ts';
import type { EndpointSlice } from '../apis/index.ts';
import type { NetworkMemory } from './memory.ts';
import { usableOf } from './kube-proxy.ts';
import { publicRecord } from './public-names.ts';
import { clusterIpOf, isHeadless, serviceAt } from './services.ts';

/** What cluster DNS answers. */
export interface Answer {
  /** The full name that matched. */
  readonly name: string;
  readonly ips: readonly string[];
  /** The Service behind the name. */
  readonly service?: string | undefined;
  /** `external`: outside the cluster, through an ExternalName or a public name. `public`: a name that leads to an Ingress. */
  readonly how: 'address' | 'service' | 'headless' | 'pod' | 'external' | 'public';
}

const domain = 'cluster.local';
const ipv4 = /^\d{1,3}(\.\d{1,3}){3}$/;

/** Services that answer even where no object exists: the API server and DNS itself. */
const builtIn: Readonly<Record<string, string>> = {
  'default/kubernetes': '10.96.0.1',
  'kube-system/kube-dns': '10.96.0.10',
};

/** True for an IPv4 address in dotted form. */
export const isAddress = (host: string): boolean => ipv4.test(host);

/**
 * Resolves a host name as a pod of `namespace` would: `/etc/resolv.conf` has `ndots:5` and searches
 * `<namespace>.svc.cluster.local`, `svc.cluster.local`, `cluster.local`, then the name itself. Undefined is NXDOMAIN.
 *
 * `web` → web.default.svc.cluster.local; `web.shop` → web.shop.svc.cluster.local; `web.shop.svc` → the same.
 *
 * Simplified: DNS is always up, answers are not cached (real ones for 5 to 30 s), and beyond the cluster only
 * `example.com`, `.org` and `.net`, the targets of ExternalName Services and the hosts of Ingresses exist.
 */
export function lookup(memory: NetworkMemory, host: string, namespace: string): Answer | undefined {
  if (isAddress(host)) return { name: host, ips: [host], how: 'address' };
  if (host === 'localhost') return { name: host, ips: ['127.0.0.1'], how: 'address' };
  const name = host.toLowerCase();
  if (name.endsWith('.')) return absolute(memory, name.slice(0, -1), 0);
  const dots = name.split('.').length - 1;
  if (dots >= 5) return absolute(memory, name, 0) ?? searched(memory, name, namespace);
  return searched(memory, name, namespace) ?? absolute(memory, name, 0);
}

const searched = (memory: NetworkMemory, name: string, namespace: string): Answer | undefined =>
  inCluster(memory, `${name}.${namespace}.svc`, 0) ?? inCluster(memory, `${name}.svc`, 0) ?? inCluster(memory, name, 0);

function absolute(memory: NetworkMemory, name: string, depth: number): Answer | undefined {
  if (name.endsWith(`.${domain}`)) return inCluster(memory, name.slice(0, -domain.length - 1), depth);
  const record = publicRecord(memory, name);
  if (record) return { name, ips: record, how: 'public' };
  return /(^|\.)example\.(com|org|net)$/.test(name) ? outside(name) : undefined;
}

/** An address of the documentation range 192.0.2.0/24 stands for every host beyond the cluster. */
const outside = (name: string): Answer => ({ name, ips: [`192.0.2.${1 + (fnv1a(name) % 254)}`], how: 'external' });

/** Longest chain of ExternalName Services followed. */
const maxChain = 8;

/** Answers for a name without its `.cluster.local`: `web.default.svc`, `db-0.db.default.svc`, `10-244-1-2.default.pod`. */
function inCluster(memory: NetworkMemory, name: string, depth: number): Answer | undefined {
  const labels = name.split('.');
  const zone = labels.pop();
  const namespace = labels.pop();
  const last = labels.pop();
  if (namespace === undefined || last === undefined) return undefined;
  const full = `${name}.${domain}`;
  if (zone === 'pod' && labels.length === 0) {
    const ip = last.replaceAll('-', '.');
    return isAddress(ip) ? { name: full, ips: [ip], how: 'pod' } : undefined;
  }
  if (zone !== 'svc' || labels.length > 1) return undefined;
  const key = `${namespace}/${last}`;
  const service = serviceAt(memory, key);
  if (!service) {
    const ip = labels.length === 0 ? builtIn[key] : undefined;
    return ip ? { name: full, ips: [ip], how: 'service', service: key } : undefined;
  }
  if (labels.length === 1) {
    const ips = isHeadless(service) ? endpointIps(memory, key, labels[0]) : [];
    return ips.length > 0 ? { name: full, ips, how: 'pod', service: key } : undefined;
  }
  if (service.spec?.type === 'ExternalName') {
    const target = (service.spec.externalName ?? '').toLowerCase().replace(/\.$/, '');
    if (target === '' || depth >= maxChain) return undefined;
    const answer = target.endsWith(`.${domain}`) ? absolute(memory, target, depth + 1) : outside(target);
    return answer && { ...answer, how: answer.how === 'external' ? 'external' : answer.how };
  }
  if (isHeadless(service)) {
    const ips = endpointIps(memory, key, undefined);
    // The name exists, but has no address: NOERROR without answers, which clients report as an unknown host.
    return ips.length > 0 ? { name: full, ips, how: 'headless', service: key } : undefined;
  }
  const ip = clusterIpOf(service);
  return ip ? { name: full, ips: [ip], how: 'service', service: key } : undefined;
}

/** Addresses of ready endpoints; with `hostname` only of that pod (spec.hostname and subdomain, or its IP with dashes). */
function endpointIps(memory: NetworkMemory, key: string, hostname: string | undefined): readonly string[] {
  const ips: string[] = [];
  for (const sliceKey of memory.slicesOf.get(key) ?? []) {
    const slice: EndpointSlice | null = memory.slices.get(sliceKey)!.versions.at(-1)!.slice;
    if (!slice) continue;
    for (const e of usableOf(slice).ready) {
      const ip = e.addresses[0]!;
      if (hostname === undefined || e.hostname === hostname || ip.replaceAll('.', '-') === hostname) ips.push(ip);
    }
  }
  return ips;
}
