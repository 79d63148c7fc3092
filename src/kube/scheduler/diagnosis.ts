import type { Pod } from '../apis/index.ts';
import type { Evaluation } from './evaluate.ts';

/** `2 Insufficient cpu, 1 node(s) …`: counted, and sorted as text. */
function histogram(reasons: ReadonlyMap<string, number>): string {
  return [...reasons]
    .map(([reason, count]) => `${count} ${reason}`)
    .sort(asBytes)
    .join(', ');
}

const asBytes = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const count = (reasons: Map<string, number>, reason: string, times = 1): void => {
  reasons.set(reason, (reasons.get(reason) ?? 0) + times);
};

/** Reasons why nodes were rejected → number of nodes. */
export function reasonsOf(evaluation: Evaluation, allNodes: number): ReadonlyMap<string, number> {
  const reasons = new Map<string, number>();
  for (const { rejection } of evaluation.rejected) for (const reason of rejection.reasons) count(reasons, reason);
  const unseen = allNodes - evaluation.rejected.length - evaluation.feasible.length;
  if (evaluation.narrowedBy.length > 0 && unseen > 0)
    count(reasons, `node(s) didn't satisfy plugin(s) [${[...evaluation.narrowedBy].sort(asBytes).join(' ')}]`, unseen);
  return reasons;
}

/** Why evicting others would not help, in the words of the DefaultPreemption plugin. */
function preemptionMessage(pod: Pod, evaluation: Evaluation, allNodes: number): string {
  if (pod.spec?.preemptionPolicy === 'Never') return 'not eligible due to preemptionPolicy=Never.';
  const reasons = new Map<string, number>();
  let examined = 0;
  for (const { rejection } of evaluation.rejected) {
    if (rejection.unresolvable) continue;
    examined++;
    count(reasons, 'No preemption victims found for incoming pod');
  }
  if (examined < allNodes) count(reasons, 'Preemption is not helpful for scheduling', allNodes - examined);
  return `0/${allNodes} nodes are available: ${histogram(reasons)}.`;
}

/**
 * The FailedScheduling message, letter for letter:
 * `0/3 nodes are available: 1 Insufficient memory, 2 node(s) had untolerated taint(s). no new claims to deallocate,
 * preemption: 0/3 nodes are available: …`. Kubernetes: framework/types.go FitError, preemption/preemption.go.
 * Simplified: pods are not preempted; the message is the one of a pod that finds no victims.
 */
export function failureMessage(pod: Pod, evaluation: Evaluation, allNodes: number): string {
  const head = `0/${allNodes} nodes are available:`;
  if (evaluation.refusal) return `${head} ${evaluation.refusal.message}. not found`;
  const reasons = histogram(reasonsOf(evaluation, allNodes));
  const preemption = preemptionMessage(pod, evaluation, allNodes);
  return `${head} ${reasons}. no new claims to deallocate, preemption: ${preemption}`;
}
