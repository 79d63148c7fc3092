import type { Net } from '../../network/net.ts';
import { imageOf } from '../catalogue.ts';
import { charge, spin } from '../cpu.ts';
import { readFile, resolvePath, type Scope } from '../files.ts';
import { endContainer, programOf, startServer } from '../servers.ts';
import { ArithmeticError, reckon } from './arithmetic.ts';
import { compileScript, type Op } from './compile.ts';
import {
  arrayMark,
  expandPattern,
  expandText,
  expandWords,
  ExpansionError,
  namesOf,
  setVariable,
  type Shell,
} from './expand.ts';
import { fail, print, redirect, say } from './io.ts';
import { patternToRegExp } from './pattern.ts';
import { ShellSyntaxError } from './syntax.ts';
import { answerExec, type Frame, type Stream, type Task } from './tasks.ts';
import { TestError, testCondition } from './test.ts';
import type { Utility } from './utility.ts';

/** A container's tasks at work, for the time of one event. */
export interface Os extends Scope {
  readonly net: Net;
  /** All commands, by name: given, because commands start tasks and tasks run commands. */
  readonly utilities: Readonly<Record<string, Utility>>;
}

/** Steps of all tasks of a container in one event; then others get their turn. */
const stepsPerEvent = 400;
/** The same for a script that has computed for a while: it will go on, and nobody waits for it. */
const stepsPerLateEvent = 100;
/** Longest pause between two events of a script that computes without end. It grows from 1 ms: 1, 2, 4, … */
const longestSliceMs = 1000;
/** What one step costs in the simulated container. */
const cpuMsPerStep = 0.02;
/** Tasks of one container: a fork bomb ends here. */
const maxTasks = 200;
/** Calls within calls. */
const maxFrames = 200;

/** Runs the container's tasks until all wait, or until they have had enough for one event. */
export function runTasks(os: Os): void {
  const { ctx, container } = os;
  const allowed = (container.busyTasks?.sliceMs ?? 0) > 32 ? stepsPerLateEvent : stepsPerEvent;
  let left = allowed;
  for (let moved = true; moved && left > 0;) {
    moved = false;
    for (const task of container.tasks.slice()) {
      if (container.state !== 'running') return;
      if (task.wait !== null && !unblock(os, task)) continue;
      if (task.done || (container.hung && !task.exec)) continue;
      let turn = Math.min(left, 100);
      while (turn > 0 && !task.done && task.wait === null) {
        step(os, task);
        turn--;
        left--;
      }
      moved = true;
      if (container.state !== 'running') return;
    }
  }
  if (left > 0) charge(ctx, container, (allowed - left) * cpuMsPerStep);
  rest(os, left <= 0);
}

/** After a turn: tasks that are not done computing come again in a while, and use a core each until then. */
function rest(os: Os, unfinished: boolean): void {
  const { ctx, memory, container } = os;
  const count = unfinished ? container.tasks.filter(computes).length : 0;
  const before = container.busyTasks;
  if (count !== (before?.count ?? 0)) spin(ctx, memory, container, count - (before?.count ?? 0));
  if (count === 0) {
    container.busyTasks = null;
    return;
  }
  if (before && before.at > ctx.now) {
    container.busyTasks = { ...before, count };
    return;
  }
  const sliceMs = before ? Math.min(longestSliceMs, before.sliceMs * 2) : 1;
  container.busyTasks = { count, sliceMs, at: ctx.now + sliceMs };
  ctx.after(sliceMs, `runtime/${memory.node}`, 'task', { id: container.id, pid: 0, turn: -1 });
}

/** True when what a task waits for on a stream has come. */
function unblock({ container }: Os, task: Task): boolean {
  const wait = task.wait!;
  if (wait.for !== 'stream' && wait.for !== 'room') return false;
  const stream = container.streams.find((s) => s.id === wait.stream);
  const ready =
    !stream ||
    (wait.for === 'room'
      ? stream.text.length < pipeChars
      : (stream.text !== '' && !wait.all) || atEnd(container.tasks, stream));
  if (ready) task.wait = null;
  return ready;
}

/** A pipe holds so much before its writer has to wait. */
export const pipeChars = 65_536;

/** True when nobody is left who could write to a stream. */
export const atEnd = (tasks: readonly Task[], stream: Stream): boolean =>
  !tasks.some((t) => writesTo(t.fds, stream.id) || t.saved.some((fds) => writesTo(fds, stream.id)));

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

/** A task that only runs this place of a script. */
const entryFrame = (code: string, pc: number): Frame => ({ code, pc, lists: 0, saved: 0, args: null, kind: 'script' });

function step(os: Os, task: Task): void {
  try {
    if (task.utility) return callUtility(os, task);
    if (task.pending !== null && task.traps[task.pending] !== undefined) {
      const code = task.traps[task.pending]!;
      task.pending = null;
      return pushFrame(os, task, code, 'trap');
    }
    const frame = task.frames.at(-1);
    if (!frame) return endTask(os, task, task.status);
    const op = compileScript(frame.code)[frame.pc++];
    if (op) perform(os, task, frame, op);
    else leaveFrame(task);
  } catch (error) {
    problem(os, task, error);
  }
}

/** What a script can do wrong ends its shell with 2, as in dash and ash; anything else is our own bug. */
function problem(os: Os, task: Task, error: unknown): void {
  if (error instanceof ShellSyntaxError) {
    // `bash: -c: line 1: syntax error …`, `sh: syntax error: …`
    say(os, task, error.message);
    return endTask(os, task, 2);
  }
  if (!(error instanceof ArithmeticError || error instanceof ExpansionError || error instanceof TestError)) throw error;
  say(os, task, error.message);
  task.slots = [];
  endTask(os, task, task.name === 'bash' ? 1 : 2);
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

/** A task as the expansion of words sees it. */
const shellOf = ({ ctx, memory, pod, container }: Os, task: Task): Shell => ({ ctx, memory, pod, container, task });

function perform(os: Os, task: Task, frame: Frame, op: Op): void {
  switch (op.op) {
    case 'run':
      return runCommand(os, task, op);
    case 'substitute':
      return substitute(os, task, op.script);
    case 'jump':
      frame.pc = op.to;
      return;
    case 'jump-if':
      if ((task.status === 0) === op.success) frame.pc = op.to;
      return;
    case 'not':
      task.status = task.status === 0 ? 1 : 0;
      return;
    case 'status':
      task.status = op.value;
      return;
    case 'list':
      task.lists.push(op.words ? expandWords(shellOf(os, task), op.words) : task.args.slice(1));
      task.slots = [];
      return;
    case 'next': {
      const item = task.lists.at(-1)!.shift();
      if (item === undefined) {
        task.lists.pop();
        frame.pc = op.to;
      } else setVariable(task, op.name, item);
      return;
    }
    case 'drop':
      task.lists.pop();
      return;
    case 'subject':
      task.lists.push([expandText(shellOf(os, task), op.word)]);
      task.slots = [];
      return;
    case 'match': {
      const subject = task.lists.at(-1)![0]!;
      const hit = op.patterns.some((p) => patternToRegExp(expandPattern(shellOf(os, task), p)).test(subject));
      task.slots = [];
      if (!hit) frame.pc = op.to;
      return;
    }
    case 'redirect':
      task.saved.push([...task.fds]);
      if (!redirect(os, task, op.redirs)) {
        task.status = 1;
        endTask(os, task, 1);
      }
      return;
    case 'restore':
      task.fds = task.saved.pop()!;
      return;
    case 'define':
      task.functions = { ...task.functions, [op.name]: { code: frame.code, entry: op.entry } };
      task.status = 0;
      return;
    case 'math':
      task.status = reckon(expandText(shellOf(os, task), op.text), namesOf(shellOf(os, task))) === 0 ? 1 : 0;
      task.slots = [];
      return checkExit(os, task, op.tested);
    case 'condition':
      task.status = testCondition(shellOf(os, task), op.words) ? 0 : 1;
      task.slots = [];
      return checkExit(os, task, op.tested);
    case 'return':
      return leaveFrame(task);
    case 'end':
      return endTask(os, task, task.status);
    default:
      return branch(os, task, frame, op);
  }
}

/** Pipes, subshells and background lists: what makes children. */
function branch(os: Os, task: Task, frame: Frame, op: Extract<Op, { op: 'pipe' | 'subshell' | 'background' }>): void {
  if (op.op === 'background') {
    const child = fork(os, task, [entryFrame(frame.code, op.entry)]);
    if (child) {
      child.fds[0] = 'null';
      task.lastChild = child.pid;
    }
    task.status = 0;
    return;
  }
  if (op.op === 'subshell') {
    const child = fork(os, task, [entryFrame(frame.code, op.entry)]);
    task.slots = [];
    if (!child) return;
    task.wait = { for: 'children', pids: [child.pid], checked: !op.tested };
    if (!redirect(os, child, op.redirs)) endTask(os, child, 1);
    return;
  }
  const pids: number[] = [];
  let input = task.fds[0];
  op.entries.forEach((entry, i) => {
    const child = fork(os, task, [entryFrame(frame.code, entry)]);
    if (!child) return;
    child.fds[0] = input;
    if (i < op.entries.length - 1) {
      const stream = openStream(os, '', false);
      child.fds[1] = stream.id;
      input = stream.id;
    }
    pids.push(child.pid);
  });
  if (pids.length > 0) task.wait = { for: 'children', pids, checked: !op.tested };
}

/** Makes a stream with this text in it. */
export function openStream({ container }: Scope, text: string, capture: boolean): Stream {
  const stream: Stream = { id: ++container.lastPid, text, capture };
  container.streams.push(stream);
  return stream;
}

function substitute(os: Os, task: Task, script: string): void {
  compileScript(script);
  const child = fork(os, task, [entryFrame(script, 0)]);
  if (!child) return;
  const stream = openStream(os, '', true);
  child.fds[1] = stream.id;
  task.wait = { for: 'children', pids: [child.pid], capture: stream.id };
}

function runCommand(os: Os, task: Task, op: Extract<Op, { op: 'run' }>): void {
  const shell = shellOf(os, task);
  const fields = expandWords(shell, op.words);
  const values: Record<string, string> = {};
  const hadSlots = task.slots.length > 0;
  for (const assign of op.assigns) {
    const value = assign.items
      ? arrayMark + expandWords(shell, assign.items).join(arrayMark)
      : expandText(shell, assign.word);
    const old = assign.append ? (task.vars[assign.name] ?? '') : '';
    if (fields.length === 0) setVariable(task, assign.name, old + value);
    else values[assign.name] = old + value;
  }
  if (fields.length === 0) {
    if (!hadSlots) task.status = 0;
    if (op.redirs.length > 0) {
      const fds: Task['fds'] = [...task.fds];
      if (!redirect(os, task, op.redirs)) task.status = 1;
      task.fds = fds;
    }
    task.slots = [];
    return checkExit(os, task, op.tested);
  }
  const restore = op.redirs.length > 0 && !(fields[0] === 'exec' && fields.length === 1);
  if (restore) task.saved.push([...task.fds]);
  if (op.redirs.length > 0 && !redirect(os, task, op.redirs)) {
    if (restore) task.fds = task.saved.pop()!;
    task.status = 1;
    task.slots = [];
    return checkExit(os, task, op.tested);
  }
  task.slots = [];
  if (task.options.includes('x')) print(os, task, 2, `+ ${fields.join(' ')}\n`);
  dispatch(os, task, fields, values, restore, op.tested);
}

/** Runs a command by its name: a function, a program of the image, a utility, a script; or says that there is none. */
export function dispatch(
  os: Os,
  task: Task,
  argv: readonly string[],
  env: Readonly<Record<string, string>>,
  restore = false,
  tested = false,
): void {
  const [name = ''] = argv;
  const own = Object.hasOwn(task.functions, name) ? task.functions[name] : undefined;
  if (own) {
    // The descriptors saved for the call are put back when the function's frame is left.
    task.frames.push({
      code: own.code,
      pc: own.entry,
      lists: task.lists.length,
      saved: task.saved.length - (restore ? 1 : 0),
      args: task.args,
      kind: 'function',
    });
    if (task.frames.length > maxFrames) return endTask(os, task, 2);
    task.args = [task.args[0] ?? '', ...argv.slice(1)];
    return;
  }
  if (programOf(os.container, name, argv)) return runProgram(os, task, argv, env, restore);
  if (findUtility(os, name, task.cwd)) {
    task.utility = { argv, state: {}, env, restore, tested };
    return;
  }
  const script = name.includes('/') ? readFile(os, resolvePath(name, task.cwd)) : undefined;
  if (script !== undefined && imageOf(os.container.config.image).shell !== 'none') {
    task.utility = { argv: ['sh', ...argv], state: {}, env, restore, tested };
    return;
  }
  say(
    os,
    task,
    name.includes('/')
      ? `${name}: ${task.name === 'bash' ? 'No such file or directory' : 'not found'}`
      : unknown(task, name),
  );
  if (restore) task.fds = task.saved.pop()!;
  task.status = 127;
  checkExit(os, task, tested);
}

const unknown = (task: Task, name: string): string =>
  `${name}: ${task.name === 'bash' ? 'command not found' : 'not found'}`;

/** Directories in which the common commands are. */
const commandPlaces = new Set(['/bin', '/usr/bin', '/usr/local/bin', '/sbin', '/usr/sbin', '/usr/local/sbin']);
/** Commands that not every image has. */
const extraTools = new Set([
  'curl',
  'bash',
  'nc',
  'wget',
  'ping',
  'nslookup',
  'ps',
  'top',
  'dig',
  'host',
  'apk',
  'apt',
  'apt-get',
  'ip',
  'ifconfig',
]);
const ashTools = new Set(['nc', 'wget', 'ping', 'nslookup', 'ps', 'top', 'ip', 'ifconfig', 'apk']);

/** The utility that a command word means in this container's image. */
export function findUtility(
  os: Scope & { readonly utilities: Os['utilities'] },
  word: string,
  cwd = '/',
): Utility | undefined {
  const slash = word.lastIndexOf('/');
  const name = word.slice(slash + 1);
  if (slash >= 0 && !commandPlaces.has(resolvePath(word.slice(0, slash) || '/', cwd))) return undefined;
  if (!Object.hasOwn(os.utilities, name)) return undefined;
  const image = imageOf(os.container.config.image);
  const utility = os.utilities[name]!;
  if (image.tools?.includes(name)) return utility;
  if (image.shell === 'none') return undefined;
  if ((utility.only || extraTools.has(name)) && isInstalled(os, name)) return utility;
  if (utility.only) return undefined;
  if (extraTools.has(name)) {
    if (image.shell === 'ash') return ashTools.has(name) ? utility : undefined;
    return name === 'bash' || name === 'apt' || name === 'apt-get' ? utility : undefined;
  }
  return utility;
}

/** True for a tool that the container has installed itself: `apk add curl`. */
const isInstalled = (scope: Scope, name: string): boolean =>
  scope.container.files !== null && readFile(scope, `/var/lib/${name}.installed`) !== undefined;

/** Starts a program of the image in the foreground. At the end of process 1's script it takes the shell's place. */
function runProgram(
  os: Os,
  task: Task,
  argv: readonly string[],
  env: Readonly<Record<string, string>>,
  restore: boolean,
): void {
  const { container } = os;
  const environment = { ...exportedOf(task), ...env };
  if (restore) task.fds = task.saved.pop()!;
  if (task.pid === 1 && lastCommand(task)) {
    container.tasks.splice(container.tasks.indexOf(task), 1);
    task.done = true;
    startServer(os, os.net, argv, environment, 1);
    return;
  }
  if (imageOf(container.config.image).assumed && !(lastCommand(task) && !task.exec)) {
    // Nobody knows what this does; in the middle of a script it is assumed to succeed at once.
    task.status = 0;
    return;
  }
  const server = startServer(os, os.net, argv, environment, ++container.lastPid);
  if (container.servers.includes(server)) task.wait = { for: 'server', pid: server.pid };
  else task.status = server.draining ?? 0;
}

/** True when nothing follows: the shell then replaces itself by the command. */
function lastCommand(task: Task): boolean {
  if (Object.keys(task.traps).length > 0 || task.frames.length > 1) return false;
  const frame = task.frames[0];
  return !frame || compileScript(frame.code)[frame.pc]?.op === 'return';
}

/** Environment that a task's children see. */
export function exportedOf(task: Task): Record<string, string> {
  const env: Record<string, string> = {};
  for (const name of task.exported) if (task.vars[name] !== undefined) env[name] = task.vars[name];
  return env;
}

function callUtility(os: Os, task: Task): void {
  const call = task.utility!;
  const name = call.argv[0]!.slice(call.argv[0]!.lastIndexOf('/') + 1);
  const result = os.utilities[name]!.run({ os, task, argv: call.argv, state: call.state, env: call.env });
  if (task.done || os.container.state !== 'running' || task.utility !== call) return;
  if (typeof result === 'object') {
    task.wait = result;
    return;
  }
  task.utility = null;
  task.status = result;
  if (call.restore) task.fds = task.saved.pop()!;
  checkExit(os, task, call.tested);
}

/** `set -e`: a failure that nobody looks at ends the shell. */
function checkExit(os: Os, task: Task, tested: boolean): void {
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

/** True for a task that would go on at once: it waits for nothing, or only lets others have their turn. */
const computes = ({ wait }: Task): boolean => wait === null || (wait.for === 'room' && wait.stream < 0);
