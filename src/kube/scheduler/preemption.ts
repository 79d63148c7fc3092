import { millisOf } from '../apimachinery/index.ts';
import type { Pod, PodDisruptionBudget } from '../apis/index.ts';
import { covers } from '../apis/policy/poddisruptionbudget.ts';
import { cached, cachedAll } from '../client/index.ts';
import { nodeInfo } from './cluster-view.ts';
import { histogram } from './diagnosis.ts';
import type { Evaluation, Evaluator } from './evaluate.ts';
import type { Cycle, PodChange } from './framework.ts';
import type { NodeInfo } from './nodeinfo.ts';
import { priorityOf } from './nominated.ts';

/** A node on which a pod would fit if these others went. */
export interface Candidate {
  readonly node: string;
  /** Most important first. */
  readonly victims: readonly Pod[];
  /** Victims that a disruption budget does not want to lose. */
  readonly violations: number;
}

/** What preemption comes to: a node where others make room, or why there is none. */
export type Preemption =
  | { readonly chosen: Candidate }
  /** `final`: no node can be made free, so that an earlier nomination is void. */
  | { readonly message: string; readonly final: boolean };

const noVictims = 'No preemption victims found for incoming pod';
const notHelpful = 'Preemption is not helpful for scheduling';

/** Candidates that are looked at: a tenth of the nodes, at least a hundred. Kubernetes: calculateNumCandidates. */
const candidatesWanted = (nodes: number): number => Math.min(nodes, Math.max(100, Math.floor(nodes / 10)));

/**
 * Looks for a node on which removing pods of lower priority lets a pod in: as few and as unimportant as possible, and those
 * that a disruption budget protects last. Kubernetes: plugins/defaultpreemption, framework/preemption.
 */
export function preempt(cycle: Cycle, evaluation: Evaluation, evaluator: Evaluator): Preemption {
  const refusal = notEligible(cycle, evaluation);
  if (refusal !== undefined) return { message: refusal, final: false };
  const reasons = new Map<string, number>();
  const count = (reason: string, times = 1): void => void reasons.set(reason, (reasons.get(reason) ?? 0) + times);
  const possible = evaluation.rejected.filter((r) => !r.rejection.unresolvable);
  const allNodes = cycle.view.nodes.length;
  if (possible.length < allNodes) count(notHelpful, allNodes - possible.length);
  const candidates: Candidate[] = [];
  if (!hasLower(cycle)) {
    if (possible.length > 0) count(noVictims, possible.length);
  } else {
    const budgets = [...cachedAll(cycle.caches, 'poddisruptionbudgets.policy')];
    const wanted = candidatesWanted(possible.length);
    const offset = possible.length > 0 ? cycle.ctx.random('preemption').int(possible.length) : 0;
    for (let i = 0; i < possible.length; i++) {
      const { name } = possible[(offset + i) % possible.length]!;
      const found = victimsOn(cycle, evaluation, evaluator, nodeInfo(cycle.view, name)!, budgets);
      if ('reasons' in found) for (const reason of found.reasons) count(reason);
      else candidates.push(found);
      if (candidates.length >= wanted && candidates.some((c) => c.violations === 0)) break;
    }
  }
  const chosen = pickOne(candidates, cycle.ctx.now);
  return chosen ? { chosen } : { message: `0/${allNodes} nodes are available: ${histogram(reasons)}.`, final: true };
}

/** Whether any pod on any node has a lower priority. */
function hasLower({ view, pod }: Cycle): boolean {
  for (const priority of view.priorities.keys()) if (priority < priorityOf(pod)) return true;
  return false;
}

/** Why a pod may not preempt now. Kubernetes: PodEligibleToPreemptOthers. */
function notEligible(cycle: Cycle, evaluation: Evaluation): string | undefined {
  const { pod, view } = cycle;
  if (pod.spec?.preemptionPolicy === 'Never') return 'not eligible due to preemptionPolicy=Never.';
  const name = pod.status?.nominatedNodeName;
  const node = name ? nodeInfo(view, name) : undefined;
  if (!node) return undefined;
  if (evaluation.rejected.some((r) => r.name === name && r.rejection.unresolvable)) return undefined;
  const going = podsOf(cycle, node).some(
    (p) => priorityOf(p) < priorityOf(pod) && p.metadata.deletionTimestamp !== undefined && isPreempted(p),
  );
  return going ? 'not eligible due to a terminating pod on the nominated node.' : undefined;
}

const isPreempted = (pod: Pod): boolean =>
  pod.status?.conditions?.some(
    (c) => c.type === 'DisruptionTarget' && c.status === 'True' && c.reason === 'PreemptionByScheduler',
  ) === true;

/** The pods on a node, as the scheduler believes them to be. */
export const podsOf = ({ view, caches }: Cycle, { podKeys }: NodeInfo): Pod[] =>
  podKeys.map((key) => view.assumed.get(key) ?? cached(caches, 'pods', key)).filter((pod) => pod !== undefined);

/** Virtual time at which a pod started; now for one that has not. */
const startOf = (pod: Pod, now: number): number => (pod.status?.startTime ? millisOf(pod.status.startTime) : now);

/** The more important first: of higher priority, or longer there. Kubernetes: util.MoreImportantPod. */
const byImportance =
  (now: number) =>
  (a: Pod, b: Pod): number =>
    priorityOf(b) - priorityOf(a) || startOf(a, now) - startOf(b, now);

/**
 * The least set of pods that must go from a node: all of lower priority are taken away; then, the most important first and
 * those protected by budgets before the others, each comes back that leaves room. Kubernetes: SelectVictimsOnNode.
 */
function victimsOn(
  cycle: Cycle,
  evaluation: Evaluation,
  evaluator: Evaluator,
  node: NodeInfo,
  budgets: readonly PodDisruptionBudget[],
): Candidate | { readonly reasons: readonly string[] } {
  const { pod, ctx } = cycle;
  const lower = podsOf(cycle, node).filter((p) => priorityOf(p) < priorityOf(pod));
  if (lower.length === 0) return { reasons: [noVictims] };
  const without = (pods: Iterable<Pod>): PodChange[] => [...pods].map((p) => ({ pod: p, by: -1 }));
  const gone = new Set(lower);
  const rejection = evaluator.fits(cycle, evaluation, node, without(gone));
  if (rejection) return { reasons: rejection.reasons };
  const order = byImportance(ctx.now);
  const { violating, others } = byBudget(lower.toSorted(order), budgets);
  let violations = 0;
  for (const candidate of [...violating, ...others]) {
    gone.delete(candidate);
    if (!evaluator.fits(cycle, evaluation, node, without(gone))) continue;
    gone.add(candidate);
    if (violating.includes(candidate)) violations++;
  }
  return { node: node.name, victims: [...gone].sort(order), violations };
}

/** Pods whose loss a budget could not bear, in their order, and the others. Kubernetes: filterPodsWithPDBViolation. */
export function byBudget(
  pods: readonly Pod[],
  budgets: readonly PodDisruptionBudget[],
): { readonly violating: readonly Pod[]; readonly others: readonly Pod[] } {
  const left = budgets.map((budget) => budget.status?.disruptionsAllowed ?? 0);
  const violating: Pod[] = [];
  const others: Pod[] = [];
  for (const pod of pods) {
    let violates = false;
    const { namespace, labels, name } = pod.metadata;
    if (labels && Object.keys(labels).length > 0)
      for (const [i, budget] of budgets.entries()) {
        if (budget.metadata.namespace !== namespace || !covers(budget.spec?.selector, labels)) continue;
        // Its eviction has been counted already.
        if (Object.hasOwn(budget.status?.disruptedPods ?? {}, name)) continue;
        if (--left[i]! < 0) violates = true;
      }
    (violates ? violating : others).push(pod);
  }
  return { violating, others };
}

/**
 * The best candidate: fewest broken budgets; then the least important most important victim; the smallest sum of priorities;
 * the fewest victims; the latest start of the earliest of the most important. Kubernetes: pickOneNodeForPreemption.
 */
export function pickOne(candidates: readonly Candidate[], now: number): Candidate | undefined {
  const offset = 2 ** 31; // sums of negative priorities must not favour more victims
  const criteria: ((c: Candidate) => number)[] = [
    (c) => c.violations,
    (c) => priorityOf(c.victims[0]!),
    (c) => c.victims.reduce((sum, victim) => sum + priorityOf(victim) + offset, 0),
    (c) => c.victims.length,
    (c) => -earliestStart(c.victims, now),
  ];
  let best = candidates;
  for (const criterion of criteria) {
    if (best.length <= 1) break;
    const values = best.map(criterion);
    const least = Math.min(...values);
    best = best.filter((_, i) => values[i] === least);
  }
  return best[0];
}

/** Kubernetes: util.GetEarliestPodStartTime. */
function earliestStart(victims: readonly Pod[], now: number): number {
  const highest = Math.max(...victims.map(priorityOf));
  return Math.min(...victims.filter((v) => priorityOf(v) === highest).map((v) => startOf(v, now)));
}
