import type { V1LabelSelector, V1PodTemplateSpec } from '../../../generated/types.ts';
import {
  type FieldError,
  forbiddenValue,
  invalidValue,
  matchesSelector,
  notSupported,
  percentOf,
  requiredValue,
} from '../../apimachinery/index.ts';
import { isUsableSelector, labelSelector, notNegative, sentences } from './basics.ts';
import { podTemplate } from './podspec.ts';

/** What Deployments and ReplicaSets have in common: replicas, selector, template that matches it. */
export function workload(
  spec: {
    replicas?: number | undefined;
    minReadySeconds?: number | undefined;
    selector?: V1LabelSelector | undefined;
    template?: V1PodTemplateSpec | undefined;
  },
  kind: 'deployment' | 'replicaset',
): FieldError[] {
  const errors: FieldError[] = [...notNegative(spec.replicas, 'spec.replicas')];
  if (kind === 'replicaset') errors.push(...notNegative(spec.minReadySeconds, 'spec.minReadySeconds'));
  const { selector } = spec;
  if (!selector) errors.push(requiredValue('spec.selector'));
  else {
    errors.push(...labelSelector(selector, 'spec.selector'));
    if (isEmpty(selector))
      errors.push(invalidValue('spec.selector', selector, `empty selector is invalid for ${kind}`));
    if (!isUsableSelector(selector)) errors.push(invalidValue('spec.selector', selector, 'invalid label selector'));
  }
  errors.push(...workloadTemplate(spec.template, selector, 'ReplicaSet'));
  return errors;
}

/** Whether a selector asks for nothing, and so selects everything. */
export const isEmpty = (selector: V1LabelSelector): boolean =>
  Object.keys(selector.matchLabels ?? {}).length === 0 && (selector.matchExpressions ?? []).length === 0;

/**
 * The template of a workload whose pods run for ever: it matches the selector, and its pods are always restarted. `kind` is
 * named in a sentence, `below` are the errors within. Kubernetes: pkg/apis/apps/validation ValidatePodTemplateSpecForReplicaSet.
 */
export function workloadTemplate(
  given: V1PodTemplateSpec | undefined,
  selector: V1LabelSelector | undefined,
  kind: string,
  below: readonly FieldError[] = podTemplate(given ?? {}, 'spec.template'),
): FieldError[] {
  const errors: FieldError[] = [];
  const labels = given?.metadata?.labels;
  const usable = selector === undefined || isUsableSelector(selector);
  if (usable && (selector === undefined || !matchesSelector(selector, labels))) {
    errors.push(
      invalidValue('spec.template.metadata.labels', labels ?? null, '`selector` does not match template `labels`'),
    );
  }
  errors.push(...below);
  const { restartPolicy, activeDeadlineSeconds } = given?.spec ?? {};
  if (restartPolicy && restartPolicy !== 'Always')
    errors.push(notSupported('spec.template.spec.restartPolicy', restartPolicy, ['Always']));
  if (activeDeadlineSeconds !== undefined) {
    errors.push(
      forbiddenValue('spec.template.spec.activeDeadlineSeconds', `activeDeadlineSeconds in ${kind} is not Supported`),
    );
  }
  return errors;
}

/** `spec.selector` of a stored workload never changes. */
export const selectorUnchanged = (next: V1LabelSelector | undefined, old: V1LabelSelector | undefined): FieldError[] =>
  JSON.stringify(next) === JSON.stringify(old)
    ? []
    : [invalidValue('spec.selector', next ?? null, sentences.immutable)];

const percentMessage =
  "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')";

/** A count or a percentage: neither negative nor malformed. Kubernetes: ValidatePositiveIntOrPercent. */
export function intOrPercent(value: number | string | undefined, path: string): FieldError[] {
  if (value === undefined) return [];
  if (typeof value === 'number') return notNegative(value, path);
  return /^[0-9]+%$/.test(value) ? [] : [invalidValue(path, value, percentMessage)];
}

/** At most 100 %. Counts are not bounded. */
export function atMostAll(value: number | string | undefined, path: string): FieldError[] {
  const percent = value === undefined ? undefined : percentOf(value);
  return percent !== undefined && percent > 100 ? [invalidValue(path, value, 'must not be greater than 100%')] : [];
}
