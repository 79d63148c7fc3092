import { defineKind } from '../kind.ts';

/** ConfigMap. Kubernetes: pkg/registry/core/configmap. */
export const configMap = defineKind({
  group: '',
  version: 'v1',
  kind: 'ConfigMap',
  key: 'configmaps',
  model: 'V1ConfigMap',
  shortNames: ['cm'],
  columns: [],
  example: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'example' } },
});
