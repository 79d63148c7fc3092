import type { LessonTexts } from '../../lesson.ts';
import type { lesson08 } from '../../list/08.ts';

/** Lesson 08 in English. */
export const text08: LessonTexts<typeof lesson08> = {
  title: 'It keeps a count, not a load',
  goal: 'Find out what a ReplicaSet looks at, and what it does not.',
  note: 'A Replica Set is a set of replicas. When load rushes in, it replicates pods to spread it.',
  verdict:
    'The name is right, the second sentence is not. A ReplicaSet compares a count with a count and never reads CPU, latency or failures. Somebody has to change `replicas`: you, or a HorizontalPodAutoscaler (lesson 42).',
  steps: {
    load: {
      body: 'Two Pods serve 3 requests a second; each is allowed a tenth of a CPU, enough for 10. Send ten times as many and watch a whole minute: users, Pods, and the tray that counts them.',
      hints: [
        'Press 1 for **Traffic ×10**, then let 60 s of cluster time pass.',
        'Select the ReplicaSet and ask **Why not more Pods?** Look for load among what it compares.',
      ],
    },
    scale: {
      body: 'The users still suffer. Fill the blank with a number of Pods that can answer 30 requests a second, and apply.',
      hints: [
        'One request costs 10 ms of CPU; one Pod may use 100 ms in every second.',
        '30 / 10 = 3 is the bare minimum. Leave room: the two old Pods still have a queue to work off, which takes them a minute.',
      ],
    },
  },
  checks: {
    suffering: 'Success < 99 % for 60 s',
    two: 'Most Pods = 2',
    more: 'Pods > 2',
    served: 'Success ≥ 99 % for 30 s at full load',
  },
  actions: { load: 'Traffic ×10' },
  question: 'The load needs 0.3 CPU, the Pods have 0.2. What will the ReplicaSet do?',
  options: {
    adds: {
      label: 'Add Pods until it is fast',
      why: 'Nothing in a ReplicaSet reads load. That is the work of a HorizontalPodAutoscaler.',
    },
    stays: {
      label: 'Keep 2; users fail',
      why: 'Desired 2, current 2: no difference, so nothing to do, however slow they are.',
    },
    replaces: {
      label: 'Replace the slow Pods',
      why: 'A slow Pod is a Pod that is there. Nothing asked about its speed.',
    },
    fine: {
      label: 'Keep 2; users hardly notice',
      why: 'A limit is a limit: above 10 requests a second each Pod only makes them wait, until they give up.',
    },
  },
  observations: { before: 'Fewest Pods', after: 'Most Pods', failed: 'Failed requests', success: 'Success, %' },
};
