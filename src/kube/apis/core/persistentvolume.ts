import type { V1PersistentVolumeSpec } from '../../../generated/types.ts';
import {
  equal,
  type FieldError,
  forbiddenValue,
  invalidValue,
  notSupported,
  requiredValue,
} from '../../apimachinery/index.ts';
import { ageColumn, nameColumn } from '../cells.ts';
import { filled } from '../defaulting.ts';
import { defineKind } from '../kind.ts';
import { sentences } from '../validation/basics.ts';
import { accessModeErrors, storageErrors, volumeModeErrors } from '../validation/volumeclaim.ts';
import { modesText } from './persistentvolumeclaim.ts';

/** Where a volume's data may be. All of them are a directory on the node that mounts it. */
export const volumeSources = [
  'awsElasticBlockStore',
  'azureDisk',
  'azureFile',
  'cephfs',
  'cinder',
  'csi',
  'fc',
  'flexVolume',
  'flocker',
  'gcePersistentDisk',
  'glusterfs',
  'hostPath',
  'iscsi',
  'local',
  'nfs',
  'photonPersistentDisk',
  'portworxVolume',
  'quobyte',
  'rbd',
  'scaleIO',
  'storageos',
  'vsphereVolume',
] as const;

const sourcesOf = (spec: V1PersistentVolumeSpec): (typeof volumeSources)[number][] =>
  volumeSources.filter((source) => spec[source] !== undefined);

/** Kubernetes: pkg/apis/core/validation ValidatePersistentVolumeSpec. */
function validate(spec: V1PersistentVolumeSpec): FieldError[] {
  const { accessModes = [], capacity = {}, persistentVolumeReclaimPolicy: policy, volumeMode } = spec;
  const errors: FieldError[] = [];
  if (accessModes.length === 0) errors.push(requiredValue('spec.accessModes'));
  errors.push(...accessModeErrors(accessModes, 'spec.accessModes'));
  const amounts = Object.entries(capacity);
  if (amounts.length === 0) errors.push(requiredValue('spec.capacity'));
  if (capacity['storage'] === undefined || amounts.length > 1)
    errors.push(notSupported('spec.capacity', spec.capacity ?? null, ['storage']));
  for (const [name, amount] of amounts) errors.push(...storageErrors(amount, `spec.capacity[${name}]`));
  if (policy && !['Delete', 'Recycle', 'Retain'].includes(policy))
    errors.push(notSupported('spec.persistentVolumeReclaimPolicy', policy, ['Delete', 'Recycle', 'Retain']));
  const [first, ...more] = sourcesOf(spec);
  for (const source of more) errors.push(forbiddenValue(`spec.${source}`, 'may not specify more than 1 volume type'));
  if (!first) errors.push(requiredValue('spec', 'must specify a volume type'));
  if (spec.local && !spec.nodeAffinity)
    errors.push(requiredValue('spec.nodeAffinity', 'Local volume requires node affinity'));
  return [...errors, ...volumeModeErrors(volumeMode, 'spec.volumeMode')];
}

/** Kubernetes: ValidatePersistentVolumeUpdate. */
function validateUpdate(next: V1PersistentVolumeSpec, old: V1PersistentVolumeSpec): FieldError[] {
  const errors: FieldError[] = [];
  if (volumeSources.some((source) => !equal(next[source], old[source])))
    errors.push(
      forbiddenValue('spec.persistentvolumesource', 'spec.persistentvolumesource is immutable after creation'),
    );
  if (next.volumeMode !== old.volumeMode) errors.push(invalidValue('volumeMode', next.volumeMode, sentences.immutable));
  if (old.nodeAffinity && !equal(next.nodeAffinity, old.nodeAffinity))
    errors.push(invalidValue('spec.nodeAffinity', next.nodeAffinity ?? null, sentences.immutable));
  return errors;
}

/** PersistentVolume: storage that is there. Kubernetes: pkg/registry/core/persistentvolume. */
export const persistentVolume = defineKind({
  group: '',
  version: 'v1',
  kind: 'PersistentVolume',
  key: 'persistentvolumes',
  model: 'V1PersistentVolume',
  shortNames: ['pv'],
  namespaced: false,
  statusSubresource: true,
  defaults(volume) {
    const spec = volume.spec ?? {};
    volume.spec = filled(spec, {
      persistentVolumeReclaimPolicy: spec.persistentVolumeReclaimPolicy || 'Retain',
      volumeMode: spec.volumeMode || 'Filesystem',
      hostPath: spec.hostPath && filled(spec.hostPath, { type: spec.hostPath.type ?? '' }),
      claimRef:
        spec.claimRef &&
        filled(spec.claimRef, {
          kind: spec.claimRef.kind || undefined,
          apiVersion: spec.claimRef.apiVersion || undefined,
        }),
    });
    volume.status = filled(volume.status ?? {}, { phase: volume.status?.phase || 'Pending' });
  },
  prepareForCreate(volume) {
    const { creationTimestamp } = volume.metadata;
    volume.status = { phase: 'Pending', ...(creationTimestamp && { lastPhaseTransitionTime: creationTimestamp }) };
  },
  validate: ({ spec }) => validate(spec ?? {}),
  validateUpdate: (next, old) => validateUpdate(next.spec ?? {}, old.spec ?? {}),
  refs({ spec }) {
    const { name, namespace } = spec?.claimRef ?? {};
    return name ? [{ resource: 'persistentvolumeclaims', name, namespace, path: 'spec.claimRef', how: 'binds' }] : [];
  },
  storedOnly: ['spec.mountOptions', 'spec.volumeAttributesClassName'],
  columns: [
    nameColumn,
    { name: 'Capacity', cell: (v) => v.spec?.capacity?.['storage'] ?? '' },
    { name: 'Access Modes', cell: (v) => modesText(v.spec?.accessModes) },
    { name: 'Reclaim Policy', cell: (v) => v.spec?.persistentVolumeReclaimPolicy ?? '' },
    { name: 'Status', cell: (v) => (v.metadata.deletionTimestamp ? 'Terminating' : (v.status?.phase ?? '')) },
    {
      name: 'Claim',
      cell: ({ spec }) => (spec?.claimRef ? `${spec.claimRef.namespace ?? ''}/${spec.claimRef.name ?? ''}` : ''),
    },
    { name: 'StorageClass', cell: (v) => v.spec?.storageClassName ?? '' },
    { name: 'VolumeAttributesClass', cell: (v) => v.spec?.volumeAttributesClassName ?? '<unset>' },
    { name: 'Reason', cell: (v) => v.status?.reason ?? '' },
    ageColumn,
    { name: 'VolumeMode', priority: 1, cell: (v) => v.spec?.volumeMode ?? '<unset>' },
  ],
  example: {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: 'example' },
    spec: { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], hostPath: { path: '/data' } },
  },
});
