import { createdColumn, nameColumn } from '../cells.ts';
import { defineKind } from '../kind.ts';
import { rbacGroup, validateRules } from '../validation/rbac.ts';

/** Role: what may be done in one namespace. Kubernetes: pkg/registry/rbac/role. */
export const role = defineKind({
  group: rbacGroup,
  version: 'v1',
  kind: 'Role',
  key: 'roles.rbac.authorization.k8s.io',
  model: 'V1Role',
  nameRule: 'path-segment',
  validate: ({ rules }) => validateRules(rules, true),
  columns: [nameColumn, createdColumn],
  example: {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'Role',
    metadata: { name: 'example' },
    rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get', 'watch', 'list'] }],
  },
});
