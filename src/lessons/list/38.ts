import { all, count, is, lasting } from '../build.ts';
import { defineLesson, type Check, type Selection } from '../lesson.ts';

const manifest = (deadline: string, policy = 'Forbid'): string => `apiVersion: batch/v1
kind: CronJob
metadata:
  name: report
spec:
  schedule: "*/5 * * * *"
  concurrencyPolicy: ${policy}
${deadline}  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          containers:
          - name: batch
            image: batch:long
`;
const sixty = '  startingDeadlineSeconds: 60\n';

const report: Selection = { resource: 'cronjobs.batch', name: 'report' };
const created = { created: { resource: 'jobs.batch' } } as const;
const deadline = { field: report, path: 'spec.startingDeadlineSeconds' } as const;
const policy = { field: report, path: 'spec.concurrencyPolicy' } as const;
const forbids = is(policy, '=', 'Forbid');
const twenty = (check: Check): Check => lasting(1200, all(forbids, check));

/** The CronJob is the clock, and what Forbid and a deadline make of it. */
export const lesson38 = defineLesson({
  id: '38',
  chapter: 'H',
  covers: ['S6'],
  minutes: 7,
  engagement: 'changing',
  world: { seed: 138, nodes: 2 },
  start: { manifest: '', opensAt: 5000 },
  prediction: {
    step: 'forbid',
    options: [
      { id: 'four', truth: is(created, '=', 4) },
      { id: 'two', truth: is(created, '=', 2) },
      { id: 'one', truth: is(created, '=', 1) },
      { id: 'eight', truth: is(created, '=', 8) },
    ],
    answer: 'two',
    decided: lasting(1200, count(report, '=', 1)),
  },
  steps: [
    {
      id: 'forbid',
      checks: [
        { id: 'twenty', check: twenty(is(deadline, '=', 60)) },
        { id: 'two', check: is(created, '=', 2) },
      ],
      manifest: manifest(sixty),
      yamlHelp: 'full',
      highlight: [{ control: 'apply' }, { control: 'play' }],
    },
    {
      id: 'no-deadline',
      checks: [
        { id: 'twenty-more', check: twenty(is(deadline, '=', '')) },
        { id: 'three', check: { since: deadline, check: is(created, '=', 3) } },
      ],
      manifest: manifest(sixty),
      yamlHelp: 'none',
      highlight: [{ control: 'editor' }, { ref: 'cronjobs.batch/default/report' }],
    },
  ],
  observations: [
    { id: 'jobs', value: created },
    { id: 'skipped', value: { deeds: 'cronjob.skip' } },
    { id: 'late', value: { deeds: 'cronjob.create-late' } },
  ],
  solution: {
    forbid: [{ apply: manifest(sixty) }],
    'no-deadline': [{ apply: manifest('') }],
  },
  wrongAnswers: [
    {
      id: 'overlaps are allowed',
      step: 'forbid',
      moves: [{ apply: manifest(sixty, 'Allow') }, { advanceMs: 1_200_000 }],
    },
    { id: 'no deadline from the start', step: 'forbid', moves: [{ apply: manifest('') }, { advanceMs: 1_200_000 }] },
    {
      id: 'a shorter deadline',
      step: 'no-deadline',
      moves: [{ apply: manifest('  startingDeadlineSeconds: 30\n') }, { advanceMs: 1_200_000 }],
    },
    {
      id: 'replaced instead of forbidden',
      step: 'no-deadline',
      moves: [{ apply: manifest('', 'Replace') }, { advanceMs: 1_200_000 }],
    },
  ],
});
