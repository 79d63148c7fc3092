import type { V1CronJob, V1CronJobSpec } from '../../../generated/types.ts';
import { age } from '../../apimachinery/duration.ts';
import { ageColumn, nameColumn, templateColumns } from '../cells.ts';
import { templateDefaults } from '../core/pod-defaults.ts';
import { podRefs, podStoredOnly } from '../core/pod-refs.ts';
import { filled } from '../defaulting.ts';
import { defineKind } from '../kind.ts';
import { cronJobName, cronJobSpec } from '../validation/cronjob.ts';
import { nameWarnings } from '../validation/job.ts';
import { failurePolicyDefaults } from './job.ts';

const podPath = 'spec.jobTemplate.spec.template.spec';

/** The Job inside is not defaulted here, but for its pods: that happens when it is made. */
function specDefaults(spec: V1CronJobSpec): V1CronJobSpec {
  const template = spec.jobTemplate ?? {};
  const job = template.spec ?? ({} as NonNullable<typeof template.spec>);
  return filled(spec, {
    concurrencyPolicy: spec.concurrencyPolicy ?? 'Allow',
    suspend: spec.suspend ?? false,
    successfulJobsHistoryLimit: spec.successfulJobsHistoryLimit ?? 3,
    failedJobsHistoryLimit: spec.failedJobsHistoryLimit ?? 1,
    jobTemplate: filled(template, {
      metadata: template.metadata ?? {},
      spec: filled(job, {
        podFailurePolicy: failurePolicyDefaults(job.podFailurePolicy),
        template: templateDefaults(job.template),
      }),
    }),
  });
}

/** CronJob. Kubernetes: pkg/registry/batch/cronjob. */
export const cronJob = defineKind({
  group: 'batch',
  version: 'v1',
  kind: 'CronJob',
  key: 'cronjobs.batch',
  model: 'V1CronJob',
  shortNames: ['cj'],
  categories: ['all'],
  statusSubresource: true,
  generation: true,
  defaults(cronJob) {
    cronJob.spec = specDefaults(cronJob.spec ?? ({} as V1CronJobSpec));
  },
  prepareForCreate(cronJob) {
    cronJob.status = {};
  },
  validate: (cronJob) => [
    ...cronJobSpec(cronJob.spec ?? ({} as V1CronJobSpec)),
    ...(cronJob.metadata.resourceVersion ? [] : cronJobName(cronJob)),
  ],
  warnings: nameWarnings,
  refs: ({ metadata, spec }) => podRefs(spec?.jobTemplate?.spec?.template?.spec, metadata.namespace, podPath),
  storedOnly: podStoredOnly(podPath),
  columns: [
    nameColumn,
    { name: 'Schedule', cell: (c) => c.spec?.schedule ?? '' },
    { name: 'Timezone', cell: (c) => c.spec?.timeZone },
    {
      name: 'Suspend',
      type: 'boolean',
      cell: (c) => (c.spec?.suspend === undefined ? '<unset>' : c.spec.suspend ? 'True' : 'False'),
    },
    { name: 'Active', type: 'integer', cell: (c) => c.status?.active?.length ?? 0 },
    {
      name: 'Last Schedule',
      cell: (c, now) => (c.status?.lastScheduleTime ? age(c.status.lastScheduleTime, now) : undefined),
    },
    ageColumn,
    ...templateColumns<V1CronJob>((c) => c.spec?.jobTemplate?.spec?.template),
    { name: 'Selector', priority: 1, cell: () => undefined },
  ],
  example: {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name: 'example' },
    spec: {
      schedule: '* * * * *',
      jobTemplate: {
        spec: {
          template: {
            spec: {
              restartPolicy: 'OnFailure',
              containers: [
                {
                  name: 'hello',
                  image: 'busybox:1.28',
                  command: ['/bin/sh', '-c', 'date; echo Hello from the Kubernetes cluster'],
                },
              ],
            },
          },
        },
      },
    },
  },
});
