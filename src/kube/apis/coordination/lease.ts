import { defineKind } from '../kind.ts';

/** Lease. Kubernetes: pkg/registry/coordination/lease. */
export const lease = defineKind({
  group: 'coordination.k8s.io',
  version: 'v1',
  kind: 'Lease',
  key: 'leases.coordination.k8s.io',
  model: 'V1Lease',
  columns: [],
  example: { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name: 'example' } },
});
