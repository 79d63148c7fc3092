import { all, count, done, is, kubectl, pods, ready } from '../build.ts';
import { defineLesson } from '../lesson.ts';

const manifest = (name: string): string => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 1
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      containers:
      - name: shop
        image: ${name}
`;

const deployment = { deeds: 'api.create', by: 'you', ref: 'deployments.apps/default/web' } as const;
const replicaset = { deeds: 'deployment.create-replicaset' } as const;
const pod = { deeds: 'replicaset.create-pod', ref: 'pods/default/web-' } as const;
const bound = { deeds: 'scheduler.bind', ref: 'pods/default/web-' } as const;
const started = { deeds: 'kubelet.container-started', ref: 'pods/default/web-' } as const;

/** From YAML to a running Pod: who writes what. */
export const lesson04 = defineLesson({
  id: '04',
  chapter: 'A',
  covers: ['S1', 'S23'],
  minutes: 5,
  engagement: 'responding',
  world: { seed: 104, nodes: 3 },
  start: { manifest: '', opensAt: 5000 },
  prediction: {
    step: 'apply',
    options: [
      { id: 'kubelet' },
      { id: 'scheduler', truth: all(done(bound), is(pod, '=', 0)) },
      { id: 'replicaset', truth: done(pod) },
      { id: 'deployment', truth: all(count(pods('app=web'), '>=', 1), is(pod, '=', 0)) },
    ],
    answer: 'replicaset',
    decided: count(ready('app=web'), '=', 1),
  },
  steps: [
    {
      id: 'apply',
      checks: [
        { id: 'replicaset', check: { order: [done(deployment), done(replicaset)] } },
        { id: 'pod', check: { order: [done(deployment), done(replicaset), done(pod)] } },
        { id: 'bound', check: { order: [done(pod), done(bound)] } },
        { id: 'started', check: { order: [done(bound), done(started)] } },
        { id: 'ready', check: { order: [done(started), count(ready('app=web'), '=', 1)] } },
      ],
      manifest: manifest('shop:v1'),
      yamlHelp: 'full',
      highlight: [{ control: 'apply' }, { control: 'step' }, { process: 'kube-apiserver' }],
    },
  ],
  observations: [
    { id: 'replicasets', value: replicaset },
    { id: 'pods', value: pod },
    { id: 'bound', value: bound },
    { id: 'seconds', value: { seconds: { from: done(deployment), to: count(ready('app=web'), '=', 1) } } },
  ],
  solution: { apply: [{ apply: manifest('shop:v1') }] },
  wrongAnswers: [
    { id: 'a Pod of its own', step: 'apply', moves: [kubectl('run web --image=shop:v1 --labels=app=web')] },
    { id: 'an image that does not exist', step: 'apply', moves: [{ apply: manifest('shop:v9') }] },
  ],
});
