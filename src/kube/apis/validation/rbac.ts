import type { RbacV1Subject, V1PolicyRule, V1RoleRef } from '../../../generated/types.ts';
import {
  equal,
  invalidValue,
  isDns1123Subdomain,
  isPathSegmentName,
  notSupported,
  requiredValue,
  type FieldError,
} from '../../apimachinery/index.ts';

/** The group of roles and bindings, which users and groups are said to be of too. */
export const rbacGroup = 'rbac.authorization.k8s.io';

/** Wrong rules of a Role, or of a ClusterRole. Kubernetes: pkg/apis/rbac/validation ValidatePolicyRule. */
export function validateRules(rules: readonly V1PolicyRule[] | undefined, namespaced: boolean): FieldError[] {
  return (rules ?? []).flatMap((rule, i) => validateRule(rule, namespaced, `rules[${i}]`));
}

function validateRule(rule: V1PolicyRule, namespaced: boolean, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const { nonResourceURLs = [], apiGroups = [], resources = [], resourceNames = [] } = rule;
  if ((rule.verbs ?? []).length === 0)
    errors.push(requiredValue(`${path}.verbs`, 'verbs must contain at least one value'));
  if (nonResourceURLs.length > 0) {
    const wrong = (why: string): void =>
      void errors.push(invalidValue(`${path}.nonResourceURLs`, nonResourceURLs, why));
    if (namespaced) wrong('namespaced rules cannot apply to non-resource URLs');
    if (apiGroups.length > 0 || resources.length > 0 || resourceNames.length > 0)
      wrong('rules cannot apply to both regular resources and non-resource URLs');
    return errors;
  }
  if (apiGroups.length === 0)
    errors.push(requiredValue(`${path}.apiGroups`, 'resource rules must supply at least one api group'));
  if (resources.length === 0)
    errors.push(requiredValue(`${path}.resources`, 'resource rules must supply at least one resource'));
  return errors;
}

/** What a RoleBinding and a ClusterRoleBinding have in common. */
interface Binding {
  readonly roleRef: V1RoleRef;
  readonly subjects?: readonly RbacV1Subject[] | undefined;
}

/** Wrong parts of a binding; `kinds` are those that it may refer to. Kubernetes: ValidateRoleBinding. */
export function validateBinding({ roleRef, subjects }: Binding, kinds: readonly string[]): FieldError[] {
  const errors: FieldError[] = [];
  if (roleRef.apiGroup !== rbacGroup) errors.push(notSupported('roleRef.apiGroup', roleRef.apiGroup, [rbacGroup]));
  if (!kinds.includes(roleRef.kind)) errors.push(notSupported('roleRef.kind', roleRef.kind, kinds));
  if (!roleRef.name) errors.push(requiredValue('roleRef.name'));
  else for (const why of isPathSegmentName(roleRef.name)) errors.push(invalidValue('roleRef.name', roleRef.name, why));
  const namespaced = kinds.includes('Role');
  for (const [i, subject] of (subjects ?? []).entries())
    errors.push(...validateSubject(subject, namespaced, `subjects[${i}]`));
  return errors;
}

function validateSubject(
  { kind, name, apiGroup, namespace }: RbacV1Subject,
  namespaced: boolean,
  path: string,
): FieldError[] {
  const errors: FieldError[] = [];
  if (!name) errors.push(requiredValue(`${path}.name`));
  if (kind === 'ServiceAccount') {
    if (name) for (const why of isDns1123Subdomain(name)) errors.push(invalidValue(`${path}.name`, name, why));
    if (apiGroup) errors.push(notSupported(`${path}.apiGroup`, apiGroup, ['']));
    if (!namespaced && !namespace) errors.push(requiredValue(`${path}.namespace`));
  } else if (kind === 'User' || kind === 'Group') {
    if (apiGroup !== rbacGroup) errors.push(notSupported(`${path}.apiGroup`, apiGroup ?? '', [rbacGroup]));
  } else errors.push(notSupported(`${path}.kind`, kind, ['ServiceAccount', 'User', 'Group']));
  return errors;
}

/** A binding never changes the role that it gives. */
export function validateBindingUpdate(next: Binding, old: Binding): FieldError[] {
  if (equal(next.roleRef, old.roleRef)) return [];
  const { apiGroup, kind, name } = next.roleRef;
  return [invalidValue('roleRef', { APIGroup: apiGroup, Kind: kind, Name: name }, 'cannot change roleRef')];
}
