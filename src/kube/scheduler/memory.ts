import type { Caches, SeriesMemory } from '../client/index.ts';
import type { ClusterView } from './cluster-view.ts';
import type { Nominated } from './nominated.ts';
import type { SchedulingQueue } from './queue.ts';

/** Everything the scheduler remembers; lost when it stops, as in reality. Plain data. */
export interface SchedulerMemory {
  readonly caches: Caches;
  readonly view: ClusterView;
  readonly queue: SchedulingQueue;
  readonly nominated: Nominated;
  readonly events: SeriesMemory;
  /** Place of the node at which the next pod starts to look: all nodes get their turn. */
  nextStart: number;
  /** A `schedule` event is under way. */
  working: boolean;
  /** When the next `backoff` event is due; 0 when none is. */
  backoffAt: number;
  /** When the next `flush` event is due; 0 when none is. */
  flushAt: number;
}
