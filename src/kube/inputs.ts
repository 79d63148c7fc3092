import type { ApiRequest } from './apiserver/request.ts';

/** What the learner can break and mend, beside what kubectl does. Each is an input in the journal; each has its undo. */
export type Fault =
  /** Ends the container's main process with exit code 1 (`crash`), stops it answering (`hang`), or makes its memory grow by 20 Mi/s (`leak`). */
  | {
      readonly fault: 'container-crash' | 'container-hang' | 'container-leak' | 'container-heal';
      readonly namespace: string;
      readonly pod: string;
      readonly container?: string;
    }
  /** Power off, power on, cut off the network, reconnect. */
  | { readonly fault: 'node-crash' | 'node-start' | 'node-cut' | 'node-reconnect'; readonly node: string }
  /** Pulls of an image take ten times as long, or fail; `image-heal` undoes both. */
  | { readonly fault: 'image-slow' | 'image-missing' | 'image-heal'; readonly image: string }
  | {
      readonly fault: 'process-stop' | 'process-start';
      readonly process: 'kube-apiserver' | 'kube-scheduler' | 'kube-controller-manager' | 'metrics-server';
    }
  /** The network plugin stops looking at NetworkPolicies, and looks at them again. */
  | { readonly fault: 'policies-ignore' | 'policies-enforce' }
  /** A further machine joins, sized like the others. */
  | { readonly fault: 'node-add'; readonly node: string; readonly labels?: Readonly<Record<string, string>> };

/** A source of requests. `rps` 0 stops it; a source of the same name is replaced. */
export interface TrafficSource {
  readonly name: string;
  /** `http://web`, `http://web.shop:8080/path`, a node's or load balancer's address. */
  readonly url: string;
  readonly rps: number;
  /** `outside` reaches NodePorts and LoadBalancers; `inside` is a client pod's view of a namespace. */
  readonly from: 'outside' | 'inside';
  readonly namespace?: string | undefined;
  /** Inside: labels of the client pod, by which NetworkPolicies select it. */
  readonly labels?: Readonly<Record<string, string>> | undefined;
  readonly timeoutMs: number;
}

/** One kubectl line (without the word `kubectl`); files are what `-f` may name. Apply is `apply -f manifest.yaml`. */
export interface KubectlInput {
  readonly type: 'kubectl';
  readonly line: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly stdin?: string;
}

/** A command that a client outside runs in a container. What it prints and its end are observations with the input's id. */
export interface ExecInput {
  readonly type: 'exec';
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  /** Null attaches to the container's main process. */
  readonly command: readonly string[] | null;
  /** Its standard input is what `stdin` inputs bring; otherwise it is empty. */
  readonly stdin: boolean;
  readonly tty: boolean;
}

/** What a client outside types into its command. `exec` is that one's place in the journal. `end`: no more will come. */
export interface StdinInput {
  readonly type: 'stdin';
  readonly exec: number;
  readonly text: string;
  readonly end?: boolean;
  /** With `end`: the client goes on listening. Otherwise it has gone. */
  readonly stays?: boolean;
}

/** Which pod. */
export interface PodName {
  readonly namespace: string;
  readonly pod: string;
}

/** A request of a client outside that reaches a container: through its kubelet, or passed on by the API server. */
export interface DialInput {
  readonly type: 'dial';
  /**
   * The pod whose `localhost` is asked (port-forward); the place in the journal of a kubectl line that forwards ports, which is
   * asked on its local port; or the address that the API server connects to (proxy).
   */
  readonly to: PodName | { readonly line: number } | string;
  readonly port: number;
  /** `tcp`: bare bytes, as text. */
  readonly protocol: 'http' | 'tcp';
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** What a learner does to the cluster; journalled with its virtual time, so that the journal is the run. */
export type Input =
  | KubectlInput
  /** Ctrl+C in the terminal: ends a kubectl line that has not ended by itself. `line` is its place in the journal. */
  | { readonly type: 'interrupt'; readonly line: number }
  /** A request of a client outside the simulation, sent in the learner's name. */
  | { readonly type: 'request'; readonly request: ApiRequest }
  | ExecInput
  | StdinInput
  | DialInput
  | { readonly type: 'fault'; readonly fault: Fault }
  | { readonly type: 'traffic'; readonly source: TrafficSource };

/** What makes the world at time 0. */
export interface WorldConfig {
  readonly seed: number;
  readonly nodes: number;
  /** Virtual milliseconds at which the world begins, for a cluster that shares the clock of real clients; else 0. */
  readonly beginsAt?: number;
  /** Per node. Defaults: 2000 mCPU, 4 GiB, 110 pods. */
  readonly cpuMilli?: number;
  readonly memoryBytes?: number;
  readonly podsPerNode?: number;
  /** False: the network plugin does not enforce NetworkPolicies. */
  readonly networkPolicies?: boolean;
  /** False: the metrics-server add-on is not installed. */
  readonly metricsServer?: boolean;
  /** False: there is no StorageClass, and claims wait for volumes that somebody makes. */
  readonly storageClass?: boolean;
}
