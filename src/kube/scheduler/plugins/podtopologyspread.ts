import { ln } from '../../../kernel/index.ts';
import type { V1TopologySpreadConstraint } from '../../../generated/types.ts';
import { controllerOf, matchesLabels, matchesMap, selectorOf, type Selector } from '../../apimachinery/index.ts';
import type { Node, Pod } from '../../apis/index.ts';
import { cached, cachedAll } from '../../client/index.ts';
import { domainsOf } from '../cluster-view.ts';
import { rejection, type Cycle, type Plugin, type PodChange } from '../framework.ts';
import { hostnameKey, zoneKey, type NodeInfo } from '../nodeinfo.ts';
import { labelOf, type PodClass } from '../pod-classes.ts';
import type { PodProfile } from '../profile.ts';
import { changed, countAt, countIn, tallyOf, type Tally } from '../tally.ts';
import { classesOf, selectionIn } from '../terms.ts';
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
  readonly cycle: Cycle;
  readonly constraints: readonly {
    readonly constraint: Constraint;
    /** The matching pods, over the nodes that count. */
    readonly tally: Tally;
    /** Values of the key on nodes that count. */
    readonly domains: readonly string[];
    /** Pods in the emptiest domain; 0 while there are fewer domains than minDomains. */
    readonly least: number;
    readonly self: number;
  }[];
}

interface ScoreState {
  readonly constraints: readonly {
    readonly constraint: Constraint;
    /** By node name for the hostname key, else by topology value. */
    readonly counts: readonly ReadonlyMap<string, number>[];
    readonly weight: number;
  }[];
  /** Every key must be there; true unless the system defaults apply. */
  readonly strict: boolean;
}

/**
 * Spreads pods over topology domains: hard constraints reject nodes whose domain would be too far ahead of the
 * emptiest, soft ones score. Kubernetes: pkg/scheduler/framework/plugins/podtopologyspread.
 */
export const podTopologySpread: Plugin<FilterState, ScoreState> = {
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
      return { state: filterState(cycle, hard) };
    },
    filter({ constraints }, node) {
      for (const { constraint, tally, least, self } of constraints) {
        const count = countAt(tally, node);
        if (count === undefined) return missingLabel;
        if (count + self - least > constraint.maxSkew) return unbalanced;
      }
      return undefined;
    },
    adjust: (state, node, changes) => withChanges(state, node, changes),
    prepareScore(cycle, feasible) {
      const own = cycle.profile.spreadConstraints.length > 0;
      const soft = own ? ownConstraints(cycle.pod, 'ScheduleAnyway') : defaultConstraints(cycle);
      if (soft.length === 0) return 'skip';
      return { state: scoreState(cycle, soft, feasible, own) };
    },
    score({ constraints, strict }, node) {
      if (strict && constraints.some(({ constraint }) => labelOf(node, constraint.key) === undefined)) return ignored;
      let score = 0;
      for (const { constraint, counts, weight } of constraints) {
        const value = labelOf(node, constraint.key);
        if (value === undefined) continue;
        const at = constraint.key === hostnameKey ? node.name : value;
        let count = 0;
        for (let i = 0; i < counts.length; i++) count += counts[i]!.get(at) ?? 0;
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

const hasKeys = (node: NodeInfo, constraints: readonly Constraint[]): boolean =>
  constraints.every(({ key }) => labelOf(node, key) !== undefined);

const concerns = (waiting: Pod, other: Pod | undefined): boolean =>
  other !== undefined &&
  other.metadata.namespace === waiting.metadata.namespace &&
  ownConstraints(waiting, 'DoNotSchedule').some((c) => matchesLabels(c.selector, other.metadata.labels));

const nothing: Selector = [{ key: '', operator: 'in', values: [] }];

function ownConstraints(pod: Pod, action: string): Constraint[] {
  const own = pod.spec?.topologySpreadConstraints ?? [];
  return own.filter((c) => c.whenUnsatisfiable === action).map(constraintOf);
}

/** `matchLabelKeys` is in the selector already: the API server writes it there. */
function constraintOf(given: V1TopologySpreadConstraint): Constraint {
  return {
    key: given.topologyKey,
    maxSkew: given.maxSkew,
    minDomains: given.minDomains ?? 1,
    selector: given.labelSelector ? selectorOf(given.labelSelector) : nothing,
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

/** Classes of the pods that a constraint counts: those of its namespace that are not being deleted. An empty selector counts none. */
function counted({ pod, view, caches }: Cycle, { selector }: Constraint): readonly PodClass[] {
  if (selector.length === 0) return [];
  const groups = classesOf(view, selectionIn(pod.metadata.namespace ?? '', selector), caches);
  return groups.some((group) => group.terminating) ? groups.filter((group) => !group.terminating) : groups;
}

const counts = (constraint: Constraint, pod: PodProfile, node: Node): boolean =>
  (!constraint.honorsAffinity || requiredAffinityMatches(pod, node)) &&
  (!constraint.honorsTaints || !hasUntolerated(node.spec?.taints, pod.tolerations));

/** True when every node counts for a constraint: the pod chooses no nodes, and all nodes have the keys. Then the kept counts do. */
function everyNodeCounts({ view, profile }: Cycle, constraint: Constraint, keys: readonly Constraint[]): boolean {
  const { nodeSelector, affinity } = profile;
  const chooses = nodeSelector || affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  if ((constraint.honorsAffinity && chooses) || constraint.honorsTaints) return false;
  return keys.every(({ key }) => {
    let nodes = 0;
    for (const count of domainsOf(view, key).values()) nodes += count;
    return nodes === view.nodes.length;
  });
}

/** The matching pods per domain, node by node: where the kept counts hold too much. */
function countedOver(nodes: Iterable<NodeInfo>, groups: readonly PodClass[], key: string): Map<string, number> {
  const domains = new Map<string, number>();
  for (const info of nodes) {
    const value = labelOf(info, key)!;
    let count = domains.get(value) ?? 0;
    for (const group of groups) count += group.perNode.get(info.name) ?? 0;
    domains.set(value, count);
  }
  return domains;
}

function leastOf(tally: Tally, domains: readonly string[], minDomains: number): number {
  if (domains.length < minDomains) return 0;
  let least = Number.MAX_SAFE_INTEGER;
  for (const value of domains) least = Math.min(least, countIn(tally, value));
  return least;
}

function filterState(cycle: Cycle, hard: readonly Constraint[]): FilterState {
  const { profile, view, pod } = cycle;
  const eligible = (constraint: Constraint): NodeInfo[] =>
    view.nodes.filter((info) => hasKeys(info, hard) && counts(constraint, profile, info.node));
  return {
    cycle,
    constraints: hard.map((constraint) => {
      const { key, minDomains, selector } = constraint;
      const groups = counted(cycle, constraint);
      const all = everyNodeCounts(cycle, constraint, hard);
      const tally = all
        ? tallyOf(view, groups, key)
        : { key, counts: [countedOver(eligible(constraint), groups, key)] };
      const domains = [...(all ? domainsOf(view, key) : tally.counts[0]!).keys()];
      const self = matchesLabels(selector, pod.metadata.labels) ? 1 : 0;
      return { constraint, tally, domains, least: leastOf(tally, domains, minDomains), self };
    }),
  };
}

/** As if pods had come to a node, or gone from it. Kubernetes: updateWithPod. */
function withChanges(state: FilterState, node: NodeInfo, changes: readonly PodChange[]): FilterState {
  const { cycle, constraints } = state;
  const keys = constraints.map(({ constraint }) => constraint);
  if (!hasKeys(node, keys)) return state;
  return {
    cycle,
    constraints: constraints.map((one) => {
      const { constraint, domains } = one;
      if (!counts(constraint, cycle.profile, node.node)) return one;
      let by = 0;
      for (const { pod, by: sign } of changes)
        if (
          pod.metadata.namespace === cycle.pod.metadata.namespace &&
          !pod.metadata.deletionTimestamp &&
          matchesLabels(constraint.selector, pod.metadata.labels)
        )
          by += sign;
      if (by === 0) return one;
      const tally = changed(one.tally, node, by);
      return { ...one, tally, least: leastOf(tally, domains, constraint.minDomains) };
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
  const keys = strict ? soft : [];
  const scored = strict ? feasible.filter((info) => hasKeys(info, soft)) : feasible;
  // Without strictness a key that no node has adds nothing anywhere.
  const relevant = strict || view.zones.size > 0 ? soft : soft.filter((c) => c.key !== zoneKey);
  return {
    strict,
    constraints: relevant.map((constraint) => {
      const groups = counted(cycle, constraint);
      const { key } = constraint;
      if (key === hostnameKey)
        return { constraint, counts: groups.map((group) => group.perNode), weight: ln(scored.length + 2) };
      const values = new Set<string>();
      for (const info of scored) values.add(labelOf(info, key) ?? '');
      const weight = ln(values.size + 2);
      if (everyNodeCounts(cycle, constraint, strict ? soft : [constraint]))
        return { constraint, counts: tallyOf(view, groups, key).counts, weight };
      const nodes = view.nodes.filter(
        (info) => hasKeys(info, [constraint, ...keys]) && counts(constraint, profile, info.node),
      );
      return { constraint, counts: [countedOver(nodes, groups, key)], weight };
    }),
  };
}
