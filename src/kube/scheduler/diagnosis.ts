import type { Evaluation } from './evaluate.ts';

/** `2 Insufficient cpu, 1 node(s) …`: counted, and sorted as text. */
export function histogram(reasons: ReadonlyMap<string, number>): string {
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

/**
 * The FailedScheduling message, letter for letter:
 * `0/3 nodes are available: 1 Insufficient memory, 2 node(s) had untolerated taint(s). no new claims to deallocate,
 * preemption: 0/3 nodes are available: …`. `preemption` is why that did not help; without it, it did.
 * Kubernetes: framework/types.go FitError, preemption/preemption.go.
 */
export function failureMessage(evaluation: Evaluation, allNodes: number, preemption: string | undefined): string {
  const head = `0/${allNodes} nodes are available:`;
  if (evaluation.refusal) return `${head} ${evaluation.refusal.message}. not found`;
  const reasons = `${head} ${histogram(reasonsOf(evaluation, allNodes))}.`;
  return preemption === undefined ? reasons : `${reasons} no new claims to deallocate, preemption: ${preemption}`;
}
