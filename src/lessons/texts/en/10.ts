import type { LessonTexts } from '../../lesson.ts';
import type { lesson10 } from '../../list/10.ts';

/** Lesson 10 in English. */
export const text10: LessonTexts<typeof lesson10> = {
  title: 'The older sibling',
  goal: 'Find what a ReplicaSet can say and a ReplicationController cannot.',
  note: 'The Replication Controller is not used any more; its functions are fewer than those of a Replica Set.',
  verdict:
    'Right in practice. It is still in the API and still works, but its selector is a plain list of `key: value`. A ReplicaSet can say "one of these", "not", "exists", and a Deployment builds on it.',
  steps: {
    try: {
      body: 'A ReplicationController keeps two Pods with `env: prod`. Somebody wants one that selects `prod` **and** `staging`, with `matchExpressions`. Try to apply the manifest and read the answer of the API server at its line.',
      hints: [
        'Press 1. The editor knows the answer already, because it asks the API server while you type.',
        'Read which Go type it expected for the selector.',
      ],
    },
    replace: {
      body: 'Replace it by a ReplicaSet without losing a Pod: first take the controller away and leave its Pods, in the terminal, then fill the blank and apply. The Pod with `env: dev` must stay out of it.',
      hints: [
        '`kubectl delete` has an option that spares what depends on the object: look for **cascade**.',
        'The operator says: the value of `env` is one **in** this list.',
      ],
    },
  },
  checks: {
    tried: 'You tried it',
    refused: 'ReplicationControllers named both = 0',
    served: 'The old one works on',
    'rc-gone': 'ReplicationControllers = 0',
    adopted: '3 Pods that were there, owned by the ReplicaSet',
    dev: 'The dev Pod belongs to nobody',
    three: 'prod and staging: 3 Pods for 5 s',
  },
  actions: { try: 'Try to apply it' },
  question: 'Can a ReplicationController select `env In (prod, staging)`?',
  options: {
    yes: { label: 'Yes', why: 'Its selector is older than `matchExpressions`: a map of words to words.' },
    no: {
      label: 'No, though the kind still exists',
      why: 'It selects by equality only. That is the difference, and why ReplicaSets came.',
    },
    gone: {
      label: 'No: the kind was removed',
      why: 'It was never removed. `kubectl get rc` answers, and the old controller keeps its two Pods.',
    },
  },
  observations: { controllers: 'ReplicationControllers', both: 'of them named both', pods: 'Pods' },
};
