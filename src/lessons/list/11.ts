import { all, count, image, is, kubectl, lasting, ready, revision } from '../build.ts';
import { defineLesson, type Selection } from '../lesson.ts';

const manifest = (replicas: number, tag: string): string => `apiVersion: apps/v1
kind: Deployment
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
      - name: shop
        image: shop:${tag}
        readinessProbe:
          httpGet: {path: /readyz, port: 8080}
          periodSeconds: 2
`;

const replicasets: Selection = { resource: 'replicasets.apps', labels: 'app=web' };
/** Deployment, ReplicaSet, Pod: ownership in two steps, and what begins a rollout. */
export const lesson11 = defineLesson({
  id: '11',
  chapter: 'C',
  covers: ['S5', 'S13', 'S18', 'S19'],
  minutes: 8,
  engagement: 'changing',
  world: { seed: 111, nodes: 3 },
  start: { manifest: manifest(3, 'v1'), opensAt: 14_000 },
  prediction: {
    step: 'scale',
    options: [
      { id: 'replicas' },
      {
        id: 'template',
        truth: {
          order: [all(count(ready('app=web'), '=', 5), count(replicasets, '=', 1)), count(replicasets, '=', 2)],
        },
      },
      { id: 'any' },
      { id: 'annotation' },
    ],
    answer: 'template',
    decided: all(is(revision, '=', 2), count(ready('app=web', image('shop:v2')), '=', 5)),
  },
  steps: [
    {
      id: 'scale',
      checks: [
        { id: 'five', check: lasting(3, count(ready('app=web', image('shop:v1')), '=', 5)) },
        { id: 'one-rs', check: count(replicasets, '=', 1) },
      ],
      manifest: manifest(3, 'v1'),
      yamlHelp: 'none',
      highlight: [{ control: 'editor' }, { ref: 'deployments.apps/default/web' }],
    },
    {
      id: 'image',
      checks: [
        { id: 'two-rs', check: count(replicasets, '=', 2) },
        { id: 'revision', check: is(revision, '=', 2) },
        { id: 'all-v2', check: count(ready('app=web', image('shop:v2')), '=', 5) },
      ],
      highlight: [{ control: 'editor' }, { ref: 'deployments.apps/default/web' }],
    },
    {
      id: 'undo',
      checks: [
        { id: 'revision-3', check: is(revision, '=', 3) },
        { id: 'same-rs', check: is({ kept: replicasets }, '=', 2) },
        { id: 'all-v1', check: count(ready('app=web', image('shop:v1')), '=', 5) },
      ],
      highlight: [{ control: 'terminal' }],
    },
  ],
  observations: [
    { id: 'replicasets', value: { count: replicasets } },
    { id: 'revision', value: revision },
    { id: 'pods-v2', value: { count: ready('app=web', image('shop:v2')) } },
  ],
  solution: {
    scale: [{ apply: manifest(5, 'v1') }],
    image: [{ apply: manifest(5, 'v2') }],
    undo: [kubectl('rollout undo deployment/web')],
  },
  wrongAnswers: [
    { id: 'replicas and image at once', step: 'scale', moves: [{ apply: manifest(5, 'v2') }] },
    {
      id: 'the ReplicaSet is scaled, not the Deployment',
      step: 'scale',
      moves: [kubectl('scale rs -l app=web --replicas=5')],
    },
    { id: 'more replicas once more', step: 'image', moves: [{ apply: manifest(6, 'v1') }] },
    { id: 'a restart is not a return', step: 'undo', moves: [kubectl('rollout restart deployment/web')] },
  ],
});
