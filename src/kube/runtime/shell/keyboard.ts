import { imageOf } from '../catalogue.ts';
import type { Scope } from '../files.ts';
import { inputOf, print, say } from './io.ts';
import { atEnd, endTask, pushFrame, type Os } from './life.ts';
import { isComplete } from './parse.ts';
import type { Frame, Stream, Task } from './tasks.ts';
import { ShellSyntaxError } from './syntax.ts';

/** Stands in a terminal's text where Ctrl+D was pressed: whoever reads it finds the end of its input, once. */
export const endOfInput = '\u0004';

/** Input that somebody outside the container types. */
export function openKeyboard({ container }: Scope, source: number | 'main', tty: boolean): Stream {
  const stream: Stream = { id: ++container.lastPid, text: '', capture: false, source, open: true };
  if (tty) stream.line = '';
  container.streams.push(stream);
  return stream;
}

/** Takes one line of a stream with its newline; '' at its end, null when it is not there yet. */
export function lineOf(tasks: readonly Task[], stream: Stream): string | null {
  if (stream.text.startsWith(endOfInput)) {
    stream.text = stream.text.slice(1);
    return '';
  }
  const end = stream.text.indexOf('\n');
  if (end < 0 && !atEnd(tasks, stream)) return null;
  const line = end < 0 ? stream.text : stream.text.slice(0, end + 1);
  stream.text = stream.text.slice(line.length);
  return line;
}

/**
 * A shell without a script reads its next command from standard input, as many lines as it takes, and runs it. On a
 * terminal it shows its prompt first.
 */
export function readCommand(os: Os, task: Task, frame: Frame): void {
  const stream = inputOf(os, task);
  const asked = stream?.line !== undefined;
  if (asked && !frame.prompted) {
    frame.prompted = true;
    print(os, task, 2, frame.typed ? '> ' : promptOf(os, task));
  }
  const line = stream ? lineOf(os.container.tasks, stream) : '';
  if (line === null) {
    task.wait = { for: 'stream', stream: stream!.id, all: false };
    return;
  }
  frame.prompted = false;
  const text = (frame.typed ?? '') + line;
  if (line !== '' && !isComplete(text)) {
    frame.typed = text;
    return;
  }
  frame.typed = '';
  if (text.trim() !== '') return run(os, task, text);
  if (line !== '') return;
  if (asked) print(os, task, 2, task.name === 'bash' ? 'exit\n' : '\n');
  endTask(os, task, task.status);
}

function run(os: Os, task: Task, text: string): void {
  try {
    pushFrame(os, task, text, 'script');
  } catch (error) {
    if (!(error instanceof ShellSyntaxError)) throw error;
    say(os, task, error.message);
    task.status = 2;
  }
}

/** What a shell asks with. busybox: `/ # `, bash: `root@web-1:/# `, dash: `# `. */
function promptOf({ pod, container }: Scope, task: Task): string {
  const own = task.vars['PS1'];
  const home = task.vars['HOME'] ?? '/root';
  const place = task.cwd === home ? '~' : task.cwd;
  if (own !== undefined)
    return own.replaceAll('\\w', place).replaceAll('\\h', pod.config.hostname).replaceAll('\\u', 'root').replaceAll('\\$', '#'); // prettier-ignore
  if (task.name === 'bash') return `root@${pod.config.hostname}:${place}# `;
  return imageOf(container.config.image).shell === 'ash' ? `${place} # ` : '# ';
}
