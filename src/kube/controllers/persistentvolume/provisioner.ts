import type { PersistentVolume, PersistentVolumeClaim } from '../../apis/index.ts';
import { cached, type Change } from '../../client/index.ts';
import { ownMemory, requeue, tell, type Control, type Controller } from '../controller.ts';
import { annotations, localPath } from '../../apis/core/volume-binding.ts';

const component = `${localPath}_local-path-provisioner`;
/** It starts a pod that makes the directory; here that just takes as long. */
const provisionMs = 2000;

/** Uid of a claim → since when its directory is made. */
type Memory = Map<string, number>;

/**
 * Makes and deletes volumes of the class `standard`. It stands for the provisioner that small clusters run as a Deployment.
 * Keys are `claim <key>` and `volume <name>`. Source: rancher/local-path-provisioner, sig-storage-lib-external-provisioner.
 */
export const localPathProvisioner: Controller = {
  name: 'provisioner',
  memory: (): Memory => new Map(),
  watches: [
    { resource: 'persistentvolumeclaims', keys: keysOfClaim },
    {
      resource: 'persistentvolumes',
      keys: (_c, { type, key, object }) =>
        type !== 'DELETED' && isDiscarded(object as unknown as PersistentVolume) ? [`volume ${key}`] : [],
    },
  ],
  reconcile(c, key) {
    const [what, name] = key.split(' ') as [string, string];
    if (what === 'claim') provision(c, name);
    else discard(c, name);
  },
};

const wantsVolume = ({ metadata, spec }: PersistentVolumeClaim): boolean =>
  metadata.annotations?.[annotations.provisioner] === localPath && !spec?.volumeName && !metadata.deletionTimestamp;

function keysOfClaim(c: Control, { type, key, object }: Change): readonly string[] {
  if (type === 'DELETED') ownMemory<Memory>(c).delete(object.metadata.uid);
  return type !== 'DELETED' && wantsVolume(object as unknown as PersistentVolumeClaim) ? [`claim ${key}`] : [];
}

const isDiscarded = ({ metadata, spec, status }: PersistentVolume): boolean =>
  status?.phase === 'Released' &&
  spec?.persistentVolumeReclaimPolicy === 'Delete' &&
  metadata.annotations?.[annotations.provisionedBy] === localPath &&
  !metadata.deletionTimestamp;

function provision(c: Control, key: string): void {
  const claim = cached(c.memory.caches, 'persistentvolumeclaims', key);
  if (!claim || !wantsVolume(claim)) return;
  const { uid } = claim.metadata;
  const name = `pvc-${uid}`;
  const storageClass = cached(c.memory.caches, 'storageclasses.storage.k8s.io', claim.spec?.storageClassName ?? '');
  if (!storageClass || cached(c.memory.caches, 'persistentvolumes', name)) return;
  const memory = ownMemory<Memory>(c);
  const since = memory.get(uid);
  if (since === undefined) {
    memory.set(uid, c.ctx.now);
    const message = `External provisioner is provisioning volume for claim ${JSON.stringify(key)}`;
    tell(c, component, claim, 'Normal', 'Provisioning', message);
  }
  const left = (since ?? c.ctx.now) + provisionMs - c.ctx.now;
  if (left > 0) {
    requeue(c, `claim ${key}`, left);
    return;
  }
  const node = claim.metadata.annotations?.[annotations.selectedNode];
  if (node === undefined) {
    const message = `failed to provision volume with StorageClass ${JSON.stringify(storageClass.metadata.name)}: configuration error, no node was specified`;
    tell(c, component, claim, 'Warning', 'ProvisioningFailed', message);
    return;
  }
  const why = { code: 'provisioner.create-volume', params: { claim: claim.metadata.name, node } } as const;
  c.client.create(c.ctx, 'persistentvolumes', volumeFor(claim, name, node, storageClass.reclaimPolicy ?? 'Delete'), {
    why,
  });
  memory.delete(uid);
  tell(c, component, claim, 'Normal', 'ProvisioningSucceeded', `Successfully provisioned volume ${name}`);
}

function volumeFor(
  { metadata, spec }: PersistentVolumeClaim,
  name: string,
  node: string,
  policy: string,
): PersistentVolume {
  const { namespace, name: claim, uid, resourceVersion } = metadata;
  const hostname = { key: 'kubernetes.io/hostname', operator: 'In', values: [node] };
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name, annotations: { [annotations.provisionedBy]: localPath } },
    spec: {
      capacity: { storage: spec!.resources!.requests!['storage']! },
      accessModes: spec!.accessModes,
      persistentVolumeReclaimPolicy: policy,
      storageClassName: spec!.storageClassName,
      volumeMode: spec!.volumeMode,
      claimRef: { kind: 'PersistentVolumeClaim', apiVersion: 'v1', namespace, name: claim, uid, resourceVersion },
      hostPath: { path: `/opt/local-path-provisioner/${name}_${namespace}_${claim}`, type: 'DirectoryOrCreate' },
      nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [hostname] }] } },
    },
  } as unknown as PersistentVolume;
}

/** A released volume of a class that deletes goes with its directory. */
function discard(c: Control, name: string): void {
  const volume = cached(c.memory.caches, 'persistentvolumes', name);
  if (!volume || !isDiscarded(volume)) return;
  c.client.delete(c.ctx, 'persistentvolumes', name, undefined, { why: { code: 'provisioner.delete-volume' } });
}
