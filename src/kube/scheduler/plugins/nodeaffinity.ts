import type { V1NodeSelectorRequirement, V1NodeSelectorTerm } from '../../../generated/types.ts';
import { matchesMap } from '../../apimachinery/index.ts';
import type { Node } from '../../apis/index.ts';
import { nodeStartsToFit } from '../events.ts';
import { rejection, type Plugin } from '../framework.ts';
import type { PodProfile } from '../profile.ts';
import { normalize } from './normalize.ts';

const mismatch = rejection(true, "node(s) didn't match Pod's node affinity/selector");

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

const isEmpty = (term: V1NodeSelectorTerm): boolean => !term.matchExpressions?.length && !term.matchFields?.length;

/** Whether a node satisfies all of a term; an empty term selects nothing. */
function termMatches(term: V1NodeSelectorTerm, node: Node): boolean {
  if (isEmpty(term)) return false;
  const labels = node.metadata.labels ?? {};
  for (const requirement of term.matchExpressions ?? []) {
    const actual = Object.hasOwn(labels, requirement.key) ? labels[requirement.key] : undefined;
    if (!holds(requirement, actual)) return false;
  }
  for (const requirement of term.matchFields ?? []) {
    const actual = requirement.key === 'metadata.name' ? node.metadata.name : undefined;
    if (!holds(requirement, actual)) return false;
  }
  return true;
}

/** Whether a node satisfies nodeSelector and required affinity. Kubernetes: component-helpers/scheduling/corev1/nodeaffinity. */
export function requiredAffinityMatches(
  pod: { nodeSelector?: PodProfile['nodeSelector']; affinity?: PodProfile['affinity'] },
  node: Node,
): boolean {
  if (pod.nodeSelector && !matchesMap(pod.nodeSelector, node.metadata.labels)) return false;
  const required = pod.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  return !required || required.nodeSelectorTerms.some((term) => termMatches(term, node));
}

const preferences = (pod: PodProfile) =>
  (pod.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []).filter(
    (preferred) => preferred.weight !== 0 && !isEmpty(preferred.preference),
  );

/** nodeSelector and node affinity. Kubernetes: pkg/scheduler/framework/plugins/nodeaffinity. */
export const nodeAffinity: Plugin = {
  name: 'NodeAffinity',
  weight: 2,
  wakes: [
    {
      on: ['Node/Add', 'Node/UpdateLabel'],
      helps: nodeStartsToFit((pod, node) => requiredAffinityMatches(pod.spec!, node)),
    },
  ],
  narrow(pod) {
    const terms = pod.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
    if (!terms?.length) return undefined;
    const names = new Set<string>();
    for (const term of terms) {
      const byName = (term.matchFields ?? []).filter((f) => f.key === 'metadata.name' && f.operator === 'In');
      if (byName.length === 0) return undefined;
      const [first, ...rest] = byName;
      for (const name of first!.values ?? [])
        if (rest.every((requirement) => requirement.values?.includes(name))) names.add(name);
    }
    return names;
  },
  filter: (pod, node) => (requiredAffinityMatches(pod, node.node) ? undefined : mismatch),
  skipScore: (pod) => preferences(pod).length === 0,
  score(pod, node) {
    let sum = 0;
    for (const { preference, weight } of preferences(pod)) if (termMatches(preference, node.node)) sum += weight;
    return sum;
  },
  normalize,
};
