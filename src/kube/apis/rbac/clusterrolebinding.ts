import { defineKind } from '../kind.ts';
import { rbacGroup, validateBinding, validateBindingUpdate } from '../validation/rbac.ts';
import { bindingColumns, bindingRefs, defaultBinding } from './bindings.ts';

/** ClusterRoleBinding: gives a role everywhere. Kubernetes: pkg/registry/rbac/clusterrolebinding. */
export const clusterRoleBinding = defineKind({
  group: rbacGroup,
  version: 'v1',
  kind: 'ClusterRoleBinding',
  key: 'clusterrolebindings.rbac.authorization.k8s.io',
  model: 'V1ClusterRoleBinding',
  namespaced: false,
  nameRule: 'path-segment',
  defaults: defaultBinding,
  validate: (binding) => validateBinding(binding, ['ClusterRole']),
  validateUpdate: validateBindingUpdate,
  refs: bindingRefs,
  columns: bindingColumns,
  example: {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name: 'example' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'example' },
    subjects: [{ kind: 'User', name: 'jane', apiGroup: 'rbac.authorization.k8s.io' }],
  },
});
