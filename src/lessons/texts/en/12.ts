import type { LessonTexts } from '../../lesson.ts';
import type { lesson12 } from '../../list/12.ts';

/** Lesson 12 in English. */
export const text12: LessonTexts<typeof lesson12> = {
  title: 'Recreate: all down, then up',
  goal: 'See the gap between two versions, and measure it.',
  note: 'Recreate ends all pods and runs the new ones afterwards, so there is down time.',
  verdict:
    'True. With `strategy: Recreate` the new ReplicaSet is filled only when no old Pod is left. Two versions never serve together, and for that time nobody serves at all.',
  steps: {
    update: {
      body: 'Four Pods of v1 answer 20 requests a second. The strategy is `Recreate`. Fill the blank with `v2`, apply, and keep your eyes on the users.',
      hints: [
        'The blank is the tag of the image.',
        'The old ReplicaSet goes to 0 first. The new one waits until the last old Pod has really ended.',
      ],
    },
  },
  checks: {
    'never-both': 'v1 and v2 never Ready together',
    gap: 'Lowest success of a second = 0 %',
    'all-v2': '4 Pods of v2 Ready for 3 s',
  },
  actions: {},
  question: 'What will be the lowest success rate of any one second?',
  options: {
    all: { label: '100 %', why: 'That would need Pods that serve while the others start. Recreate has none.' },
    'three-quarters': { label: 'about 75 %', why: 'That is one Pod of four missing. Recreate does not go one by one.' },
    half: { label: 'about 50 %', why: 'Half of the Pods is never kept: the strategy knows only all or none.' },
    none: {
      label: '0 %',
      why: 'Between the last old Pod and the first new one that is Ready, the Service has no endpoint.',
    },
  },
  observations: {
    lowest: 'Lowest success of a second, %',
    failed: 'Failed requests',
    fewest: 'Fewest Ready Pods',
    gap: 'Without any Ready Pod, s',
  },
};
