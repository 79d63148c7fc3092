import { assert } from '../../kernel/index.ts';
import { equal, keyOf } from '../apimachinery/index.ts';
import type { Node, Pod } from '../apis/index.ts';
import { emptyClasses, countPod, forgetDomains, labelOf, type PodClass, type PodClasses } from './pod-classes.ts';
import { nodeInfoOf, withNode, withPod, type NodeInfo } from './nodeinfo.ts';

/** How an image is spread over the nodes. */
export interface ImageSpread {
  readonly sizeBytes: number;
  readonly nodes: number;
}

/**
 * The scheduler's picture of the cluster: its caches plus the pods it has bound whose watch events are still under
 * way (assumed). Kept up to date change by change; plain data.
 * Kubernetes: pkg/scheduler/backend/cache.
 */
export interface ClusterView {
  /** In the order in which nodes are tried: one of each zone in turn. */
  nodes: NodeInfo[];
  /** Node name → place in `nodes`. */
  readonly places: Map<string, number>;
  /** Zone of each node that has one; empty means that nodes stand in order of arrival. */
  readonly zones: Map<string, string>;
  /** Pods bound to nodes that the scheduler has not seen yet: node name → pod key → pod. */
  readonly strays: Map<string, Map<string, Pod>>;
  /** Pod key → the pod as bound, until the watch confirms it. */
  readonly assumed: Map<string, Pod>;
  readonly classes: PodClasses;
  /** Topology key → its values → nodes; counted when first asked for, until nodes change. */
  readonly domains: Map<string, Map<string, number>>;
  /** Priority → pods on nodes: so that nobody looks for victims where there are none. */
  readonly priorities: Map<number, number>;
  readonly images: Map<string, ImageSpread>;
}

export const emptyView = (): ClusterView => ({
  nodes: [],
  places: new Map(),
  zones: new Map(),
  strays: new Map(),
  assumed: new Map(),
  classes: emptyClasses(),
  domains: new Map(),
  priorities: new Map(),
  images: new Map(),
});

/** The node's entry, or undefined when the scheduler does not know it. */
export function nodeInfo(view: ClusterView, name: string): NodeInfo | undefined {
  const place = view.places.get(name);
  return place === undefined ? undefined : view.nodes[place];
}

/** Terminal pods have given their node's resources back. */
const takesRoom = (pod: Pod): boolean =>
  !!pod.spec?.nodeName && pod.status?.phase !== 'Succeeded' && pod.status?.phase !== 'Failed';

/** A node has come. Pods that were already known to run on it count from now on. */
export function addNode(view: ClusterView, node: Node): void {
  const name = node.metadata.name;
  view.places.set(name, view.nodes.length);
  let info = nodeInfoOf(node);
  const strays = view.strays.get(name);
  if (strays) {
    for (const [key, pod] of strays) info = withPod(info, pod.spec!, 1, key);
    view.strays.delete(name);
  }
  view.nodes.push(info);
  forgetTopology(view);
  countImages(view, info, 1);
  setZone(view, name, zoneOf(node));
}

/** A node object has changed. */
export function updateNode(view: ClusterView, node: Node): void {
  const place = view.places.get(node.metadata.name);
  assert(place !== undefined, `the scheduler hears of a change to node ${node.metadata.name}, which it does not know`);
  const old = view.nodes[place]!;
  const next = withNode(old, node);
  view.nodes[place] = next;
  if (!equal(old.node.metadata.labels, node.metadata.labels)) forgetTopology(view);
  if (old.node.status?.images !== node.status?.images) {
    countImages(view, old, -1);
    countImages(view, next, 1);
  }
  setZone(view, next.name, zoneOf(node));
}

/** A node has gone; `pods` are those that still stand on it. */
export function removeNode(view: ClusterView, name: string, pods: Iterable<Pod>): void {
  const place = view.places.get(name);
  if (place === undefined) return;
  countImages(view, view.nodes[place]!, -1);
  view.nodes.splice(place, 1);
  forgetTopology(view);
  view.zones.delete(name);
  arrange(view);
  for (const pod of pods) if (pod.spec?.nodeName === name && takesRoom(pod)) addStray(view, pod);
}

function forgetTopology(view: ClusterView): void {
  view.domains.clear();
  forgetDomains(view.classes);
}

/** Values of a topology key → nodes that have them. */
export function domainsOf(view: ClusterView, key: string): ReadonlyMap<string, number> {
  let domains = view.domains.get(key);
  if (!domains) {
    domains = new Map();
    for (const info of view.nodes) {
      const value = labelOf(info, key);
      if (value !== undefined) domains.set(value, (domains.get(value) ?? 0) + 1);
    }
    view.domains.set(key, domains);
  }
  return domains;
}

/** Values of a topology key → pods of a class there. */
export function podsPerDomain(view: ClusterView, group: PodClass, key: string): ReadonlyMap<string, number> {
  let domain = group.domains.get(key);
  if (!domain) {
    domain = new Map();
    for (const [name, count] of group.perNode) {
      const info = nodeInfo(view, name);
      const value = info && labelOf(info, key);
      if (value !== undefined) domain.set(value, (domain.get(value) ?? 0) + count);
    }
    group.domains.set(key, domain);
  }
  return domain;
}

function addStray(view: ClusterView, pod: Pod): void {
  const node = pod.spec!.nodeName!;
  let strays = view.strays.get(node);
  if (!strays) view.strays.set(node, (strays = new Map()));
  strays.set(keyOf(pod), pod);
}

const zoneOf = (node: Node): string => {
  const labels = node.metadata.labels ?? {};
  const region = labels['topology.kubernetes.io/region'] ?? '';
  const zone = labels['topology.kubernetes.io/zone'] ?? '';
  return region || zone ? `${region}:${zone}` : '';
};

function setZone(view: ClusterView, name: string, zone: string): void {
  if ((view.zones.get(name) ?? '') === zone) return;
  if (zone) view.zones.set(name, zone);
  else view.zones.delete(name);
  arrange(view);
}

/** Puts the nodes in order, one of each zone in turn, and notes their places. Kubernetes: node_tree.go. */
function arrange(view: ClusterView): void {
  if (view.zones.size > 0) {
    const byZone = new Map<string, NodeInfo[]>();
    for (const info of view.nodes) {
      const zone = view.zones.get(info.name) ?? '';
      const list = byZone.get(zone);
      if (list) list.push(info);
      else byZone.set(zone, [info]);
    }
    const lists = [...byZone.values()];
    const ordered: NodeInfo[] = [];
    for (let i = 0; ordered.length < view.nodes.length; i++)
      for (const list of lists) if (list[i]) ordered.push(list[i]!);
    view.nodes = ordered;
  }
  view.places.clear();
  view.nodes.forEach((info, i) => view.places.set(info.name, i));
}

function countImages(view: ClusterView, info: NodeInfo, sign: 1 | -1): void {
  for (const name in info.images) {
    const known = view.images.get(name);
    const nodes = (known?.nodes ?? 0) + sign;
    if (nodes > 0) view.images.set(name, Object.freeze({ sizeBytes: info.images[name]!, nodes }));
    else view.images.delete(name);
  }
}

/** A pod's difference as its node feels it: `old` stops counting, `next` starts. Either may be absent or unbound. */
export function movePod(view: ClusterView, old: Pod | undefined, next: Pod | undefined): void {
  const before = old && takesRoom(old) ? old : undefined;
  const after = next && takesRoom(next) ? next : undefined;
  if (
    before &&
    after &&
    before.spec!.nodeName === after.spec!.nodeName &&
    before.metadata.labels === after.metadata.labels &&
    before.metadata.deletionTimestamp === after.metadata.deletionTimestamp &&
    before.spec!.containers === after.spec!.containers
  ) {
    return; // A status change, the usual case, moves nothing.
  }
  // First added, then taken away: a class of pods does not vanish in between because its only pod was written again.
  if (after) place(view, after, 1);
  if (before) place(view, before, -1);
}

function place(view: ClusterView, pod: Pod, sign: 1 | -1): void {
  const node = pod.spec!.nodeName!;
  const at = view.places.get(node);
  countPod(view.classes, pod, at === undefined ? undefined : view.nodes[at], sign);
  countPriority(view, pod.spec!.priority ?? 0, sign);
  if (at !== undefined) view.nodes[at] = withPod(view.nodes[at]!, pod.spec!, sign, keyOf(pod));
  else if (sign === 1) addStray(view, pod);
  else {
    const strays = view.strays.get(node);
    // A pod that was written again has its later version there already.
    if (strays?.get(keyOf(pod))?.metadata.resourceVersion === pod.metadata.resourceVersion) strays!.delete(keyOf(pod));
    if (strays?.size === 0) view.strays.delete(node);
  }
}

function countPriority({ priorities }: ClusterView, priority: number, by: 1 | -1): void {
  const count = (priorities.get(priority) ?? 0) + by;
  if (count > 0) priorities.set(priority, count);
  else priorities.delete(priority);
}
