import type { LessonTexts } from '../../lesson.ts';
import type { lesson37 } from '../../list/37.ts';

/** Lesson 37 in English. */
export const text37: LessonTexts<typeof lesson37> = {
  title: 'A Job runs now',
  goal: 'Follow a Job from its start to its cleaning up.',
  note: 'A job is carried out at a certain time; when it ends, its pod is removed.',
  verdict:
    'Two errors. A Job starts at once (the clock is a CronJob, lesson 38). And finished Pods **stay** as Completed, so that their logs can be read, until the Job is deleted: by you, or by `ttlSecondsAfterFinished`.',
  steps: {
    run: {
      body: 'A Job of six pieces of work, two at a time; each takes about 8 s. Apply it, watch the ring fill, and wait half a minute after it is complete.',
      hints: [
        'Ctrl+Enter; there is no time of day in the manifest.',
        '`completions` is how many must succeed, `parallelism` how many may work at once.',
      ],
    },
    flaky: {
      body: 'This work fails twice before it succeeds. Fill in `backoffLimit`, the number of failures that the Job puts up with, so that it gets through.',
      hints: [
        'Fewer than two would end it too early.',
        'Each retry is a new Pod, after 10 s and then 20 s. The failed ones stay as well.',
      ],
    },
    ttl: {
      body: 'The six finished Pods of `work` are still there. Let Kubernetes clean up by itself: give the Job a `ttlSecondsAfterFinished`, without deleting anything by hand.',
      hints: [
        'Press 1, or patch the Job in the terminal.',
        'The TTL controller deletes the Job; its Pods follow, because it owns them.',
      ],
    },
  },
  checks: {
    succeeded: 'Succeeded = 6',
    two: 'Most at once = 2',
    kept: '6 finished Pods, still there after 30 s',
    complete: 'Job flaky complete',
    failed: 'Failed Pods of flaky = 2',
    'by-ttl': 'Deleted by the TTL controller',
    'job-gone': 'Job work = 0',
    'pods-gone': 'Its Pods = 0',
  },
  actions: { ttl: 'Set a TTL of 30 s' },
  question: 'Half a minute after the Job is complete: what became of its six Pods?',
  options: {
    removed: { label: 'They were removed', why: 'Nothing removes them by itself unless a TTL says so.' },
    kept: { label: 'They are there, Completed', why: 'They use no CPU any more, and their logs can be read.' },
    restarted: {
      label: 'They were restarted',
      why: 'A Job’s `restartPolicy` is `Never` or `OnFailure`; exit code 0 is the end in both.',
    },
    last: { label: 'Only the last one is kept', why: 'History limits belong to a CronJob, and they count Jobs.' },
  },
  observations: { succeeded: 'Finished Pods', most: 'Most at once', seconds: 'Seconds until complete' },
};
