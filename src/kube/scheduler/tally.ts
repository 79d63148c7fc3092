import type { ClusterView } from './cluster-view.ts';
import { podsPerDomain } from './cluster-view.ts';
import { labelOf, type PodClass } from './pod-classes.ts';
import type { NodeInfo } from './nodeinfo.ts';

/** Pods per value of a topology key: the sums of kept counts, with what a try without some pods adds or takes away. */
export interface Tally {
  readonly key: string;
  readonly counts: readonly ReadonlyMap<string, number>[];
  /** Value → difference; absent in ordinary tries. */
  readonly changes?: ReadonlyMap<string, number> | undefined;
}

/** The pods of some classes over a topology key. */
export const tallyOf = (view: ClusterView, groups: readonly PodClass[], key: string): Tally => ({
  key,
  counts: groups.map((group) => podsPerDomain(view, group, key)),
});

/** Pods in a domain. */
export function countIn({ counts, changes }: Tally, value: string): number {
  let sum = changes?.get(value) ?? 0;
  for (let i = 0; i < counts.length; i++) sum += counts[i]!.get(value) ?? 0;
  return sum;
}

/** Pods in the domain of a node; undefined when the node lacks the key. */
export function countAt(tally: Tally, node: NodeInfo): number | undefined {
  const value = labelOf(node, tally.key);
  return value === undefined ? undefined : countIn(tally, value);
}

/** Whether there is no pod in any domain. */
export function isEmpty({ counts, changes }: Tally): boolean {
  if (!changes) return counts.every((count) => count.size === 0);
  let sum = 0;
  for (const count of counts) for (const n of count.values()) sum += n;
  for (const n of changes.values()) sum += n;
  return sum === 0;
}

/** The tally with `by` pods more (or less) on a node. */
export function changed(tally: Tally, node: NodeInfo, by: number): Tally {
  const value = labelOf(node, tally.key);
  if (value === undefined || by === 0) return tally;
  const changes = new Map(tally.changes);
  changes.set(value, (changes.get(value) ?? 0) + by);
  return { ...tally, changes };
}
