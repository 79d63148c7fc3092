import { all, count, image, is, kubectl, lasting, ready, revision, service, shop, traffic, users } from '../build.ts';
import { defineLesson } from '../lesson.ts';

const recreate = `  strategy:
    type: Recreate
`;
const manifest = (tag: string, spec = recreate): string => shop({ replicas: 4, tag, spec }) + service();

const v2 = ready('app=web', image('shop:v2'));
const both = all(count(ready('app=web', image('shop:v1')), '>', 0), count(v2, '>', 0));
const lowest = { min: traffic('success', 1000) } as const;

/** Recreate: all down, then up. */
export const lesson12 = defineLesson({
  id: '12',
  chapter: 'C',
  covers: ['S14'],
  minutes: 5,
  engagement: 'changing',
  world: { seed: 112, nodes: 3 },
  start: {
    manifest: manifest('v1'),
    later: [{ at: 12_000, move: { traffic: users('http://web', 20) } }],
    opensAt: 16_000,
  },
  prediction: {
    step: 'update',
    options: [
      { id: 'all', truth: is(lowest, '=', 100) },
      { id: 'three-quarters', truth: all(is(lowest, '>=', 65), is(lowest, '<=', 85)) },
      { id: 'half', truth: all(is(lowest, '>=', 40), is(lowest, '<=', 60)) },
      { id: 'none', truth: is(lowest, '=', 0) },
    ],
    answer: 'none',
    decided: lasting(3, count(v2, '=', 4)),
  },
  steps: [
    {
      id: 'update',
      checks: [
        { id: 'never-both', check: { since: revision, check: { never: both } } },
        { id: 'gap', check: { since: revision, check: is(lowest, '=', 0) } },
        { id: 'all-v2', check: lasting(3, count(v2, '=', 4)) },
      ],
      manifest: manifest('___'),
      yamlHelp: 'partial',
      highlight: [{ control: 'editor' }, { ref: 'deployments.apps/default/web' }],
    },
  ],
  observations: [
    { id: 'lowest', value: lowest },
    { id: 'failed', value: traffic('failed') },
    { id: 'fewest', value: { min: { count: ready('app=web') } } },
    {
      id: 'gap',
      value: { seconds: { from: count(ready('app=web'), '=', 0), to: count(ready('app=web'), '>', 0) } },
    },
  ],
  solution: { update: [{ apply: manifest('v2') }] },
  wrongAnswers: [
    {
      id: 'the strategy is changed too',
      step: 'update',
      moves: [{ apply: manifest('v2', '  strategy: {type: RollingUpdate}\n') }],
    },
    {
      id: 'down and up without an update',
      step: 'update',
      moves: [
        kubectl('scale deployment web --replicas=0'),
        { advanceMs: 8000 },
        kubectl('scale deployment web --replicas=4'),
      ],
    },
  ],
});
