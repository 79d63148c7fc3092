import type { World } from '../kube/cluster.ts';
import type { Checkpoint } from './history.ts';

/** Checkpoints kept per branch. */
export const mostCheckpoints = 400;
/** The newest of them are as close as they were taken; among the older ones gaps grow evenly. */
const closeCheckpoints = 100;

/**
 * Events between two checkpoints: a seek replays at most so many. A copy costs O(objects), so it grows with the cluster;
 * faster above some thousand objects, where it is memory that counts.
 */
export function checkpointInterval(world: World): number {
  let parts = 0;
  const etcd = world.kernel.state.parts.get('etcd') as { resources: Map<string, Map<string, unknown>> };
  for (const table of etcd.resources.values()) parts += table.size;
  return Math.max(300, Math.floor(parts / 2), parts * 2 - 8000);
}

/** Which of the older checkpoints to give up: the one without which the smallest gap remains. Never the first. */
export function mostDispensable(checkpoints: readonly Checkpoint[]): number {
  let best = 1;
  let least = Infinity;
  for (let i = 1; i < checkpoints.length - closeCheckpoints; i++) {
    const gap = checkpoints[i + 1]!.step - checkpoints[i - 1]!.step;
    if (gap < least) [best, least] = [i, gap];
  }
  return best;
}
