export { createClient, type Client, type WriteOptions } from './client.ts';
export {
  allSynced,
  cached,
  cachedAll,
  isWatchEvent,
  openCache,
  updateCaches,
  type Cache,
  type Caches,
  type Change,
} from './informer.ts';
export {
  emptyEvents,
  emptySeries,
  recordEvent,
  recordSeries,
  type EventInput,
  type EventMemory,
  type EventObject,
  type SeriesInput,
  type SeriesMemory,
} from './recorder.ts';
export { emptyQueue, enqueue, enqueueAfter, serve, wake, type WorkQueue } from './workqueue.ts';
