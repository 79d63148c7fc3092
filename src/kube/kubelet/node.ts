import type { V1NodeCondition } from '../../generated/types.ts';
import { isReason, microTimestamp, Unreachable } from '../apimachinery/index.ts';
import type { Lease, Node } from '../apis/index.ts';
import { recordEvent } from '../client/index.ts';
import { machineOf } from './machine.ts';
import type { Kubelet } from './memory.ts';
import { bootOf, nodeStatus } from './node-status.ts';

/** How long a lease holds. Kubernetes: nodeLeaseDurationSeconds. */
const leaseSeconds = 40;

/**
 * Makes the Node and its Lease known to the API server, or brings them up to date after a restart.
 * False when the server cannot be reached.
 */
export function register(k: Kubelet): boolean {
  try {
    const known = tryGet(() => k.client.get(k.ctx, 'nodes', k.node));
    if (known) reportNode(k, known, true);
    else createNode(k);
    renewLease(k);
    tellStart(k, known);
    return true;
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    return false;
  }
}

function createNode(k: Kubelet): void {
  const machine = machineOf(k);
  const labels = {
    'beta.kubernetes.io/arch': 'amd64',
    'beta.kubernetes.io/os': 'linux',
    'kubernetes.io/arch': 'amd64',
    'kubernetes.io/hostname': k.node,
    'kubernetes.io/os': 'linux',
    ...machine.labels,
  };
  const annotations = { 'volumes.kubernetes.io/controller-managed-attach-detach': 'true' };
  const node = {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: k.node, labels, annotations },
    spec: {},
    status: nodeStatus(k, machine, undefined),
  };
  k.client.create(k.ctx, 'nodes', node, { why: { code: 'kubelet.register' } });
}

/** The events of a kubelet's start. */
function tellStart(k: Kubelet, known: Node | undefined): void {
  const bootID = bootOf(k);
  if (known?.status?.nodeInfo && known.status.nodeInfo.bootID !== bootID)
    nodeEvent(k, 'Rebooted', `Node ${k.node} has been rebooted, boot id: ${bootID}`, 'Warning');
  nodeEvent(k, 'Starting', 'Starting kubelet.');
  for (const reason of ['NodeHasSufficientMemory', 'NodeHasNoDiskPressure', 'NodeHasSufficientPID'])
    nodeEvent(k, reason, `Node ${k.node} status is now: ${reason}`);
  nodeEvent(k, 'NodeAllocatableEnforced', 'Updated Node Allocatable limit across pods');
  nodeEvent(k, 'NodeReady', `Node ${k.node} status is now: NodeReady`);
}

/** After the network's return: a real renewal of the lease, and the node's conditions as the kubelet sees them. */
export function reportReturn(k: Kubelet): void {
  try {
    renewLease(k);
    const known = tryGet(() => k.client.get(k.ctx, 'nodes', k.node));
    if (known) reportNode(k, known, false);
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
  }
}

/** Writes what the kubelet knows of its node when it differs from what the API server has. */
function reportNode(k: Kubelet, known: Node, restarted: boolean): void {
  const status = nodeStatus(k, machineOf(k), restarted ? undefined : known.status);
  const same = Object.entries(conditionStatus).every(
    ([type, value]) => known.status?.conditions?.find((c) => c.type === type)?.status === value,
  );
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

/** Renews the lease, or makes it again when it is gone. An API server that cannot be reached is told at its return. */
export function keepLease(k: Kubelet): void {
  try {
    renewLease(k);
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
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
function nodeEvent(k: Kubelet, reason: string, message: string, type: 'Normal' | 'Warning' = 'Normal'): void {
  recordEvent(k.ctx, k.client, k.memory.events, {
    object: { apiVersion: 'v1', kind: 'Node', metadata: { name: k.node, uid: k.node } },
    type,
    reason,
    message,
    component: 'kubelet',
    host: k.node,
  });
}
