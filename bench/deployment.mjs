// A Deployment on three nodes, from apply to all pods ready: CPU time of a fresh process, and its growth.
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

export function run() {
  const first = measure(300); // The figure is of cold code, as a page meets it.
  const growth = {};
  for (const replicas of [75, 150, 300, 600]) growth[replicas] = measure(replicas).ms;
  return {
    'deployment-300-ready-cpu-ms': {
      value: first.ms,
      unit: 'ms',
      floorMs: floorMs(first),
      writes: first.writes,
      events: first.events,
      warmMsByReplicas: growth,
    },
  };
}
