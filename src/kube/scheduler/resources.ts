import type { V1PodSpec } from '../../generated/types.ts';
import { milliValue, quantityValue } from '../apimachinery/index.ts';

/** Amounts of what a node has and pods request: CPU in millicores, the rest in bytes or pieces. */
export interface Resources {
  readonly cpuMilli: number;
  readonly memoryBytes: number;
  readonly ephemeralBytes: number;
  /** Extended resources and huge pages by name; absent when there are none. */
  readonly scalars?: Readonly<Record<string, number>> | undefined;
}

/** What a pod takes from a node. */
export interface PodRequest extends Resources {
  /** As requested, but containers without a request count as 100 m and 200 MiB: used for scores, so that empty pods spread. */
  readonly scoredCpuMilli: number;
  readonly scoredMemoryBytes: number;
}

export const noResources: Resources = Object.freeze({ cpuMilli: 0, memoryBytes: 0, ephemeralBytes: 0 });

/** Kubernetes: pkg/scheduler/util/pod_resources.go. */
const unrequestedCpuMilli = 100;
const unrequestedMemoryBytes = 200 * 1024 * 1024;

type Amounts = { [resource: string]: number };

/** Reads a resource list: CPU in millicores under `cpu`, everything else in its base unit. */
export function amountsOf(list: Readonly<Record<string, string>> | undefined): Amounts {
  const amounts: Amounts = {};
  for (const name in list) amounts[name] = name === 'cpu' ? milliValue(list[name]) : quantityValue(list[name]);
  return amounts;
}

/** Splits amounts into the named fields and the scalars. */
export function resourcesOf(amounts: Amounts): Resources {
  let scalars: Record<string, number> | undefined;
  for (const name in amounts) {
    if (name === 'cpu' || name === 'memory' || name === 'ephemeral-storage' || name === 'pods') continue;
    (scalars ??= {})[name] = amounts[name]!;
  }
  return {
    cpuMilli: amounts['cpu'] ?? 0,
    memoryBytes: amounts['memory'] ?? 0,
    ephemeralBytes: amounts['ephemeral-storage'] ?? 0,
    ...(scalars && { scalars }),
  };
}

const addTo = (sum: Amounts, more: Amounts): void => {
  for (const name in more) sum[name] = (sum[name] ?? 0) + more[name]!;
};
const raiseTo = (sum: Amounts, floor: Amounts): void => {
  for (const name in floor) sum[name] = Math.max(sum[name] ?? 0, floor[name]!);
};

const memo = new WeakMap<V1PodSpec['containers'], { readonly spec: V1PodSpec; readonly request: PodRequest }>();

/**
 * What a pod requests: the larger of the sum of its containers (sidecars included) and of each init container
 * (with the sidecars started before it), plus the overhead; pod-level resources, when given, take their place.
 * Kubernetes: component-helpers/resource/helpers.go PodRequests. Memoised by the frozen list of containers.
 */
export function requestOf(spec: V1PodSpec): PodRequest {
  const known = memo.get(spec.containers);
  if (
    known &&
    known.spec.initContainers === spec.initContainers &&
    known.spec.overhead === spec.overhead &&
    known.spec.resources === spec.resources
  )
    return known.request;
  const request = Object.freeze(plainRequest(spec) ?? fullRequest(spec));
  if (Object.isFrozen(spec.containers)) memo.set(spec.containers, { spec, request });
  return request;
}

/** The usual pod in one pass: containers that ask for CPU and memory at most, and nothing else that counts. */
function plainRequest(spec: V1PodSpec): PodRequest | undefined {
  if (spec.initContainers?.length || spec.overhead || spec.resources?.requests) return undefined;
  let cpuMilli = 0;
  let memoryBytes = 0;
  let scoredCpuMilli = 0;
  let scoredMemoryBytes = 0;
  for (const { resources } of spec.containers) {
    const requests = resources?.requests;
    for (const name in requests) if (name !== 'cpu' && name !== 'memory') return undefined;
    const cpu = milliValue(requests?.['cpu']);
    const memory = quantityValue(requests?.['memory']);
    cpuMilli += cpu;
    memoryBytes += memory;
    scoredCpuMilli += requests?.['cpu'] === undefined ? unrequestedCpuMilli : cpu;
    scoredMemoryBytes += requests?.['memory'] === undefined ? unrequestedMemoryBytes : memory;
  }
  return { cpuMilli, memoryBytes, ephemeralBytes: 0, scoredCpuMilli, scoredMemoryBytes };
}

function fullRequest(spec: V1PodSpec): PodRequest {
  const exact = totalOf(spec, (requests) => requests);
  const scored = totalOf(spec, (requests) => ({
    ...requests,
    cpu: requests['cpu'] ?? unrequestedCpuMilli,
    memory: requests['memory'] ?? unrequestedMemoryBytes,
  }));
  return { ...resourcesOf(exact), scoredCpuMilli: scored['cpu'] ?? 0, scoredMemoryBytes: scored['memory'] ?? 0 };
}

function totalOf(spec: V1PodSpec, complete: (requests: Amounts) => Amounts): Amounts {
  const total: Amounts = {};
  for (const container of spec.containers) addTo(total, complete(amountsOf(container.resources?.requests)));
  const sidecars: Amounts = {};
  const initial: Amounts = {};
  for (const container of spec.initContainers ?? []) {
    const requests = complete(amountsOf(container.resources?.requests));
    if (container.restartPolicy === 'Always') {
      addTo(total, requests);
      addTo(sidecars, requests);
      raiseTo(initial, sidecars);
    } else {
      addTo(requests, sidecars);
      raiseTo(initial, requests);
    }
  }
  raiseTo(total, initial);
  if (spec.resources?.requests) Object.assign(total, amountsOf(spec.resources.requests));
  addTo(total, amountsOf(spec.overhead));
  return total;
}
