/**
 * What the stage and the page that mounts it have to say to one another. Types only: the stage reads Kubernetes
 * objects and the small streams of `src/protocol`, and answers with what the learner did on it.
 */
import type {
  Activity,
  Deed,
  KubeObject,
  RequestRecord,
  Speed,
  TrafficSecond,
  TrafficSource,
} from '../../protocol/index.ts';
import type {
  Isolation,
  SceneBudget,
  SceneClaim,
  SceneCron,
  SceneGate,
  SceneJob,
  ScenePolicy,
  SceneScaler,
  SceneService,
} from './scene-types.ts';

/** Objects as the page's store keeps them: resource key (`pods`, `deployments.apps`) → `namespace/name` → frozen object. */
export type Objects = ReadonlyMap<string, ReadonlyMap<string, KubeObject>>;

/** What is selected, pointed at or asked about: an object, or a part of the control plane (`resource` `processes`). */
export interface StageRef {
  readonly resource: string;
  readonly key: string;
  readonly uid: string;
}

/** A few words at an object; the newest replaces the one before. */
export interface StageCaption {
  /** uid of an object, or the name of a process: `kube-apiserver`, `kube-scheduler`, `kube-controller-manager`, `etcd`. */
  readonly at: string;
  readonly lines: readonly string[];
  /** So many lines are its title and strong; one unless told. */
  readonly strong?: number | undefined;
  readonly tone?: 'plain' | 'failed' | undefined;
}

/** Everything the picture is a function of. */
export interface StageView {
  readonly objects: Objects;
  /** Grows when an object changed; lets the stage skip looking through them. May be left out. */
  readonly revision?: number | undefined;
  /** Cluster time, ms. */
  readonly now: number;
  readonly machines: readonly { readonly name: string; readonly up: boolean; readonly cut: boolean }[];
  /** Stopped control-plane processes. */
  readonly stopped: readonly string[];
  readonly sources: readonly TrafficSource[];
  /** Pod key → what it uses now. */
  readonly usage: ReadonlyMap<string, { readonly cpuMilli: number; readonly memoryBytes: number }>;
  /** The last seconds of traffic, oldest first. */
  readonly traffic: readonly TrafficSecond[];
  /** New since the last update; each is drawn once. */
  readonly requests: readonly RequestRecord[];
  readonly activities: readonly Activity[];
  readonly deeds: readonly Deed[];
  readonly selection: StageRef | null;
  /** Numbers of Why cards by uid; when not empty everything else is dimmed. */
  readonly highlights: ReadonlyMap<string, number>;
  readonly caption?: StageCaption | null | undefined;
  /** What a lesson points at: uids of objects, names of processes. */
  readonly spots?: readonly string[] | undefined;
  readonly theme: 'light' | 'dark' | 'projector';
  readonly lang: 'en' | 'ko';
  readonly reducedMotion: boolean;
  readonly speed: Speed;
  readonly playing: boolean;
  /** The moment shown lies before the head of the branch. */
  readonly past: boolean;
  /** The objects were replaced as a whole (seek, other branch): no choreography, one settle. */
  readonly reset?: boolean | undefined;
  /** Show only this namespace; null or absent: all but the system's own. */
  readonly namespace?: string | null | undefined;
  /** Before a prediction is made the promises read "min ?" and "max ?". */
  readonly hideBounds?: boolean | undefined;
  readonly labels: StageLabels;
}

/** How a menu was asked for. */
export type MenuCause = 'click' | 'context' | 'key';

/** What the page is told. Points are CSS pixels of the viewport. */
export interface StageOptions {
  readonly onSelect: (ref: StageRef | null) => void;
  /** A click also selects first. */
  readonly onMenu: (ref: StageRef, at: { readonly x: number; readonly y: number }, cause: MenuCause) => void;
  /** A request dot was clicked. */
  readonly onRequest: (record: RequestRecord, at: { readonly x: number; readonly y: number }) => void;
  /** A message that is not drawn in motion (reduced motion, fast play): for a list in the caption. */
  readonly onCaption?: ((text: string) => void) | undefined;
  /** The zoom or page changed by the learner's hand. */
  readonly onZoom?: ((zoom: StageZoom) => void) | undefined;
  /** A glyph threw: reported once per kind. The default glyph stands in. */
  readonly onProblem?: ((problem: string) => void) | undefined;
}

/** Levels of the semantic zoom: the whole cluster, one node's pods, one pod's containers. */
export type ZoomLevel = 'cluster' | 'node' | 'pod';

export interface StageZoom {
  readonly level: ZoomLevel;
  readonly scale: number;
}

/** The stage behind its instance. */
export interface Stage {
  /** Call once per animation frame at most. Never throws, whatever the objects look like. */
  update(view: StageView): void;
  /** Keyboard focus to the object focused last, or to the selected one. */
  focus(): void;
  /** Zooms to a level around the selection (or the middle); `cluster` fits everything. */
  zoomTo(level: ZoomLevel): void;
  /** Buttons of the shell: factor > 1 comes closer. */
  zoomBy(factor: number): void;
  /** Brings an object into view (turns the page of workloads when needed). */
  reveal(uid: string): void;
  /** The drawing as a standalone SVG document with its styles inside, for export. */
  svg(): string;
  destroy(): void;
}

/** A pod in the words its sentence needs. */
export interface PodFacts {
  readonly name: string;
  readonly namespace: string;
  /** '' while it has none. */
  readonly node: string;
  /** Where others are ended so that it finds room; '' else. */
  readonly nominated: string;
  /** As `kubectl get pods` prints it: `Running`, `CrashLoopBackOff`. */
  readonly status: string;
  /** `1/1`. */
  readonly ready: string;
  readonly isReady: boolean;
  readonly restarts: number;
  readonly version: string;
  readonly lastKnown: boolean;
  /** Seconds of grace left, while terminating. */
  readonly graceSeconds?: number | undefined;
  /** Seconds until the next try, in a back-off. */
  readonly retrySeconds?: number | undefined;
  readonly phase: string;
  readonly isolated: Isolation;
  readonly priority: number;
  readonly disrupted: '' | 'preempted' | 'evicted';
}

export interface NodeFacts {
  readonly name: string;
  readonly ready: 'True' | 'False' | 'Unknown';
  readonly cordoned: boolean;
  readonly pods: number;
  /** Seconds since the last heartbeat, when it is missing. */
  readonly silentSeconds?: number | undefined;
  readonly cpuRequestedPercent: number;
  readonly memoryRequestedPercent: number;
}

export interface GroupFacts {
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
  readonly desired: number;
  readonly available: number;
  readonly total: number;
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  readonly job: SceneJob | null;
  readonly cron: SceneCron | null;
  /** Seconds until the next run of a CronJob; NaN when there is none. */
  readonly nextSeconds?: number | undefined;
}

export type ServiceFacts = Pick<
  SceneService,
  'name' | 'namespace' | 'type' | 'address' | 'ports' | 'endpoints' | 'notReady'
>;

/** Every word on the stage. Words of the cluster itself (kinds, status words, names) are not in here: they stay English. */
export interface StageLabels {
  readonly stage: string;
  readonly controlPlane: string;
  readonly etcd: string;
  readonly apiServer: string;
  readonly scheduler: string;
  readonly controllerManager: string;
  /** Short form for narrow stages: `controllers`. */
  readonly controllers: string;
  readonly stopped: string;
  readonly users: string;
  readonly available: string;
  readonly total: string;
  readonly min: (n: number | '?') => string;
  readonly max: (n: number | '?') => string;
  readonly desired: (n: number) => string;
  /** `maxSurge 25 % → ⌈2.5⌉ = 3`. */
  readonly surge: (setting: string, product: number, n: number) => string;
  readonly unavailable: (setting: string, product: number, n: number) => string;
  /** `4 of 6 available`. */
  readonly someAvailable: (n: number, of: number) => string;
  /** Endpoints of a service, with the number: `8 endpoints`. */
  readonly endpoints: (n: number) => string;
  readonly noReplicaSet: string;
  readonly noneYet: string;
  readonly barePods: string;
  readonly lastKnown: string;
  readonly tolerates: string;
  readonly nextTry: string;
  /** `in 37 s`. */
  readonly inSeconds: (s: number) => string;
  /** `no heartbeat 52 s`. */
  readonly noHeartbeat: (s: number) => string;
  readonly cordoned: string;
  /** `evicts in 2:30`. */
  readonly evictsIn: (s: number) => string;
  /** `1 dot = 10 req`. */
  readonly dotIs: (n: number) => string;
  readonly perSecond: (n: number) => string;
  readonly workloads: (n: number) => string;
  /** `1–6 of 12`. */
  readonly pageOf: (from: number, to: number, all: number) => string;
  readonly nextPage: string;
  readonly previousPage: string;
  readonly more: (n: number) => string;
  readonly zone: (name: string) => string;
  readonly emptyTitle: string;
  readonly emptyHint: string;
  readonly noNodes: string;
  /** Words under a terminating pod that had to make room. */
  readonly disrupted: Readonly<Record<'preempted' | 'evicted', string>>;
  readonly suspended: string;
  /** `next run in 2 m 05 s`. */
  readonly nextRun: (s: number) => string;
  readonly runsActive: (n: number, skipped: number) => string;
  /** How many are done, running, failed: three short texts. */
  readonly jobWords: (job: SceneJob) => readonly [string, string, string];
  /** Why an autoscaler does what it does, in a few words. */
  readonly scalerReason: (scaler: SceneScaler) => string;
  /** Pods that a disruption budget lets go now: `1 may go`. */
  readonly mayGo: (n: number) => string;
  /** A gate that no controller serves. */
  readonly gateUnserved: string;
  readonly scalerSentence: (scaler: SceneScaler) => string;
  readonly budgetSentence: (budget: SceneBudget) => string;
  readonly gateSentence: (gate: SceneGate) => string;
  readonly claimSentence: (claim: SceneClaim) => string;
  readonly policySentence: (policy: ScenePolicy) => string;
  readonly message: (verb: string, what: string) => string;
  readonly podSentence: (pod: PodFacts) => string;
  readonly nodeSentence: (node: NodeFacts) => string;
  readonly groupSentence: (group: GroupFacts) => string;
  readonly columnSentence: (kind: string, name: string, desired: number, current: number, ready: number) => string;
  readonly serviceSentence: (service: ServiceFacts) => string;
  readonly processSentence: (name: string, stopped: boolean) => string;
  readonly requestSentence: (target: string, ok: boolean, status: number, ms: number) => string;
}
