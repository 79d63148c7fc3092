import { compareQuantity, forbidden, millisOf, type KubeObject } from '../../apimachinery/index.ts';
import type { PersistentVolumeClaim, StorageClass } from '../../apis/index.ts';
import { defaultClassAnnotation } from '../../apis/storage/storageclass.ts';
import { range } from '../../etcd/etcd.ts';
import type { Call } from '../call.ts';

/** Keeps a claim, or a volume, until nobody uses it any more. Kubernetes: StorageObjectInUseProtection. */
export const claimFinalizer = 'kubernetes.io/pvc-protection';
export const volumeFinalizer = 'kubernetes.io/pv-protection';

function protect(object: KubeObject, finalizer: string): KubeObject {
  const finalizers = object.metadata.finalizers ?? [];
  if (finalizers.includes(finalizer)) return object;
  return { ...object, metadata: { ...object.metadata, finalizers: [...finalizers, finalizer] } };
}

/** A new volume is protected from the start. */
export const admitVolume = (object: KubeObject): KubeObject => protect(object, volumeFinalizer);

/**
 * Protects a new claim, and gives one that names no class the default one; of several the newest.
 * Kubernetes: plugin/pkg/admission/storage.
 */
export function admitClaim(call: Call, object: KubeObject): KubeObject {
  const admitted = protect(object, claimFinalizer);
  const { spec } = object as unknown as PersistentVolumeClaim;
  if (spec?.storageClassName !== undefined) return admitted;
  let chosen: StorageClass | undefined;
  for (const entry of range(call.etcd, 'storageclasses.storage.k8s.io').values()) {
    const candidate = entry as unknown as StorageClass;
    if (candidate.metadata.annotations?.[defaultClassAnnotation] !== 'true') continue;
    if (!chosen || born(candidate) > born(chosen)) chosen = candidate;
  }
  return chosen ? { ...admitted, spec: { ...spec, storageClassName: chosen.metadata.name } } : admitted;
}

const born = ({ metadata }: StorageClass): number => millisOf(metadata.creationTimestamp);

const onlyProvisioned =
  'only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize';

/**
 * A claim that is bound may ask for more only when its class says that its volumes can grow.
 * Kubernetes: plugin/pkg/admission/storage/persistentvolume/resize.
 */
export function admitClaimUpdate({ etcd }: Call, object: KubeObject, before: KubeObject): void {
  const [claim, old] = [object, before] as unknown as [PersistentVolumeClaim, PersistentVolumeClaim];
  if (compareQuantity(sizeOf(claim), sizeOf(old)) <= 0) return;
  const { storageClassName = '' } = old.spec ?? {};
  const found = range(etcd, 'storageclasses.storage.k8s.io').get(storageClassName);
  if (claim.spec?.storageClassName === storageClassName && found?.['allowVolumeExpansion'] === true) return;
  throw forbidden('', 'persistentvolumeclaims', object.metadata.name, onlyProvisioned);
}

const sizeOf = ({ spec }: PersistentVolumeClaim): string => spec?.resources?.requests?.['storage'] ?? '0';
