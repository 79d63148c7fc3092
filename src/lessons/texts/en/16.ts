import type { LessonTexts } from '../../lesson.ts';
import type { lesson16 } from '../../list/16.ts';

/** Lesson 16 in English. */
export const text16: LessonTexts<typeof lesson16> = {
  title: 'Stuck is not rolled back',
  goal: 'Recognise a stalled rollout and recover from it.',
  note: 'A deployment updates automatically; when something goes wrong it rolls back.',
  verdict:
    'Not by itself. A rollout whose new Pods never become Ready stops where it is: the old Pods go on serving and, after `progressDeadlineSeconds`, a condition says so. Rolling back is `kubectl rollout undo`, given by you or by a tool.',
  steps: {
    bad: {
      body: 'Four Pods of v1 serve. The manifest says `v2-bad`, which starts but never becomes Ready. Apply it and let ten minutes of cluster time pass: the progress deadline is 600 s.',
      hints: [
        'Ctrl+Enter, then play at ×60 or event by event.',
        'Look at the Progressing condition of the Deployment: its reason changes when the deadline is over.',
      ],
    },
    undo: {
      body: 'Nobody has repaired it. Go back to the version before, with one command in the terminal.',
      hints: [
        'The command begins with `kubectl rollout`.',
        'The ReplicaSet of v1 is still there; it only has to be scaled up again.',
      ],
    },
  },
  checks: {
    deadline: 'Progressing: ProgressDeadlineExceeded',
    'three-serve': 'v1 Ready = 3',
    'two-stuck': 'Pods of v2-bad = 2',
    four: 'v1 Ready = 4 for 5 s',
    gone: 'Pods of v2-bad = 0',
    progressing: 'Progressing again',
    'no-failure': 'Failed requests = 0',
  },
  actions: {},
  question: 'What will you find after ten minutes?',
  options: {
    'rolled-back': {
      label: '4 of v1: rolled back',
      why: 'Kubernetes never goes back by itself. The deadline only changes a condition.',
    },
    stalled: {
      label: '3 of v1 serving, 2 of v2 not ready',
      why: 'One more (⌈25 %⌉) and one fewer (⌊25 %⌋) are allowed. That band is used up, and nothing moves on.',
    },
    'all-down': { label: 'All down', why: '`maxUnavailable` keeps three of the old ones until new ones are Ready.' },
    removed: { label: '3 of v1; the new ones were removed', why: 'Nobody removes them. They are tried on and on.' },
  },
  observations: { old: 'v1 Ready', new: 'Pods of v2-bad', reason: 'Reason', failed: 'Failed requests' },
};
