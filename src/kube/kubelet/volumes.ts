import type { V1DownwardAPIVolumeFile, V1KeyToPath, V1Volume, V1VolumeProjection } from '../../generated/types.ts';
import { deepFreeze, fnv1a } from '../../kernel/index.ts';
import { isReason, Unreachable } from '../apimachinery/index.ts';
import { fieldValue, resourceValue } from './downward.ts';
import { podEvent } from './events.ts';
import type { Kubelet, Worker } from './memory.ts';
import { joinSources } from './source-watch.ts';
import { MissingSource, readSource, valuesOf } from './sources.ts';

/** Delays between tries to mount, milliseconds. Kubernetes: pkg/util/goroutinemap/exponentialbackoff. */
const firstRetryMs = 500;
const maxRetryMs = 122_000;
/** The pod worker waits this long for its volumes before it says so. Kubernetes: podAttachAndMountTimeout. */
const mountTimeoutMs = 123_000;
type Files = Record<string, string>;

/** A volume cannot be set up. */
export class MountError extends Error {
  override name = 'MountError';
}

/**
 * Resolves a pod's volumes. False when one of them cannot be set up yet: `w.mount.nextAt` says when to try again.
 * Kubernetes: pkg/volume/configmap, secret, projected, downwardapi, emptydir, hostpath.
 */
export function mountVolumes(k: Kubelet, w: Worker): boolean {
  const { now } = k.ctx;
  if (w.mount && now < w.mount.nextAt) return false;
  const volumes: Record<string, Files> = {};
  const directories: Record<string, string> = {};
  const failed: string[] = [];
  for (const volume of w.pod.spec?.volumes ?? []) {
    try {
      if (volume.persistentVolumeClaim)
        directories[volume.name] = directoryOf(k, w, volume.persistentVolumeClaim.claimName);
      else volumes[volume.name] = filesOf(k, w, volume);
    } catch (error) {
      if (!(error instanceof MountError || error instanceof MissingSource)) throw error;
      failed.push(volume.name);
      podEvent(k, w, 'Warning', 'FailedMount', `MountVolume.SetUp failed for volume ${JSON.stringify(volume.name)} : ${error.message}`); // prettier-ignore
    }
  }
  if (failed.length > 0) {
    const delayMs = w.mount ? Math.min(w.mount.delayMs * 2, maxRetryMs) : firstRetryMs;
    let since = w.mount?.since ?? now;
    if (now - since >= mountTimeoutMs) {
      since = now;
      podEvent(k, w, 'Warning', 'FailedMount', `Unable to attach or mount volumes: unmounted volumes=[${failed.join(' ')}], unattached volumes=[], failed to process volumes=[]: context deadline exceeded`); // prettier-ignore
    }
    w.mount = Object.freeze({ delayMs, nextAt: now + delayMs, since });
    return false;
  }
  w.mount = null;
  w.volumes = deepFreeze(volumes);
  if (Object.keys(directories).length > 0) w.directories = deepFreeze(directories);
  joinSources(k, w);
  return true;
}

/**
 * The directory of a claim's volume. Kubernetes: pkg/kubelet/volumemanager/populator getPVCExtractPV.
 * Simplified: whatever the volume's source, it is a directory of this node.
 */
function directoryOf(k: Kubelet, w: Worker, name: string): string {
  const namespace = w.pod.metadata.namespace ?? 'default';
  const fail = (why: string): never => {
    throw new MountError(`error processing PVC ${namespace}/${name}: ${why}`);
  };
  try {
    const claim = k.client.get(k.ctx, 'persistentvolumeclaims', name, namespace);
    const volumeName = claim.spec?.volumeName;
    if (claim.metadata.deletionTimestamp) return fail('PVC is being deleted');
    if (!volumeName || claim.status?.phase !== 'Bound') return fail('PVC is not bound');
    const { hostPath, local } = k.client.get(k.ctx, 'persistentvolumes', volumeName).spec ?? {};
    return hostPath?.path ?? local?.path ?? `/var/lib/kubelet/plugins/${volumeName}`;
  } catch (error) {
    if (isReason(error, 'NotFound') || error instanceof Unreachable)
      return fail(`failed to fetch PVC from API server: ${(error as Error).message}`);
    throw error;
  }
}

/** The files of one volume. Throws `MountError` or `MissingSource` with the kubelet's text. */
export function filesOf(k: Kubelet, w: Worker, volume: V1Volume): Files {
  if (volume.configMap) {
    const { name = '', items, optional } = volume.configMap;
    return fromSource(k, w, 'configmaps', name, items, optional);
  }
  if (volume.secret) {
    const { secretName = '', items, optional } = volume.secret;
    return fromSource(k, w, 'secrets', secretName, items, optional);
  }
  if (volume.downwardAPI) return fromDownward(k, w, volume.downwardAPI.items);
  if (volume.projected) {
    const files: Files = {};
    for (const projection of volume.projected.sources ?? []) Object.assign(files, projected(k, w, projection));
    return files;
  }
  // Simplified: of the machine's own files only this one is known.
  if (volume.hostPath?.path === '/etc/hosts') return { '': '127.0.0.1\tlocalhost\n' };
  return {}; // emptyDir, and what is stored only
}

function projected(k: Kubelet, w: Worker, projection: V1VolumeProjection): Files {
  if (projection.configMap) {
    const { name = '', items, optional } = projection.configMap;
    return fromSource(k, w, 'configmaps', name, items, optional);
  }
  if (projection.secret) {
    const { name = '', items, optional } = projection.secret;
    return fromSource(k, w, 'secrets', name, items, optional);
  }
  if (projection.downwardAPI) return fromDownward(k, w, projection.downwardAPI.items);
  if (projection.serviceAccountToken) return { [projection.serviceAccountToken.path]: token(w) };
  return {};
}

/** A service account token. Simplified: not a signed JWT, and never renewed. */
function token(w: Worker): string {
  const account = w.pod.spec?.serviceAccountName ?? 'default';
  return `kubarium.${w.pod.metadata.namespace}.${account}.${fnv1a(w.uid).toString(16).padStart(8, '0')}`;
}

function fromSource(
  k: Kubelet,
  w: Worker,
  resource: 'configmaps' | 'secrets',
  name: string,
  items: readonly V1KeyToPath[] | undefined,
  optional: boolean | undefined,
): Files {
  let values: Readonly<Files>;
  try {
    values = valuesOf(readSource(k, resource, w.pod.metadata.namespace ?? 'default', name));
  } catch (error) {
    if (!(error instanceof MissingSource) || !optional) throw error;
    return {};
  }
  if (!items || items.length === 0) return { ...values };
  const files: Files = {};
  for (const { key, path } of items) {
    if (Object.hasOwn(values, key)) files[path] = values[key]!;
    else if (!optional)
      throw new MountError(
        resource === 'configmaps'
          ? `configmap references non-existent config key: ${key}`
          : `references non-existent secret key: ${key}`,
      );
  }
  return files;
}

function fromDownward(k: Kubelet, w: Worker, items: readonly V1DownwardAPIVolumeFile[] | undefined): Files {
  const files: Files = {};
  for (const { path, fieldRef, resourceFieldRef } of items ?? [])
    files[path] = fieldRef
      ? fieldValue(k, w, fieldRef.fieldPath)
      : resourceFieldRef
        ? resourceValue(k, w, resourceFieldRef, undefined)
        : '';
  return files;
}
