/** Who owns pods: Deployments with their ReplicaSets, other owners, owners that are gone, nobody. Pure. */
import type { V1Pod, V1ReplicaSet } from '../../generated/types.ts';
import { controllerOf, type KubeObject } from '../../kube/apimachinery/index.ts';
import type { Objects, StageRef } from './contract.ts';
import { createdAt, refOf, values } from './objects.ts';
import type { SceneColumn, Version } from './scene-types.ts';

/** A column before its pods are counted. */
export interface OpenColumn extends Omit<SceneColumn, 'current' | 'ready'> {
  readonly revision: number;
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
  readonly columns: OpenColumn[];
}

/** Where a pod belongs. */
export interface Home {
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

/** The nth version: patterns repeat after three. */
export const v = (n: number): Version => ({ text: `v${n}`, pattern: (((n - 1) % 3) + 1) as 1 | 2 | 3 });

/** How many pods an owner wants. */
export const replicasOf = (object: KubeObject | undefined): number => {
  const spec = object?.['spec'] as { replicas?: unknown; parallelism?: unknown } | undefined;
  const status = object?.['status'] as { desiredNumberScheduled?: unknown } | undefined;
  return Number(status?.desiredNumberScheduled ?? spec?.replicas ?? spec?.parallelism ?? (object ? 1 : 0)) || 0;
};

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

/** Owners with their columns, and the way from a pod to its own. */
export function readOwners(
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
