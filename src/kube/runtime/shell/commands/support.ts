import { imageOf } from '../../catalogue.ts';
import { readFile, resolvePath } from '../../files.ts';
import { atEnd, endTask, pipeChars } from '../life.ts';
import { fail, inputOf, print } from '../io.ts';
import { endOfInput, lineOf } from '../keyboard.ts';
import type { Wait } from '../tasks.ts';
import type { Call } from '../utility.ts';

/** Writes to standard output. Writing to a pipe that nobody reads ends the task with 141, as SIGPIPE does. */
export function out({ os, task }: Call, text: string): void {
  if (!print(os, task, 1, text)) endTask(os, task, 141);
}

/** Writes a complaint line to standard error and returns the exit code it stands for. */
export function complain({ os, task }: Call, text: string, code = 1): number {
  fail(os, task, text);
  return code;
}

/** Ends a wait at a time from now. */
export function sleepFor({ os, task }: Call, ms: number): Wait {
  const { ctx, memory, container } = os;
  task.turn++;
  ctx.after(Math.max(0, Math.round(ms)), `runtime/${memory.node}`, 'task', {
    id: container.id,
    pid: task.pid,
    turn: task.turn,
  });
  return { for: 'time' };
}

/** What standard input holds by now: '' at its end, or the wait for more. Takes whole lines where there are some. */
export function takeInput({ os, task }: Call): string | Wait {
  const stream = inputOf(os, task);
  if (!stream) return '';
  const stop = stream.text.indexOf(endOfInput);
  if (stop === 0) return lineOf(os.container.tasks, stream) ?? '';
  const ended = stop > 0 || atEnd(os.container.tasks, stream);
  const cut = stop > 0 ? stop : ended ? stream.text.length : stream.text.lastIndexOf('\n') + 1;
  if (cut === 0 && !ended) return { for: 'stream', stream: stream.id, all: stream.text !== '' };
  const text = stream.text.slice(0, cut);
  stream.text = stream.text.slice(cut);
  return text;
}

/** All of standard input, once it has ended. */
function takeAll({ os, task }: Call): string | Wait {
  const stream = inputOf(os, task);
  if (!stream) return '';
  const stop = stream.text.indexOf(endOfInput);
  if (stop < 0 && !atEnd(os.container.tasks, stream)) return { for: 'stream', stream: stream.id, all: true };
  const text = stop < 0 ? stream.text : stream.text.slice(0, stop);
  stream.text = stop < 0 ? '' : stream.text.slice(stop + 1);
  return text;
}

/** The next line of standard input with its newline; '' at the end. */
export function takeLine({ os, task }: Call): string | Wait {
  const stream = inputOf(os, task);
  if (!stream) return '';
  return lineOf(os.container.tasks, stream) ?? { for: 'stream', stream: stream.id, all: stream.text !== '' };
}

/** A wait while the pipe that the task writes to is full; null when it is not. */
export function fullPipe({ os, task }: Call): Wait | null {
  const to = task.fds[1];
  const stream = typeof to === 'number' ? os.container.streams.find((s) => s.id === to) : undefined;
  return stream && !stream.capture && stream.text.length >= pipeChars ? { for: 'room', stream: stream.id } : null;
}

/** Content of a file named on a command line; says that it cannot be opened when there is none. */
export function openFile(call: Call, name: string): string | undefined {
  const { os, task, argv } = call;
  const content = readFile(os, resolvePath(name, task.cwd));
  if (content === undefined) {
    complain(
      call,
      isAsh(call)
        ? `${argv[0]}: can't open '${name}': No such file or directory`
        : `${argv[0]}: ${name}: No such file or directory`,
    );
  }
  return content;
}

/** True in images whose utilities are busybox'. */
export const isAsh = ({ os }: Call): boolean => imageOf(os.container.config.image).shell === 'ash';

/** Splits arguments into single-letter options (with values for those in `valued`), and the rest. */
export function options(argv: readonly string[], valued = ''): { flags: Record<string, string>; rest: string[] } {
  const flags: Record<string, string> = {};
  const rest: string[] = [];
  for (let i = 1; i < argv.length; i++) {
    const arg = argv[i]!;
    if (arg === '--') {
      rest.push(...argv.slice(i + 1));
      break;
    }
    if (arg.startsWith('--')) {
      const [name = '', value = ''] = arg.slice(2).split(/=(.*)/s);
      flags[name] = value;
    } else if (arg.startsWith('-') && arg.length > 1) {
      for (let j = 1; j < arg.length; j++) {
        const letter = arg[j]!;
        if (!valued.includes(letter)) flags[letter] = '';
        else {
          flags[letter] = arg.slice(j + 1) || (argv[++i] ?? '');
          break;
        }
      }
    } else rest.push(arg);
  }
  return { flags, rest };
}

/**
 * A filter: files or standard input, piece by piece, through `change`. Pieces are whole lines.
 * `state` of the call carries what `change` needs between pieces.
 */
export function filter(call: Call, files: readonly string[], change: (text: string) => string): number | Wait {
  if (files.length > 0 && !files.includes('-')) {
    let code = 0;
    for (const name of files) {
      const text = openFile(call, name);
      if (text === undefined) code = 1;
      else out(call, change(text));
    }
    return code;
  }
  for (;;) {
    const full = fullPipe(call);
    if (full) return full;
    const text = takeInput(call);
    if (typeof text === 'object') return text;
    if (text === '') return 0;
    out(call, change(text));
    if (call.task.done) return 0;
  }
}

/** All text of files or, without any, of standard input; undefined when no file could be read. */
export function gather(call: Call, files: readonly string[]): string | undefined | Wait {
  if (files.length === 0 || files[0] === '-') return takeAll(call);
  const texts = files.map((name) => openFile(call, name)).filter((text) => text !== undefined);
  return texts.length === 0 ? undefined : texts.join('');
}

/** Lines of a text, without an empty one after the last newline. */
export function linesOf(text: string): string[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}
