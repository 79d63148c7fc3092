import type { V1NodeSpec } from '../../../generated/types.ts';
import type { KubeObject } from '../../apimachinery/index.ts';

/** A new node takes no pods until the node controller has seen it ready. Kubernetes: TaintNodesByCondition. */
export function admitNode(node: KubeObject): KubeObject {
  const spec = (node['spec'] ?? {}) as V1NodeSpec;
  const key = 'node.kubernetes.io/not-ready';
  if (spec.taints?.some((taint) => taint.key === key && taint.effect === 'NoSchedule')) return node;
  return { ...node, spec: { ...spec, taints: [...(spec.taints ?? []), { key, effect: 'NoSchedule' }] } };
}
