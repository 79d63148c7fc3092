import { deepFreeze, type Context, type KernelEvent } from '../../kernel/index.ts';
import { Unreachable } from '../apimachinery/index.ts';
import type { KubectlInput, PodName } from '../inputs.ts';
import type { Api } from '../process.ts';
import type { ExecRequest, News, NodeAccess, Waiting } from './command.ts';
import { kubectl, type Outcome, type Resumption } from './line.ts';

/** Address of the learner: kubectl runs in their terminal, and what it asks of the API it asks in their name. */
const you = 'you';

/** A watch that was lost, or could not be opened, is tried again after so long. */
const reconnectMs = 1000;

/** Exit code of a line that Ctrl+C has ended: 128 + SIGINT. */
const interrupted = 130;

/** Verbs that change nothing. */
const reading =
  /^(api-resources|api-versions|auth|cluster-info|describe|diff|events|explain|get|help|logs|options|rollout (status|history)|top|version|wait)\b/;

/** Whether a line, by its verb, only reads: it is no act that a timeline marks or play stops at. */
export const onlyReads = (line: string): boolean => reading.test(line);

/** A line that has not ended yet. Frozen; replaced whenever it goes on. */
interface Running {
  readonly line: KubectlInput;
  /** Deed of its input: everything it does later is caused by it as well. */
  readonly cause: number;
  readonly waiting: Waiting;
  readonly exitCode: number;
  /** Its open watch; 0 for none. */
  readonly stream: number;
  /** When it goes on without news; Infinity for never. */
  readonly due: number;
}

/** What the terminal remembers: input id → the line that waits. Plain data. */
export interface TerminalMemory {
  readonly running: Map<number, Running>;
}

/** What machines let a terminal do. */
export interface Machinery extends NodeAccess {
  /** Runs a command in a container; `exec-done` with the token comes to `you`. */
  exec(request: ExecRequest, token: string): void;
  /** Runs a command that is typed into: what it prints, and its end, are observations with the line's id. */
  open(request: ExecRequest, id: number): void;
}

/** The learner's terminal. */
export interface Terminal {
  start(): TerminalMemory;
  /** Begins a line; its output comes as observations with this id. `ctx.cause` is the deed of the input. */
  begin(ctx: Context, id: number, line: KubectlInput): void;
  /** Ctrl+C. */
  interrupt(ctx: Context, id: number): void;
  /** Takes a connection to a local port of a line, and says where it leads; null when nobody listens there. */
  accept(ctx: Context, id: number, local: number): { readonly to: PodName; readonly port: number } | null;
  /** Serves what a waiting line waits for: watches, its time, the end of a command in a container. */
  handle(ctx: Context, event: KernelEvent): void;
}

/** Builds the terminal. A line that waits costs nothing until its watch or its time comes. */
export function terminal(api: Api, machinery: (ctx: Context) => Machinery): Terminal {
  const memoryOf = (ctx: Context): TerminalMemory => ctx.part<TerminalMemory>(you)!;

  const runLine = (ctx: Context, { line, files = {}, stdin = '' }: KubectlInput, resumption?: Resumption): Outcome =>
    kubectl(ctx, api, line, files, stdin, machinery(ctx), resumption);

  /** Tells what was printed; keeps the line when it waits. */
  const settle = (
    ctx: Context,
    id: number,
    line: KubectlInput,
    cause: number,
    outcome: Outcome,
    before?: Running,
  ): void => {
    const { waiting, ...result } = outcome;
    if (!waiting) {
      if (before) drop(ctx, id, before);
      ctx.emit({ type: 'result', id, ...result });
      return;
    }
    const { stdout, stderr } = result;
    if (waiting.exec?.stdin) {
      // From here on it is the command's own: kubectl passes on what is typed and what is printed.
      if (before) drop(ctx, id, before);
      ctx.emit({ type: 'output', id, stdout, stderr, keyboard: waiting.exec.tty ? 'terminal' : 'pipe' });
      machinery(ctx).open(waiting.exec, id);
      return;
    }
    if (stdout || stderr) {
      const { forwards } = waiting;
      ctx.emit({ type: 'output', id, stdout, stderr, ...(forwards && { forwards }) });
    }
    const same = before && JSON.stringify(before.waiting.watch) === JSON.stringify(waiting.watch);
    if (before && !same) close(ctx, before.stream);
    const due = waiting.afterMs === undefined ? Infinity : ctx.now + waiting.afterMs;
    const stream = same ? before.stream : open(ctx, id, waiting);
    memoryOf(ctx).running.set(
      id,
      deepFreeze({ line, cause, waiting, exitCode: result.exitCode, stream, due } satisfies Running),
    );
    if (due !== Infinity && due !== before?.due) ctx.after(due - ctx.now, you, 'due', { id, due });
    if (waiting.exec && waiting.exec !== before?.waiting.exec) machinery(ctx).exec(waiting.exec, `kubectl/${id}`);
  };

  const open = (ctx: Context, id: number, { watch }: Waiting): number => {
    if (!watch) return 0;
    try {
      return api.watch(ctx, you, watch);
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      ctx.after(reconnectMs, you, 'reopen', { id });
      return 0;
    }
  };
  const close = (ctx: Context, stream: number): void => {
    if (stream !== 0) api.close(ctx, stream);
  };
  const drop = (ctx: Context, id: number, { stream }: Running): void => {
    close(ctx, stream);
    memoryOf(ctx).running.delete(id);
  };

  const resume = (ctx: Context, id: number, running: Running, news: News): void => {
    const { line, cause, waiting, exitCode } = running;
    ctx.cause = cause;
    settle(ctx, id, line, cause, runLine(ctx, line, { waiting, news, exitCode }), running);
  };

  const byStream = (ctx: Context, stream: number): [number, Running] | undefined =>
    [...memoryOf(ctx).running].find(([, running]) => running.stream === stream);

  const handlers: Readonly<Record<string, (ctx: Context, payload: never) => void>> = {
    watch(ctx, { stream }: { stream: number }) {
      const found = byStream(ctx, stream);
      const entries = api.read(ctx, stream);
      if (found && entries.length > 0) resume(ctx, ...found, { entries });
    },
    'watch-closed'(ctx, { stream }: { stream: number }) {
      const found = byStream(ctx, stream);
      if (!found) return;
      const [id, running] = found;
      memoryOf(ctx).running.set(id, Object.freeze({ ...running, stream: 0 }));
      ctx.after(reconnectMs, you, 'reopen', { id });
    },
    reopen(ctx, { id }: { id: number }) {
      const running = memoryOf(ctx).running.get(id);
      if (running?.stream !== 0) return;
      memoryOf(ctx).running.set(id, Object.freeze({ ...running, stream: open(ctx, id, running.waiting) }));
    },
    due(ctx, { id, due }: { id: number; due: number }) {
      const running = memoryOf(ctx).running.get(id);
      if (running?.due === due) resume(ctx, id, running, { entries: [] });
    },
    'exec-done'(ctx, { token, exitCode, output }: { token: string; exitCode: number; output: string }) {
      const id = Number(token.slice('kubectl/'.length));
      const running = memoryOf(ctx).running.get(id);
      if (running) resume(ctx, id, running, { entries: [], exec: { exitCode, output } });
    },
  };

  return {
    start: () => ({ running: new Map() }),
    begin: (ctx, id, line) => {
      const { cause } = ctx;
      settle(ctx, id, line, cause, runLine(ctx, line));
    },
    interrupt(ctx, id) {
      const running = memoryOf(ctx).running.get(id);
      if (!running) return;
      drop(ctx, id, running);
      ctx.emit({ type: 'result', id, stdout: '', stderr: '', exitCode: interrupted, failures: [] });
    },
    accept(ctx, id, local) {
      const forwards = memoryOf(ctx).running.get(id)?.waiting.forwards;
      const port = forwards?.ports.find((each) => each.local === local);
      if (!forwards || !port) return null;
      ctx.emit({ type: 'output', id, stdout: `Handling connection for ${local}\n`, stderr: '' });
      return { to: { namespace: forwards.namespace, pod: forwards.pod }, port: port.remote };
    },
    handle: (ctx, event) => handlers[event.type]!(ctx, event.payload as never),
  };
}
