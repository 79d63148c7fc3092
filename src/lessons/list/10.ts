import { all, count, is, kubectl, lasting, pods, ready } from '../build.ts';
import { defineLesson, type Where } from '../lesson.ts';

const container = `      containers:
      - name: hello
        image: hello:1
`;
const older = `apiVersion: v1
kind: ReplicationController
metadata:
  name: web
spec:
  replicas: 2
  selector: {env: prod}
  template:
    metadata:
      labels: {env: prod}
    spec:
${container}`;
const bare = (env: string): string => `---
apiVersion: v1
kind: Pod
metadata:
  name: web-${env}
  labels: {env: ${env}}
spec:
  containers:
  - name: hello
    image: hello:1
`;
const setBased = (operator: string): string => `  selector:
    matchExpressions:
    - key: env
      operator: ${operator}
      values: [prod, staging]
  template:
    metadata:
      labels: {env: prod}
    spec:
${container}`;
const attempt = `apiVersion: v1
kind: ReplicationController
metadata:
  name: both
spec:
  replicas: 3
${setBased('In')}`;
const replicaset = (operator: string): string => `apiVersion: apps/v1
kind: ReplicaSet
metadata:
  name: web
spec:
  replicas: 3
${setBased(operator)}`;

const controllers = { resource: 'replicationcontrollers' } as const;
const both = { ...controllers, name: 'both' } as const;
const applied = { deeds: 'input.kubectl', params: { line: 'apply -f manifest.yaml' } } as const;
const byReplicaSet: Where = { path: 'metadata.ownerReferences[kind=ReplicaSet].name', op: '=', to: 'web' };
const ours = 'env in (prod, staging)';

/** The older sibling: what a ReplicationController cannot say. */
export const lesson10 = defineLesson({
  id: '10',
  chapter: 'B',
  covers: ['S9'],
  minutes: 7,
  engagement: 'changing',
  world: { seed: 110, nodes: 3 },
  start: { manifest: older + bare('staging') + bare('dev'), opensAt: 12_000 },
  prediction: {
    step: 'try',
    options: [
      { id: 'yes', truth: count(both, '=', 1) },
      { id: 'no', truth: all(count(both, '=', 0), count(controllers, '=', 1)) },
      { id: 'gone', truth: count(controllers, '=', 0) },
    ],
    answer: 'no',
    decided: lasting(3, is(applied, '>=', 1)),
  },
  steps: [
    {
      id: 'try',
      checks: [
        { id: 'tried', check: lasting(3, is(applied, '>=', 1)) },
        { id: 'refused', check: count(both, '=', 0) },
        { id: 'served', check: count(controllers, '=', 1) },
      ],
      manifest: attempt,
      yamlHelp: 'full',
      highlight: [{ control: 'editor' }, { ref: 'replicationcontrollers/default/web' }],
      actions: [{ id: 'try', moves: [{ apply: attempt, refused: true }] }],
    },
    {
      id: 'replace',
      checks: [
        { id: 'rc-gone', check: count(controllers, '=', 0) },
        { id: 'adopted', check: is({ kept: ready(ours, byReplicaSet) }, '=', 3) },
        { id: 'dev', check: is({ kept: ready('env=dev', { is: 'bare' }) }, '=', 1) },
        { id: 'three', check: lasting(5, count(pods(ours), '=', 3)) },
      ],
      manifest: replicaset('___'),
      yamlHelp: 'partial',
      highlight: [{ control: 'terminal' }, { control: 'editor' }],
    },
  ],
  observations: [
    { id: 'controllers', value: { count: controllers } },
    { id: 'both', value: { count: both } },
    { id: 'pods', value: { count: pods('env') } },
  ],
  solution: {
    try: [{ apply: attempt, refused: true }],
    replace: [kubectl('delete rc web --cascade=orphan'), { apply: replicaset('In') }],
  },
  wrongAnswers: [
    {
      id: 'only one environment, which it can say',
      step: 'try',
      moves: [{ apply: older.replace('name: web', 'name: both') }],
    },
    {
      id: 'deleted with its Pods',
      step: 'replace',
      moves: [kubectl('delete rc web'), { advanceMs: 3000 }, { apply: replicaset('In') }],
    },
    {
      id: 'only one environment is selected',
      step: 'replace',
      moves: [
        kubectl('delete rc web --cascade=orphan'),
        { apply: replicaset('In').replace('[prod, staging]', '[prod]') },
      ],
    },
    { id: 'the old one stays', step: 'replace', moves: [{ apply: replicaset('In') }] },
  ],
});
