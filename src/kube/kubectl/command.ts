import type { Context } from '../../kernel/index.ts';
import type { KubeObject } from '../apimachinery/index.ts';
import type { AnyKind } from '../apis/kind.ts';
import type { Client } from '../client/index.ts';
import type { ApiRequest } from '../apiserver/request.ts';
import type { Args, FlagSet } from './parse.ts';

/** What the machines answer themselves, beside the API objects: a kubelet's own API. */
export interface NodeAccess {
  /** A container's output; empty for one that is not known. Throws `Unreachable` when the machine does not answer. */
  logs(node: string, containerId: string): readonly { readonly at: number; readonly text: string }[];
  /** Throws `Unreachable` when the machine does not answer. */
  reach(node: string): void;
}

/** A command that is to run in a container: the outcome of the line comes when it has ended. */
export interface ExecRequest {
  readonly node: string;
  readonly containerId: string;
  readonly command: readonly string[];
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
  /** The line ends with a command in a container. */
  exec(request: ExecRequest): void;
  flag(name: string): string | undefined;
  has(name: string): boolean;
}

/** One verb of kubectl: a file in commands/, a line in commands/index.ts. */
export interface Command {
  readonly name: string;
  readonly flags: FlagSet;
  run(invocation: Invocation): void;
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
