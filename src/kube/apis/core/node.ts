import { defineKind } from '../kind.ts';

/** Node. Kubernetes: pkg/registry/core/node. */
export const node = defineKind({
  group: '',
  version: 'v1',
  kind: 'Node',
  key: 'nodes',
  model: 'V1Node',
  namespaced: false,
  shortNames: ['no'],
  statusSubresource: true,
  columns: [],
  example: { apiVersion: 'v1', kind: 'Node', metadata: { name: 'example' } },
});
