import type { Context } from '../../kernel/index.ts';
import type { CommandResult } from '../observations.ts';
import type { Api } from '../process.ts';

/** What a kubectl line printed and how it ended. */
export type Outcome = Omit<CommandResult, 'type' | 'id'>;

/** Runs one kubectl line (without the word `kubectl`) against the API. */
export function kubectl(
  _ctx: Context,
  _api: Api,
  line: string,
  _files: Readonly<Record<string, string>>,
  _stdin: string,
): Outcome {
  return {
    stdout: '',
    stderr: `error: unknown command "${line.split(' ')[0]}" for "kubectl"\n`,
    exitCode: 1,
    failures: [],
  };
}
