import { create } from 'zustand';
import type { KubeEvent } from '../../kube/apis/index.ts';
import type { Frame, KubeObject, TrafficSource } from '../../protocol/index.ts';

/**
 * The objects as the page knows them: resource → key → object. Maps are changed in place (a copy of 30,000 pods per frame
 * would cost more than drawing them); who depends on a resource subscribes to its version.
 */
export interface ClusterData {
  readonly objects: ReadonlyMap<string, ReadonlyMap<string, KubeObject>>;
  readonly byUid: ReadonlyMap<string, Located>;
  /** uid → uids of what belongs to it (by owner references) and of the events that tell of it. */
  readonly related: ReadonlyMap<string, ReadonlySet<string>>;
  readonly usage: ReadonlyMap<string, Use>;
  readonly machines: readonly Machine[];
  readonly stopped: readonly string[];
  /** The network plugin does not look at NetworkPolicies. */
  readonly ignoresPolicies: boolean;
  readonly sources: readonly TrafficSource[];
}

/** An object and where it stands. */
export interface Located {
  readonly resource: string;
  readonly key: string;
  readonly object: KubeObject;
}

/** What a pod uses now. */
export interface Use {
  readonly cpuMilli: number;
  readonly memoryBytes: number;
}

export type Machine = Frame['machines'][number];

/** What frames are written into. */
export interface Mutable extends ClusterData {
  objects: Map<string, Map<string, KubeObject>>;
  byUid: Map<string, Located>;
  related: Map<string, Set<string>>;
  usage: Map<string, Use>;
  machines: readonly Machine[];
  stopped: readonly string[];
  ignoresPolicies: boolean;
  sources: readonly TrafficSource[];
}

/** A cluster of which nothing is known yet. */
export const emptyCluster = (): Mutable => ({
  objects: new Map(),
  byUid: new Map(),
  related: new Map(),
  usage: new Map(),
  machines: [],
  stopped: [],
  ignoresPolicies: false,
  sources: [],
});

const data = emptyCluster();

/** The one cluster of the page. */
export const cluster: ClusterData = data;

const none: ReadonlyMap<string, KubeObject> = new Map();

/** Objects of a resource (`pods`, `deployments.apps`) by key. */
export const objectsOf = (resource: string): ReadonlyMap<string, KubeObject> => data.objects.get(resource) ?? none;

interface ClusterStore {
  /** Resource → number of changes; `*` counts every change. */
  readonly versions: Readonly<Record<string, number>>;
  /** False until the first frame: the stage shows its frame without tiles. */
  readonly loaded: boolean;
}

/** Versions of the resources; at most one update per animation frame. */
export const useClusterStore = create<ClusterStore>()(() => ({ versions: {}, loaded: false }));

/** Re-renders at every change of the cluster. */
export const useClusterVersion = (): number => useClusterStore((s) => s.versions['*'] ?? 0);

/** True for equal lists of flat records or strings. */
function same(a: readonly (object | string)[], b: readonly (object | string)[]): boolean {
  if (a.length !== b.length) return false;
  return a.every((item, i) => {
    const other = b[i]!;
    if (typeof item === 'string' || typeof other === 'string') return item === other;
    return Object.entries(item).every(([key, value]) => (other as Record<string, unknown>)[key] === value);
  });
}

/** uids of what an object belongs to, or tells of. */
function headsOf(object: KubeObject): readonly string[] {
  if (object.kind !== 'Event') return object.metadata.ownerReferences?.map((o) => o.uid) ?? [];
  const { uid } = (object as unknown as Partial<KubeEvent>).involvedObject ?? {};
  return uid === undefined ? [] : [uid];
}

/** Keeps `related` true for an object that comes or changes. */
function relate(before: KubeObject | undefined, now: KubeObject, into: Mutable): void {
  // Most changes leave the owner alone; then the order among its own stays too.
  const [was, is] = [before ? headsOf(before) : [], headsOf(now)];
  if (was.length === is.length && was.every((uid, i) => uid === is[i])) return;
  if (before) unrelate(before, into);
  for (const head of is) {
    const set = into.related.get(head);
    if (set) set.add(now.metadata.uid);
    else into.related.set(head, new Set([now.metadata.uid]));
  }
}

function unrelate(object: KubeObject, into: Mutable): void {
  for (const head of headsOf(object)) {
    const set = into.related.get(head);
    if (set?.delete(object.metadata.uid) && set.size === 0) into.related.delete(head);
  }
}

function forget(uid: string, into: Mutable): void {
  const known = into.byUid.get(uid);
  if (known) unrelate(known.object, into);
  into.byUid.delete(uid);
}

/** What belongs to an object or tells of it, of certain resources, at most `most`; in the cluster of the page unless said otherwise. */
export function relatedTo(
  uid: string,
  resources: readonly string[],
  most = Infinity,
  of: ClusterData = data,
): Located[] {
  const list: Located[] = [];
  for (const each of of.related.get(uid) ?? []) {
    const found = of.byUid.get(each);
    if (!found || !resources.includes(found.resource)) continue;
    list.push(found);
    if (list.length >= most) break;
  }
  return list;
}

/** Takes over a frame's objects, into the cluster of the page unless said otherwise. Returns the resources that changed. */
export function applyObjects(frame: Frame, into: Mutable = data): ReadonlySet<string> {
  const changed = new Set<string>();
  if (frame.reset) {
    for (const resource of into.objects.keys()) changed.add(resource);
    into.objects.clear();
    into.byUid.clear();
    into.related.clear();
    into.usage.clear();
  }
  for (const { resource, key, uid } of frame.deletes) {
    changed.add(resource);
    const table = into.objects.get(resource);
    // A new object may already stand under the key.
    if (table?.get(key)?.metadata.uid === uid) table.delete(key);
    forget(uid, into);
    into.usage.delete(key);
  }
  for (const { resource, object } of frame.upserts) {
    changed.add(resource);
    let table = into.objects.get(resource);
    if (!table) into.objects.set(resource, (table = new Map()));
    const { namespace, name, uid } = object.metadata;
    const key = namespace ? `${namespace}/${name}` : name;
    const before = table.get(key);
    if (before && before.metadata.uid !== uid) forget(before.metadata.uid, into);
    table.set(key, object);
    relate(into.byUid.get(uid)?.object, object, into);
    into.byUid.set(uid, { resource, key, object });
  }
  for (const { key, cpuMilli, memoryBytes } of frame.usage) into.usage.set(key, { cpuMilli, memoryBytes });
  if (frame.usage.length > 0) changed.add('usage');
  // These come whole with every frame: only what differs is news.
  const ignoresPolicies = frame.ignoresPolicies === true;
  if (
    !same(frame.machines, into.machines) ||
    !same(frame.stopped, into.stopped) ||
    ignoresPolicies !== into.ignoresPolicies
  ) {
    changed.add('machines');
    into.ignoresPolicies = ignoresPolicies;
    into.machines = frame.machines;
    into.stopped = frame.stopped;
  }
  if (!same(frame.sources, into.sources)) {
    changed.add('sources');
    into.sources = frame.sources;
  }
  return changed;
}

/** Tells the subscribers of the changed resources. */
export function announce(changed: ReadonlySet<string>): void {
  const { versions, loaded } = useClusterStore.getState();
  if (changed.size === 0 && loaded) return;
  const next: Record<string, number> = { ...versions };
  // What pods use changes all the time and is nobody's business but the stage's and the inspector's.
  if (changed.size > (changed.has('usage') ? 1 : 0)) next['*'] = (next['*'] ?? 0) + 1;
  for (const resource of changed) next[resource] = (next[resource] ?? 0) + 1;
  useClusterStore.setState({ versions: next, loaded: true });
}
