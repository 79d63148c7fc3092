import { isEmptyTerm, requiredAffinityMatches, termMatches } from '../../apis/core/nodeaffinity.ts';
import { nodeStartsToFit } from '../events.ts';
import { rejection, type Plugin } from '../framework.ts';
import type { PodProfile } from '../profile.ts';
import { normalize } from './normalize.ts';

const mismatch = rejection(true, "node(s) didn't match Pod's node affinity/selector");

const preferences = (pod: PodProfile) =>
  (pod.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []).filter(
    (preferred) => preferred.weight !== 0 && !isEmptyTerm(preferred.preference),
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
