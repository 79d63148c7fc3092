import type { RbacV1Subject, V1RoleRef } from '../../../generated/types.ts';
import { ageColumn, nameColumn } from '../cells.ts';
import { filled } from '../defaulting.ts';
import type { Column, Ref } from '../kind.ts';
import { rbacGroup } from '../validation/rbac.ts';

/** What a RoleBinding and a ClusterRoleBinding have in common. */
export interface Binding {
  metadata: { readonly namespace?: string | undefined };
  roleRef: V1RoleRef;
  subjects?: RbacV1Subject[] | undefined;
}

/** Users, groups and roles are of the RBAC group unless said otherwise. Kubernetes: pkg/apis/rbac/v1/defaults.go. */
export function defaultBinding(binding: Binding): void {
  const { roleRef, subjects } = binding;
  if (roleRef && !roleRef.apiGroup) binding.roleRef = filled(roleRef, { apiGroup: rbacGroup });
  if (subjects?.some((s) => !s.apiGroup && (s.kind === 'User' || s.kind === 'Group')))
    binding.subjects = subjects.map((subject) =>
      subject.kind === 'User' || subject.kind === 'Group'
        ? { ...subject, apiGroup: subject.apiGroup || rbacGroup }
        : subject,
    );
}

const named =
  (kind: string) =>
  ({ subjects }: Binding): string =>
    (subjects ?? [])
      .filter((subject) => subject.kind === kind)
      .map(({ name, namespace }) => (kind === 'ServiceAccount' ? `${namespace ?? ''}/${name}` : name))
      .join(', ');

/** Columns of both bindings. Kubernetes: pkg/printers/internalversion printRoleBinding. */
export const bindingColumns: readonly Column<Binding>[] = [
  nameColumn as unknown as Column<Binding>,
  { name: 'Role', cell: ({ roleRef }) => (roleRef ? `${roleRef.kind}/${roleRef.name}` : '') },
  ageColumn as unknown as Column<Binding>,
  { name: 'Users', priority: 1, cell: named('User') },
  { name: 'Groups', priority: 1, cell: named('Group') },
  { name: 'ServiceAccounts', priority: 1, cell: named('ServiceAccount') },
];

/** The role and the accounts that a binding is about. */
export function bindingRefs({ metadata, roleRef, subjects }: Binding): Ref[] {
  const role: Ref[] =
    roleRef?.kind === 'Role' || roleRef?.kind === 'ClusterRole'
      ? [
          {
            resource: roleRef.kind === 'Role' ? `roles.${rbacGroup}` : `clusterroles.${rbacGroup}`,
            name: roleRef.name,
            ...(roleRef.kind === 'Role' && { namespace: metadata.namespace }),
            path: 'roleRef',
            how: 'role',
          },
        ]
      : [];
  const accounts = (subjects ?? []).flatMap(({ kind, name, namespace = metadata.namespace }, i): Ref[] =>
    kind === 'ServiceAccount' && namespace
      ? [{ resource: 'serviceaccounts', name, namespace, path: `subjects[${i}]`, how: 'subject' }]
      : [],
  );
  return [...role, ...accounts];
}
