import type { Context } from '../../kernel/index.ts';
import type { NetRequest } from '../network/net.ts';

/**
 * What the kubelet asks of its machine's container runtime (the Container Runtime Interface).
 * Calls return at once; what takes time answers later with an event to `kubelet/<node>`:
 *
 *   image-pulled      ImagePulled        after `pullImage`
 *   container-exited  ContainerExited    whenever a container's main process ends, for whatever reason
 *   exec-done         ExecDone           after `exec`
 *   behaviour-changed BehaviourChanged   whenever a container's answers to probes may change: the kubelet parks
 *                                        probes that cannot come out differently
 *
 * A runtime outlives its kubelet: containers run on while the kubelet is down.
 */
export interface Cri {
  /** Makes the pod's network namespace and returns its IP; the same IP when it exists. */
  runSandbox(ctx: Context, node: string, sandbox: SandboxConfig): string;
  /** Kills what still runs in the pod, frees its IP and its emptyDirs. */
  removeSandbox(ctx: Context, node: string, podUid: string): void;
  imagePresent(ctx: Context, node: string, image: string): boolean;
  /** Starts a pull. Concurrent pulls of one image share the download. */
  pullImage(ctx: Context, node: string, image: string): void;
  /** Creates and starts a container; returns its id. Throws nothing: a command that cannot run exits at once (127 or 126, or 128 for StartError). */
  startContainer(ctx: Context, node: string, podUid: string, config: ContainerConfig): string;
  /** SIGTERM now, SIGKILL after `graceMs`. `container-exited` follows. */
  stopContainer(ctx: Context, node: string, containerId: string, graceMs: number): void;
  /** Runs a command in a container; `exec-done` with this token follows, at the latest after `timeoutMs` (then exitCode 137, timedOut). */
  exec(
    ctx: Context,
    node: string,
    containerId: string,
    command: readonly string[],
    token: string,
    timeoutMs: number,
  ): void;
  /**
   * Runs a command for a client outside, or attaches it to the main process (`command` null). What is printed and the end
   * are observations with the id `exec`.
   */
  open(ctx: Context, node: string, containerId: string, command: readonly string[] | null, remote: Remote): void;
  /** What a client outside has typed into its command, and whether it will type more, only listen, or has gone. */
  type(ctx: Context, node: string, containerId: string, exec: number, text: string, then: Typing): void;
  /** Sends a request of a client outside to the pod's own `localhost`; a `dialled` observation with this id follows. */
  dial(ctx: Context, node: string, podUid: string, request: NetRequest, id: number): void;
  /** True when somebody in the pod listens on a TCP port. */
  listens(ctx: Context, node: string, podUid: string, port: number): boolean;
  /** Replaces the files of a mounted volume (ConfigMap refresh). Path is below the volume's root. */
  updateVolume(
    ctx: Context,
    node: string,
    podUid: string,
    volume: string,
    files: Readonly<Record<string, string>>,
  ): void;
  /** Containers of a pod as the runtime knows them: how a restarted kubelet finds its pods again. */
  list(ctx: Context, node: string): readonly ContainerInfo[];
  /** The container's output so far, oldest first; `previous` of a container that has ended is read by its own id. */
  logs(ctx: Context, node: string, containerId: string): readonly LogLine[];
  /** Present use: for metrics and the stage's meters. */
  usage(ctx: Context, node: string, podUid: string): { readonly cpuMilli: number; readonly memoryBytes: number };
  /** What the running containers used in the last scraped window (see `lastWindowEnd`): of one pod, or of all. */
  lastWindow(ctx: Context, node: string, podUid?: string): readonly ContainerUse[];
  /**
   * True when a pod is at rest, so that its figures stay as they are. When they begin to change, `observer` hears
   * `usage-changed` with `{pod: 'namespace/name'}`, once: who asks again and again need not until then.
   */
  atRest(ctx: Context, node: string, podUid: string, observer: string): boolean;
}

/** What comes after what was typed: more, nothing (the client goes on listening), or nothing because the client has gone. */
export type Typing = 'more' | 'ended' | 'gone';

/** A client outside that is connected with a process of a container. */
export interface Remote {
  readonly exec: number;
  readonly stdin: boolean;
  readonly tty: boolean;
}

/** What a container used in the last scraped window, as the kubelet's summary would tell it. */
export interface ContainerUse {
  readonly name: string;
  /** Deed behind the newest work: whose load it is. 0 when nothing was ever asked of it. */
  readonly cause: number;
  readonly startedAt: number;
  /** CPU, core-milliseconds; since its start if that lies within the window. */
  readonly coreMs: number;
  /** At the window's end. */
  readonly memoryBytes: number;
}

/** Permissions of files in volumes that are not the usual 0644: volume → path → mode; `*` stands for all others of the volume, '' for its own directory. */
export type FileModes = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** What a pod's network namespace and volumes are made of. */
export interface SandboxConfig {
  readonly podUid: string;
  readonly namespace: string;
  readonly name: string;
  readonly hostname: string;
  /** emptyDir, ConfigMap, Secret, downwardAPI and projected volumes, already resolved: volume → path → content. */
  readonly volumes: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly modes?: FileModes | undefined;
  /** emptyDirs in memory. */
  readonly tmpfs?: readonly string[] | undefined;
  /** Content of `/etc/resolv.conf` where the manifest asks for another than the usual one. */
  readonly resolvConf?: string | undefined;
  /** Settings of the kernel that the manifest asks for. */
  readonly sysctls?: Readonly<Record<string, string>> | undefined;
  /** What the manifest adds to `/etc/hosts`. */
  readonly hostAliases?:
    | readonly { readonly ip: string; readonly hostnames?: readonly string[] | undefined }[]
    | undefined;
  /** Volumes that are directories of the node's disk: volume → path. */
  readonly directories?: Readonly<Record<string, string>>;
  readonly hostNetwork?: boolean;
}

/** One container to start: the manifest's words with the kubelet's answers filled in. */
export interface ContainerConfig {
  readonly name: string;
  readonly image: string;
  /** As in the manifest, `$(VAR)` already expanded; undefined means the image's own. */
  readonly command?: readonly string[] | undefined;
  readonly args?: readonly string[] | undefined;
  readonly workingDir?: string | undefined;
  readonly env: Readonly<Record<string, string>>;
  readonly mounts: readonly {
    readonly volume: string;
    readonly mountPath: string;
    readonly subPath?: string | undefined;
    readonly readOnly: boolean;
  }[];
  readonly ports: readonly { readonly port: number; readonly protocol: string }[];
  /** Request in millicores: weight under contention. Limit: hard ceiling, answers get slower. */
  readonly cpuRequestMilli: number;
  readonly cpuLimitMilli?: number | undefined;
  readonly memoryLimitBytes?: number | undefined;
  readonly restartCount: number;
  /** File whose text becomes the message of its end, where it is not `/dev/termination-log`. */
  readonly messagePath?: string | undefined;
  /** Without such a text, the end of its log is the message when it fails. */
  readonly messageFromLog?: boolean | undefined;
  /** Its own disk cannot be written. */
  readonly readOnlyRoot?: boolean | undefined;
  /** Number of the user as whom it runs, where the manifest names one. */
  readonly user?: number | undefined;
  /** Number of the group, where the manifest names one. */
  readonly group?: number | undefined;
  /** Its processes may not gain rights beyond those of their user. */
  readonly noNewPrivileges?: boolean | undefined;
  /** Its standard input stays open: a shell without a script waits there instead of ending. */
  readonly stdin?: boolean | undefined;
  /** Standard input ends when the first client that was attached leaves. */
  readonly stdinOnce?: boolean | undefined;
  /** Its standard streams are a terminal. */
  readonly tty?: boolean | undefined;
}

/** A container that the runtime knows, running or ended. */
export interface ContainerInfo {
  readonly id: string;
  readonly podUid: string;
  readonly name: string;
  readonly image: string;
  readonly state: 'running' | 'exited';
  readonly restartCount: number;
  readonly startedAt: number;
  readonly finishedAt?: number | undefined;
  readonly exitCode?: number | undefined;
  readonly reason?: string | undefined;
}

/** One line that a container wrote, and when. */
export interface LogLine {
  readonly at: number;
  readonly text: string;
}

/** Payload of `image-pulled`. On failure `error` is the runtime's text, and `errorReason` what the kubelet shows. */
export interface ImagePulled {
  readonly image: string;
  readonly ok: boolean;
  readonly ms: number;
  readonly bytes: number;
  readonly error?: string | undefined;
}

/** Payload of `container-exited`. `reason`: `Completed`, `Error`, `OOMKilled`, `StartError`, `ContainerCannotRun`. */
export interface ContainerExited {
  readonly podUid: string;
  readonly name: string;
  readonly id: string;
  readonly exitCode: number;
  readonly reason: string;
  readonly startedAt: number;
  readonly message?: string | undefined;
}

/** Payload of `exec-done`. */
export interface ExecDone {
  readonly token: string;
  readonly exitCode: number;
  readonly output: string;
  readonly timedOut: boolean;
}

/** Payload of `behaviour-changed`. */
export interface BehaviourChanged {
  readonly podUid: string;
  readonly container: string;
}
