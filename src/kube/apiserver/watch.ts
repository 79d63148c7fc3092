import type { Context } from '../../kernel/index.ts';
import type { KubeObject } from '../apimachinery/index.ts';
import type { WatchEntry, WatchSelector } from './request.ts';

/** One open watch: entries wait in `pending` until their delivery event is due. */
interface Stream {
  readonly id: number;
  readonly to: string;
  readonly selector: WatchSelector;
  pending: WatchEntry[];
  delivering: boolean;
}

/** The watch hub. A write costs O(streams that care): streams are indexed by resource and by node. */
export interface Watches {
  next: number;
  readonly streams: Map<number, Stream>;
  /** Resource → ids of streams that see all its objects. */
  readonly all: Map<string, Set<number>>;
  /** Resource + '@' + node → ids of streams with fieldSelector `spec.nodeName=node`. */
  readonly byNode: Map<string, Set<number>>;
}

export const emptyWatches = (): Watches => ({ next: 0, streams: new Map(), all: new Map(), byNode: new Map() });

const nodeSelector = /^spec\.nodeName=(.+)$/;

/** Opens a stream whose first entries are the given objects and a bookmark. */
export function openStream(
  ctx: Context,
  watches: Watches,
  to: string,
  selector: WatchSelector,
  initial: Iterable<KubeObject>,
): number {
  const stream: Stream = { id: ++watches.next, to, selector, pending: [], delivering: false };
  watches.streams.set(stream.id, stream);
  const node = nodeSelector.exec(selector.fieldSelector ?? '')?.[1];
  const index = node ? watches.byNode : watches.all;
  const slot = node ? `${selector.resource}@${node}` : selector.resource;
  let ids = index.get(slot);
  if (!ids) index.set(slot, (ids = new Set()));
  ids.add(stream.id);
  for (const object of initial)
    if (matches(selector, object)) stream.pending.push({ type: 'ADDED', object, cause: ctx.cause });
  stream.pending.push({ type: 'BOOKMARK', cause: ctx.cause });
  deliverSoon(ctx, stream);
  return stream.id;
}

const nodeOf = (object: KubeObject): string | undefined =>
  (object['spec'] as { nodeName?: string } | undefined)?.nodeName;

function matches(selector: WatchSelector, object: KubeObject): boolean {
  if (selector.namespace && object.metadata.namespace !== selector.namespace) return false;
  const node = nodeSelector.exec(selector.fieldSelector ?? '')?.[1];
  return node === undefined || nodeOf(object) === node;
}

/** Hands a write to every stream that cares. `next` undefined is a deletion, `old` undefined a creation. */
export function publish(
  ctx: Context,
  watches: Watches,
  resource: string,
  next: KubeObject | undefined,
  old: KubeObject | undefined,
  deed: number,
): void {
  const outer = ctx.cause;
  ctx.cause = deed;
  const tell = (ids: Set<number> | undefined): void => {
    if (!ids) return;
    for (const id of ids) {
      const stream = watches.streams.get(id);
      if (!stream) {
        ids.delete(id);
        continue;
      }
      const now = next !== undefined && matches(stream.selector, next);
      const before = old !== undefined && matches(stream.selector, old);
      if (!now && !before) continue;
      stream.pending.push({
        type: now ? (before ? 'MODIFIED' : 'ADDED') : 'DELETED',
        object: now ? next : (next ?? old),
        cause: deed,
      });
      deliverSoon(ctx, stream);
    }
  };
  tell(watches.all.get(resource));
  const node = nodeOf((next ?? old)!);
  if (node) tell(watches.byNode.get(`${resource}@${node}`));
  ctx.cause = outer;
}

/** Entries travel 1 to 4 ms; all that gathers meanwhile arrives together, in order. */
function deliverSoon(ctx: Context, stream: Stream): void {
  if (stream.delivering) return;
  stream.delivering = true;
  ctx.after(ctx.random('watch').between(1, 4), stream.to, 'watch', {
    stream: stream.id,
    resource: stream.selector.resource,
  });
}

/** What has arrived on a stream. */
export function takeEntries(watches: Watches, id: number): readonly WatchEntry[] {
  const stream = watches.streams.get(id);
  if (!stream) return [];
  const entries = stream.pending;
  stream.pending = [];
  stream.delivering = false;
  return entries;
}

/** Whose watches break: those of a machine, of one process, or all. */
export interface DropWatches {
  readonly node?: string | undefined;
  readonly address?: string | undefined;
}

/** Breaks watches; their owners, if they still live, hear of it with a `watch-closed` event. */
export function dropStreams(ctx: Context, watches: Watches, { node, address }: DropWatches): void {
  for (const stream of watches.streams.values()) {
    if (node !== undefined && !stream.to.endsWith(`/${node}`)) continue;
    if (address !== undefined && stream.to !== address) continue;
    watches.streams.delete(stream.id);
    ctx.after(0, stream.to, 'watch-closed', { stream: stream.id, resource: stream.selector.resource });
  }
}
