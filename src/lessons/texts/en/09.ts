import type { LessonTexts } from '../../lesson.ts';
import type { lesson09 } from '../../list/09.ts';

/** Lesson 09 in English. */
export const text09: LessonTexts<typeof lesson09> = {
  title: 'Adopt, create, release',
  goal: 'Tell selecting from owning.',
  note: 'Pods that match the selector are connected; if there are none, they are created from the template.',
  verdict:
    'Nearly. It adopts matching Pods that have no other controller, creates only the **difference**, deletes what is too many, and never changes a Pod it adopted: the template is for new ones.',
  steps: {
    apply: {
      body: 'Two Pods with `app: web` run `hello:1` and belong to nobody. The manifest is a ReplicaSet of three with the same selector, but its template says `hello:2`. Apply it.',
      hints: [
        'Ctrl+Enter applies the manifest as it is.',
        'Before it creates anything, the controller counts what already matches.',
      ],
    },
    fourth: {
      body: 'Now put a fourth Pod with the same label beside them, by hand. Apply and watch which Pod goes.',
      hints: [
        'The manifest is a Pod named `extra` with `app: web`.',
        'It matches and has no controller, so it is adopted. Then there are four, and three are wanted.',
      ],
    },
    release: {
      body: 'Take one Pod out without deleting it: give it another value of `app`, in the terminal. See who owns it afterwards.',
      hints: [
        'The verb is `kubectl label`, with `--overwrite`, because the label is there already.',
        'A Pod that no longer matches is released. The ReplicaSet is then one short.',
      ],
    },
  },
  checks: {
    'three-owned': '3 Pods owned for 5 s',
    'old-kept': 'Both old Pods adopted',
    'surplus-deleted': 'A fourth came and one went',
    'still-three': '3 Pods owned',
    released: 'A Pod without owner and with another label',
    'three-again': '3 Pods owned for 3 s',
  },
  actions: {},
  question: 'How many new Pods will there be, and what image will the two old ones run?',
  options: {
    'three-old': {
      label: '3 new; the old keep hello:1',
      why: 'The two that were there count. It creates what is missing, not what `replicas` says.',
    },
    'one-old': { label: '1 new; the old keep hello:1', why: 'Two were adopted as they are, one was missing.' },
    'one-new': {
      label: '1 new; the old change to hello:2',
      why: 'A ReplicaSet never updates a Pod. That is why a Deployment makes a new ReplicaSet.',
    },
    error: {
      label: 'None: the names collide',
      why: 'Nothing collides: names of the new ones are generated, and labels may be shared.',
    },
  },
  observations: { created: 'Pods created', adopted: 'Old Pods adopted', 'old-image': 'Pods that run hello:1' },
};
