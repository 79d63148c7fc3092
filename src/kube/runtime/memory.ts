import type { Context } from '../../kernel/index.ts';
import type { Caches } from '../client/index.ts';
import type { NetResponse } from '../network/net.ts';
import type { BehaviourChanged, ContainerConfig, ContainerExited, Remote, SandboxConfig } from './cri.ts';
import type { Answer } from './program.ts';
import type { Stream, Task } from './shell/tasks.ts';

/** Everything a container runtime remembers, at `runtime/<node>`: plain data, lost when the machine loses power. */
export interface RuntimeMemory {
  readonly node: string;
  /** The machine's number, of which its pod addresses are made. */
  readonly number: number;
  /** By pod uid. */
  readonly sandboxes: Map<string, Sandbox>;
  /** Pod IP → pod uid. Pods on the machine's own network are not here. */
  readonly byIp: Map<string, string>;
  readonly containers: Map<string, Container>;
  /** Downloads under way, by full reference. */
  readonly pulls: Map<string, Pull>;
  /** Containers that want CPU now, by id: the ones that share the cores. */
  readonly busy: Set<string>;
  /** Connections from a pod to itself (`localhost`): negative number → who asked. */
  readonly locals: Map<number, LocalCall>;
  lastLocal: number;
  /** Containers whose program is a client of the API: id → its caches. */
  readonly apiClients: Map<string, Caches>;
}

/** What a machine keeps when it loses power: part `disk/<node>`. */
export interface Disk {
  /** Full references of the images present. */
  readonly images: Set<string>;
  /** Addresses given out: IP → pod uid. After a power cut they are the ones to give back. */
  readonly addresses: Map<string, string>;
  /** Directories of persistent volumes: path → files. They outlive pods. */
  readonly directories: Map<string, Files>;
  lastHost: number;
}

/** A pod on this machine: one IP, its volumes, its containers. */
export interface Sandbox {
  readonly config: Omit<SandboxConfig, 'volumes'>;
  readonly ip: string;
  /** Volume → path → content. Each record is frozen and replaced on a write, so that checkpoints share it. */
  readonly volumes: Record<string, Files>;
  /** Ids of its containers, oldest first; one dead container of each name is kept for `logs --previous`. */
  readonly containers: string[];
  /** Tasks that follow a file (`tail -f`): woken by the next write. */
  readonly followers: { readonly id: string; readonly pid: number }[];
}

/** Path → content. A directory that is empty is a path with a slash at its end. */
export type Files = Readonly<Record<string, string>>;

/** One container. What is absent costs nothing: most never use CPU, write a file or run a shell. */
export interface Container {
  readonly id: string;
  readonly podUid: string;
  readonly config: ContainerConfig;
  readonly startedAt: number;
  state: 'running' | 'exited';
  finishedAt: number;
  exitCode: number;
  reason: string;
  message?: string;
  /** Last process number given out. The main process is 1. */
  lastPid: number;
  readonly servers: Server[];
  readonly tasks: Task[];
  readonly streams: Stream[];
  /** Files written in the container itself; null while there are none. '' with `gone` marks a removed file of the image. */
  files: Files | null;
  /** Volumes seen through a subPath mount, as they were before their first refresh. */
  pinned: Record<string, Files> | null;
  readonly log: LogChunk[];
  logChars: number;
  logLines: number;
  /** A line without its end yet. */
  partial: string;
  cpu: Cpu | null;
  /** Bytes beyond the image's base. */
  extraBytes: number;
  /** A leak: since when, and how fast. */
  leak: { readonly since: number; readonly bytesPerSecond: number } | null;
  /** Counts changes of the memory's course: an `oom` event of an older course is void. */
  memoryTurn: number;
  /** It accepts connections and never answers. */
  hung: boolean;
  /** Connections that nobody will answer, reset when the container ends. */
  readonly unanswered: number[];
  /** Its shells compute without pause: how many, and when they are looked at again. Null when they do not. */
  busyTasks: { readonly count: number; readonly sliceMs: number; readonly at: number } | null;
  /** Clients outside that see what the main process prints. */
  attached?: readonly Remote[] | undefined;
  /** SIGTERM has been sent. */
  stopping: boolean;
  /** Who found it at rest and wants to hear when it uses more: an address. */
  observer?: string | undefined;
}

/** Lines written in one go; frozen, so that checkpoints share them. */
export interface LogChunk {
  readonly at: number;
  readonly lines: readonly string[];
}

/** A program that serves: its state is the program's own plain data. */
export interface Server {
  readonly pid: number;
  /** Key in the image's `programs` or among the common ones. */
  readonly program: string;
  readonly argv: readonly string[];
  /** The task of a shell that started it: what it prints goes where that one's output goes. */
  readonly task?: number | undefined;
  /** Null: the container's own, made when it is asked for. */
  readonly env: Readonly<Record<string, string>> | null;
  readonly ports: { readonly port: number; readonly protocol: 'tcp' | 'udp' }[];
  state: unknown;
  /** Ends, with this code, as soon as the queue is empty. */
  draining: number | null;
}

/** CPU of one container: a queue of work, the rate it gets, and what it has used. Times in virtual ms, work in core-ms. */
export interface Cpu {
  readonly queue: Work[];
  /** Cores that the queue gets, and that a spinning process gets. */
  rate: number;
  spinRate: number;
  /** Cores that spinning processes want. */
  spin: number;
  /** Core-ms in the queue. */
  pending: number;
  /** Deed behind the work that was queued last: whose load this is. 0 before the first. */
  cause: number;
  /** Until when the above is accounted for. */
  since: number;
  /** Counts schedules: a `cpu` event of an older one is void. */
  turn: number;
  /** When the small work that needs no queue will be done. */
  lightUntil: number;
  /** Core-ms used in the window that began at `windowAt`, and in the two before. */
  windowAt: number;
  used: number;
  usedBefore: number;
  usedEarlier: number;
  /** How late answers are, in doublings of 500 ms: a change is told to the kubelet. */
  lateness: number;
}

/** A piece of CPU work: at its end a connection is answered or a process goes on. */
export interface Work {
  left: number;
  readonly connection?: number | undefined;
  readonly answer?: Answer | undefined;
  readonly pid?: number | undefined;
}

/** A download under way. */
export interface Pull {
  /** The names under which it was asked for. */
  readonly asked: string[];
  startedAt: number;
  turn: number;
}

/** Who waits for the answer of a connection within its own pod. */
export interface LocalCall {
  readonly token: string;
  readonly startedAt: number;
}

/** The memory of a machine's runtime; undefined while the machine is down. */
export const memoryOf = (ctx: Context, node: string): RuntimeMemory | undefined =>
  ctx.part<RuntimeMemory>(`runtime/${node}`);

/** The machine's disk. */
export const diskOf = (ctx: Context, node: string): Disk => ctx.part<Disk>(`disk/${node}`)!;

/** Tells the kubelet that probes of this container may come out differently now. */
export function tellBehaviour(ctx: Context, memory: RuntimeMemory, container: Container): void {
  const payload: BehaviourChanged = { podUid: container.podUid, container: container.config.name };
  ctx.after(0, `kubelet/${memory.node}`, 'behaviour-changed', payload);
}

/** Tells whoever found the container at rest that it no longer is. */
export function stirred(ctx: Context, memory: RuntimeMemory, container: Container): void {
  if (container.observer === undefined) return;
  const { namespace, name } = memory.sandboxes.get(container.podUid)!.config;
  ctx.after(0, container.observer, 'usage-changed', { pod: `${namespace}/${name}` });
  container.observer = undefined;
}

/** Payload of the kubelet's `container-exited`. */
export function exitedPayload(container: Container): ContainerExited {
  return {
    podUid: container.podUid,
    name: container.config.name,
    id: container.id,
    exitCode: container.exitCode,
    reason: container.reason,
    startedAt: container.startedAt,
    message: container.message,
  };
}

/** An answer to a program's own request that never left its pod. */
export function localResponse(token: string, status: number, body: string, ms: number, error?: string): NetResponse {
  return {
    token,
    ok: error === undefined && status < 500,
    status,
    body,
    headers: {},
    ...(error === undefined ? {} : { error, failure: error.includes('refused') ? 'refused' : 'reset' }),
    ms,
    hops: [],
  };
}
