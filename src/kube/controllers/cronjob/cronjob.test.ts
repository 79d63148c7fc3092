import { describe, expect, it, test } from 'vitest';
import type { DrivenPlan } from '../../../testing/driven.ts';
import { controlPlane, type ControlPlane } from '../../../testing/world.ts';
import type { CronJob, Job, KubeEvent } from '../../apis/index.ts';
import { millisOf, timestamp } from '../../apimachinery/index.ts';
import { parseSchedule } from '../../apis/batch/schedule.ts';
import { dueNow, untilNextMs, virtualOf } from './times.ts';

const minutes = 60_000;

/** A CronJob at minute 0 of the world, whose Jobs do as the plan says. */
function cluster(spec: object, driven: DrivenPlan = [{ startMs: 100, after: 1000 }]): ControlPlane {
  const p = controlPlane({ runMs: 40, driven });
  const pod = { restartPolicy: 'Never', nodeSelector: { driven: 'yes' }, containers: [{ name: 'app', image: 'app' }] };
  p.client.create(p.ctx, 'cronjobs.batch', {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name: 'cron', namespace: 'default' },
    spec: { schedule: '*/5 * * * *', jobTemplate: { spec: { template: { spec: pod } } }, ...spec },
  } as never);
  return p;
}

const until = (p: ControlPlane, minute: number): void => p.kernel.runUntil(minute * minutes + 30_000);
const edit = (p: ControlPlane, spec: object): void =>
  void p.client.patch(p.ctx, 'cronjobs.batch', 'cron', 'default', { type: 'merge', body: { spec } });
const jobs = (p: ControlPlane): Job[] => p.all<Job>('jobs.batch', 'default');
const told = (p: ControlPlane, reason: string): KubeEvent[] =>
  p.all<KubeEvent>('events', 'default').filter((e) => e.reason === reason);
/** Minutes at which Jobs were made. */
const starts = (p: ControlPlane): number[] =>
  p.deeds.filter((d) => d.code.startsWith('cronjob.create')).map((d) => Math.floor(d.at / minutes));

describe('every five minutes, Forbid, Jobs of seven minutes', () => {
  const long = [{ startMs: 100, after: 7 * minutes }];

  it('starts two Jobs in twenty minutes when a start may be at most a minute late', () => {
    const p = cluster({ concurrencyPolicy: 'Forbid', startingDeadlineSeconds: 60 }, long);
    until(p, 20);
    expect(starts(p)).toEqual([5, 15]);
    expect(told(p, 'JobAlreadyActive')[0]).toMatchObject({
      type: 'Normal',
      message: 'Not starting job because prior execution is running and concurrency policy is Forbid',
    });
    const why = p.deeds.filter((d) => d.code === 'cronjob.skip');
    expect(why.length).toBe(2); // 10 and 20
    expect(why[0]).toMatchObject({ ref: 'cronjobs.batch/default/cron', params: { active: jobs(p)[0]!.metadata.name } });
  });

  it('starts three without that limit: late, when the one before has ended', () => {
    const p = cluster({ concurrencyPolicy: 'Forbid' }, long);
    until(p, 20);
    expect(starts(p)).toEqual([5, 12, 19]);
    expect(p.deeds.filter((d) => d.code === 'cronjob.create-late').length).toBe(2);
  });
});

it('starts the run that was missed when it is resumed, but only the last one, and only within the deadline', () => {
  for (const [deadline, wanted] of [
    [undefined, [5, 17, 20]],
    [60, [5, 20]],
  ] as const) {
    const p = cluster(deadline === undefined ? {} : { startingDeadlineSeconds: deadline });
    until(p, 6);
    edit(p, { suspend: true });
    until(p, 16);
    expect(starts(p)).toEqual([5]);
    p.kernel.runUntil(17 * minutes);
    edit(p, { suspend: false });
    until(p, 20);
    expect(starts(p)).toEqual(wanted);
    const missed = p.deeds.filter((d) => d.code === 'cronjob.miss');
    expect(missed.map((d) => d.params)).toEqual(
      deadline === undefined ? [] : [{ scheduled: timestamp(15 * minutes), seconds: 120 }],
    );
  }
});

it('says that there were too many when more than a hundred starts were missed, and starts the last one', () => {
  const p = cluster({ schedule: '* * * * *', suspend: true });
  until(p, 105);
  edit(p, { suspend: false });
  until(p, 105);
  p.run(1000);
  expect(told(p, 'TooManyMissedTimes')[0]).toMatchObject({
    type: 'Warning',
    message: 'too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock skew',
  });
  expect(starts(p).length).toBe(1);
});

it('names Jobs by the scheduled minute, with the scheduled time in the CronJob’s zone', () => {
  const p = cluster({ schedule: '30 9 * * *', timeZone: 'Asia/Seoul' });
  until(p, 31);
  const [job] = jobs(p);
  const minute = 29_453_760 + 30; // 2026-01-01T00:30Z
  expect(job!.metadata.name).toBe(`cron-${minute}`);
  expect(job!.metadata.annotations).toEqual({
    'batch.kubernetes.io/cronjob-scheduled-timestamp': '2026-01-01T09:30:00+09:00',
  });
  expect(p.all<CronJob>('cronjobs.batch', 'default')[0]!.status).toMatchObject({
    lastScheduleTime: timestamp(30 * minutes),
  });
});

it('is surprised by a Job that somebody makes in its name, and sees it complete', () => {
  const p = cluster({ schedule: '0 12 * * *' });
  expect(p.kubectl('create job by-hand --from=cronjob/cron').stdout).toBe('job.batch/by-hand created\n');
  p.run(5000);
  expect(jobs(p)[0]!.metadata.annotations).toEqual({ 'cronjob.kubernetes.io/instantiate': 'manual' });
  expect(told(p, 'UnexpectedJob')[0]).toMatchObject({
    type: 'Warning',
    message: 'Saw a job that the controller did not create or forgot: by-hand',
  });
});

it('takes a new schedule for the next time, and forgets a Job that was deleted behind its back', () => {
  const p = cluster({ concurrencyPolicy: 'Forbid' }, [{ startMs: 100 }]);
  until(p, 5);
  edit(p, { schedule: '*/2 * * * *' });
  p.client.delete(p.ctx, 'jobs.batch', jobs(p)[0]!.metadata.name, 'default', {
    options: { propagationPolicy: 'Background' },
  });
  until(p, 6);
  expect(told(p, 'MissingJob').length).toBe(1);
  expect(starts(p)).toEqual([5, 6]);
});

it('goes with its Jobs and their pods', () => {
  const p = cluster({ schedule: '* * * * *' }, [{ startMs: 100 }]);
  until(p, 2);
  expect(p.kubectl('delete cronjob cron').stdout).toBe('cronjob.batch "cron" deleted from default namespace\n');
  p.run(5000);
  expect([...p.all('jobs.batch', 'default'), ...p.all('pods', 'default')]).toEqual([]);
});

/** Cases of Kubernetes' TestMostRecentScheduleTime and TestNextScheduleTimeDuration. */
describe('times', () => {
  const day = (time: string): number => millisOf(`2026-01-01T${time}Z`);
  const cron = (schedule: string, created: string, last?: string, deadline?: number): CronJob =>
    ({
      metadata: { name: 'c', creationTimestamp: `2026-01-01T${created}Z` },
      spec: { schedule, ...(deadline !== undefined && { startingDeadlineSeconds: deadline }) },
      status: last ? { lastScheduleTime: `2026-01-01T${last}Z` } : {},
    }) as unknown as CronJob;
  const hourly = '0 * * * *';

  test.each([
    ['nothing yet', cron(hourly, '10:00:00'), '10:30:00', undefined],
    ['one start', cron(hourly, '10:00:00'), '11:00:02', '11:00:00'],
    ['of five the last', cron(hourly, '10:00:00'), '15:30:00', '15:00:00'],
    ['counted from the last start', cron(hourly, '10:00:00', '13:00:00'), '13:59:59', undefined],
    ['after the last start', cron(hourly, '10:00:00', '13:00:00'), '15:10:00', '15:00:00'],
    ['nothing within the deadline', cron(hourly, '10:00:00', undefined, 300), '11:10:00', undefined],
    ['within the deadline', cron(hourly, '10:00:00', undefined, 300), '11:04:00', '11:00:00'],
    ['irregular', cron('30 6-16/4 * * 4', '06:00:00'), '15:00:00', '14:30:00'],
    ['@every, counted from the creation', cron('@every 1h', '10:10:00'), '13:20:00', '13:10:00'],
  ])('%s', (_, cronJob, now, wanted) => {
    const due = dueNow(cronJob, day(now), parseSchedule(cronJob.spec.schedule));
    expect(due.due === 'run' ? virtualOf(due.at) : undefined).toBe(wanted && day(wanted));
  });

  test.each([
    ['the next hour', cron(hourly, '10:00:00', '11:00:00'), '11:00:01', 3599.1],
    ['already past: the next one from the last that was due', cron(hourly, '10:00:00'), '12:10:00', 3000.1],
    ['@every', cron('@every 1h', '10:10:00'), '10:20:00', 3000.1],
  ])('sleeps: %s', (_, cronJob, now, seconds) => {
    expect(untilNextMs(cronJob, day(now), parseSchedule(cronJob.spec.schedule))).toBe(seconds * 1000);
  });

  it('finds that some schedules never come', () => {
    const never = cron('59 23 31 2 *', '10:00:00');
    expect(dueNow(never, day('11:00:00'), parseSchedule(never.spec.schedule))).toEqual({
      due: 'never',
      message: 'time difference between two schedules is less than 1 second',
    });
  });
});
