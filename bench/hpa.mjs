// Five hundred autoscaled Deployments through ten minutes of load that comes and goes: what the whole costs, and what it costs
// without the autoscalers.
import { cluster, cpuMs } from './world.mjs';

export const figures = ['hpa-500-cpu-ms'];

const targets = 500;
const minutes = 10;

const target = (i) => `apiVersion: apps/v1
kind: Deployment
metadata: {name: app-${i}}
spec:
  replicas: 2
  selector: {matchLabels: {app: app-${i}}}
  template:
    metadata: {labels: {app: app-${i}}}
    spec:
      enableServiceLinks: false
      containers:
      - name: php-apache
        image: registry.k8s.io/hpa-example
        ports: [{containerPort: 80}]
        resources: {requests: {cpu: 20m, memory: 64Mi}}
---
apiVersion: v1
kind: Service
metadata: {name: app-${i}}
spec: {selector: {app: app-${i}}, ports: [{port: 80}]}
`;

const autoscaler = (i) => `apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: app-${i}}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: app-${i}}
  minReplicas: 2
  maxReplicas: 6
  metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 50}}}]
`;

/** Ten minutes in which half of the targets at a time is under load, the other half after some minutes. */
function play(autoscaled) {
  const bed = cluster(50);
  const { kernel } = bed;
  const numbers = [...Array(targets).keys()];
  bed.apply(numbers.map(target).join('---\n'));
  bed.untilReady(targets * 2);
  let syncs = 0;
  let scalings = 0;
  kernel.observer = {
    ...kernel.observer,
    deed: ({ code }) => {
      if (code.startsWith('hpa.scale')) scalings++;
      else if (code.startsWith('hpa.')) syncs++;
    },
  };
  const { ms } = cpuMs(() => {
    if (autoscaled) bed.apply(numbers.map(autoscaler).join('---\n'));
    for (let minute = 0; minute < minutes; minute++) {
      for (const i of numbers) {
        const rps = (i + Math.floor(minute / 3)) % 2 === 0 ? 0.6 : 0;
        const url = `http://app-${i}`;
        kernel.inject(kernel.state.now, 'traffic', 'source', {
          name: `client-${i}`,
          url,
          rps,
          from: 'inside',
          timeoutMs: 5000,
        });
      }
      kernel.runUntil(kernel.state.now + 60_000);
    }
  });
  return { ms, scalings, statuses: syncs, pods: bed.table('pods').size };
}

export function run() {
  const without = play(false);
  const { ms, ...seen } = play(true);
  return { 'hpa-500-cpu-ms': { value: ms, unit: 'ms', withoutAutoscalers: without.ms, ...seen } };
}
