import type { Context, KernelEvent } from '../kernel/index.ts';
import type { ApiRequest, ApiResponse, WatchEntry, WatchSelector } from './apiserver/request.ts';

/**
 * A component as it runs on a machine: `start` gives it an empty memory, `handle` serves its events.
 * Memory is plain data. After a crash or stop it is lost and `start` runs again, as in reality.
 */
export interface Process<M = unknown> {
  /** Part of the address before the slash: `kubelet`. */
  readonly name: string;
  /** The memory of a fresh start at `address`. May schedule events and open watches. */
  start(ctx: Context, address: string): M;
  handle(ctx: Context, event: KernelEvent, memory: M): void;
}

/**
 * How processes reach the API server. Answers come within the same virtual millisecond
 * (Simplified: a request takes no time; watch events do, so caches are stale for the real reason).
 * Throws `Unreachable` when the server is down or the caller's machine is cut off.
 */
export interface Api {
  request(ctx: Context, from: string, request: ApiRequest): ApiResponse;
  /** Opens a watch; the initial list arrives as ADDED entries, then a BOOKMARK. Returns the stream's id. */
  watch(ctx: Context, from: string, selector: WatchSelector): number;
  /** Takes what has arrived on a stream. Called when an event of type `watch` with payload `{stream}` comes in. */
  read(ctx: Context, stream: number): readonly WatchEntry[];
  /** Ends a stream. */
  close(ctx: Context, stream: number): void;
}
