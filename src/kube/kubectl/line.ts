import type { Context } from '../../kernel/index.ts';
import { ApiError, Unreachable } from '../apimachinery/index.ts';
import type { ApiRequest } from '../apiserver/request.ts';
import { impersonated } from '../apiserver/authorization/user.ts';
import { createClient } from '../client/index.ts';
import type { CommandResult } from '../observations.ts';
import type { Api } from '../process.ts';
import type { Command, Invocation, News, NodeAccess, Waiting } from './command.ts';
import { commands } from './commands/index.ts';
import { alike, bareText, helpFor, nameIn } from './help.ts';
import { contextOf, kubeconfigOf } from './kubeconfig.ts';
import { parseArgs, splitWords, UsageError, verbFirst } from './parse.ts';
import { servedKinds } from './resources.ts';

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
  const told = new Set<string>();
  /** Warnings of the server are told as they come, each once. */
  const listening: Api = {
    ...api,
    request(of, from, request) {
      const response = api.request(of, from, request);
      for (const warning of response.warnings ?? []) if (!told.has(warning)) stderr += `Warning: ${warning}\n`;
      for (const warning of response.warnings ?? []) told.add(warning);
      return response;
    },
  };
  const client = createClient(listening, 'you');
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
    const all = verbFirst(splitWords(line));
    const [verb, ...words] = all;
    const help = helpAsked(all);
    if (help !== undefined) return { stdout: help, stderr: '', exitCode: 0, failures };
    const bare = bareText(all);
    if (bare) return { ...bareOutput(all, bare.text, bare.wrong), failures };
    const command = commands.find((c) => c.name === verb) as Command<unknown> | undefined;
    if (!command) throw unknownCommand(verb ?? '');
    const args = parseArgs(words, command.flags, nameIn(all.filter((word) => !word.startsWith('-'))) ?? verb!);
    const flag = (name: string): string | undefined => args.flags.get(name)?.at(-1);
    const user = flag('as');
    const as = user ? impersonated(user, args.flags.get('as-group') ?? []) : undefined;
    const run: Invocation = {
      ctx,
      client,
      args,
      namespace: flag('namespace') || namespaceOf(ctx, flag('context')),
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
        return client.request(ctx, asManager(as ? { ...request, user: as } : request, verb!, flag('field-manager')));
      },
      failed: () => exitCode !== 0,
      nodes,
      get kinds() {
        return servedKinds(run);
      },
      flag,
      has: (name) => flag(name) === 'true',
    };
    waiting = resumption ? command.resume!(run, resumption.waiting.state, resumption.news) : command.run(run);
  } catch (error) {
    explain(error, '');
  }
  return { stdout, stderr, exitCode, failures, ...(waiting && { waiting }) };
}

/** A verb that is only a name for others: `rollout` shows its text, and fails; `set` shows it as an error. */
const bareOutput = (words: readonly string[], text: string, wrong: boolean): Omit<Outcome, 'failures'> =>
  wrong && words[0] !== 'rollout'
    ? { stdout: '', stderr: text, exitCode: 1 }
    : { stdout: text, stderr: '', exitCode: wrong ? 1 : 0 };

/** Verbs whose writes bear their name in managedFields; those of others are kubectl's. */
const ownManagers = new Set(
  'create run expose autoscale label annotate patch edit replace rollout set taint debug'.split(' '),
);

/** The request with the name under which kubectl writes. */
function asManager(request: ApiRequest, verb: string, given: string | undefined): ApiRequest {
  if (request.verb === 'get' || request.verb === 'list' || request.options?.fieldManager) return request;
  const fieldManager = given ?? (ownManagers.has(verb) ? `kubectl-${verb}` : 'kubectl');
  return { ...request, options: { ...request.options, fieldManager } };
}

/** What is printed when help is asked for: `kubectl`, `kubectl help VERB`, `kubectl VERB -h`, `kubectl options`. */
function helpAsked(words: readonly string[]): string | undefined {
  const [verb, ...rest] = words;
  if (verb === undefined || verb === 'options' || verb === '-h' || verb === '--help')
    return helpFor(verb === 'options' ? [verb] : []);
  const end = words.indexOf('--');
  const before = end < 0 ? words : words.slice(0, end);
  if (verb === 'help') return helpFor(rest.filter((word) => !word.startsWith('-')));
  return before.includes('-h') || before.includes('--help')
    ? helpFor(before.filter((word) => !word.startsWith('-')))
    : undefined;
}

/** The namespace of the context; an unknown context is an error. */
function namespaceOf(ctx: Context, name: string | undefined): string {
  const context = contextOf(kubeconfigOf(ctx), name);
  if (!context && name !== undefined) throw new UsageError(`error: context "${name}" does not exist`);
  return context?.namespace || 'default';
}

/** A verb that does not exist, with those that are spelled alike. */
function unknownCommand(verb: string): UsageError {
  const list = alike(verb)
    .map((name) => `\t${name}\n`)
    .join('');
  const ask = list && `\n\nDid you mean this?\n${list.slice(0, -1)}`;
  return new UsageError(`error: unknown command "${verb}" for "kubectl"${ask}`);
}

/** How kubectl words a Status: `The Deployment "x" is invalid: …`, `Error from server (NotFound): …`. */
function sentenceOf(error: ApiError, doing: string): string {
  const { reason, message = '', details } = error.status;
  if (reason === 'Invalid') {
    const causes = [
      ...new Set((details?.causes ?? []).map((c) => (c.field ? `${c.field}: ${c.message}` : (c.message ?? '')))),
    ];
    const named = details?.kind || details?.name;
    const head = named ? `The ${details.kind ?? ''} "${details.name ?? ''}" is invalid` : 'The request is invalid';
    if (causes.length === 0) return named || message === '' ? head : `${head}: ${doing ? `${doing}: ` : ''}${message}`;
    return `${head}: ${causes.length === 1 ? causes[0]! : causes.map((c) => `\n* ${c}`).join('')}`;
  }
  const text = doing ? `${doing}: ${message}` : message;
  return reason ? `Error from server (${reason}): ${text}` : `error: ${text}`;
}
