import { defineKind } from '../kind.ts';

/** Endpoints. Kubernetes: pkg/registry/core/endpoints. */
export const endpoints = defineKind({
  group: '',
  version: 'v1',
  kind: 'Endpoints',
  key: 'endpoints',
  model: 'V1Endpoints',
  shortNames: ['ep'],
  columns: [],
  example: { apiVersion: 'v1', kind: 'Endpoints', metadata: { name: 'example' } },
});
