import type { Written } from '../../protocol/index.ts';

/** The latest writes of a run, so that a watch can begin where a list ended. Nothing of it is part of the run. */
export interface WriteLog {
  add(write: Written): void;
  /** Writes of a resource after a revision, oldest first; null when some of them are no longer kept. */
  since(resource: string, revision: number): readonly Written[] | null;
  /** Is called for each write of a resource from now on. Returns what ends it. */
  follow(resource: string, listener: (write: Written) => void): () => void;
  /** The newest revision that was written. */
  readonly newest: number;
  /** Forgets the writes up to a revision, as etcd's compaction does. */
  compact(revision: number): void;
  /** Forgets everything: after a rewind, what was written is no longer the past. */
  clear(revision: number): void;
}

/** Revision under which a write was stored. */
export const revisionOf = ({ next, old }: Written): number => Number((next ?? old)!.metadata.resourceVersion);

/** Builds a log that keeps `most` writes per resource: a client that lags behind further must list again. */
export function createWriteLog(most = 20_000): WriteLog {
  let writes = new Map<string, Written[]>();
  /** Resource → the highest revision that was dropped. */
  let dropped = new Map<string, number>();
  let floor = 0;
  let newest = 0;
  const listeners = new Map<string, Set<(write: Written) => void>>();
  return {
    get newest() {
      return newest;
    },
    add(write) {
      newest = revisionOf(write);
      const list = writes.get(write.resource) ?? [];
      if (list.length === 0) writes.set(write.resource, list);
      list.push(write);
      if (list.length > most) {
        // A quarter at once: taking one from the front of a long list each time would cost its length.
        const gone = list.splice(0, Math.ceil(most / 4));
        dropped.set(write.resource, revisionOf(gone.at(-1)!));
      }
      for (const listener of listeners.get(write.resource) ?? []) listener(write);
    },
    since(resource, revision) {
      if (revision < Math.max(floor, dropped.get(resource) ?? 0)) return null;
      const list = writes.get(resource) ?? [];
      let low = 0;
      let high = list.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (revisionOf(list[middle]!) > revision) high = middle;
        else low = middle + 1;
      }
      return list.slice(low);
    },
    follow(resource, listener) {
      const set = listeners.get(resource) ?? new Set();
      listeners.set(resource, set.add(listener));
      return () => void set.delete(listener);
    },
    compact(revision) {
      floor = Math.max(floor, revision);
      for (const list of writes.values()) {
        const kept = list.findIndex((write) => revisionOf(write) > revision);
        list.splice(0, kept < 0 ? list.length : kept);
      }
    },
    clear(revision) {
      writes = new Map();
      dropped = new Map();
      floor = revision;
      newest = revision;
    },
  };
}
