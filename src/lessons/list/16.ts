import { all, count, image, is, kubectl, lasting, pods, ready, service, shop, traffic, users, wait } from '../build.ts';
import { defineLesson } from '../lesson.ts';

const manifest = (tag: string): string => shop({ replicas: 4, tag }) + service();
const good = ready('app=web', image('shop:v1'));
const bad = pods('app=web', image('shop:v2-bad'));
const reason = {
  field: { resource: 'deployments.apps', name: 'web' },
  path: 'status.conditions[type=Progressing].reason',
} as const;
const exceeded = is(reason, '=', 'ProgressDeadlineExceeded');

/** Stuck is not rolled back. */
export const lesson16 = defineLesson({
  id: '16',
  chapter: 'C',
  covers: ['S5'],
  minutes: 6,
  engagement: 'changing',
  world: { seed: 116, nodes: 3 },
  start: {
    manifest: manifest('v1'),
    later: [{ at: 12_000, move: { traffic: users('http://web', 5) } }],
    opensAt: 16_000,
  },
  prediction: {
    step: 'bad',
    options: [
      { id: 'rolled-back', truth: all(count(good, '=', 4), count(bad, '=', 0)) },
      { id: 'stalled', truth: all(count(good, '=', 3), count(bad, '=', 2)) },
      { id: 'all-down', truth: count(good, '=', 0) },
      { id: 'removed', truth: all(count(good, '<', 4), count(bad, '=', 0)) },
    ],
    answer: 'stalled',
    decided: exceeded,
  },
  steps: [
    {
      id: 'bad',
      checks: [
        { id: 'deadline', check: exceeded },
        { id: 'three-serve', check: count(good, '=', 3) },
        { id: 'two-stuck', check: count(bad, '=', 2) },
      ],
      manifest: manifest('v2-bad'),
      yamlHelp: 'full',
      highlight: [{ control: 'apply' }, { ref: 'deployments.apps/default/web' }],
    },
    {
      id: 'undo',
      checks: [
        { id: 'four', check: lasting(5, count(good, '=', 4)) },
        { id: 'gone', check: count(bad, '=', 0) },
        { id: 'progressing', check: is(reason, '!=', 'ProgressDeadlineExceeded') },
        { id: 'no-failure', check: is(traffic('failed'), '=', 0) },
      ],
      highlight: [{ control: 'terminal' }],
    },
  ],
  observations: [
    { id: 'old', value: { count: good } },
    { id: 'new', value: { count: bad } },
    { id: 'reason', value: reason },
    { id: 'failed', value: traffic('failed') },
  ],
  solution: {
    bad: [{ apply: manifest('v2-bad') }, { until: exceeded, withinMs: 660_000 }],
    undo: [kubectl('rollout undo deployment/web')],
  },
  wrongAnswers: [
    { id: 'a version that works', step: 'bad', moves: [{ apply: manifest('v2') }] },
    { id: 'nobody waits for the deadline', step: 'bad', moves: [{ apply: manifest('v2-bad') }, wait(120)] },
    { id: 'restarted, still bad', step: 'undo', moves: [kubectl('rollout restart deployment/web')] },
    {
      id: 'the bad Pods are deleted',
      step: 'undo',
      moves: [kubectl('delete pod {pod app=web} {pod app=web 1} {pod app=web 2} {pod app=web 3} {pod app=web 4}')],
    },
  ],
});
