import { all, count, done, image, is, kubectl, lasting, pods, ready, service, shop, traffic, users } from '../build.ts';
import { defineLesson, type Start } from '../lesson.ts';

const start = (strategy: string): Start => ({
  manifest: shop({ replicas: 4, tag: 'v1', spec: `  strategy:\n    type: ${strategy}\n` }) + service(),
  later: [{ at: 12_000, move: { traffic: users('http://web', 20) } }],
  opensAt: 16_000,
});

const update = kubectl('set image deployment/web shop=shop:v2');
const finished = lasting(3, all(count(ready('app=web', image('shop:v2')), '=', 4), count(pods('app=web'), '=', 4)));
const mixed = traffic('mixed');
const failed = traffic('failed');

/** Side by side: the same update by two strategies. */
export const lesson14 = defineLesson({
  id: '14',
  chapter: 'C',
  covers: ['S14', 'S16'],
  minutes: 5,
  engagement: 'changing',
  world: { seed: 114, nodes: 3 },
  start: start('Recreate'),
  compare: {
    b: start('RollingUpdate'),
    difference: { a: 'type: Recreate', b: 'type: RollingUpdate' },
  },
  prediction: {
    step: 'update',
    options: [
      { id: 'recreate', side: 'a', truth: is(mixed, '>', 0) },
      { id: 'rolling', side: 'b', truth: is(mixed, '>', 0) },
      { id: 'both' },
      { id: 'neither' },
    ],
    answer: 'rolling',
    decided: finished,
  },
  steps: [
    {
      id: 'update',
      checks: [
        { id: 'a-failed', side: 'a', check: all(is(failed, '>', 0), finished) },
        { id: 'a-mixed', side: 'a', check: all(is(mixed, '=', 0), finished) },
        { id: 'b-failed', side: 'b', check: all(is(failed, '=', 0), finished) },
        { id: 'b-mixed', side: 'b', check: all(is(mixed, '>', 0), finished) },
      ],
      highlight: [{ ref: 'deployments.apps/default/web' }],
      actions: [{ id: 'update', moves: [update] }],
    },
  ],
  observations: [
    { id: 'success', value: traffic('success') },
    { id: 'failed', value: failed },
    { id: 'fewest', value: { min: { count: ready('app=web') } } },
    { id: 'most', value: { max: { count: pods('app=web') } } },
    { id: 'mixed', value: mixed },
    {
      id: 'total',
      value: {
        seconds: {
          from: done({ deeds: 'api.patch', by: 'you', ref: 'deployments.apps/default/web' }),
          to: all(count(ready('app=web', image('shop:v2')), '=', 4), count(pods('app=web'), '=', 4)),
        },
      },
    },
  ],
  solution: { update: [update] },
  wrongAnswers: [
    { id: 'only restarted', step: 'update', moves: [kubectl('rollout restart deployment/web')] },
    {
      id: 'a version that is never ready',
      step: 'update',
      moves: [kubectl('set image deployment/web shop=shop:v2-bad')],
    },
  ],
});
