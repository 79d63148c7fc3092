import { ageColumn, nameColumn } from '../cells.ts';
import { defineKind } from '../kind.ts';

/** Lease. Kubernetes: pkg/registry/coordination/lease. */
export const lease = defineKind({
  group: 'coordination.k8s.io',
  version: 'v1',
  kind: 'Lease',
  key: 'leases.coordination.k8s.io',
  model: 'V1Lease',
  columns: [nameColumn, { name: 'Holder', cell: (l) => l.spec?.holderIdentity }, ageColumn],
  example: { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name: 'example' } },
});
