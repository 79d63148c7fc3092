import { controllerOf, matchesMap, matchesSelector } from '../apimachinery/index.ts';
import type { Pod, ReplicaSet } from '../apis/index.ts';
import { podFacts } from './pods.ts';

/**
 * How many pods a ReplicaSet has of each sort, kept from change to change: most reconciles need only the numbers, and
 * three hundred pods that become ready one by one would otherwise be looked at three hundred times. Plain data.
 */
export interface Tally {
  /** Generation of the ReplicaSet it was counted for: another template counts otherwise. */
  readonly generation: number;
  active: number;
  /** Active ones with all labels of the template. */
  labelled: number;
  ready: number;
  terminating: number;
  /** Active ones that the selector no longer selects: they are to be released. */
  stray: number;
}

/** Counts from scratch. */
export function tallyOf(rs: ReplicaSet, pods: Iterable<Pod>): Tally {
  const generation = rs.metadata.generation ?? 0;
  const tally: Tally = { generation, active: 0, labelled: 0, ready: 0, terminating: 0, stray: 0 };
  for (const pod of pods) count(tally, rs, pod, 1);
  return tally;
}

/** Adds a pod (`by` 1) or takes it away (−1), if it is the ReplicaSet's. */
export function count(tally: Tally, rs: ReplicaSet, pod: Pod, by: 1 | -1): void {
  if (controllerOf(pod)?.uid !== rs.metadata.uid) return;
  const facts = podFacts(pod);
  if (!matchesSelector(rs.spec?.selector, pod.metadata.labels)) {
    if (facts.active) tally.stray += by;
    return;
  }
  if (facts.terminating) tally.terminating += by;
  if (!facts.active) return;
  tally.active += by;
  if (facts.ready) tally.ready += by;
  if (matchesMap(rs.spec?.template?.metadata?.labels ?? {}, pod.metadata.labels)) tally.labelled += by;
}
