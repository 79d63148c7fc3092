import type { Node } from '../../apis/index.ts';
import { rejection, type Plugin, type Rejection } from '../framework.ts';
import { nodeInfoOf, type NodeInfo } from '../nodeinfo.ts';
import { requestOf, type PodRequest } from '../resources.ts';

/** What is missing, as `0/3 nodes are available` counts it. Kubernetes: noderesources/fit.go fitsRequest. */
export function insufficient(request: PodRequest, node: NodeInfo): Rejection | undefined {
  const { allocatable, requested } = node;
  const reasons: string[] = [];
  let unresolvable = false;
  if (node.pods + 1 > node.allowedPods) reasons.push('Too many pods');
  const check = (name: string, wanted: number, has: number, used: number): void => {
    if (wanted === 0 || wanted <= has - used) return;
    reasons.push(`Insufficient ${name}`);
    if (wanted > has) unresolvable = true;
  };
  check('cpu', request.cpuMilli, allocatable.cpuMilli, requested.cpuMilli);
  check('memory', request.memoryBytes, allocatable.memoryBytes, requested.memoryBytes);
  check('ephemeral-storage', request.ephemeralBytes, allocatable.ephemeralBytes, requested.ephemeralBytes);
  for (const name in request.scalars)
    check(name, request.scalars[name]!, allocatable.scalars?.[name] ?? 0, requested.scalars?.[name] ?? 0);
  return reasons.length === 0 ? undefined : rejection(unresolvable, ...reasons);
}

/** Share that stays free, 0…100: 4 of 16 used → 75. Kubernetes: noderesources/least_allocated.go. */
const free = (used: number, capacity: number): number =>
  used > capacity ? 0 : Math.floor(((capacity - used) * 100) / capacity);

/** Mean of the free shares of CPU and memory, whole numbers throughout. */
export function leastAllocated(request: PodRequest, node: NodeInfo): number {
  const { allocatable, requested } = node;
  let sum = 0;
  let resources = 0;
  if (allocatable.cpuMilli > 0) {
    sum += free(requested.scoredCpuMilli + request.scoredCpuMilli, allocatable.cpuMilli);
    resources++;
  }
  if (allocatable.memoryBytes > 0) {
    sum += free(requested.scoredMemoryBytes + request.scoredMemoryBytes, allocatable.memoryBytes);
    resources++;
  }
  return resources === 0 ? 0 : Math.floor(sum / resources);
}

/** Room for the pod's requests, and preference for the emptier node. Kubernetes: plugins/noderesources/fit.go. */
export const nodeResourcesFit: Plugin = {
  name: 'NodeResourcesFit',
  weight: 1,
  wakes: [
    { on: ['Pod/Delete', 'Pod/ScaleDown', 'Target/ScaleDown'] },
    {
      on: ['Node/Add', 'Node/UpdateAllocatable'],
      // Judged as if the node were empty: its pods are not part of the event.
      helps: (pod, _old, next) => insufficient(requestOf(pod.spec!), nodeInfoOf(next as Node)) === undefined,
    },
  ],
  filter: (pod, node) => insufficient(pod.request, node),
  score: (pod, node) => leastAllocated(pod.request, node),
};
