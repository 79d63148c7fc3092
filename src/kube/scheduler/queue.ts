import { pop, push, type Context } from '../../kernel/index.ts';
import type { Pod } from '../apis/index.ts';
import { keyOf } from '../apimachinery/index.ts';

/** Where a pod waits. */
export type Waiting = 'active' | 'backoff' | 'error-backoff' | 'unschedulable';

/** A pod on its way to a node. */
export interface QueuedPod {
  readonly key: string;
  readonly uid: string;
  readonly priority: number;
  waiting: Waiting;
  /** When it came in, or when its last try failed: among equals the oldest goes first. */
  since: number;
  /** Tries so far. */
  attempts: number;
  backoffUntil: number;
  /** Plugins that rejected it somewhere, at its last try: what may wake it is asked of them. Empty after an error. */
  rejectedBy: readonly string[];
  /** Deed that brought it to where it is. */
  cause: number;
  /** Place in the heap is valid only with this number: a pod that moves leaves its old entry behind. */
  ticket: number;
}

interface Entry {
  readonly priority: number;
  readonly since: number;
  readonly ticket: number;
  readonly key: string;
}

/**
 * The pods that wait for a node, in three pools.
 *
 *        add ──▶ active ──pop──▶ (one try) ──▶ bound
 *                  ▲ ▲               │ no node fits
 *      backed off  │ └── event ──┐   ▼
 *     or idle ── backoff ◀─event─ unschedulable   (5 min: back by itself)
 *
 * Kubernetes: pkg/scheduler/backend/queue/scheduling_queue.go. Plain data.
 */
export interface SchedulingQueue {
  readonly pods: Map<string, QueuedPod>;
  /** Binary heap by priority, then age. */
  readonly active: Entry[];
  readonly backoff: Set<string>;
  readonly unschedulable: Set<string>;
  tickets: number;
}

export const emptyQueue = (): SchedulingQueue => ({
  pods: new Map(),
  active: [],
  backoff: new Set(),
  unschedulable: new Set(),
  tickets: 0,
});

const initialBackoffMs = 1000;
const maxBackoffMs = 10_000;

/** Wait after the n-th failed try: 1, 2, 4, 8, 10, 10, … seconds. */
export const backoffMs = (attempts: number): number =>
  attempts === 0 ? 0 : Math.min(initialBackoffMs * 2 ** Math.min(attempts - 1, 10), maxBackoffMs);

/** A pod without a node has come. */
export function addPod(ctx: Context, queue: SchedulingQueue, pod: Pod): void {
  const key = keyOf(pod);
  if (queue.pods.has(key)) return;
  const queued: QueuedPod = {
    key,
    uid: pod.metadata.uid,
    priority: pod.spec?.priority ?? 0,
    waiting: 'active',
    since: ctx.now,
    attempts: 0,
    backoffUntil: 0,
    rejectedBy: [],
    cause: ctx.cause,
    ticket: 0,
  };
  queue.pods.set(key, queued);
  activate(queue, queued);
}

/** Takes a pod out of whichever pool it is in. */
export function dropPod(queue: SchedulingQueue, key: string): void {
  queue.pods.delete(key);
  queue.backoff.delete(key);
  queue.unschedulable.delete(key);
}

function activate(queue: SchedulingQueue, pod: QueuedPod): void {
  queue.backoff.delete(pod.key);
  queue.unschedulable.delete(pod.key);
  pod.waiting = 'active';
  pod.ticket = ++queue.tickets;
  const { priority, since, ticket, key } = pod;
  push(queue.active, Object.freeze({ priority, since, ticket, key }), before);
}

/** True when `popPod` would give a pod now. */
export function hasWork(queue: SchedulingQueue, now: number): boolean {
  if (queue.active.length > 0) return true;
  for (const key of queue.backoff) {
    const pod = queue.pods.get(key)!;
    if (pod.waiting === 'backoff' || pod.backoffUntil <= now) return true;
  }
  return false;
}

/**
 * The next pod to try. When none is active, one that backs off from being unschedulable goes before its time;
 * one that backs off from an error does not. Kubernetes: SchedulerPopFromBackoffQ.
 */
export function popPod(queue: SchedulingQueue, now: number): QueuedPod | undefined {
  for (const key of queue.backoff) {
    const pod = queue.pods.get(key)!;
    if (pod.backoffUntil <= now) activate(queue, pod);
  }
  for (;;) {
    const entry = pop(queue.active, before);
    if (!entry) break;
    const pod = queue.pods.get(entry.key);
    if (pod?.waiting !== 'active' || pod.ticket !== entry.ticket) continue;
    return taken(queue, pod);
  }
  let first: QueuedPod | undefined;
  for (const key of queue.backoff) {
    const pod = queue.pods.get(key)!;
    if (pod.waiting === 'backoff' && (!first || endsBefore(pod, first))) first = pod;
  }
  return first && taken(queue, first);
}

/** Back-offs that end within the same second count as equal: then the usual order holds. */
function endsBefore(a: QueuedPod, b: QueuedPod): boolean {
  const [x, y] = [Math.floor(a.backoffUntil / 1000), Math.floor(b.backoffUntil / 1000)];
  return x !== y ? x < y : before(a, b);
}

function taken(queue: SchedulingQueue, pod: QueuedPod): QueuedPod {
  dropPod(queue, pod.key);
  pod.attempts++;
  return pod;
}

/** Puts a pod back that no node could take, or (without plugins) whose try ended in an error. */
export function returnPod(ctx: Context, queue: SchedulingQueue, pod: QueuedPod, rejectedBy: readonly string[]): void {
  pod.since = ctx.now;
  pod.cause = ctx.cause;
  pod.rejectedBy = rejectedBy;
  pod.backoffUntil = ctx.now + backoffMs(pod.attempts);
  queue.pods.set(pod.key, pod);
  if (rejectedBy.length === 0) {
    pod.waiting = 'error-backoff';
    queue.backoff.add(pod.key);
  } else {
    pod.waiting = 'unschedulable';
    queue.unschedulable.add(pod.key);
  }
}

/** Something has happened that may help an unschedulable pod: it is tried again, after its back-off. */
export function wakePod(ctx: Context, queue: SchedulingQueue, pod: QueuedPod): void {
  pod.cause = ctx.cause;
  if (pod.backoffUntil <= ctx.now) {
    activate(queue, pod);
    return;
  }
  queue.unschedulable.delete(pod.key);
  pod.waiting = 'backoff';
  queue.backoff.add(pod.key);
}

/** A pod stays unschedulable for five minutes at most, looked at every 30 seconds. */
const maxUnschedulableMs = 300_000;
const flushEveryMs = 30_000;

/** When the next pod has been unschedulable for too long, on the flush's beat; undefined when none waits. */
export function nextFlush(queue: SchedulingQueue): number | undefined {
  if (queue.unschedulable.size === 0) return undefined;
  let oldest = Infinity;
  for (const key of queue.unschedulable) oldest = Math.min(oldest, queue.pods.get(key)!.since);
  return (Math.floor((oldest + maxUnschedulableMs) / flushEveryMs) + 1) * flushEveryMs;
}

/** Tries again what has been unschedulable for more than five minutes, whatever has happened. */
export function flushDue(ctx: Context, queue: SchedulingQueue): void {
  for (const key of queue.unschedulable) {
    const pod = queue.pods.get(key)!;
    if (ctx.now - pod.since <= maxUnschedulableMs) continue;
    ctx.cause = pod.cause;
    wakePod(ctx, queue, pod);
  }
}

/** When the next pod that met an error may be tried again; undefined when there is none. */
export function nextBackoff(queue: SchedulingQueue): number | undefined {
  let next: number | undefined;
  for (const key of queue.backoff) {
    const pod = queue.pods.get(key)!;
    if (next === undefined || pod.backoffUntil < next) next = pod.backoffUntil;
  }
  return next;
}

const before = (a: Omit<Entry, 'key'>, b: Omit<Entry, 'key'>): boolean =>
  a.priority !== b.priority ? a.priority > b.priority : a.since !== b.since ? a.since < b.since : a.ticket < b.ticket;
