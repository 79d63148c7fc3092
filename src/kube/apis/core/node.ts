import type { V1Node } from '../../../generated/types.ts';
import { notSupported, requiredValue } from '../../apimachinery/index.ts';
import { ageColumn, nameColumn } from '../cells.ts';
import { defineKind } from '../kind.ts';
import { labelKey } from '../validation/basics.ts';
import { taintEffects } from '../validation/placement.ts';

/** STATUS of `kubectl get nodes`: `Ready`, `NotReady`, `Unknown`, with `,SchedulingDisabled` when cordoned. */
function nodeStatusWord(node: V1Node): string {
  const ready = node.status?.conditions?.find((c) => c.type === 'Ready');
  const word = ready === undefined ? 'Unknown' : ready.status === 'True' ? 'Ready' : 'NotReady';
  return node.spec?.unschedulable ? `${word},SchedulingDisabled` : word;
}

const rolePrefix = 'node-role.kubernetes.io/';

function roles(node: V1Node): string | undefined {
  const labels = node.metadata.labels ?? {};
  const found = Object.keys(labels).flatMap((key) => (key.startsWith(rolePrefix) ? key.slice(rolePrefix.length) : []));
  return found.sort().join(',') || undefined;
}

const addressOf = (node: V1Node, type: string): string | undefined =>
  node.status?.addresses?.find((a) => a.type === type)?.address;

/** Node. Kubernetes: pkg/registry/core/node. */
export const node = defineKind({
  group: '',
  version: 'v1',
  kind: 'Node',
  key: 'nodes',
  model: 'V1Node',
  namespaced: false,
  shortNames: ['no'],
  statusSubresource: true,
  defaults(node) {
    const { status } = node;
    if (status?.capacity && !status.allocatable) node.status = { ...status, allocatable: status.capacity };
  },
  validate: ({ spec }) =>
    // Kubernetes names the path below metadata, although taints are in spec.
    (spec?.taints ?? []).flatMap(({ key, effect }, i) => [
      ...labelKey(key, `metadata.taints[${i}].key`),
      ...(effect ? [] : [requiredValue(`metadata.taints[${i}].effect`)]),
      ...(effect && !taintEffects.includes(effect)
        ? [notSupported(`metadata.taints[${i}].effect`, effect, taintEffects)]
        : []),
    ]),
  storedOnly: ['spec.configSource', 'spec.externalID', 'spec.podCIDR', 'spec.podCIDRs', 'spec.providerID'],
  columns: [
    nameColumn,
    { name: 'Status', cell: nodeStatusWord },
    { name: 'Roles', cell: roles },
    ageColumn,
    // An empty cell, not `<none>`: what the server sends for a node that has not reported yet.
    { name: 'Version', cell: (n) => n.status?.nodeInfo?.kubeletVersion ?? '' },
    { name: 'Internal-IP', priority: 1, cell: (n) => addressOf(n, 'InternalIP') },
    { name: 'External-IP', priority: 1, cell: (n) => addressOf(n, 'ExternalIP') },
    { name: 'OS-Image', priority: 1, cell: (n) => n.status?.nodeInfo?.osImage || '<unknown>' },
    { name: 'Kernel-Version', priority: 1, cell: (n) => n.status?.nodeInfo?.kernelVersion || '<unknown>' },
    { name: 'Container-Runtime', priority: 1, cell: (n) => n.status?.nodeInfo?.containerRuntimeVersion || '<unknown>' },
  ],
  example: { apiVersion: 'v1', kind: 'Node', metadata: { name: 'example' } },
});
