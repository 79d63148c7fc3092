import type { LessonTexts } from '../../lesson.ts';
import type { lesson11 } from '../../list/11.ts';

/** Lesson 11 in English. */
export const text11: LessonTexts<typeof lesson11> = {
  title: 'Deployment → ReplicaSet → Pod',
  goal: 'Know which change begins a rollout.',
  note: 'A Deployment manages ReplicaSets and is the basic controller for updating pods; when an update goes wrong it is rolled back.',
  verdict:
    'True for stateless Pods. A Deployment owns ReplicaSets, one per version of its template, and a ReplicaSet owns Pods. Only a change of `spec.template` makes a new one. Going back is a **command**: it happened because you gave it.',
  steps: {
    scale: {
      body: 'Deployment `web` keeps three Pods through one ReplicaSet. Change `replicas` to 5 and apply. Watch the trays: is there a second one?',
      hints: [
        'Only the number after `replicas:` changes.',
        'The Deployment passes a new number on to the ReplicaSet that is there.',
      ],
    },
    image: {
      body: 'Now change something inside the template: the image, to `shop:v2`. Apply and count the trays again.',
      hints: [
        'The line is `image: shop:v1`.',
        'A ReplicaSet cannot change its Pods, so another template needs another ReplicaSet.',
      ],
    },
    undo: {
      body: 'Go back to v1 with a command in the terminal. Look at the number of the revision, and at which ReplicaSet grows.',
      hints: [
        '`kubectl rollout` has a verb for it.',
        'The old ReplicaSet is still there with 0 Pods: it **is** the old version. It gets a new revision number.',
      ],
    },
  },
  checks: {
    five: '5 Pods of v1 Ready for 3 s',
    'one-rs': 'ReplicaSets = 1',
    'two-rs': 'ReplicaSets = 2',
    revision: 'Revision = 2',
    'all-v2': '5 Pods of v2 Ready',
    'revision-3': 'Revision = 3',
    'same-rs': 'Both ReplicaSets are the old ones',
    'all-v1': '5 Pods of v1 Ready',
  },
  actions: {},
  question: 'You will change `replicas` first and the image afterwards. What begins a rollout?',
  options: {
    replicas: {
      label: 'The change of replicas',
      why: 'Scaling is no update: the Pods that are there stay, and no revision is made.',
    },
    template: {
      label: 'The change inside spec.template',
      why: 'The ReplicaSet is named after a hash of the template. Another template, another ReplicaSet.',
    },
    any: {
      label: 'Any change',
      why: 'Only `spec.template` describes Pods. What does not change them needs no rollout.',
    },
    annotation: {
      label: 'An annotation of the Deployment',
      why: 'Annotations of the Deployment say nothing about its Pods. Those in the template would.',
    },
  },
  observations: { replicasets: 'ReplicaSets', revision: 'Revision', 'pods-v2': 'Pods of v2' },
};
