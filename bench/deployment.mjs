// A Deployment on three nodes, from apply to all pods ready: CPU time, cold and warm, and its growth.
import { cluster, cpuMs, deployment, floorMs } from './world.mjs';

export const figures = ['deployment-300-ready-cpu-ms'];

function measure(replicas) {
  const bed = cluster(3);
  const before = { deeds: bed.counts.deeds, steps: bed.kernel.state.steps };
  const { ms } = cpuMs(() => {
    bed.apply(deployment('web', replicas));
    bed.untilReady(replicas, 100);
  });
  return {
    ms,
    writes: bed.counts.deeds - before.deeds,
    events: bed.kernel.state.steps - before.steps,
    pod: bed.table('pods').values().next().value,
  };
}

/** Runs per size; the median counts, because other programs disturb. */
const runs = 7;

export function run() {
  const cold = measure(300);
  const growth = {};
  let middle;
  for (const replicas of [75, 150, 300, 600]) {
    const all = Array.from({ length: runs }, () => measure(replicas)).sort((a, b) => a.ms - b.ms);
    growth[replicas] = all[runs >> 1].ms;
    if (replicas === 300) middle = all[runs >> 1];
  }
  return {
    // Of warm code, as in a page that has run its example; the first run in a fresh process is `coldMs`.
    'deployment-300-ready-cpu-ms': {
      value: middle.ms,
      unit: 'ms',
      coldMs: cold.ms,
      floorMs: floorMs(middle),
      writes: middle.writes,
      events: middle.events,
      msByReplicas: growth,
    },
  };
}
