import { controllerOf, formatLabelSelector, millisOf, type KubeObject } from '../../apimachinery/index.ts';
import { humanDuration } from '../../apimachinery/duration.ts';
import { kindOf, type CronJob, type Job } from '../../apis/index.ts';
import { templateLines } from './podspec.ts';
import { annotationLines, eventLines, heading, labelLines, longTime, type Sheet } from './sheet.ts';

/** `kubectl describe job`. Kubernetes: describeJob. */
export function describeJob(sheet: Sheet, object: KubeObject): void {
  const job = object as unknown as Job;
  const { metadata, spec, status = {} } = job;
  const line = (title: string, value: unknown): void => {
    if (value !== undefined) sheet.line(0, `${title}:\t${value as string | number | boolean}`);
  };
  line('Name', metadata.name);
  line('Namespace', metadata.namespace);
  line('Selector', formatLabelSelector(spec?.selector));
  labelLines(sheet, 'Labels', metadata.labels);
  annotationLines(sheet, 'Annotations', metadata.annotations);
  const owner = controllerOf(job);
  if (owner) line('Controlled By', `${owner.kind}/${owner.name}`);
  line('Parallelism', spec?.parallelism);
  line('Completions', spec?.completions ?? '<unset>');
  line('Completion Mode', spec?.completionMode);
  line('Suspend', spec?.suspend);
  line('Backoff Limit', spec?.backoffLimit);
  line('TTL Seconds After Finished', spec?.ttlSecondsAfterFinished);
  const { startTime: start, completionTime: end } = status;
  if (start) line('Start Time', longTime(start));
  if (end) line('Completed At', longTime(end));
  if (start && end) line('Duration', humanDuration(millisOf(end) - millisOf(start)));
  if (spec?.activeDeadlineSeconds !== undefined) line('Active Deadline Seconds', `${spec.activeDeadlineSeconds}s`);
  const ready = status.ready === undefined ? '' : ` (${status.ready} Ready)`;
  const { active = 0, succeeded = 0, failed = 0 } = status;
  line('Pods Statuses', `${active} Active${ready} / ${succeeded} Succeeded / ${failed} Failed`);
  if (spec?.completionMode === 'Indexed') line('Completed Indexes', shortened(status.completedIndexes ?? ''));
  templateLines(sheet, spec?.template);
  eventLines(sheet, kindOf('jobs.batch')!, object);
}

/** Characters of the indexes that are shown at least, up to the next comma. */
const shownIndexes = 50;

function shortened(indexes: string): string {
  const comma = indexes.indexOf(',', shownIndexes);
  return comma < 0 ? indexes || '<none>' : `${indexes.slice(0, comma + 1)}...`;
}

/** `kubectl describe cronjob`. Kubernetes: describeCronJob. */
export function describeCronJob(sheet: Sheet, object: KubeObject): void {
  const { spec = {} as Partial<CronJob['spec']>, status } = object as unknown as Omit<CronJob, 'spec'> & {
    spec?: Partial<CronJob['spec']>;
  };
  const line = (title: string, value: unknown): void =>
    sheet.line(0, `${title}:\t${(value ?? '<unset>') as string | number}`);
  heading(sheet, object);
  line('Schedule', spec.schedule ?? '');
  line('Concurrency Policy', spec.concurrencyPolicy ?? '');
  line('Suspend', spec.suspend === undefined ? undefined : spec.suspend ? 'True' : 'False');
  line('Time Zone', spec.timeZone);
  line('Successful Job History Limit', spec.successfulJobsHistoryLimit);
  line('Failed Job History Limit', spec.failedJobsHistoryLimit);
  const deadline = spec.startingDeadlineSeconds;
  line('Starting Deadline Seconds', deadline === undefined ? undefined : `${deadline}s`);
  const job = spec.jobTemplate?.spec;
  line('Selector', job?.selector && formatLabelSelector(job.selector));
  line('Parallelism', job?.parallelism);
  line('Completions', job?.completions);
  if (job?.activeDeadlineSeconds !== undefined) line('Active Deadline Seconds', `${job.activeDeadlineSeconds}s`);
  templateLines(sheet, job?.template);
  line('Last Schedule Time', status?.lastScheduleTime && longTime(status.lastScheduleTime));
  line('Active Jobs', (status?.active ?? []).map(({ name }) => name).join(', ') || '<none>');
  eventLines(sheet, kindOf('cronjobs.batch')!, object);
}
