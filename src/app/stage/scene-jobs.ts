/** Jobs and CronJobs: how far they have come and when they run. Pure. */
import type { V1CronJob, V1Job } from '../../generated/types.ts';
import { millisOf, worldBeginsMs, type KubeObject } from '../../kube/apimachinery/index.ts';
import { parseSchedule, type Schedule } from '../../kube/apis/batch/schedule.ts';
import type { SceneCron, SceneJob } from './scene-types.ts';

/** What a Job has done of what it is asked for. */
export function jobOf(object: KubeObject): SceneJob {
  const { spec, status } = object as unknown as V1Job;
  return {
    succeeded: Number(status?.succeeded ?? 0),
    failed: Number(status?.failed ?? 0),
    active: Number(status?.active ?? 0),
    completions: spec?.completions === undefined ? undefined : Number(spec.completions),
    parallelism: Number(spec?.parallelism ?? 1),
    backoffLimit: Number(spec?.backoffLimit ?? 6),
    suspended: spec?.suspend === true,
    end: jobEnd(object),
  };
}

function jobEnd(object: KubeObject): string {
  const conditions = (object as unknown as V1Job).status?.conditions ?? [];
  return conditions.find((c) => /^(Complete|Failed)$/.test(c.type) && c.status === 'True')?.type ?? '';
}

/** The STATUS of `kubectl get jobs`. */
export function jobWord(object: KubeObject): string {
  const { suspended, end } = jobOf(object);
  return end || (suspended ? 'Suspended' : 'Running');
}

/** A run is late, not skipped, for so long: the controller acts a little after it is due. */
const lateMs = 2000;
const mostSkipped = 100;

/** The clock of a CronJob at a moment (ms). */
export function cronOf(object: KubeObject, now: number): SceneCron {
  const { metadata, spec, status } = object as unknown as V1CronJob;
  const last = millisOf(String(status?.lastScheduleTime ?? ''));
  const since = Number.isNaN(last) ? millisOf(String(metadata.creationTimestamp ?? '')) || 0 : last;
  const suspended = spec?.suspend === true;
  return {
    schedule: spec?.schedule ?? '',
    suspended,
    lastAt: last,
    nextAt: suspended ? Number.NaN : nextRun(spec?.schedule, spec?.timeZone, Math.max(now, since)),
    active: status?.active?.length ?? 0,
    skipped:
      suspended || Number.isNaN(last)
        ? 0
        : runsAfter(spec?.schedule, spec?.timeZone, last, mostSkipped).filter((at) => at <= now - lateMs).length,
  };
}

const nextRun = (schedule: string | undefined, zone: string | undefined, after: number): number =>
  runsAfter(schedule, zone, after, 1)[0] ?? Number.NaN;

/** The next moments (cluster time, ms) of a schedule. */
export function runsAfter(
  schedule: string | undefined,
  zone: string | undefined,
  after: number,
  count: number,
): number[] {
  let parsed: Schedule;
  try {
    parsed = parseSchedule(zone ? `TZ=${zone} ${schedule ?? ''}` : (schedule ?? ''));
  } catch {
    return [];
  }
  const runs: number[] = [];
  let at: number | undefined = Math.floor((after + worldBeginsMs) / 1000);
  while (runs.length < count) {
    at = parsed.next(at);
    if (at === undefined) break;
    runs.push(at * 1000 - worldBeginsMs);
  }
  return runs;
}
