import { compareQuantity, matchesSelector } from '../../apimachinery/index.ts';
import type { Node, PersistentVolume, PersistentVolumeClaim } from '../index.ts';
import { termMatches } from './nodeaffinity.ts';

/** Annotations by which binder, scheduler and provisioner speak to each other. */
export const annotations = {
  bindCompleted: 'pv.kubernetes.io/bind-completed',
  boundByController: 'pv.kubernetes.io/bound-by-controller',
  provisionedBy: 'pv.kubernetes.io/provisioned-by',
  selectedNode: 'volume.kubernetes.io/selected-node',
  provisioner: 'volume.kubernetes.io/storage-provisioner',
} as const;

/** The provisioner that the class `standard` names: volumes are directories on the node that the scheduler has chosen. */
export const localPath = 'rancher.io/local-path';

/** Whether a volume is meant for a claim, and for this one of that name. */
export function isFor({ spec }: PersistentVolume, { metadata }: PersistentVolumeClaim): boolean {
  const { name, namespace, uid } = spec?.claimRef ?? {};
  return name === metadata.name && namespace === metadata.namespace && (!uid || uid === metadata.uid);
}

/** Whether a volume can be used on a node. */
export const reaches = ({ spec }: PersistentVolume, node: Node): boolean =>
  !spec?.nodeAffinity?.required || spec.nodeAffinity.required.nodeSelectorTerms.some((term) => termMatches(term, node));

/**
 * The volume for a claim: the one that names it, else the smallest free one that has what is asked for. With `delayed` only the
 * former; with a node only volumes that can be used there. Kubernetes: component-helpers/storage/volume FindMatchingVolume.
 */
export function bestMatch(
  volumes: Iterable<PersistentVolume>,
  claim: PersistentVolumeClaim,
  delayed: boolean,
  node?: Node,
): PersistentVolume | undefined {
  const { storageClassName = '', accessModes = [], resources, volumeMode = 'Filesystem', selector } = claim.spec ?? {};
  const wanted = resources?.requests?.['storage'] ?? '0';
  let best: PersistentVolume | undefined;
  for (const volume of volumes) {
    const { spec, status, metadata } = volume;
    const size = spec?.capacity?.['storage'] ?? '0';
    if ((spec?.volumeMode ?? 'Filesystem') !== volumeMode || metadata.deletionTimestamp) continue;
    if (spec?.claimRef) {
      if (isFor(volume, claim) && compareQuantity(size, wanted) >= 0) return volume;
      continue;
    }
    if (delayed || status?.phase !== 'Available' || (spec?.storageClassName ?? '') !== storageClassName) continue;
    if (!accessModes.every((mode) => spec?.accessModes?.includes(mode))) continue;
    if (selector && !matchesSelector(selector, metadata.labels)) continue;
    if (compareQuantity(size, wanted) < 0 || (node && !reaches(volume, node))) continue;
    if (!best || compareQuantity(size, best.spec?.capacity?.['storage'] ?? '0') < 0) best = volume;
  }
  return best;
}
