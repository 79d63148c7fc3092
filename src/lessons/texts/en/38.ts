import type { LessonTexts } from '../../lesson.ts';
import type { lesson38 } from '../../list/38.ts';

/** Lesson 38 in English. */
export const text38: LessonTexts<typeof lesson38> = {
  title: 'CronJob is the clock',
  goal: 'Predict what happens when a run takes longer than the interval.',
  note: 'A job is carried out at a certain time.',
  verdict:
    'That is the CronJob: at each time of its schedule it creates a Job. With `Forbid`, a time at which the last Job still works is passed over. It may be made up for late, as soon as there is room, unless `startingDeadlineSeconds` says that it is too late by then.',
  steps: {
    forbid: {
      body: 'Every five minutes a report, which takes **seven**. Overlaps are forbidden, and a start may be at most 60 s late. Apply and let twenty minutes of cluster time pass.',
      hints: [
        'Ctrl+Enter, then play at ×600.',
        'Write the times down: 5, 10, 15, 20. At which of them is a report still being written?',
      ],
    },
    'no-deadline': {
      body: 'Take the deadline out of the manifest, apply, and let twenty minutes pass again.',
      hints: [
        'Delete the line with `startingDeadlineSeconds`. Leave `Forbid`.',
        'Now a missed start is made up for as soon as the one before has ended, however late.',
      ],
    },
  },
  checks: {
    twenty: '20 min with Forbid and 60 s',
    two: 'Jobs started = 2',
    'twenty-more': '20 min with Forbid, no deadline',
    three: 'Jobs started = 3',
  },
  actions: {},
  question: 'How many Jobs will start in the twenty minutes?',
  options: {
    four: {
      label: '4: at 5, 10, 15, 20',
      why: 'At 10 and at 20 a Job was still running, and `Forbid` allows no second.',
    },
    two: { label: '2', why: 'At 5 and at 15. The starts of 10 and 20 could not be made up for within 60 s.' },
    one: { label: '1: the rest is skipped', why: 'The first Job ends at 12; at 15 there is room again.' },
    eight: {
      label: '8: one now and then each',
      why: 'A CronJob never starts when it is created. It waits for its time.',
    },
  },
  observations: {
    jobs: 'Jobs started',

    skipped: 'Starts passed over for now',
    late: 'Late starts',
  },
};
