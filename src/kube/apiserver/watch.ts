import type { Context } from '../../kernel/index.ts';
import {
  keyOf,
  matchesFields,
  matchesLabels,
  parseFieldSelector,
  parseSelector,
  type FieldSelector,
  type KubeObject,
  type Selector,
} from '../apimachinery/index.ts';
import type { WatchEntry, WatchSelector } from './request.ts';

/** One open watch: entries wait in `pending` until their delivery event is due. */
interface Stream {
  readonly id: number;
  readonly to: string;
  readonly selector: WatchSelector;
  /** The selectors, parsed. */
  readonly labels: Selector;
  readonly fields: FieldSelector;
  pending: WatchEntry[];
  delivering: boolean;
}

/**
 * The streams of one resource, each in exactly one place: by the node or name it is confined to, by its namespace,
 * or among those that see everything. So a write asks only the streams that may care.
 */
interface Index {
  readonly all: Set<number>;
  readonly byNode: Map<string, Set<number>>;
  readonly byName: Map<string, Set<number>>;
  readonly byNamespace: Map<string, Set<number>>;
}

/** The watch hub's state: plain data, part of the API server's memory. */
export interface Watches {
  next: number;
  readonly streams: Map<number, Stream>;
  readonly byResource: Map<string, Index>;
}

/** No watch is open. */
export const emptyWatches = (): Watches => ({ next: 0, streams: new Map(), byResource: new Map() });

const pinned = (fields: FieldSelector, path: string): string | undefined =>
  fields.find((term) => term.path === path && term.equal)?.value;

/** The one set that holds a stream of this shape. */
function slotOf(watches: Watches, { selector, fields }: Stream): Set<number> {
  let index = watches.byResource.get(selector.resource);
  if (!index) {
    index = { all: new Set(), byNode: new Map(), byName: new Map(), byNamespace: new Map() };
    watches.byResource.set(selector.resource, index);
  }
  const node = pinned(fields, 'spec.nodeName');
  const name = pinned(fields, 'metadata.name');
  const [map, key] =
    node !== undefined
      ? [index.byNode, node]
      : name !== undefined
        ? [index.byName, name]
        : selector.namespace
          ? [index.byNamespace, selector.namespace]
          : [undefined, ''];
  if (!map) return index.all;
  let ids = map.get(key);
  if (!ids) map.set(key, (ids = new Set()));
  return ids;
}

/** Opens a stream whose first entries are the given objects and a bookmark. Throws BadRequest for a wrong selector. */
export function openStream(
  ctx: Context,
  watches: Watches,
  to: string,
  selector: WatchSelector,
  initial: Iterable<KubeObject>,
  revision: number,
  selectable?: readonly string[],
): number {
  const stream: Stream = {
    id: ++watches.next,
    to,
    selector,
    labels: selector.labelSelector ? parseSelector(selector.labelSelector) : [],
    fields: selector.fieldSelector ? parseFieldSelector(selector.fieldSelector, selector.resource, selectable) : [],
    pending: [],
    delivering: false,
  };
  watches.streams.set(stream.id, stream);
  slotOf(watches, stream).add(stream.id);
  for (const object of initial) {
    if (matches(stream, object)) stream.pending.push({ type: 'ADDED', object, cause: ctx.cause });
  }
  stream.pending.push({ type: 'BOOKMARK', resourceVersion: String(revision), cause: ctx.cause });
  deliverSoon(ctx, stream);
  return stream.id;
}

/** Ends a stream; nothing of it stays behind. */
export function closeStream(watches: Watches, id: number): void {
  const stream = watches.streams.get(id);
  if (!stream) return;
  watches.streams.delete(id);
  slotOf(watches, stream).delete(id);
  const index = watches.byResource.get(stream.selector.resource)!;
  for (const map of [index.byNode, index.byName, index.byNamespace]) {
    for (const key of [
      pinned(stream.fields, 'spec.nodeName'),
      pinned(stream.fields, 'metadata.name'),
      stream.selector.namespace,
    ]) {
      if (key !== undefined && map.get(key)?.size === 0) map.delete(key);
    }
  }
}

function matches({ selector, labels, fields }: Stream, object: KubeObject): boolean {
  if (selector.namespace && object.metadata.namespace !== selector.namespace) return false;
  if (labels.length > 0 && !matchesLabels(labels, object.metadata.labels)) return false;
  return fields.length === 0 || matchesFields(fields, object);
}

const nodeOf = (object: KubeObject | undefined): string =>
  (object?.['spec'] as { nodeName?: string } | undefined)?.nodeName ?? '';

/**
 * Hands a write to every stream that cares. `next` undefined is a deletion, `old` undefined a creation; for a deletion
 * `old` is the object's last state. An object that enters a stream's selection is ADDED there, one that leaves DELETED.
 */
export function publish(
  ctx: Context,
  watches: Watches,
  resource: string,
  next: KubeObject | undefined,
  old: KubeObject | undefined,
  deed: number,
): void {
  ctx.emit({ type: 'write', resource, next, old });
  const index = watches.byResource.get(resource);
  if (!index) return;
  const outer = ctx.cause;
  ctx.cause = deed;
  const shown = (next ?? old)!;
  const write: Write = { key: keyOf(shown), shown, next, old, deed };
  const { name, namespace } = shown.metadata;
  tell(ctx, watches, index.all, write);
  if (index.byNode.size > 0) {
    const node = nodeOf(shown);
    const before = nodeOf(old);
    tell(ctx, watches, index.byNode.get(node), write);
    if (before !== node) tell(ctx, watches, index.byNode.get(before), write);
  }
  if (index.byName.size > 0) tell(ctx, watches, index.byName.get(name), write);
  if (namespace && index.byNamespace.size > 0) tell(ctx, watches, index.byNamespace.get(namespace), write);
  ctx.cause = outer;
}

/** One write on its way to the streams. */
interface Write {
  readonly key: string;
  /** `next`, or the last state of what is gone. */
  readonly shown: KubeObject;
  readonly next: KubeObject | undefined;
  readonly old: KubeObject | undefined;
  readonly deed: number;
}

function tell(ctx: Context, watches: Watches, ids: ReadonlySet<number> | undefined, write: Write): void {
  if (!ids) return;
  const { key, shown, next, old, deed } = write;
  for (const id of ids) {
    const stream = watches.streams.get(id)!;
    const now = next !== undefined && matches(stream, next);
    const before = old !== undefined && matches(stream, old);
    if (!now && !before) continue;
    stream.pending.push({ type: now ? (before ? 'MODIFIED' : 'ADDED') : 'DELETED', object: shown, key, cause: deed });
    deliverSoon(ctx, stream);
  }
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
    closeStream(watches, stream.id);
    ctx.after(0, stream.to, 'watch-closed', { stream: stream.id, resource: stream.selector.resource });
  }
}
