import { deepFreeze } from '../../kernel/index.ts';
import type { KubeObject } from '../apimachinery/meta.ts';

/** What etcd keeps: resource key → object key → frozen object, under one revision counter. Survives the API server. */
export interface EtcdState {
  revision: number;
  readonly resources: Map<string, Map<string, KubeObject>>;
}

/** An empty store. Revision 1 is the first write, as in etcd. */
export const emptyEtcd = (): EtcdState => ({ revision: 0, resources: new Map() });

/** All objects of a resource, in order of creation; callers that list to users sort by key. */
export function range(etcd: EtcdState, resource: string): ReadonlyMap<string, KubeObject> {
  return etcd.resources.get(resource) ?? empty;
}
const empty: ReadonlyMap<string, KubeObject> = new Map();

/** The object at a key, or undefined. */
export const read = (etcd: EtcdState, resource: string, key: string): KubeObject | undefined =>
  etcd.resources.get(resource)?.get(key);

/** Writes an object under the next revision, which becomes its resourceVersion. Returns the stored, frozen object. */
export function put(etcd: EtcdState, resource: string, key: string, object: KubeObject): KubeObject {
  const stored = deepFreeze({
    ...object,
    metadata: { ...object.metadata, resourceVersion: String(++etcd.revision) },
  });
  let table = etcd.resources.get(resource);
  if (!table) etcd.resources.set(resource, (table = new Map()));
  table.set(key, stored);
  return stored;
}

/** Deletes a key under the next revision; returns the object's last state with that resourceVersion. */
export function remove(etcd: EtcdState, resource: string, key: string): KubeObject | undefined {
  const table = etcd.resources.get(resource);
  const old = table?.get(key);
  if (!table || !old) return undefined;
  table.delete(key);
  return deepFreeze({ ...old, metadata: { ...old.metadata, resourceVersion: String(++etcd.revision) } });
}
