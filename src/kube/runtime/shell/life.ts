import type { Net } from '../../network/net.ts';
import type { Scope } from '../files.ts';
import { endContainer } from '../servers.ts';
import { compileScript } from './compile.ts';
import { fail, say } from './io.ts';
import { answerExec, type Frame, type Stream, type Task } from './tasks.ts';
import type { Utility } from './utility.ts';

/** A container's tasks at work, for the time of one event. */
export interface Os extends Scope {
  readonly net: Net;
  /** All commands, by name: given, because commands start tasks and tasks run commands. */
  readonly utilities: Readonly<Record<string, Utility>>;
}

/** Tasks of one container: a fork bomb ends here. */
const maxTasks = 200;
/** Calls within calls. */
export const maxFrames = 200;

/** A pipe holds so much before its writer has to wait. */
export const pipeChars = 65_536;

/** True when nobody is left who could write to a stream. */
export const atEnd = (tasks: readonly Task[], stream: Stream): boolean =>
  !stream.open && !tasks.some((t) => writesTo(t.fds, stream.id) || t.saved.some((fds) => writesTo(fds, stream.id)));

const writesTo = (fds: Task['fds'], id: number): boolean => fds[1] === id || fds[2] === id;

/** A new task, a copy of its parent in everything that a fork copies. */
export function fork(os: Os, parent: Task, frames: readonly Frame[]): Task | null {
  const { container } = os;
  if (container.tasks.length >= maxTasks) {
    fail(os, parent, `${parent.name}: can't fork: Resource temporarily unavailable`);
    return null;
  }
  const task: Task = {
    ...parent,
    pid: ++container.lastPid,
    ppid: parent.pid,
    frames: frames.map((f) => ({ ...f })),
    slots: [],
    lists: parent.lists.map((list) => [...list]),
    fds: [...parent.fds],
    saved: [],
    traps: {},
    pending: null,
    wait: null,
    utility: null,
    ended: {},
    lastChild: parent.lastChild,
    turn: 0,
    token: undefined,
    response: null,
    done: false,
    final: null,
  };
  container.tasks.push(task);
  return task;
}

/** Puts a script on top of what a task does. Throws `ShellSyntaxError` when its text is none. */
export function pushFrame(
  os: Os,
  task: Task,
  code: string,
  kind: Frame['kind'],
  args: readonly string[] | null = null,
): void {
  compileScript(code);
  if (task.frames.length >= maxFrames) {
    say(os, task, 'maximum function nesting level exceeded');
    return endTask(os, task, 2);
  }
  task.frames.push({ code, pc: 0, lists: task.lists.length, saved: task.saved.length, args, kind });
}

/** Leaves the innermost function, sourced file or script. */
export function leaveFrame(task: Task): void {
  const frame = task.frames.pop()!;
  task.lists.length = frame.lists;
  while (task.saved.length > frame.saved) task.fds = task.saved.pop()!;
  if (frame.args) task.args = frame.args;
}

/** Makes a stream with this text in it. */
export function openStream({ container }: Scope, text: string, capture: boolean): Stream {
  const stream: Stream = { id: ++container.lastPid, text, capture };
  container.streams.push(stream);
  return stream;
}

/** Environment that a task's children see. */
export function exportedOf(task: Task): Record<string, string> {
  const env: Record<string, string> = {};
  for (const name of task.exported) if (task.vars[name] !== undefined) env[name] = task.vars[name];
  return env;
}

/** `set -e`: a failure that nobody looks at ends the shell. */
export function checkExit(os: Os, task: Task, tested: boolean): void {
  if (!tested && task.status !== 0 && task.options.includes('e') && task.frames.length > 0)
    endTask(os, task, task.status);
}

/** Ends a task: its EXIT trap first, then its parent, its exec or its container learn of it. */
export function endTask(os: Os, task: Task, code: number): void {
  if (task.done) return;
  const farewell = task.traps['EXIT'];
  task.utility = null;
  task.wait = null;
  if (farewell && task.final === null) {
    task.final = code & 255;
    task.frames.length = 0;
    task.lists.length = 0;
    task.status = code;
    task.frames.push({ code: farewell, pc: 0, lists: 0, saved: 0, args: null, kind: 'trap' });
    return;
  }
  const { ctx, net, memory, container } = os;
  const status = (task.final ?? code) & 255;
  task.done = true;
  container.tasks.splice(container.tasks.indexOf(task), 1);
  if (task.pid === 1) return endContainer(ctx, net, memory, container, status, status === 0 ? 'Completed' : 'Error');
  if (task.token !== undefined) {
    const output = container.streams.find((s) => s.id === task.fds[1])?.text ?? '';
    answerExec(ctx, memory, { token: task.token, exitCode: status, output, timedOut: false });
  }
  const parent = container.tasks.find((t) => t.pid === task.ppid);
  if (parent) childEnded(os, parent, task.pid, status);
  closeStreams(os);
}

function childEnded(os: Os, parent: Task, pid: number, status: number): void {
  parent.ended[pid] = status;
  const { wait } = parent;
  if (wait?.for !== 'children' || !wait.pids.every((p) => p in parent.ended)) return;
  parent.status = parent.ended[wait.pids.at(-1)!]!;
  for (const p of wait.pids) delete parent.ended[p];
  parent.wait = null;
  if (wait.capture !== undefined) {
    const at = os.container.streams.findIndex((s) => s.id === wait.capture);
    parent.slots.push(os.container.streams[at]!.text.replace(/\n+$/, ''));
    os.container.streams.splice(at, 1);
  } else if (wait.checked && !parent.utility) checkExit(os, parent, false);
}

/** Forgets streams that nobody holds any more. */
function closeStreams({ container }: Os): void {
  if (container.streams.length === 0) return;
  const held = new Set<unknown>();
  for (const task of container.tasks) {
    for (const fd of task.fds) held.add(fd);
    for (const fds of task.saved) for (const fd of fds) held.add(fd);
    if (task.wait?.for === 'children') held.add(task.wait.capture);
  }
  const kept = container.streams.filter((s) => held.has(s.id));
  if (kept.length < container.streams.length) container.streams.splice(0, container.streams.length, ...kept);
}
