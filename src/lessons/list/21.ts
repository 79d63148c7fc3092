import { all, count, done, fault, is, lasting, pods, ready, service, shop, traffic, users } from '../build.ts';
import { defineLesson, type Check, type Value } from '../lesson.ts';

const tolerations = (seconds: number | string): string =>
  ['not-ready', 'unreachable']
    .map(
      (taint) => `      - key: node.kubernetes.io/${taint}
        operator: Exists
        effect: NoExecute
        tolerationSeconds: ${seconds}
`,
    )
    .join('');
const manifest = (seconds?: number | string): string =>
  shop({
    replicas: 3,
    tag: 'v1',
    ...(seconds !== undefined && { pod: `      tolerations:\n${tolerations(seconds)}` }),
  }) + service();

const crash = { fault: { fault: 'node-crash', node: 'node-2' } } as const;
const restore = { fault: { fault: 'node-start', node: 'node-2' } } as const;
const readyNodes = (n: number): Check => count({ resource: 'nodes', where: [{ is: 'ready' }] }, '=', n);
const since = (to: Check): Value => ({ seconds: { from: done(fault('node-crash')), to } });
const notReady = since(readyNodes(2));
const endpointOut = since(is({ endpoints: 'web' }, '=', 2));
const replacement = since(is({ created: pods('app=web') }, '>=', 1));
/** From the crash to the first Pod after it; what a rollout made before does not count. */
const replacedSince: Value = since({
  order: [done(fault('node-crash')), is({ created: pods('app=web') }, '>=', 1)],
});
const patience = {
  path: 'spec.tolerations[key=node.kubernetes.io/unreachable].tolerationSeconds',
  op: '=',
  to: 30,
} as const;
const patient = ready('app=web', patience);
const rolledOut = all(count(patient, '=', 3), count(pods('app=web'), '=', 3));
/** A node without a Pod of theirs would fall silent without anybody being missed. */
const onNode2 = count(ready('app=web', patience, { path: 'spec.nodeName', op: '=', to: 'node-2' }), '>=', 1);
const three = lasting(5, count(ready('app=web'), '=', 3));
const between = (value: Value, low: number, high: number): Check => all(is(value, '>=', low), is(value, '<=', high));

/** Why five minutes: what happens when a node falls silent, and when. */
export const lesson21 = defineLesson({
  id: '21',
  chapter: 'D',
  covers: ['S3', 'S12'],
  minutes: 8,
  engagement: 'changing',
  world: { seed: 121, nodes: 3 },
  start: {
    manifest: manifest(),
    later: [{ at: 12_000, move: { traffic: users('http://web', 6) } }],
    opensAt: 18_000,
  },
  prediction: {
    step: 'default',
    options: [
      { id: 'at-once', truth: between(replacement, 0, 5) },
      { id: 'ten', truth: between(replacement, 6, 30) },
      { id: 'fifty', truth: between(replacement, 31, 100) },
      { id: 'five-minutes', truth: between(replacement, 340, 370) },
    ],
    answer: 'five-minutes',
    decided: all(done(fault('node-crash')), is({ created: pods('app=web') }, '>=', 1)),
  },
  steps: [
    {
      id: 'default',
      checks: [
        { id: 'not-ready', check: between(notReady, 40, 60) },
        { id: 'endpoint', check: between(endpointOut, 1, 60) },
        { id: 'replacement', check: between(replacement, 340, 370) },
        { id: 'three', check: three },
      ],
      highlight: [{ ref: 'nodes/node-2' }, { control: 'play' }],
      actions: [{ id: 'crash', moves: [crash] }],
    },
    {
      id: 'shorten',
      checks: [
        { id: 'thirty', check: count(patient, '=', 3) },
        {
          id: 'order',
          check: { order: [readyNodes(3), all(rolledOut, onNode2), done(fault('node-crash'))] },
        },
        { id: 'sooner', check: { since: fault('node-start'), check: between(replacedSince, 30, 100) } },
      ],
      manifest: manifest('___'),
      yamlHelp: 'partial',
      highlight: [{ ref: 'nodes/node-2' }, { control: 'editor' }],
      actions: [
        { id: 'restore', moves: [restore] },
        { id: 'crash-again', moves: [crash] },
      ],
    },
  ],
  observations: [
    { id: 'not-ready', value: notReady },
    { id: 'endpoint', value: endpointOut },
    { id: 'replacement', value: replacement },
    { id: 'failed', value: traffic('failed') },
  ],
  solution: {
    default: [crash],
    shorten: [restore, { apply: manifest(30) }, { until: rolledOut, withinMs: 60_000 }, crash],
  },
  wrongAnswers: [
    { id: 'the Pod is deleted instead', step: 'default', moves: [{ kubectl: 'delete pod {pod app=web}' }] },
    { id: 'the node comes back at once', step: 'default', moves: [crash, { advanceMs: 20_000 }, restore] },
    {
      id: 'five minutes as before',
      step: 'shorten',
      moves: [restore, { apply: manifest(300) }, { advanceMs: 20_000 }, crash, { advanceMs: 120_000 }],
    },
    {
      id: 'rolled out while the node is still off',
      step: 'shorten',
      moves: [
        { apply: manifest(30) },
        { until: rolledOut, withinMs: 60_000 },
        restore,
        { advanceMs: 30_000 },
        crash,
        { advanceMs: 120_000 },
      ],
    },
    {
      id: 'changed after the crash',
      step: 'shorten',
      moves: [restore, { advanceMs: 20_000 }, crash, { apply: manifest(30) }, { advanceMs: 120_000 }],
    },
  ],
});
