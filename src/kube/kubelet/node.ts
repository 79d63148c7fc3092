import type { V1NodeCondition, V1NodeStatus, V1NodeSystemInfo } from '../../generated/types.ts';
import { fnv1a } from '../../kernel/index.ts';
import { ApiError, isReason, microTimestamp, timestamp, Unreachable } from '../apimachinery/index.ts';
import type { Lease, Node } from '../apis/index.ts';
import { recordEvent } from '../client/index.ts';
import { machinesOf, type Machine } from '../machines.ts';
import { imageIdOf, runtimeName } from './image-names.ts';
import type { Kubelet } from './memory.ts';

/** How long a lease holds. Kubernetes: nodeLeaseDurationSeconds. */
const leaseSeconds = 40;

/** The machine under this kubelet. */
export const machineOf = (k: Kubelet): Machine => machinesOf(k.ctx).nodes.get(k.node)!;

/**
 * Makes the Node and its Lease known to the API server, or brings them up to date after a restart.
 * False when the server cannot be reached.
 */
export function register(k: Kubelet): boolean {
  try {
    const machine = machineOf(k);
    const known = tryGet(() => k.client.get(k.ctx, 'nodes', k.node));
    if (known) reportNode(k, known, true);
    else {
      k.client.create(
        k.ctx,
        'nodes',
        {
          apiVersion: 'v1',
          kind: 'Node',
          metadata: {
            name: k.node,
            labels: {
              'beta.kubernetes.io/arch': 'amd64',
              'beta.kubernetes.io/os': 'linux',
              'kubernetes.io/arch': 'amd64',
              'kubernetes.io/hostname': k.node,
              'kubernetes.io/os': 'linux',
              ...machine.labels,
            },
            annotations: { 'volumes.kubernetes.io/controller-managed-attach-detach': 'true' },
          },
          spec: {},
          status: nodeStatus(k, machine, undefined),
        },
        { why: { code: 'kubelet.register' } },
      );
    }
    renewLease(k);
    const bootID = bootOf(k);
    if (known?.status?.nodeInfo && known.status.nodeInfo.bootID !== bootID)
      nodeEvent(k, 'Rebooted', `Node ${k.node} has been rebooted, boot id: ${bootID}`, 'Warning');
    for (const [reason, message] of [
      ['Starting', 'Starting kubelet.'],
      ['NodeHasSufficientMemory', `Node ${k.node} status is now: NodeHasSufficientMemory`],
      ['NodeHasNoDiskPressure', `Node ${k.node} status is now: NodeHasNoDiskPressure`],
      ['NodeHasSufficientPID', `Node ${k.node} status is now: NodeHasSufficientPID`],
      ['NodeAllocatableEnforced', 'Updated Node Allocatable limit across pods'],
      ['NodeReady', `Node ${k.node} status is now: NodeReady`],
    ] as const)
      nodeEvent(k, reason, message);
    return true;
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    return false;
  }
}

/** After the network's return: a real renewal of the lease, and the node's conditions as the kubelet sees them. */
export function reportReturn(k: Kubelet): void {
  try {
    renewLease(k);
    const known = tryGet(() => k.client.get(k.ctx, 'nodes', k.node));
    if (known) reportNode(k, known, false);
    else register(k);
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
  }
}

/** Writes what the kubelet knows of its node when it differs from what the API server has. */
function reportNode(k: Kubelet, known: Node, restarted: boolean): void {
  const status = nodeStatus(k, machineOf(k), restarted ? undefined : known.status);
  const same = (known.status?.conditions ?? []).every((c) => conditionStatus[c.type] === c.status);
  if (same && !restarted) return;
  k.client.updateStatus(
    k.ctx,
    'nodes',
    { ...known, status: { ...known.status, ...status, conditions: merged(k, known, status.conditions ?? []) } },
    { why: { code: 'kubelet.node-status' } },
  );
}

const conditionStatus: Readonly<Record<string, string>> = {
  MemoryPressure: 'False',
  DiskPressure: 'False',
  PIDPressure: 'False',
  Ready: 'True',
};

/** Keeps transition times of conditions that did not change, and conditions of others. */
function merged(k: Kubelet, known: Node, mine: readonly V1NodeCondition[]): V1NodeCondition[] {
  const old = known.status?.conditions ?? [];
  const result = mine.map((c) => {
    const before = old.find((o) => o.type === c.type);
    return before?.status === c.status ? { ...c, lastTransitionTime: before.lastTransitionTime } : c;
  });
  return [...old.filter((o) => !(o.type in conditionStatus)), ...result];
}

/** The kubelet looks at its node's status every 10 s. */
const statusTickMs = 10_000;
/** Images that a node lists at most. Kubernetes: nodeStatusMaxImages. */
const maxImages = 50;

/** An image was pulled: the node's list of images, which the scheduler reads, follows with the next look. */
export function noteImage(k: Kubelet, image: string, bytes: number): void {
  const { newImages } = k.memory;
  if (newImages.size === 0) k.ctx.after(statusTickMs - (k.ctx.now % statusTickMs), k.address, 'images');
  newImages.set(image, bytes);
}

/** Writes the node's list of images, the largest first. */
export function reportImages(k: Kubelet): void {
  const pulled = [...k.memory.newImages];
  k.memory.newImages.clear();
  try {
    const known = k.client.get(k.ctx, 'nodes', k.node);
    const images = [...(known.status?.images ?? [])];
    for (const [image, sizeBytes] of pulled) {
      const names = [imageIdOf(image), runtimeName(image)];
      if (!images.some((i) => i.names?.includes(names[1]!))) images.push({ names, sizeBytes });
    }
    if (images.length === known.status?.images?.length) return;
    images.sort((a, b) => (b.sizeBytes ?? 0) - (a.sizeBytes ?? 0));
    const status = { ...known.status, images: images.slice(0, maxImages) };
    k.client.updateStatus(k.ctx, 'nodes', { ...known, status }, { why: { code: 'kubelet.node-status' } });
  } catch (error) {
    if (error instanceof Unreachable || isReason(error, 'Conflict'))
      for (const [image, bytes] of pulled) noteImage(k, image, bytes);
    else if (!(error instanceof ApiError)) throw error;
  }
}

function renewLease(k: Kubelet): void {
  const { ctx, client } = k;
  const now = microTimestamp(ctx.now);
  const known = tryGet(() => client.get(ctx, 'leases.coordination.k8s.io', k.node, 'kube-node-lease'));
  const write = { why: { code: 'kubelet.lease' } } as const;
  if (known) {
    client.update(ctx, 'leases.coordination.k8s.io', { ...known, spec: { ...known.spec, renewTime: now } }, write);
    return;
  }
  const lease = {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { name: k.node, namespace: 'kube-node-lease' },
    spec: { holderIdentity: k.node, leaseDurationSeconds: leaseSeconds, renewTime: now },
  } satisfies Omit<Lease, 'metadata'> & { metadata: object };
  client.create(ctx, 'leases.coordination.k8s.io', lease, write);
}

function tryGet<T>(get: () => T): T | undefined {
  try {
    return get();
  } catch (error) {
    if (isReason(error, 'NotFound')) return undefined;
    throw error;
  }
}

/** An event about the node itself. The kubelet names its node by name in place of a uid. */
export function nodeEvent(k: Kubelet, reason: string, message: string, type: 'Normal' | 'Warning' = 'Normal'): void {
  recordEvent(k.ctx, k.client, k.memory.events, {
    object: { apiVersion: 'v1', kind: 'Node', metadata: { name: k.node, uid: k.node } },
    type,
    reason,
    message,
    component: 'kubelet',
    host: k.node,
  });
}

const hex = (name: string, digits: number): string => {
  let text = '';
  for (let i = 0; text.length < digits; i++)
    text += fnv1a(name, i + 1)
      .toString(16)
      .padStart(8, '0');
  return text.slice(0, digits);
};
const uuid = (name: string): string =>
  hex(name, 32).replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-4$3-a$4-$5');

/** A machine boots with its kubelet. */
const bootOf = (k: Kubelet): string => uuid(`boot-${k.node}-${machineOf(k).heartbeatSince}`);

function nodeInfo(k: Kubelet): V1NodeSystemInfo {
  const { node } = k;
  return {
    architecture: 'amd64',
    bootID: bootOf(k),
    containerRuntimeVersion: 'containerd://2.2.1',
    kernelVersion: '6.12.63+deb13-amd64',
    kubeProxyVersion: '',
    kubeletVersion: 'v1.36.2',
    machineID: hex(`machine-${node}`, 32),
    operatingSystem: 'linux',
    osImage: 'Debian GNU/Linux 13 (trixie)',
    systemUUID: uuid(`system-${node}`),
  };
}

/** Status of a healthy node. Kubernetes: pkg/kubelet/nodestatus/setters.go. */
function nodeStatus(k: Kubelet, machine: Machine, known: V1NodeStatus | undefined): V1NodeStatus {
  const now = timestamp(k.ctx.now);
  const condition = (type: string, status: string, reason: string, message: string): V1NodeCondition => ({
    type,
    status,
    lastHeartbeatTime: now,
    lastTransitionTime: now,
    reason,
    message,
  });
  const resources = {
    cpu: machine.cpuMilli % 1000 === 0 ? String(machine.cpuMilli / 1000) : `${machine.cpuMilli}m`,
    'ephemeral-storage': '102626232Ki',
    'hugepages-1Gi': '0',
    'hugepages-2Mi': '0',
    memory: `${Math.floor(machine.memoryBytes / 1024)}Ki`,
    pods: String(machine.pods),
  };
  return {
    addresses: [
      { type: 'InternalIP', address: machine.ip },
      { type: 'Hostname', address: k.node },
    ],
    capacity: resources,
    allocatable: resources,
    conditions: [
      condition('MemoryPressure', 'False', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'),
      condition('DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'),
      condition('PIDPressure', 'False', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'),
      condition('Ready', 'True', 'KubeletReady', 'kubelet is posting ready status'),
    ],
    daemonEndpoints: { kubeletEndpoint: { Port: 10_250 } },
    nodeInfo: known?.nodeInfo ?? nodeInfo(k),
  };
}
