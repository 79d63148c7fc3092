import { assert } from './assert.ts';
import { digest } from './digest.ts';
import { copyState, deepFreeze } from './freeze.ts';
import { pop, push } from './queue.ts';
import { randomOf, seedStream, type Random, type RandomState } from './random.ts';

/**
 * Something that will happen at a virtual millisecond. Data only, so that it can wait inside a checkpoint.
 * `cause` is the seq of the deed (see `Context.record`) that led to it; 0 is the beginning of the world.
 */
export interface KernelEvent<P = unknown> {
  readonly at: number;
  readonly seq: number;
  readonly cause: number;
  /** Address of the process that handles it: `kube-scheduler`, `kubelet/node-1`. */
  readonly to: string;
  /** Incarnation of that process when the event was scheduled: events for a dead incarnation are dropped. */
  readonly epoch: number;
  readonly type: string;
  readonly payload: P;
}

/** Everything that survives: plain data, nothing else. Written by the kernel and by processes, each in its own part. */
export interface KernelState {
  readonly seed: number;
  /** Virtual milliseconds since the beginning. */
  now: number;
  /** Last sequence number given out; events and deeds share the counter. */
  seq: number;
  /** Events handled so far: the unit of "next event" and "previous event". */
  steps: number;
  queue: KernelEvent[];
  random: Map<string, RandomState>;
  /** Address → that process's memory. */
  parts: Map<string, unknown>;
  /** Address → incarnation; absent means 0. */
  epochs: Map<string, number>;
}

/**
 * What a handler may do. One context serves one event; nothing of it may be kept.
 * Handlers are pure functions of (state, event, random): no clock, no chance, no promise from outside.
 */
export interface Context {
  readonly now: number;
  /** Seq of the deed that causes what this handler does; assignable, because one handler may serve several causes. */
  cause: number;
  /** Memory of a process by its address; undefined when that process does not exist. */
  part<S>(address: string): S | undefined;
  /** Schedules an event in `delayMs` (≥ 0, integer) for a process; the current cause rides along. Returns its seq. */
  after(delayMs: number, to: string, type: string, payload?: unknown): number;
  /** The named stream of chance. Use one per process and purpose. */
  random(stream: string): Random;
  /**
   * Writes down that something worth explaining happened (a write, a fault, a death), caused by `ctx.cause`.
   * Returns the deed's seq; give it to `cause` to make what follows its consequence.
   */
  record(deed: DeedInput): number;
  /** Tells the outside (page, test) something it may draw or count. Never read back by the simulation. */
  emit(observation: unknown): void;
  /**
   * Gives a process a new life: events of the old life are dropped when due, memory is what `start` returns.
   * Without `start` it ends, and whatever is sent to it is dropped until it starts again.
   */
  restart(address: string, start?: () => unknown): void;
}

/** A deed before the kernel numbers it. `code` names a sentence template; `params` fill it. */
export interface DeedInput {
  /** Who did it: `kube-scheduler`, `you`. */
  readonly by: string;
  readonly code: string;
  /** What it was done to: `pods/default/web-1`; absent when it is no API object. */
  readonly ref?: string | undefined;
  readonly uid?: string | undefined;
  readonly params?: Readonly<Record<string, string | number>> | undefined;
}

/** One link of a chain of causes: "Why?" walks from a deed to its cause until it reaches an input or 0. */
export interface Deed extends DeedInput {
  readonly seq: number;
  readonly at: number;
  readonly cause: number;
}

/** Handles the events of one process type. `memory` is `parts.get(event.to)`. */
export type Handler = (ctx: Context, event: KernelEvent, memory: never) => void;

/** Receivers of what the simulation tells; they never feed back into it. */
export interface Observer {
  deed?(deed: Deed): void;
  observe?(observation: unknown): void;
}

/** The running simulation: code around one `KernelState`. */
export interface Kernel {
  readonly state: KernelState;
  readonly context: Context;
  /** Schedules an event from outside at `at` ≥ now (an input of the learner, a timer of the set-up). */
  inject(at: number, to: string, type: string, payload?: unknown): number;
  /** Handles the next event; false when none is left. */
  step(): boolean;
  /** Time of the next event, or Infinity. */
  nextAt(): number;
  /** Handles every event up to and including `at`, then stands at `at`. */
  runUntil(at: number): void;
  /** A copy of the state that shares its frozen values. */
  checkpoint(): KernelState;
  /** Continues from a checkpoint, which stays usable. */
  restore(checkpoint: KernelState): void;
  digest(): string;
  observer: Observer;
}

/** A fresh world at time 0. */
export function emptyState(seed: number): KernelState {
  return { seed, now: 0, seq: 0, steps: 0, queue: [], random: new Map(), parts: new Map(), epochs: new Map() };
}

/** Events handled at one virtual millisecond before the kernel suspects a livelock: 30,000 pods at once stay far below. */
const livelockLimit = 5_000_000;

/**
 * Builds a kernel over `state`. `handlers` maps a process type to its code; the type of an address is the part
 * before the first slash (`kubelet/node-1` → `kubelet`).
 */
export function createKernel(handlers: ReadonlyMap<string, Handler>, state: KernelState): Kernel {
  let s = state;
  let eventsAtNow = 0;
  const resolved = new Map<string, Handler>(); // a pure cache of address → handler
  const streams = new Map<string, { state: RandomState; random: Random }>(); // a pure cache of wrappers
  const handlerOf = (to: string): Handler => {
    let handler = resolved.get(to);
    if (!handler) {
      const slash = to.indexOf('/');
      handler = handlers.get(slash < 0 ? to : to.slice(0, slash));
      assert(handler, `no handler for an event to ${to}`);
      resolved.set(to, handler);
    }
    return handler;
  };
  const schedule = (at: number, cause: number, to: string, type: string, payload: unknown): number => {
    // The sentence is put together only when it is needed: this runs for every event.
    if (!Number.isInteger(at) || at < s.now) assert(false, `event ${type} to ${to} at ${at}, but it is ${s.now}`);
    const seq = ++s.seq;
    // Frozen in depth: a checkpoint shares queued events, so nobody may ever change a payload.
    deepFreeze(payload);
    push(s.queue, Object.freeze({ at, seq, cause, to, epoch: s.epochs.get(to) ?? 0, type, payload }));
    return seq;
  };
  const context: Context = {
    get now() {
      return s.now;
    },
    cause: 0,
    part: <S>(address: string) => s.parts.get(address) as S | undefined,
    after: (delayMs, to, type, payload) => schedule(s.now + delayMs, context.cause, to, type, payload),
    random(stream) {
      let r = s.random.get(stream);
      if (!r) s.random.set(stream, (r = seedStream(s.seed, stream)));
      let wrapped = streams.get(stream);
      if (wrapped?.state !== r) streams.set(stream, (wrapped = { state: r, random: randomOf(r) }));
      return wrapped.random;
    },
    record(input) {
      const seq = ++s.seq;
      const { by, code, ref, uid, params } = input; // field by field: a spread costs ten times as much
      kernel.observer.deed?.({ by, code, ref, uid, params, seq, at: s.now, cause: context.cause });
      return seq;
    },
    emit: (observation) => kernel.observer.observe?.(observation),
    restart(address, start) {
      s.epochs.set(address, (s.epochs.get(address) ?? 0) + 1);
      if (start) s.parts.set(address, start());
      else s.parts.delete(address);
    },
  };
  const kernel: Kernel = {
    get state() {
      return s;
    },
    context,
    observer: {},
    inject: (at, to, type, payload) => schedule(at, 0, to, type, payload),
    nextAt: () => s.queue[0]?.at ?? Infinity,
    step() {
      const event = pop(s.queue);
      if (!event) return false;
      if (event.at > s.now) {
        s.now = event.at;
        eventsAtNow = 0;
      }
      if (++eventsAtNow >= livelockLimit)
        assert(false, `livelock: ${livelockLimit} events at ${s.now} ms, last ${event.type} to ${event.to}`);
      s.steps++;
      const epoch = s.epochs.get(event.to) ?? 0;
      if (event.epoch !== epoch || (epoch > 0 && !s.parts.has(event.to))) return true;
      context.cause = event.cause;
      handlerOf(event.to)(context, event, s.parts.get(event.to) as never);
      return true;
    },
    runUntil(at) {
      while (s.queue.length > 0 && s.queue[0]!.at <= at) kernel.step();
      if (at > s.now) s.now = at;
    },
    checkpoint: () => copyState(s),
    restore(checkpoint) {
      s = copyState(checkpoint);
      eventsAtNow = 0;
    },
    digest: () => digest(s),
  };
  return kernel;
}
