import type { Pod } from '../../apis/index.ts';
import { podsPerDomain } from '../cluster-view.ts';
import { rejection, type Cycle, type Plugin, type PodChange } from '../framework.ts';
import type { NodeInfo } from '../nodeinfo.ts';
import { labelOf, podAffinityOf } from '../pod-classes.ts';
import { changed, countAt, isEmpty, tallyOf, type Tally } from '../tally.ts';
import { classesOf, selectsPod, termsOf, type Term, type Terms } from '../terms.ts';

const noAffinity = rejection(true, "node(s) didn't match pod affinity rules");
const antiAffinity = rejection(false, "node(s) didn't match pod anti-affinity rules");
const othersAntiAffinity = rejection(false, "node(s) didn't satisfy existing pods anti-affinity rules");

/** Points that a required affinity of a pod that runs gives to a pod it wants near. Kubernetes: hardPodAffinityWeight. */
const hardWeight = 1;

interface FilterState {
  readonly cycle: Cycle;
  readonly terms: Terms;
  /** Per required affinity term: the pods that match all of them. */
  readonly near: readonly Tally[];
  /** Per required anti-affinity term: the pods that match it. */
  readonly apart: readonly Tally[];
  /** Pods that want the incoming one nowhere near, per topology key of their terms. */
  readonly shunning: readonly Tally[];
}

interface ScoreState {
  /** Topology key → value → points. */
  readonly points: ReadonlyMap<string, ReadonlyMap<string, number>>;
}

/**
 * Pods near to, or apart from, other pods: required terms of the incoming pod filter, and so do the required anti-affinity
 * terms of those that run; preferred terms of both sides score.
 * Kubernetes: pkg/scheduler/framework/plugins/interpodaffinity.
 */
export const interPodAffinity: Plugin<FilterState, ScoreState> = {
  name: 'InterPodAffinity',
  weight: 2,
  wakes: [
    {
      on: ['Pod/Add', 'Pod/Delete', 'Pod/UpdateLabel'],
      helps: (pod, old, next) => concerns(pod, old as Pod | undefined) || concerns(pod, next as Pod | undefined),
    },
    { on: ['Node/Add', 'Node/UpdateLabel', 'Target/UpdateLabel'] },
  ],
  cluster: {
    prepareFilter(cycle) {
      const state = filterState(cycle);
      const { terms, shunning } = state;
      if (terms.affinity.length === 0 && terms.antiAffinity.length === 0 && shunning.length === 0) return 'skip';
      return { state };
    },
    filter(state, node) {
      if (!isNear(state, node)) return noAffinity;
      for (const tally of state.apart) if ((countAt(tally, node) ?? 0) > 0) return antiAffinity;
      for (const tally of state.shunning) if ((countAt(tally, node) ?? 0) > 0) return othersAntiAffinity;
      return undefined;
    },
    adjust: (state, node, changes) => changes.reduce((next, change) => withChange(next, node, change), state),
    prepareScore(cycle) {
      const points = pointsOf(cycle);
      return points.size === 0 ? 'skip' : { state: { points } };
    },
    score({ points }, node) {
      let sum = 0;
      for (const [key, values] of points) {
        const value = labelOf(node, key);
        if (value !== undefined) sum += values.get(value) ?? 0;
      }
      return sum;
    },
  },
  normalize(scores) {
    let min = Infinity;
    let max = -Infinity;
    for (const score of scores) {
      if (score < min) min = score;
      if (score > max) max = score;
    }
    const span = max - min;
    for (let i = 0; i < scores.length; i++) scores[i] = span > 0 ? Math.floor((100 * (scores[i]! - min)) / span) : 0;
  },
};

/** Whether another pod's coming or going can change what this plugin says about a waiting one. */
function concerns(waiting: Pod, other: Pod | undefined): boolean {
  if (!other) return false;
  const namespace = waiting.metadata.namespace ?? '';
  const mine = termsOf(podAffinityOf(waiting), namespace);
  const theirs = termsOf(podAffinityOf(other), other.metadata.namespace ?? '');
  // Without the labels of namespaces at hand a namespaceSelector counts as matching: at worst a try too many.
  const mayMatch = (term: Term, pod: Pod): boolean =>
    term.namespaceSelector !== undefined || selectsPod(term, pod, new Map());
  return (
    [...mine.affinity, ...mine.antiAffinity].some((term) => mayMatch(term, other)) ||
    theirs.antiAffinity.some((term) => mayMatch(term, waiting))
  );
}

function filterState(cycle: Cycle): FilterState {
  const { pod, view, caches } = cycle;
  const terms = termsOf(podAffinityOf(pod), pod.metadata.namespace ?? '');
  const found = terms.affinity.map((term) => classesOf(view, term, caches));
  const all = found.length <= 1 ? (found[0] ?? []) : found[0]!.filter((group) => found.every((f) => f.includes(group)));
  const shunning: Tally[] = [];
  for (const key of view.classes.affine) {
    const group = view.classes.byKey.get(key)!;
    for (const term of termsOf(group.affinity, group.namespace).antiAffinity)
      if (selectsPod(term, pod, caches)) shunning.push(tallyOf(view, [group], term.topologyKey));
  }
  return {
    cycle,
    terms,
    near: terms.affinity.map((term) => tallyOf(view, all, term.topologyKey)),
    apart: terms.antiAffinity.map((term) => tallyOf(view, classesOf(view, term, caches), term.topologyKey)),
    shunning: merged(shunning),
  };
}

/** The first of a group of pods that want to be together goes anywhere where the topology keys are. */
function isNear({ cycle, terms, near }: FilterState, node: NodeInfo): boolean {
  let there = true;
  for (const tally of near) {
    const count = countAt(tally, node);
    if (count === undefined) return false;
    if (count <= 0) there = false;
  }
  if (there) return true;
  return near.every(isEmpty) && terms.affinity.every((term) => selectsPod(term, cycle.pod, cycle.caches));
}

/** As if one pod more, or less, were on a node. Kubernetes: PreFilterExtensions. */
function withChange(state: FilterState, node: NodeInfo, { pod, by }: PodChange): FilterState {
  const { cycle, terms } = state;
  const { caches } = cycle;
  const matchesAll = terms.affinity.length > 0 && terms.affinity.every((term) => selectsPod(term, pod, caches));
  const theirs = termsOf(podAffinityOf(pod), pod.metadata.namespace ?? '').antiAffinity;
  const shunning = [...state.shunning];
  for (const term of theirs) {
    if (!selectsPod(term, cycle.pod, caches)) continue;
    shunning.push(changed({ key: term.topologyKey, counts: [] }, node, by));
  }
  return {
    ...state,
    near: matchesAll ? state.near.map((tally) => changed(tally, node, by)) : state.near,
    apart: state.apart.map((tally, i) =>
      selectsPod(terms.antiAffinity[i]!, pod, caches) ? changed(tally, node, by) : tally,
    ),
    shunning: merged(shunning),
  };
}

/** Tallies of one key as one: what one of them has less, another has. */
function merged(tallies: readonly Tally[]): Tally[] {
  const byKey = new Map<string, Tally>();
  for (const tally of tallies) {
    const known = byKey.get(tally.key);
    if (!known) {
      byKey.set(tally.key, tally);
      continue;
    }
    const changes = known.changes || tally.changes ? new Map(known.changes) : undefined;
    for (const [value, by] of tally.changes ?? []) changes!.set(value, (changes!.get(value) ?? 0) + by);
    byKey.set(tally.key, { key: tally.key, counts: [...known.counts, ...tally.counts], changes });
  }
  return [...byKey.values()];
}

/** What the preferred terms of both sides give to each domain; a required affinity of the other side counts a little. */
function pointsOf(cycle: Cycle): Map<string, Map<string, number>> {
  const { pod, view, caches } = cycle;
  const points = new Map<string, Map<string, number>>();
  const give = (key: string, counts: ReadonlyMap<string, number>, weight: number): void => {
    for (const [value, count] of counts) {
      let values = points.get(key);
      if (!values) points.set(key, (values = new Map()));
      values.set(value, (values.get(value) ?? 0) + count * weight);
    }
  };
  const mine = termsOf(podAffinityOf(pod), pod.metadata.namespace ?? '');
  for (const [terms, sign] of [
    [mine.preferred, 1],
    [mine.preferredAnti, -1],
  ] as const)
    // prettier-ignore
    for (const term of terms)
      for (const group of classesOf(view, term, caches))
        give(term.topologyKey, podsPerDomain(view, group, term.topologyKey), sign * term.weight);
  for (const key of view.classes.affine) {
    const group = view.classes.byKey.get(key)!;
    const theirs = termsOf(group.affinity, group.namespace);
    for (const [terms, sign] of [
      [theirs.affinity, 1],
      [theirs.preferred, 1],
      [theirs.preferredAnti, -1],
    ] as const)
      // prettier-ignore
      for (const term of terms)
        if (selectsPod(term, pod, caches))
          give(term.topologyKey, podsPerDomain(view, group, term.topologyKey), sign * (term.weight || hardWeight));
  }
  return points;
}
