import type { Context } from '../../../kernel/index.ts';
import { annotations, bestMatch, reaches } from '../../apis/core/volume-binding.ts';
import type { PersistentVolume, PersistentVolumeClaim, Pod, StorageClass } from '../../apis/index.ts';
import { cached, cachedAll, type Caches, type Client } from '../../client/index.ts';
import { rejection, type Plugin } from '../framework.ts';

const wrongNode = rejection(true, "node(s) didn't match PersistentVolume's node affinity");
const noVolume = rejection(true, "node(s) didn't find available persistent volumes to bind");

/** What the claims of a pod allow. */
interface Needs {
  /** Volumes that are bound already: they may be usable on some nodes only. */
  readonly volumes: readonly PersistentVolume[];
  /** Claims that wait until their pod has a node. */
  readonly delayed: readonly PersistentVolumeClaim[];
  readonly caches: Caches;
}

/** What a pod needs, or why it must not be scheduled at all. */
function needsOf(pod: Pod, caches: Caches): Needs | { readonly reject: string } {
  const volumes: PersistentVolume[] = [];
  const delayed: PersistentVolumeClaim[] = [];
  for (const { persistentVolumeClaim } of pod.spec?.volumes ?? []) {
    if (!persistentVolumeClaim) continue;
    const name = persistentVolumeClaim.claimName;
    const claim = cached(caches, 'persistentvolumeclaims', `${pod.metadata.namespace}/${name}`);
    const called = `persistentvolumeclaim ${JSON.stringify(name)}`;
    if (!claim) return { reject: `${called} not found` };
    if (claim.metadata.deletionTimestamp) return { reject: `${called} is being deleted` };
    if (claim.status?.phase === 'Lost')
      return { reject: `${called} bound to non-existent persistentvolume ${JSON.stringify(claim.spec?.volumeName)}` };
    if (claim.metadata.annotations?.[annotations.bindCompleted]) {
      const volume = cached(caches, 'persistentvolumes', claim.spec!.volumeName!);
      if (volume) volumes.push(volume);
    } else if (classOf(claim, caches)?.volumeBindingMode === 'WaitForFirstConsumer') delayed.push(claim);
    else return { reject: 'pod has unbound immediate PersistentVolumeClaims' };
  }
  return { volumes, delayed, caches };
}

const classOf = ({ spec }: PersistentVolumeClaim, caches: Caches): StorageClass | undefined =>
  cached(caches, 'storageclasses.storage.k8s.io', spec?.storageClassName ?? '');

/** Whether a class has volumes made. */
const provisions = (storageClass: StorageClass | undefined): boolean =>
  storageClass !== undefined && !storageClass.provisioner.startsWith('kubernetes.io/');

/**
 * Pods wait for their claims, go where their volumes are, and decide where volumes are made.
 * Kubernetes: pkg/scheduler/framework/plugins/volumebinding.
 */
export const volumeBinding: Plugin<Needs> = {
  name: 'VolumeBinding',
  wakes: [{ on: ['Storage/Change', 'Node/Add', 'Node/UpdateLabel'] }],
  cluster: {
    prepareFilter({ pod, caches }) {
      if (!pod.spec?.volumes?.some((volume) => volume.persistentVolumeClaim)) return 'skip';
      const needs = needsOf(pod, caches);
      return 'reject' in needs ? needs : { state: needs };
    },
    filter({ volumes, delayed, caches }, { node }) {
      if (!volumes.every((volume) => reaches(volume, node))) return wrongNode;
      for (const claim of delayed) {
        const selected = claim.metadata.annotations?.[annotations.selectedNode];
        if (selected !== undefined && selected !== node.metadata.name) return noVolume;
        if (provisions(classOf(claim, caches))) continue;
        if (!bestMatch(cachedAll(caches, 'persistentvolumes'), claim, false, node)) return noVolume;
      }
      return undefined;
    },
  },
};

/**
 * Tells the binder on which node claims are wanted that have waited for it. True when there are such: the pod is bound when
 * they are. Kubernetes: the plugin's Reserve and PreBind.
 * Simplified: the pod goes back to the queue meanwhile, where Kubernetes keeps its place on the node.
 */
export function selectNode(ctx: Context, client: Client, caches: Caches, pod: Pod, node: string): boolean {
  const needs = needsOf(pod, caches);
  if ('reject' in needs || needs.delayed.length === 0) return false;
  const why = { code: 'scheduler.select-node', params: { pod: pod.metadata.name, node } } as const;
  for (const claim of needs.delayed) {
    if (claim.metadata.annotations?.[annotations.selectedNode] === node) continue;
    const body = { metadata: { annotations: { [annotations.selectedNode]: node } } };
    const { name, namespace } = claim.metadata;
    client.patch(ctx, 'persistentvolumeclaims', name, namespace, { type: 'merge', body }, { why });
  }
  return true;
}
