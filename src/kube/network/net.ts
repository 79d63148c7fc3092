import type { Context } from '../../kernel/index.ts';
import type { Hop, PolicyVerdict, RequestFailure } from '../observations.ts';
import type { Api } from '../process.ts';

/** An HTTP request or a bare TCP connection, as a client makes it. */
export interface NetRequest {
  /** Host name or IP, as the client wrote it: `web`, `web.default.svc.cluster.local`, `10.96.14.3`. */
  readonly host: string;
  readonly port: number;
  readonly protocol: 'http' | 'tcp' | 'udp';
  readonly method?: string | undefined;
  readonly path?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: string | undefined;
  readonly timeoutMs: number;
  /** Gives up sooner when no connection comes about at all. */
  readonly connectTimeoutMs?: number | undefined;
  /** Made by a proxy on behalf of an open connection: should that one be given up meanwhile, it is told how far this one got. */
  readonly behalf?: { readonly connection: number; readonly steps: readonly Step[] } | undefined;
}

/** Where a request comes from: decides DNS search path, whose kube-proxy chooses, and what is reachable. */
export interface NetSource {
  /** `kubelet/node-1`, `runtime/node-1`, `traffic`: receives the `response` event. */
  readonly address: string;
  /** Machine it leaves from; '' is outside the cluster. */
  readonly node: string;
  readonly ip: string;
  /** Namespace of the pod, for short DNS names. */
  readonly namespace?: string | undefined;
  readonly podUid?: string | undefined;
  /** A client pod that exists for the network only: what policies see of it. */
  readonly client?:
    | { readonly name: string; readonly labels?: Readonly<Record<string, string>> | undefined }
    | undefined;
  /** The hops are wanted: they are built only for whoever records them. */
  readonly trace?: boolean | undefined;
}

/** Payload of the `response` event to `NetSource.address`. */
export interface NetResponse {
  readonly token: string;
  readonly ok: boolean;
  /** HTTP status; 0 when no answer came. */
  readonly status: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Subject of the certificate that the server showed, if it spoke TLS and somebody here knows about it. */
  readonly certificate?: string | undefined;
  readonly failure?: RequestFailure | undefined;
  /** As the client's operating system words it: `connect: connection refused`. */
  readonly error?: string | undefined;
  readonly ms: number;
  readonly hops: readonly Hop[];
  /** What NetworkPolicies said, for whoever traces. */
  readonly policies?: readonly PolicyVerdict[] | undefined;
  readonly pod?: string | undefined;
  readonly node?: string | undefined;
  readonly image?: string | undefined;
}

/** Payload of the `connect` event to `runtime/<node>`: a connection has reached the pod at `ip`. */
export interface Connect {
  readonly connection: number;
  readonly ip: string;
  readonly port: number;
  readonly protocol: 'http' | 'tcp' | 'udp';
  readonly method: string;
  readonly path: string;
  readonly host: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly clientIp: string;
  /** The client wants the hops: a proxy passes that on. */
  readonly trace: boolean;
}

/** A stop as a proxy tells it, in code and values. */
export type Step = Omit<Hop, 'detail'>;

/** What became of a request that a proxy made on behalf of another: it is told as part of that one. */
export interface Proxied {
  /** Its own decision, then the stops of the request it made, if it made one. */
  readonly steps: readonly Step[];
  readonly pod?: string | undefined;
  readonly node?: string | undefined;
  readonly image?: string | undefined;
  readonly policies?: readonly PolicyVerdict[] | undefined;
}

/** The network as clients and runtimes use it. Holds no state: tables and open connections are in the part `network`. */
export interface Net {
  /** The API server, for programs in containers that are its clients; absent on a bench without one. */
  readonly api?: Api | undefined;
  /** Sends a request; a `response` event with this token follows, at the latest after its timeout. */
  send(ctx: Context, from: NetSource, request: NetRequest, token: string): void;
  /** A pod's IP has come to life on a machine, or has gone. */
  attach(ctx: Context, ip: string, node: string, podUid: string, ref: string): void;
  detach(ctx: Context, ip: string): void;
  /** The runtime's answers to a `connect`. */
  reply(
    ctx: Context,
    connection: number,
    answer: {
      readonly status: number;
      readonly body: string;
      readonly headers?: Readonly<Record<string, string>>;
      readonly image: string;
      readonly proxied?: Proxied | undefined;
      readonly certificate?: string | undefined;
    },
  ): void;
  refuse(ctx: Context, connection: number): void;
  reset(ctx: Context, connection: number): void;
  /** Resolves a name as cluster DNS would for a pod in `namespace`; empty when it does not exist. */
  resolve(ctx: Context, name: string, namespace: string): readonly string[];
  /** Whether cluster DNS can be asked from there at all: a cut machine or a NetworkPolicy may stand between. */
  reachesDns(ctx: Context, from: NetSource): boolean;
}
