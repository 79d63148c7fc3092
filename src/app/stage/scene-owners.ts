/** Who owns pods, through whom: a group for the topmost owner, a column for each that owns pods itself. Pure. */
import type { V1Pod } from '../../generated/types.ts';
import { controllerOf, type KubeObject } from '../../kube/apimachinery/index.ts';
import type { Objects, StageRef } from './contract.ts';
import { createdAt, refOf, values } from './objects.ts';
import type { SceneColumn, Version } from './scene-types.ts';
import { templateImage, versionNumber, versionsOf } from './versions.ts';

/** A column before its pods are counted. */
export interface OpenColumn extends Omit<SceneColumn, 'current' | 'ready' | 'job'> {
  /** Orders the columns of a group; the highest is the newest. */
  readonly revision: number;
  readonly object: KubeObject | undefined;
}

/** A group before its pods are counted. */
export interface OpenGroup {
  readonly uid: string;
  readonly ref: StageRef | null;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
  readonly object: KubeObject | undefined;
  readonly createdAt: number;
  columns: OpenColumn[];
}

/** Where a pod belongs. */
export interface Home {
  readonly group: OpenGroup;
  readonly column: OpenColumn;
}

interface OwnerKind {
  readonly resource: string;
  /** On the chip of its column; its pods show it where they have no version. '' for who has versions of its own. */
  readonly mark: string;
  /** Owns owners and no pods. */
  readonly above?: boolean;
}

/** Kinds that own pods, or owners of pods. A kind missing here is found all the same, as soon as a pod names it. */
export const ownerKinds: Readonly<Record<string, OwnerKind>> = {
  Deployment: { resource: 'deployments.apps', mark: '', above: true },
  ReplicaSet: { resource: 'replicasets.apps', mark: '' },
  StatefulSet: { resource: 'statefulsets.apps', mark: 'STS' },
  DaemonSet: { resource: 'daemonsets.apps', mark: 'DS' },
  CronJob: { resource: 'cronjobs.batch', mark: '', above: true },
  Job: { resource: 'jobs.batch', mark: 'Job' },
  ReplicationController: { resource: 'replicationcontrollers', mark: 'RC' },
};

/** How many pods an owner wants now. */
export function replicasOf(object: KubeObject | undefined): number {
  const spec = object?.['spec'] as Record<string, unknown> | undefined;
  const status = object?.['status'] as Record<string, unknown> | undefined;
  if (object?.kind === 'Job') return Number(spec?.['completions'] ?? spec?.['parallelism'] ?? 1) || 0;
  return Number(status?.['desiredNumberScheduled'] ?? spec?.['replicas'] ?? (object ? 1 : 0)) || 0;
}

/** Owners with their columns, and the way from a pod to its own. */
export function readOwners(
  objects: Objects,
  shown: (namespace: string | undefined) => boolean,
): { groups: Map<string, OpenGroup>; groupOf: (pod: V1Pod) => Home } {
  const owners = new Map<string, { readonly resource: string; readonly object: KubeObject }>();
  for (const { resource } of Object.values(ownerKinds))
    for (const object of values(objects, resource))
      if (shown(object.metadata.namespace)) owners.set(refOf(resource, object).uid, { resource, object });
  const groups = new Map<string, OpenGroup>();
  const homes = new Map<string, Home>();
  for (const [uid, { resource, object }] of owners) {
    const top = topOf(uid, owners);
    let group = groups.get(top);
    if (!group) groups.set(top, (group = openGroup(owners.get(top)!)));
    if (ownerKinds[object.kind]?.above) continue;
    const column = columnOf(resource, object);
    group.columns.push(column);
    homes.set(uid, { group, column });
  }
  for (const group of groups.values()) tellVersions(group, homes);
  return { groups, groupOf: (pod) => homeOf(pod, homes, groups) };
}

/** The owner of the owner, as far up as it is known. */
function topOf(uid: string, owners: ReadonlyMap<string, { readonly object: KubeObject }>): string {
  let at = uid;
  for (let i = 0; i < 8; i++) {
    const above = controllerOf(owners.get(at)!.object)?.uid;
    if (above === undefined || !owners.has(above)) return at;
    at = above;
  }
  return at;
}

function openGroup({ resource, object }: { readonly resource: string; readonly object: KubeObject }): OpenGroup {
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

function columnOf(resource: string, object: KubeObject): OpenColumn {
  const ref = refOf(resource, object);
  const mark = ownerKinds[object.kind]?.mark ?? '';
  return {
    uid: ref.uid,
    ref,
    kind: object.kind,
    name: object.metadata.name ?? '?',
    version: { text: mark, pattern: 0 },
    desired: replicasOf(object),
    ghost: false,
    old: false,
    revision: object.kind === 'ReplicaSet' ? revisionOf(object).now : createdAt(object),
    object,
  };
}

/** Revision of a ReplicaSet, and its first: an undo gives it a new number but must bring the old look back. */
function revisionOf(object: KubeObject): { now: number; first: number } {
  const notes = (object.metadata.annotations ?? {}) as Record<string, string>;
  const now = Number(notes['deployment.kubernetes.io/revision'] ?? 1) || 1;
  const history = (notes['deployment.kubernetes.io/revision-history'] ?? '').split(',').map(Number).filter(Boolean);
  return { now, first: Math.min(now, ...history) };
}

/** ReplicaSets of one owner are its versions. */
function tellVersions(group: OpenGroup, homes: Map<string, Home>): void {
  if (!group.columns.some((c) => c.kind === 'ReplicaSet')) return;
  const versions = versionsOf(
    group.columns.map((c) => ({ number: revisionOf(c.object!).first, image: templateImage(c.object) })),
  );
  group.columns = group.columns.map((column, i) => {
    const told = { ...column, version: versions[i]! };
    homes.set(column.uid, { group, column: told });
    return told;
  });
}

const unowned: Version = { text: '', pattern: 0 };

/** Where a pod belongs: its controller's column, one made for a controller that is gone, or that of the bare pods. */
function homeOf(pod: V1Pod, homes: Map<string, Home>, groups: Map<string, OpenGroup>): Home {
  const owner = controllerOf(pod);
  const namespace = pod.metadata.namespace ?? '';
  const uid = owner ? owner.uid : `bare/${namespace}`;
  const known = homes.get(uid);
  if (known) return known;
  const kind = owner?.kind ?? '';
  const name = owner?.name ?? '';
  const mark = ownerKinds[kind]?.mark;
  const version: Version = mark ? { text: mark, pattern: 0 } : owner ? versionNumber(1) : unowned;
  const column: OpenColumn = {
    uid,
    ref: null,
    kind,
    name,
    version,
    desired: 0,
    ghost: false,
    old: false,
    revision: 1,
    object: undefined,
  };
  const group: OpenGroup = {
    uid,
    ref: null,
    kind,
    name,
    namespace,
    object: undefined,
    createdAt: Number.MAX_SAFE_INTEGER,
    columns: [column],
  };
  groups.set(uid, group);
  const home = { group, column };
  homes.set(uid, home);
  return home;
}
