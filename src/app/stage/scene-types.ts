/** What the scene is made of. Types only; `scene.ts` builds it from the objects. */
import type { V1Pod } from '../../generated/types.ts';
import type { StageRef, StageView } from './contract.ts';
import type { PodLook, PodState } from './podlook.ts';

/** The pattern and text of a version: first revision of its ReplicaSet, so that an undo brings the old look back. */
export interface Version {
  readonly text: string;
  /** 1 solid, 2 diagonal, 3 dots; 0 for what has no version. */
  readonly pattern: 0 | 1 | 2 | 3;
}

/** In which directions policies isolate a pod. */
export type Isolation = '' | 'in' | 'out' | 'both';

export interface ScenePod {
  readonly uid: string;
  readonly ref: StageRef;
  readonly pod: V1Pod;
  readonly look: PodLook;
  /** As `look.state`, but `unknown` when its node is not heard. */
  readonly state: PodState;
  readonly version: Version;
  /** '' before it is bound. */
  readonly node: string;
  /** In whose row it stands: that of its node, or of the one where others are ended for it; '' while in the queue. */
  readonly row: string;
  readonly group: string;
  readonly column: string;
  /** Place in a row of names (`db-2`), -1 for pods that are all alike. */
  readonly ordinal: number;
  /** Isolated by a NetworkPolicy: '', 'in', 'out', 'both'. */
  readonly isolated: Isolation;
  /** Mounts claims: its data outlives it. */
  readonly keeps: boolean;
  /** spec.priority. */
  readonly priority: number;
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
  readonly job: SceneJob | null;
  /** A ReplicaSet still to come: tray in outline. */
  readonly ghost: boolean;
  /** True for all but the newest. */
  readonly old: boolean;
}

/** How far a Job has come. */
export interface SceneJob {
  readonly succeeded: number;
  readonly failed: number;
  readonly active: number;
  /** Undefined: a work queue, done when one pod says so. */
  readonly completions: number | undefined;
  readonly parallelism: number;
  readonly backoffLimit: number;
  readonly suspended: boolean;
  /** `Complete`, `Failed`; '' while it runs. */
  readonly end: string;
}

/** The clock of a CronJob. Times are cluster time, ms; NaN when there is none. */
export interface SceneCron {
  readonly schedule: string;
  readonly suspended: boolean;
  readonly lastAt: number;
  readonly nextAt: number;
  readonly active: number;
  /** Runs that were due since the last and were not made. */
  readonly skipped: number;
}

/** One metric of an autoscaler: what is measured against what is wanted. */
export interface SceneMetric {
  readonly name: string;
  /** NaN while nothing is measured. */
  readonly current: number;
  readonly target: number;
  readonly unit: '%' | '';
}

/** A HorizontalPodAutoscaler on the head of the group that it scales. */
export interface SceneScaler {
  readonly uid: string;
  readonly ref: StageRef;
  readonly name: string;
  readonly min: number;
  readonly max: number;
  /** Replicas it computed from, and what it wants. */
  readonly current: number;
  readonly desired: number;
  readonly metrics: readonly SceneMetric[];
  /** Index of the metric that decides; -1 without any. */
  readonly deciding: number;
  /** What the metric alone asks for: ⌈2 × 150 / 50⌉ = 6; NaN without a metric. */
  readonly wish: number;
  /** Within the tolerance of ±10 %: nothing is done. */
  readonly tolerated: boolean;
  /** Reason of the condition that explains what it does: `TooManyReplicas`, `ScaleDownStabilized`, `FailedGetResourceMetric`. */
  readonly reason: string;
  /** A limit or a window keeps it from what the metric asks for. */
  readonly held: boolean;
  readonly trouble: boolean;
}

/** A PodDisruptionBudget over the pods of a group. */
export interface SceneBudget {
  readonly uid: string;
  readonly ref: StageRef;
  readonly name: string;
  readonly healthy: number;
  readonly wanted: number;
  readonly allowed: number;
  /** `minAvailable 2`. */
  readonly setting: string;
}

/** One line of a gate's table. */
export interface SceneRule {
  readonly host: string;
  readonly path: string;
  readonly service: string;
  /** uid of the service, '' when there is none of that name. */
  readonly uid: string;
}

/** An Ingress: the gate through which outside traffic enters. */
export interface SceneGate {
  readonly uid: string;
  readonly ref: StageRef;
  readonly name: string;
  readonly namespace: string;
  readonly className: string;
  readonly rules: readonly SceneRule[];
  /** A controller has taken it up. */
  readonly served: boolean;
  /** uids of the controller's ready pods, which requests go through; empty while nobody serves it. */
  readonly controllers: ReadonlySet<string>;
}

/** A NetworkPolicy, and how many pods it isolates. */
export interface ScenePolicy {
  readonly uid: string;
  readonly ref: StageRef;
  readonly name: string;
  readonly namespace: string;
  readonly ingress: boolean;
  readonly egress: boolean;
  readonly pods: number;
}

/** A PersistentVolumeClaim. */
export interface SceneClaim {
  readonly uid: string;
  readonly ref: StageRef;
  readonly name: string;
  /** `Pending`, `Bound`, `Lost`. */
  readonly phase: string;
  readonly size: string;
  readonly modes: string;
  /** Name of the volume that it is bound to; '' before. */
  readonly volume: string;
  /** uids of the pods that mount it. */
  readonly pods: ReadonlySet<string>;
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
  readonly job: SceneJob | null;
  readonly cron: SceneCron | null;
  readonly scaler: SceneScaler | null;
  readonly budgets: readonly SceneBudget[];
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
  /** uid of the gate it comes through, '' for none. */
  readonly gate: string;
}

export interface Scene {
  readonly nodes: readonly SceneNode[];
  readonly groups: readonly SceneGroup[];
  readonly services: readonly SceneService[];
  readonly sources: readonly SceneSource[];
  readonly gates: readonly SceneGate[];
  readonly policies: readonly ScenePolicy[];
  readonly claims: readonly SceneClaim[];
  readonly pods: readonly ScenePod[];
  /** Pods without a node, oldest first. */
  readonly queue: readonly ScenePod[];
  readonly namespaces: readonly string[];
  readonly stopped: readonly string[];
  readonly byUid: ReadonlyMap<string, ScenePod>;
}

/** What of a view makes the scene. */
export type SceneInput = Pick<StageView, 'objects' | 'now' | 'machines' | 'stopped' | 'sources' | 'namespace'>;
