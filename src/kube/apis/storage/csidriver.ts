import { equal, type FieldError, invalidValue, notSupported } from '../../apimachinery/index.ts';
import { ageColumn, nameColumn } from '../cells.ts';
import { filled } from '../defaulting.ts';
import { defineKind } from '../kind.ts';
import { sentences } from '../validation/basics.ts';

const modes = ['Ephemeral', 'Persistent'];
const policies = ['File', 'None', 'ReadWriteOnceWithFSType'];

/** CSIDriver: how a storage driver wants to be used. Kubernetes: pkg/registry/storage/csidriver. */
export const csiDriver = defineKind({
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'CSIDriver',
  key: 'csidrivers.storage.k8s.io',
  model: 'V1CSIDriver',
  namespaced: false,
  generation: true,
  defaults(driver) {
    const spec = driver.spec ?? {};
    driver.spec = filled(spec, {
      attachRequired: spec.attachRequired ?? true,
      podInfoOnMount: spec.podInfoOnMount ?? false,
      storageCapacity: spec.storageCapacity ?? false,
      fsGroupPolicy: spec.fsGroupPolicy ?? 'ReadWriteOnceWithFSType',
      volumeLifecycleModes: spec.volumeLifecycleModes?.length ? spec.volumeLifecycleModes : ['Persistent'],
      requiresRepublish: spec.requiresRepublish ?? false,
      seLinuxMount: spec.seLinuxMount ?? false,
    });
  },
  validate({ spec }): FieldError[] {
    const errors: FieldError[] = [];
    for (const [i, mode] of (spec.volumeLifecycleModes ?? []).entries())
      if (!modes.includes(mode)) errors.push(notSupported(`spec.volumeLifecycleModes[${i}]`, mode, modes));
    if (spec.fsGroupPolicy && !policies.includes(spec.fsGroupPolicy))
      errors.push(notSupported('spec.fsGroupPolicy', spec.fsGroupPolicy, policies));
    return errors;
  },
  validateUpdate(next, old) {
    const fields = ['attachRequired', 'volumeLifecycleModes'] as const;
    return fields
      .filter((field) => !equal(next.spec[field], old.spec[field]))
      .map((field) => invalidValue(`spec.${field}`, next.spec[field], sentences.immutable));
  },
  storedOnly: ['spec'],
  columns: [
    nameColumn,
    { name: 'AttachRequired', type: 'boolean', cell: (d) => d.spec?.attachRequired ?? true },
    { name: 'PodInfoOnMount', type: 'boolean', cell: (d) => d.spec?.podInfoOnMount ?? false },
    { name: 'StorageCapacity', type: 'boolean', cell: (d) => d.spec?.storageCapacity ?? false },
    {
      name: 'TokenRequests',
      cell: (d) => d.spec?.tokenRequests?.map(({ audience }) => audience || '<unset>').join(',') || '<unset>',
    },
    { name: 'RequiresRepublish', type: 'boolean', cell: (d) => d.spec?.requiresRepublish ?? false },
    { name: 'Modes', cell: (d) => d.spec?.volumeLifecycleModes?.join(',') || undefined },
    ageColumn,
  ],
  example: {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'CSIDriver',
    metadata: { name: 'example' },
    spec: { attachRequired: false },
  },
});
