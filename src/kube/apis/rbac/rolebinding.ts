import { defineKind } from '../kind.ts';
import { rbacGroup, validateBinding, validateBindingUpdate } from '../validation/rbac.ts';
import { bindingColumns, bindingRefs, defaultBinding } from './bindings.ts';

/** RoleBinding: gives a role in its namespace. Kubernetes: pkg/registry/rbac/rolebinding. */
export const roleBinding = defineKind({
  group: rbacGroup,
  version: 'v1',
  kind: 'RoleBinding',
  key: 'rolebindings.rbac.authorization.k8s.io',
  model: 'V1RoleBinding',
  nameRule: 'path-segment',
  defaults: defaultBinding,
  validate: (binding) => validateBinding(binding, ['Role', 'ClusterRole']),
  validateUpdate: validateBindingUpdate,
  refs: bindingRefs,
  columns: bindingColumns,
  example: {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: { name: 'example' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'example' },
    subjects: [{ kind: 'User', name: 'jane', apiGroup: 'rbac.authorization.k8s.io' }],
  },
});
