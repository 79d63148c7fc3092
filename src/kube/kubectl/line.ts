import type { Context } from '../../kernel/index.ts';
import { ApiError, Unreachable } from '../apimachinery/index.ts';
import { createClient } from '../client/index.ts';
import type { CommandResult } from '../observations.ts';
import type { Api } from '../process.ts';
import type { Command, Invocation, News, NodeAccess, Waiting } from './command.ts';
import { commands } from './commands/index.ts';
import { parseArgs, splitWords, UsageError } from './parse.ts';

/** What a line has printed and how it stands: ended, or waiting. */
export interface Outcome extends Omit<CommandResult, 'type' | 'id'> {
  readonly waiting?: Waiting | undefined;
}

/** A line that has waited, and why it goes on. */
export interface Resumption {
  readonly waiting: Waiting;
  readonly news: News;
  /** Of what went wrong so far. */
  readonly exitCode: number;
}

/** Where there are no machines (a control plane alone), nothing has run. */
const noNodes: NodeAccess = { logs: () => [], reach: () => {} };

/** Runs one kubectl line (without the word `kubectl`) against the API, as the learner; or goes on with one that has waited. */
export function kubectl(
  ctx: Context,
  api: Api,
  line: string,
  files: Readonly<Record<string, string>>,
  stdin: string,
  nodes: NodeAccess = noNodes,
  resumption?: Resumption,
): Outcome {
  let stdout = '';
  let stderr = '';
  let exitCode = resumption?.exitCode ?? 0;
  const failures: { document: number; status: unknown }[] = [];
  const client = createClient(api, 'you');
  const cause = ctx.cause;
  const explain = (error: unknown, doing: string): void => {
    exitCode = 1;
    if (error instanceof ApiError) stderr += `${sentenceOf(error, doing)}\n`;
    else if (error instanceof Unreachable && error.message.startsWith('Get ')) {
      stderr += `Error from server: ${error.message}\n`;
    } else if (error instanceof Unreachable) {
      stderr += 'The connection to the server 127.0.0.1:6443 was refused - did you specify the right host or port?\n';
    } else if (error instanceof UsageError) {
      if (error.message) stderr += `${error.message}\n`;
      exitCode = error.exitCode;
    } else throw error;
  };
  let waiting: Waiting | void = undefined;
  try {
    const [verb, ...words] = splitWords(line);
    const command = commands.find((c) => c.name === verb) as Command<unknown> | undefined;
    if (!command) throw unknownCommand(verb ?? '');
    const args = parseArgs(words, command.flags);
    const flag = (name: string): string | undefined => args.flags.get(name)?.at(-1);
    const run: Invocation = {
      ctx,
      client,
      args,
      namespace: flag('namespace') ?? 'default',
      files,
      stdin,
      out: (text) => void (stdout += text),
      err: (text) => void (stderr += text),
      refuse(document, error, doing) {
        explain(error, doing);
        if (error instanceof ApiError) failures.push({ document, status: error.status });
      },
      request: (request) => {
        ctx.cause = cause;
        return client.request(ctx, request);
      },
      failed: () => exitCode !== 0,
      nodes,
      flag,
      has: (name) => flag(name) === 'true',
    };
    waiting = resumption ? command.resume!(run, resumption.waiting.state, resumption.news) : command.run(run);
  } catch (error) {
    explain(error, '');
  }
  return { stdout, stderr, exitCode, failures, ...(waiting && { waiting }) };
}

/** Verbs of the real kubectl that this one does not have: said as such, because they are not misspelt. */
const absent = new Set(
  'alpha attach auth autoscale certificate cluster-info completion config cp debug diff edit explain kustomize options plugin port-forward proxy'.split(
    ' ',
  ),
);

/** A verb that does not exist, with those that are spelled alike. */
function unknownCommand(verb: string): UsageError {
  if (absent.has(verb)) return new UsageError(`error: kubectl ${verb} is not part of this simulation`);
  const near = commands.filter(({ name }) => editDistance(name, verb) <= 2 || name.startsWith(verb));
  const list = near.map(({ name }) => `\t${name}\n`).join('');
  const ask = near.length > 0 && verb ? `\n\nDid you mean this?\n${list.slice(0, -1)}` : '';
  return new UsageError(`error: unknown command "${verb}" for "kubectl"${ask}`);
}

/** Levenshtein distance of two short words. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1));
    row = next;
  }
  return row[b.length]!;
}

/** How kubectl words a Status: `The Deployment "x" is invalid: …`, `Error from server (NotFound): …`. */
function sentenceOf(error: ApiError, doing: string): string {
  const { reason, message = '', details } = error.status;
  if (reason === 'Invalid' && details?.kind) {
    const causes = [...new Set((details.causes ?? []).map((c) => `${c.field}: ${c.message}`))];
    const list = causes.length === 1 ? causes[0]! : causes.map((c) => `\n* ${c}`).join('');
    return `The ${details.kind} "${details.name ?? ''}" is invalid: ${list}`;
  }
  const text = doing ? `${doing}: ${message}` : message;
  return reason ? `Error from server (${reason}): ${text}` : `error: ${text}`;
}
