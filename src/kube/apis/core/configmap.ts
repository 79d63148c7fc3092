import { ageColumn, nameColumn } from '../cells.ts';
import { defineKind } from '../kind.ts';
import { dataKeys, immutableData } from '../validation/data.ts';

/** ConfigMap. Kubernetes: pkg/registry/core/configmap. */
export const configMap = defineKind({
  group: '',
  version: 'v1',
  kind: 'ConfigMap',
  key: 'configmaps',
  model: 'V1ConfigMap',
  shortNames: ['cm'],
  validate: ({ data, binaryData }) => dataKeys(data, binaryData),
  validateUpdate: immutableData,
  columns: [
    nameColumn,
    { name: 'Data', cell: (c) => Object.keys(c.data ?? {}).length + Object.keys(c.binaryData ?? {}).length },
    ageColumn,
  ],
  example: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'example' }, data: { key: 'value' } },
});
