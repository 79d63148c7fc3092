import type { LessonTexts } from '../../lesson.ts';
import type { lesson21 } from '../../list/21.ts';

/** Lesson 21 in English. */
export const text21: LessonTexts<typeof lesson21> = {
  title: 'Why five minutes?',
  goal: 'Read the timeline of a node failure.',
  note: 'When a worker node has a problem, its pods are created again on another node.',
  verdict:
    'True, but late. After about 50 s without a heartbeat the node counts as NotReady and its Pods leave the Service. Every Pod tolerates that for 300 s by default; only then is it evicted and its ReplicaSet makes **another** Pod elsewhere. Users were served again long before that.',
  steps: {
    default: {
      body: 'Three Pods on three nodes, with users. Switch node-2 off and let time pass until three Pods are Ready again. Note three moments: the node is NotReady, the endpoint leaves, a replacement appears.',
      hints: [
        'Press 1 for **Crash node-2**; play event by event.',
        'Nobody reports the death of a node. Somebody must miss its heartbeats first.',
      ],
    },
    shorten: {
      body: 'Switch node-2 on again. Fill the blanks so that these Pods wait only **30** seconds on a lost node, and apply. The default is 300 s. When all three are Ready, crash node-2 once more and compare.',
      hints: [
        'First 1, **Start node-2**. Then the blank, which stands twice, and Apply. After the rollout 2, **Crash node-2**. Is no Pod on node-2? Click the Deployment and restart its rollout.',
        '`tolerationSeconds` is how long a Pod bears the taint `unreachable` before it is evicted. The 50 s until the node counts as lost are not shortened: 50 + 30 is the best you can have.',
      ],
    },
  },
  checks: {
    'not-ready': 'Node NotReady after 40 to 60 s',
    endpoint: 'Endpoint out within 60 s',
    replacement: 'Replacement after 340 to 370 s',
    three: '3 Pods Ready for 5 s',
    thirty: '3 Ready Pods tolerate 30 s',
    order: 'Of 3 in order: node-2 on, rolled out onto it, crash',
    sooner: 'Replacement within 100 s',
  },
  actions: { crash: 'Crash node-2', restore: 'Start node-2', 'crash-again': 'Crash node-2' },
  question: 'With the defaults, when does the replacement Pod appear?',
  options: {
    'at-once': { label: 'At once', why: 'A dead machine says nothing. It takes missed heartbeats to notice.' },
    ten: { label: 'After 10 s', why: 'That is one heartbeat. A single missed one proves nothing.' },
    fifty: {
      label: 'After 50 s',
      why: 'That is when the node counts as NotReady. Its Pods may still come back, so they are waited for.',
    },
    'five-minutes': {
      label: 'After 5 min 50 s',
      why: 'About 50 s until NotReady, then the 300 s that a Pod tolerates by default.',
    },
  },
  observations: {
    'not-ready': 'NotReady after, s',
    endpoint: 'Endpoint out after, s',
    replacement: 'Replacement after, s',
    failed: 'Failed requests',
  },
};
