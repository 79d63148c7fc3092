import type { V1CronJobStatus } from '../../../generated/types.ts';
import { controllerOf, equal, failure, isReason, millisOf, timestamp, type Draft } from '../../apimachinery/index.ts';
import { hasCondition, isFinished } from '../../apis/batch/job.ts';
import type { Schedule } from '../../apis/batch/schedule.ts';
import { wallClock, zoneOf } from '../../apis/batch/timezone.ts';
import type { CronJob, Job } from '../../apis/index.ts';
import { cached, type Change } from '../../client/index.ts';
import type { Why } from '../../deeds.ts';
import { ownMemory, refrain, requeue, tell, type Control, type Controller } from '../controller.ts';
import { dependentsOf } from '../indexes.ts';
import { controllerRef } from '../ownership.ts';
import { namespaceTerminating } from '../podcontrol.ts';
import { oldestBeyond } from './history.ts';
import { dueNow, jobName, scheduleOf, unixOf, untilNextMs, virtualOf, type Due } from './times.ts';

const component = 'cronjob-controller';

/**
 * What the controller remembers: caches are some milliseconds behind, and it would tell a second time what it has told. A real
 * one's caches have caught up by the time it comes to the next key.
 */
interface Memory {
  /** Key → resourceVersion of its last status write. */
  readonly written: Map<string, string>;
  /** Uids of Jobs that it has deleted and still sees. */
  readonly removed: Set<string>;
  /** Key → the scheduled time of which it has said why it does not start. */
  readonly refused: Map<string, number>;
}

/**
 * Makes a Job whenever a CronJob's schedule says so, and removes old ones. It sleeps until the next scheduled time; whatever
 * happens to the CronJob or its Jobs wakes it, and then it also makes up for a start that was missed.
 * Kubernetes: pkg/controller/cronjob/cronjob_controllerv2.go.
 */
export const cronJobController: Controller = {
  name: 'cronjob',
  memory: (): Memory => ({ written: new Map(), removed: new Set(), refused: new Map() }),
  watches: [
    { resource: 'cronjobs.batch', keys: keysOfCronJob },
    { resource: 'jobs.batch', keys: keysOfJob },
  ],
  reconcile(c, key) {
    const cronJob = cached(c.memory.caches, 'cronjobs.batch', key);
    const { written, removed, refused } = ownMemory<Memory>(c);
    if (!cronJob) {
      written.delete(key);
      refused.delete(key);
      return;
    }
    if (Number(written.get(key) ?? 0) > Number(cronJob.metadata.resourceVersion)) return; // its change brings it here again
    written.delete(key);
    const jobs = [...dependentsOf(c.memory.indexes, 'jobs.batch', cronJob.metadata.uid)]
      .map((jobKey) => cached(c.memory.caches, 'jobs.batch', jobKey))
      .filter((job) => job !== undefined && !removed.has(job.metadata.uid)) as Job[];
    const run: Run = { c, key, cronJob, status: { ...cronJob.status } };
    let failed: unknown;
    try {
      cleanUp(run, jobs);
      lookAtJobs(run, jobs);
      if (!cronJob.metadata.deletionTimestamp && !cronJob.spec.suspend) start(run);
    } catch (error) {
      failed = error;
    }
    const active = run.status.active ?? [];
    const { active: _, ...others } = run.status;
    const status = active.length > 0 ? { active, ...others } : others;
    if (!equal(status, run.cronJob.status)) {
      const why: Why = { code: 'cronjob.status', params: { active: active.length } };
      const next = c.client.updateStatus(c.ctx, 'cronjobs.batch', { ...run.cronJob, status }, { why });
      written.set(key, next.metadata.resourceVersion);
    }
    if (failed !== undefined) throw failed as Error;
  },
};

/** A reconcile at work. `cronJob` may become a fresher copy, `status` is what will be written. */
interface Run {
  readonly c: Control;
  readonly key: string;
  cronJob: CronJob;
  status: V1CronJobStatus;
}

const say = ({ c, cronJob }: Run, type: 'Normal' | 'Warning', reason: string, message: string): void =>
  tell(c, component, cronJob, type, reason, message);

function inactive({ status }: Run, uid: string): void {
  status.active = (status.active ?? []).filter((ref) => ref.uid !== uid);
}

/** Deletes finished Jobs beyond the history limits. Kubernetes: cleanupFinishedJobs. */
function cleanUp(run: Run, jobs: readonly Job[]): void {
  const { successfulJobsHistoryLimit: good, failedJobsHistoryLimit: bad } = run.cronJob.spec;
  const limits = [
    ['Complete', good],
    ['Failed', bad],
  ] as const;
  for (const [type, limit] of limits)
    if (limit !== undefined)
      for (const job of oldestBeyond(jobs, type, limit))
        remove(run, job, { code: 'cronjob.cleanup', params: { limit } });
}

function remove(run: Run, job: Job, why: Why): boolean {
  const { name, namespace, uid } = job.metadata;
  try {
    run.c.client.delete(run.c.ctx, 'jobs.batch', name, namespace, {
      why,
      options: { propagationPolicy: 'Background' },
    });
  } catch (error) {
    if ((error as Error).name !== 'ApiError') throw error;
    say(run, 'Warning', 'FailedDelete', `Deleted job: ${(error as Error).message}`);
    return false;
  }
  ownMemory<Memory>(run.c).removed.add(uid);
  inactive(run, uid);
  say(run, 'Normal', 'SuccessfulDelete', `Deleted job ${name}`);
  return true;
}

/** Brings the list of active Jobs up to date. Kubernetes: syncCronJob, its first half. */
function lookAtJobs(run: Run, jobs: readonly Job[]): void {
  const { c } = run;
  for (const job of jobs) {
    const isActive = (): boolean => run.status.active?.some((ref) => ref.uid === job.metadata.uid) === true;
    const finished = isFinished(job);
    if (!isActive() && !finished) {
      // The cache may be older than the controller's own last writing.
      const { name, namespace } = run.cronJob.metadata;
      const fresh = c.client.get(c.ctx, 'cronjobs.batch', name, namespace);
      if (fresh.status?.active?.some((ref) => ref.uid === job.metadata.uid)) {
        run.cronJob = fresh;
        run.status = { ...fresh.status };
      } else say(run, 'Warning', 'UnexpectedJob', `Saw a job that the controller did not create or forgot: ${job.metadata.name}`); // prettier-ignore
    } else if (isActive() && finished) {
      inactive(run, job.metadata.uid);
      const condition = hasCondition(job, 'Complete') ? 'Complete' : 'Failed';
      say(run, 'Normal', 'SawCompletedJob', `Saw completed job: ${job.metadata.name}, condition: ${condition}`);
    }
    const end = hasCondition(job, 'Complete') ? job.status?.completionTime : undefined;
    const last = run.status.lastSuccessfulTime;
    if (end && (!last || millisOf(end) > millisOf(last))) run.status.lastSuccessfulTime = end;
  }
  const known = new Set(jobs.map((job) => job.metadata.uid));
  for (const { name, namespace, uid } of run.status.active ?? []) {
    if (known.has(uid!)) continue;
    try {
      c.client.get(c.ctx, 'jobs.batch', name!, namespace);
    } catch (error) {
      if (!isReason(error, 'NotFound')) throw error;
      say(run, 'Normal', 'MissingJob', `Active job went missing: ${name}`);
      inactive(run, uid!);
    }
  }
}

/** Starts a Job when one is due and may run, and comes again at the next scheduled time. */
function start(run: Run): void {
  const { c, key } = run;
  let schedule: Schedule;
  try {
    schedule = scheduleOf(run.cronJob);
  } catch (error) {
    const { schedule: text } = run.cronJob.spec;
    say(
      run,
      'Warning',
      'UnparseableSchedule',
      `unparseable schedule: ${JSON.stringify(text)} : ${(error as Error).message}`,
    );
    return;
  }
  const due = dueNow(run.cronJob, c.ctx.now, schedule);
  if (due.due === 'never') {
    say(run, 'Warning', 'InvalidSchedule', `invalid schedule: ${run.cronJob.spec.schedule} : ${due.message}`);
    return;
  }
  if (due.due !== 'nothing') begin(run, due);
  const written = { ...run.cronJob, status: run.status };
  requeue(c, key, untilNextMs(written, c.ctx.now, schedule));
}

function begin(run: Run, due: Exclude<Due, { due: 'nothing' | 'never' }>): void {
  const { c, cronJob, status } = run;
  const scheduled = timestamp(virtualOf(due.at));
  const late = Math.floor(unixOf(c.ctx.now) - due.at);
  if (due.due === 'missed') return refuse(run, due.at, { code: 'cronjob.miss', params: { scheduled, seconds: late } });
  if (due.many) {
    const why = 'too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock skew';
    say(run, 'Warning', 'TooManyMissedTimes', why);
  }
  const name = jobName(cronJob, due.at);
  const active = status.active ?? [];
  if (active.some((ref) => ref.name === name) || status.lastScheduleTime === scheduled) return;
  if (cronJob.spec.concurrencyPolicy === 'Forbid' && active.length > 0) {
    refuse(run, due.at, { code: 'cronjob.skip', params: { active: active[0]!.name! } });
    const why = 'Not starting job because prior execution is running and concurrency policy is Forbid';
    return say(run, 'Normal', 'JobAlreadyActive', why);
  }
  if (cronJob.spec.concurrencyPolicy === 'Replace') for (const ref of active) replace(run, ref.name!, ref.namespace);
  const job = create(run, name, due.at, late);
  if (!job) return;
  const { apiVersion, kind, metadata } = job;
  const { namespace, uid, resourceVersion } = metadata;
  const ref = { kind, namespace, name, uid, apiVersion, resourceVersion };
  run.status = { ...run.status, active: [...(run.status.active ?? []), ref], lastScheduleTime: scheduled };
}

/** Why a start does not happen, once for each scheduled time. */
function refuse({ c, key, cronJob }: Run, at: number, why: Why): void {
  const { refused } = ownMemory<Memory>(c);
  if (refused.get(key) === at) return;
  refused.set(key, at);
  refrain(c, 'cronjobs.batch', cronJob, why);
}

function replace(run: Run, name: string, namespace: string | undefined): void {
  const { c } = run;
  let job: Job;
  try {
    job = c.client.get(c.ctx, 'jobs.batch', name, namespace);
  } catch (error) {
    say(run, 'Warning', 'FailedGet', `Get job: ${(error as Error).message}`);
    throw error;
  }
  if (!remove(run, job, { code: 'cronjob.replace-job' }))
    throw failure(500, 'InternalError', `could not replace job ${namespace}/${name}`);
}

/** Makes the Job; undefined when one of this name is there already and accounted for. */
function create(run: Run, name: string, at: number, late: number): Job | undefined {
  const { c, cronJob } = run;
  const scheduled = timestamp(virtualOf(at));
  const why: Why =
    late < 60
      ? { code: 'cronjob.create-job', params: { scheduled } }
      : { code: 'cronjob.create-late', params: { scheduled, seconds: late } };
  try {
    const job = c.client.create(c.ctx, 'jobs.batch', jobOf(cronJob, name, at), { why });
    say(run, 'Normal', 'SuccessfulCreate', `Created job ${name}`);
    return job;
  } catch (error) {
    if (isReason(error, 'AlreadyExists')) {
      const job = c.client.get(c.ctx, 'jobs.batch', name, cronJob.metadata.namespace);
      const mine = controllerOf(job)?.uid === cronJob.metadata.uid;
      return mine && !run.status.active?.some((ref) => ref.uid === job.metadata.uid) ? job : undefined;
    }
    if (!namespaceTerminating(error))
      say(run, 'Warning', 'FailedCreate', `Error creating job: ${(error as Error).message}`);
    throw error;
  }
}

const scheduledAnnotation = 'batch.kubernetes.io/cronjob-scheduled-timestamp';

/** The Job of one scheduled time. Kubernetes: getJobFromTemplate2. */
export function jobOf(cronJob: CronJob, name: string, at: number): Draft<Job> {
  const { metadata, spec } = cronJob.spec.jobTemplate;
  const zone = zoneOf(cronJob.spec.timeZone ?? 'UTC')!;
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name,
      namespace: cronJob.metadata.namespace,
      ...(metadata?.labels && { labels: metadata.labels }),
      annotations: { ...metadata?.annotations, [scheduledAnnotation]: wallClock(at, zone) },
      ownerReferences: [controllerRef(cronJob)],
    },
    spec: spec!,
  };
}

/** With a new schedule it comes at the next time; after any other change at once. Kubernetes: updateCronJob. */
function keysOfCronJob(c: Control, { type, key, object, old }: Change): readonly string[] {
  const [next, before] = [object as unknown as CronJob, old as unknown as CronJob | undefined];
  if (type !== 'MODIFIED' || !before) return [key];
  if (next.spec.schedule === before.spec.schedule && next.spec.timeZone === before.spec.timeZone) return [key];
  try {
    requeue(c, key, untilNextMs(next, c.ctx.now, scheduleOf(next)));
  } catch {
    const message = `unparseable schedule for cronjob: ${next.spec.schedule}`;
    tell(c, component, next, 'Warning', 'UnParseableCronJobSchedule', message);
  }
  return [];
}

function keysOfJob(c: Control, { type, object, old }: Change): readonly string[] {
  const keys = new Set<string>();
  if (type === 'DELETED') ownMemory<Memory>(c).removed.delete(object.metadata.uid);
  for (const job of [old, object]) {
    const owner = job && controllerOf(job);
    if (owner?.kind !== 'CronJob') continue;
    const key = `${job!.metadata.namespace}/${owner.name}`;
    if (cached(c.memory.caches, 'cronjobs.batch', key)?.metadata.uid === owner.uid) keys.add(key);
  }
  return [...keys];
}
