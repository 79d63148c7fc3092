import type { CommandOutput, CommandResult, KubectlInput } from '../../protocol/index.ts';
import type { Host, Moment, News, Print } from './host.ts';

/** Exit code of a line that was interrupted: 128 + SIGINT. */
const interrupted = 130;

/** Where a line prints: to standard output, to standard error, and what the shell itself has to say. */
export interface Streams {
  readonly out: Print;
  readonly err: Print;
  readonly note: Print;
}

/** kubectl lines that run in the foreground, one at a time. */
export interface Foreground {
  /** Runs a line to its end; resolves with its exit code. */
  run(input: KubectlInput, streams: Streams): Promise<number>;
  /** Ctrl+C; false when nothing waits. */
  interrupt(): boolean;
  follow(news: News): void;
  /** What is typed goes to a command in a container: through its terminal, which echoes it, or as it is. */
  readonly keyboard: 'terminal' | 'pipe' | null;
  /** Types into that command. */
  type(text: string): void;
  /** A line waits for time to pass. */
  readonly waits: boolean;
}

interface Running {
  /** Its place in the journal, once it is known to wait. */
  id: number | null;
  /** What frames told before that. */
  readonly early: (CommandOutput | CommandResult)[];
  readonly streams: Streams;
  /** Where it was begun; the branch is known with the next frame. */
  readonly at: number;
  readonly run: number;
  branch: number | null;
  keyboard: 'terminal' | 'pipe' | null;
  /** It leads into a pod. */
  forwards: boolean;
  /** What a pipe before it brings. */
  readonly stdin: string | undefined;
  /** Ctrl+C came before its place was known. */
  interrupted: boolean;
  end(exitCode: number): void;
}

/** Builds the foreground. */
export function createForeground(host: Host): Foreground {
  let running: Running | null = null;

  const take = (mine: Running, outputs: readonly (CommandOutput | CommandResult)[]): void => {
    for (const output of outputs) {
      if (output.id !== mine.id) continue;
      if (output.type === 'output' && output.keyboard) {
        mine.keyboard = output.keyboard;
        if (mine.stdin !== undefined) host.type(output.id, mine.stdin, true);
      }
      if (output.type === 'output' && output.forwards) {
        mine.forwards = true;
        host.forwards({ line: output.id, ...output.forwards });
      }
      if (output.type === 'output' && output.answered) host.answered(output.answered);
      mine.streams.out(output.stdout);
      mine.streams.err(output.stderr);
      if (output.type === 'result') {
        mine.end(output.exitCode);
        return;
      }
    }
  };

  /** In the past a line that only reads reads the past; any other makes another past. */
  const begin = async (input: KubectlInput, { out, err, note }: Streams, mine: Running): Promise<void> => {
    const { now, head } = host.moment();
    if (now < head) {
      const seen = await host.look(input);
      if (seen) {
        out(seen.stdout);
        err(seen.stderr);
        mine.end(seen.exitCode);
        return;
      }
      note(host.words.forked);
    }
    const told = await host.kubectl(input);
    if (told === null) {
      note(host.words.refused);
      mine.end(1);
    } else if (told.type === 'result') {
      out(told.stdout);
      err(told.stderr);
      mine.end(told.exitCode);
    } else {
      mine.id = told.id;
      take(mine, mine.early.splice(0));
      if (mine.interrupted && running === mine) stop(mine);
    }
  };

  const stop = (mine: Running): void => {
    const { now, head } = host.moment();
    // What is seen in the past is left, not changed.
    if (now >= head && mine.id !== null) {
      if (mine.keyboard) host.type(mine.id, '', true);
      else host.interrupt(mine.id);
    }
    mine.end(interrupted);
  };

  return {
    run(input, streams) {
      return new Promise((resolve) => {
        const { now: at, run } = host.moment();
        const mine: Running = {
          id: null,
          early: [],
          streams,
          at,
          run,
          branch: null,
          keyboard: null,
          forwards: false,
          stdin: input.stdin,
          interrupted: false,
          end(exitCode) {
            if (running === mine) running = null;
            if (mine.forwards) host.forwards(null);
            mine.forwards = false;
            resolve(exitCode);
          },
        };
        running = mine;
        begin(input, streams, mine).catch((error: unknown) => {
          streams.err(`${error instanceof Error ? error.message : String(error)}\n`);
          mine.end(1);
        });
      });
    },
    interrupt() {
      if (!running) return false;
      if (running.id === null) running.interrupted = true;
      else stop(running);
      return true;
    },
    follow({ moment, outputs }) {
      const mine = running;
      if (!mine) return;
      if (mine.id === null) {
        mine.early.push(...outputs);
        return;
      }
      take(mine, outputs);
      if (running !== mine) return;
      mine.branch ??= moment.branch;
      if (stillThere(mine, moment)) mine.branch = moment.branch;
      else {
        mine.streams.note(host.words.lost);
        mine.end(interrupted);
      }
    },
    get keyboard() {
      return running?.stdin === undefined ? (running?.keyboard ?? null) : null;
    },
    type(text) {
      if (running?.keyboard && running.id !== null) host.type(running.id, text);
    },
    get waits() {
      return running !== null && running.id !== null;
    },
  };
}

/** Whether a line waits at this moment too: of the same run, not before its beginning, and on a branch that has it. */
function stillThere({ run, at, branch }: Running, { run: nowRun, now, branch: here, branches }: Moment): boolean {
  if (run !== nowRun || now < at) return false;
  for (let id: number | null = here; id !== branch;) {
    const { parent, forkedAt } = branches.find((each) => each.id === id) ?? { parent: null, forkedAt: 0 };
    if (parent === null || forkedAt < at) return false;
    id = parent;
  }
  return true;
}
