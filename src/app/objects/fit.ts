import { milliValue, quantityValue } from '../../kube/apimachinery/index.ts';
import type { V1Container } from '../../generated/types.ts';
import type { KubeObject } from '../../protocol/index.ts';
import { asPod } from './pod-state.ts';
import type { Node } from '../../kube/apis/index.ts';

/** The resources whose figures are told when a node has not enough of them. */
export type Scarce = 'cpu' | 'memory';

/** What a pod asks of a node, and what the node has left: cpu in milli, memory in bytes. */
export interface Room {
  readonly asked: number;
  readonly free: number;
  readonly all: number;
}

const amount: Readonly<Record<Scarce, (quantity: string | number | undefined) => number>> = {
  cpu: milliValue,
  memory: quantityValue,
};

/** A pod's request: its containers' sum, or its largest init container, whichever is more. */
function requestOf(object: KubeObject, resource: Scarce): number {
  const { containers = [], initContainers = [] } = asPod(object).spec ?? {};
  const of = (c: V1Container): number => amount[resource](c.resources?.requests?.[resource] ?? 0);
  return Math.max(
    containers.reduce((sum, c) => sum + of(c), 0),
    ...initContainers.map(of),
  );
}

/** What stands against what when a pod does not fit on a node. O(pods). */
export function roomOn(node: Node, pod: KubeObject, pods: ReadonlyMap<string, KubeObject>, resource: Scarce): Room {
  const all = amount[resource](node.status?.allocatable?.[resource] ?? 0);
  let used = 0;
  for (const other of pods.values()) {
    const { spec, status } = asPod(other);
    if (spec?.nodeName !== node.metadata.name || status?.phase === 'Succeeded' || status?.phase === 'Failed') continue;
    used += requestOf(other, resource);
  }
  return { asked: requestOf(pod, resource), free: Math.max(0, all - used), all };
}

/** `500m`, `2`, `256Mi`: as manifests write it. */
export const amountText = (resource: Scarce, value: number): string =>
  resource === 'cpu'
    ? value % 1000 === 0
      ? String(value / 1000)
      : `${value}m`
    : value === 0
      ? '0'
      : `${Math.round(value / 1024 ** 2)}Mi`;
