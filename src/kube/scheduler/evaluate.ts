import type { Random } from '../../kernel/index.ts';
import { keyOf } from '../apimachinery/index.ts';
import type { Cycle, Plugin, PodChange, Rejection } from './framework.ts';
import { withPod, type NodeInfo } from './nodeinfo.ts';
import { rivals } from './nominated.ts';
import type { PodProfile } from './profile.ts';

/** A node that cannot take the pod, and who says so. */
export interface Rejected {
  readonly name: string;
  readonly plugin: string;
  readonly rejection: Rejection;
}

/** What came of asking all plugins about one pod. */
export interface Evaluation {
  /** Nodes that passed every filter, in the order in which they were tried. */
  readonly feasible: readonly NodeInfo[];
  /** Places of the feasible nodes in the view. */
  readonly places: readonly number[];
  readonly rejected: readonly Rejected[];
  /** Said before any node was looked at; then there are neither feasible nor rejected nodes. */
  readonly refusal?: { readonly plugin: string; readonly message: string };
  /** Plugins that kept nodes from being looked at at all (`narrow`). */
  readonly narrowedBy: readonly string[];
  /** Place from which the next pod starts to look. */
  readonly nextStart: number;
  /** The plugins that look at more than the node, and what they have worked out. */
  readonly active: readonly { readonly plugin: Plugin<unknown>; readonly state: unknown }[];
}

/** Final scores of the feasible nodes. */
export interface Scores {
  /** By place in `feasible`. */
  readonly totals: Float64Array;
  /** The plugins that had something to say, and their normalised scores × weight in the same order, by place in `feasible`. */
  readonly plugins: readonly string[];
  readonly weighted: readonly Float64Array[];
}

/** Answers of the plugins that look at one node only, for pods of one profile, by the node's place. */
interface Answers {
  readonly nodes: (NodeInfo | undefined)[];
  readonly plugins: (string | undefined)[];
  readonly rejections: (Rejection | undefined)[];
  /** One row per plugin with `score`. */
  readonly raw: number[][];
}

/** Below 100 nodes all are looked at, above only a share. Kubernetes: schedule_one.go numFeasibleNodesToFind. */
export function nodesToFind(allNodes: number): number {
  if (allNodes < 100) return allNodes;
  const percent = Math.max(50 - Math.floor(allNodes / 125), 5);
  return Math.max(Math.floor((allNodes * percent) / 100), 100);
}

/** Profiles whose answers are kept. */
const maxProfiles = 64;

/** Asks the plugins. What it returns is valid until the next call. */
export interface Evaluator {
  /** Asks about the nodes from a place on, or about one alone. */
  filter(cycle: Cycle, start: number, alone?: string): Evaluation;
  /** Whether a node could take the pod if some pods had come to it or gone from it; pods nominated there count as there. */
  fits(
    cycle: Cycle,
    evaluation: Pick<Evaluation, 'active'>,
    node: NodeInfo,
    changes: readonly PodChange[],
  ): Rejection | undefined;
  score(cycle: Cycle, evaluation: Evaluation): Scores;
}

/**
 * Builds an evaluator. It keeps what plugins said about (profile, node) as long as the node's entry is the very same
 * frozen object: a pure cache, so that the second pod of a template costs one comparison per node and not ten plugins.
 */
export function createEvaluator(plugins: readonly Plugin<unknown>[]): Evaluator {
  const filters = plugins.filter((p) => p.filter);
  const scorers = plugins.filter((p) => p.score);
  const clusterFilters = plugins.filter((p) => p.cluster?.prepareFilter);
  const kept = new Map<string, Answers>();
  // Working memory, written anew by every call: what is found, and one row of scores per plugin, one for the totals.
  const feasible: NodeInfo[] = [];
  const places: number[] = [];
  let rows: Float64Array[] = [];
  const rowsFor = (count: number): Float64Array[] => {
    if (rows.length === 0 || rows[0]!.length !== count)
      rows = Array.from({ length: plugins.length + 1 }, () => new Float64Array(count));
    return rows;
  };
  const answersFor = (signature: string): Answers => {
    let answers = kept.get(signature);
    if (!answers) {
      if (kept.size >= maxProfiles) kept.clear();
      answers = { nodes: [], plugins: [], rejections: [], raw: scorers.map(() => []) };
      kept.set(signature, answers);
    }
    return answers;
  };

  const ask = (answers: Answers, profile: PodProfile, node: NodeInfo, place: number): void => {
    answers.nodes[place] = node;
    answers.plugins[place] = undefined;
    answers.rejections[place] = undefined;
    for (const plugin of filters) {
      const rejection = plugin.filter!(profile, node);
      if (!rejection) continue;
      answers.plugins[place] = plugin.name;
      answers.rejections[place] = rejection;
      return;
    }
    for (let i = 0; i < scorers.length; i++) answers.raw[i]![place] = scorers[i]!.score!(profile, node);
  };

  /** The first objection to a node with some pods more or less; nothing of it is kept. */
  const objection = (
    { profile }: Cycle,
    active: Evaluation['active'],
    node: NodeInfo,
    changes: readonly PodChange[],
  ): { readonly by: string; readonly rejection: Rejection } | undefined => {
    let changed = node;
    for (const { pod, by } of changes) changed = withPod(changed, pod.spec!, by, keyOf(pod));
    for (const plugin of filters) {
      const rejection = plugin.filter!(profile, changed);
      if (rejection) return { by: plugin.name, rejection };
    }
    for (const { plugin, state } of active) {
      const cluster = plugin.cluster!;
      const rejection = cluster.filter!(cluster.adjust ? cluster.adjust(state, node, changes) : state, changed);
      if (rejection) return { by: plugin.name, rejection };
    }
    return undefined;
  };

  return {
    fits(cycle, { active }, node, changes) {
      const others = rivals(cycle.nominated, node.name, cycle.pod);
      const crowded = others.length > 0 ? objection(cycle, active, node, [...changes, ...others]) : undefined;
      // Without the nominated ones it must fit as well: they may never come, and affinity may need them.
      return (crowded ?? objection(cycle, active, node, changes))?.rejection;
    },

    filter(cycle, start, alone) {
      const { view, profile } = cycle;
      const all = view.nodes;
      const active: { plugin: Plugin<unknown>; state: unknown }[] = [];
      for (const plugin of clusterFilters) {
        const prepared = plugin.cluster!.prepareFilter!(cycle);
        if (prepared === 'skip') continue;
        if ('reject' in prepared) {
          const refusal = { plugin: plugin.name, message: prepared.reject };
          return { feasible: [], places: [], rejected: [], refusal, narrowedBy: [], nextStart: start, active };
        }
        if (plugin.cluster!.filter) active.push({ plugin, state: prepared.state });
      }
      const { only, narrowedBy } = narrow(plugins, cycle, alone);
      const count = only ? only.length : all.length;
      const wanted = nodesToFind(count);
      const answers = answersFor(profile.signature);
      // Asked for every node of every pod: hardly ever is a pod nominated anywhere.
      const awaited = cycle.nominated.size > 0;
      let found = 0;
      const rejected: Rejected[] = [];
      for (let i = 0; i < count && found < wanted; i++) {
        const turn = (start + i) % count;
        const place = only ? only[turn]! : turn;
        const node = all[place]!;
        if (answers.nodes[place] !== node) ask(answers, profile, node, place);
        let rejection = answers.rejections[place];
        let by = answers.plugins[place];
        if (!rejection) {
          for (const { plugin, state } of active) {
            rejection = plugin.cluster!.filter!(state, node);
            if (!rejection) continue;
            by = plugin.name;
            break;
          }
        }
        if (!rejection && awaited && cycle.nominated.has(node.name)) {
          const others = rivals(cycle.nominated, node.name, cycle.pod);
          const crowded = others.length > 0 ? objection(cycle, active, node, others) : undefined;
          if (crowded) ({ by, rejection } = crowded);
        }
        if (rejection) rejected.push({ name: node.name, plugin: by!, rejection });
        else {
          feasible[found] = node;
          places[found++] = place;
        }
      }
      feasible.length = found;
      places.length = found;
      const nextStart = (start + found + rejected.length) % all.length;
      return { feasible, places, rejected, narrowedBy, nextStart, active };
    },

    score(cycle, evaluation) {
      const { profile } = cycle;
      const { feasible: passed, places: passedAt } = evaluation;
      const count = passed.length;
      const answers = answersFor(profile.signature);
      const free = rowsFor(count);
      let used = 0;
      const totals = free[used++]!.fill(0);
      const names: string[] = [];
      const weighted: Float64Array[] = [];
      for (const plugin of plugins) {
        const scores = free[used]!;
        if (plugin.score) {
          if (plugin.skipScore?.(profile)) continue;
          const raw = answers.raw[scorers.indexOf(plugin)]!;
          for (let i = 0; i < count; i++) scores[i] = raw[passedAt[i]!]!;
        } else if (plugin.cluster?.score) {
          const prepared = plugin.cluster.prepareScore?.(cycle, passed) ?? { state: undefined };
          if (prepared === 'skip') continue;
          for (let i = 0; i < count; i++) scores[i] = plugin.cluster.score(prepared.state, passed[i]!);
        } else continue;
        used++;
        plugin.normalize?.(scores);
        const weight = plugin.weight ?? 1;
        for (let i = 0; i < count; i++) {
          const points = scores[i]! * weight;
          scores[i] = points;
          totals[i]! += points;
        }
        names.push(plugin.name);
        weighted.push(scores);
      }
      return { totals, plugins: names, weighted };
    },
  };
}

/** Places of the only nodes in question, when plugins narrow them down. */
function narrow(
  plugins: readonly Plugin<unknown>[],
  { profile, view }: Cycle,
  alone: string | undefined,
): { readonly only: readonly number[] | undefined; readonly narrowedBy: readonly string[] } {
  let names: ReadonlySet<string> | undefined = alone === undefined ? undefined : new Set([alone]);
  const narrowedBy: string[] = [];
  for (const plugin of plugins) {
    const only = plugin.narrow?.(profile);
    if (!only) continue;
    names = names ? new Set([...names].filter((name) => only.has(name))) : only;
    narrowedBy.push(plugin.name);
  }
  if (!names) return { only: undefined, narrowedBy };
  const only = [...names].map((name) => view.places.get(name)).filter((place) => place !== undefined);
  return { only, narrowedBy };
}

/** Index of a highest total, ties broken by chance. Kubernetes: schedule_one.go selectHost. */
export function pickHighest(totals: Float64Array, random: Random): number {
  let best = -Infinity;
  let ties = 0;
  for (const total of totals) {
    if (total > best) {
      best = total;
      ties = 1;
    } else if (total === best) ties++;
  }
  let nth = ties === 1 ? 0 : random.int(ties);
  for (let i = 0; ; i++) if (totals[i] === best && nth-- === 0) return i;
}
