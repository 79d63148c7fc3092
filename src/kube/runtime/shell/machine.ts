import { charge, spin } from '../cpu.ts';
import { ArithmeticError, reckon } from './arithmetic.ts';
import { compileScript, type Op } from './compile.ts';
import { dispatch } from './dispatch.ts';
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
import { inputOf, print, redirect, say } from './io.ts';
import { readCommand } from './keyboard.ts';
import { atEnd, checkExit, endTask, fork, leaveFrame, openStream, pipeChars, pushFrame, type Os } from './life.ts';
import { patternToRegExp } from './pattern.ts';
import { ShellSyntaxError } from './syntax.ts';
import type { Frame, Task } from './tasks.ts';
import { TestError, testCondition } from './test.ts';

/** Steps of all tasks of a container in one event; then others get their turn. */
const stepsPerEvent = 400;
/** The same for a script that has computed for a while: it will go on, and nobody waits for it. */
const stepsPerLateEvent = 100;
/** Longest pause between two events of a script that computes without end. It grows from 1 ms: 1, 2, 4, … */
const longestSliceMs = 1000;
/** What one step costs in the simulated container. */
const cpuMsPerStep = 0.02;
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
  if (left > 0) charge(ctx, os.memory, container, (allowed - left) * cpuMsPerStep);
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
    if (frame.kind === 'typed') return readCommand(os, task, frame);
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
    if (backToPrompt(os, task)) return;
    return endTask(os, task, 2);
  }
  if (!(error instanceof ArithmeticError || error instanceof ExpansionError || error instanceof TestError)) throw error;
  say(os, task, error.message);
  task.slots = [];
  if (backToPrompt(os, task)) return;
  endTask(os, task, task.name === 'bash' ? 1 : 2);
}

/** On a terminal a mistake ends the command, and the shell asks for the next one. */
function backToPrompt(os: Os, task: Task): boolean {
  if (task.frames[0]?.kind !== 'typed' || inputOf(os, task)?.line === undefined) return false;
  while (task.frames.length > 1) leaveFrame(task);
  task.utility = null;
  task.status = 2;
  return true;
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

/** True for a task that would go on at once: it waits for nothing, or only lets others have their turn. */
const computes = ({ wait }: Task): boolean => wait === null || (wait.for === 'room' && wait.stream < 0);
