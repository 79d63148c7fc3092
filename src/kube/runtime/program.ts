import type { Context } from '../../kernel/index.ts';
import type { Change } from '../client/index.ts';
import type { Connect, Net, NetResponse, Proxied } from '../network/net.ts';
import type { Container, RuntimeMemory, Sandbox, Server } from './memory.ts';

/** What a handler of a running program holds for the time of one event. */
export interface Run {
  readonly ctx: Context;
  readonly net: Net;
  readonly memory: RuntimeMemory;
  readonly pod: Sandbox;
  readonly container: Container;
  readonly server: Server;
}

/** A program's answer to a connection: given after `cpuMs` of CPU (queued) and then `waitMs` of mere waiting. */
export interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly cpuMs: number;
  readonly waitMs?: number | undefined;
  /** Line written when the answer goes out. */
  readonly log?: string | undefined;
  /** Not answered at all: the client waits until its timeout. */
  readonly silent?: boolean | undefined;
  /** Subject of the certificate with which it speaks TLS. */
  readonly certificate?: string | undefined;
  /** It was got from elsewhere: what became of that request. */
  readonly proxied?: Proxied | undefined;
  /** The connection is cut instead. */
  readonly reset?: boolean | undefined;
}

/**
 * A program that an image contains, as code over plain data. `S` is its state, which lives in the container.
 * Everything is optional but `start`: a program without `request` accepts connections and says nothing.
 */
export interface Program<S = unknown> {
  /** Begins with argv; returns its state. May write lines, listen, set timers, exit. */
  start(run: Run, argv: readonly string[]): S;
  /** A connection to one of its ports. */
  request?(run: Run, state: S, connect: Connect): Answer;
  /** SIGTERM, SIGQUIT, SIGINT or SIGHUP. Without it the signal is ignored, as Linux does for process 1 without a handler. */
  signal?(run: Run, state: S, signal: Signal): void;
  /** A timer it set with `timer(run, ms, name)`. */
  timer?(run: Run, state: S, name: string): void;
  /** Something has changed in the caches that it keeps of the API (`watchApi`). `synced`: they all have their first list. */
  changed?(run: Run, state: S, change: Change | 'synced'): void;
  /** The answer to its own request made with `call(run, …, name)`. */
  response?(run: Run, state: S, name: string, response: NetResponse): void;
}

export type Signal = 'TERM' | 'QUIT' | 'INT' | 'HUP' | 'KILL' | 'USR1' | 'USR2' | 'WINCH';

/**
 * A container image: what is on its disk and what runs in it. One file each in `images/`, one line in the list.
 */
export interface ImageProgram {
  /** Repositories as people write them, the registry only where it is not Docker Hub: `nginx`, `registry.k8s.io/pause`. */
  readonly names: readonly string[];
  /** Whether this tag exists in reality. */
  readonly hasTag: (tag: string) => boolean;
  /** Compressed size: what a pull transfers. */
  readonly sizeMB: number;
  readonly entrypoint: readonly string[];
  readonly cmd: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Ports that the image declares (EXPOSE). */
  readonly ports?: readonly number[];
  /** Memory in use at rest. */
  readonly memoryMB: number;
  /** Which shell `sh` is; `none` for images built from scratch. */
  readonly shell: 'ash' | 'bash' | 'dash' | 'none';
  /** Utilities beyond those every shell image has: `curl`, `redis-cli`. */
  readonly tools?: readonly string[];
  readonly workingDir?: string;
  readonly files?: Readonly<Record<string, string>>;
  /** Programs by the last part of their path: `nginx`, `redis-server`. */
  readonly programs: Readonly<Record<string, Program>>;
  /** Utilities that serve when their options say so: `nc -l`. */
  readonly listeners?: Readonly<Record<string, Program>>;
  /** Entrypoint scripts that only run their arguments; a check of the environment may refuse. */
  readonly wrappers?: readonly string[];
  /** Command that such a script puts before arguments that are only flags; with `wrapsAll` before all that is no command. */
  readonly wraps?: string;
  readonly wrapsAll?: boolean;
  /** Signal that asks it to end; SIGTERM when absent. */
  readonly stopSignal?: Signal;
  /** Behaviour is a guess: nobody knows this image. */
  readonly assumed?: boolean;
}

/** Describes a program; only fixes the type of its state. */
export const defineProgram = <S>(program: Program<S>): Program => program as Program;

/** Describes an image. */
export const defineImage = (image: ImageProgram): ImageProgram => image;
