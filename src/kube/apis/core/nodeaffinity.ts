import type { V1NodeSelectorRequirement, V1NodeSelectorTerm, V1PodSpec } from '../../../generated/types.ts';
import { matchesMap } from '../../apimachinery/labels.ts';
import type { ObjectMeta } from '../../apimachinery/meta.ts';

function holds({ operator, values = [] }: V1NodeSelectorRequirement, actual: string | undefined): boolean {
  switch (operator) {
    case 'In':
      return actual !== undefined && values.includes(actual);
    case 'NotIn':
      return actual === undefined || !values.includes(actual);
    case 'Exists':
      return actual !== undefined;
    case 'DoesNotExist':
      return actual === undefined;
    case 'Gt':
    case 'Lt':
      if (actual === undefined || !/^-?\d+$/.test(actual)) return false;
      return operator === 'Gt' ? Number(actual) > Number(values[0]) : Number(actual) < Number(values[0]);
    default:
      return false;
  }
}

/** Whether a term asks for nothing: such a term selects nothing. */
export const isEmptyTerm = (term: V1NodeSelectorTerm): boolean =>
  !term.matchExpressions?.length && !term.matchFields?.length;

/** Whether a node satisfies all of a term; an empty term selects nothing. */
export function termMatches(term: V1NodeSelectorTerm, { metadata }: { readonly metadata: ObjectMeta }): boolean {
  if (isEmptyTerm(term)) return false;
  const labels = metadata.labels ?? {};
  for (const requirement of term.matchExpressions ?? []) {
    const actual = Object.hasOwn(labels, requirement.key) ? labels[requirement.key] : undefined;
    if (!holds(requirement, actual)) return false;
  }
  for (const requirement of term.matchFields ?? []) {
    const actual = requirement.key === 'metadata.name' ? metadata.name : undefined;
    if (!holds(requirement, actual)) return false;
  }
  return true;
}

/**
 * Whether a node satisfies nodeSelector and required affinity: the scheduler asks, and the DaemonSet controller.
 * Kubernetes: component-helpers/scheduling/corev1/nodeaffinity.
 */
export function requiredAffinityMatches(
  pod: { readonly nodeSelector?: V1PodSpec['nodeSelector']; readonly affinity?: V1PodSpec['affinity'] },
  node: { readonly metadata: ObjectMeta },
): boolean {
  if (pod.nodeSelector && !matchesMap(pod.nodeSelector, node.metadata.labels)) return false;
  const required = pod.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  return !required || required.nodeSelectorTerms.some((term) => termMatches(term, node));
}
