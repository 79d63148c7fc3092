import { count, done, image, is, kubectl, lasting, pods } from '../build.ts';
import { defineLesson } from '../lesson.ts';

const pod = (name: string, app = 'web'): string => `apiVersion: v1
kind: Pod
metadata:
  name: ${name}
  labels: {app: ${app}}
spec:
  containers:
  - name: hello
    image: hello:1
`;

const replicaset = (app: string): string => `apiVersion: apps/v1
kind: ReplicaSet
metadata:
  name: web
spec:
  replicas: 3
  selector:
    matchLabels: {app: ${app}}
  template:
    metadata:
      labels: {app: ${app}}
    spec:
      containers:
      - name: hello
        image: hello:2
`;

const owned = pods('app=web', { is: 'owned' });
const created = { created: pods('app=web') } as const;

/** Adopt, create, release: what a selector and an owner reference do. */
export const lesson09 = defineLesson({
  id: '09',
  chapter: 'B',
  covers: ['S17'],
  minutes: 7,
  engagement: 'changing',
  world: { seed: 109, nodes: 3 },
  start: { manifest: `${pod('old-1')}---\n${pod('old-2')}`, opensAt: 10_000 },
  prediction: {
    step: 'apply',
    options: [
      { id: 'three-old', truth: is(created, '=', 3) },
      {
        id: 'one-old',
        truth: { all: [is(created, '=', 1), count(pods('app=web', image('hello:1')), '=', 2)] },
      },
      {
        id: 'one-new',
        truth: { all: [is(created, '=', 1), count(pods('app=web', image('hello:2')), '=', 3)] },
      },
      { id: 'error', truth: is(created, '=', 0) },
    ],
    answer: 'one-old',
    decided: lasting(5, count(owned, '=', 3)),
  },
  steps: [
    {
      id: 'apply',
      checks: [
        { id: 'three-owned', check: lasting(5, count(owned, '=', 3)) },
        { id: 'old-kept', check: is({ kept: pods('app=web', { is: 'owned' }) }, '=', 2) },
      ],
      manifest: replicaset('web'),
      yamlHelp: 'full',
      highlight: [{ pods: 'app=web' }, { control: 'apply' }],
    },
    {
      id: 'fourth',
      checks: [
        {
          id: 'surplus-deleted',
          check: {
            order: [
              done({ deeds: 'api.create', by: 'you', ref: 'pods/default/' }),
              done({ deeds: 'replicaset.delete-pod' }),
              lasting(3, count(pods('app=web'), '=', 3)),
            ],
          },
        },
        { id: 'still-three', check: count(owned, '=', 3) },
      ],
      manifest: pod('extra'),
      yamlHelp: 'full',
      highlight: [{ control: 'apply' }, { ref: 'replicasets.apps/default/web' }],
    },
    {
      id: 'release',
      checks: [
        {
          id: 'released',
          check: is({ kept: { resource: 'pods', labels: 'app!=web', where: [{ is: 'bare' }] } }, '=', 1),
        },
        { id: 'three-again', check: lasting(3, count(owned, '=', 3)) },
      ],
      highlight: [{ pods: 'app=web' }, { control: 'terminal' }],
    },
  ],
  observations: [
    { id: 'created', value: created },
    { id: 'adopted', value: { kept: owned } },
    { id: 'old-image', value: { count: pods('app=web', image('hello:1')) } },
  ],
  solution: {
    apply: [{ apply: replicaset('web') }],
    fourth: [{ apply: pod('extra') }],
    release: [kubectl('label pod {pod app=web} app=debug --overwrite')],
  },
  wrongAnswers: [
    { id: 'a selector that selects none of them', step: 'apply', moves: [{ apply: replicaset('shop') }] },
    { id: 'a fourth Pod that does not match', step: 'fourth', moves: [{ apply: pod('extra', 'other') }] },
    { id: 'deleted instead of relabelled', step: 'release', moves: [kubectl('delete pod {pod app=web}')] },
    { id: 'a label that no selector reads', step: 'release', moves: [kubectl('label pod {pod app=web} tier=debug')] },
  ],
});
