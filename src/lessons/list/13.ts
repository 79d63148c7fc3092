import { all, count, image, is, lasting, pods, ready, revision, service, shop, traffic, users } from '../build.ts';
import { defineLesson } from '../lesson.ts';

const band = (surge: string | number, unavailable: string | number): string => `  strategy:
    type: RollingUpdate
    rollingUpdate:
      maxSurge: ${surge}
      maxUnavailable: ${unavailable}
`;
const manifest = (tag: string, surge: string | number, unavailable: string | number): string =>
  shop({ replicas: 10, tag, spec: band(surge, unavailable) }) + service();

const total = { count: pods('app=web') } as const;
const available = { count: ready('app=web') } as const;
const most = { max: total } as const;
const fewest = { min: available } as const;
const finished = (tag: string) => all(count(ready('app=web', image(`shop:${tag}`)), '=', 10), is(total, '=', 10));

/** Not always one by one: the band of a rolling update. */
export const lesson13 = defineLesson({
  id: '13',
  chapter: 'C',
  covers: ['S15'],
  minutes: 7,
  engagement: 'changing',
  world: { seed: 113, nodes: 3 },
  start: {
    manifest: manifest('v1', '25%', '25%'),
    later: [{ at: 14_000, move: { traffic: users('http://web', 10) } }],
    opensAt: 18_000,
  },
  prediction: {
    step: 'defaults',
    options: [
      { id: '11-10', truth: all(is(most, '=', 11), is(fewest, '=', 10)) },
      { id: '13-8', truth: all(is(most, '=', 13), is(fewest, '=', 8)) },
      { id: '12-8', truth: all(is(most, '=', 12), is(fewest, '=', 8)) },
      { id: '20-10', truth: all(is(most, '=', 20), is(fewest, '=', 10)) },
    ],
    answer: '13-8',
    decided: all(is(revision, '=', 2), lasting(2, finished('v2'))),
  },
  steps: [
    {
      id: 'defaults',
      checks: [
        { id: 'most', check: { since: revision, check: is(most, '=', 13) } },
        { id: 'fewest', check: { since: revision, check: is(fewest, '>=', 8) } },
        { id: 'v2', check: lasting(2, finished('v2')) },
      ],
      manifest: manifest('___', '25%', '25%'),
      yamlHelp: 'partial',
      highlight: [{ control: 'editor' }, { ref: 'deployments.apps/default/web' }],
    },
    {
      id: 'one-by-one',
      checks: [
        { id: 'most-one', check: { since: revision, check: is(most, '=', 11) } },
        { id: 'fewest-one', check: { since: revision, check: is(fewest, '=', 10) } },
        { id: 'v3', check: lasting(2, finished('v3')) },
      ],
      manifest: manifest('v3', '___', '___'),
      yamlHelp: 'partial',
      highlight: [{ control: 'editor' }],
    },
  ],
  observations: [
    { id: 'most', value: most },
    { id: 'fewest', value: fewest },
    { id: 'failed', value: traffic('failed') },
  ],
  solution: {
    defaults: [{ apply: manifest('v2', '25%', '25%') }],
    'one-by-one': [{ apply: manifest('v3', 1, 0) }],
  },
  wrongAnswers: [
    { id: 'narrowed too early', step: 'defaults', moves: [{ apply: manifest('v2', 1, 0) }] },
    { id: 'the band as it was', step: 'one-by-one', moves: [{ apply: manifest('v3', '25%', '25%') }] },
    { id: 'one less instead of one more', step: 'one-by-one', moves: [{ apply: manifest('v3', 0, 1) }] },
  ],
});
