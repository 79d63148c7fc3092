// Five thousand Jobs of one pod each on 40 nodes, from their creation until all are complete and their pods kept.
import { loadTs } from '../scripts/load-ts.mjs';
import { cluster, cpuMs } from './world.mjs';

export const figures = ['jobs-5000-cpu-ms'];

const job = (name) => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name, namespace: 'default' },
  spec: {
    template: {
      spec: {
        restartPolicy: 'Never',
        containers: [
          {
            name: 'task',
            image: 'busybox:1.36',
            command: ['sleep', '10'],
            resources: { requests: { cpu: '10m', memory: '16Mi' } },
          },
        ],
      },
    },
  },
});

function measure(jobs, createClient) {
  const bed = cluster(40);
  const { kernel, api } = bed;
  const client = createClient(api, 'you');
  const ctx = kernel.context;
  const { ms } = cpuMs(() => {
    for (let i = 0; i < jobs; i++) client.create(ctx, 'jobs.batch', job(`job-${i}`));
    const end = kernel.state.now + 600_000;
    for (let done = 0; done < jobs;) {
      kernel.runUntil(kernel.state.now + 5000);
      done = 0;
      for (const { status } of bed.table('jobs.batch').values()) if (status?.completionTime) done++;
      if (kernel.state.now > end) throw new Error(`${done} of ${jobs} Jobs complete`);
    }
  });
  return ms;
}

export async function run() {
  const { createClient } = await loadTs('src/kube/client/index.ts');
  measure(2500, createClient); // code that is warm
  const half = measure(2500, createClient);
  const whole = measure(5000, createClient);
  return {
    'jobs-5000-cpu-ms': {
      value: whole,
      unit: 'ms',
      msFor2500: half,
      doublingRatio: Math.round((whole / half) * 100) / 100,
    },
  };
}
