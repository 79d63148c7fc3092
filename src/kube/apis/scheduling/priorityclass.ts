import type { V1PriorityClass } from '../../../generated/types.ts';
import { equal, forbiddenValue, invalidValue, notSupported, type FieldError } from '../../apimachinery/index.ts';
import { ageColumn, nameColumn } from '../cells.ts';
import { defineKind } from '../kind.ts';
import { sentences } from '../validation/basics.ts';

/** The two classes that every cluster has from the start. Kubernetes: pkg/apis/scheduling/v1 SystemPriorityClasses. */
export const systemPriorityClasses = [
  {
    name: 'system-node-critical',
    value: 2_000_001_000,
    description: 'Used for system critical pods that must not be moved from their current node.',
  },
  {
    name: 'system-cluster-critical',
    value: 2_000_000_000,
    description:
      'Used for system critical pods that must run in the cluster, but can be moved to another node if necessary.',
  },
] as const;

/** Highest value that a user may give. */
const highest = 1_000_000_000;

function validate({ metadata, value = 0, globalDefault, preemptionPolicy }: V1PriorityClass): FieldError[] {
  const errors: FieldError[] = [];
  if (metadata.name.startsWith('system-')) {
    const why = notSystem(metadata.name, value, globalDefault);
    if (why)
      errors.push(
        forbiddenValue(
          'metadata.name',
          `priority class names with 'system-' prefix are reserved for system use only. error: ${why}`,
        ),
      );
  } else if (value > highest)
    errors.push(forbiddenValue('value', `maximum allowed value of a user defined priority is ${highest}`));
  if (preemptionPolicy !== undefined && preemptionPolicy !== 'PreemptLowerPriority' && preemptionPolicy !== 'Never')
    errors.push(notSupported('preemptionPolicy', preemptionPolicy, ['Never', 'PreemptLowerPriority']));
  return errors;
}

/** Why a class is none of the system's own; undefined for these. Kubernetes: IsKnownSystemPriorityClass. */
function notSystem(name: string, value: number, globalDefault: boolean | undefined): string | undefined {
  const known = systemPriorityClasses.find((c) => c.name === name);
  if (!known) return `${name} is not a known system priority class`;
  if (known.value !== value) return `value of ${name} PriorityClass must be ${known.value}`;
  return globalDefault ? `globalDefault of ${name} PriorityClass must be false` : undefined;
}

/** PriorityClass: a name for a pod's priority. Kubernetes: pkg/registry/scheduling/priorityclass. */
export const priorityClass = defineKind({
  group: 'scheduling.k8s.io',
  version: 'v1',
  kind: 'PriorityClass',
  key: 'priorityclasses.scheduling.k8s.io',
  model: 'V1PriorityClass',
  shortNames: ['pc'],
  namespaced: false,
  generation: true,
  defaults(priorityClass) {
    priorityClass.preemptionPolicy ??= 'PreemptLowerPriority';
    // What the model requires is always there, also when it was left out.
    priorityClass.value ??= 0;
  },
  prepareForUpdate(next, old) {
    next.metadata = { ...next.metadata, generation: old.metadata.generation };
  },
  validate,
  validateUpdate(next, old) {
    const errors: FieldError[] = [];
    if (next.value !== old.value) errors.push(forbiddenValue('value', 'may not be changed in an update.'));
    if (!equal(next.preemptionPolicy, old.preemptionPolicy))
      errors.push(invalidValue('preemptionPolicy', next.preemptionPolicy, sentences.immutable));
    return errors;
  },
  columns: [
    nameColumn,
    { name: 'Value', type: 'integer', cell: (c) => c.value ?? 0 },
    { name: 'Global-Default', type: 'boolean', cell: (c) => c.globalDefault ?? false },
    ageColumn,
    { name: 'PreemptionPolicy', cell: (c) => c.preemptionPolicy ?? '' },
  ],
  example: {
    apiVersion: 'scheduling.k8s.io/v1',
    kind: 'PriorityClass',
    metadata: { name: 'example' },
    value: 1000,
    description: 'Goes before others.',
  },
});
