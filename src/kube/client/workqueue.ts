import type { Context, KernelEvent } from '../../kernel/index.ts';

/**
 * A controller's queue of keys, as client-go's: a key waits at most once, keeps the cause of its latest addition,
 * and backs off 5 ms, doubling, at most 1000 s, after errors. Plain data.
 */
export interface WorkQueue {
  /** Name carried by its `work` events: one process may own several queues. */
  readonly name: string;
  /** Key → cause, in order of addition. */
  readonly waiting: Map<string, number>;
  readonly failures: Map<string, number>;
  /** Key → virtual time of its delayed addition; an earlier one replaces a later one, as in client-go's delaying queue. */
  readonly later: Map<string, number>;
  /** A `work` event is under way. */
  scheduled: boolean;
}

/** A queue without keys. */
export const emptyQueue = (name: string): WorkQueue => ({
  name,
  waiting: new Map(),
  failures: new Map(),
  later: new Map(),
  scheduled: false,
});

/** Virtual milliseconds a controller takes per item: makes consecutive reconciles distinct moments that can be stepped through. */
const workMs = 1;

/** Makes a queue with waiting keys work: after `serve`, or when what it waited for (its caches) is there. */
export function wake(ctx: Context, address: string, queue: WorkQueue): void {
  if (queue.scheduled || queue.waiting.size === 0) return;
  queue.scheduled = true;
  ctx.after(workMs, address, 'work', { queue: queue.name });
}

/** Adds a key; a key that already waits stays in its place and takes the newer cause. */
export function enqueue(ctx: Context, address: string, queue: WorkQueue, key: string): void {
  queue.waiting.set(key, ctx.cause);
  wake(ctx, address, queue);
}

/** Adds a key after a delay (whole milliseconds). */
export function enqueueAfter(ctx: Context, address: string, queue: WorkQueue, key: string, delayMs: number): void {
  if (delayMs <= 0) {
    enqueue(ctx, address, queue, key);
    return;
  }
  const at = ctx.now + Math.ceil(delayMs);
  const known = queue.later.get(key);
  if (known !== undefined && known <= at) return;
  queue.later.set(key, at);
  ctx.after(at - ctx.now, address, 'work-later', { queue: queue.name, key });
}

/**
 * Serves a `work` or `work-later` event of this queue: takes the next key, runs `reconcile` under its cause,
 * and on an error adds the key again with back-off. `failed` hears of errors that are not plain conflicts.
 */
export function serve(
  ctx: Context,
  address: string,
  queue: WorkQueue,
  event: KernelEvent,
  reconcile: (key: string) => void,
  failed?: (key: string, error: unknown) => void,
): void {
  if (event.type === 'work-later') {
    const { key } = event.payload as { key: string };
    if (queue.later.get(key) !== ctx.now) return; // replaced by an earlier one
    queue.later.delete(key);
    enqueue(ctx, address, queue, key);
    return;
  }
  queue.scheduled = false;
  const next = queue.waiting.entries().next();
  if (next.done) return;
  const [key, cause] = next.value;
  queue.waiting.delete(key);
  ctx.cause = cause;
  try {
    reconcile(key);
    queue.failures.delete(key);
  } catch (error) {
    if ((error as Error).name !== 'ApiError' && (error as Error).name !== 'Unreachable') throw error;
    failed?.(key, error);
    const failures = queue.failures.get(key) ?? 0;
    queue.failures.set(key, failures + 1);
    ctx.cause = cause;
    enqueueAfter(ctx, address, queue, key, Math.min(5 * 2 ** failures, 1_000_000));
  }
  wake(ctx, address, queue);
}
