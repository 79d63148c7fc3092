import { formatLabels, millisOf, type KubeObject } from '../../apimachinery/index.ts';
import { humanDuration } from '../../apimachinery/duration.ts';
import {
  kindOf,
  type PersistentVolume,
  type PersistentVolumeClaim,
  type Pod,
  type StorageClass,
} from '../../apis/index.ts';
import { modesText } from '../../apis/core/persistentvolumeclaim.ts';
import { defaultClassAnnotation } from '../../apis/storage/storageclass.ts';
import { annotationLines, eventLines, labelLines, type Sheet } from './sheet.ts';

/** The phase, or for how long the object has been on its way out. */
function statusText({ run }: Sheet, { metadata }: KubeObject, phase: string): string {
  if (!metadata.deletionTimestamp) return phase;
  return `Terminating (lasts ${humanDuration(run.ctx.now - millisOf(metadata.deletionTimestamp))})`;
}

const listText = (list: readonly string[] | undefined): string => `[${(list ?? []).join(' ')}]`;

/** `kubectl describe pvc`. Kubernetes: describePersistentVolumeClaim. */
export function describePersistentVolumeClaim(sheet: Sheet, object: KubeObject): void {
  const { metadata, spec, status } = object as unknown as PersistentVolumeClaim;
  sheet.line(0, `Name:\t${metadata.name}`);
  sheet.line(0, `Namespace:\t${metadata.namespace}`);
  sheet.line(0, `StorageClass:\t${spec?.storageClassName ?? ''}`);
  sheet.line(0, `Status:\t${statusText(sheet, object, status?.phase ?? '')}`);
  sheet.line(0, `Volume:\t${spec?.volumeName ?? ''}`);
  labelLines(sheet, 'Labels', metadata.labels);
  annotationLines(sheet, 'Annotations', metadata.annotations);
  sheet.line(0, `Finalizers:\t${listText(metadata.finalizers)}`);
  sheet.line(0, `Capacity:\t${(spec?.volumeName && status?.capacity?.['storage']) || ''}`);
  sheet.line(0, `Access Modes:\t${spec?.volumeName ? modesText(status?.accessModes) : ''}`);
  if (spec?.volumeMode) sheet.line(0, `VolumeMode:\t${spec.volumeMode}`);
  const users = (sheet.run.client.list(sheet.run.ctx, 'pods', metadata.namespace) as readonly Pod[])
    .filter((pod) => pod.spec?.volumes?.some((v) => v.persistentVolumeClaim?.claimName === metadata.name))
    .map((pod) => pod.metadata.name);
  sheet.line(0, `Used By:\t${users[0] ?? '<none>'}`);
  for (const name of users.slice(1)) sheet.line(0, `\t${name}`);
  eventLines(sheet, kindOf('persistentvolumeclaims')!, object);
}

/** `kubectl describe pv`. Kubernetes: describePersistentVolume. */
export function describePersistentVolume(sheet: Sheet, object: KubeObject): void {
  const { metadata, spec, status } = object as unknown as PersistentVolume;
  sheet.line(0, `Name:\t${metadata.name}`);
  labelLines(sheet, 'Labels', metadata.labels);
  annotationLines(sheet, 'Annotations', metadata.annotations);
  sheet.line(0, `Finalizers:\t${listText(metadata.finalizers)}`);
  sheet.line(0, `StorageClass:\t${spec?.storageClassName ?? ''}`);
  sheet.line(0, `Status:\t${statusText(sheet, object, status?.phase ?? '')}`);
  sheet.line(0, `Claim:\t${spec?.claimRef ? `${spec.claimRef.namespace}/${spec.claimRef.name}` : ''}`);
  sheet.line(0, `Reclaim Policy:\t${spec?.persistentVolumeReclaimPolicy ?? ''}`);
  sheet.line(0, `Access Modes:\t${modesText(spec?.accessModes)}`);
  if (spec?.volumeMode) sheet.line(0, `VolumeMode:\t${spec.volumeMode}`);
  sheet.line(0, `Capacity:\t${spec?.capacity?.['storage'] ?? ''}`);
  const terms = spec?.nodeAffinity?.required?.nodeSelectorTerms;
  sheet.line(0, `Node Affinity:\t${terms ? '' : '<none>'}`);
  if (terms) sheet.line(1, `Required Terms:\t${terms.length > 0 ? '' : '<none>'}`);
  for (const [i, { matchExpressions = [] }] of (terms ?? []).entries()) {
    const said = matchExpressions.map(
      ({ key, operator, values }) =>
        `${key} ${operator.toLowerCase()}${values?.length ? ` [${values.join(', ')}]` : ''}`,
    );
    sheet.line(2, `Term ${i}:\t${said[0] ?? '<none>'}`);
    for (const text of said.slice(1)) sheet.line(2, `\t${text}`);
  }
  sheet.line(0, `Message:\t${status?.message ?? ''}`);
  sheet.line(0, 'Source:');
  for (const text of sourceLines(spec ?? {})) sheet.line(2, text);
  eventLines(sheet, kindOf('persistentvolumes')!, object);
}

function sourceLines({ hostPath, local }: NonNullable<PersistentVolume['spec']>): string[] {
  if (hostPath)
    return [
      'Type:\tHostPath (bare host directory volume)',
      `Path:\t${hostPath.path}`,
      `HostPathType:\t${hostPath.type ?? ''}`,
    ];
  if (local)
    return ['Type:\tLocalVolume (a persistent volume backed by local storage on a node)', `Path:\t${local.path}`];
  return ['<unknown>'];
}

/** `kubectl describe storageclass`. Kubernetes: StorageClassDescriber. */
export function describeStorageClass(sheet: Sheet, object: KubeObject): void {
  const storageClass = object as unknown as StorageClass;
  const { annotations } = storageClass.metadata;
  sheet.line(0, `Name:\t${storageClass.metadata.name}`);
  sheet.line(0, `IsDefaultClass:\t${annotations?.[defaultClassAnnotation] === 'true' ? 'Yes' : 'No'}`);
  sheet.line(0, `Annotations:\t${formatLabels(annotations)}`);
  sheet.line(0, `Provisioner:\t${storageClass.provisioner}`);
  sheet.line(0, `Parameters:\t${formatLabels(storageClass.parameters)}`);
  const { allowVolumeExpansion: expands, mountOptions = [] } = storageClass;
  sheet.line(0, `AllowVolumeExpansion:\t${expands === undefined ? '<unset>' : expands ? 'True' : 'False'}`);
  sheet.line(0, `MountOptions:${mountOptions.length === 0 ? '\t<none>' : ''}`);
  for (const option of mountOptions) sheet.line(1, option);
  sheet.line(0, `ReclaimPolicy:\t${storageClass.reclaimPolicy ?? ''}`);
  sheet.line(0, `VolumeBindingMode:\t${storageClass.volumeBindingMode ?? ''}`);
  eventLines(sheet, kindOf('storageclasses.storage.k8s.io')!, object);
}
