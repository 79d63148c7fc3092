import type { V1MatchResources, V1NamedRuleWithOperations, V1ParamKind, V1ParamRef } from '../../../generated/types.ts';
import { invalidValue, notSupported, requiredValue, type FieldError } from '../../apimachinery/index.ts';
import type { ObjectMeta } from '../../apimachinery/meta.ts';
import { ageColumn, nameColumn } from '../cells.ts';
import type { Column } from '../kind.ts';

/** What a policy's choice of objects is given. Kubernetes: pkg/apis/admissionregistration/v1/defaults.go. */
function matchDefaults(match: V1MatchResources): V1MatchResources {
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
function matchErrors(match: V1MatchResources, at: string): FieldError[] {
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
function paramCell(ref: V1ParamRef | undefined): string {
  if (!ref) return '<unset>';
  if (ref.name) return `${ref.namespace || '*'}/${ref.name}`;
  return ref.selector ? '&LabelSelector{}' : '<unset>';
}

/** Wrong fields of a reference to parameters. */
function paramErrors(ref: V1ParamRef | undefined, at: string): FieldError[] {
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

/** What a ValidatingAdmissionPolicy and a MutatingAdmissionPolicy have in common. */
interface PolicySpec {
  failurePolicy?: string | undefined;
  paramKind?: V1ParamKind | undefined;
  matchConstraints?: V1MatchResources | undefined;
}

/** A policy's spec with its defaults. Kubernetes: pkg/apis/admissionregistration/v1/defaults.go. */
export const policyDefaults = <T extends PolicySpec>(spec: T): T => ({
  ...spec,
  failurePolicy: spec.failurePolicy ?? 'Fail',
  ...(spec.matchConstraints && { matchConstraints: matchDefaults(spec.matchConstraints) }),
});

/** What is wrong with the parts that both policies have. */
export function policyErrors({ failurePolicy, paramKind, matchConstraints }: PolicySpec): FieldError[] {
  const errors: FieldError[] = [];
  if (failurePolicy !== 'Fail' && failurePolicy !== 'Ignore')
    errors.push(notSupported('spec.failurePolicy', failurePolicy ?? '', ['Fail', 'Ignore']));
  if (paramKind && !paramKind.apiVersion) errors.push(requiredValue('spec.paramKind.apiVersion'));
  if (paramKind && !paramKind.kind) errors.push(requiredValue('spec.paramKind.kind'));
  if (!matchConstraints) errors.push(requiredValue('spec.matchConstraints'));
  else {
    errors.push(...matchErrors(matchConstraints, 'spec.matchConstraints'));
    if (!matchConstraints.resourceRules?.length) errors.push(requiredValue('spec.matchConstraints.resourceRules'));
  }
  return errors;
}

/** The cell of a policy that says of which kind its parameters are. */
export const paramKindCell = (spec: PolicySpec | undefined): string =>
  spec?.paramKind ? `${spec.paramKind.apiVersion}/${spec.paramKind.kind}` : '<unset>';

/** What the bindings of both policies have in common. */
interface BindingSpec {
  policyName?: string | undefined;
  paramRef?: V1ParamRef | undefined;
  matchResources?: V1MatchResources | undefined;
}

/** A binding's spec with its defaults. */
export const bindingDefaults = <T extends BindingSpec>(spec: T): T =>
  spec.matchResources ? { ...spec, matchResources: matchDefaults(spec.matchResources) } : spec;

/** What is wrong with the parts that both bindings have. */
export const bindingErrors = ({ policyName, matchResources, paramRef }: BindingSpec): FieldError[] => [
  ...(policyName ? [] : [requiredValue('spec.policyName')]),
  ...paramErrors(paramRef, 'spec.paramRef'),
  ...(matchResources ? matchErrors(matchResources, 'spec.matchResouces') : []),
];

/** Columns of both bindings. */
export const bindingColumns: readonly Column<{
  readonly metadata: ObjectMeta;
  readonly spec?: BindingSpec | undefined;
}>[] = [
  nameColumn,
  { name: 'PolicyName', cell: ({ spec }) => spec?.policyName },
  { name: 'ParamRef', cell: ({ spec }) => paramCell(spec?.paramRef) },
  ageColumn,
];
