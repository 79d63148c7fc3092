import type { Context } from '../../kernel/index.ts';
import type { KubeObject } from '../apimachinery/index.ts';
import type { AnyKind } from '../apis/kind.ts';
import type { Client } from '../client/index.ts';
import type { ApiRequest } from '../apiserver/request.ts';
import type { Args, FlagSet } from './parse.ts';

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
  /** A document was refused: its server Status goes to the editor's markers. The command goes on. */
  refuse(document: number, error: unknown, prefix: string): void;
  /** Something has been refused so far. */
  failed(): boolean;
  request(request: ApiRequest): unknown;
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
  readonly object: KubeObject;
  readonly kind: AnyKind;
  readonly namespace: string | undefined;
}
