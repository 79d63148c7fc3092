import type { Net } from '../../network/net.ts';
import { imageOf } from '../catalogue.ts';
import { readFile, resolvePath, writeFile, type Scope } from '../files.ts';
import { writeText } from '../output.ts';
import { tell } from '../tell.ts';
import { expandText } from './expand.ts';
import type { Redir } from './syntax.ts';
import type { Fd, Stream, Task } from './tasks.ts';

/** Longest output that a command substitution or an exec catches. */
const maxCapture = 1_048_576;

/** Writes text to one of a task's descriptors. False when it was a pipe that nobody reads: the task then dies of SIGPIPE. */
export function print(scope: Scope & { readonly net: Net }, task: Task, fd: 1 | 2, text: string): boolean {
  const to = task.fds[fd];
  const { ctx, memory, container } = scope;
  if (text === '' || to === 'null') return true;
  if (to === 'log') {
    writeText(ctx, memory, container, text);
    return true;
  }
  if (typeof to === 'string') {
    const error = writeFile(scope, to.slice(1), text, true);
    if (error !== null && fd === 1) print(scope, task, 2, `${task.name}: write error: ${error}\n`);
    return true;
  }
  const stream = container.streams.find((s) => s.id === to);
  if (!stream) return false;
  if (stream.remote) {
    tell(ctx, stream.remote, text);
    return true;
  }
  if (stream.capture) {
    if (stream.text.length < maxCapture) stream.text += text;
    return true;
  }
  if (!container.tasks.some((t) => t.fds[0] === to || t.saved.some((fds) => fds[0] === to))) return false;
  stream.text += text;
  return true;
}

/** Writes a line of a utility's own complaint: `cat: can't open 'x': No such file or directory`. */
export const fail = (scope: Scope & { readonly net: Net }, task: Task, text: string): boolean =>
  print(scope, task, 2, `${text}\n`);

/** Writes a line as the shell itself: `sh: foo: not found`; dash and bash also name the line. */
export function say(scope: Scope & { readonly net: Net }, task: Task, text: string): void {
  const { shell } = imageOf(scope.container.config.image);
  const own = task.args[0] ?? task.name;
  const who = task.name === 'bash' ? 'bash: line 1' : shell === 'dash' ? `${own}: 1` : own;
  print(scope, task, 2, `${who}: ${text}\n`);
}

/** The stream that a task reads from, or undefined when its input is empty. */
export function inputOf({ container }: Scope, task: Task): Stream | undefined {
  const from = task.fds[0];
  return typeof from === 'number' ? container.streams.find((s) => s.id === from) : undefined;
}

/** Applies redirections to a task's descriptors; says why and returns false when one cannot be. */
export function redirect(scope: Scope & { readonly net: Net }, task: Task, redirs: readonly Redir[]): boolean {
  for (const redir of redirs) {
    const error = redirectOne(scope, task, redir);
    if (error === null) continue;
    say(scope, task, error);
    return false;
  }
  return true;
}

function redirectOne(scope: Scope, task: Task, redir: Redir): string | null {
  const target = expandText({ ...scope, task }, redir.target);
  const { fd } = redir;
  if (fd > 2) return null;
  switch (redir.op) {
    case '<<':
    case '<<<':
      task.fds[0] = textStream(scope, redir.op === '<<<' ? `${target}\n` : target);
      return null;
    case '<': {
      if (target === '/dev/null') {
        task.fds[0] = 'null';
        return null;
      }
      if (target === '/dev/stdin') return null;
      const content = readFile(scope, resolvePath(target, task.cwd));
      if (content === undefined)
        return task.name === 'bash' ? `${target}: No such file or directory` : `can't open ${target}: no such file`;
      task.fds[0] = textStream(scope, content);
      return null;
    }
    case '>&':
    case '<&':
      if (/^[012]$/.test(target)) task.fds[fd as 0 | 1 | 2] = task.fds[Number(target) as 0 | 1 | 2];
      else if (target === '-') task.fds[fd as 0 | 1 | 2] = 'null';
      else return open(scope, task, target, [1, 2], false);
      return null;
    case '&>':
    case '&>>':
      return open(scope, task, target, [1, 2], redir.op === '&>>');
    case '>':
    case '>>':
      return open(scope, task, target, [fd as 0 | 1 | 2], redir.op === '>>');
  }
}

function textStream(scope: Scope, text: string): number {
  const { container } = scope;
  const stream: Stream = { id: ++container.lastPid, text, capture: false };
  container.streams.push(stream);
  return stream.id;
}

function open(scope: Scope, task: Task, target: string, fds: readonly (0 | 1 | 2)[], append: boolean): string | null {
  const to = special(task, target) ?? (`>${resolvePath(target, task.cwd)}` as const);
  if (typeof to === 'string' && to.startsWith('>')) {
    const path = to.slice(1);
    const error = !append || readFile(scope, path) === undefined ? writeFile(scope, path, '') : null;
    if (error !== null) return cannotCreate(task, target, error);
  }
  for (const fd of fds) task.fds[fd] = to;
  return null;
}

function special(task: Task, target: string): Fd | undefined {
  switch (target) {
    case '/dev/null':
    case '/dev/termination-log':
      return target === '/dev/null' ? 'null' : undefined;
    case '/dev/stdout':
    case '/dev/fd/1':
    case '/proc/self/fd/1':
      return task.fds[1];
    case '/dev/stderr':
    case '/dev/fd/2':
    case '/proc/self/fd/2':
      return task.fds[2];
    case '/proc/1/fd/1':
    case '/proc/1/fd/2':
    case '/dev/tty':
    case '/dev/console':
      return 'log';
    default:
      return undefined;
  }
}

function cannotCreate(task: Task, target: string, error: string): string {
  if (task.name === 'bash') return `${target}: ${error}`;
  return `can't create ${target}: ${error === 'No such file or directory' ? 'nonexistent directory' : error}`;
}
