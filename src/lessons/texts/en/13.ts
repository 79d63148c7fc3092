import type { LessonTexts } from '../../lesson.ts';
import type { lesson13 } from '../../list/13.ts';

/** Lesson 13 in English. */
export const text13: LessonTexts<typeof lesson13> = {
  title: 'Not always one by one',
  goal: 'Compute the band in which a rolling update moves.',
  note: 'A rolling update replaces pods one at a time.',
  verdict:
    'Wrong in general. `maxSurge` 25 % of 10 is rounded **up** to 3, `maxUnavailable` 25 % is rounded **down** to 2: at most 13 Pods, at least 8 available. One by one is what you ask for with 1 and 0.',
  steps: {
    defaults: {
      body: 'Ten Pods run v1. The next apply moves them to v2 with the defaults: **25 %** surge and **25 %** unavailable. Fill in the tag and apply. Pods that are terminating do not count.',
      hints: [
        'The blank is the tag: `v2`.',
        'Both numbers are per cent of `replicas`, but they are rounded in opposite directions.',
      ],
    },
    'one-by-one': {
      body: 'Now make it really one at a time, with never fewer than ten available: fill both blanks for the update to v3.',
      hints: [
        'Both blanks may be whole numbers instead of per cent.',
        'One Pod more than wanted, none less: that is the pair to write.',
      ],
    },
  },
  checks: {
    most: 'Most Pods = 13',
    fewest: 'Available ≥ 8',
    v2: 'v2 Ready = 10',
    'most-one': 'Most Pods = 11',
    'fewest-one': 'Available = 10 throughout',
    v3: 'v3 Ready = 10',
  },
  actions: {},
  question: 'Most Pods at once / fewest available?',
  options: {
    '11-10': {
      label: '11 / 10',
      why: 'One by one needs `maxSurge: 1` and `maxUnavailable: 0`. The defaults are 25 % each.',
    },
    '13-8': { label: '13 / 8', why: '⌈2.5⌉ = 3 more than ten, ⌊2.5⌋ = 2 fewer than ten.' },
    '12-8': { label: '12 / 8', why: 'Only `maxUnavailable` is rounded down. `maxSurge` is rounded up.' },
    '20-10': { label: '20 / 10', why: 'That is all new Pods first, then the swap: it would need `maxSurge: 100%`.' },
  },
  observations: { most: 'Most Pods', fewest: 'Fewest available', failed: 'Failed requests' },
};
