import type { Link } from '../link.ts';
import type { ClusterData } from './cluster.ts';
import type { History } from './timeline.ts';

/** The clusters of a comparison; alone there is only `a`. */
export type Side = 'a' | 'b';

/** The second cluster of a comparison, as panels read it: what is there, what was done, whom to ask. */
export interface Second {
  readonly cluster: ClusterData;
  history(): History;
  readonly ask: Link['send'];
}

let second: Second | null = null;

/** The second cluster; null where nothing is compared. */
export const theSecond = (): Second | null => second;

/** A comparison has begun, or has ended. */
export const setSecond = (other: Second | null): void => void (second = other);
