import { all, count, is, kubectl, lasting, pods, traffic, users } from '../build.ts';
import { defineLesson } from '../lesson.ts';

const manifest = (replicas: number | string): string => `apiVersion: apps/v1
kind: ReplicaSet
metadata:
  name: web
spec:
  replicas: ${replicas}
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
          limits: {cpu: 100m, memory: 64Mi}
`;

const service = `---
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector: {app: web}
  ports:
  - port: 80
    targetPort: 8080
`;

const tenfold = { traffic: users('http://web', 30) } as const;
const suffering = is(traffic('success', 5000), '<', 99);
const served = is(traffic('success', 5000), '>=', 99);

/** A ReplicaSet keeps a count and does not see the load. */
export const lesson08 = defineLesson({
  id: '08',
  chapter: 'B',
  covers: ['S8', 'S10', 'S11'],
  minutes: 6,
  engagement: 'changing',
  world: { seed: 108, nodes: 3 },
  start: {
    manifest: manifest(2) + service,
    later: [{ at: 10_000, move: { traffic: users('http://web', 3) } }],
    opensAt: 16_000,
  },
  prediction: {
    step: 'load',
    options: [
      { id: 'adds', truth: is({ max: { count: pods('app=web') } }, '>', 2) },
      { id: 'stays', truth: all(is({ max: { count: pods('app=web') } }, '=', 2), suffering) },
      { id: 'replaces', truth: is({ kept: pods('app=web') }, '<', 2) },
      { id: 'fine', truth: all(is({ max: { count: pods('app=web') } }, '=', 2), served) },
    ],
    answer: 'stays',
    decided: lasting(60, suffering),
  },
  steps: [
    {
      id: 'load',
      checks: [
        { id: 'suffering', check: lasting(60, suffering) },
        { id: 'two', check: is({ max: { count: pods('app=web') } }, '=', 2) },
      ],
      highlight: [{ control: 'traffic' }, { ref: 'replicasets.apps/default/web' }],
      actions: [{ id: 'load', moves: [tenfold] }],
    },
    {
      id: 'scale',
      checks: [
        { id: 'more', check: count(pods('app=web'), '>', 2) },
        { id: 'served', check: all(lasting(30, served), is(traffic('ok', 5000), '>=', 130)) },
      ],
      manifest: manifest('___') + service,
      yamlHelp: 'partial',
      highlight: [{ control: 'editor' }, { control: 'why' }],
    },
  ],
  observations: [
    { id: 'before', value: { min: { count: pods('app=web') } } },
    { id: 'after', value: { max: { count: pods('app=web') } } },
    { id: 'failed', value: traffic('failed') },
    { id: 'success', value: traffic('success') },
  ],
  solution: { load: [tenfold], scale: [{ apply: manifest(6) + service }] },
  wrongAnswers: [
    { id: 'slow Pods are deleted', step: 'load', moves: [kubectl('delete pod -l app=web')] },
    { id: 'a third Pod is not enough', step: 'scale', moves: [kubectl('scale rs web --replicas=3')] },
    { id: 'the load is taken away', step: 'scale', moves: [{ traffic: users('http://web', 3) }] },
  ],
});
