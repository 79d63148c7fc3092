import { defineKind } from '../kind.ts';

/** Secret. Kubernetes: pkg/registry/core/secret. */
export const secret = defineKind({
  group: '',
  version: 'v1',
  kind: 'Secret',
  key: 'secrets',
  model: 'V1Secret',
  columns: [],
  example: { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'example' } },
});
