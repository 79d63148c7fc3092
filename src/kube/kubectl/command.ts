import type { Context } from '../../kernel/index.ts';
import type { KubeObject } from '../apimachinery/index.ts';
import type { Catalogue } from '../apis/catalogue.ts';
import type { AnyKind } from '../apis/kind.ts';
import type { Client } from '../client/index.ts';
import type { ApiRequest, WatchEntry, WatchSelector } from '../apiserver/request.ts';
import type { Forwarding } from '../observations.ts';
import type { Args, FlagSet } from './parse.ts';

/** What the machines answer themselves, beside the API objects: a kubelet's own API. */
export interface NodeAccess {
  /** A container's output; empty for one that is not known. Throws `Unreachable` when the machine does not answer. */
  logs(node: string, containerId: string): readonly { readonly at: number; readonly text: string }[];
  /** Throws `Unreachable` when the machine does not answer. */
  reach(node: string): void;
}

/** A command to run in a container. */
export interface ExecRequest {
  readonly node: string;
  readonly containerId: string;
  /** Null attaches to the main process. */
  readonly command: readonly string[] | null;
  /** What is typed goes to it: then it is its own, and the line ends with it. */
  readonly stdin?: boolean;
  readonly tty?: boolean;
}

/**
 * What a line that has not ended waits for. It goes on with `resume` as soon as one of these comes; until then nothing of it
 * exists but this, as data in the terminal's memory: so a waiting line can be rewound, forked and saved like everything else.
 */
export interface Waiting {
  /** What the command remembers: plain data, given back to `resume`. */
  readonly state: unknown;
  /** Goes on after so many virtual milliseconds at the latest. */
  readonly afterMs?: number | undefined;
  /** Goes on whenever something here changes. The watch stays open for as long as the same is named again. */
  readonly watch?: WatchSelector | undefined;
  /** Goes on when this command in a container has ended. */
  readonly exec?: ExecRequest | undefined;
  /** Meanwhile requests to these ports reach a pod. */
  readonly forwards?: Forwarding | undefined;
}

/** Why a line goes on: what a watch has brought (first all that is there, then a BOOKMARK), or the end of a command; none when its time has come. */
export interface News {
  readonly entries: readonly WatchEntry[];
  readonly exec?: { readonly exitCode: number; readonly output: string } | undefined;
}

/** What one running command has in hand. */
export interface Invocation {
  readonly ctx: Context;
  readonly client: Client;
  readonly args: Args;
  /** `-n`, or the context's namespace. */
  readonly namespace: string;
  readonly files: Readonly<Record<string, string>>;
  readonly stdin: string;
  /** Prints to standard output; the newline is the caller's. */
  out(text: string): void;
  /** Prints to standard error. */
  err(text: string): void;
  /**
   * A document was refused: its server Status goes to the editor's markers. The command goes on. `doing` is what kubectl puts
   * before the server's sentence: `error when creating "m.yaml"`.
   */
  refuse(document: number, error: unknown, doing: string): void;
  /** Something has been refused so far. */
  failed(): boolean;
  request(request: ApiRequest): unknown;
  readonly nodes: NodeAccess;
  /** The kinds that the cluster serves now, those that users have added among them. */
  readonly kinds: Catalogue;
  flag(name: string): string | undefined;
  has(name: string): boolean;
}

/** One verb of kubectl: a file in commands/, a line in commands/index.ts. */
export interface Command<S = never> {
  readonly name: string;
  readonly flags: FlagSet;
  /** Begins the line. Without a return value it has ended. */
  run(invocation: Invocation): Waiting | void;
  /** Goes on with what it has remembered. */
  resume?(invocation: Invocation, state: S, news: News): Waiting | void;
}

/** An object of a manifest, with its kind's record and its place among the documents. */
export interface ManifestObject {
  readonly document: number;
  /** The file it stands in. */
  readonly path: string;
  readonly object: KubeObject;
  readonly kind: AnyKind;
  readonly namespace: string | undefined;
}
