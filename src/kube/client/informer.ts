import { assert, type Context, type KernelEvent } from '../../kernel/index.ts';
import { keyOf, Unreachable, type KubeObject } from '../apimachinery/index.ts';
import type { ObjectOf, ResourceKey } from '../apis/index.ts';
import type { WatchSelector } from '../apiserver/request.ts';
import type { Api } from '../process.ts';

/** A process's own, slightly stale copy of one resource, kept by a watch. Plain data: part of the process's memory. */
export interface Cache {
  readonly selector: WatchSelector;
  /** Key → object. Insertion order. */
  readonly objects: Map<string, KubeObject>;
  /** Id of the open stream; 0 while disconnected. */
  stream: number;
  /** The initial list has arrived. */
  synced: boolean;
  /** Keys seen since the stream was opened; used only until the first sync, to find what vanished meanwhile. */
  seen: Set<string> | null;
  /** When it tries to connect again, virtual milliseconds; means something while disconnected. */
  retryAt: number;
}

/** All caches of a process, by resource key. */
export type Caches = Map<string, Cache>;

/** One difference a cache went through. `old` is undefined for ADDED. */
export interface Change {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly resource: string;
  readonly key: string;
  readonly object: KubeObject;
  readonly old?: KubeObject | undefined;
}

/** Reconnection after a lost watch, milliseconds. client-go's reflector backs off from 800 ms. */
const reconnectMs = 1000;

/**
 * Opens a cache on a resource for the process at `address`. Its entries come as events of type `watch`,
 * a lost connection as `watch-closed`, the next try as `watch-retry`: give all three to `updateCaches`.
 */
export function openCache(ctx: Context, api: Api, address: string, caches: Caches, selector: WatchSelector): Cache {
  const cache: Cache = {
    selector: Object.freeze(selector),
    objects: new Map(),
    stream: 0,
    synced: false,
    seen: null,
    retryAt: 0,
  };
  caches.set(selector.resource, cache);
  connect(ctx, api, address, cache);
  return cache;
}

function connect(ctx: Context, api: Api, address: string, cache: Cache): void {
  try {
    cache.stream = api.watch(ctx, address, cache.selector);
    cache.seen = new Set();
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    retryLater(ctx, address, cache);
  }
}

function retryLater(ctx: Context, address: string, cache: Cache): void {
  cache.stream = 0;
  cache.retryAt = ctx.now + reconnectMs;
  ctx.after(reconnectMs, address, 'watch-retry', { resource: cache.selector.resource });
}

/** True for the three event types that `updateCaches` handles. */
export const isWatchEvent = (event: KernelEvent): boolean => event.type.startsWith('watch');

/**
 * Applies a watch event to the caches, calling `changed` for each difference with `ctx.cause` set to the
 * write that made it. After a reconnection only real differences are reported (objects that vanished: DELETED).
 */
export function updateCaches(
  ctx: Context,
  api: Api,
  address: string,
  caches: Caches,
  event: KernelEvent,
  changed: (change: Change) => void,
): void {
  if (event.type === 'watch-retry') {
    const cache = caches.get((event.payload as { resource: string }).resource);
    // Several caches of one resource at one address hear of each other's tries: each tries only at its own time.
    if (cache?.stream === 0 && ctx.now >= cache.retryAt) connect(ctx, api, address, cache);
    return;
  }
  const { stream, resource } = event.payload as { stream: number; resource: string };
  const cache = caches.get(resource);
  if (!cache || cache.stream !== stream) return;
  if (event.type === 'watch-closed') return retryLater(ctx, address, cache);
  assert(event.type === 'watch', `unknown watch event ${event.type}`);
  for (const entry of api.read(ctx, stream)) {
    ctx.cause = entry.cause;
    if (entry.type === 'BOOKMARK') {
      const seen = cache.seen;
      cache.seen = null;
      cache.synced = true;
      if (seen && seen.size < cache.objects.size) {
        for (const [key, object] of cache.objects) {
          if (seen.has(key)) continue;
          cache.objects.delete(key);
          changed({ type: 'DELETED', resource, key, object, old: object });
        }
      }
      continue;
    }
    const object = entry.object!;
    const key = entry.key ?? keyOf(object);
    const old = cache.objects.get(key);
    if (entry.type === 'DELETED') {
      cache.seen?.delete(key);
      if (cache.objects.delete(key)) changed({ type: 'DELETED', resource, key, object, old });
      continue;
    }
    cache.seen?.add(key);
    if (old && old.metadata.uid !== object.metadata.uid) changed({ type: 'DELETED', resource, key, object: old, old });
    else if (old && old.metadata.resourceVersion === object.metadata.resourceVersion) continue;
    cache.objects.set(key, object);
    if (old && old.metadata.uid === object.metadata.uid) changed({ type: 'MODIFIED', resource, key, object, old });
    else changed({ type: 'ADDED', resource, key, object });
  }
}

/** The object under a key in a cache, typed by its resource. */
export function cached<R extends ResourceKey>(caches: Caches, resource: R, key: string): ObjectOf<R> | undefined {
  return caches.get(resource)?.objects.get(key) as ObjectOf<R> | undefined;
}

/** All objects of a cache, typed by resource. */
export function cachedAll<R extends ResourceKey>(caches: Caches, resource: R): IterableIterator<ObjectOf<R>> {
  return (caches.get(resource)?.objects.values() ?? [].values()) as IterableIterator<ObjectOf<R>>;
}

/** True when every cache has its initial list. */
export const allSynced = (caches: Caches): boolean => [...caches.values()].every((cache) => cache.synced);
