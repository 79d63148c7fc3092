import { ln } from '../../../kernel/index.ts';
import type { V1TopologySpreadConstraint } from '../../../generated/types.ts';
import {
  controllerOf,
  formatSelector,
  matchesLabels,
  matchesMap,
  selectorOf,
  type Selector,
} from '../../apimachinery/index.ts';
import type { Node, Pod } from '../../apis/index.ts';
import { cached, cachedAll } from '../../client/index.ts';
import type { ClusterView, PodClass } from '../cluster-view.ts';
import { rejection, type Cycle, type Plugin } from '../framework.ts';
import { hostnameKey, zoneKey, type NodeInfo } from '../nodeinfo.ts';
import type { PodProfile } from '../profile.ts';
import { requiredAffinityMatches } from '../../apis/core/nodeaffinity.ts';
import { hasUntolerated } from './tolerations.ts';

const unbalanced = rejection(false, "node(s) didn't match pod topology spread constraints");
const missingLabel = rejection(true, "node(s) didn't match pod topology spread constraints (missing required label)");

/** A constraint with its selector worked out. */
interface Constraint {
  readonly key: string;
  readonly maxSkew: number;
  readonly minDomains: number;
  readonly selector: Selector;
  readonly honorsAffinity: boolean;
  readonly honorsTaints: boolean;
}

/** What every pod of a Service or workload gets when it says nothing itself. Kubernetes: systemDefaultConstraints. */
const systemDefaults = [
  { key: hostnameKey, maxSkew: 3 },
  { key: zoneKey, maxSkew: 5 },
] as const;

interface FilterState {
  readonly constraints: readonly {
    readonly constraint: Constraint;
    /** Topology value → matching pods, over the nodes that count. */
    readonly counts: ReadonlyMap<string, number>;
    readonly least: number;
    readonly self: number;
  }[];
}

interface ScoreState {
  readonly constraints: readonly {
    readonly constraint: Constraint;
    /** By node name for the hostname key, else by topology value. */
    readonly counts: ReadonlyMap<string, number>;
    readonly weight: number;
  }[];
  /** Every key must be there; true unless the system defaults apply. */
  readonly strict: boolean;
}

function labelOf(info: NodeInfo, key: string): string | undefined {
  if (key === hostnameKey) return info.hostname;
  if (key === zoneKey) return info.zone;
  const labels = info.node.metadata.labels;
  return labels && Object.hasOwn(labels, key) ? labels[key] : undefined;
}

/**
 * Spreads pods over topology domains: hard constraints reject nodes whose domain would be too far ahead of the
 * emptiest, soft ones score. Kubernetes: pkg/scheduler/framework/plugins/podtopologyspread.
 */
export const podTopologySpread: Plugin<FilterState & ScoreState> = {
  name: 'PodTopologySpread',
  weight: 2,
  wakes: [
    {
      on: ['Pod/Add', 'Pod/Delete', 'Pod/UpdateLabel'],
      helps: (pod, old, next) => concerns(pod, old as Pod | undefined) || concerns(pod, next as Pod | undefined),
    },
    { on: ['Node/Add', 'Node/Delete', 'Node/UpdateLabel', 'Node/UpdateTaint'] },
    { on: ['Target/UpdateLabel', 'Target/UpdateToleration'] },
  ],
  cluster: {
    prepareFilter(cycle) {
      const hard = ownConstraints(cycle.pod, 'DoNotSchedule');
      if (hard.length === 0) return 'skip';
      return { state: { ...filterState(cycle, hard), strict: true } as FilterState & ScoreState };
    },
    filter({ constraints }, node) {
      for (const { constraint, counts, least, self } of constraints) {
        const value = labelOf(node, constraint.key);
        if (value === undefined) return missingLabel;
        if ((counts.get(value) ?? 0) + self - least > constraint.maxSkew) return unbalanced;
      }
      return undefined;
    },
    prepareScore(cycle, feasible) {
      const own = cycle.profile.spreadConstraints.length > 0;
      const soft = own ? ownConstraints(cycle.pod, 'ScheduleAnyway') : defaultConstraints(cycle);
      if (soft.length === 0) return 'skip';
      return { state: scoreState(cycle, soft, feasible, own) as FilterState & ScoreState };
    },
    score({ constraints, strict }, node) {
      if (strict && !hasKeys(node, constraints)) return ignored;
      let score = 0;
      for (const { constraint, counts, weight } of constraints) {
        const value = labelOf(node, constraint.key);
        if (value === undefined) continue;
        const count = counts.get(constraint.key === hostnameKey ? node.name : value) ?? 0;
        score += count * weight + (constraint.maxSkew - 1);
      }
      return Math.round(score);
    },
  },
  normalize(scores) {
    let min = Number.MAX_SAFE_INTEGER;
    let max = 0;
    for (const score of scores) {
      if (score === ignored) continue;
      if (score < min) min = score;
      if (score > max) max = score;
    }
    for (let i = 0; i < scores.length; i++) {
      const score = scores[i]!;
      if (score === ignored) scores[i] = 0;
      else scores[i] = max === 0 ? 100 : Math.floor((100 * (max + min - score)) / max);
    }
  },
};

/** Raw score of a node that lacks a topology key: it gets 0 in the end. */
const ignored = -1;

const hasKeys = (node: NodeInfo, constraints: readonly { readonly constraint: Constraint }[]): boolean =>
  constraints.every(({ constraint }) => labelOf(node, constraint.key) !== undefined);

const concerns = (waiting: Pod, other: Pod | undefined): boolean =>
  other !== undefined &&
  other.metadata.namespace === waiting.metadata.namespace &&
  ownConstraints(waiting, 'DoNotSchedule').some((c) => matchesLabels(c.selector, other.metadata.labels));

const nothing: Selector = [{ key: '', operator: 'in', values: [] }];

function ownConstraints(pod: Pod, action: string): Constraint[] {
  const own = pod.spec?.topologySpreadConstraints ?? [];
  return own.filter((c) => c.whenUnsatisfiable === action).map((c) => constraintOf(c, pod));
}

function constraintOf(given: V1TopologySpreadConstraint, pod: Pod): Constraint {
  let selector: Selector = given.labelSelector ? selectorOf(given.labelSelector) : nothing;
  const labels = pod.metadata.labels ?? {};
  const keys = (given.matchLabelKeys ?? []).filter((key) => Object.hasOwn(labels, key));
  if (keys.length > 0)
    selector = [...selector, ...keys.map((key) => ({ key, operator: 'in' as const, values: [labels[key]!] }))];
  return {
    key: given.topologyKey,
    maxSkew: given.maxSkew,
    minDomains: given.minDomains ?? 1,
    selector,
    honorsAffinity: given.nodeAffinityPolicy !== 'Ignore',
    honorsTaints: given.nodeTaintsPolicy === 'Honor',
  };
}

/** Selector over the pod's Services and its owner. Kubernetes: plugins/helper/spread.go DefaultSelector. */
function defaultConstraints({ pod, caches }: Cycle): Constraint[] {
  const selector: Selector[number][] = [];
  const seen = new Set<string>();
  for (const service of cachedAll(caches, 'services')) {
    if (service.metadata.namespace !== pod.metadata.namespace) continue;
    const wanted = service.spec?.selector;
    if (!wanted || !matchesMap(wanted, pod.metadata.labels)) continue;
    for (const key of Object.keys(wanted)) {
      if (seen.has(key)) continue;
      seen.add(key);
      selector.push({ key, operator: '=', values: [wanted[key]!] });
    }
  }
  const owner = controllerOf(pod);
  if ((owner?.kind === 'ReplicaSet' || owner?.kind === 'StatefulSet') && owner.apiVersion === 'apps/v1') {
    const resource = owner.kind === 'ReplicaSet' ? 'replicasets.apps' : 'statefulsets.apps';
    const set = cached(caches, resource, `${pod.metadata.namespace}/${owner.name}`);
    if (set?.spec?.selector) selector.push(...selectorOf(set.spec.selector));
  } else if (owner?.kind === 'ReplicationController') {
    const rc = cached(caches, 'replicationcontrollers', `${pod.metadata.namespace}/${owner.name}`);
    if (rc?.spec?.selector) selector.push(...selectorOf({ matchLabels: rc.spec.selector }));
  }
  if (selector.length === 0) return [];
  return systemDefaults.map(({ key, maxSkew }) => ({
    key,
    maxSkew,
    minDomains: 1,
    selector,
    honorsAffinity: true,
    honorsTaints: false,
  }));
}

/** Classes that a selector was found to match. */
interface Found {
  readonly version: number;
  readonly groups: readonly PodClass[];
}

/** Pure cache by view, namespace and selector; valid while no class has come or gone. */
const found = new WeakMap<ClusterView, Map<string, Found>>();
const maxFound = 256;

function classesOf({ pod, view }: Cycle, selector: Selector): readonly PodClass[] {
  const namespace = pod.metadata.namespace ?? '';
  const key = `${namespace} ${formatSelector(selector)}`;
  let table = found.get(view);
  if (!table) found.set(view, (table = new Map()));
  const known = table.get(key);
  if (known?.version === view.classVersion) return known.groups;
  const groups: PodClass[] = [];
  for (const group of view.classes.values())
    if (group.namespace === namespace && matchesLabels(selector, group.labels)) groups.push(group);
  if (table.size >= maxFound) table.clear();
  table.set(key, { version: view.classVersion, groups });
  return groups;
}

/** Node name → pods that a selector matches there. Sums the kept counts; a single class is given as it is. */
function countPerNode(cycle: Cycle, selector: Selector): ReadonlyMap<string, number> {
  const [only, ...others] = classesOf(cycle, selector);
  if (!only) return empty;
  if (others.length === 0) return only.perNode;
  const merged = new Map(only.perNode);
  for (const group of others)
    for (const [node, count] of group.perNode) merged.set(node, (merged.get(node) ?? 0) + count);
  return merged;
}
const empty: ReadonlyMap<string, number> = new Map();

const counts = (constraint: Constraint, pod: PodProfile, node: Node): boolean =>
  (!constraint.honorsAffinity || requiredAffinityMatches(pod, node)) &&
  (!constraint.honorsTaints || !hasUntolerated(node.spec?.taints, pod.tolerations));

function filterState(cycle: Cycle, hard: readonly Constraint[]): FilterState {
  const { profile, view, pod } = cycle;
  const eligible = view.nodes.filter((info) => hard.every((c) => labelOf(info, c.key) !== undefined));
  return {
    constraints: hard.map((constraint) => {
      const perNode = countPerNode(cycle, constraint.selector);
      const domains = new Map<string, number>();
      for (const info of eligible) {
        if (!counts(constraint, profile, info.node)) continue;
        const value = labelOf(info, constraint.key)!;
        domains.set(value, (domains.get(value) ?? 0) + (perNode.get(info.name) ?? 0));
      }
      let least = Number.MAX_SAFE_INTEGER;
      for (const count of domains.values()) if (count < least) least = count;
      if (domains.size < constraint.minDomains) least = 0;
      return {
        constraint,
        counts: domains,
        least,
        self: matchesLabels(constraint.selector, pod.metadata.labels) ? 1 : 0,
      };
    }),
  };
}

function scoreState(
  cycle: Cycle,
  soft: readonly Constraint[],
  feasible: readonly NodeInfo[],
  strict: boolean,
): ScoreState {
  const { profile, view } = cycle;
  const complete = (info: NodeInfo): boolean => !strict || soft.every((c) => labelOf(info, c.key) !== undefined);
  const scored = strict ? feasible.filter(complete) : feasible;
  // Without strictness a key that no node has adds nothing anywhere.
  const relevant = strict || view.zones.size > 0 ? soft : soft.filter((c) => c.key !== zoneKey);
  return {
    strict,
    constraints: relevant.map((constraint) => {
      const perNode = countPerNode(cycle, constraint.selector);
      if (constraint.key === hostnameKey) return { constraint, counts: perNode, weight: ln(scored.length + 2) };
      const values = new Set<string>();
      for (const info of scored) values.add(labelOf(info, constraint.key) ?? '');
      const domains = new Map<string, number>();
      for (const [name, count] of perNode) {
        const place = view.places.get(name);
        if (place === undefined) continue;
        const info = view.nodes[place]!;
        const value = labelOf(info, constraint.key) ?? '';
        if (complete(info) && values.has(value) && counts(constraint, profile, info.node))
          domains.set(value, (domains.get(value) ?? 0) + count);
      }
      return { constraint, counts: domains, weight: ln(values.size + 2) };
    }),
  };
}
