import type { Context } from '../../../kernel/index.ts';
import type { NetResponse } from '../../network/net.ts';
import type { ExecEnd } from '../../observations.ts';
import type { ExecDone } from '../cri.ts';
import type { Scope } from '../files.ts';
import type { Container, RuntimeMemory } from '../memory.ts';
import { remoteToken, type Listening } from '../tell.ts';

/** Where output goes or input comes from: the log, nothing, a file's end, or a stream by its number. */
export type Fd = 'log' | 'null' | `>${string}` | number;

/** A pipe, the text of an opened file, or the catching of a command's output. */
export interface Stream {
  readonly id: number;
  text: string;
  /** Its reader waits for all of it: nobody who writes is told that nobody reads. */
  readonly capture: boolean;
  /** What is written here a client outside is told at once: its exec, which output, and whether it looks at a terminal. */
  readonly remote?: Listening;
  /** What is read here a client outside has typed: into its exec, or into the container's main process. */
  readonly source?: number | 'main' | undefined;
  /** More may be typed. */
  open?: boolean;
  /** On a terminal: the line that has not been ended yet. */
  line?: string;
}

/** A place in a script to come back to. */
export interface Frame {
  /** The script's text; its steps are compiled from it. */
  readonly code: string;
  pc: number;
  /** How many lists and saved descriptors were open at its start, and the arguments to restore at its end. */
  readonly lists: number;
  readonly saved: number;
  readonly args: readonly string[] | null;
  /** A file read with `.`, or the body of a trap: `return` leaves it too. `typed`: the script is what comes on standard input. */
  readonly kind: 'script' | 'function' | 'trap' | 'typed';
  /** Lines of a command that is not complete yet. */
  typed?: string;
  /** The prompt is shown. */
  prompted?: boolean;
}

/** What a task waits for. */
export type Wait =
  /** Until a time; its `task` event is scheduled. */
  | { readonly for: 'time' }
  | {
      readonly for: 'children';
      readonly pids: readonly number[];
      readonly capture?: number;
      readonly checked?: boolean;
    }
  | { readonly for: 'stream'; readonly stream: number; readonly all: boolean }
  /** Room in a pipe. */
  | { readonly for: 'room'; readonly stream: number }
  | { readonly for: 'response'; readonly name: string }
  | { readonly for: 'server'; readonly pid: number }
  | { readonly for: 'cpu' }
  /** A file's growth. */
  | { readonly for: 'file' }
  /** The end of the world: `sleep infinity`, `cat` on a terminal nobody types into. */
  | { readonly for: 'ever' };

/** A running utility: called again from its beginning after each wait, with what it kept in `state`. */
export interface UtilityCall {
  readonly argv: readonly string[];
  readonly state: Record<string, unknown>;
  /** Variables set for this command alone. */
  readonly env: Readonly<Record<string, string>>;
  /** Descriptors to put back when it ends. */
  readonly restore: boolean;
  readonly tested: boolean;
}

/** A process of a container that is a shell or a utility: plain data, so that any moment of it is a checkpoint. */
export interface Task {
  readonly pid: number;
  readonly ppid: number;
  /** `sh`, `bash`, `sleep`: how it was called; the shell's name in its messages. */
  name: string;
  readonly frames: Frame[];
  vars: Record<string, string>;
  /** Names of variables that children see. */
  exported: string[];
  functions: Record<string, { readonly code: string; readonly entry: number }>;
  /** `$0`, `$1`, … */
  args: readonly string[];
  status: number;
  /** Outputs of command substitutions for the next op. */
  slots: string[];
  lists: string[][];
  fds: [Fd, Fd, Fd];
  readonly saved: [Fd, Fd, Fd][];
  cwd: string;
  /** `e`, `x`, `u`. */
  options: string;
  traps: Record<string, string>;
  /** A signal that arrived while a command ran. */
  pending: string | null;
  wait: Wait | null;
  utility: UtilityCall | null;
  /** Exit codes of children that have ended, until asked for. */
  readonly ended: Record<number, number>;
  lastChild: number;
  /** Counts timers: a `task` event of an older one is void. */
  turn: number;
  /** Begun by an exec: it lives beside process 1. */
  readonly exec: boolean;
  /** Of the first task of an exec: answered with `exec-done`. */
  readonly token?: string | undefined;
  response: NetResponse | null;
  /** It has ended; it stays in nobody's list. */
  done: boolean;
  /** Exit code kept while the EXIT trap runs. */
  final: number | null;
}

/** Sends the answer of an exec: to the client outside or the learner's kubectl when they have asked, else to the kubelet. */
export function answerExec(ctx: Context, memory: RuntimeMemory, done: ExecDone): void {
  if (done.token.startsWith(remoteToken)) {
    const end: ExecEnd = {
      type: 'exec-end',
      id: Number(done.token.slice(remoteToken.length)),
      exitCode: done.exitCode,
    };
    ctx.emit(end);
    return;
  }
  if (done.token.startsWith('kubectl/')) {
    ctx.after(0, 'you', 'exec-done', done);
    return;
  }
  ctx.after(1, `kubelet/${memory.node}`, 'exec-done', done);
}

/** Ends every task of a container that has ended; execs are answered as killed. */
export function killTasks(ctx: Context, memory: RuntimeMemory, container: Container): void {
  for (const task of container.tasks.splice(0)) {
    if (task.token === undefined) continue;
    const output = container.streams.find((s) => s.id === task.fds[1])?.text ?? '';
    answerExec(ctx, memory, { token: task.token, exitCode: 137, output, timedOut: false });
  }
}

/** A program that a shell has started has ended: its shell goes on. */
export function serverEnded({ ctx, memory, container }: Scope, pid: number, code: number): void {
  const task = container.tasks.find((t) => t.wait?.for === 'server' && t.wait.pid === pid);
  if (!task) return;
  task.status = code;
  task.wait = null;
  wakeSoon(ctx, memory, container, task.pid);
}

/** Lets a container's tasks run at the next occasion, in this millisecond. */
export function wakeSoon(ctx: Context, memory: RuntimeMemory, container: Container, pid: number): void {
  ctx.after(0, `runtime/${memory.node}`, 'task', { id: container.id, pid, turn: -1 });
}
