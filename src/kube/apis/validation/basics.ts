import type { V1LabelSelector } from '../../../generated/types.ts';
import {
  type FieldError,
  invalidValue,
  isLabelValue,
  isQualifiedName,
  requiredValue,
} from '../../apimachinery/index.ts';

/** Sentences that several fields share. Kubernetes: apimachinery/pkg/api/validation, util/validation. */
export const sentences = {
  notNegative: 'must be greater than or equal to 0',
  positive: 'must be greater than 0',
  immutable: 'field is immutable',
  port: 'must be between 1 and 65535, inclusive',
} as const;

/** `must be greater than or equal to 0` for a number below. */
export const notNegative = (value: number | undefined, path: string): FieldError[] =>
  value !== undefined && value < 0 ? [invalidValue(path, value, sentences.notNegative)] : [];

/** A port number of 1 to 65535. */
export const portNumber = (value: number, path: string): FieldError[] =>
  value >= 1 && value <= 65_535 ? [] : [invalidValue(path, value, sentences.port)];

/** What is wrong with a port's name. Kubernetes: validation.IsValidPortName. */
export function portNameReasons(name: string): string[] {
  const reasons: string[] = [];
  if (name.length > 15) reasons.push('must be no more than 15 characters');
  if (!/^[-a-z0-9]+$/.test(name))
    reasons.push('must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)');
  if (!/[a-z]/.test(name)) reasons.push('must contain at least one letter (a-z)');
  if (name.includes('--')) reasons.push('must not contain consecutive hyphens');
  if (name.startsWith('-') || name.endsWith('-')) reasons.push('must not begin or end with a hyphen');
  return reasons;
}

/** A port number or a port's name: `targetPort`, probes. */
export const portOrName = (value: number | string, path: string): FieldError[] =>
  typeof value === 'number'
    ? portNumber(value, path)
    : portNameReasons(value).map((reason) => invalidValue(path, value, reason));

/** Labels of templates and selectors: keys and values. */
export function labels(given: Readonly<Record<string, string>> | undefined, path: string): FieldError[] {
  return Object.entries(given ?? {}).flatMap(([key, value]) => [
    ...isQualifiedName(key).map((reason) => invalidValue(path, key, reason)),
    ...isLabelValue(value).map((reason) => invalidValue(path, value, reason)),
  ]);
}

/** A key that must be a qualified name. */
export const labelKey = (key: string, path: string): FieldError[] =>
  isQualifiedName(key).map((reason) => invalidValue(path, key, reason));

/** A LabelSelector. Kubernetes: metav1validation.ValidateLabelSelector. */
export function labelSelector(selector: V1LabelSelector, path: string): FieldError[] {
  const errors = labels(selector.matchLabels, `${path}.matchLabels`);
  for (const [i, { key, operator, values = [] }] of (selector.matchExpressions ?? []).entries()) {
    const at = `${path}.matchExpressions[${i}]`;
    if (operator === 'In' || operator === 'NotIn') {
      if (values.length === 0)
        errors.push(requiredValue(`${at}.values`, "must be specified when `operator` is 'In' or 'NotIn'"));
    } else if (operator === 'Exists' || operator === 'DoesNotExist') {
      if (values.length > 0)
        errors.push({
          type: 'FieldValueForbidden',
          path: `${at}.values`,
          message: "Forbidden: may not be specified when `operator` is 'Exists' or 'DoesNotExist'",
        });
    } else errors.push(invalidValue(`${at}.operator`, operator, 'not a valid selector operator'));
    errors.push(...labelKey(key, `${at}.key`));
    for (const [j, value] of values.entries()) {
      for (const reason of isLabelValue(value)) errors.push(invalidValue(`${at}.values[${j}]`, value, reason));
    }
  }
  return errors;
}

/** True when a selector's expressions can be evaluated at all. */
export const isUsableSelector = (selector: V1LabelSelector): boolean =>
  (selector.matchExpressions ?? []).every(({ operator, values = [] }) =>
    operator === 'In' || operator === 'NotIn'
      ? values.length > 0
      : (operator === 'Exists' || operator === 'DoesNotExist') && values.length === 0,
  );
