import { equal, type FieldError, invalidValue, requiredValue } from '../../apimachinery/index.ts';
import { ageColumn, nameColumn } from '../cells.ts';
import { defineKind } from '../kind.ts';
import { sentences } from '../validation/basics.ts';

/** VolumeAttachment: a volume that shall be attached to a node. Kubernetes: pkg/registry/storage/volumeattachment. */
export const volumeAttachment = defineKind({
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'VolumeAttachment',
  key: 'volumeattachments.storage.k8s.io',
  model: 'V1VolumeAttachment',
  namespaced: false,
  statusSubresource: true,
  defaults(attachment) {
    // What the model requires is always there, also when it was left out.
    attachment.status ??= { attached: false };
  },
  validate({ spec }): FieldError[] {
    const errors: FieldError[] = [];
    if (!spec?.attacher) errors.push(requiredValue('spec.attacher'));
    const { inlineVolumeSpec, persistentVolumeName } = spec?.source ?? {};
    if (!inlineVolumeSpec && !persistentVolumeName)
      errors.push(
        requiredValue('spec.source', 'must specify exactly one of inlineVolumeSpec and persistentVolumeName'),
      );
    else if (persistentVolumeName === '')
      errors.push(requiredValue('spec.source.persistentVolumeName', 'must specify non empty persistentVolumeName'));
    if (!spec?.nodeName) errors.push(requiredValue('spec.nodeName'));
    return errors;
  },
  validateUpdate: (next, old) =>
    equal(next.spec, old.spec) ? [] : [invalidValue('spec', next.spec, sentences.immutable)],
  storedOnly: ['spec'],
  columns: [
    nameColumn,
    { name: 'Attacher', cell: (a) => a.spec?.attacher },
    { name: 'PV', cell: (a) => a.spec?.source?.persistentVolumeName ?? '' },
    { name: 'Node', cell: (a) => a.spec?.nodeName },
    { name: 'Attached', type: 'boolean', cell: (a) => a.status?.attached ?? false },
    ageColumn,
  ],
  example: {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'VolumeAttachment',
    metadata: { name: 'example' },
    spec: { attacher: 'example.com', nodeName: 'node-1', source: { persistentVolumeName: 'example' } },
  },
});
