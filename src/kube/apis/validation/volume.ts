import type { V1KeyToPath, V1Volume } from '../../../generated/types.ts';
import {
  duplicateValue,
  type FieldError,
  forbiddenValue,
  invalidValue,
  isDns1123Label,
  nanoOf,
  requiredValue,
} from '../../apimachinery/index.ts';
import { localPath } from './container.ts';

/** Volumes of a pod; fills `names` with those that may be mounted. Kubernetes: ValidateVolumes. */
export function volumes(list: readonly V1Volume[], path: string, names: Set<string>): FieldError[] {
  const errors: FieldError[] = [];
  for (const [i, volume] of list.entries()) {
    const at = `${path}[${i}]`;
    const before = errors.length;
    errors.push(...source(volume, at));
    if (!volume.name) errors.push(requiredValue(`${at}.name`));
    else for (const reason of isDns1123Label(volume.name)) errors.push(invalidValue(`${at}.name`, volume.name, reason));
    if (names.has(volume.name)) errors.push(duplicateValue(`${at}.name`, volume.name));
    if (errors.length === before) names.add(volume.name);
  }
  return errors;
}

/** Exactly one source. The order is that in which Kubernetes looks at them. */
const sourceOrder = [
  'emptyDir',
  'hostPath',
  'gitRepo',
  'gcePersistentDisk',
  'awsElasticBlockStore',
  'secret',
  'nfs',
  'iscsi',
  'glusterfs',
  'flocker',
  'rbd',
  'cinder',
  'cephfs',
  'quobyte',
  'downwardAPI',
  'fc',
  'flexVolume',
  'configMap',
  'azureFile',
  'vsphereVolume',
  'persistentVolumeClaim',
  'projected',
  'scaleIO',
  'azureDisk',
  'storageos',
  'csi',
  'ephemeral',
  'image',
] as const;

function source(volume: V1Volume, at: string): FieldError[] {
  const errors: FieldError[] = [];
  const given = new Set<string>(
    Object.keys(volume).filter((key) => key !== 'name' && volume[key as keyof V1Volume] !== undefined),
  );
  let count = 0;
  for (const name of sourceOrder) {
    if (!given.has(name)) continue;
    errors.push(
      ...(count++ > 0
        ? [forbiddenValue(`${at}.${name}`, 'may not specify more than 1 volume type')]
        : check(volume, name, `${at}.${name}`)),
    );
  }
  if (count === 0) errors.push(requiredValue(at, 'must specify a volume type'));
  return errors;
}

function check(volume: V1Volume, name: (typeof sourceOrder)[number], at: string): FieldError[] {
  switch (name) {
    case 'emptyDir': {
      const limit = volume.emptyDir!.sizeLimit;
      return limit !== undefined && nanoOf(limit) < 0n
        ? [forbiddenValue(`${at}.sizeLimit`, 'SizeLimit field must be a valid resource quantity')]
        : [];
    }
    case 'hostPath':
      return volume.hostPath!.path ? [] : [requiredValue(`${at}.path`)];
    case 'secret':
      return [
        ...(volume.secret!.secretName ? [] : [requiredValue(`${at}.secretName`)]),
        ...mode(volume.secret!.defaultMode, `${at}.defaultMode`),
        ...items(volume.secret!.items ?? [], `${at}.items`),
      ];
    case 'configMap':
      return [
        ...(volume.configMap!.name ? [] : [requiredValue(`${at}.name`)]),
        ...mode(volume.configMap!.defaultMode, `${at}.defaultMode`),
        ...items(volume.configMap!.items ?? [], `${at}.items`),
      ];
    case 'persistentVolumeClaim':
      return volume.persistentVolumeClaim!.claimName ? [] : [requiredValue(`${at}.claimName`)];
    case 'nfs':
      return [
        ...(volume.nfs!.server ? [] : [requiredValue(`${at}.server`)]),
        ...(volume.nfs!.path ? [] : [requiredValue(`${at}.path`)]),
      ];
    default:
      return [];
  }
}

const mode = (value: number | undefined, at: string): FieldError[] =>
  value !== undefined && (value < 0 || value > 0o777)
    ? [invalidValue(at, value, 'must be a number between 0 and 0777 (octal), both inclusive')]
    : [];

function items(list: readonly V1KeyToPath[], path: string): FieldError[] {
  return list.flatMap((item, i) => [
    ...(item.key ? [] : [requiredValue(`${path}[${i}].key`)]),
    ...(item.path ? localPath(item.path, `${path}[${i}].path`) : [requiredValue(`${path}[${i}].path`)]),
    ...mode(item.mode, `${path}[${i}].mode`),
  ]);
}
