import type { Context } from '../../kernel/index.ts';
import type { EndpointSlice } from '../apis/index.ts';
import { emptyQueue, type Caches, type WorkQueue } from '../client/index.ts';
import { machinesOf } from '../machines.ts';
import type { NetSource } from './net.ts';
import type { PolicyVersion } from './networkpolicy.ts';
import type { Version } from './node-delay.ts';
import type { Route } from './route.ts';

/** Address of the network's process and of its memory. */
export const networkAddress = 'network';

/** Where a pod's IP lives. `ref` is the pod's object: `pods/default/web-1`. */
export interface PodAddress {
  readonly node: string;
  readonly podUid: string;
  readonly ref: string;
}

/** One version of an EndpointSlice. `slice` null: it does not exist. */
export interface SliceVersion extends Version {
  readonly slice: EndpointSlice | null;
}

/** The latest versions of one slice, oldest first: as many as some node may still be using. */
export interface SliceHistory {
  readonly service: string;
  versions: SliceVersion[];
}

/** A request under way: opened by `send`, ended by the runtime's answer or by its deadline. */
export interface Connection {
  readonly id: number;
  readonly from: NetSource;
  readonly token: string;
  readonly cause: number;
  readonly startedAt: number;
  readonly timeoutMs: number;
  readonly route: Route;
}

/** Everything the network remembers. Plain data. */
export interface NetworkMemory {
  readonly caches: Caches;
  /** Pod IP → where it lives. */
  readonly pods: Map<string, PodAddress>;
  /** Pod IP → where it lived, while its network namespace is being taken down: packets arrive, nobody listens. In order of time. */
  readonly leaving: Map<string, PodAddress & { readonly until: number }>;
  /** Cluster IP → service key. */
  readonly clusterIps: Map<string, string>;
  /** Load balancer or external IP → service key. */
  readonly externalIps: Map<string, string>;
  /** Node port → service key. */
  readonly nodePorts: Map<number, string>;
  /** Public name or `*.domain` → Ingress key → its addresses. */
  readonly publicNames: Map<string, Map<string, readonly string[]>>;
  /** Slice key → its versions. */
  readonly slices: Map<string, SliceHistory>;
  /** Service key → keys of its slices. */
  readonly slicesOf: Map<string, Set<string>>;
  /** Namespace → its NetworkPolicies, the latest versions, oldest first. */
  readonly policies: Map<string, PolicyVersion[]>;
  /** `node service port client` → the endpoint that this client is bound to. */
  readonly affinity: Map<string, { readonly ip: string; readonly until: number }>;
  readonly open: Map<number, Connection>;
  /** Connection to a proxy → the latest one that the proxy has made on its behalf. */
  readonly behalf: Map<number, number>;
  /** Timeout (ms) → open connections with it, in order of their deadlines. A class is present while its timer runs. */
  readonly deadlines: Map<number, Set<number>>;
  lastConnection: number;
  /** Names of the machines in order, and their IPs: an index of `machines`, renewed when one joins. */
  nodeNames: string[];
  readonly nodeIps: Map<string, string>;
  /** Services whose load balancer wants attention. */
  readonly balancers: WorkQueue;
}

/** A network that has learned nothing yet. */
export const emptyMemory = (): NetworkMemory => ({
  caches: new Map(),
  pods: new Map(),
  leaving: new Map(),
  clusterIps: new Map(),
  externalIps: new Map(),
  nodePorts: new Map(),
  publicNames: new Map(),
  slices: new Map(),
  slicesOf: new Map(),
  policies: new Map(),
  affinity: new Map(),
  open: new Map(),
  behalf: new Map(),
  deadlines: new Map(),
  lastConnection: 0,
  nodeNames: [],
  nodeIps: new Map(),
  balancers: emptyQueue('balancers'),
});

/** The network's memory, with its index of machines up to date. */
export function networkOf(ctx: Context): NetworkMemory {
  const memory = ctx.part<NetworkMemory>(networkAddress)!;
  const { nodes } = machinesOf(ctx);
  if (nodes.size !== memory.nodeNames.length) {
    memory.nodeNames = [...nodes.keys()];
    for (const node of nodes.values()) memory.nodeIps.set(node.ip, node.name);
  }
  return memory;
}

/** True when packets pass between two machines now; '' is the world outside. Within a machine they pass while it has power. */
export function reaches(ctx: Context, from: string, to: string): boolean {
  const { nodes } = machinesOf(ctx);
  const connected = (name: string): boolean => {
    if (name === '') return true;
    const machine = nodes.get(name);
    return machine !== undefined && machine.up && !machine.cut;
  };
  if (from === to) return from === '' || nodes.get(from)?.up === true;
  return connected(from) && connected(to);
}
