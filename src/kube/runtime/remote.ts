import type { Context } from '../../kernel/index.ts';
import type { Net } from '../network/net.ts';
import type { ExecEnd } from '../observations.ts';
import type { Remote, Typing } from './cri.ts';
import type { Scope } from './files.ts';
import type { Container, RuntimeMemory } from './memory.ts';
import { writeText } from './output.ts';
import { signalProcess } from './signals.ts';
import { runShells, startRemote } from './shell/index.ts';
import { endOfInput } from './shell/keyboard.ts';
import type { Stream, Task } from './shell/tasks.ts';
import { remoteToken, tell } from './tell.ts';

/** Connects a client outside with a new process of a container, or with its main one. */
export function openRemote(
  ctx: Context,
  net: Net,
  memory: RuntimeMemory,
  container: Container | undefined,
  command: readonly string[] | null,
  remote: Remote,
): void {
  if (container?.state !== 'running') {
    const end: ExecEnd = { type: 'exec-end', id: remote.exec, exitCode: 126, error: 'container not running' };
    ctx.emit(end);
  } else if (command === null) container.attached = [...(container.attached ?? []), remote];
  else startRemote({ ctx, memory, pod: memory.sandboxes.get(container.podUid)!, container }, net, command, remote);
}

/**
 * What a client has typed, or that it types no more. On a terminal it is echoed and comes a line at a time: Backspace takes a
 * letter back, Ctrl+C interrupts, Ctrl+D ends the input. Who hangs up a terminal ends what runs on it.
 */
export function typeInto(
  ctx: Context,
  net: Net,
  memory: RuntimeMemory,
  container: Container,
  exec: number,
  text: string,
  then: Typing,
): void {
  if (container.state !== 'running') return;
  const scope: Scope = { ctx, memory, pod: memory.sandboxes.get(container.podUid)!, container };
  const attached = container.attached?.find((remote) => remote.exec === exec);
  const stream = container.streams.find((s) => s.source === (attached?.stdin ? 'main' : exec));
  if (stream) {
    if (stream.line === undefined) stream.text += text;
    else for (const key of text) pressed(scope, net, stream, key);
    const stays = stream.source === 'main' && !container.config.stdinOnce;
    if (then !== 'more' && stream.line === undefined && !stays) stream.open = false;
  }
  if (then === 'gone') leave(scope, net, exec);
  runShells(scope, net);
}

/** The client has gone: it hears no more, its terminal hangs up, and who still writes to it dies of SIGPIPE. */
function leave(scope: Scope, net: Net, exec: number): void {
  const { container } = scope;
  const { tasks, streams } = container;
  const left = container.attached?.filter((remote) => remote.exec !== exec);
  container.attached = left?.length ? left : undefined;
  const task = tasks.find((t) => t.token === `${remoteToken}${exec}`);
  const terminal = streams.find((s) => s.source === exec)?.line !== undefined;
  if (task && terminal) for (const pid of family(tasks, task)) signalProcess(scope, net, pid, 'HUP');
  streams.splice(0, streams.length, ...streams.filter((s) => s.remote?.exec !== exec));
}

/** A key on a terminal. Simplified: cursor keys and other sequences are not understood, so there is no history. */
function pressed(scope: Scope, net: Net, stream: Stream, key: string): void {
  const line = stream.line!;
  switch (key) {
    case '\r':
    case '\n':
      echo(scope, stream, '\n');
      stream.text += `${line}\n`;
      stream.line = '';
      return;
    case '\u007f':
    case '\b':
      if (line === '') return;
      echo(scope, stream, '\b \b');
      stream.line = [...line].slice(0, -1).join('');
      return;
    case '\u0003':
      echo(scope, stream, '^C\n');
      stream.line = '';
      return interrupt(scope, net, stream);
    case endOfInput:
      stream.text += line === '' ? endOfInput : line;
      stream.line = '';
      return;
    case '\u0015':
      echo(scope, stream, '\b \b'.repeat([...line].length));
      stream.line = '';
      return;
    default:
      if (key < ' ' && key !== '\t') return;
      echo(scope, stream, key);
      stream.line = line + key;
  }
}

function echo({ ctx, memory, container }: Scope, { source }: Stream, text: string): void {
  if (source === 'main') writeText(ctx, memory, container, text);
  else tell(ctx, { exec: source!, fd: 1, tty: true }, text);
}

/** Ctrl+C: everything in the foreground of the terminal, but a shell that waits for its next command only asks again. */
function interrupt(scope: Scope, net: Net, { id }: Stream): void {
  for (const task of scope.container.tasks.filter((t) => t.fds[0] === id)) {
    const shell = task.frames[0];
    if (shell?.kind !== 'typed') signalProcess(scope, net, task.pid, 'INT');
    else if (task.wait?.for === 'server') signalProcess(scope, net, task.wait.pid, 'INT');
    else {
      shell.prompted = false;
      shell.typed = '';
      if (task.wait?.for === 'stream') task.wait = null;
      else if (task.utility) {
        task.utility = null;
        task.wait = null;
        task.frames.length = 1;
        task.status = 130;
      }
    }
  }
}

/** A task and those it has started, youngest first. */
const family = (tasks: readonly Task[], { pid, wait }: Task): number[] => [
  ...tasks.filter(({ ppid }) => ppid === pid).flatMap((child) => family(tasks, child)),
  ...(wait?.for === 'server' ? [wait.pid] : []),
  pid,
];
