import { defineKind } from '../kind.ts';

/** Deployment. Kubernetes: pkg/registry/apps/deployment. */
export const deployment = defineKind({
  group: 'apps',
  version: 'v1',
  kind: 'Deployment',
  key: 'deployments.apps',
  model: 'V1Deployment',
  shortNames: ['deploy'],
  categories: ['all'],
  statusSubresource: true,
  scale: true,
  generation: true,
  columns: [],
  example: { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'example' } },
});
