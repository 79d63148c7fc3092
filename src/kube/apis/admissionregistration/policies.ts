import type { V1MatchResources, V1NamedRuleWithOperations, V1ParamRef } from '../../../generated/types.ts';
import { invalidValue, notSupported, requiredValue, type FieldError } from '../../apimachinery/index.ts';

/** What a policy's choice of objects is given. Kubernetes: pkg/apis/admissionregistration/v1/defaults.go. */
export function matchDefaults(match: V1MatchResources): V1MatchResources {
  const scoped = (rules: V1NamedRuleWithOperations[]): V1NamedRuleWithOperations[] =>
    rules.map((rule) => ({ ...rule, scope: rule.scope ?? '*' }));
  return {
    ...match,
    matchPolicy: match.matchPolicy ?? 'Equivalent',
    namespaceSelector: match.namespaceSelector ?? {},
    objectSelector: match.objectSelector ?? {},
    ...(match.resourceRules && { resourceRules: scoped(match.resourceRules) }),
    ...(match.excludeResourceRules && { excludeResourceRules: scoped(match.excludeResourceRules) }),
  };
}

const operations = ['*', 'CONNECT', 'CREATE', 'DELETE', 'UPDATE'];
const scopes = ['*', 'Cluster', 'Namespaced'];

/** Wrong rules of a choice. Kubernetes: pkg/apis/admissionregistration/validation validateMatchResources. */
export function matchErrors(match: V1MatchResources, at: string): FieldError[] {
  const errors: FieldError[] = [];
  if (match.matchPolicy !== 'Exact' && match.matchPolicy !== 'Equivalent')
    errors.push(notSupported(`${at}.matchPolicy`, match.matchPolicy ?? '', ['Equivalent', 'Exact']));
  for (const field of ['resourceRules', 'excludeResourceRules'] as const)
    for (const [i, rule] of (match[field] ?? []).entries()) errors.push(...ruleErrors(rule, `${at}.${field}[${i}]`));
  return errors;
}

function ruleErrors(rule: V1NamedRuleWithOperations, at: string): FieldError[] {
  const errors: FieldError[] = [];
  for (const field of ['operations', 'apiGroups', 'apiVersions', 'resources'] as const) {
    const values = rule[field] ?? [];
    if (values.length === 0) errors.push(requiredValue(`${at}.${field}`));
    if (values.length > 1 && values.includes('*') && field !== 'resources')
      errors.push(invalidValue(`${at}.${field}`, values, `if '*' is present, must not specify other ${field === 'operations' ? 'operations' : field === 'apiGroups' ? 'API groups' : 'API versions'}`));
  }
  for (const [i, operation] of (rule.operations ?? []).entries())
    if (!operations.includes(operation)) errors.push(notSupported(`${at}.operations[${i}]`, operation, operations));
  if (rule.scope !== undefined && !scopes.includes(rule.scope))
    errors.push(notSupported(`${at}.scope`, rule.scope, scopes));
  return errors;
} // prettier-ignore

/** How a binding names its parameters in a table. Kubernetes: pkg/printers/internalversion. */
export function paramCell(ref: V1ParamRef | undefined): string {
  if (!ref) return '<unset>';
  if (ref.name) return `${ref.namespace || '*'}/${ref.name}`;
  return ref.selector ? '&LabelSelector{}' : '<unset>';
}

/** Wrong fields of a reference to parameters. */
export function paramErrors(ref: V1ParamRef | undefined, at: string): FieldError[] {
  if (!ref) return [];
  const errors: FieldError[] = [];
  if (ref.name && ref.selector)
    errors.push(
      {
        type: 'FieldValueForbidden',
        path: `${at}.name`,
        message: 'Forbidden: name and selector are mutually exclusive',
      },
      {
        type: 'FieldValueForbidden',
        path: `${at}.selector`,
        message: 'Forbidden: name and selector are mutually exclusive',
      },
    );
  if (!ref.name && !ref.selector) errors.push(requiredValue(at, 'one of name or selector must be specified'));
  const actions = ['Allow', 'Deny'];
  if (ref.parameterNotFoundAction === undefined) errors.push(requiredValue(`${at}.parameterNotFoundAction`));
  else if (!actions.includes(ref.parameterNotFoundAction))
    errors.push(notSupported(`${at}.parameterNotFoundAction`, ref.parameterNotFoundAction, ['Deny', 'Allow']));
  return errors;
}
