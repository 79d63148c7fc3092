// A thousand nodes and thirty thousand pods: created and ready, then an hour at rest; and half of it, for the growth.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { cluster, cpuMs, deployment, floorMs } from './world.mjs';

export const figures = [
  'cluster-1000x30000-cpu-ms',
  'cluster-1000x30000-rss-mb',
  'cluster-doubling-ratio',
  'idle-hour-cpu-ms',
];

const replicas = 300;

function measure(nodes, idle) {
  let bed;
  const { ms } = cpuMs(() => {
    bed = cluster(nodes);
    const manifests = [];
    for (let i = 0; i < (nodes * 30) / replicas; i++) manifests.push(deployment(`web-${i}`, replicas));
    bed.apply(manifests.join('---\n'));
    bed.untilReady(nodes * 30, 5000);
  });
  const { maxRSS } = process.resourceUsage();
  const counts = { writes: bed.counts.deeds, events: bed.kernel.state.steps };
  const virtualMs = bed.kernel.state.now;
  const pod = bed.table('pods').values().next().value;
  let rest;
  if (idle) {
    bed.kernel.runUntil(bed.kernel.state.now + 60_000);
    const steps = bed.kernel.state.steps;
    const hour = cpuMs(() => bed.kernel.runUntil(bed.kernel.state.now + 3_600_000));
    rest = { ms: hour.ms, events: bed.kernel.state.steps - steps };
  }
  return { ms, rssMb: Math.round(maxRSS / 1024), virtualMs, ...counts, pod, rest };
}

/** In a process of its own, like the whole. */
function elsewhere(nodes, idle) {
  const run = spawnSync(
    process.execPath,
    [...process.execArgv, fileURLToPath(import.meta.url), String(nodes), idle ? 'idle' : ''],
    { stdio: ['ignore', 'pipe', 'inherit'], maxBuffer: 1 << 26 },
  );
  if (run.status !== 0) throw new Error(`the cluster of ${nodes} nodes ended with ${run.status}`);
  return JSON.parse(String(run.stdout));
}

export function run(wanted) {
  const result = {};
  const whole = elsewhere(1000, wanted.has('idle-hour-cpu-ms'));
  if (wanted.has('cluster-1000x30000-cpu-ms'))
    result['cluster-1000x30000-cpu-ms'] = {
      value: whole.ms,
      unit: 'ms',
      floorMs: floorMs(whole),
      writes: whole.writes,
      events: whole.events,
      virtualSeconds: whole.virtualMs / 1000,
    };
  if (wanted.has('cluster-1000x30000-rss-mb')) result['cluster-1000x30000-rss-mb'] = { value: whole.rssMb, unit: 'MB' };
  if (wanted.has('cluster-doubling-ratio')) {
    const half = elsewhere(500, false);
    result['cluster-doubling-ratio'] = {
      value: Math.round((whole.ms / half.ms) * 100) / 100,
      unit: 'times',
      halfMs: half.ms,
      wholeMs: whole.ms,
    };
  }
  if (wanted.has('idle-hour-cpu-ms'))
    result['idle-hour-cpu-ms'] = { value: whole.rest.ms, unit: 'ms', events: whole.rest.events };
  return result;
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  console.log(JSON.stringify(measure(Number(process.argv[2]), process.argv[3] === 'idle')));
