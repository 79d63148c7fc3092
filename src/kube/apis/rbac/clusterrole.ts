import { invalidValue, requiredValue, type FieldError } from '../../apimachinery/index.ts';
import { createdColumn, nameColumn } from '../cells.ts';
import { defineKind } from '../kind.ts';
import { labelSelector } from '../validation/basics.ts';
import { rbacGroup, validateRules } from '../validation/rbac.ts';

/** ClusterRole: what may be done anywhere, or wherever a RoleBinding gives it. Kubernetes: pkg/registry/rbac/clusterrole. */
export const clusterRole = defineKind({
  group: rbacGroup,
  version: 'v1',
  kind: 'ClusterRole',
  key: 'clusterroles.rbac.authorization.k8s.io',
  model: 'V1ClusterRole',
  namespaced: false,
  nameRule: 'path-segment',
  validate({ rules, aggregationRule }) {
    const errors: FieldError[] = validateRules(rules, false);
    if (!aggregationRule) return errors;
    const selectors = aggregationRule.clusterRoleSelectors ?? [];
    if (selectors.length === 0)
      errors.push(
        requiredValue(
          'aggregationRule.clusterRoleSelectors',
          'at least one clusterRoleSelector required if aggregationRule is non-nil',
        ),
      );
    for (const [i, selector] of selectors.entries()) {
      const path = `aggregationRule.clusterRoleSelectors[${i}]`;
      const wrong = labelSelector(selector, path);
      errors.push(...wrong);
      if (wrong.length > 0) errors.push(invalidValue(path, null, 'invalid label selector.'));
    }
    return errors;
  },
  columns: [nameColumn, createdColumn],
  example: {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name: 'example' },
    rules: [{ apiGroups: [''], resources: ['nodes'], verbs: ['get', 'list'] }],
  },
});
