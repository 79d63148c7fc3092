import type { V1LabelSelector } from '../../generated/types.ts';
import type { PodDisruptionBudget } from '../../kube/apis/index.ts';
import { covers } from '../../kube/apis/policy/poddisruptionbudget.ts';
import type { KubeObject } from '../../protocol/index.ts';
import { asPod } from './pod-state.ts';
import type { Reason, WhyNot, WhyNotWorld } from './whynot.ts';

const asBudget = (object: KubeObject): PodDisruptionBudget => object as unknown as PodDisruptionBudget;

/** Why a budget lets nobody go; empty when it does. */
function refusals(budget: PodDisruptionBudget): Reason[] {
  const { name, generation = 0 } = budget.metadata;
  const { observedGeneration = 0, disruptionsAllowed = 0, currentHealthy = 0, ...more } = budget.status ?? {};
  if (observedGeneration < generation) return [{ key: 'whynot.budget-unread', values: { name }, look: 'pending' }];
  if (disruptionsAllowed > 0) return [];
  const failed = more.conditions?.find((c) => c.reason === 'SyncFailed');
  if (failed) return [{ key: 'whynot.budget-failed', values: { name }, look: 'failed', words: failed.message }];
  if (!more.expectedPods) return [{ key: 'whynot.budget-empty', values: { name }, look: 'unknown' }];
  const values = { name, desired: more.desiredHealthy ?? 0, healthy: currentHealthy };
  return [{ key: 'whynot.budget', values, look: 'pending' }];
}

/** Why no pod of a budget may be evicted now. */
export function budgetQuestions(object: KubeObject): WhyNot[] {
  const reasons = refusals(asBudget(object));
  return reasons.length === 0
    ? []
    : [{ question: 'whynot.q.evictions', values: { name: object.metadata.name }, reasons }];
}

/** Why the eviction of a pod would be refused now; undefined when it would not. */
export function evictionQuestion(object: KubeObject, world: WhyNotWorld): WhyNot | undefined {
  const pod = asPod(object);
  const { name, namespace, labels } = pod.metadata;
  const { phase, conditions = [] } = pod.status ?? {};
  if (phase !== 'Running' || pod.metadata.deletionTimestamp !== undefined) return undefined;
  const covering = [...world.of('poddisruptionbudgets.policy').values()]
    .map(asBudget)
    .filter((b) => b.metadata.namespace === namespace && covers(b.spec?.selector as V1LabelSelector, labels));
  const [budget] = covering;
  if (!budget) return undefined;
  const question = { question: 'whynot.q.evict', values: { name } } as const;
  if (covering.length > 1) {
    const budgets = covering.map((b) => b.metadata.name).join(', ');
    return { ...question, reasons: [{ key: 'whynot.budgets', values: { budgets }, look: 'failed' }] };
  }
  const { currentHealthy = 0, desiredHealthy = 0 } = budget.status ?? {};
  const ready = conditions.some((c) => c.type === 'Ready' && c.status === 'True');
  const spared = budget.spec?.unhealthyPodEvictionPolicy === 'AlwaysAllow' || currentHealthy >= desiredHealthy;
  if (!ready && spared && desiredHealthy > 0) return undefined;
  const reasons = refusals(budget);
  return reasons.length === 0 ? undefined : { ...question, reasons };
}

/** That others make room for a pod that waits. */
export function nominationReasons(object: KubeObject, world: WhyNotWorld): Reason[] {
  const node = asPod(object).status?.nominatedNodeName;
  if (!node) return [];
  const victims = [...world.of('pods').values()]
    .map(asPod)
    .filter(
      ({ metadata, spec, status }) =>
        spec?.nodeName === node &&
        metadata.deletionTimestamp !== undefined &&
        status?.conditions?.some((c) => c.type === 'DisruptionTarget' && c.reason === 'PreemptionByScheduler'),
    );
  if (victims.length === 0) return [{ key: 'whynot.nominated', values: { node }, look: 'pending' }];
  const names = victims.map((v) => v.metadata.name).join(', ');
  return [{ key: 'whynot.preempting', values: { node, victims: names }, look: 'pending' }];
}
