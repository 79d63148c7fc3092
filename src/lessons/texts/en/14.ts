import type { LessonTexts } from '../../lesson.ts';
import type { lesson14 } from '../../list/14.ts';

/** Lesson 14 in English. */
export const text14: LessonTexts<typeof lesson14> = {
  title: 'Side by side',
  goal: 'Choose a strategy by what it costs.',
  note: 'With Recreate there is down time. With a rolling update two versions serve at the same time, without interruption.',
  verdict:
    'Both sentences hold here, at a price: Recreate failed requests but never mixed versions; the rolling update mixed versions but failed none. "Without interruption" also needs readiness probes, a graceful end and room for more Pods. If two versions cannot share a database, Recreate is the right one.',
  steps: {
    update: {
      body: 'Two clusters, the same seed, the same 20 requests a second. One line of the manifest differs. Send the same update to both and compare second by second.',
      hints: [
        'Press 1: **Update both to v2**.',
        'Compare the lanes of A and B in the time area, and **Two versions at once** in the table below the stages.',
      ],
    },
  },
  checks: {
    'a-failed': 'A: failed requests > 0',
    'a-mixed': 'A: seconds with two versions = 0',
    'b-failed': 'B: failed requests = 0',
    'b-mixed': 'B: seconds with two versions > 0',
  },
  actions: { update: 'Update both to v2' },
  question: 'Which of them will serve two versions at the same time?',
  options: {
    recreate: {
      label: 'Recreate',
      why: 'It waits until the last old Pod is gone. There is no second in which both could answer.',
    },
    rolling: {
      label: 'RollingUpdate',
      why: 'Old Pods serve on until new ones are Ready; in between the Service sends to both.',
    },
    both: { label: 'Both', why: 'Recreate exists for those who must not have this.' },
    neither: {
      label: 'Neither',
      why: 'Replacing the Pods of one Deployment costs one of the two: failed requests, or seconds with two versions.',
    },
  },
  observations: {
    success: 'Success, %',
    failed: 'Failed requests',
    fewest: 'Fewest available',
    most: 'Most Pods',
    mixed: 'Two versions at once, s',
    total: 'Total time, s',
  },
};
