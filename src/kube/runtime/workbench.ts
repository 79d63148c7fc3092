import { createKernel, emptyState, type Context, type Handler, type Kernel } from '../../kernel/index.ts';
import { Unreachable } from '../apimachinery/index.ts';
import type { Machines } from '../machines.ts';
import type { Connect, Net, NetRequest, NetResponse } from '../network/net.ts';
import type { ContainerConfig, Cri, SandboxConfig } from './cri.ts';
import { createCri, runtime } from './index.ts';

/** What reached the kubelet or the network, with its time. */
export interface Seen {
  readonly at: number;
  readonly type: string;
  readonly payload: Record<string, unknown>;
}

/** One machine with a runtime, a kubelet that only listens and a network that only takes notes: for tests. */
export interface Workbench {
  readonly kernel: Kernel;
  readonly ctx: Context;
  readonly cri: Cri;
  readonly seen: Seen[];
  /** Starts a pod with one container; returns pod IP and container id. */
  start(image: string, config?: Partial<ContainerConfig>, sandbox?: Partial<SandboxConfig>): { id: string; ip: string };
  /** A connection reaches the pod; its answer appears in `seen`. Returns its number. */
  connect(ip: string, port: number, path?: string, extra?: Partial<Connect>): number;
  /** Lets time pass. */
  run(ms: number): void;
  /** What was seen of this type, oldest first. */
  of(type: string): Seen[];
  logs(id: string): string[];
  /** Starts the runtime anew, as after a power cut. */
  powerOn(): void;
}

/** Answers that programs of containers get from the outside, by host; others find no such name. */
export type Outside = Readonly<Record<string, Partial<NetResponse>>>;

/** Makes a workbench. `cores` 2 and 4 GiB, as in the classroom. */
export function createWorkbench(outside: Outside = {}, cores = 2): Workbench {
  const seen: Seen[] = [];
  const note = (ctx: Context, type: string, payload: object): void =>
    void seen.push({ at: ctx.now, type, payload: payload as Record<string, unknown> });
  const away = (): never => {
    throw new Unreachable('The connection to the server was refused');
  };
  const net: Net = {
    api: { request: away, watch: away, read: away, close: away },
    send: (ctx, from, request, token) => {
      note(ctx, 'send', { ...request });
      ctx.after(2, from.address, 'response', answerOf(outside, request, token));
    },
    attach: (ctx, ip, node, podUid, ref) => note(ctx, 'attach', { ip, node, podUid, ref }),
    detach: (ctx, ip) => note(ctx, 'detach', { ip }),
    reply: (ctx, connection, answer) => note(ctx, 'reply', { connection, ...answer }),
    refuse: (ctx, connection) => note(ctx, 'refuse', { connection }),
    reset: (ctx, connection) => note(ctx, 'reset', { connection }),
    reachesDns: () => true,
    resolve: (_ctx, name) => (outside[name.split('.')[0]!] ? ['10.96.0.99'] : []),
  };
  const process = runtime(net);
  const handlers = new Map<string, Handler>([
    ['runtime', process.handle],
    ['kubelet', (ctx, event) => note(ctx, event.type, event.payload as object)],
  ]);
  const kernel = createKernel(handlers, emptyState(1));
  kernel.observer = {
    observe: (o) => void seen.push({ at: kernel.state.now, type: 'observation', payload: o as never }),
  };
  const ctx = kernel.context;
  const machine = {
    name: 'node-1',
    ip: '10.0.0.1',
    up: true,
    cut: false,
    cpuMilli: cores * 1000,
    memoryBytes: 4 * 1024 ** 3,
  };
  const machines = { nodes: new Map([['node-1', machine]]), stopped: new Set() } as unknown as Machines;
  ctx.restart('machines', () => machines);
  const powerOn = (): void => ctx.restart('runtime/node-1', () => process.start(ctx, 'runtime/node-1'));
  powerOn();
  const cri = createCri(net);
  return { kernel, ctx, cri, seen, powerOn, ...verbs(kernel, cri, seen) };
}

function verbs(kernel: Kernel, cri: Cri, seen: Seen[]): Pick<Workbench, 'start' | 'connect' | 'run' | 'of' | 'logs'> {
  const ctx = kernel.context;
  let pods = 0;
  let connections = 0;
  return {
    start(image, config = {}, sandbox = {}) {
      const podUid = sandbox.podUid ?? `uid-${++pods}`;
      const name = `pod-${podUid.slice(4)}`;
      const base = { podUid, namespace: 'default', name, hostname: name, volumes: {} };
      const ip = cri.runSandbox(ctx, 'node-1', { ...base, ...sandbox });
      const id = cri.startContainer(ctx, 'node-1', podUid, {
        name: 'main',
        image,
        env: {},
        mounts: [],
        ports: [],
        cpuRequestMilli: 0,
        restartCount: 0,
        ...config,
      });
      return { id, ip };
    },
    connect(ip, port, path = '/', extra = {}) {
      const connection = ++connections;
      const connect: Connect = {
        connection,
        ip,
        port,
        protocol: 'http',
        method: 'GET',
        path,
        host: 'web',
        headers: {},
        body: '',
        trace: false,
        clientIp: '10.244.9.9',
        ...extra,
      };
      kernel.inject(kernel.state.now, 'runtime/node-1', 'connect', connect);
      return connection;
    },
    run: (ms) => kernel.runUntil(kernel.state.now + ms),
    of: (type) => seen.filter((s) => s.type === type),
    logs: (id) => cri.logs(ctx, 'node-1', id).map((l) => l.text),
  };
}

function answerOf(outside: Outside, request: NetRequest, token: string): NetResponse {
  const base = { token, ok: true, status: 200, body: '', headers: {}, ms: 2, hops: [] };
  const answer = outside[request.host];
  if (answer) return { ...base, ...answer };
  return { ...base, ok: false, status: 0, failure: 'dns', error: `lookup ${request.host}: no such host` };
}
