import type { LessonTexts } from '../../lesson.ts';
import type { lesson42 } from '../../list/42.ts';

/** Lesson 42 in English. */
export const text42: LessonTexts<typeof lesson42> = {
  title: 'This is what scales with load',
  goal: 'Compute one step of a HorizontalPodAutoscaler.',
  note: 'Auto scaling: when resources run short, pods are added.',
  verdict:
    'Only with a HorizontalPodAutoscaler, metrics and CPU **requests**. Every 15 s it compares use with request: ⌈2 × 150 / 50⌉ = 6. Without a `behavior` one step is limited to max(2 × 2, 4) = 4, so 4 came first and 6 at the next. Going down, it takes the highest wish of the last 300 s.',
  steps: {
    load: {
      body: 'Two Pods, each requests 200m of CPU. The autoscaler aims at 50 % of that, between 2 and 10 Pods. 60 requests a second cost 300m per Pod. Send them and watch the dial.',
      hints: [
        'Press 1 for **60 requests a second**. Measured use arrives with a delay: give it a minute.',
        'The formula is in the dial: ⌈replicas × use / target⌉. Then look for a limit on one step.',
      ],
    },
    stop: {
      body: 'Six Pods, use at its target. Now stop the load altogether and see how long the six stay.',
      hints: [
        'Press 1 for **No requests**, then play at ×60.',
        'The autoscaler wants fewer at once; look at the window of its past wishes.',
      ],
    },
  },
  checks: {
    four: 'replicas = 4 was reached',
    six: 'From 4 to 6 within 60 s',
    metric: '6 Ready, use between 45 and 55 %',
    stays: 'Still 6 after 280 s without load',
    falls: 'then fewer than 6',
  },
  actions: { load: '60 requests a second', stop: 'No requests' },
  question: 'Use will be 150 % of the request, the target is 50 %. What does `replicas` change to first?',
  options: {
    three: {
      label: '3',
      why: 'It does not go one by one. The ratio decides: three times the target asks for three times the Pods.',
    },
    four: { label: '4', why: 'The ratio asks for 6, but one step may at most double, or go to 4 if that is more.' },
    six: {
      label: '6 at once',
      why: 'That is what the formula asks for. A limit on each step holds it back until the next one.',
    },
    ten: { label: '10', why: '`maxReplicas` is a ceiling, not an aim.' },
  },
  observations: {
    first: 'First change after, s',
    replicas: 'replicas',
    utilization: 'Use, % of the request',
    failed: 'Failed requests',
  },
};
