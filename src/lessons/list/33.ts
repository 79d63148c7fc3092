import { all, is, kubectl, lasting, pods } from '../build.ts';
import { defineLesson, type Value } from '../lesson.ts';

const config = (color: string): string => `apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
data:
  color: ${color}
`;
const deployment = `---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: painter
spec:
  replicas: 1
  selector:
    matchLabels: {app: painter}
  strategy: {type: Recreate}
  template:
    metadata:
      labels: {app: painter}
    spec:
      terminationGracePeriodSeconds: 1
      containers:
      - name: reads-env
        image: busybox:1.36
        command: [sleep, "86400"]
        env:
        - name: COLOR
          valueFrom:
            configMapKeyRef: {name: settings, key: color}
        readinessProbe:
          exec: {command: [sh, -c, '[ "$COLOR" = blue ]']}
          periodSeconds: 2
      - name: reads-file
        image: busybox:1.36
        command: [sleep, "86400"]
        volumeMounts:
        - name: settings
          mountPath: /settings
        readinessProbe:
          exec: {command: [grep, -q, blue, /settings/color]}
          periodSeconds: 2
      volumes:
      - name: settings
        configMap: {name: settings}
`;

const sees = (container: string): Value => ({
  field: pods('app=painter'),
  path: `status.containerStatuses[name=${container}].ready`,
});
const env = sees('reads-env');
const file = sees('reads-file');
const changed = is({ field: { resource: 'configmaps', name: 'settings' }, path: 'data.color' }, '=', 'blue');

/** Copied once or kept in sync: the two ways into a container. */
export const lesson33 = defineLesson({
  id: '33',
  chapter: 'G',
  covers: ['S20'],
  minutes: 6,
  engagement: 'changing',
  world: { seed: 133, nodes: 2 },
  start: { manifest: config('green') + deployment, opensAt: 14_000 },
  prediction: {
    step: 'change',
    options: [
      { id: 'both', truth: all(is(env, '=', 'true'), is(file, '=', 'true')) },
      { id: 'file', truth: all(is(env, '=', 'false'), is(file, '=', 'true')) },
      { id: 'env', truth: all(is(env, '=', 'true'), is(file, '=', 'false')) },
      { id: 'none', truth: all(is(env, '=', 'false'), is(file, '=', 'false')) },
    ],
    answer: 'file',
    decided: lasting(120, changed),
  },
  steps: [
    {
      id: 'change',
      checks: [
        { id: 'changed', check: lasting(120, changed) },
        {
          id: 'file-new',
          check: all(is({ seconds: { from: changed, to: is(file, '=', 'true') } }, '<=', 90), is(file, '=', 'true')),
        },
        { id: 'env-old', check: is(env, '=', 'false') },
        { id: 'same-pod', check: is({ kept: pods('app=painter') }, '=', 1) },
      ],
      manifest: config('___'),
      yamlHelp: 'partial',
      highlight: [{ ref: 'configmaps/default/settings' }, { pods: 'app=painter' }],
    },
    {
      id: 'restart',
      checks: [
        { id: 'env-new', check: is(env, '=', 'true') },
        { id: 'file-too', check: is(file, '=', 'true') },
      ],
      highlight: [{ control: 'terminal' }],
    },
  ],
  observations: [
    { id: 'file-after', value: { seconds: { from: changed, to: is(file, '=', 'true') } } },
    { id: 'env', value: env },
    { id: 'restarts', value: { sum: pods('app=painter'), path: 'status.containerStatuses[0].restartCount' } },
  ],
  solution: {
    change: [{ apply: config('blue') }],
    restart: [kubectl('rollout restart deployment/painter')],
  },
  wrongAnswers: [
    { id: 'another color', step: 'change', moves: [{ apply: config('red') }, { advanceMs: 100_000 }] },
    {
      id: 'restarted at once',
      step: 'change',
      moves: [{ apply: config('blue') }, kubectl('rollout restart deployment/painter'), { advanceMs: 100_000 }],
    },
    { id: 'applied once more', step: 'restart', moves: [{ apply: config('blue') }] },
  ],
});
