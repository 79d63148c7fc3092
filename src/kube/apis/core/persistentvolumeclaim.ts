import type { V1PersistentVolumeClaim, V1PersistentVolumeClaimSpec } from '../../../generated/types.ts';
import {
  compareQuantity,
  equal,
  type FieldError,
  forbiddenValue,
  invalidValue,
  requiredValue,
} from '../../apimachinery/index.ts';
import { ageColumn, nameColumn } from '../cells.ts';
import { filled } from '../defaulting.ts';
import { defineKind } from '../kind.ts';
import { labelSelector, sentences } from '../validation/basics.ts';
import { accessModeErrors, storageErrors, volumeModeErrors } from '../validation/volumeclaim.ts';
import { claimDiff } from './persistentvolumeclaim-diff.ts';

const shortModes: Readonly<Record<string, string>> = {
  ReadWriteOnce: 'RWO',
  ReadOnlyMany: 'ROX',
  ReadWriteMany: 'RWX',
  ReadWriteOncePod: 'RWOP',
};

/** `RWO,ROX`: access modes as kubectl prints them. */
export const modesText = (modes: readonly string[] | undefined): string =>
  Object.keys(shortModes)
    .filter((mode) => modes?.includes(mode))
    .map((mode) => shortModes[mode])
    .join(',');

/** Kubernetes: pkg/apis/core/validation ValidatePersistentVolumeClaimSpec. */
function validate({ accessModes = [], selector, resources, volumeMode }: V1PersistentVolumeClaimSpec): FieldError[] {
  const errors: FieldError[] = [];
  if (accessModes.length === 0) errors.push(requiredValue('spec.accessModes', 'at least 1 access mode is required'));
  if (selector) errors.push(...labelSelector(selector, 'spec.selector'));
  errors.push(...accessModeErrors(accessModes, 'spec.accessModes'));
  const storage = resources?.requests?.['storage'];
  if (storage === undefined) errors.push(requiredValue('spec.resources[storage]'));
  else errors.push(...storageErrors(storage, 'spec.resources[storage]'));
  return [...errors, ...volumeModeErrors(volumeMode, 'spec.volumeMode')];
}

/** What of a claim may change: the volume once, the size of a bound one. Kubernetes: ValidatePersistentVolumeClaimUpdate. */
function validateUpdate(next: V1PersistentVolumeClaim, old: V1PersistentVolumeClaim): FieldError[] {
  const errors: FieldError[] = [];
  const [to, from] = [next.spec ?? {}, old.spec ?? {}];
  const free = {
    ...(!from.volumeName && { volumeName: to.volumeName }),
    ...(from.storageClassName === undefined && { storageClassName: to.storageClassName }),
    ...(old.status?.phase === 'Bound' && { resources: to.resources }),
  };
  const allowed = { ...from, ...free };
  if (!equal(to, allowed))
    errors.push(
      forbiddenValue(
        'spec',
        `spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims\n${claimDiff(allowed, to)}`,
      ),
    );
  const [size, before] = [to.resources?.requests?.['storage'], from.resources?.requests?.['storage']];
  const capacity = old.status?.capacity?.['storage'];
  if (size && before && compareQuantity(size, before) < 0 && compareQuantity(size, capacity ?? '0') <= 0)
    errors.push(forbiddenValue('spec.resources.requests.storage', 'field can not be less than status.capacity'));
  if (to.volumeMode !== from.volumeMode) errors.push(invalidValue('volumeMode', to.volumeMode, sentences.immutable));
  return errors;
}

/** PersistentVolumeClaim: storage that is asked for. Kubernetes: pkg/registry/core/persistentvolumeclaim. */
export const persistentVolumeClaim = defineKind({
  group: '',
  version: 'v1',
  kind: 'PersistentVolumeClaim',
  key: 'persistentvolumeclaims',
  model: 'V1PersistentVolumeClaim',
  shortNames: ['pvc'],
  statusSubresource: true,
  defaults(claim) {
    claim.spec = filled(claim.spec ?? {}, { volumeMode: claim.spec?.volumeMode || 'Filesystem' });
    claim.status = filled(claim.status ?? {}, { phase: claim.status?.phase || 'Pending' });
  },
  prepareForCreate(claim) {
    claim.status = { phase: 'Pending' };
  },
  validate: ({ spec }) => validate(spec ?? {}),
  validateUpdate,
  refs({ metadata: { namespace }, spec }) {
    const { volumeName, storageClassName } = spec ?? {};
    return [
      ...(volumeName ? [{ resource: 'persistentvolumes', name: volumeName, path: 'spec.volumeName', how: 'binds' }] : []),
      ...(storageClassName
        ? [{ resource: 'storageclasses.storage.k8s.io', name: storageClassName, namespace, path: 'spec.storageClassName', how: 'class' }]
        : []),
    ]; // prettier-ignore
  },
  storedOnly: ['spec.dataSource', 'spec.dataSourceRef', 'spec.resources.limits', 'spec.volumeAttributesClassName'],
  columns: [
    nameColumn,
    { name: 'Status', cell: (c) => (c.metadata.deletionTimestamp ? 'Terminating' : (c.status?.phase ?? '')) },
    { name: 'Volume', cell: (c) => c.spec?.volumeName ?? '' },
    { name: 'Capacity', cell: (c) => (c.spec?.volumeName && c.status?.capacity?.['storage']) || '' },
    { name: 'Access Modes', cell: (c) => (c.spec?.volumeName ? modesText(c.status?.accessModes) : '') },
    { name: 'StorageClass', cell: (c) => c.spec?.storageClassName ?? '' },
    { name: 'VolumeAttributesClass', cell: (c) => c.spec?.volumeAttributesClassName ?? '<unset>' },
    ageColumn,
    { name: 'VolumeMode', priority: 1, cell: (c) => c.spec?.volumeMode ?? '<unset>' },
  ],
  example: {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'example' },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  },
});
