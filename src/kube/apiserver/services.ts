import type { V1ServicePort, V1ServiceSpec } from '../../generated/types.ts';
import { equal, invalid, invalidValue, type FieldError, type KubeObject } from '../apimachinery/index.ts';
import { range } from '../etcd/etcd.ts';
import type { Call } from './call.ts';

/** Service addresses: 10.96.0.0/12. The first 256 are given only on request, as the real allocator does. */
const firstAddress = 0x0a_60_00_00;
const addressCount = 2 ** 20;
const reservedAddresses = 256;

/** Node ports: 30000–32767, the first 86 only on request. */
const firstPort = 30_000;
const lastPort = 32_767;
const reservedPorts = 86;

const textOf = (address: number): string => [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join('.');

function numberOf(text: string): number | undefined {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text)?.slice(1).map(Number);
  if (!parts || parts.some((part) => part > 255)) return undefined;
  return parts.reduce((sum, part) => sum * 256 + part, 0);
}

const specOf = (service: KubeObject): V1ServiceSpec => service['spec'] as V1ServiceSpec;

/** Addresses and ports in use by other services. One pass over the services, only when one is written. */
function inUse(call: Call, self: KubeObject): { addresses: Set<string>; ports: Set<number> } {
  const addresses = new Set<string>();
  const ports = new Set<number>();
  for (const service of range(call.etcd, 'services').values()) {
    if (service.metadata.uid === self.metadata.uid) continue;
    const spec = specOf(service);
    if (spec.clusterIP) addresses.add(spec.clusterIP);
    for (const port of spec.ports ?? []) if (port.nodePort) ports.add(port.nodePort);
    if (spec.healthCheckNodePort) ports.add(spec.healthCheckNodePort);
  }
  return { addresses, ports };
}

/** Gives a new service its cluster IP and node ports. Kubernetes: pkg/registry/core/service/storage/alloc.go. */
export const allocateForCreate = (call: Call, service: KubeObject): KubeObject => allocate(call, service);

/**
 * Brings an update in line with what the service already has, before it is validated: addresses and ports that the user
 * left out are kept, those that the new type may not have are dropped unless the user changed them.
 * Kubernetes: pkg/registry/core/service strategy patchAllocatedValues, dropTypeDependentFields.
 */
export function keepAllocated(next: KubeObject, old: KubeObject): KubeObject {
  const before = specOf(old);
  let spec = specOf(next);
  const needsAddress = spec.type !== 'ExternalName';
  if (needsAddress && before.clusterIP && !spec.clusterIP) {
    spec = { ...spec, clusterIP: before.clusterIP, clusterIPs: before.clusterIPs };
  }
  if (needsAddress && !spec.ipFamilies && before.ipFamilies) {
    spec = { ...spec, ipFamilies: before.ipFamilies, ipFamilyPolicy: before.ipFamilyPolicy };
  }
  if (!needsAddress && before.type !== 'ExternalName' && [before.clusterIP, undefined].includes(spec.clusterIP)) {
    const { clusterIP: _, clusterIPs: __, ipFamilies: ___, ipFamilyPolicy: ____, ...rest } = spec;
    spec = rest;
  }
  if (needsPorts(spec) && needsPorts(before))
    spec = { ...spec, ports: keepPorts(spec.ports ?? [], before.ports ?? []) };
  if (!needsPorts(spec) && needsPorts(before) && samePorts(spec, before)) {
    spec = { ...spec, ports: (spec.ports ?? []).map(withoutNodePort) };
  }
  if (spec.externalTrafficPolicy === 'Local' && before.healthCheckNodePort && !spec.healthCheckNodePort) {
    spec = { ...spec, healthCheckNodePort: before.healthCheckNodePort };
  }
  if (
    spec.externalTrafficPolicy &&
    (spec.type === 'ClusterIP' || spec.type === 'ExternalName') &&
    spec.type !== before.type
  ) {
    const { externalTrafficPolicy: _, ...rest } = spec;
    spec = rest;
  }
  return equal(spec, next['spec']) ? next : { ...next, spec };
}

/** Gives a changed service what its type needs and it does not have yet. */
export const allocateForUpdate = (call: Call, service: KubeObject): KubeObject => allocate(call, service);

const samePorts = (a: V1ServiceSpec, b: V1ServiceSpec): boolean =>
  (a.ports ?? []).every((port, i) => port.nodePort === undefined || port.nodePort === b.ports?.[i]?.nodePort);

const needsPorts = ({ type, allocateLoadBalancerNodePorts }: V1ServiceSpec): boolean =>
  type === 'NodePort' || (type === 'LoadBalancer' && allocateLoadBalancerNodePorts !== false);

function withoutNodePort(port: V1ServicePort): V1ServicePort {
  const { nodePort, ...rest } = port;
  return nodePort === undefined ? port : rest;
}

const keepPorts = (ports: readonly V1ServicePort[], before: readonly V1ServicePort[]): V1ServicePort[] =>
  ports.map((port) => {
    if (port.nodePort) return port;
    const old = before.find((p) => p.port === port.port && p.protocol === port.protocol);
    return old?.nodePort ? { ...port, nodePort: old.nodePort } : port;
  });

function allocate(call: Call, service: KubeObject): KubeObject {
  const given = specOf(service);
  if (given.type === 'ExternalName') return service;
  const used = inUse(call, service);
  const errors: FieldError[] = [];
  const clusterIP = given.clusterIP || given.clusterIPs?.[0] || freeAddress(call, used.addresses);
  if (given.clusterIP && clusterIP !== 'None' && given.clusterIP === clusterIP) {
    const reason = addressRefusal(clusterIP, used.addresses);
    if (reason)
      errors.push(invalidValue('spec.clusterIPs', [clusterIP], `failed to allocate IP ${clusterIP}: ${reason}`));
  }
  const spec: V1ServiceSpec = {
    ...given,
    clusterIP,
    clusterIPs: [clusterIP],
    ipFamilies: given.ipFamilies ?? ['IPv4'],
    ipFamilyPolicy: given.ipFamilyPolicy ?? 'SingleStack',
  };
  if (needsPorts(given)) {
    const mine = new Set<number>();
    spec.ports = (given.ports ?? []).map((port, i) => {
      if (!port.nodePort) return { ...port, nodePort: freePort(call, used.ports) };
      const reason = mine.has(port.nodePort) ? undefined : portRefusal(port.nodePort, used.ports);
      mine.add(port.nodePort);
      if (reason) errors.push(invalidValue(`spec.ports[${i}].nodePort`, port.nodePort, reason));
      else used.ports.add(port.nodePort);
      return port;
    });
    if (given.type === 'LoadBalancer' && given.externalTrafficPolicy === 'Local' && !given.healthCheckNodePort) {
      spec.healthCheckNodePort = freePort(call, used.ports);
    }
  }
  if (errors.length > 0) throw invalid('', 'Service', service.metadata.name, errors);
  return { ...service, spec };
}

function addressRefusal(text: string, used: ReadonlySet<string>): string | undefined {
  const address = numberOf(text);
  // The address that validation refuses (`300.1.1.1`) is none of ours.
  if (address === undefined) return undefined;
  const offset = address - firstAddress;
  if (offset <= 0 || offset >= addressCount - 1) {
    return 'the provided IP is not in the valid range. The range of valid IPs is 10.96.0.0/12';
  }
  return used.has(text) ? 'provided IP is already allocated' : undefined;
}

function portRefusal(port: number, used: ReadonlySet<number>): string | undefined {
  if (port < firstPort || port > lastPort) {
    return `provided port is not in the valid range. The range of valid ports is ${firstPort}-${lastPort}`;
  }
  return used.has(port) ? 'provided port is already allocated' : undefined;
}

function freeAddress(call: Call, used: ReadonlySet<string>): string {
  const random = call.ctx.random('service-addresses');
  for (;;) {
    const text = textOf(firstAddress + random.between(reservedAddresses + 1, addressCount - 2));
    if (!used.has(text)) return text;
  }
}

/** A random free port; the next one up when the first is taken. Adds it to `used`. */
function freePort(call: Call, used: Set<number>): number {
  const low = firstPort + reservedPorts;
  const start = call.ctx.random('node-ports').between(low, lastPort);
  for (let i = 0; i <= lastPort - low; i++) {
    const port = low + ((start - low + i) % (lastPort - low + 1));
    if (used.has(port)) continue;
    used.add(port);
    return port;
  }
  throw invalid('', 'Service', call.request.name ?? '', [
    {
      type: 'FieldValueInvalid',
      path: 'spec.ports[0].nodePort',
      message: 'failed to allocate a nodePort: range is full',
    },
  ]);
}
