import { equal, type FieldError, invalidValue, requiredValue } from '../../apimachinery/index.ts';
import { nameColumn } from '../cells.ts';
import { defineKind } from '../kind.ts';
import { labelSelector, sentences } from '../validation/basics.ts';

/** CSIStorageCapacity: how much a storage driver can still give. Kubernetes: pkg/registry/storage/csistoragecapacity. */
export const csiStorageCapacity = defineKind({
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'CSIStorageCapacity',
  resource: 'csistoragecapacities',
  key: 'csistoragecapacities.storage.k8s.io',
  model: 'V1CSIStorageCapacity',
  validate({ nodeTopology, storageClassName }): FieldError[] {
    const errors = nodeTopology ? labelSelector(nodeTopology, 'nodeTopology') : [];
    return storageClassName ? errors : [...errors, requiredValue('storageClassName')];
  },
  validateUpdate(next, old) {
    const fields = ['nodeTopology', 'storageClassName'] as const;
    return fields
      .filter((field) => !equal(next[field], old[field]))
      .map((field) => invalidValue(field, next[field], sentences.immutable));
  },
  storedOnly: ['capacity', 'maximumVolumeSize', 'nodeTopology', 'storageClassName'],
  columns: [
    nameColumn,
    { name: 'StorageClassName', cell: (c) => c.storageClassName },
    { name: 'Capacity', cell: (c) => c.capacity ?? '<unset>' },
  ],
  example: {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'CSIStorageCapacity',
    metadata: { name: 'example' },
    storageClassName: 'standard',
    capacity: '10Gi',
  },
});
