import type { Context } from '../../kernel/index.ts';
import { ApiError, Unreachable } from '../apimachinery/index.ts';
import { createClient } from '../client/index.ts';
import type { CommandResult } from '../observations.ts';
import type { Api } from '../process.ts';
import type { Invocation } from './command.ts';
import { commands } from './commands/index.ts';
import { parseArgs, splitWords, UsageError } from './parse.ts';

/** What a kubectl line printed and how it ended. */
export type Outcome = Omit<CommandResult, 'type' | 'id'>;

/** Runs one kubectl line (without the word `kubectl`) against the API, as the learner. */
export function kubectl(
  ctx: Context,
  api: Api,
  line: string,
  files: Readonly<Record<string, string>>,
  stdin: string,
): Outcome {
  let stdout = '';
  let stderr = '';
  let exitCode = 0;
  const failures: { document: number; status: unknown }[] = [];
  const client = createClient(api, 'you');
  const cause = ctx.cause;
  const explain = (error: unknown, prefix: string): void => {
    exitCode = 1;
    if (error instanceof ApiError) stderr += `${prefix}${sentenceOf(error)}\n`;
    else if (error instanceof Unreachable) {
      stderr += 'The connection to the server 127.0.0.1:6443 was refused - did you specify the right host or port?\n';
    } else if (error instanceof UsageError) {
      stderr += `${error.message}\n`;
      exitCode = error.exitCode;
    } else throw error;
  };
  try {
    const [verb, ...words] = splitWords(line);
    const command = commands.find((c) => c.name === verb);
    if (!command) throw new UsageError(`error: unknown command "${verb ?? ''}" for "kubectl"`);
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
      refuse(document, error, prefix) {
        explain(error, prefix);
        if (error instanceof ApiError) failures.push({ document, status: error.status });
      },
      request: (request) => {
        ctx.cause = cause;
        return client.request(ctx, request);
      },
      failed: () => exitCode !== 0,
      flag,
      has: (name) => flag(name) === 'true',
    };
    command.run(run);
  } catch (error) {
    explain(error, '');
  }
  return { stdout, stderr, exitCode, failures };
}

/** How kubectl words a Status: `The Deployment "x" is invalid: …`, `Error from server (NotFound): …`. */
function sentenceOf(error: ApiError): string {
  const { reason, message = '', details } = error.status;
  if (reason === 'Invalid' && details?.kind) {
    const causes = details.causes ?? [];
    const list =
      causes.length === 1
        ? causes.map((c) => `${c.field}: ${c.message}`).join('')
        : causes.map((c) => `\n* ${c.field}: ${c.message}`).join('');
    return `The ${details.kind} "${details.name}" is invalid: ${list}`;
  }
  return reason ? `Error from server (${reason}): ${message}` : `error: ${message}`;
}
