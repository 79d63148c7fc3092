import type { Plugin } from '../framework.ts';
import type { NodeInfo } from '../nodeinfo.ts';
import type { PodRequest } from '../resources.ts';

const share = (used: number, capacity: number): number => Math.min(1, used / capacity);

/** 100 when CPU and memory would be used to the same share, less the further apart: 50 % and 10 % → 80. */
export function balance(request: PodRequest, { allocatable, requested }: NodeInfo): number {
  if (allocatable.cpuMilli === 0 || allocatable.memoryBytes === 0) return 100;
  const cpu = share(requested.cpuMilli + request.cpuMilli, allocatable.cpuMilli);
  const memory = share(requested.memoryBytes + request.memoryBytes, allocatable.memoryBytes);
  return Math.floor((1 - Math.abs(cpu - memory) / 2) * 100);
}

/** Prefers nodes that would be filled evenly. Kubernetes: plugins/noderesources/balanced_allocation.go. */
export const nodeResourcesBalancedAllocation: Plugin = {
  name: 'NodeResourcesBalancedAllocation',
  weight: 1,
  wakes: [],
  skipScore: ({ request }) => request.cpuMilli === 0 && request.memoryBytes === 0,
  score: (pod, node) => balance(pod.request, node),
};
