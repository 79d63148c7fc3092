import type { V1PodSpec } from '../generated/types.ts';
import { createKernel, emptyState, type Context, type Deed, type Handler, type Kernel } from '../kernel/index.ts';
import type { KubeObject } from '../kube/apimachinery/index.ts';
import type { KubeEvent, Pod, ResourceKey } from '../kube/apis/index.ts';
import { apiServer, apiServerAddress, createApi, etcdAddress, emptyEtcd } from '../kube/apiserver/index.ts';
import { bootstrap } from '../kube/bootstrap.ts';
import { createClient, type Client } from '../kube/client/index.ts';
import type { Machines } from '../kube/machines.ts';
import type { Net, NetRequest, NetResponse } from '../kube/network/index.ts';
import type {
  ContainerConfig,
  ContainerExited,
  ContainerInfo,
  Cri,
  ExecDone,
  SandboxConfig,
} from '../kube/runtime/cri.ts';
import { kubelet } from '../kube/kubelet/index.ts';

/** A container of the runtime that does what the test says. */
export interface FakeContainer {
  readonly id: string;
  readonly podUid: string;
  readonly config: ContainerConfig;
  readonly startedAt: number;
  state: 'running' | 'exited';
  exitCode: number;
  finishedAt: number;
}

/** How the runtime and network of a test behave. Changed at will while it runs. */
export interface Behaviour {
  pullMs: number;
  /** Text of a failing pull; undefined: it succeeds. */
  pullError: string | undefined;
  readonly images: Set<string>;
  /** Run after each start: a container's life. */
  life: (
    container: FakeContainer,
  ) => { readonly afterMs: number; readonly exitCode: number; readonly reason?: string } | undefined;
  /** Exit code after SIGTERM, and how long it takes; undefined ignores it until SIGKILL. */
  term: { readonly afterMs: number; readonly exitCode: number } | undefined;
  answer: (request: NetRequest) => Partial<NetResponse>;
  command: (command: readonly string[]) => Partial<ExecDone> & { readonly ms?: number };
}

/** One kubelet on one machine with a real API server, a scripted runtime and a scripted network. */
export interface Workbench {
  readonly kernel: Kernel;
  readonly ctx: Context;
  readonly client: Client;
  readonly deeds: readonly Deed[];
  readonly behaviour: Behaviour;
  readonly containers: FakeContainer[];
  readonly sandboxes: Map<string, SandboxConfig>;
  /** Requests of probes and hooks: time and what. */
  readonly requests: { readonly at: number; readonly what: string }[];
  run(ms: number): void;
  runTo(at: number): void;
  create(resource: ResourceKey, object: object): KubeObject;
  pod(name: string, spec: Partial<V1PodSpec> & Pick<V1PodSpec, 'containers'>, metadata?: object): Pod;
  get(name: string): Pod;
  has(name: string): boolean;
  exit(container: FakeContainer, exitCode: number, reason?: string): void;
  tell(type: string, payload?: object): void;
  /** `x2 Warning BackOff text`, about pods, oldest first. */
  events(pod?: string): string[];
  /** A crash of the machine's power, and its return. */
  powerLoss(): void;
  /** The kubelet alone stops; `meanwhile` happens; it starts again. Containers run on. */
  restartKubelet(meanwhile: () => void): void;
}

const node = 'node-1';

/** Builds the bench; the kubelet has started and time is 1000. */
export function createWorkbench(): Workbench {
  const api = createApi();
  const client = createClient(api, 'you');
  const deeds: Deed[] = [];
  const containers: FakeContainer[] = [];
  const sandboxes = new Map<string, SandboxConfig>();
  const requests: { at: number; what: string }[] = [];
  const behaviour: Behaviour = {
    pullMs: 1000,
    pullError: undefined,
    images: new Set(),
    life: () => undefined,
    term: { afterMs: 50, exitCode: 0 },
    answer: () => ({ ok: true, status: 200 }),
    command: () => ({ exitCode: 0, output: '' }),
  };
  const tell = (type: string, payload?: object): void =>
    void kernel.inject(kernel.state.now, `kubelet/${node}`, type, payload);
  const exit = (container: FakeContainer, exitCode: number, reason = exitCode === 0 ? 'Completed' : 'Error'): void => {
    if (container.state === 'exited') return;
    Object.assign(container, { state: 'exited', exitCode, finishedAt: kernel.state.now });
    const payload: ContainerExited = {
      podUid: container.podUid,
      name: container.config.name,
      id: container.id,
      exitCode,
      reason,
      startedAt: container.startedAt,
    };
    tell('container-exited', payload);
  };
  const later = (ctx: Context, ms: number, index: number, exitCode: number, reason?: string): void =>
    void ctx.after(ms, `runtime/${node}`, 'exit', { index, exitCode, reason });
  const cri: Cri = {
    runSandbox: (_ctx, _node, sandbox) => {
      sandboxes.set(sandbox.podUid, sandbox);
      return `10.244.1.${sandboxes.size}`;
    },
    removeSandbox: (_ctx, _node, uid) => void sandboxes.delete(uid),
    imagePresent: (_ctx, _node, image) => behaviour.images.has(image),
    pullImage: (ctx, _node, image) => {
      if (!behaviour.pullError) behaviour.images.add(image);
      const error = behaviour.pullError;
      ctx.after(behaviour.pullMs, `kubelet/${node}`, 'image-pulled', {
        image,
        ok: !error,
        ms: behaviour.pullMs,
        bytes: 1234,
        ...(error && { error }),
      });
    },
    startContainer: (ctx, _node, podUid, config) => {
      const container: FakeContainer = {
        id: `c${containers.length + 1}`,
        podUid,
        config,
        startedAt: ctx.now,
        state: 'running',
        exitCode: 0,
        finishedAt: 0,
      };
      const life = behaviour.life(container);
      if (life) later(ctx, life.afterMs, containers.length, life.exitCode, life.reason);
      containers.push(container);
      return container.id;
    },
    stopContainer: (ctx, _node, id, graceMs) => {
      const index = containers.findIndex((c) => c.id === id);
      requests.push({ at: ctx.now, what: `stop ${containers[index]!.config.name} ${graceMs}` });
      const { term } = behaviour;
      if (term && term.afterMs < graceMs) later(ctx, term.afterMs, index, term.exitCode);
      else later(ctx, graceMs, index, 137);
    },
    exec: (ctx, _node, _id, command, token, timeoutMs) => {
      requests.push({ at: ctx.now, what: command.join(' ') });
      const { ms = 1, ...done } = behaviour.command(command);
      const timedOut = ms > timeoutMs;
      ctx.after(Math.min(ms, timeoutMs), `kubelet/${node}`, 'exec-done', {
        token,
        exitCode: timedOut ? 137 : 0,
        output: '',
        timedOut,
        ...done,
      });
    },
    open: () => {},
    type: () => {},
    dial: () => {},
    listens: () => false,
    updateVolume: (_ctx, _node, uid, volume, files) => {
      const sandbox = sandboxes.get(uid)!;
      sandboxes.set(uid, { ...sandbox, volumes: { ...sandbox.volumes, [volume]: files } });
    },
    list: () =>
      containers
        .filter((c) => sandboxes.has(c.podUid))
        .map((c): ContainerInfo => ({
          ...c,
          name: c.config.name,
          image: c.config.image,
          restartCount: c.config.restartCount,
          reason: 'Error',
        })),
    logs: () => [],
    lastWindow: () => [],
    atRest: () => false,
    usage: () => ({ cpuMilli: 0, memoryBytes: 0 }),
  };
  const net: Net = {
    send: (ctx, from, request, token) => {
      requests.push({ at: ctx.now, what: `${request.protocol} ${request.host}:${request.port}${request.path ?? ''}` });
      ctx.after(1, from.address, 'response', {
        token,
        ok: true,
        status: 0,
        body: '',
        headers: {},
        ms: 1,
        hops: [],
        ...behaviour.answer(request),
      });
    },
    attach: () => {},
    detach: () => {},
    reply: () => {},
    refuse: () => {},
    reset: () => {},
    resolve: () => [],
    reachesDns: () => true,
  };
  const process = kubelet(api, cri, net);
  const server = apiServer();
  const onRuntime: Handler = (_ctx, event) => {
    const { index, exitCode, reason } = event.payload as { index: number; exitCode: number; reason?: string };
    exit(containers[index]!, exitCode, reason);
  };
  const kernel = createKernel(
    new Map<string, Handler>([
      [process.name, process.handle as Handler],
      [server.name, server.handle as Handler],
      ['runtime', onRuntime],
    ]),
    emptyState(1),
  );
  kernel.observer = { deed: (deed) => void deeds.push(deed) };
  const { context: ctx } = kernel;
  const machines: Machines = { nodes: new Map(), stopped: new Set() };
  machines.nodes.set(node, {
    name: node,
    up: true,
    cut: false,
    cpuMilli: 2000,
    memoryBytes: 4 * 1024 ** 3,
    pods: 110,
    ip: '10.0.0.1',
    labels: {},
    heartbeatSince: 0,
    silentSince: null,
  });
  ctx.restart('machines', () => machines);
  ctx.restart(etcdAddress, emptyEtcd);
  ctx.restart(apiServerAddress, () => server.start(ctx, apiServerAddress));
  bootstrap(ctx, api);
  client.create(ctx, 'configmaps', {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'kube-root-ca.crt', namespace: 'default' },
    data: { 'ca.crt': 'a certificate' },
  });
  const begin = (): void => ctx.restart(`kubelet/${node}`, () => process.start(ctx, `kubelet/${node}`));
  begin();
  const bench: Workbench = {
    kernel,
    ctx,
    client,
    deeds,
    behaviour,
    containers,
    sandboxes,
    requests,
    run: (ms) => kernel.runUntil(kernel.state.now + ms),
    runTo: (at) => kernel.runUntil(at),
    create: (resource, object) => client.create(ctx, resource, object as never) as unknown as KubeObject,
    pod: (name, spec, metadata) =>
      client.create(ctx, 'pods', {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name, namespace: 'default', ...metadata },
        spec: { nodeName: node, ...spec },
      }),
    get: (name) => client.get(ctx, 'pods', name, 'default'),
    has: (name) => client.list(ctx, 'pods', 'default').some((p) => p.metadata.name === name),
    exit,
    tell,
    events: (pod) =>
      (client.list(ctx, 'events', 'default') as readonly KubeEvent[])
        .filter((e) => e.involvedObject.kind === 'Pod' && (pod === undefined || e.involvedObject.name === pod))
        .sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1))
        .map((e) => `x${e.count} ${e.type} ${e.reason} ${e.message}`),
    restartKubelet: (meanwhile) => {
      ctx.restart(`kubelet/${node}`);
      meanwhile();
      begin();
    },
    powerLoss: () => {
      ctx.restart(`kubelet/${node}`);
      sandboxes.clear();
      begin();
    },
  };
  bench.runTo(1000);
  return bench;
}
