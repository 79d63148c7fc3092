import { createKernel, emptyState, type Context, type Deed, type Kernel } from '../kernel/index.ts';
import type { KubeEvent, Node, Pod } from '../kube/apis/index.ts';
import { apiServer, apiServerAddress, createApi, etcdAddress, emptyEtcd } from '../kube/apiserver/index.ts';
import { bootstrap } from '../kube/bootstrap.ts';
import { createClient, type Client } from '../kube/client/index.ts';
import type { Machines } from '../kube/machines.ts';
import type { Observation, SchedulingAttempt } from '../kube/observations.ts';
import type { Process } from '../kube/process.ts';
import { scheduler } from '../kube/scheduler/index.ts';

/** API server and scheduler alone: nodes and pods are objects that nobody acts on. */
export interface SchedulingBed {
  readonly kernel: Kernel;
  readonly ctx: Context;
  readonly client: Client;
  readonly machines: Machines;
  readonly deeds: readonly Deed[];
  readonly attempts: readonly SchedulingAttempt[];
  /** Lets time pass. */
  run(ms: number): void;
  /** Adds a node; allocatable as given over 1 CPU, 3840Mi and 110 pods. */
  node(name: string, given?: NodeInput): Node;
  /** Changes a node's metadata or spec. */
  edit(name: string, change: (node: Node) => Node): void;
  pod(name: string, spec?: Partial<NonNullable<Pod['spec']>>, metadata?: Partial<Pod['metadata']>): Pod;
  /** The pod as stored now. */
  get(name: string): Pod;
  /** Node of a pod, or undefined. */
  where(name: string): string | undefined;
  /** The scheduler's events about a pod, oldest first: `reason message`. */
  told(name: string): string[];
}

/** What a test says about a node. */
export interface NodeInput {
  readonly labels?: Record<string, string>;
  readonly allocatable?: Record<string, string>;
  readonly spec?: NonNullable<Node['spec']>;
  readonly images?: { names: string[]; sizeBytes: number }[];
}

/** Builds the bed with so many nodes: node-1, node-2, … */
export function schedulingBed(nodes = 3, seed = 1): SchedulingBed {
  const api = createApi();
  const client = createClient(api, 'you');
  const processes: Process[] = [apiServer() as Process, scheduler(api) as Process];
  const kernel = createKernel(new Map(processes.map((p) => [p.name, p.handle as never])), emptyState(seed));
  const deeds: Deed[] = [];
  const attempts: SchedulingAttempt[] = [];
  kernel.observer = {
    deed: (deed) => void deeds.push(deed),
    observe(observation) {
      if ((observation as Observation).type === 'scheduling') attempts.push(observation as SchedulingAttempt);
    },
  };
  const ctx = kernel.context;
  const machines: Machines = { nodes: new Map(), stopped: new Set() };
  ctx.restart('machines', () => machines);
  ctx.restart(etcdAddress, emptyEtcd);
  for (const process of processes) {
    ctx.restart(process.name, () => process.start(ctx, process.name));
    if (process.name === apiServerAddress) bootstrap(ctx, api);
  }
  const bed: SchedulingBed = {
    kernel,
    ctx,
    client,
    machines,
    deeds,
    attempts,
    run: (ms) => kernel.runUntil(kernel.state.now + ms),
    node(name, given = {}) {
      const node = client.create(ctx, 'nodes', {
        apiVersion: 'v1',
        kind: 'Node',
        metadata: { name, labels: { 'kubernetes.io/hostname': name, ...given.labels } },
        spec: given.spec ?? {},
        status: {
          allocatable: { cpu: '1', memory: '3840Mi', pods: '110', ...given.allocatable },
          ...(given.images && { images: given.images }),
        },
      });
      // No node controller runs here to take off the taint that every new node gets.
      return client.update(ctx, 'nodes', { ...node, spec: given.spec ?? {} });
    },
    edit: (name, change) => void client.update(ctx, 'nodes', change(client.get(ctx, 'nodes', name))),
    pod: (name, spec = {}, metadata = {}) =>
      client.create(ctx, 'pods', {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name, namespace: 'default', ...metadata },
        spec: { containers: [{ name: 'app', image: 'registry.example/web:1.0' }], ...spec },
      }),
    get: (name) => client.get(ctx, 'pods', name, 'default'),
    where: (name) => bed.get(name).spec?.nodeName,
    told: (name) =>
      (client.list(ctx, 'events', 'default') as KubeEvent[])
        .filter((e) => e.involvedObject.name === name)
        .sort((a, b) => (a.eventTime! < b.eventTime! ? -1 : a.eventTime! > b.eventTime! ? 1 : 0))
        .map((e) => `${e.reason} ${e.message}`),
  };
  for (let i = 1; i <= nodes; i++) bed.node(`node-${i}`);
  bed.run(100);
  return bed;
}
