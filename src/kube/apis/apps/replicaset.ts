import { defineKind } from '../kind.ts';

/** ReplicaSet. Kubernetes: pkg/registry/apps/replicaset. */
export const replicaSet = defineKind({
  group: 'apps',
  version: 'v1',
  kind: 'ReplicaSet',
  key: 'replicasets.apps',
  model: 'V1ReplicaSet',
  shortNames: ['rs'],
  categories: ['all'],
  statusSubresource: true,
  scale: true,
  generation: true,
  columns: [],
  example: { apiVersion: 'apps/v1', kind: 'ReplicaSet', metadata: { name: 'example' } },
});
