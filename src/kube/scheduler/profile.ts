import type { V1Affinity, V1Toleration, V1TopologySpreadConstraint } from '../../generated/types.ts';
import type { Pod } from '../apis/index.ts';
import { hostPortsOf, type HostPort } from './nodeinfo.ts';
import { requestOf, type PodRequest } from './resources.ts';

/**
 * What plugins may look at when they judge a pod on one node: equal for all pods of one template, so that their
 * verdicts can be kept from one pod to the next. Name, labels and namespace are not in it.
 */
export interface PodProfile {
  /** Equal signatures, equal profiles. */
  readonly signature: string;
  readonly request: PodRequest;
  readonly hostPorts: readonly HostPort[];
  readonly nodeName: string | undefined;
  readonly nodeSelector: Readonly<Record<string, string>> | undefined;
  readonly affinity: V1Affinity | undefined;
  readonly tolerations: readonly V1Toleration[];
  readonly spreadConstraints: readonly V1TopologySpreadConstraint[];
  /** Images of all containers, init containers included. */
  readonly images: readonly string[];
}

/** Distils a pod. */
export function profileOf(pod: Pod): PodProfile {
  const spec = pod.spec!;
  const request = requestOf(spec);
  const parts = {
    request,
    hostPorts: hostPortsOf(spec),
    nodeName: spec.nodeName,
    nodeSelector: spec.nodeSelector,
    affinity: spec.affinity,
    tolerations: spec.tolerations ?? [],
    spreadConstraints: spec.topologySpreadConstraints ?? [],
    images: [...(spec.initContainers ?? []), ...spec.containers].map((c) => c.image ?? ''),
  };
  return { ...parts, signature: JSON.stringify(parts) };
}
