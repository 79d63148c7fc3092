/**
 * Objects → scene: what stands on the stage and how it belongs together, without a single position.
 * Pure; reads odd objects (no status, strange names) without throwing. Rebuilt whenever an object changed, so the
 * costly readings are memoised on the frozen objects.
 */
import type {
  V1Deployment,
  V1EndpointSlice,
  V1Lease,
  V1Node,
  V1Pod,
  V1ReplicaSet,
  V1Service,
} from '../../generated/types.ts';
import {
  controllerOf,
  keyOf,
  millisOf,
  milliValue,
  quantityValue,
  scaledValue,
  type KubeObject,
  type V1ObjectMeta,
} from '../../kube/apimachinery/index.ts';
import type { Objects, StageRef, StageView } from './contract.ts';
import { podLook, type PodLook, type PodState } from './podlook.ts';

/** The pattern and text of a version: first revision of its ReplicaSet, so that an undo brings the old look back. */
export interface Version {
  readonly text: string;
  /** 1 solid, 2 diagonal, 3 dots; 0 for what has no version. */
  readonly pattern: 0 | 1 | 2 | 3;
}

export interface ScenePod {
  readonly uid: string;
  readonly ref: StageRef;
  readonly pod: V1Pod;
  readonly look: PodLook;
  /** As `look.state`, but `unknown` when its node is not heard. */
  readonly state: PodState;
  readonly version: Version;
  /** '' while in the queue. */
  readonly node: string;
  readonly group: string;
  readonly column: string;
  /** Tolerates for ever the taint that evicts the others. */
  readonly tolerates: boolean;
  readonly lastKnown: boolean;
}

export interface SceneColumn {
  readonly uid: string;
  readonly ref: StageRef | null;
  readonly kind: string;
  readonly name: string;
  readonly version: Version;
  readonly desired: number;
  readonly current: number;
  readonly ready: number;
  /** A ReplicaSet still to come: tray in outline. */
  readonly ghost: boolean;
  /** True for all but the newest. */
  readonly old: boolean;
}

/** One owner with its columns: a Deployment with its ReplicaSets, a lone ReplicaSet, a DaemonSet, the pods nobody owns. */
export interface SceneGroup {
  readonly uid: string;
  readonly ref: StageRef | null;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
  readonly strategy: string;
  readonly condition: { readonly state: PodState; readonly word: string; readonly partial: boolean };
  readonly desired: number;
  /** Absent when the owner makes no such promise (Recreate, ReplicaSet). */
  readonly min: number | undefined;
  readonly max: number | undefined;
  readonly surge: string;
  readonly unavailable: string;
  readonly available: number;
  /** Terminating pods are outside. */
  readonly total: number;
  /** Available pods per column, in column order. */
  readonly availableBy: readonly number[];
  readonly columns: readonly SceneColumn[];
  readonly createdAt: number;
}

export interface SceneTaint {
  readonly key: string;
  readonly effect: string;
  /** Cluster time (ms) at which the first pod that tolerates it for a while is evicted; NaN when none. */
  readonly evictsAt: number;
}

export interface SceneNode {
  readonly uid: string;
  readonly name: string;
  readonly ref: StageRef;
  readonly ready: 'True' | 'False' | 'Unknown';
  /** The machine itself is down or cut off, whatever the API believes. */
  readonly silent: boolean;
  /** Cluster time (ms) of the last heartbeat, for a node that is not heard; else NaN. */
  readonly heardAt: number;
  readonly cordoned: boolean;
  readonly pressure: string;
  readonly taints: readonly SceneTaint[];
  readonly zone: string;
  readonly cpu: number;
  readonly memory: number;
  /** Requested by the pods bound to it, 0 … 1 (may exceed 1). */
  readonly cpuRequested: number;
  readonly memoryRequested: number;
  readonly pods: number;
}

export interface SceneService {
  readonly uid: string;
  readonly ref: StageRef;
  readonly name: string;
  readonly namespace: string;
  readonly type: string;
  /** ClusterIP, `None`, external name. */
  readonly address: string;
  readonly ports: string;
  readonly endpoints: number;
  readonly notReady: number;
  /** uids of its ready pods. */
  readonly members: ReadonlySet<string>;
  /** Selects nothing by itself: endpoints are not expected (ExternalName, no selector). */
  readonly passive: boolean;
  /** Traffic sources that aim at it, and their requests per second. */
  readonly rps: number;
}

export interface SceneSource {
  readonly name: string;
  readonly rps: number;
  readonly inside: boolean;
  /** uid of the service it aims at, if one is found. */
  readonly service: string;
}

export interface Scene {
  readonly nodes: readonly SceneNode[];
  readonly groups: readonly SceneGroup[];
  readonly services: readonly SceneService[];
  readonly sources: readonly SceneSource[];
  readonly pods: readonly ScenePod[];
  /** Pods without a node, oldest first. */
  readonly queue: readonly ScenePod[];
  readonly namespaces: readonly string[];
  readonly stopped: readonly string[];
  readonly byUid: ReadonlyMap<string, ScenePod>;
}

/** What of a view makes the scene. */
export type SceneInput = Pick<StageView, 'objects' | 'now' | 'machines' | 'stopped' | 'sources' | 'namespace'>;

/** Namespaces whose workloads are machinery, not the learner's. */
export const systemNamespaces: ReadonlySet<string> = new Set(['kube-system', 'kube-public', 'kube-node-lease']);

/** Builds the scene. */
export function buildScene(input: SceneInput): Scene {
  const { objects } = input;
  const shown = (namespace: string | undefined): boolean =>
    input.namespace ? namespace === input.namespace : !systemNamespaces.has(namespace ?? '');
  const nodes = readNodes(input);
  const heard = new Map(nodes.map((n) => [n.name, n.ready === 'True' && !n.silent]));
  const { groups, groupOf } = readOwners(objects, shown);
  const pods: ScenePod[] = [];
  for (const object of values(objects, 'pods')) {
    if (!shown(object.metadata.namespace)) continue;
    const pod = object as unknown as V1Pod;
    const home = groupOf(pod);
    pods.push(readPod(pod, home.group, home.column, heard));
  }
  if (pods.some((pod, i) => i > 0 && byAge(pods[i - 1]!, pod) > 0)) pods.sort(byAge);
  const finished = finishGroups(groups, pods, input.now);
  const services = readServices(input, shown);
  return {
    nodes,
    groups: finished,
    services,
    sources: input.sources.map((s) => ({
      name: s.name,
      rps: s.rps,
      inside: s.from === 'inside',
      service: serviceOfUrl(s.url, s.namespace ?? 'default', services, objects)?.uid ?? '',
    })),
    pods,
    queue: pods.filter((p) => p.node === ''),
    namespaces: [...new Set(finished.map((g) => g.namespace))],
    stopped: input.stopped,
    byUid: new Map(pods.map((p) => [p.uid, p])),
  };
}

const values = (objects: Objects, resource: string): Iterable<KubeObject> => objects.get(resource)?.values() ?? [];

const refOf = (resource: string, object: { readonly metadata: V1ObjectMeta }): StageRef => ({
  resource,
  key: keyOf(object),
  uid: object.metadata.uid ?? `${resource}/${object.metadata.namespace ?? ''}/${object.metadata.name}`,
});

const byAge = (a: ScenePod, b: ScenePod): number =>
  a.look.createdAt - b.look.createdAt || (a.ref.key < b.ref.key ? -1 : a.ref.key > b.ref.key ? 1 : 0);

// ── pods ────────────────────────────────────────────────────────────────────────────────────────────────────────────

const scened = new WeakMap<object, ScenePod>();

/** Reads a pod in its surroundings; the same pod in the same surroundings is the same object. */
function readPod(pod: V1Pod, group: OpenGroup, column: OpenColumn, heard: ReadonlyMap<string, boolean>): ScenePod {
  const known = scened.get(pod);
  const silent = pod.spec?.nodeName !== undefined && heard.get(pod.spec.nodeName) !== true;
  if (
    known &&
    known.group === group.uid &&
    known.column === column.uid &&
    known.version.text === column.version.text &&
    known.lastKnown === silent
  )
    return known;
  const fresh = freshPod(pod, group, column, heard);
  scened.set(pod, fresh);
  return fresh;
}

function freshPod(pod: V1Pod, group: OpenGroup, column: OpenColumn, heard: ReadonlyMap<string, boolean>): ScenePod {
  const look = podLook(pod);
  const node = pod.spec?.nodeName ?? '';
  // A node that the scene does not know (deleted under its pods) is as silent as one that is down.
  const lastKnown = node !== '' && heard.get(node) !== true;
  const frozen = look.state === 'terminating' || look.state === 'succeeded' || look.state === 'failed';
  const ref = podRef(pod);
  return {
    uid: ref.uid,
    ref,
    pod,
    look,
    state: lastKnown && !frozen && look.state !== 'reserved' ? 'unknown' : look.state,
    version: column.version,
    node,
    group: group.uid,
    column: column.uid,
    lastKnown,
    tolerates: lastKnown && toleratesForEver(pod),
  };
}

const podRefs = new WeakMap<object, StageRef>();
function podRef(pod: V1Pod): StageRef {
  let ref = podRefs.get(pod);
  if (!ref) podRefs.set(pod, (ref = refOf('pods', pod)));
  return ref;
}

const toleratesForEver = (pod: V1Pod): boolean =>
  (pod.spec?.tolerations ?? []).some(
    (t) =>
      t.tolerationSeconds === undefined &&
      (!t.effect || t.effect === 'NoExecute') &&
      (!t.key || t.key === 'node.kubernetes.io/unreachable') &&
      (t.operator === 'Exists' || t.key !== undefined),
  );

const requests = new WeakMap<object, { cpu: number; memory: number }>();

/** What a pod's containers request; init containers are left out, since their share ends before the rest begins. */
function requestOf(pod: V1Pod): { cpu: number; memory: number } {
  let sum = requests.get(pod);
  if (!sum) {
    sum = { cpu: 0, memory: 0 };
    for (const container of pod.spec?.containers ?? []) {
      const wanted = container.resources?.requests as Record<string, string> | undefined;
      sum.cpu += milliValue(wanted?.['cpu']);
      sum.memory += quantityValue(wanted?.['memory']);
    }
    requests.set(pod, sum);
  }
  return sum;
}

// ── nodes ───────────────────────────────────────────────────────────────────────────────────────────────────────────

function readNodes({ objects, machines }: SceneInput): SceneNode[] {
  const silent = new Set(machines.filter((m) => !m.up || m.cut).map((m) => m.name));
  const asked = new Map<string, { cpu: number; memory: number; pods: number; evictsAt: number }>();
  for (const object of values(objects, 'pods')) {
    const pod = object as unknown as V1Pod;
    const name = pod.spec?.nodeName;
    if (!name) continue;
    const sum = asked.get(name) ?? { cpu: 0, memory: 0, pods: 0, evictsAt: Number.NaN };
    if (sum.pods === 0) asked.set(name, sum);
    const phase = pod.status?.phase;
    if (phase === 'Succeeded' || phase === 'Failed') continue;
    const { cpu, memory } = requestOf(pod);
    sum.cpu += cpu;
    sum.memory += memory;
    sum.pods++;
  }
  const nodes: SceneNode[] = [];
  for (const object of values(objects, 'nodes'))
    nodes.push(readNode(object as unknown as V1Node, objects, silent, asked.get(object.metadata.name!)));
  return nodes.sort((a, b) => natural(a.name, b.name));
}

function readNode(
  node: V1Node,
  objects: Objects,
  silent: ReadonlySet<string>,
  asked: { cpu: number; memory: number; pods: number } | undefined,
): SceneNode {
  const fixed = nodeFacts(node);
  const { name } = fixed;
  const conditions = node.status?.conditions ?? [];
  const ready = conditions.find((c) => c.type === 'Ready');
  const { cpu, memory } = fixed;
  const lease = objects.get('leases.coordination.k8s.io')?.get(`kube-node-lease/${name}`) as V1Lease | undefined;
  const renewed = lease?.spec?.renewTime ?? ready?.lastHeartbeatTime;
  return {
    uid: fixed.ref.uid,
    name,
    ref: fixed.ref,
    ready: ready?.status === 'True' ? 'True' : ready?.status === 'False' ? 'False' : 'Unknown',
    silent: silent.has(name),
    heardAt: renewed && (silent.has(name) || ready?.status !== 'True') ? millisOf(String(renewed)) : Number.NaN,
    cordoned: node.spec?.unschedulable === true,
    pressure: conditions.find((c) => c.type.endsWith('Pressure') && c.status === 'True')?.type ?? '',
    taints: (node.spec?.taints ?? [])
      .filter((t) => t.key !== 'node.kubernetes.io/unschedulable')
      .map((t) => ({ key: t.key, effect: t.effect, evictsAt: evictsAt(t, name, objects) })),
    zone: fixed.zone,
    cpu,
    memory,
    cpuRequested: cpu > 0 ? (asked?.cpu ?? 0) / cpu : 0,
    memoryRequested: memory > 0 ? (asked?.memory ?? 0) / memory : 0,
    pods: asked?.pods ?? 0,
  };
}

interface NodeFacts {
  readonly name: string;
  readonly ref: StageRef;
  readonly cpu: number;
  readonly memory: number;
  readonly zone: string;
}

const nodeMemo = new WeakMap<object, NodeFacts>();

/** What a node object says by itself. */
function nodeFacts(node: V1Node): NodeFacts {
  let facts = nodeMemo.get(node);
  if (!facts) {
    const capacity = (node.status?.allocatable ?? node.status?.capacity ?? {}) as Record<string, string>;
    const labels = (node.metadata.labels ?? {}) as Record<string, string>;
    facts = {
      name: node.metadata.name ?? '?',
      ref: refOf('nodes', node),
      cpu: milliValue(capacity['cpu']),
      memory: quantityValue(capacity['memory']),
      zone: labels['topology.kubernetes.io/zone'] ?? '',
    };
    nodeMemo.set(node, facts);
  }
  return facts;
}

/** When the first of the node's pods has used up its toleration of a NoExecute taint. */
function evictsAt(taint: { key: string; effect: string; timeAdded?: unknown }, node: string, objects: Objects): number {
  if (taint.effect !== 'NoExecute' || !taint.timeAdded) return Number.NaN;
  const added = millisOf(String(taint.timeAdded));
  let first = Number.NaN;
  for (const object of values(objects, 'pods')) {
    const pod = object as unknown as V1Pod;
    if (pod.spec?.nodeName !== node || pod.metadata.deletionTimestamp) continue;
    for (const t of pod.spec.tolerations ?? []) {
      if (t.key !== taint.key || t.tolerationSeconds === undefined) continue;
      const at = added + Number(t.tolerationSeconds) * 1000;
      if (!(first <= at)) first = at;
    }
  }
  return first;
}

/** `node-2` before `node-10`. */
export function natural(a: string, b: string): number {
  const x = /^(.*?)(\d*)$/.exec(a)!;
  const y = /^(.*?)(\d*)$/.exec(b)!;
  if (x[1] !== y[1]) return x[1]! < y[1]! ? -1 : 1;
  return Number(x[2] || 0) - Number(y[2] || 0);
}

// ── owners ──────────────────────────────────────────────────────────────────────────────────────────────────────────

interface OpenColumn extends Omit<SceneColumn, 'current' | 'ready'> {
  readonly revision: number;
}

interface OpenGroup {
  readonly uid: string;
  readonly ref: StageRef | null;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
  readonly object: KubeObject | undefined;
  readonly createdAt: number;
  readonly columns: OpenColumn[];
}

interface Home {
  readonly group: OpenGroup;
  readonly column: OpenColumn;
}

/** Kinds that own pods by themselves, with the resource they are kept under and the short mark of their column. */
const ownerKinds: Readonly<Record<string, { resource: string; mark: string }>> = {
  StatefulSet: { resource: 'statefulsets.apps', mark: 'STS' },
  DaemonSet: { resource: 'daemonsets.apps', mark: 'DS' },
  Job: { resource: 'jobs.batch', mark: 'Job' },
  ReplicationController: { resource: 'replicationcontrollers', mark: 'RC' },
};

const v = (n: number): Version => ({ text: `v${n}`, pattern: (((n - 1) % 3) + 1) as 1 | 2 | 3 });

const replicasOf = (object: KubeObject | undefined): number => {
  const spec = object?.['spec'] as { replicas?: unknown; parallelism?: unknown } | undefined;
  const status = object?.['status'] as { desiredNumberScheduled?: unknown } | undefined;
  return Number(status?.desiredNumberScheduled ?? spec?.replicas ?? spec?.parallelism ?? (object ? 1 : 0)) || 0;
};

const createdAt = (object: KubeObject): number => millisOf(String(object.metadata.creationTimestamp ?? '')) || 0;

function openGroup(resource: string, object: KubeObject): OpenGroup {
  const ref = refOf(resource, object);
  return {
    uid: ref.uid,
    ref,
    kind: object.kind,
    name: object.metadata.name ?? '?',
    namespace: object.metadata.namespace ?? '',
    object,
    createdAt: createdAt(object),
    columns: [],
  };
}

function readOwners(
  objects: Objects,
  shown: (namespace: string | undefined) => boolean,
): { groups: Map<string, OpenGroup>; groupOf: (pod: V1Pod) => Home } {
  const groups = new Map<string, OpenGroup>();
  const homes = new Map<string, Home>();
  for (const object of values(objects, 'deployments.apps'))
    if (shown(object.metadata.namespace)) {
      const group = openGroup('deployments.apps', object);
      groups.set(group.uid, group);
    }
  for (const object of values(objects, 'replicasets.apps')) {
    if (!shown(object.metadata.namespace)) continue;
    const owner = controllerOf(object);
    let group = owner ? groups.get(owner.uid) : undefined;
    if (!group) groups.set(object.metadata.uid!, (group = openGroup('replicasets.apps', object)));
    const column = replicaSetColumn(object as unknown as V1ReplicaSet);
    group.columns.push(column);
    homes.set(column.uid, { group, column });
  }
  const adopt = (uid: string, group: OpenGroup, mark: Version, desired: number): Home => {
    const { ref, kind, name } = group;
    const column = { uid, ref, kind, name, version: mark, desired, ghost: false, old: false, revision: 1 };
    group.columns.push(column);
    groups.set(group.uid, group);
    const home = { group, column };
    homes.set(uid, home);
    return home;
  };
  for (const { resource, mark } of Object.values(ownerKinds))
    for (const object of values(objects, resource))
      if (shown(object.metadata.namespace)) {
        const group = openGroup(resource, object);
        adopt(group.uid, group, { text: mark, pattern: 0 }, replicasOf(object));
      }
  return { groups, groupOf: (pod) => homeOf(pod, homes, adopt) };
}

/** Where a pod belongs: its controller's column, one made for a controller that is gone, or that of the bare pods. */
function homeOf(
  pod: V1Pod,
  homes: Map<string, Home>,
  adopt: (uid: string, group: OpenGroup, mark: Version, desired: number) => Home,
): Home {
  const owner = controllerOf(pod);
  const namespace = pod.metadata.namespace ?? '';
  const uid = owner ? owner.uid : `bare/${namespace}`;
  const known = homes.get(uid);
  if (known) return known;
  const group: OpenGroup = {
    uid,
    ref: null,
    kind: owner?.kind ?? '',
    name: owner?.name ?? '',
    namespace,
    object: undefined,
    createdAt: Number.MAX_SAFE_INTEGER,
    columns: [],
  };
  return adopt(uid, group, owner ? v(1) : { text: '', pattern: 0 }, 0);
}

function replicaSetColumn(rs: V1ReplicaSet): OpenColumn {
  const notes = (rs.metadata.annotations ?? {}) as Record<string, string>;
  const revision = Number(notes['deployment.kubernetes.io/revision'] ?? 1) || 1;
  const history = (notes['deployment.kubernetes.io/revision-history'] ?? '').split(',').map(Number).filter(Boolean);
  const ref = refOf('replicasets.apps', rs);
  return {
    uid: ref.uid,
    ref,
    kind: 'ReplicaSet',
    name: rs.metadata.name ?? '?',
    version: v(Math.min(revision, ...history)),
    desired: Number(rs.spec?.replicas ?? 1),
    ghost: false,
    old: false,
    revision,
  };
}

// ── groups with their counts ────────────────────────────────────────────────────────────────────────────────────────

interface Counts {
  current: number;
  ready: number;
  available: number;
  /** With the terminating ones: what is drawn. */
  drawn: number;
}

function finishGroups(groups: Map<string, OpenGroup>, pods: readonly ScenePod[], now: number): SceneGroup[] {
  const counts = new Map<string, Counts>();
  const patience = new Map<string, number>();
  for (const group of groups.values()) {
    const spec = group.object?.['spec'] as { minReadySeconds?: number } | undefined;
    patience.set(group.uid, Number(spec?.minReadySeconds ?? 0) * 1000);
  }
  for (const pod of pods) {
    let c = counts.get(pod.column);
    if (!c) counts.set(pod.column, (c = { current: 0, ready: 0, available: 0, drawn: 0 }));
    c.drawn++;
    const { state } = pod.look;
    if (state === 'terminating' || state === 'succeeded' || state === 'failed') continue;
    c.current++;
    const since = pod.look.readySince;
    if (Number.isNaN(since)) continue;
    c.ready++;
    if (since + (patience.get(pod.group) ?? 0) <= now) c.available++;
  }
  return [...groups.values()]
    .map((group) => finishGroup(group, counts))
    .sort((a, b) => rank(a) - rank(b) || a.createdAt - b.createdAt || (a.name < b.name ? -1 : 1));
}

/** Deployments and their like first, one-tile-per-row DaemonSets behind, pods nobody owns last. */
const rank = (group: SceneGroup): number =>
  (group.namespace === 'default' ? 0 : 10) + (group.kind === '' ? 3 : group.kind === 'DaemonSet' ? 2 : 1);

function finishGroup(group: OpenGroup, counts: ReadonlyMap<string, Counts>): SceneGroup {
  const newest = Math.max(0, ...group.columns.map((c) => c.revision));
  const kept = group.columns
    .filter((c) => c.desired > 0 || counts.has(c.uid) || c.revision === newest)
    .sort((a, b) => a.revision - b.revision);
  const columns = kept.map(({ revision, ...column }): SceneColumn => {
    const c = counts.get(column.uid);
    return { ...column, current: c?.current ?? 0, ready: c?.ready ?? 0, old: revision !== newest };
  });
  if (columns.length === 0) columns.push(ghost(group.uid, v(1)));
  const availableBy = columns.map((c) => counts.get(c.uid)?.available ?? 0);
  const available = availableBy.reduce((a, b) => a + b, 0);
  const total = columns.reduce((a, c) => a + c.current, 0);
  const desired = group.object ? replicasOf(group.object) : total;
  return {
    uid: group.uid,
    ref: group.ref,
    kind: group.kind,
    name: group.name,
    namespace: group.namespace,
    ...promise(group, desired),
    condition: conditionOf(group, available, total, desired),
    desired,
    available,
    total,
    availableBy,
    columns,
    createdAt: group.createdAt,
  };
}

/** The tray of a ReplicaSet that does not exist yet. */
export const ghost = (group: string, version: Version): SceneColumn => ({
  uid: `${group}/ghost`,
  ref: null,
  kind: 'ReplicaSet',
  name: '',
  version,
  desired: 0,
  current: 0,
  ready: 0,
  ghost: true,
  old: false,
});

/** maxSurge and maxUnavailable in numbers: 10 replicas at 25 % are ⌈2.5⌉ = 3 more and ⌊2.5⌋ = 2 fewer, so 8 … 13. */
function promise(
  group: OpenGroup,
  desired: number,
): Pick<SceneGroup, 'strategy' | 'min' | 'max' | 'surge' | 'unavailable'> {
  const none = { min: undefined, max: undefined, surge: '', unavailable: '' };
  if (group.kind !== 'Deployment') return { strategy: '', ...none };
  const strategy = (group.object as unknown as V1Deployment).spec?.strategy;
  if (strategy?.type === 'Recreate') return { strategy: 'Recreate', ...none };
  const surge = strategy?.rollingUpdate?.maxSurge ?? '25%';
  const unavailable = strategy?.rollingUpdate?.maxUnavailable ?? '25%';
  const up = scaledValue(surge as number | string, desired, 'up');
  let down = scaledValue(unavailable as number | string, desired, 'down');
  if (up === 0 && down === 0) down = 1;
  return {
    strategy: 'RollingUpdate',
    min: Math.max(0, desired - down),
    max: desired + up,
    surge: String(surge),
    unavailable: String(unavailable),
  };
}

function conditionOf(group: OpenGroup, available: number, total: number, desired: number): SceneGroup['condition'] {
  const say = (state: PodState, word: string, partial = false): SceneGroup['condition'] => ({ state, word, partial });
  const status = group.object?.['status'] as
    | { conditions?: readonly { type: string; status: string; reason?: string }[]; updatedReplicas?: number }
    | undefined;
  const find = (type: string): { status: string; reason?: string } | undefined =>
    status?.conditions?.find((c) => c.type === type);
  if (find('ReplicaFailure')?.status === 'True') return say('failed', 'ReplicaFailure');
  if (find('Progressing')?.status === 'False')
    return say('failed', find('Progressing')?.reason ?? 'Progressing: False');
  if ((group.object?.['spec'] as { paused?: boolean } | undefined)?.paused) return say('pending', 'Paused');
  if (group.kind === 'Deployment') {
    const updated = Number(status?.updatedReplicas ?? 0);
    if (available >= desired && total === desired && updated === desired) return say('ready', 'Available');
    if (find('Progressing')?.reason === 'NewReplicaSetAvailable' && total <= desired && updated >= total)
      return say('notready', 'Progressing', true);
    return say('notready', 'Progressing');
  }
  return available >= desired ? say('ready', 'Ready') : say('notready', 'NotReady', true);
}

// ── services ────────────────────────────────────────────────────────────────────────────────────────────────────────

interface Membership {
  readonly ready: Set<string>;
  notReady: number;
}

function readServices(input: SceneInput, shown: (namespace: string | undefined) => boolean): SceneService[] {
  const { objects } = input;
  const members = new Map<string, Membership>();
  for (const object of values(objects, 'endpointslices.discovery.k8s.io'))
    readSlice(object as unknown as V1EndpointSlice, members);
  const services: SceneService[] = [];
  for (const object of values(objects, 'services')) {
    const { namespace, name } = object.metadata;
    if (!shown(namespace) || (namespace === 'default' && name === 'kubernetes')) continue;
    services.push(readService(object as unknown as V1Service, members.get(`${namespace}/${name}`)));
  }
  const rps = new Map<string, number>();
  for (const source of input.sources) {
    const service = serviceOfUrl(source.url, source.namespace ?? 'default', services, objects);
    if (service) rps.set(service.uid, (rps.get(service.uid) ?? 0) + source.rps);
  }
  return services
    .map((s) => ({ ...s, rps: rps.get(s.uid) ?? 0 }))
    .sort((a, b) => age(objects, a) - age(objects, b) || (a.ref.key < b.ref.key ? -1 : 1));
}

const age = (objects: Objects, service: SceneService): number =>
  createdAt(objects.get('services')!.get(service.ref.key)!);

function readSlice(slice: V1EndpointSlice, members: Map<string, Membership>): void {
  const labels = slice.metadata.labels as Record<string, string> | undefined;
  const name = labels?.['kubernetes.io/service-name'];
  if (!name) return;
  const key = `${slice.metadata.namespace}/${name}`;
  let own = slices.get(slice);
  if (!own) {
    own = { ready: new Set(), notReady: 0 };
    for (const endpoint of slice.endpoints ?? []) {
      const uid = endpoint.targetRef?.uid ?? endpoint.addresses?.[0] ?? '';
      if (endpoint.conditions?.ready ?? true) own.ready.add(uid);
      else own.notReady++;
    }
    slices.set(slice, own);
  }
  const others = members.get(key);
  if (!others) members.set(key, own);
  else members.set(key, { ready: new Set([...others.ready, ...own.ready]), notReady: others.notReady + own.notReady });
}

const slices = new WeakMap<object, Membership>();

function readService(service: V1Service, members: Membership | undefined): SceneService {
  const spec = service.spec ?? {};
  const type = spec.type ?? 'ClusterIP';
  const ref = refOf('services', service);
  return {
    uid: ref.uid,
    ref,
    name: service.metadata.name ?? '?',
    namespace: service.metadata.namespace ?? '',
    type,
    address: type === 'ExternalName' ? (spec.externalName ?? '') : (spec.clusterIP ?? ''),
    ports: (spec.ports ?? [])
      .map((p) =>
        type === 'NodePort' && p.nodePort ? `${p.port}:${p.nodePort}` : `${p.port} → ${p.targetPort ?? p.port}`,
      )
      .join(', '),
    endpoints: members?.ready.size ?? 0,
    notReady: members?.notReady ?? 0,
    members: members?.ready ?? new Set(),
    passive: type === 'ExternalName' || !spec.selector,
    rps: 0,
  };
}

/** The service that a source's URL means: by name as cluster DNS would, by cluster IP, node port or load balancer. */
export function serviceOfUrl(
  url: string,
  namespace: string,
  services: readonly SceneService[],
  objects: Objects,
): SceneService | undefined {
  const parts = /^(?:[a-z]+:\/\/)?([^/:?#]+)(?::(\d+))?/i.exec(url);
  if (!parts) return undefined;
  const host = parts[1]!.toLowerCase();
  const port = Number(parts[2] ?? 0);
  const [name, space = namespace] = host.split('.');
  const named = services.find((s) => s.name === name && s.namespace === space);
  if (named) return named;
  return services.find((s) => {
    const service = objects.get('services')?.get(s.ref.key) as V1Service | undefined;
    if (s.address === host) return true;
    if (service?.status?.loadBalancer?.ingress?.some((i) => i.ip === host || i.hostname === host)) return true;
    return service?.spec?.ports?.some((p) => p.nodePort !== undefined && p.nodePort === port) ?? false;
  });
}
