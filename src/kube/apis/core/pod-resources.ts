import type { V1Container, V1PodSpec } from '../../../generated/types.ts';
import { addQuantity, compareQuantity } from '../../apimachinery/index.ts';

/** Amounts by resource, as manifests spell them. */
export type ResourceList = Readonly<Record<string, string>>;

/** The sums of two lists. */
export function addLists(a: ResourceList, b: ResourceList): Record<string, string> {
  const sum: Record<string, string> = { ...a };
  for (const name in b) sum[name] = sum[name] === undefined ? b[name]! : addQuantity(sum[name], b[name]!);
  return sum;
}

const maxLists = (a: ResourceList, b: ResourceList): Record<string, string> => {
  const most: Record<string, string> = { ...a };
  for (const name in b)
    if (most[name] === undefined || compareQuantity(b[name]!, most[name]) > 0) most[name] = b[name]!;
  return most;
};

/**
 * What a pod requests, or may use at most, in all: the larger of the sum of its containers, sidecars included, and of each init
 * container with the sidecars before it; the pod's own figures take their place. Kubernetes: component-helpers/resource/helpers.go.
 */
export function podTotal(spec: V1PodSpec, what: 'requests' | 'limits'): Record<string, string> {
  const of = (container: V1Container): ResourceList => container.resources?.[what] ?? {};
  let total: Record<string, string> = {};
  for (const container of spec.containers) total = addLists(total, of(container));
  let sidecars: Record<string, string> = {};
  let initial: Record<string, string> = {};
  for (const container of spec.initContainers ?? []) {
    if (container.restartPolicy === 'Always') {
      total = addLists(total, of(container));
      sidecars = addLists(sidecars, of(container));
      initial = maxLists(initial, sidecars);
    } else initial = maxLists(initial, addLists(of(container), sidecars));
  }
  const own = spec.resources?.[what];
  return { ...maxLists(total, initial), ...own };
}
