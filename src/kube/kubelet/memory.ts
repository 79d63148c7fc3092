import type { V1Container, V1ContainerStateTerminated, V1PodSpec, V1PodStatus } from '../../generated/types.ts';
import type { Context } from '../../kernel/index.ts';
import type { KubeObject } from '../apimachinery/index.ts';
import type { Pod } from '../apis/index.ts';
import type { Caches, Client, EventMemory } from '../client/index.ts';
import type { Net } from '../network/index.ts';
import type { Api } from '../process.ts';
import type { Cri } from '../runtime/cri.ts';
import type { Backoff } from './backoff.ts';

/** What the code of a kubelet works with while it serves one event; nothing of it is kept. */
export interface Kubelet {
  readonly ctx: Context;
  readonly node: string;
  /** `kubelet/node-1`. */
  readonly address: string;
  readonly memory: KubeletMemory;
  readonly client: Client;
  readonly api: Api;
  readonly cri: Cri;
  readonly net: Net;
}

/** All that a kubelet remembers. Plain data; lost when its machine crashes. */
export interface KubeletMemory {
  /** Pods of this node. */
  readonly caches: Caches;
  /** Pod uid → its worker. */
  readonly workers: Map<string, Worker>;
  /** What the pods here have asked for. */
  readonly reserved: { cpuMilli: number; memoryBytes: number; pods: number };
  /** Image pulls in order; the first is under way. Serial, as by default (serializeImagePulls). */
  readonly pulls: Pull[];
  /** `uid_image` → back-off and last error of its pulls. */
  readonly pullBackoff: Map<string, { readonly backoff: Backoff; readonly error: string }>;
  readonly events: EventMemory;
  /** ConfigMaps and Secrets that pods here use as volumes: `configmaps/ns/name` → watch. */
  readonly sources: Map<string, Source>;
  /** ConfigMaps and Secrets as last read: a container restarts from these while the API server is out of reach. */
  readonly known: Map<string, KubeObject>;
  /** Services of a namespace as last read, for service environment variables. */
  readonly services: Map<string, { readonly at: number; readonly env: Readonly<Record<string, string>> }>;
  /** Tokens of probes and hooks that wait for an answer → whose they are. */
  readonly waiting: Map<string, Awaited>;
  /** Images pulled since the node's list of images was last written: name → bytes. */
  readonly newImages: Map<string, number>;
  /** Makes tokens distinct. */
  serial: number;
  /** The watch of pods was open before: its next bookmark is a return. */
  connected: boolean;
}

/** One image pull that waits or is under way. */
export interface Pull {
  readonly uid: string;
  readonly container: string;
  readonly image: string;
  readonly queuedAt: number;
  /** Deed for which it was asked. */
  readonly cause: number;
  startedAt: number;
}

/** A watched ConfigMap or Secret and the pods that mount it. */
export interface Source {
  readonly resource: 'configmaps' | 'secrets';
  stream: number;
  /** The initial list has come. */
  synced: boolean;
  /** It was lost and opened again: the next list may hold a change. */
  reopened: boolean;
  readonly uids: Set<string>;
}

/** An answer that is awaited: of a probe, or of a lifecycle hook. */
export interface Awaited {
  readonly uid: string;
  readonly container: string;
  /** Id of the container it was sent to: an answer about a former container counts for nothing. */
  readonly id: string;
  readonly what: 'readiness' | 'liveness' | 'startup' | 'postStart' | 'preStop';
}

/**
 * One pod on this node.
 *
 *     bound ── sandbox ── containers start, run, restart ──┬── all ended for good ── finished
 *                                                          └── deleted ── terminating ── removed
 */
export interface Worker {
  readonly uid: string;
  /** Newest version known. Frozen. */
  pod: Pod;
  /** When this kubelet first saw it: phase of its probes. */
  readonly addedAt: number;
  /** Its IP, while it has a sandbox that runs; '' otherwise. */
  ip: string;
  /** What it has asked for, while that counts in the node's `reserved`. */
  reserved: { readonly cpuMilli: number; readonly memoryBytes: number } | null;
  /** The runtime keeps something of it: a sandbox, or ended containers with their logs. */
  sandbox: boolean;
  /** The IP may be shown: the first pass over the containers has ended. */
  ipShown: boolean;
  /** Its volumes as mounted: volume → path → content. Frozen; null while they are not resolved. */
  volumes: Volumes | null;
  /** Volumes that are directories on the node's disk and outlive the pod: volume → path. */
  directories?: Readonly<Record<string, string>>;
  mount: Mounting | null;
  /** What the worker is waiting for; it does one thing at a time. */
  busy: Step | null;
  /** Time of the pending `sync` event; 0 when none. */
  syncAt: number;
  /** A `status` event is pending. */
  flushing: boolean;
  /** Deed that caused the latest change. */
  cause: number;
  /** Init containers first, in the order of the spec. */
  readonly containers: ContainerRecord[];
  /** Last status that was sent, or the API's when this kubelet started. Frozen. */
  status: V1PodStatus | undefined;
  /** Resource version of the last status that was sent: what is newer was written by somebody else. */
  written: number;
  /** The status could not be sent: the API server was out of reach. */
  unsent: boolean;
  /** The API server has taken its deletion: the object goes, or waits for finalizers only. */
  removed: boolean;
  /** The pod ends: null while it does not. */
  terminating: Terminating | null;
  /** All containers have ended for good and the sandbox is gone. */
  finished: boolean;
  /** Reason and message of a pod that was refused by this node or ended by the kubelet. */
  failure: { readonly reason: string; readonly message: string } | null;
}

/** Content of a pod's volumes: volume → path below its root → text. */
export type Volumes = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Tries to mount what is missing. */
export interface Mounting {
  readonly delayMs: number;
  readonly nextAt: number;
  /** When the pod worker last gave up waiting, or began to wait. */
  readonly since: number;
}

/** One step that takes time. */
export interface Step {
  readonly step: 'sandbox' | 'pull' | 'create' | 'postStart';
  readonly container: string;
  readonly serial: number;
}

/** How far the end of a pod has come. */
export interface Terminating {
  /** Seconds that its containers get from `since` on. */
  graceSeconds: number;
  readonly since: number;
  /** `deleted` ends with the removal of the object, `completed` with a finished pod, `gone` reports nothing: the object is gone already. */
  end: 'deleted' | 'completed' | 'gone';
}

/** One container of a pod, through all its restarts. */
export interface ContainerRecord {
  readonly name: string;
  readonly kind: 'init' | 'sidecar' | 'app' | 'ephemeral';
  /** Runtime's id of the newest container; '' before the first. */
  id: string;
  state: 'none' | 'running' | 'exited';
  /** Image of the newest container, as in the spec. */
  image: string;
  startedAt: number;
  restartCount: number;
  /** How the newest container ended. Frozen. */
  terminated: V1ContainerStateTerminated | null;
  finishedAt: number;
  /** How the one before ended. Frozen. */
  last: V1ContainerStateTerminated | null;
  /** Why it cannot be started now. */
  waiting: { readonly reason: string; readonly message?: string | undefined } | null;
  /** When the next start may be tried. */
  notBefore: number;
  crash: Backoff | null;
  /** Its `Started` event was written: not before it is known that its command could be run. */
  announced: boolean;
  /** The startup probe has succeeded, or there is none. */
  started: boolean;
  ready: boolean;
  /** It is being stopped: why, and the grace left. */
  stopping: Stopping | null;
  readonly probes: ProbeState[];
  /** Deed of its latest end. */
  cause: number;
}

/** A container on its way out. */
export interface Stopping {
  readonly why: string;
  readonly since: number;
  readonly graceSeconds: number;
  /** SIGTERM was sent; false while a preStop hook runs. */
  signalled: boolean;
}

/** One probe of one container. */
export interface ProbeState {
  readonly type: 'readiness' | 'liveness' | 'startup';
  /** Last result, and how often in a row. */
  result: boolean | null;
  run: number;
  /** What counts, once thresholds are reached. */
  verdict: boolean | null;
  /** Time of the next try; 0 when parked or off. */
  dueAt: number;
  /** Token of the request under way; '' when none. */
  token: string;
  /** What it asks about changed while the request was under way: ask once more. */
  recheck: boolean;
}

/** The record of a container by name. */
export const recordOf = (w: Worker, name: string): ContainerRecord | undefined =>
  w.containers.find((c) => c.name === name);

/** Number of seconds that a pod's containers get to end. */
export const graceOf = (pod: Pod): number => pod.spec?.terminationGracePeriodSeconds ?? 30;

/** The spec of a container by name. */
export const specOf = (spec: V1PodSpec, name: string): V1Container =>
  spec.containers.find((c) => c.name === name) ??
  spec.initContainers?.find((c) => c.name === name) ??
  (spec.ephemeralContainers!.find((c) => c.name === name)! as V1Container);
