import type { V1PodSpec, V1RuntimeClass, V1Toleration } from '../../../generated/types.ts';
import { equal, forbidden } from '../../apimachinery/index.ts';
import { read } from '../../etcd/etcd.ts';
import type { Call } from '../call.ts';

const key = 'runtimeclasses.node.k8s.io';

/** What the pod's RuntimeClass asks for: overhead, nodes, tolerations. Kubernetes: plugin/pkg/admission/runtimeclass. */
export function withRuntimeClass(call: Call, name: string, spec: V1PodSpec): V1PodSpec {
  const refuse = (why: string): never => {
    throw forbidden('', 'pods', name, `pod rejected: ${why}`);
  };
  const { runtimeClassName } = spec;
  if (!runtimeClassName) {
    if (spec.overhead) refuse('Pod Overhead set without corresponding RuntimeClass defined Overhead');
    return spec;
  }
  const found = read(call.etcd, key, runtimeClassName) as unknown as V1RuntimeClass | undefined;
  if (!found) return refuse(`RuntimeClass "${runtimeClassName}" not found`);
  const overhead = found.overhead?.podFixed;
  if (spec.overhead && !equal(spec.overhead, overhead))
    refuse("Pod's Overhead doesn't match RuntimeClass's defined Overhead");
  const { nodeSelector, tolerations = [] } = found.scheduling ?? {};
  for (const [label, value] of Object.entries(nodeSelector ?? {}))
    if ((spec.nodeSelector?.[label] ?? value) !== value)
      refuse(
        `conflict: runtimeClass.scheduling.nodeSelector[${label}] = ${value}; pod.spec.nodeSelector[${label}] = ${spec.nodeSelector![label]}`,
      );
  const missing = tolerations.filter((wanted) => !spec.tolerations?.some((own: V1Toleration) => equal(own, wanted)));
  return {
    ...spec,
    ...(overhead && { overhead }),
    ...(nodeSelector && { nodeSelector: { ...spec.nodeSelector, ...nodeSelector } }),
    ...(missing.length > 0 && { tolerations: [...(spec.tolerations ?? []), ...missing] }),
  };
}
