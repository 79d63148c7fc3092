import { keyOf, timestamp } from '../../apimachinery/index.ts';
import type { PersistentVolume, PersistentVolumeClaim, Pod, StorageClass } from '../../apis/index.ts';
import { cached, cachedAll, type Change } from '../../client/index.ts';
import { requeue, tell, type Control, type Controller } from '../controller.ts';
import { claimKeysOf } from '../indexes.ts';
import { annotations, bestMatch, isFor } from '../../apis/core/volume-binding.ts';

const component = 'persistentvolume-controller';

/**
 * Binds claims to volumes. Keys are `claim <key>` and `volume <name>`. It wakes waiting claims when a volume or a class appears,
 * where Kubernetes looks at all of them every 15 s; the first such look after a pod has come for a claim is made too. Kubernetes: pkg/controller/volume/persistentvolume.
 */
export const persistentVolumeController: Controller = {
  name: 'persistentvolume',
  watches: [
    {
      resource: 'persistentvolumeclaims',
      keys(_c, { type, key, object }) {
        const volume = (object as unknown as PersistentVolumeClaim).spec?.volumeName;
        return [...(type === 'DELETED' ? [] : [`claim ${key}`]), ...(volume ? [`volume ${volume}`] : [])];
      },
    },
    { resource: 'persistentvolumes', keys: keysOfVolume },
    {
      resource: 'storageclasses.storage.k8s.io',
      keys: (c, { object }) => waiting(c, (claim) => claim.spec?.storageClassName === object.metadata.name),
    },
    { resource: 'pods', keys: keysOfPod },
  ],
  reconcile(c, key) {
    const [what, name] = key.split(' ') as [string, string];
    if (what === 'claim') syncClaim(c, name);
    else syncVolume(c, name);
  },
};

function keysOfVolume(c: Control, { key, object, old }: Change): readonly string[] {
  const volume = object as unknown as PersistentVolume;
  const { claimRef, storageClassName = '' } = volume.spec ?? {};
  const keys = [`volume ${key}`];
  if (claimRef) keys.push(`claim ${claimRef.namespace}/${claimRef.name}`);
  const freed =
    volume.status?.phase === 'Available' &&
    (old as unknown as PersistentVolume | undefined)?.status?.phase !== 'Available';
  return claimRef || !freed ? keys : [...keys, ...waiting(c, (claim) => (claim.spec?.storageClassName ?? '') === storageClassName)]; // prettier-ignore
}

/** Every claim is looked at this often. Kubernetes: --pvclaimbinder-sync-period. */
const lookMs = 15_000;

/** A pod has come for a claim that waits: the next look will say whom it waits for. */
function keysOfPod(c: Control, { type, object }: Change): readonly string[] {
  if (type === 'ADDED')
    for (const key of claimKeysOf(object as unknown as Pod)) {
      const claim = cached(c.memory.caches, 'persistentvolumeclaims', key);
      if (claim && !claim.spec?.volumeName) requeue(c, `claim ${key}`, lookMs - (c.ctx.now % lookMs));
    }
  return none;
}
const none: readonly string[] = [];

/** Keys of claims without a volume. */
const waiting = (c: Control, concerns: (claim: PersistentVolumeClaim) => boolean): string[] =>
  [...cachedAll(c.memory.caches, 'persistentvolumeclaims')]
    .filter((claim) => !claim.spec?.volumeName && concerns(claim))
    .map((claim) => `claim ${keyOf(claim)}`);

function syncClaim(c: Control, key: string): void {
  const { caches } = c.memory;
  const claim = cached(caches, 'persistentvolumeclaims', key);
  if (!claim) return;
  const { volumeName, storageClassName = '' } = claim.spec ?? {};
  if (volumeName) {
    const volume = cached(caches, 'persistentvolumes', volumeName);
    if (!volume) {
      if (claim.metadata.annotations?.[annotations.bindCompleted]) lost(c, claim);
    } else if (!volume.spec?.claimRef || isFor(volume, claim)) bind(c, claim, volume);
    else {
      const message = `volume ${JSON.stringify(volumeName)} already bound to a different claim.`;
      tell(c, component, claim, 'Warning', 'FailedBinding', message);
    }
    return;
  }
  if (claim.metadata.deletionTimestamp) return;
  const storageClass = cached(caches, 'storageclasses.storage.k8s.io', storageClassName);
  const selected = claim.metadata.annotations?.[annotations.selectedNode];
  const delayed = storageClass?.volumeBindingMode === 'WaitForFirstConsumer' && selected === undefined;
  const node = selected === undefined ? undefined : cached(caches, 'nodes', selected);
  const volume = bestMatch(cachedAll(caches, 'persistentvolumes'), claim, delayed, node);
  if (volume) bind(c, claim, volume);
  else if (delayed) tellDelay(c, claim);
  else if (storageClassName === '') {
    const message = 'no persistent volumes available for this claim and no storage class is set';
    tell(c, component, claim, 'Normal', 'FailedBinding', message);
  } else provision(c, claim, storageClass);
}

/** Nobody binds before a pod has a node. */
function tellDelay(c: Control, claim: PersistentVolumeClaim): void {
  const names: string[] = [];
  for (const key of c.memory.indexes.podsByClaim.get(keyOf(claim)) ?? []) {
    const pod = cached(c.memory.caches, 'pods', key);
    if (pod && !pod.spec?.nodeName) names.push(pod.metadata.name);
  }
  if (names.length > 0) {
    const message = `waiting for pod${names.length > 1 ? 's' : ''} ${names.join(',')} to be scheduled`;
    tell(c, component, claim, 'Normal', 'WaitForPodScheduled', message);
  } else {
    const message = 'waiting for first consumer to be created before binding';
    tell(c, component, claim, 'Normal', 'WaitForFirstConsumer', message);
  }
}

/** Asks the class's provisioner for a volume, by an annotation. Kubernetes: provisionClaimOperationExternal. */
function provision(c: Control, claim: PersistentVolumeClaim, storageClass: StorageClass | undefined): void {
  const fail = (message: string): void => tell(c, component, claim, 'Warning', 'ProvisioningFailed', message);
  if (!storageClass) {
    fail(`storageclass.storage.k8s.io ${JSON.stringify(claim.spec?.storageClassName)} not found`);
    return;
  }
  const { provisioner } = storageClass;
  if (provisioner.startsWith('kubernetes.io/')) {
    fail(`no volume plugin matched name: ${provisioner}`);
    return;
  }
  if (claim.metadata.annotations?.[annotations.provisioner] !== provisioner) {
    const metadata = {
      ...claim.metadata,
      annotations: {
        ...claim.metadata.annotations,
        'volume.beta.kubernetes.io/storage-provisioner': provisioner,
        [annotations.provisioner]: provisioner,
      },
    };
    const why = { code: 'persistentvolume.provision', params: { provisioner } } as const;
    c.client.update(c.ctx, 'persistentvolumeclaims', { ...claim, metadata }, { why });
  }
  const message = `Waiting for a volume to be created either by the external provisioner '${provisioner}' or manually by the system administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered.`;
  tell(c, component, claim, 'Normal', 'ExternalProvisioning', message);
}

/** Binds both sides, the volume first: its claim, its phase, the claim's volume, its phase. Steps that are done are left out. */
function bind(c: Control, claim: PersistentVolumeClaim, volume: PersistentVolume): void {
  const why = {
    code: 'persistentvolume.bind',
    params: { volume: volume.metadata.name, claim: claim.metadata.name },
  } as const;
  const { name, namespace, uid, resourceVersion } = claim.metadata;
  let pv = volume;
  if (pv.spec!.claimRef?.uid !== uid) {
    const claimRef = { kind: 'PersistentVolumeClaim', namespace, name, uid, apiVersion: 'v1', resourceVersion };
    const metadata = pv.spec!.claimRef
      ? pv.metadata
      : { ...pv.metadata, annotations: { ...pv.metadata.annotations, [annotations.boundByController]: 'yes' } };
    pv = c.client.update(c.ctx, 'persistentvolumes', { ...pv, metadata, spec: { ...pv.spec, claimRef } }, { why });
  }
  pv = setPhase(c, pv, 'Bound');
  let pvc = claim;
  if (!pvc.metadata.annotations?.[annotations.bindCompleted]) {
    const marks = {
      ...pvc.metadata.annotations,
      [annotations.bindCompleted]: 'yes',
      ...(!pvc.spec?.volumeName && { [annotations.boundByController]: 'yes' }),
    };
    const next = {
      ...pvc,
      metadata: { ...pvc.metadata, annotations: marks },
      spec: { ...pvc.spec, volumeName: pv.metadata.name },
    };
    pvc = c.client.update(c.ctx, 'persistentvolumeclaims', next, { why });
  }
  const { phase } = pvc.status ?? {};
  if (phase === 'Bound') return;
  const { accessModes, capacity } = pv.spec!;
  const status = { phase: 'Bound', ...(accessModes && { accessModes }), ...(capacity && { capacity }) };
  c.client.updateStatus(
    c.ctx,
    'persistentvolumeclaims',
    { ...pvc, status },
    { why: { code: 'persistentvolume.status' } },
  );
}

function lost(c: Control, claim: PersistentVolumeClaim): void {
  if (claim.status?.phase === 'Lost') return;
  const why = { code: 'persistentvolume.status' } as const;
  c.client.updateStatus(c.ctx, 'persistentvolumeclaims', { ...claim, status: { phase: 'Lost' } }, { why });
  const message = 'Bound claim has lost its PersistentVolume. Data on the volume is lost!';
  tell(c, component, claim, 'Warning', 'ClaimLost', message);
}

function setPhase(c: Control, volume: PersistentVolume, phase: string): PersistentVolume {
  if (volume.status?.phase === phase) return volume;
  const status = { ...volume.status, phase, lastPhaseTransitionTime: timestamp(c.ctx.now) };
  const why = { code: 'persistentvolume.status' } as const;
  return c.client.updateStatus(c.ctx, 'persistentvolumes', { ...volume, status }, { why });
}

/** A volume is available until a claim has it, and released when that claim is gone. */
function syncVolume(c: Control, name: string): void {
  const volume = cached(c.memory.caches, 'persistentvolumes', name);
  if (!volume) return;
  const { claimRef } = volume.spec ?? {};
  if (!claimRef?.uid) {
    setPhase(c, volume, 'Available');
    return;
  }
  const key = `${claimRef.namespace}/${claimRef.name}`;
  const claim = cached(c.memory.caches, 'persistentvolumeclaims', key);
  if (claim?.metadata.uid !== claimRef.uid) {
    // A provisioner makes the volume with its claim's uid: the cache may show it before the claim.
    if (volume.status?.phase === 'Bound') setPhase(c, volume, 'Released');
  } else if (claim.spec?.volumeName === name) setPhase(c, volume, 'Bound');
  else requeue(c, `claim ${key}`);
}
