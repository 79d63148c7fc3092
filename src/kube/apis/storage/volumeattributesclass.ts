import { equal, type FieldError, forbiddenValue, requiredValue } from '../../apimachinery/index.ts';
import { ageColumn, nameColumn } from '../cells.ts';
import { defineKind } from '../kind.ts';

const immutable = 'field is immutable';

/** VolumeAttributesClass: attributes that a volume may change to. Kubernetes: pkg/registry/storage/volumeattributesclass. */
export const volumeAttributesClass = defineKind({
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'VolumeAttributesClass',
  key: 'volumeattributesclasses.storage.k8s.io',
  model: 'V1VolumeAttributesClass',
  shortNames: ['vac'],
  namespaced: false,
  validate({ driverName, parameters }): FieldError[] {
    const errors: FieldError[] = driverName ? [] : [requiredValue('driverName')];
    if (Object.keys(parameters ?? {}).length === 0)
      errors.push(requiredValue('parameters', 'must contain at least one key/value pair'));
    return errors;
  },
  validateUpdate(next, old) {
    const fields = ['driverName', 'parameters'] as const;
    return fields.filter((field) => !equal(next[field], old[field])).map((field) => forbiddenValue(field, immutable));
  },
  storedOnly: ['driverName', 'parameters'],
  columns: [nameColumn, { name: 'DriverName', cell: (c) => c.driverName }, ageColumn],
  example: {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'VolumeAttributesClass',
    metadata: { name: 'example' },
    driverName: 'example.com',
    parameters: { iops: '3000' },
  },
});
