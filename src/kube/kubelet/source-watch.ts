import type { Pod } from '../apis/index.ts';
import { Unreachable, type KubeObject } from '../apimachinery/index.ts';
import type { Kubelet, Source, Worker } from './memory.ts';

/** Files follow a change of their ConfigMap or Secret 60 to 90 s later: with the kubelet's next look at the pod. */
const refreshMinMs = 60_000;
const refreshSpreadMs = 30_000;

/** Published into every namespace and never changed: not worth a watch. */
const neverChanges = 'kube-root-ca.crt';

/** `configmaps/ns/name` and `secrets/ns/name` of all that a pod mounts and that may change. */
function references(pod: Pod): readonly string[] {
  const spec = pod.spec!;
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
  return [...keys];
}

/** Watches what the pod mounts, together with its other users on this node. */
export function joinSources(k: Kubelet, w: Worker): void {
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

/** Has the files of a pod's volumes looked at again in 60 to 90 s. */
export function scheduleRefresh(k: Kubelet, uid: string): void {
  k.ctx.after(refreshMinMs + k.ctx.random(k.address).int(refreshSpreadMs), k.address, 'refresh', { uid });
}
