import type { V1CronJob, V1CronJobSpec } from '../../../generated/types.ts';
import { type FieldError, invalidValue, notSupported, requiredValue } from '../../apimachinery/index.ts';
import { parseSchedule } from '../batch/schedule.ts';
import { zoneOf } from '../batch/timezone.ts';
import { notNegative } from './basics.ts';
import { jobTemplate } from './job.ts';

const policies = ['Allow', 'Forbid', 'Replace'];

/** Every wrong field of a CronJob's spec. Kubernetes: pkg/apis/batch/validation validateCronJobSpec. */
export function cronJobSpec(spec: V1CronJobSpec): FieldError[] {
  const errors = spec.schedule ? schedule(spec.schedule) : [requiredValue('spec.schedule')];
  errors.push(...notNegative(spec.startingDeadlineSeconds, 'spec.startingDeadlineSeconds'));
  if (spec.timeZone !== undefined) errors.push(...timeZone(spec.timeZone));
  if (!spec.concurrencyPolicy) errors.push(requiredValue('spec.concurrencyPolicy'));
  else if (!policies.includes(spec.concurrencyPolicy))
    errors.push(notSupported('spec.concurrencyPolicy', spec.concurrencyPolicy, policies));
  errors.push(...jobTemplate(spec.jobTemplate ?? {}, 'spec.jobTemplate'));
  for (const field of ['successfulJobsHistoryLimit', 'failedJobsHistoryLimit'] as const)
    errors.push(...notNegative(spec[field], `spec.${field}`));
  return errors;
}

function schedule(text: string): FieldError[] {
  const errors: FieldError[] = [];
  try {
    parseSchedule(text);
  } catch (error) {
    errors.push(invalidValue('spec.schedule', text, (error as Error).message));
  }
  if (text.includes('TZ')) {
    const why = 'cannot use TZ or CRON_TZ in schedule, use timeZone field instead';
    errors.push(invalidValue('spec.schedule', text, why));
  }
  return errors;
}

/** A name of the tz database. Kubernetes: validateTimeZone. */
function timeZone(name: string): FieldError[] {
  const refuse = (why: string): FieldError => invalidValue('spec.timeZone', name, why);
  const unknown = refuse(`unknown time zone ${name}`);
  if (name === '') return [refuse('timeZone must be nil or non-empty string')];
  const isPart = (part: string): boolean => part !== '.' && part !== '..' && /^(?!-)[A-Za-z.\-_0-9+]{1,14}$/.test(part);
  if (!name.split('/').every(isPart)) return [unknown];
  if (name.toLowerCase() === 'local') {
    const why = 'timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones';
    return name === 'Local' ? [refuse(why)] : [refuse(why), unknown];
  }
  return zoneOf(name) ? [] : [unknown];
}

/** Its Jobs are called `name-<minute>`, eleven characters longer, and must have a name that fits into a label. */
export const cronJobName = ({ metadata }: V1CronJob): FieldError[] =>
  metadata.name.length > 52 ? [invalidValue('metadata.name', metadata.name, 'must be no more than 52 characters')] : [];
