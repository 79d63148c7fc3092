import { createKernel, emptyState, type Context, type Handler, type Kernel } from '../kernel/index.ts';
import type { Draft } from '../kube/apimachinery/index.ts';
import type { EndpointSlice, ResourceKey, Service } from '../kube/apis/index.ts';
import { apiServer, apiServerAddress, createApi, etcdAddress, emptyEtcd } from '../kube/apiserver/index.ts';
import { createClient, type Client } from '../kube/client/index.ts';
import type { TrafficSource } from '../kube/inputs.ts';
import type { Machine, Machines } from '../kube/machines.ts';
import { createNet, network, traffic, type Connect, type Net, type NetResponse } from '../kube/network/index.ts';
import type { RequestRecord } from '../kube/observations.ts';

/** What the stand-in for a runtime does with a connection: answer after a while, refuse, break off, or say nothing. */
export type Behaviour = { readonly status: number; readonly ms: number } | 'refuse' | 'reset' | 'hang';

/** A network with an API server, machines and pods that behave as told: no kubelet, no controllers, no containers. */
export interface NetworkBed {
  readonly kernel: Kernel;
  readonly net: Net;
  readonly client: Client;
  /** Pod IP → what it does; absent means status 200 after 2 ms. */
  readonly behaviour: Map<string, Behaviour>;
  /** Responses to clients at the address `client`. */
  readonly responses: NetResponse[];
  readonly records: RequestRecord[];
  readonly ctx: Context;
  machine(name: string): Machine;
  run(ms: number): void;
  pod(ip: string, node: string, name: string): void;
  service(name: string, spec: Partial<NonNullable<Service['spec']>>, namespace?: string): void;
  slice(service: string, endpoints: NonNullable<EndpointSlice['endpoints']>, port?: number): void;
  source(source: Partial<TrafficSource>): void;
  /** Runs something in a future that is then undone. */
  fork<T>(what: (bed: NetworkBed) => T): T;
  /** Sends one traced request from a pod on a machine, runs until it has ended, and returns the response. */
  ask(url: { host: string; port?: number }, from?: { node?: string; ip?: string; timeoutMs?: number }): NetResponse;
}

/** Builds a bed with `nodes` machines, `node-1` …, at 10.0.0.1 …. */
export function networkBed(nodes = 3, seed = 1): NetworkBed {
  const api = createApi();
  const net = createNet();
  const behaviour = new Map<string, Behaviour>();
  const responses: NetResponse[] = [];
  const records: RequestRecord[] = [];
  const processes = [apiServer(), network(api), traffic(net)];
  const handlers = new Map<string, Handler>(processes.map((p) => [p.name, p.handle as Handler]));
  handlers.set('client', (_ctx, event) => void responses.push(event.payload as NetResponse));
  handlers.set('runtime', (ctx, event) => {
    if (event.type === 'answer') {
      const { connection, status } = event.payload as { connection: number; status: number };
      net.reply(ctx, connection, { status, body: 'hello', image: 'web:1' });
      return;
    }
    const { connection, ip } = event.payload as Connect;
    const does = behaviour.get(ip) ?? { status: 200, ms: 2 };
    if (does === 'refuse') net.refuse(ctx, connection);
    else if (does === 'reset') net.reset(ctx, connection);
    else if (does !== 'hang') ctx.after(does.ms, event.to, 'answer', { connection, status: does.status });
  });
  const kernel = createKernel(handlers, emptyState(seed));
  kernel.observer = {
    observe: (o) => void ((o as RequestRecord).type === 'request' && records.push(o as RequestRecord)),
  };
  const ctx = kernel.context;
  const machines: Machines = { nodes: new Map(), stopped: new Set() };
  for (let i = 1; i <= nodes; i++)
    machines.nodes.set(`node-${i}`, {
      name: `node-${i}`,
      up: true,
      cut: false,
      cpuMilli: 2000,
      memoryBytes: 2 ** 32,
      pods: 110,
      ip: `10.0.0.${i}`,
      labels: {},
      heartbeatSince: 0,
      silentSince: null,
    });
  ctx.restart('machines', () => machines);
  ctx.restart(etcdAddress, emptyEtcd);
  ctx.restart(apiServerAddress, () => processes[0]!.start(ctx, apiServerAddress));
  for (const process of processes.slice(1)) ctx.restart(process.name, () => process.start(ctx, process.name));
  const client = createClient(api, 'you');
  client.create(ctx, 'namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'default' } });
  const put = (resource: ResourceKey, object: Draft<never>): void => {
    const draft = object as unknown as Draft<Service>;
    const { name, namespace } = draft.metadata!;
    const old = client.list(ctx, resource, namespace).find((o) => o.metadata.name === name);
    if (old) {
      const next = { ...draft, metadata: { ...old.metadata, ...draft.metadata } };
      client.update(ctx, resource as 'services', next as Service);
    } else client.create(ctx, resource as 'services', draft);
  };
  let tokens = 0;
  const bed: NetworkBed = {
    kernel,
    net,
    client,
    behaviour,
    responses,
    records,
    ctx,
    machine: (name) => ctx.part<Machines>('machines')!.nodes.get(name)!,
    run: (ms) => kernel.runUntil(kernel.state.now + ms),
    pod: (ip, node, name) => net.attach(ctx, ip, node, `uid-${name}`, `pods/default/${name}`),
    service(name, spec, namespace = 'default') {
      put('services', { apiVersion: 'v1', kind: 'Service', metadata: { name, namespace }, spec } as never);
    },
    slice(service, endpoints, port = 8080) {
      put('endpointslices.discovery.k8s.io', {
        apiVersion: 'discovery.k8s.io/v1',
        kind: 'EndpointSlice',
        metadata: {
          name: `${service}-abc`,
          namespace: 'default',
          labels: { 'kubernetes.io/service-name': service },
        },
        addressType: 'IPv4',
        ports: [{ name: '', port, protocol: 'TCP' }],
        endpoints,
      } as never);
    },
    source(source) {
      kernel.inject(kernel.state.now, 'traffic', 'source', {
        name: 'users',
        url: 'http://web',
        rps: 10,
        from: 'outside',
        timeoutMs: 2000,
        ...source,
      });
    },
    fork(what) {
      const before = kernel.checkpoint();
      const result = what(bed);
      kernel.restore(before);
      return result;
    },
    ask({ host, port = 80 }, { node = 'node-1', ip = '10.244.1.99', timeoutMs = 2000 } = {}) {
      const token = `t${++tokens}`;
      const from = { address: 'client', node, ip, namespace: 'default', trace: true };
      net.send(ctx, from, { host, port, protocol: 'http', timeoutMs }, token);
      while (!responses.some((r) => r.token === token)) if (!kernel.step()) throw new Error('no response');
      return responses.find((r) => r.token === token)!;
    },
  };
  return bed;
}

/** A ready endpoint of the pod `web-<last digit of ip>`. */
export const readyEndpoint = (ip: string, node: string) => ({
  addresses: [ip],
  conditions: { ready: true, serving: true, terminating: false },
  nodeName: node,
  targetRef: { kind: 'Pod', namespace: 'default', name: `web-${ip.slice(-1)}` },
});

/** Three pods behind `web` (10.96.1.1:80 → 8080), one per machine, known to everybody. */
export function shop(): NetworkBed {
  const bed = networkBed();
  for (let i = 1; i <= 3; i++) bed.pod(`10.244.${i}.${i}`, `node-${i}`, `web-${i}`);
  bed.service('web', { clusterIP: '10.96.1.1', ports: [{ port: 80, targetPort: 8080 }] });
  bed.slice(
    'web',
    [1, 2, 3].map((i) => readyEndpoint(`10.244.${i}.${i}`, `node-${i}`)),
  );
  bed.run(500);
  return bed;
}
