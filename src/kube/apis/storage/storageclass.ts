import {
  equal,
  type FieldError,
  forbiddenValue,
  invalidValue,
  notSupported,
  requiredValue,
} from '../../apimachinery/index.ts';
import { ageColumn } from '../cells.ts';
import { defineKind } from '../kind.ts';
import { sentences } from '../validation/basics.ts';

/** Marks the class that claims without one are given. */
export const defaultClassAnnotation = 'storageclass.kubernetes.io/is-default-class';

/** StorageClass: who makes volumes for claims, and when. Kubernetes: pkg/registry/storage/storageclass. */
export const storageClass = defineKind({
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'StorageClass',
  key: 'storageclasses.storage.k8s.io',
  model: 'V1StorageClass',
  shortNames: ['sc'],
  namespaced: false,
  defaults(storageClass) {
    storageClass.reclaimPolicy ||= 'Delete';
    storageClass.volumeBindingMode ||= 'Immediate';
  },
  validate({ provisioner, reclaimPolicy, volumeBindingMode }): FieldError[] {
    const errors = provisioner ? [] : [requiredValue('provisioner')];
    if (reclaimPolicy && !['Delete', 'Retain'].includes(reclaimPolicy))
      errors.push(notSupported('reclaimPolicy', reclaimPolicy, ['Delete', 'Retain']));
    if (volumeBindingMode && !['Immediate', 'WaitForFirstConsumer'].includes(volumeBindingMode))
      errors.push(notSupported('volumeBindingMode', volumeBindingMode, ['Immediate', 'WaitForFirstConsumer']));
    return errors;
  },
  validateUpdate(next, old) {
    const errors: FieldError[] = [];
    if (!equal(next.parameters ?? {}, old.parameters ?? {}))
      errors.push(forbiddenValue('parameters', 'updates to parameters are forbidden.'));
    if (next.provisioner !== old.provisioner)
      errors.push(forbiddenValue('provisioner', 'updates to provisioner are forbidden.'));
    for (const field of ['reclaimPolicy', 'volumeBindingMode'] as const)
      if (next[field] !== old[field]) errors.push(invalidValue(field, next[field], sentences.immutable));
    return errors;
  },
  storedOnly: ['allowedTopologies', 'mountOptions', 'parameters'],
  columns: [
    {
      name: 'Name',
      format: 'name',
      cell: ({ metadata: { name, annotations } }) =>
        annotations?.[defaultClassAnnotation] === 'true' ? `${name} (default)` : name,
    },
    { name: 'Provisioner', cell: (c) => c.provisioner },
    { name: 'ReclaimPolicy', cell: (c) => c.reclaimPolicy ?? 'Delete' },
    { name: 'VolumeBindingMode', cell: (c) => c.volumeBindingMode ?? 'Immediate' },
    { name: 'AllowVolumeExpansion', cell: (c) => c.allowVolumeExpansion ?? false },
    ageColumn,
  ],
  example: {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name: 'example' },
    provisioner: 'example.com/disk',
  },
});
