import { all, count, done, is, kubectl, lasting, pods } from '../build.ts';
import { defineLesson, type Selection } from '../lesson.ts';

const work = `apiVersion: batch/v1
kind: Job
metadata:
  name: work
spec:
  completions: 6
  parallelism: 2
  template:
    spec:
      restartPolicy: Never
      containers:
      - name: batch
        image: batch:1
`;
const flaky = (limit: number | string): string => `apiVersion: batch/v1
kind: Job
metadata:
  name: flaky
spec:
  backoffLimit: ${limit}
  template:
    spec:
      restartPolicy: Never
      containers:
      - name: batch
        image: batch:flaky
`;

const succeeded = pods('job-name=work', { path: 'status.phase', op: '=', to: 'Succeeded' });
const job = (name: string): Selection => ({ resource: 'jobs.batch', name });
const of = (name: string, path: string) => ({ field: job(name), path });
const complete = (name: string) => is(of(name, 'status.conditions[type=Complete].status'), '=', 'True');
const active = pods('job-name=work', { path: 'status.phase', op: '!=', to: 'Succeeded' });
const ttlDeed = { deeds: 'ttlafterfinished.delete' } as const;

/** A Job runs now, and its Pods stay. */
export const lesson37 = defineLesson({
  id: '37',
  chapter: 'H',
  covers: ['S6', 'S19'],
  minutes: 8,
  engagement: 'changing',
  world: { seed: 137, nodes: 3 },
  start: { manifest: '', opensAt: 5000 },
  prediction: {
    step: 'run',
    options: [
      { id: 'removed', truth: count(pods('job-name=work'), '=', 0) },
      { id: 'kept', truth: count(succeeded, '=', 6) },
      {
        id: 'restarted',
        truth: is({ sum: pods('job-name=work'), path: 'status.containerStatuses[0].restartCount' }, '>', 0),
      },
      { id: 'last', truth: count(pods('job-name=work'), '=', 1) },
    ],
    answer: 'kept',
    decided: lasting(30, complete('work')),
  },
  steps: [
    {
      id: 'run',
      checks: [
        { id: 'succeeded', check: is(of('work', 'status.succeeded'), '=', 6) },
        { id: 'two', check: is({ max: { count: active } }, '=', 2) },
        { id: 'kept', check: lasting(30, all(count(succeeded, '=', 6), complete('work'))) },
      ],
      manifest: work,
      yamlHelp: 'full',
      highlight: [{ control: 'apply' }],
    },
    {
      id: 'flaky',
      checks: [
        { id: 'complete', check: complete('flaky') },
        { id: 'failed', check: is(of('flaky', 'status.failed'), '=', 2) },
      ],
      manifest: flaky('___'),
      yamlHelp: 'partial',
      highlight: [{ control: 'editor' }],
    },
    {
      id: 'ttl',
      checks: [
        { id: 'by-ttl', check: done(ttlDeed) },
        { id: 'job-gone', check: count(job('work'), '=', 0) },
        { id: 'pods-gone', check: count(pods('job-name=work'), '=', 0) },
      ],
      highlight: [{ ref: 'jobs.batch/default/work' }, { control: 'terminal' }],
      actions: [{ id: 'ttl', moves: [kubectl(`patch job work -p '{"spec":{"ttlSecondsAfterFinished":30}}'`)] }],
    },
  ],
  observations: [
    { id: 'succeeded', value: { count: succeeded } },
    { id: 'most', value: { max: { count: active } } },
    { id: 'seconds', value: { seconds: { from: count(job('work'), '=', 1), to: complete('work') } } },
  ],
  solution: {
    run: [{ apply: work }],
    flaky: [{ apply: flaky(3) }],
    ttl: [kubectl(`patch job work -p '{"spec":{"ttlSecondsAfterFinished":30}}'`)],
  },
  wrongAnswers: [
    { id: 'all at once', step: 'run', moves: [{ apply: work.replace('parallelism: 2', 'parallelism: 6') }] },
    { id: 'a Job that may fail once', step: 'flaky', moves: [{ apply: flaky(1) }] },
    { id: 'deleted by hand', step: 'ttl', moves: [kubectl('delete job work')] },
  ],
});
