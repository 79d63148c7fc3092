import type { V1LabelSelector, V1PodDisruptionBudget } from '../../../generated/types.ts';
import {
  invalidValue,
  matchesLabels,
  notSupported,
  selectorOf,
  type FieldError,
  type Labels,
} from '../../apimachinery/index.ts';
import { ageColumn, nameColumn } from '../cells.ts';
import { defineKind } from '../kind.ts';
import { labelSelector } from '../validation/basics.ts';
import { atMostAll, intOrPercent } from '../validation/workload.ts';

/** How long an announced eviction counts before the budget forgets it, milliseconds. Kubernetes: disruption.DeletionTimeout. */
export const deletionTimeoutMs = 120_000;

/**
 * Whether a budget covers a pod with these labels: an empty selector covers every pod of the namespace, none covers nothing.
 * Kubernetes: policy/v1 PodDisruptionBudgetSpec.selector.
 */
export const covers = (selector: V1LabelSelector | undefined, labels: Labels | undefined): boolean =>
  selector !== undefined && matchesLabels(selectorOf(selector), labels);

/** The condition that goes with a number of allowed disruptions. Kubernetes: UpdateDisruptionAllowedCondition. */
export function disruptionAllowed(
  status: NonNullable<V1PodDisruptionBudget['status']>,
  now: string,
  failure?: string,
): NonNullable<V1PodDisruptionBudget['status']> {
  const allowed = (status.disruptionsAllowed ?? 0) > 0;
  const old = status.conditions?.find((c) => c.type === 'DisruptionAllowed');
  const condition = {
    type: 'DisruptionAllowed',
    status: allowed ? 'True' : 'False',
    observedGeneration: status.observedGeneration,
    lastTransitionTime: old && (old.status === 'True') === allowed ? old.lastTransitionTime : now,
    reason: failure !== undefined ? 'SyncFailed' : allowed ? 'SufficientPods' : 'InsufficientPods',
    message: failure ?? '',
  };
  return { ...status, conditions: [condition] };
}

function validate({ spec = {} }: V1PodDisruptionBudget): FieldError[] {
  const { minAvailable, maxUnavailable, selector, unhealthyPodEvictionPolicy: policy } = spec;
  const errors: FieldError[] = [];
  if (minAvailable !== undefined && maxUnavailable !== undefined) {
    const internal = {
      MinAvailable: minAvailable,
      Selector: selector ?? null,
      MaxUnavailable: maxUnavailable,
      UnhealthyPodEvictionPolicy: policy ?? null,
    };
    errors.push(invalidValue('spec', internal, 'minAvailable and maxUnavailable cannot be both set'));
  }
  for (const [name, value] of [
    ['minAvailable', minAvailable],
    ['maxUnavailable', maxUnavailable],
  ] as const)
    errors.push(...intOrPercent(value, `spec.${name}`), ...atMostAll(value, `spec.${name}`));
  if (policy !== undefined && !policies.includes(policy))
    errors.push(notSupported('spec.unhealthyPodEvictionPolicy', policy, policies));
  if (selector) errors.push(...labelSelector(selector, 'spec.selector'));
  return errors;
}

const policies = ['AlwaysAllow', 'IfHealthyBudget'];
const orNone = (value: number | string | undefined): string => (value === undefined ? 'N/A' : String(value));

/** PodDisruptionBudget: how many pods of a set evictions may take away. Kubernetes: pkg/registry/policy/poddisruptionbudget. */
export const podDisruptionBudget = defineKind({
  group: 'policy',
  version: 'v1',
  kind: 'PodDisruptionBudget',
  key: 'poddisruptionbudgets.policy',
  model: 'V1PodDisruptionBudget',
  shortNames: ['pdb'],
  statusSubresource: true,
  generation: true,
  prepareForCreate(budget) {
    budget.status = { disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 };
  },
  validate,
  columns: [
    nameColumn,
    { name: 'Min Available', cell: (b) => orNone(b.spec?.minAvailable) },
    { name: 'Max Unavailable', cell: (b) => orNone(b.spec?.maxUnavailable) },
    { name: 'Allowed Disruptions', type: 'integer', cell: (b) => b.status?.disruptionsAllowed ?? 0 },
    ageColumn,
  ],
  example: {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name: 'example' },
    spec: { minAvailable: 2, selector: { matchLabels: { app: 'example' } } },
  },
});
