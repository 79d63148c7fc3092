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

/** Text of a part of a spec. Pure cache: such parts are frozen, and often shared by all pods of a template. */
const texts = new WeakMap<object, string>();

function textOf(part: object | undefined): string {
  if (part === undefined) return '';
  let text = texts.get(part);
  if (text === undefined) {
    text = JSON.stringify(part);
    if (Object.isFrozen(part)) texts.set(part, text);
  }
  return text;
}

const none: readonly never[] = Object.freeze([]);

/** Distils a pod. */
export function profileOf(pod: Pod): PodProfile {
  const spec = pod.spec!;
  const request = requestOf(spec);
  const hostPorts = hostPortsOf(spec);
  let images = '';
  for (const { image } of spec.initContainers ?? none) images += `${image} `;
  for (const { image } of spec.containers) images += `${image} `;
  const { nodeName, nodeSelector, affinity, tolerations = none, topologySpreadConstraints = none } = spec;
  const signature =
    `${request.cpuMilli} ${request.memoryBytes} ${request.ephemeralBytes} ${request.scoredCpuMilli} ` +
    `${request.scoredMemoryBytes} ${textOf(request.scalars)} ${hostPorts.length === 0 ? '' : JSON.stringify(hostPorts)} ` +
    `${nodeName ?? ''} ${textOf(nodeSelector)} ${textOf(affinity)} ${textOf(tolerations)} ` +
    `${textOf(topologySpreadConstraints)} ${images}`;
  return {
    signature,
    request,
    hostPorts,
    nodeName,
    nodeSelector,
    affinity,
    tolerations,
    spreadConstraints: topologySpreadConstraints,
    images: images.split(' ').slice(0, -1),
  };
}
