import type {
  V1JobSpec,
  V1PodFailurePolicyOnExitCodesRequirement,
  V1PodFailurePolicyOnPodConditionsPattern,
  V1PodFailurePolicyRule,
} from '../../../generated/types.ts';
import {
  duplicateValue,
  type FieldError,
  invalidValue,
  notSupported,
  requiredValue,
  tooMany,
} from '../../apimachinery/index.ts';
import { labelKey } from './basics.ts';

const maxRules = 20;
const maxPatterns = 20;
const maxValues = 255;
const actions = ['Count', 'FailIndex', 'FailJob', 'Ignore'];
const operators = ['In', 'NotIn'];
const statuses = ['False', 'True', 'Unknown'];

/** `valid values: ["In" "NotIn"]`, as Go prints a list of quoted words. */
const validValues = (values: readonly string[]): string =>
  `valid values: [${values.map((value) => `"${value}"`).join(' ')}]`;

/** An `Invalid value` that shows no value. */
const wrong = (path: string, detail: string): FieldError => ({
  type: 'FieldValueInvalid',
  path,
  message: `Invalid value: ${detail}`,
});

/** Rules about failed pods. Kubernetes: pkg/apis/batch/validation validatePodFailurePolicy. */
export function failurePolicy(spec: V1JobSpec, path: string): FieldError[] {
  const rules = spec.podFailurePolicy!.rules ?? [];
  const { containers = [], initContainers = [] } = spec.template?.spec ?? {};
  const names = new Set([...containers, ...initContainers].map((c) => c.name));
  return [
    ...(rules.length > maxRules ? [tooMany(`${path}.rules`, rules.length, maxRules)] : []),
    ...rules.flatMap((rule, i) => ruleErrors(spec, rule, `${path}.rules[${i}]`, names)),
  ];
}

function ruleErrors(
  spec: V1JobSpec,
  { action, onExitCodes, onPodConditions }: V1PodFailurePolicyRule,
  path: string,
  names: ReadonlySet<string>,
): FieldError[] {
  const errors: FieldError[] = [];
  if (!action) errors.push(requiredValue(`${path}.action`, validValues(actions)));
  else if (action === 'FailIndex' && spec.backoffLimitPerIndex === undefined)
    errors.push(invalidValue(`${path}.action`, action, 'requires the backoffLimitPerIndex to be set'));
  else if (!actions.includes(action)) errors.push(notSupported(`${path}.action`, action, actions));
  const conditions = onPodConditions ?? [];
  if (onExitCodes) errors.push(...exitCodes(onExitCodes, `${path}.onExitCodes`, names));
  if (conditions.length > 0) errors.push(...podConditions(conditions, `${path}.onPodConditions`));
  if (onExitCodes && conditions.length > 0)
    errors.push(wrong(path, 'specifying both OnExitCodes and OnPodConditions is not supported'));
  if (!onExitCodes && conditions.length === 0)
    errors.push(wrong(path, 'specifying one of OnExitCodes and OnPodConditions is required'));
  return errors;
}

function podConditions(list: readonly V1PodFailurePolicyOnPodConditionsPattern[], path: string): FieldError[] {
  const errors = list.length > maxPatterns ? [tooMany(path, list.length, maxPatterns)] : [];
  for (const [i, { type, status }] of list.entries()) {
    errors.push(...labelKey(type, `${path}[${i}].type`));
    if (!status) errors.push(requiredValue(`${path}[${i}].status`, validValues(statuses)));
    else if (!statuses.includes(status)) errors.push(notSupported(`${path}[${i}].status`, status, statuses));
  }
  return errors;
}

function exitCodes(
  { operator, containerName, values: given }: V1PodFailurePolicyOnExitCodesRequirement,
  path: string,
  names: ReadonlySet<string>,
): FieldError[] {
  const errors: FieldError[] = [];
  if (!operator) errors.push(requiredValue(`${path}.operator`, validValues(operators)));
  else if (!operators.includes(operator)) errors.push(notSupported(`${path}.operator`, operator, operators));
  if (containerName !== undefined && !names.has(containerName)) {
    const why = 'must be one of the container or initContainer names in the pod template';
    errors.push(invalidValue(`${path}.containerName`, containerName, why));
  }
  const values = (given as number[] | undefined) ?? [];
  const at = `${path}.values`;
  if (values.length === 0) errors.push(invalidValue(at, values, 'at least one value is required'));
  else if (values.length > maxValues) errors.push(tooMany(at, values.length, maxValues));
  const seen = new Set<number>();
  for (const [i, value] of values.entries()) {
    if (operator === 'In' && value === 0)
      errors.push(invalidValue(`${at}[${i}]`, value, 'must not be 0 for the In operator'));
    if (seen.has(value)) errors.push(duplicateValue(`${at}[${i}]`, value));
    seen.add(value);
  }
  if (values.some((value, i) => i > 0 && values[i - 1]! > value))
    errors.push(invalidValue(at, values, 'must be ordered'));
  return errors;
}
