import { defineKind } from '../kind.ts';

/** Namespace. Kubernetes: pkg/registry/core/namespace. */
export const namespace = defineKind({
  group: '',
  version: 'v1',
  kind: 'Namespace',
  key: 'namespaces',
  model: 'V1Namespace',
  namespaced: false,
  shortNames: ['ns'],
  statusSubresource: true,
  columns: [],
  example: { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'example' } },
});
