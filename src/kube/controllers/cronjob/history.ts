import { hasCondition } from '../../apis/batch/job.ts';
import type { Job } from '../../apis/index.ts';

/** The Jobs that ended so, without the `keep` that started last. Kubernetes: removeOldestJobs, byJobStartTime. */
export function oldestBeyond(jobs: readonly Job[], end: 'Complete' | 'Failed', keep: number): Job[] {
  const ended = jobs.filter((job) => hasCondition(job, end));
  if (ended.length <= keep) return [];
  const started = (job: Job): string => job.status?.startTime ?? '\uffff';
  const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
  return ended
    .toSorted((a, b) => compare(started(a), started(b)) || compare(a.metadata.name, b.metadata.name))
    .slice(0, ended.length - keep);
}
