import { all, count, done, is, kubectl, lasting, ready, traffic, users } from '../build.ts';
import { defineLesson, type Move } from '../lesson.ts';

const manifest = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 2
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      containers:
      - name: busy
        image: busy:1
        ports:
        - containerPort: 8080
        resources:
          requests: {cpu: 200m}
---
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector: {app: web}
  ports:
  - port: 80
    targetPort: 8080
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: web
spec:
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: web
  minReplicas: 2
  maxReplicas: 10
  metrics:
  - type: Resource
    resource:
      name: cpu
      target:
        type: Utilization
        averageUtilization: 50
`;

const load = (rps: number): Move => ({ traffic: users('http://web', rps) });
const replicas = { field: { resource: 'deployments.apps', name: 'web' }, path: 'spec.replicas' } as const;
const utilization = {
  field: { resource: 'horizontalpodautoscalers.autoscaling', name: 'web' },
  path: 'status.currentMetrics[0].resource.current.averageUtilization',
} as const;
const stopped = done({ deeds: 'input.traffic', params: { rps: 0 } });

/** This is what scales with load: one step of a HorizontalPodAutoscaler, and its long memory. */
export const lesson42 = defineLesson({
  id: '42',
  chapter: 'H',
  covers: ['S4', 'S11'],
  minutes: 9,
  engagement: 'changing',
  world: { seed: 142, nodes: 3 },
  start: { manifest, later: [{ at: 10_000, move: load(4) }], opensAt: 75_000 },
  prediction: {
    step: 'load',
    options: [
      { id: 'three', truth: is(replicas, '=', 3) },
      { id: 'four', truth: is(replicas, '=', 4) },
      { id: 'six', truth: is(replicas, '=', 6) },
      { id: 'ten', truth: is(replicas, '=', 10) },
    ],
    answer: 'four',
    decided: is(replicas, '!=', 2),
  },
  steps: [
    {
      id: 'load',
      checks: [
        { id: 'four', check: { once: is(replicas, '=', 4) } },
        { id: 'six', check: is({ seconds: { from: is(replicas, '=', 4), to: is(replicas, '=', 6) } }, '<=', 60) },
        {
          id: 'metric',
          check: all(is(utilization, '<=', 55), is(utilization, '>=', 45), count(ready('app=web'), '=', 6)),
        },
      ],
      highlight: [{ ref: 'horizontalpodautoscalers.autoscaling/default/web' }, { control: 'traffic' }],
      actions: [{ id: 'load', moves: [load(60)] }],
    },
    {
      id: 'stop',
      checks: [
        { id: 'stays', check: { once: lasting(280, all(stopped, is(replicas, '=', 6))) } },
        { id: 'falls', check: { order: [lasting(280, all(stopped, is(replicas, '=', 6))), is(replicas, '<', 6)] } },
      ],
      highlight: [{ ref: 'horizontalpodautoscalers.autoscaling/default/web' }, { control: 'traffic' }],
      actions: [{ id: 'stop', moves: [load(0)] }],
    },
  ],
  observations: [
    { id: 'first', value: { seconds: { from: done({ deeds: 'input.traffic' }), to: is(replicas, '!=', 2) } } },
    { id: 'replicas', value: replicas },
    { id: 'utilization', value: utilization },
    { id: 'failed', value: traffic('failed') },
  ],
  solution: { load: [load(60)], stop: [load(0)] },
  wrongAnswers: [
    { id: 'scaled by hand, without load', step: 'load', moves: [kubectl('scale deployment web --replicas=6')] },
    { id: 'half of the load', step: 'load', moves: [load(25)] },
    { id: 'the load only becomes less', step: 'stop', moves: [load(10), { advanceMs: 400_000 }] },
    {
      id: 'the autoscaler is deleted',
      step: 'stop',
      moves: [kubectl('delete hpa web'), load(0), { advanceMs: 400_000 }],
    },
  ],
});
