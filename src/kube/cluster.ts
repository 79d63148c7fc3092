import {
  createKernel,
  emptyState,
  type Context,
  type Handler,
  type Kernel,
  type KernelState,
} from '../kernel/index.ts';
import { failure, Unreachable } from './apimachinery/index.ts';
import type { ApiResponse } from './apiserver/request.ts';
import { apiServer, apiServerAddress, createApi, etcdAddress, emptyEtcd, type Extension } from './apiserver/index.ts';
import { bootstrap, bootstrapRoles, bootstrapStorage } from './bootstrap.ts';
import { controllerManager } from './controllers/index.ts';
import { applyFault, machineProcesses, startProcess, type Plant } from './faults.ts';
import type { Input, WorldConfig } from './inputs.ts';
import { onlyReads, terminal, type Machinery, type Terminal } from './kubectl/index.ts';
import { kubelet } from './kubelet/index.ts';
import { machinesOf, type Machines } from './machines.ts';
import { metricsApi, metricsGroup, metricsServer, metricsServerAddress } from './metrics-server/index.ts';
import { createNet, network, traffic, type Net, type NetResponse } from './network/index.ts';
import type { Api, Process } from './process.ts';
import { beginExec, bringInput, dial, reachKubelet, refuseDial, remoteAddress, type RemoteMemory } from './remote.ts';
import { createCri, runtime, tellDialled, type Cri } from './runtime/index.ts';

export { imageInfo } from './runtime/index.ts';
import { scheduler } from './scheduler/index.ts';

export { askPolicies, sourcesOf, type Party } from './network/index.ts';

/** A running cluster and the API to look into it. */
export interface World {
  readonly kernel: Kernel;
  readonly api: Api;
  readonly cri: Cri;
  /** Schedules an input now; its outcome comes as a `CommandResult` observation with this id. */
  input(id: number, input: Input): void;
}

/** Payload of the `input` event to `you`. */
interface InputEvent {
  readonly id: number;
  readonly input: Input;
}

/** Composition root: which components exist, and on which machines they run. */
export function createWorld(config: WorldConfig, from?: KernelState): World {
  const extensions = new Map<string, Extension>();
  const api = createApi(extensions);
  const net = createNet(api);
  const cri = createCri(net);
  extensions.set(metricsGroup, metricsApi(api, cri));
  const processes = new Map<string, Process>(
    [
      apiServer(),
      network(api),
      scheduler(api),
      controllerManager(api),
      metricsServer(),
      traffic(net),
      runtime(net),
      kubelet(api, cri, net),
    ].map((p) => [p.name, p]),
  );
  const plant: Plant & { readonly cri: Cri; readonly net: Net } = {
    api,
    cri,
    net,
    processes,
    addMachine: (ctx, name, labels) => addMachine(ctx, plant, config, name, labels),
  };
  const handlers = new Map<string, Handler>();
  for (const process of processes.values()) handlers.set(process.name, process.handle);
  const shell = terminal(api, (ctx) => machinery(ctx, cri));
  handlers.set('you', (ctx, event) => {
    if (event.type === 'input') handleInput(ctx, plant, shell, event.payload as InputEvent);
    else shell.handle(ctx, event);
  });
  handlers.set(remoteAddress, (ctx, event) => tellDialled(ctx, event.payload as NetResponse));
  handlers.set('world', (ctx) => begin(ctx, plant, config, shell));

  const kernel = createKernel(handlers, emptyState(config.seed));
  if (from) kernel.restore(from);
  else {
    kernel.inject(config.beginsAt ?? 0, 'world', 'begin');
    kernel.step();
  }
  return {
    kernel,
    api,
    cri,
    input: (id, input) => void kernel.inject(kernel.state.now, 'you', 'input', { id, input }),
  };
}

function begin(ctx: Context, plant: Plant, config: WorldConfig, shell: Terminal): void {
  const machines: Machines = { nodes: new Map(), stopped: new Set() };
  if (config.networkPolicies === false) machines.ignoresPolicies = true;
  ctx.restart('machines', () => machines);
  ctx.restart(etcdAddress, emptyEtcd);
  ctx.restart('you', () => shell.start());
  ctx.restart(remoteAddress, (): RemoteMemory => new Map());
  startProcess(ctx, plant, apiServerAddress);
  bootstrap(ctx, plant.api);
  if (config.storageClass !== false) bootstrapStorage(ctx, plant.api);
  bootstrapRoles(ctx, plant.api);
  for (const name of ['network', 'kube-controller-manager', 'kube-scheduler', 'traffic'])
    startProcess(ctx, plant, name);
  if (config.metricsServer !== false) startProcess(ctx, plant, metricsServerAddress);
  for (let i = 1; i <= config.nodes; i++) addMachine(ctx, plant, config, `node-${i}`, {});
}

function addMachine(
  ctx: Context,
  plant: Plant,
  config: WorldConfig,
  name: string,
  labels: Readonly<Record<string, string>>,
): void {
  const machines = machinesOf(ctx);
  const number = machines.nodes.size + 1;
  machines.nodes.set(name, {
    name,
    up: true,
    cut: false,
    cpuMilli: config.cpuMilli ?? 2000,
    memoryBytes: config.memoryBytes ?? 4 * 1024 ** 3,
    pods: config.podsPerNode ?? 110,
    ip: `10.0.${number >> 8}.${number & 255}`,
    labels,
    heartbeatSince: ctx.now,
    silentSince: null,
  });
  for (const process of machineProcesses) startProcess(ctx, plant, `${process}/${name}`);
}

/** Longest exec; then it is killed. */
const execMs = 600_000;

/** The machines' own API, as kubectl reaches it. */
function machinery(ctx: Context, cri: Cri): Machinery {
  const reach = (node: string): void => reachKubelet(ctx, node);
  return {
    reach,
    logs(node, containerId) {
      reach(node);
      return cri.logs(ctx, node, containerId);
    },
    exec: ({ node, containerId, command }, token) => cri.exec(ctx, node, containerId, command ?? [], token, execMs),
    open({ node, containerId, command, stdin = false, tty = false }, id) {
      ctx.part<RemoteMemory>(remoteAddress)!.set(id, { node, containerId });
      cri.open(ctx, node, containerId, command, { exec: id, stdin, tty });
    },
  };
}

/** An API server that cannot be reached answers nothing; who asked from outside hears 503, as from a load balancer before it. */
function answered(request: () => ApiResponse): ApiResponse {
  try {
    return request();
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    const { code, status } = failure(503, 'ServiceUnavailable', error.message);
    return { code, body: status };
  }
}

function handleInput(
  ctx: Context,
  plant: Plant & { readonly cri: Cri; readonly net: Net },
  shell: Terminal,
  { id, input }: InputEvent,
): void {
  switch (input.type) {
    case 'kubectl':
      ctx.cause = ctx.record({
        by: 'you',
        code: onlyReads(input.line) ? 'input.look' : 'input.kubectl',
        params: { line: input.line },
      });
      shell.begin(ctx, id, input);
      return;
    case 'interrupt':
      shell.interrupt(ctx, input.line);
      return;
    case 'request': {
      const { verb, resource, namespace, name } = input.request;
      const target = [resource, namespace, name].filter((part) => part !== undefined).join('/');
      ctx.cause = ctx.record({ by: 'you', code: 'input.request', params: { verb, target } });
      ctx.emit({ type: 'answer', id, response: answered(() => plant.api.request(ctx, 'you', input.request)) });
      return;
    }
    case 'exec': {
      const { pod: target, command } = input;
      ctx.cause = ctx.record({ by: 'you', code: 'input.exec', params: { target, line: command?.join(' ') ?? '' } });
      beginExec(ctx, plant.api, plant.cri, id, input);
      return;
    }
    case 'stdin':
      bringInput(ctx, plant.cri, input);
      return;
    case 'dial': {
      const { to } = input;
      const place = typeof to === 'string' || 'pod' in to ? { to } : shell.accept(ctx, to.line, input.port);
      if (place) dial(ctx, plant.api, plant.cri, plant.net, id, { ...input, ...place });
      else refuseDial(ctx, id, 'connect: connection refused');
      return;
    }
    case 'fault': {
      const { fault, ...target } = input.fault;
      ctx.cause = ctx.record({
        by: 'you',
        code: 'input.fault',
        params: {
          fault,
          target: Object.values(target)
            .filter((v) => typeof v === 'string')
            .join('/'),
        },
      });
      applyFault(ctx, plant, input.fault);
      return;
    }
    case 'traffic':
      ctx.cause = ctx.record({
        by: 'you',
        code: 'input.traffic',
        params: { target: input.source.url, rps: input.source.rps },
      });
      ctx.after(0, 'traffic', 'source', input.source);
  }
}
