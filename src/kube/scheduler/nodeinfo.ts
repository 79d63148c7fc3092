import type { V1PodSpec } from '../../generated/types.ts';
import type { Node } from '../apis/index.ts';
import { amountsOf, requestOf, resourcesOf, type PodRequest, type Resources } from './resources.ts';

/**
 * What the scheduler knows about a node: the object and the sum of what its pods take. Frozen; every change makes a
 * new one, so that a checkpoint shares it and whatever was computed from it can be kept by its identity.
 */
export interface NodeInfo {
  readonly name: string;
  readonly node: Node;
  /** Labels that every pod is spread by; undefined where the node lacks them. */
  readonly hostname: string | undefined;
  readonly zone: string | undefined;
  readonly allocatable: Resources;
  readonly allowedPods: number;
  /** Sum over the pods that are bound or assumed here, terminal ones left out. */
  readonly requested: PodRequest;
  readonly pods: number;
  /** Their keys. */
  readonly podKeys: readonly string[];
  /** Host ports in use, each as `hostPortKey` spells it, with its number of users. */
  readonly ports: Readonly<Record<string, number>>;
  /** Image name → size in bytes, as the kubelet reports them. */
  readonly images: Readonly<Record<string, number>>;
}

/** A container port that claims a port of the node. */
export interface HostPort {
  readonly protocol: string;
  readonly ip: string;
  readonly port: number;
}

/** Topology keys. */
export const hostnameKey = 'kubernetes.io/hostname';
export const zoneKey = 'topology.kubernetes.io/zone';

const nothing: PodRequest = Object.freeze({
  cpuMilli: 0,
  memoryBytes: 0,
  ephemeralBytes: 0,
  scoredCpuMilli: 0,
  scoredMemoryBytes: 0,
});

const noKeys: readonly string[] = Object.freeze([]);
const noPorts: Readonly<Record<string, number>> = Object.freeze({});

export const hostPortKey = (port: HostPort): string => `${port.protocol}/${port.port}/${port.ip}`;

/** The host ports a pod claims; containers and sidecars. Kubernetes: pkg/scheduler/util GetHostPorts. */
export function hostPortsOf(spec: V1PodSpec): HostPort[] {
  const ports: HostPort[] = [];
  for (const container of spec.containers) collect(container, ports);
  for (const container of spec.initContainers ?? [])
    if (container.restartPolicy === 'Always') collect(container, ports);
  return ports;
}

function collect(container: V1PodSpec['containers'][number], into: HostPort[]): void {
  for (const p of container.ports ?? []) {
    if (p.hostPort) into.push({ protocol: p.protocol ?? 'TCP', ip: p.hostIP || '0.0.0.0', port: p.hostPort });
  }
}

/** An empty node. */
export function nodeInfoOf(node: Node): NodeInfo {
  return Object.freeze({ ...fromNode(node), requested: nothing, pods: 0, podKeys: noKeys, ports: noPorts });
}

/** The same load on a changed node object. */
export function withNode(info: NodeInfo, node: Node): NodeInfo {
  return Object.freeze({ ...info, ...fromNode(node) });
}

function fromNode(node: Node): Omit<NodeInfo, 'requested' | 'pods' | 'podKeys' | 'ports'> {
  const amounts = amountsOf(node.status?.allocatable);
  const images: Record<string, number> = {};
  for (const image of node.status?.images ?? [])
    for (const name of image.names ?? []) images[name] = image.sizeBytes ?? 0;
  return {
    name: node.metadata.name,
    node,
    hostname: node.metadata.labels?.[hostnameKey],
    zone: node.metadata.labels?.[zoneKey],
    allocatable: Object.freeze(resourcesOf(amounts)),
    allowedPods: amounts['pods'] ?? 0,
    images: Object.freeze(images),
  };
}

/** The list without one of the items: a pod that is written again stands in it twice for a moment. */
function without(keys: readonly string[], key: string): string[] {
  const rest = [...keys];
  const at = rest.indexOf(key);
  if (at >= 0) rest.splice(at, 1);
  return rest;
}

/** The node with one pod more (`sign` 1) or less (−1). `key` is the pod's. */
export function withPod(info: NodeInfo, spec: V1PodSpec, sign: 1 | -1, key = ''): NodeInfo {
  const request = requestOf(spec);
  const r = info.requested;
  let ports = info.ports;
  const claimed = hostPortsOf(spec);
  if (claimed.length > 0) {
    const next: Record<string, number> = { ...ports };
    for (const port of claimed) {
      const key = hostPortKey(port);
      const users = (next[key] ?? 0) + sign;
      if (users > 0) next[key] = users;
      else delete next[key];
    }
    ports = Object.freeze(next);
  }
  let scalars = r.scalars;
  if (request.scalars) {
    const next: Record<string, number> = { ...scalars };
    for (const name in request.scalars) next[name] = (next[name] ?? 0) + sign * request.scalars[name]!;
    scalars = Object.freeze(next);
  }
  return Object.freeze({
    name: info.name,
    node: info.node,
    hostname: info.hostname,
    zone: info.zone,
    allocatable: info.allocatable,
    allowedPods: info.allowedPods,
    images: info.images,
    ports,
    pods: info.pods + sign,
    podKeys: Object.freeze(sign === 1 ? [...info.podKeys, key] : without(info.podKeys, key)),
    requested: Object.freeze({
      cpuMilli: r.cpuMilli + sign * request.cpuMilli,
      memoryBytes: r.memoryBytes + sign * request.memoryBytes,
      ephemeralBytes: r.ephemeralBytes + sign * request.ephemeralBytes,
      scoredCpuMilli: r.scoredCpuMilli + sign * request.scoredCpuMilli,
      scoredMemoryBytes: r.scoredMemoryBytes + sign * request.scoredMemoryBytes,
      ...(scalars && { scalars }),
    }),
  });
}
