import { all, count, is, lasting, pods, ready, traffic, users } from '../build.ts';
import { defineLesson } from '../lesson.ts';

const deployment = (ports: string): string => `apiVersion: apps/v1
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
      - name: shop
        image: shop:v1
${ports}`;
const service = (targetPort: string): string => `---
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector: {app: web}
  ports:
  - port: 80
    targetPort: ${targetPort}
`;
const named = (name: string, port: string): string => `        ports:
        - name: ${name}
          containerPort: ${port}
`;

const targetPort = { field: { resource: 'services', name: 'web' }, path: 'spec.ports[0].targetPort' } as const;
const declared = { path: 'spec.containers[0].ports[0].containerPort', op: '>', to: 0 } as const;
const served = lasting(5, is(traffic('success', 2000), '>=', 99));

/** Three ports: which of them decides. */
export const lesson26 = defineLesson({
  id: '26',
  chapter: 'E',
  covers: ['S21'],
  minutes: 6,
  engagement: 'changing',
  world: { seed: 126, nodes: 2 },
  start: {
    manifest: deployment('') + service('80'),
    later: [{ at: 10_000, move: { traffic: users('http://web', 10) } }],
    opensAt: 16_000,
  },
  prediction: {
    step: 'number',
    options: [
      { id: 'blocks', truth: all(is(traffic('success', 2000), '<', 99), count(pods('app=web', declared), '=', 0)) },
      { id: 'passes', truth: all(is(traffic('success', 2000), '>=', 99), count(pods('app=web', declared), '=', 0)) },
      { id: 'guessed', truth: count(pods('app=web', declared), '>', 0) },
    ],
    answer: 'passes',
    decided: all(is(targetPort, '=', '8080'), lasting(5, is(traffic('ok', 1000), '>', 0))),
  },
  steps: [
    {
      id: 'number',
      checks: [
        { id: 'target', check: is(targetPort, '=', '8080') },
        { id: 'undeclared', check: count(ready('app=web', declared), '=', 0) },
        { id: 'served', check: served },
      ],
      manifest: deployment('') + service('___'),
      yamlHelp: 'partial',
      highlight: [{ ref: 'services/default/web' }, { control: 'editor' }],
    },
    {
      id: 'name',
      checks: [
        { id: 'by-name', check: is(targetPort, '=', 'http') },
        { id: 'endpoints', check: is({ endpoints: 'web' }, '=', 2) },
        { id: 'served-again', check: served },
      ],
      manifest: deployment(named('___', '8080')) + service('http'),
      yamlHelp: 'partial',
      highlight: [{ control: 'editor' }],
    },
  ],
  observations: [
    { id: 'declared', value: { count: pods('app=web', declared) } },
    { id: 'target', value: targetPort },
    { id: 'success', value: traffic('success', 5000) },
  ],
  solution: {
    number: [{ apply: deployment('') + service('8080') }],
    name: [{ apply: deployment(named('http', '8080')) + service('http') }],
  },
  wrongAnswers: [
    {
      id: 'containerPort 80 does not make it listen',
      step: 'number',
      moves: [{ apply: deployment(named('http', '80')) + service('80') }],
    },
    {
      id: 'containerPort beside the wrong target',
      step: 'number',
      moves: [{ apply: deployment(named('http', '8080')) + service('80') }],
    },
    {
      id: 'a name that no container has',
      step: 'name',
      moves: [{ apply: deployment(named('web', '8080')) + service('http') }],
    },
    {
      id: 'a name for the wrong port',
      step: 'name',
      moves: [{ apply: deployment(named('http', '80')) + service('http') }],
    },
  ],
});
