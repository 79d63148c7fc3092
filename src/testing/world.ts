import { createKernel, emptyState, type Context, type Deed, type Handler, type Kernel } from '../kernel/index.ts';
import type { KubeObject } from '../kube/apimachinery/index.ts';
import type { Node, Pod, ResourceKey } from '../kube/apis/index.ts';
import {
  apiServer,
  apiServerAddress,
  createApi,
  etcdAddress,
  emptyEtcd,
  type Extension,
} from '../kube/apiserver/index.ts';
import { bootstrap } from '../kube/bootstrap.ts';
import {
  allSynced,
  createClient,
  isWatchEvent,
  openCache,
  updateCaches,
  type Caches,
  type Client,
} from '../kube/client/index.ts';
import { controllerManager } from '../kube/controllers/index.ts';
import { terminal } from '../kube/kubectl/index.ts';
import type { Machines } from '../kube/machines.ts';
import type { Observation } from '../kube/observations.ts';
import { microTimestamp, timestamp } from '../kube/apimachinery/index.ts';
import type { Api, Process } from '../kube/process.ts';
import { serveFeed, type MetricsFeed } from './metrics-feed.ts';
import { drive, killed, killMs, lagMs, turnOf, type DrivenPlan, type DrivenPod } from './driven.ts';

/** What the stand-in kubelet does with pods. Times in virtual milliseconds. */
export interface StandIn {
  /** From creation to Running; undefined leaves pods unscheduled, as a nodeSelector does. */
  readonly runMs?: number | undefined;
  /** From Running to Ready; undefined: only `world.setReady` makes it so. */
  readonly readyMs?: number | undefined;
  /** From deletion to gone. */
  readonly stopMs?: number;
  /** As the recordings' hollow kubelets: readiness follows the readiness gates; a deleted pod first becomes Succeeded. */
  readonly hollow?: boolean;
  /** What pods with a nodeSelector do, on a node whose pods a script drives. */
  readonly driven?: DrivenPlan | undefined;
}

/** What a kubectl line has printed, and its exit code. */
export interface Typed {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

/** A control plane of API server and controllers alone, with a stand-in for scheduler and kubelets. */
export interface ControlPlane {
  readonly kernel: Kernel;
  readonly api: Api;
  readonly client: Client;
  readonly ctx: Context;
  readonly deeds: readonly Deed[];
  /** What the stand-in for metrics-server tells of pods. */
  readonly feed: MetricsFeed;
  /** Lets time pass. */
  run(ms: number): void;
  /** What the stand-in does from now on. */
  standIn: StandIn;
  /** Types a kubectl line; when it waits, time passes until it has ended. */
  kubectl(line: string, files?: Readonly<Record<string, string>>): Typed;
  all<T = KubeObject>(resource: ResourceKey, namespace?: string): T[];
  setReady(pod: Pod, ready: boolean, reason?: string): void;
  /** A healthy machine joins, or is taken away with its Node. */
  addNode(name: string): void;
  removeNode(name: string): void;
}

const address = 'stand-in';

interface StandInMemory {
  readonly caches: Caches;
  next: number;
  /** Uid → what the script has in mind for the pod. */
  readonly driven: Map<string, DrivenPod>;
}

/** Builds the control plane and lets it settle. Deterministic: the same seed gives the same bytes. */
export function controlPlane(standIn: StandIn = { runMs: 40, readyMs: 10 }, nodes = 3, seed = 1): ControlPlane {
  const extensions = new Map<string, Extension>();
  const api = createApi(extensions);
  const feed: MetricsFeed = { usage: null };
  extensions.set('metrics.k8s.io', serveFeed(api, feed));
  const client = createClient(api, 'you');
  const deeds: Deed[] = [];
  const shell = terminal(api, () => ({ logs: () => [], reach: () => {}, exec: () => {}, open: () => {} }));
  const machines: Machines = { nodes: new Map(), stopped: new Set() };
  const plane: ControlPlane = {
    kernel: undefined as never,
    api,
    client,
    ctx: undefined as never,
    deeds,
    feed,
    standIn,
    kubectl(line, files = {}) {
      let typed: Typed = { stdout: '', stderr: '', exitCode: -1 };
      plane.kernel.observer.observe = (raw) => {
        const told = raw as Observation;
        if (told.type !== 'output' && told.type !== 'result') return;
        const exitCode = told.type === 'result' ? told.exitCode : -1;
        typed = { stdout: typed.stdout + told.stdout, stderr: typed.stderr + told.stderr, exitCode };
      };
      plane.ctx.cause = 0;
      shell.begin(plane.ctx, 0, { type: 'kubectl', line, files });
      while (typed.exitCode < 0 && plane.kernel.step());
      return typed;
    },
    run: (ms) => plane.kernel.runUntil(plane.kernel.state.now + ms),
    all: <T>(resource: ResourceKey, namespace?: string) =>
      client.list(plane.ctx, resource, namespace) as readonly unknown[] as T[],
    setReady: (pod, ready, reason) => setReady(plane.ctx, client, pod, ready, reason),
    addNode: (name) => addNode(plane.ctx, client, machines, name),
    removeNode(name) {
      machines.nodes.delete(name);
      client.delete(plane.ctx, 'nodes', name);
    },
  };
  const processes: Process[] = [
    apiServer() as Process,
    controllerManager(api) as Process,
    standInProcess(api, plane) as Process,
  ];
  const kernel = createKernel(
    new Map([
      ...processes.map((p): [string, Handler] => [p.name, (ctx, event, memory) => p.handle(ctx, event, memory)]),
      ['you', (ctx, event) => shell.handle(ctx, event)] as [string, Handler],
    ]),
    emptyState(seed),
  );
  kernel.observer = { deed: (deed) => void deeds.push(deed) };
  Object.assign(plane, { kernel, ctx: kernel.context });
  kernel.context.restart('you', () => shell.start());
  kernel.context.restart('machines', () => machines);
  kernel.context.restart(etcdAddress, emptyEtcd);
  for (const process of processes) {
    kernel.context.restart(process.name, () => process.start(kernel.context, process.name));
    if (process.name === apiServerAddress) bootstrap(kernel.context, api);
  }
  for (let i = 1; i <= nodes; i++) addNode(kernel.context, client, machines, `node-${i}`);
  plane.run(1000);
  return plane;
}

/** A healthy node: its machine is up, so its lease reads as renewed. */
function addNode(ctx: Context, client: Client, machines: Machines, name: string): void {
  machines.nodes.set(name, {
    name,
    up: true,
    cut: false,
    cpuMilli: 2000,
    memoryBytes: 4 * 1024 ** 3,
    pods: 110,
    ip: `10.0.0.${machines.nodes.size + 1}`,
    labels: {},
    heartbeatSince: ctx.now,
    silentSince: null,
  });
  client.create(ctx, 'nodes', node(name));
  client.create(ctx, 'leases.coordination.k8s.io', {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { name, namespace: 'kube-node-lease' },
    spec: { holderIdentity: name, leaseDurationSeconds: 40, renewTime: microTimestamp(ctx.now) },
  });
}

const node = (name: string): Node =>
  ({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name },
    status: {
      conditions: [
        { type: 'Ready', status: 'True', reason: 'KubeletReady', message: 'kubelet is posting ready status' },
      ],
    },
  }) as unknown as Node;

/** Sets a pod's Ready condition and its containers' readiness, as a kubelet would. */
function setReady(
  ctx: Context,
  client: Client,
  given: Pod,
  ready: boolean,
  reason?: string,
  phase: 'Running' | 'Succeeded' = 'Running',
): void {
  const pod = client.get(ctx, 'pods', given.metadata.name, given.metadata.namespace);
  const status = ready ? 'True' : 'False';
  const now = timestamp(ctx.now);
  const others = (pod.status?.conditions ?? []).filter((c) => c.type !== 'Ready' && c.type !== 'ContainersReady');
  client.updateStatus(ctx, 'pods', {
    ...pod,
    status: {
      ...pod.status,
      phase,
      startTime: pod.status?.startTime ?? now,
      podIP: pod.status?.podIP ?? ip(pod),
      podIPs: [{ ip: pod.status?.podIP ?? ip(pod) }],
      conditions: [
        ...others,
        { type: 'Ready', status, lastProbeTime: undefined, lastTransitionTime: now, ...(reason && { reason }) },
        { type: 'ContainersReady', status, lastProbeTime: undefined, lastTransitionTime: now },
      ],
    },
  });
}

/** Whether all conditions that a pod's readiness waits for hold. */
const gatesOpen = (pod: Pod): boolean =>
  (pod.spec?.readinessGates ?? []).every((gate) =>
    pod.status?.conditions?.some((c) => c.type === gate.conditionType && c.status === 'True'),
  );

/** An address of its own for each pod, from its uid. */
const ip = (pod: Pod): string => {
  const n = Number.parseInt(pod.metadata.uid.slice(0, 6), 16);
  return `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`;
};

function bind(ctx: Context, client: Client, { metadata: { name, namespace } }: Pod, node: string): void {
  const body = {
    apiVersion: 'v1',
    kind: 'Binding',
    metadata: { name, namespace },
    target: { kind: 'Node', name: node },
  };
  client.request(ctx, { verb: 'create', subresource: 'binding', resource: 'pods', namespace, name: name, body });
}

function standInProcess(api: Api, plane: ControlPlane): Process<StandInMemory> {
  const client = createClient(api, address);
  const later = (ctx: Context, ms: number, type: string, pod: Pod): void =>
    void ctx.after(ms, address, type, {
      name: pod.metadata.name,
      namespace: pod.metadata.namespace,
      uid: pod.metadata.uid,
    });
  return {
    name: address,
    start(ctx) {
      const memory: StandInMemory = { caches: new Map(), next: 0, driven: new Map() };
      openCache(ctx, api, address, memory.caches, { resource: 'pods' });
      openCache(ctx, api, address, memory.caches, { resource: 'nodes' });
      return memory;
    },
    handle(ctx, event, memory) {
      if (isWatchEvent(event)) {
        updateCaches(ctx, api, address, memory.caches, event, ({ type, resource, object, old }) => {
          if (resource !== 'pods') return;
          const pod = object as unknown as Pod;
          if (type === 'ADDED' && plane.standIn.runMs !== undefined && !pod.spec?.nodeSelector)
            later(ctx, plane.standIn.runMs, 'run', pod);
          const { driven } = plane.standIn;
          if (driven && pod.spec?.nodeSelector) {
            if (type === 'ADDED') {
              const turn = turnOf(driven, pod, memory.driven.size);
              memory.driven.set(pod.metadata.uid, turn);
              later(ctx, turn.startMs + lagMs, 'drive', pod);
            } else if (type === 'MODIFIED' && pod.metadata.deletionTimestamp && !old?.metadata.deletionTimestamp)
              later(ctx, killMs, 'kill', pod);
            return;
          }
          if (type === 'MODIFIED' && pod.metadata.deletionTimestamp && !old?.metadata.deletionTimestamp) {
            if (plane.standIn.hollow) later(ctx, 15, 'succeed', pod);
            later(ctx, plane.standIn.stopMs ?? 500, 'stop', pod);
          } else if (type === 'MODIFIED' && gatesOpen(old as unknown as Pod) !== gatesOpen(pod))
            later(ctx, 5, 'ready', pod);
        });
        return;
      }
      if (!allSynced(memory.caches)) return;
      const { name, namespace, uid } = event.payload as { name: string; namespace: string; uid: string };
      const pod = client.list(ctx, 'pods', namespace).find((p) => p.metadata.name === name && p.metadata.uid === uid);
      if (!pod) return;
      if (event.type === 'stop') {
        client.delete(ctx, 'pods', name, namespace, { options: { gracePeriodSeconds: 0 } });
        return;
      }
      if (event.type === 'kill') {
        if (pod.status?.phase !== 'Succeeded' && pod.status?.phase !== 'Failed') drive(ctx, client, pod, killed);
        client.delete(ctx, 'pods', name, namespace, { options: { gracePeriodSeconds: 0 } });
        return;
      }
      if (event.type === 'succeed') {
        setReady(ctx, client, pod, false, 'PodCompleted', 'Succeeded');
        return;
      }
      if (pod.metadata.deletionTimestamp) return;
      if (event.type === 'end') drive(ctx, client, pod, memory.driven.get(uid)!.exit ?? 0);
      else if (event.type === 'drive') {
        bind(ctx, client, pod, 'node-1');
        drive(ctx, client, pod);
        const { after } = memory.driven.get(uid)!;
        if (after !== undefined) later(ctx, after + lagMs, 'end', pod);
      } else if (event.type === 'run') {
        if (!pod.spec?.nodeName) {
          const nodes = [...memory.caches.get('nodes')!.objects.keys()];
          const pinned = pod.spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
          const [only] = pinned?.nodeSelectorTerms[0]?.matchFields?.[0]?.values ?? []; // a DaemonSet's
          const next = nodes.length > 0 ? nodes[memory.next++ % nodes.length]! : 'node-1';
          bind(ctx, client, pod, only ?? next);
        }
        const readyMs = plane.standIn.readyMs;
        setReady(ctx, client, pod, readyMs === 0 && gatesOpen(pod));
        if (readyMs) later(ctx, readyMs, 'ready', pod);
      } else if (event.type === 'ready') setReady(ctx, client, pod, gatesOpen(pod));
    },
  };
}
