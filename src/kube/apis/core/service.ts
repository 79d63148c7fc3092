import { defineKind } from '../kind.ts';

/** Service. Kubernetes: pkg/registry/core/service. */
export const service = defineKind({
  group: '',
  version: 'v1',
  kind: 'Service',
  key: 'services',
  model: 'V1Service',
  shortNames: ['svc'],
  categories: ['all'],
  statusSubresource: true,
  nameRule: 'dns1123-label',
  columns: [],
  example: { apiVersion: 'v1', kind: 'Service', metadata: { name: 'example' } },
});
