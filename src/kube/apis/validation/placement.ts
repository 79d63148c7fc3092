import type {
  V1Affinity,
  V1NodeSelectorTerm,
  V1PodAffinityTerm,
  V1Toleration,
  V1TopologySpreadConstraint,
} from '../../../generated/types.ts';
import {
  duplicateValue,
  type FieldError,
  forbiddenValue,
  invalidValue,
  isLabelValue,
  notSupported,
  requiredValue,
} from '../../apimachinery/index.ts';
import { labelKey, labelSelector, sentences } from './basics.ts';

/** Effects of taints and tolerations. */
export const taintEffects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

/** Tolerations of a pod. Kubernetes: ValidateTolerations. */
export function tolerations(list: readonly V1Toleration[], path: string): FieldError[] {
  const errors: FieldError[] = [];
  for (const [i, { key, operator, value = '', effect, tolerationSeconds }] of list.entries()) {
    const at = `${path}[${i}]`;
    if (key) errors.push(...labelKey(key, `${at}.key`));
    else if (operator !== 'Exists') {
      errors.push(
        invalidValue(
          `${at}.operator`,
          operator ?? '',
          'operator must be Exists when `key` is empty, which means "match all values and all keys"',
        ),
      );
    }
    if (tolerationSeconds !== undefined && effect !== 'NoExecute') {
      errors.push(
        invalidValue(`${at}.effect`, effect ?? '', "effect must be 'NoExecute' when `tolerationSeconds` is set"),
      );
    }
    if (operator === 'Exists') {
      if (value) errors.push(invalidValue(`${at}.operator`, value, "value must be empty when `operator` is 'Exists'"));
    } else if (operator === undefined || operator === '' || operator === 'Equal') {
      for (const reason of isLabelValue(value)) errors.push(invalidValue(`${at}.operator`, value, reason));
    } else errors.push(notSupported(`${at}.operator`, operator, ['Equal', 'Exists']));
    if (effect && !taintEffects.includes(effect)) errors.push(notSupported(`${at}.effect`, effect, taintEffects));
  }
  return errors;
}

/** Spread constraints of a pod. Kubernetes: validateTopologySpreadConstraints. */
export function spreadConstraints(list: readonly V1TopologySpreadConstraint[], path: string): FieldError[] {
  const errors: FieldError[] = [];
  const seen = new Set<string>();
  for (const [i, { maxSkew, topologyKey, whenUnsatisfiable, minDomains, labelSelector: selector }] of list.entries()) {
    const at = `${path}[${i}]`;
    if (maxSkew <= 0) errors.push(invalidValue(`${at}.maxSkew`, maxSkew, 'must be greater than zero'));
    if (!topologyKey) errors.push(requiredValue(`${at}.topologyKey`, 'can not be empty'));
    else errors.push(...labelKey(topologyKey, `${at}.topologyKey`));
    if (!['DoNotSchedule', 'ScheduleAnyway'].includes(whenUnsatisfiable)) {
      errors.push(notSupported(`${at}.whenUnsatisfiable`, whenUnsatisfiable, ['DoNotSchedule', 'ScheduleAnyway']));
    }
    const pair = `{${topologyKey}, ${whenUnsatisfiable}}`;
    if (seen.has(pair)) errors.push(duplicateValue(`${at}.{topologyKey, whenUnsatisfiable}`, pair));
    seen.add(pair);
    if (minDomains !== undefined && minDomains <= 0)
      errors.push(invalidValue(`${at}.minDomains`, minDomains, sentences.positive));
    if (selector) errors.push(...labelSelector(selector, `${at}.labelSelector`));
  }
  return errors;
}

/** Node, pod and anti-affinity. Kubernetes: validateAffinity. */
export function affinity({ nodeAffinity, podAffinity, podAntiAffinity }: V1Affinity, path: string): FieldError[] {
  const errors: FieldError[] = [];
  if (nodeAffinity) {
    const at = `${path}.nodeAffinity`;
    const required = nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution;
    if (required) {
      const terms = `${at}.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms`;
      if (required.nodeSelectorTerms.length === 0)
        errors.push(requiredValue(terms, 'must have at least one node selector term'));
      for (const [i, term] of required.nodeSelectorTerms.entries())
        errors.push(...nodeSelectorTerm(term, `${terms}[${i}]`));
    }
    for (const [i, { weight, preference }] of (
      nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution ?? []
    ).entries()) {
      const one = `${at}.preferredDuringSchedulingIgnoredDuringExecution[${i}]`;
      errors.push(...inWeightRange(weight, `${one}.weight`), ...nodeSelectorTerm(preference, `${one}.preference`));
    }
  }
  for (const [name, group] of [
    ['podAffinity', podAffinity],
    ['podAntiAffinity', podAntiAffinity],
  ] as const) {
    if (!group) continue;
    const at = `${path}.${name}`;
    for (const [i, term] of (group.requiredDuringSchedulingIgnoredDuringExecution ?? []).entries()) {
      errors.push(...podAffinityTerm(term, `${at}.requiredDuringSchedulingIgnoredDuringExecution[${i}]`));
    }
    for (const [i, { weight, podAffinityTerm: term }] of (
      group.preferredDuringSchedulingIgnoredDuringExecution ?? []
    ).entries()) {
      const one = `${at}.preferredDuringSchedulingIgnoredDuringExecution[${i}]`;
      errors.push(...inWeightRange(weight, `${one}.weight`), ...podAffinityTerm(term, `${one}.podAffinityTerm`));
    }
  }
  return errors;
}

const inWeightRange = (weight: number, path: string): FieldError[] =>
  weight >= 1 && weight <= 100 ? [] : [invalidValue(path, weight, 'must be in the range 1-100')];

function nodeSelectorTerm({ matchExpressions = [], matchFields = [] }: V1NodeSelectorTerm, path: string): FieldError[] {
  const errors: FieldError[] = [];
  for (const [i, { key, operator, values = [] }] of matchExpressions.entries()) {
    const at = `${path}.matchExpressions[${i}]`;
    switch (operator) {
      case 'In':
      case 'NotIn':
        if (values.length === 0)
          errors.push(requiredValue(`${at}.values`, "must be specified when `operator` is 'In' or 'NotIn'"));
        break;
      case 'Exists':
      case 'DoesNotExist':
        if (values.length > 0)
          errors.push(
            forbiddenValue(`${at}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"),
          );
        break;
      case 'Gt':
      case 'Lt':
        if (values.length !== 1)
          errors.push(requiredValue(`${at}.values`, "must be specified single value when `operator` is 'Lt' or 'Gt'"));
        break;
      default:
        errors.push(invalidValue(`${at}.operator`, operator, 'not a valid selector operator'));
    }
    errors.push(...labelKey(key, `${at}.key`));
  }
  for (const [i, { key, operator, values = [] }] of matchFields.entries()) {
    const at = `${path}.matchFields[${i}]`;
    if (operator !== 'In' && operator !== 'NotIn')
      errors.push(invalidValue(`${at}.operator`, operator, 'not a valid selector operator'));
    else if (values.length !== 1)
      errors.push(
        requiredValue(
          `${at}.values`,
          "must be only one value when `operator` is 'In' or 'NotIn' for node field selector",
        ),
      );
    if (key !== 'metadata.name') errors.push(invalidValue(`${at}.key`, key, 'not a valid field selector key'));
  }
  return errors;
}

function podAffinityTerm({ topologyKey, labelSelector: selector }: V1PodAffinityTerm, path: string): FieldError[] {
  const errors = selector ? labelSelector(selector, `${path}.labelSelector`) : [];
  if (!topologyKey) errors.push(requiredValue(`${path}.topologyKey`, 'can not be empty'));
  errors.push(...labelKey(topologyKey, `${path}.topologyKey`));
  return errors;
}
