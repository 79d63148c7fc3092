import type { Context } from '../../../kernel/index.ts';
import type { Net, NetResponse } from '../../network/net.ts';
import type { ExecEnd } from '../../observations.ts';
import { imageOf } from '../catalogue.ts';
import type { Scope } from '../files.ts';
import type { Container, RuntimeMemory } from '../memory.ts';
import type { Signal } from '../program.ts';
import { environmentOf, programOf } from '../servers.ts';
import { utilities } from './commands/index.ts';
import { dispatch, findUtility } from './dispatch.ts';
import { endTask, openStream, type Os } from './life.ts';
import { runTasks } from './machine.ts';
import { openKeyboard } from './keyboard.ts';
import { remoteToken } from '../tell.ts';
import { answerExec, type Stream, type Task } from './tasks.ts';

const osOf = (scope: Scope, net: Net): Os => ({
  ctx: scope.ctx,
  memory: scope.memory,
  pod: scope.pod,
  container: scope.container,
  net,
  utilities,
});

/** True when a word names a utility of the container's image. */
export const isUtility = (scope: Scope, word: string): boolean =>
  findUtility({ ...scope, utilities }, word) !== undefined;

function freshTask(scope: Scope, pid: number, env: Readonly<Record<string, string>>, token?: string): Task {
  const { workingDir } = scope.container.config;
  return {
    pid,
    ppid: 0,
    name: 'sh',
    frames: [],
    vars: { ...env },
    exported: Object.keys(env),
    functions: {},
    args: ['sh'],
    status: 0,
    slots: [],
    lists: [],
    fds: ['null', 'log', 'log'],
    saved: [],
    cwd: workingDir ?? imageOf(scope.container.config.image).workingDir ?? '/',
    options: '',
    traps: {},
    pending: null,
    wait: null,
    utility: null,
    ended: {},
    lastChild: 0,
    turn: 0,
    exec: token !== undefined,
    token,
    response: null,
    done: false,
    final: null,
  };
}

/** Starts a utility or shell as process `pid` of a container, and lets it run as far as it gets. */
export function startTask(
  scope: Scope,
  net: Net,
  argv: readonly string[],
  env: Readonly<Record<string, string>>,
  pid: number,
): void {
  const os = osOf(scope, net);
  const task = freshTask(scope, pid, env);
  const { config } = scope.container;
  if (pid === 1 && config.stdin) task.fds[0] = openKeyboard(scope, 'main', config.tty === true).id;
  scope.container.tasks.push(task);
  dispatch(os, task, argv, {});
  runTasks(os);
}

/** Runs a command beside a container's main process; its output is caught, and `exec-done` tells its end. */
export function startExec(
  ctx: Context,
  net: Net,
  memory: RuntimeMemory,
  container: Container | undefined,
  argv: readonly string[],
  token: string,
  timeoutMs: number,
): void {
  const refuse = (exitCode: number, output: string): void =>
    answerExec(ctx, memory, { token, exitCode, output, timedOut: false });
  if (container?.state !== 'running') return refuse(126, 'container not running');
  const scope: Scope = { ctx, memory, pod: memory.sandboxes.get(container.podUid)!, container };
  const os = osOf(scope, net);
  const [word = ''] = argv;
  if (!programOf(container, word, argv) && !isUtility(scope, word)) return refuse(126, execNotFound(word));
  const task = freshTask(scope, ++container.lastPid, environmentOf(scope), token);
  container.tasks.push(task);
  const stream = openStream(os, '', true);
  task.fds = ['null', stream.id, stream.id];
  dispatch(os, task, argv, {});
  runTasks(os);
  if (!task.done)
    ctx.after(Math.max(1, timeoutMs), `runtime/${memory.node}`, 'exec-timeout', { id: container.id, pid: task.pid });
}

/**
 * Runs a command for a client outside: what it prints is told at once, what the client types is its standard input. Its end
 * is an `exec-end`.
 */
export function startRemote(
  scope: Scope,
  net: Net,
  argv: readonly string[],
  { exec, stdin, tty }: { readonly exec: number; readonly stdin: boolean; readonly tty: boolean },
): void {
  const { ctx, container } = scope;
  const os = osOf(scope, net);
  const [word = ''] = argv;
  if (!programOf(container, word, argv) && !isUtility(scope, word)) {
    const end: ExecEnd = { type: 'exec-end', id: exec, exitCode: 126, error: execNotFound(word) };
    ctx.emit(end);
    return;
  }
  const env = tty ? { ...environmentOf(scope), TERM: 'xterm' } : environmentOf(scope);
  const task = freshTask(scope, ++container.lastPid, env, `${remoteToken}${exec}`);
  container.tasks.push(task);
  const output = (fd: 1 | 2): number => {
    const stream: Stream = { id: ++container.lastPid, text: '', capture: false, remote: { exec, fd, tty } };
    container.streams.push(stream);
    return stream.id;
  };
  task.fds = [stdin ? openKeyboard(scope, exec, tty).id : 'null', output(1), output(2)];
  dispatch(os, task, argv, {});
  runTasks(os);
}

const execNotFound = (word: string): string =>
  'OCI runtime exec failed: exec failed: unable to start container process: exec: ' +
  (word.includes('/')
    ? `"${word}": stat ${word}: no such file or directory`
    : `"${word}": executable file not found in $PATH`) +
  ': unknown';

/** An exec has lasted too long: it and its children are killed. */
export function execTimeout({ ctx, memory, container }: Scope, _net: Net, pid: number): void {
  const task = container.tasks.find((t) => t.pid === pid);
  if (!task) return;
  const output = container.streams.find((s) => s.id === task.fds[1])?.text ?? '';
  const family = new Set([pid]);
  for (const t of container.tasks) if (family.has(t.ppid)) family.add(t.pid);
  for (const t of container.tasks) if (family.has(t.pid)) t.done = true;
  container.tasks.splice(0, container.tasks.length, ...container.tasks.filter((t) => !t.done));
  answerExec(ctx, memory, { token: task.token!, exitCode: 137, output, timedOut: true });
}

/** A `task` event: a timer of this turn, a followed file (−2), or only a turn for whoever can run (−1). */
export function wakeTask(scope: Scope, net: Net, pid: number, turn: number): void {
  const task = scope.container.tasks.find((t) => t.pid === pid);
  if (task?.wait) {
    if (turn === -2 ? task.wait.for === 'file' : task.wait.for === 'time' && task.turn === turn) task.wait = null;
    else if (turn !== -1) return;
  }
  runTasks(osOf(scope, net));
}

/** CPU work of a task is done. */
export function finishedTaskWork(scope: Scope, net: Net, pid: number): void {
  const task = scope.container.tasks.find((t) => t.pid === pid);
  if (task?.wait?.for === 'cpu') task.wait = null;
  runTasks(osOf(scope, net));
}

/** What starting and ending a client such as wget takes beside the answer: it bounds loops that ask without a pause. */
const clientMs = 4;

/** The answer to a task's own request. */
export function responseToTask(scope: Scope, pid: number, name: string, response: NetResponse): void {
  const task = scope.container.tasks.find((t) => t.pid === pid);
  if (task?.wait?.for !== 'response' || task.wait.name !== name) return;
  task.response = response;
  task.wait = { for: 'time' };
  task.turn++;
  const { ctx, memory, container } = scope;
  ctx.after(clientMs, `runtime/${memory.node}`, 'task', { id: container.id, pid, turn: task.turn });
}

/** Exit codes of what a signal has ended: 128 and its number. */
const deaths: Partial<Record<Signal, number>> = { HUP: 129, INT: 130, QUIT: 131, KILL: 137 };

/** Lets the tasks of a container run as far as they get. */
export const runShells = (scope: Scope, net: Net): void => runTasks(osOf(scope, net));

/**
 * Delivers a signal to a task. Process 1 without a trap ignores it, as Linux does: so `sh -c "sleep 3600"` lasts until
 * it is killed. A shell that waits for a command runs its trap when that has ended; only `wait` is interrupted.
 */
export function signalTask(scope: Scope, net: Net, pid: number, signal: Signal): void {
  const os = osOf(scope, net);
  const task = scope.container.tasks.find((t) => t.pid === pid);
  if (!task) return;
  const trap = task.traps[signal];
  if (signal === 'KILL' || (trap === undefined && pid !== 1)) {
    endTask(os, task, deaths[signal] ?? 143);
    return runTasks(os);
  }
  if (trap === undefined || trap === '') return;
  task.pending = signal;
  const waits = task.utility?.argv[0] === 'wait';
  if (waits) task.wait = null;
  if (task.wait === null) runTasks(os);
}
