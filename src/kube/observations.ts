/**
 * What the simulation tells the outside: three small streams beside the API objects. Types only; emitted with
 * `ctx.emit`, never read back. The page draws them, tests and benches count them.
 */
import type { KubeObject } from './apimachinery/meta.ts';
import type { ApiResponse } from './apiserver/request.ts';

/** A write request that went through the API server: an envelope on the control-plane strip. */
export interface Activity {
  readonly type: 'activity';
  readonly at: number;
  /** Seq of the deed it made; 0 when refused. */
  readonly deed: number;
  readonly cause: number;
  readonly from: string;
  readonly verb: string;
  readonly resource: string;
  readonly key: string;
  readonly subresource?: string | undefined;
  readonly code: number;
}

/** Why a request failed, in the network's terms. */
export type RequestFailure =
  | 'dns' // name does not resolve
  | 'no-endpoints'
  | 'refused' // nobody listens on that port
  | 'reset' // the container died while answering
  | 'timeout' // dead node, cut network, hung container
  | 'policy' // dropped by a NetworkPolicy: the client sees a timeout
  | 'status'; // an answer ≥ 500

/** What the NetworkPolicies that isolate one end of a request said to it. */
export interface PolicyVerdict {
  /** `egress`: asked where the request leaves its pod; `ingress`: where it reaches one. */
  readonly direction: 'egress' | 'ingress';
  /** The isolated pod: `default/web-1`. */
  readonly pod: string;
  readonly allowed: boolean;
  /** The policies that isolate it in this direction: `default/deny-all`. Refused means that none of them allows. */
  readonly isolatedBy: readonly string[];
  /** The policy that allowed it, when one did. */
  readonly allowedBy?: string | undefined;
}

/** One stop of a request on its way. `what`: `client`, `dns`, `service`, `kube-proxy`, `policy`, `pod`, `ingress`
 * (a controller that passes it on), `container`, `reply`.
 */
export interface Hop {
  readonly at: number;
  readonly what: string;
  /** Object it stops at: `services/default/web`, `pods/default/web-1`, `nodes/node-1`. */
  readonly ref?: string | undefined;
  /** The sentence in English. */
  readonly detail: string;
  /** Its template and values, for pages in other languages. */
  readonly code: HopCode;
  readonly params?: Readonly<Record<string, string | number>> | undefined;
}

/** What can be said of a hop; params behind each. */
export type HopCode =
  | 'client.sends' // method, url, from
  | 'dns.answer' // name, ip
  | 'dns.pods' // name, ip, count
  | 'dns.external' // name, ip
  | 'dns.nxdomain' // name
  | 'dns.unreachable' // name
  | 'service.cluster-ip' // ip, port
  | 'service.node-port' // node, port
  | 'service.load-balancer' // ip, port
  | 'service.entry' // node, port
  | 'service.no-port' // ip, port
  | 'proxy.chose' // ip, port, count, node
  | 'proxy.sticky' // ip, port, count, node
  | 'proxy.terminating' // ip, port, count, node
  | 'proxy.no-endpoints' // node
  | 'proxy.no-local-endpoints' // node
  | 'policy.egress-allowed' // pod, policy
  | 'policy.egress-denied' // pod, policies
  | 'policy.dns-denied' // pod, policies, name
  | 'policy.ingress-allowed' // pod, policy
  | 'policy.ingress-denied' // pod, policies
  | 'pod.arrived' // ip, port, node
  | 'pod.unreachable' // ip, node
  | 'pod.gone' // ip
  | 'node.arrived' // ip, port, node
  | 'node.unreachable' // ip
  | 'outside.arrived' // ip, port
  | 'container.answered' // status, ms
  | 'container.refused' // port
  | 'container.reset'
  | 'container.silent' // ms
  | 'ingress.matched' // ingress, host, path, service
  | 'ingress.certificate' // host, secret
  | 'ingress.fake-certificate' // host
  | 'ingress.no-rule' // host, path
  | 'ingress.redirect' // host
  | 'ingress.no-endpoints' // ingress, service
  | 'ingress.refused' // endpoint, tries
  | 'ingress.timeout' // endpoint, tries
  | 'reply.received' // status, ms
  | 'reply.failed'; // error, ms

/** A simulated request when it has ended. Every request is simulated; which are drawn is the page's choice. */
export interface RequestRecord {
  readonly type: 'request';
  readonly id: number;
  /** Traffic source: `users`. */
  readonly source: string;
  readonly target: string;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly ok: boolean;
  readonly status: number;
  readonly failure?: RequestFailure | undefined;
  /** `default/web-1` and its image, when it got that far. */
  readonly pod?: string | undefined;
  readonly node?: string | undefined;
  readonly image?: string | undefined;
  readonly hops: readonly Hop[];
  /** What NetworkPolicies said; absent when none isolates either end. */
  readonly policies?: readonly PolicyVerdict[] | undefined;
}

/** One pod's try at being scheduled: every plugin's verdict for every node. */
export interface SchedulingAttempt {
  readonly type: 'scheduling';
  readonly at: number;
  readonly pod: string;
  readonly uid: string;
  /** The node chosen; absent when none fitted. */
  readonly node?: string | undefined;
  readonly message?: string | undefined;
  readonly nodes: readonly {
    readonly name: string;
    /** First failing filter and its reason; absent when the node passed all. */
    readonly rejectedBy?: string | undefined;
    readonly reason?: string | undefined;
    /** Plugin → normalised score × weight, for nodes that passed. */
    readonly scores?: Readonly<Record<string, number>> | undefined;
    readonly total?: number | undefined;
  }[];
  /** Reason → number of nodes it was given for; absent when no node was rejected. */
  readonly reasons?: Readonly<Record<string, number>> | undefined;
  /** Pods that are ended so that this one gets their room, and where. */
  readonly preemption?: { readonly node: string; readonly victims: readonly string[] } | undefined;
  /** Nodes looked at, and how many there are. Above 100 nodes `nodes` has only the best and some rejected ones. */
  readonly evaluated?: number | undefined;
  readonly of?: number | undefined;
}

/** Lines that a container wrote. */
export interface LogLines {
  readonly type: 'log';
  readonly at: number;
  readonly pod: string;
  readonly container: string;
  /** The container's id: a restart is another one. */
  readonly id: string;
  readonly lines: readonly string[];
}

/** What a kubectl line that has not ended yet has just printed. */
export interface CommandOutput {
  readonly type: 'output';
  /** Id given with the input. */
  readonly id: number;
  readonly stdout: string;
  readonly stderr: string;
  /** From now on `stdin` inputs are brought to its command: through a terminal, which echoes them, or as they are. */
  readonly keyboard?: 'terminal' | 'pipe';
  /** From now on, until the line ends, requests to its local ports reach a pod. */
  readonly forwards?: Forwarding;
  /** What became of a request to one of those ports. */
  readonly answered?: Dialled;
}

/** Ports that lead into a pod for as long as a line lasts. */
export interface Forwarding {
  readonly namespace: string;
  readonly pod: string;
  readonly uid: string;
  readonly ports: readonly { readonly local: number; readonly remote: number }[];
}

/** The outcome of a learner's kubectl line: what it has printed since its last output, and how it ended. */
export interface CommandResult {
  readonly type: 'result';
  /** Id given with the input. */
  readonly id: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
  /** Failed documents: which (0-based), the Status, for editor markers. */
  readonly failures: readonly { readonly document: number; readonly status: unknown }[];
}

/** What the API server answered to a request that was an input. */
export interface Answer {
  readonly type: 'answer';
  /** Id given with the input. */
  readonly id: number;
  readonly response: ApiResponse;
}

/** What a command that a client outside runs in a container has just printed. */
export interface ExecOutput {
  readonly type: 'exec-output';
  /** Id given with the input. */
  readonly id: number;
  readonly fd: 1 | 2;
  readonly text: string;
}

/** The end of a client's command in a container. `error`: it could not run at all; the container runtime's words. */
export interface ExecEnd {
  readonly type: 'exec-end';
  /** Id given with the input. */
  readonly id: number;
  readonly exitCode: number;
  readonly error?: string | undefined;
}

/** What became of a request of a client outside. */
export interface Dialled {
  readonly type: 'dialled';
  /** Id given with the input. */
  readonly id: number;
  /** HTTP status; 0 when no answer came. */
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** As the operating system of whoever connects words it: `connect: connection refused`. */
  readonly error?: string | undefined;
}

/** One write to the store, as those who watch from outside the simulation hear of it. */
export interface Written {
  readonly type: 'write';
  readonly resource: string;
  /** Undefined: it was deleted. */
  readonly next: KubeObject | undefined;
  /** Undefined: it was created. Of what was deleted, the last state. */
  readonly old: KubeObject | undefined;
}

/** Everything that is told; the session keeps what a page may ask for later. */
export type Observation =
  | Activity
  | RequestRecord
  | SchedulingAttempt
  | LogLines
  | CommandOutput
  | CommandResult
  | Answer
  | ExecOutput
  | ExecEnd
  | Dialled
  | Written;
