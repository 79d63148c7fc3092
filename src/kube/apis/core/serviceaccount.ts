import { ageColumn, nameColumn } from '../cells.ts';
import { defineKind } from '../kind.ts';

/** ServiceAccount. Kubernetes: pkg/registry/core/serviceaccount. */
export const serviceAccount = defineKind({
  group: '',
  version: 'v1',
  kind: 'ServiceAccount',
  key: 'serviceaccounts',
  model: 'V1ServiceAccount',
  shortNames: ['sa'],
  refs: (account) =>
    (['secrets', 'imagePullSecrets'] as const).flatMap((list) =>
      (account[list] ?? []).flatMap(({ name }, i) =>
        name
          ? [{ resource: 'secrets', name, namespace: account.metadata.namespace, path: `${list}[${i}]`, how: list }]
          : [],
      ),
    ),
  storedOnly: ['secrets'],
  columns: [nameColumn, ageColumn],
  example: { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'example' } },
});
