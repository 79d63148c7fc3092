import { millisOf, worldBeginsMs } from '../../apimachinery/index.ts';
import { parseSchedule, type Schedule } from '../../apis/batch/schedule.ts';
import type { CronJob } from '../../apis/index.ts';

/** Seconds since 1970 of a virtual time, and the reverse. */
export const unixOf = (nowMs: number): number => (worldBeginsMs + nowMs) / 1000;
export const virtualOf = (unix: number): number => unix * 1000 - worldBeginsMs;

/** The schedule of a CronJob, in its time zone. Throws what the parser says. */
export function scheduleOf({ spec }: CronJob): Schedule {
  const { schedule, timeZone } = spec;
  return parseSchedule(timeZone === undefined || schedule.includes('TZ') ? schedule : `TZ=${timeZone} ${schedule}`);
}

/** What lies between a CronJob's last start and now. Times are seconds since 1970. */
interface Recent {
  /** The last start; the creation before the first. */
  readonly earliest: number;
  /** The latest time that is due and was not started. */
  readonly due?: number;
  readonly missed: 'none' | 'few' | 'many';
}

const tooMany = 100;
const noSuchTime = 'time difference between two schedules is less than 1 second';

/**
 * The latest time at which a Job should have started. How many were missed is only estimated, from the distance of the
 * first two. Throws for a schedule that never comes (31 February). Kubernetes: pkg/controller/cronjob/utils.go mostRecentScheduleTime.
 */
function recent({ metadata, spec, status }: CronJob, now: number, schedule: Schedule, withDeadline: boolean): Recent {
  let earliest = unixOf(millisOf(status?.lastScheduleTime ?? metadata.creationTimestamp));
  const deadline = spec.startingDeadlineSeconds;
  if (withDeadline && deadline !== undefined) earliest = Math.max(earliest, now - deadline);
  const first = schedule.next(earliest);
  if (first === undefined) throw new Error(noSuchTime);
  if (now < first) return { earliest, missed: 'none' };
  const second = schedule.next(first);
  if (second === undefined) throw new Error(noSuchTime);
  if (now < second) return { earliest, due: first, missed: 'none' };
  const between = Math.round(second - first);
  if (between < 1) throw new Error(noSuchTime);
  const missed = Math.floor((now - first) / between) + 1;
  let due: number | undefined;
  for (let t = schedule.next(first + (missed - 2) * between); t !== undefined && t <= now; t = schedule.next(t))
    due = t;
  return { earliest, missed: missed > tooMany ? 'many' : 'few', ...(due !== undefined && { due }) };
}

/** A little later than the scheduled time, as the real controller's clock may be behind. Kubernetes: nextScheduleDelta. */
const laterMs = 100;

/** Milliseconds until the next scheduled time after the last start. Kubernetes: nextScheduleTimeDuration. */
export function untilNextMs(cronJob: CronJob, nowMs: number, schedule: Schedule): number {
  const now = unixOf(nowMs);
  let from = now;
  try {
    const { earliest, due, missed } = recent(cronJob, now, schedule, false);
    from = due ?? (missed === 'none' ? earliest : now);
  } catch {
    // The next time from now on.
  }
  const next = schedule.next(from);
  return next === undefined ? 0 : Math.max(0, virtualOf(next) + laterMs - nowMs);
}

/** What a CronJob has to do now, apart from its active Jobs. Times are seconds since 1970. */
export type Due =
  | { readonly due: 'nothing' }
  | { readonly due: 'never'; readonly message: string }
  /** The latest start is longer ago than the deadline for starting allows. */
  | { readonly due: 'missed'; readonly at: number }
  | { readonly due: 'run'; readonly at: number; readonly many: boolean };

/**
 * Whether a start is due. Pure. Kubernetes: nextScheduleTime. What is too late for the deadline Kubernetes does not even look
 * at: the event MissSchedule in its code is never told.
 */
export function dueNow(cronJob: CronJob, nowMs: number, schedule: Schedule): Due {
  const now = unixOf(nowMs);
  try {
    const { due, missed } = recent(cronJob, now, schedule, true);
    if (due !== undefined && due <= now) return { due: 'run', at: due, many: missed === 'many' };
    if (cronJob.spec.startingDeadlineSeconds === undefined) return { due: 'nothing' };
    const { due: late } = recent(cronJob, now, schedule, false);
    return late === undefined ? { due: 'nothing' } : { due: 'missed', at: late };
  } catch (error) {
    return { due: 'never', message: (error as Error).message };
  }
}

/** `hello-29456305`: the Job of a scheduled time, by its minute. */
export const jobName = ({ metadata }: CronJob, at: number): string => `${metadata.name}-${Math.floor(at / 60)}`;
