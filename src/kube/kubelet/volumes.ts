import type { V1DownwardAPIVolumeFile, V1KeyToPath, V1Volume, V1VolumeProjection } from '../../generated/types.ts';
import { deepFreeze, fnv1a } from '../../kernel/index.ts';
import { Unreachable, type KubeObject } from '../apimachinery/index.ts';
import type { Pod } from '../apis/index.ts';
import { fieldValue, resourceValue } from './downward.ts';
import { podEvent } from './events.ts';
import type { Kubelet, Source, Volumes, Worker } from './memory.ts';
import { MissingSource, readSource, valuesOf } from './sources.ts';
import { same } from './status.ts';

/** Delays between tries to mount, milliseconds. Kubernetes: pkg/util/goroutinemap/exponentialbackoff. */
const firstRetryMs = 500;
const maxRetryMs = 122_000;
/** The pod worker waits this long for its volumes before it says so. Kubernetes: podAttachAndMountTimeout. */
const mountTimeoutMs = 123_000;
/** Files follow a change of their ConfigMap or Secret 60 to 90 s later: with the kubelet's next look at the pod. */
const refreshMinMs = 60_000;
const refreshSpreadMs = 30_000;

type Files = Record<string, string>;

/** A volume cannot be set up. */
class MountError extends Error {
  override name = 'MountError';
}

/**
 * Resolves a pod's volumes. False when one of them cannot be set up yet: `w.mount.nextAt` says when to try again.
 * Kubernetes: pkg/volume/configmap, secret, projected, downwardapi, emptydir.
 */
export function mountVolumes(k: Kubelet, w: Worker): boolean {
  const { now } = k.ctx;
  if (w.mount && now < w.mount.nextAt) return false;
  const volumes: Record<string, Files> = {};
  const failed: string[] = [];
  for (const volume of w.pod.spec?.volumes ?? []) {
    try {
      volumes[volume.name] = filesOf(k, w, volume);
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
  joinSources(k, w);
  return true;
}

function filesOf(k: Kubelet, w: Worker, volume: V1Volume): Files {
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

/** Published into every namespace and never changed: not worth a watch. */
const neverChanges = 'kube-root-ca.crt';

const referenceMemo = new WeakMap<object, readonly string[]>(); // specs are frozen

/** `configmaps/ns/name` and `secrets/ns/name` of all that a pod mounts and that may change. */
function references(pod: Pod): readonly string[] {
  const spec = pod.spec!;
  const known = referenceMemo.get(spec);
  if (known) return known;
  const keys = new Set<string>();
  const add = (resource: Source['resource'], name: string | undefined): void => {
    if (name && name !== neverChanges) keys.add(`${resource}/${pod.metadata.namespace ?? 'default'}/${name}`);
  };
  for (const volume of spec.volumes ?? []) {
    add('configmaps', volume.configMap?.name);
    add('secrets', volume.secret?.secretName);
    for (const projection of volume.projected?.sources ?? []) {
      add('configmaps', projection.configMap?.name);
      add('secrets', projection.secret?.name);
    }
  }
  const result = [...keys];
  referenceMemo.set(spec, result);
  return result;
}

/** Watches what the pod mounts, together with its other users on this node. */
function joinSources(k: Kubelet, w: Worker): void {
  for (const key of references(w.pod)) {
    let source = k.memory.sources.get(key);
    if (!source) {
      source = {
        resource: key.startsWith('configmaps/') ? 'configmaps' : 'secrets',
        stream: 0,
        synced: false,
        reopened: false,
        uids: new Set(),
      };
      k.memory.sources.set(key, source);
      openSource(k, key, source);
    }
    source.uids.add(w.uid);
  }
}

/** Stops watching what only this pod mounted. */
export function leaveSources(k: Kubelet, w: Worker): void {
  for (const key of references(w.pod)) {
    const source = k.memory.sources.get(key);
    if (!source?.uids.delete(w.uid) || source.uids.size > 0) continue;
    k.memory.sources.delete(key);
    k.memory.known.delete(key);
    if (source.stream) k.api.close(k.ctx, source.stream);
  }
}

const reconnectMs = 1000;

function openSource(k: Kubelet, key: string, source: Source): void {
  const [, namespace, name] = key.split('/') as [string, string, string];
  try {
    source.stream = k.api.watch(k.ctx, k.address, {
      resource: source.resource,
      namespace,
      fieldSelector: `metadata.name=${name}`,
    });
    source.synced = false;
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    source.stream = 0;
    k.ctx.after(reconnectMs, k.address, 'source-retry', { key });
  }
}

/** A watch of a ConfigMap or Secret has something, or is lost, or is to be opened again. */
export function sourceEvent(k: Kubelet, type: string, payload: { stream?: number; key?: string }): void {
  if (type === 'source-retry') {
    const source = k.memory.sources.get(payload.key!);
    if (source?.stream === 0) openSource(k, payload.key!, source);
    return;
  }
  for (const [key, source] of k.memory.sources) {
    if (source.stream !== payload.stream) continue;
    if (type === 'watch-closed') {
      source.stream = 0;
      source.reopened = true;
      k.ctx.after(reconnectMs, k.address, 'source-retry', { key });
    } else readEntries(k, key, source);
    return;
  }
}

/** Any entry after the initial list is a change; after a reconnection the list itself may be one. */
function readEntries(k: Kubelet, key: string, source: Source): void {
  const name = key.slice(key.lastIndexOf('/') + 1);
  let changed = false;
  for (const entry of k.api.read(k.ctx, source.stream)) {
    if (entry.type === 'BOOKMARK') {
      changed ||= source.reopened;
      source.synced = true;
      source.reopened = false;
    } else if (source.synced && (entry.object as KubeObject).metadata.name === name) {
      k.ctx.cause = entry.cause;
      changed = true;
    }
  }
  if (changed) for (const uid of source.uids) scheduleRefresh(k, uid);
}

function scheduleRefresh(k: Kubelet, uid: string): void {
  k.ctx.after(refreshMinMs + k.ctx.random('kubelet').int(refreshSpreadMs), k.address, 'refresh', { uid });
}

/** The pod's own labels or annotations have changed: files of the downward API follow. */
export function refreshVolumes(k: Kubelet, w: Worker): void {
  const uses = w.pod.spec?.volumes?.some((v) => v.downwardAPI || v.projected?.sources?.some((s) => s.downwardAPI));
  if (uses) scheduleRefresh(k, w.uid);
}

/** Brings mounted files up to date. What has vanished meanwhile stays as it was mounted. */
export function refresh(k: Kubelet, w: Worker): void {
  if (!w.volumes || w.ip === '' || w.terminating) return;
  const next: Record<string, Volumes[string]> = { ...w.volumes };
  for (const volume of w.pod.spec?.volumes ?? []) {
    if (!volume.configMap && !volume.secret && !volume.downwardAPI && !volume.projected) continue;
    try {
      const files = filesOf(k, w, volume);
      if (same(files, next[volume.name])) continue;
      next[volume.name] = files;
      k.cri.updateVolume(k.ctx, k.node, w.uid, volume.name, files);
    } catch (error) {
      if (!(error instanceof MountError || error instanceof MissingSource)) throw error;
      podEvent(k, w, 'Warning', 'FailedMount', `MountVolume.SetUp failed for volume ${JSON.stringify(volume.name)} : ${error.message}`); // prettier-ignore
    }
  }
  w.volumes = deepFreeze(next);
}
