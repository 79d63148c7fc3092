import { isReason, keyOf, type KubeObject } from '../../apimachinery/index.ts';
import type { PersistentVolume, Pod } from '../../apis/index.ts';
import { cached, type Change } from '../../client/index.ts';
import type { Control, Controller } from '../controller.ts';
import { claimKeysOf } from '../indexes.ts';

const claimFinalizer = 'kubernetes.io/pvc-protection';
const volumeFinalizer = 'kubernetes.io/pv-protection';

const isHeld = ({ metadata }: KubeObject, finalizer: string): boolean =>
  metadata.deletionTimestamp !== undefined && metadata.finalizers?.includes(finalizer) === true;

/**
 * Lets a deleted claim go when no scheduled pod uses it any more, and a deleted volume when no claim has it. Keys are
 * `claim <key>` and `volume <name>`. Kubernetes: pkg/controller/volume/pvcprotection, pvprotection.
 */
export const storageProtection: Controller = {
  name: 'storageprotection',
  watches: [
    { resource: 'persistentvolumeclaims', keys: (_c, change) => (change.type !== 'DELETED' && isHeld(change.object, claimFinalizer) ? [`claim ${change.key}`] : []) }, // prettier-ignore
    { resource: 'persistentvolumes', keys: (_c, change) => (change.type !== 'DELETED' && isHeld(change.object, volumeFinalizer) ? [`volume ${change.key}`] : []) }, // prettier-ignore
    { resource: 'pods', keys: keysOfPod },
  ],
  reconcile(c, key) {
    const [what, name] = key.split(' ') as [string, string];
    if (what === 'volume') {
      const volume = cached(c.memory.caches, 'persistentvolumes', name);
      if (volume && isHeld(volume as never, volumeFinalizer) && (volume as PersistentVolume).status?.phase !== 'Bound')
        release(c, 'persistentvolumes', volume, volumeFinalizer);
      return;
    }
    const claim = cached(c.memory.caches, 'persistentvolumeclaims', name);
    if (!claim || !isHeld(claim as never, claimFinalizer)) return;
    for (const podKey of c.memory.indexes.podsByClaim.get(keyOf(claim)) ?? [])
      if (cached(c.memory.caches, 'pods', podKey)?.spec?.nodeName) return;
    release(c, 'persistentvolumeclaims', claim, claimFinalizer);
  },
};

/** Claims that a pod has given up. */
function keysOfPod(c: Control, { type, object }: Change): readonly string[] {
  if (type !== 'DELETED') return [];
  return claimKeysOf(object as unknown as Pod)
    .filter((key) => {
      const claim = cached(c.memory.caches, 'persistentvolumeclaims', key);
      return claim && isHeld(claim as never, claimFinalizer);
    })
    .map((key) => `claim ${key}`);
}

function release(
  c: Control,
  resource: 'persistentvolumes' | 'persistentvolumeclaims',
  object: { readonly metadata: KubeObject['metadata'] },
  finalizer: string,
): void {
  const finalizers = object.metadata.finalizers!.filter((f) => f !== finalizer);
  const next = { ...object, metadata: { ...object.metadata, finalizers } };
  try {
    c.client.update(c.ctx, resource, next as never, { why: { code: 'storageprotection.release' } });
  } catch (error) {
    if (!isReason(error, 'NotFound')) throw error;
  }
}
