import { describe, expect, test } from 'vitest';
import { openServer } from '../../../testing/golden.ts';
import type { Job } from '../index.ts';

/* What the recordings of the API do not say about Jobs and CronJobs, in the words of Kubernetes' own validation. */

const template = { spec: { restartPolicy: 'Never', containers: [{ name: 'app', image: 'app' }] } };
const answer = (kind: 'Job' | 'CronJob', spec: object, name = 'w') => {
  const server = openServer();
  const body = { apiVersion: 'batch/v1', kind, metadata: { name }, spec };
  const resource = kind === 'Job' ? 'jobs.batch' : 'cronjobs.batch';
  return server.api.request(server.ctx, 'you', { verb: 'create', resource, namespace: 'default', body });
};
const refusal = (kind: 'Job' | 'CronJob', spec: object, name = 'w'): string =>
  String((answer(kind, spec, name).body as { message?: string }).message).replace(/^.*? is invalid: /, '');

const indexed = { template, completionMode: 'Indexed', completions: 3 };
const rule = (onExitCodes: object | undefined, more: object = {}): object => ({ template, podFailurePolicy: { rules: [{ action: 'Ignore', ...(onExitCodes && { onExitCodes }), ...more }] } }); // prettier-ignore
const rule0 = 'spec.podFailurePolicy.rules[0]';

describe('a Job is refused', () => {
  test.each([
    [{ template, parallelism: -1 }, 'spec.parallelism: Invalid value: -1: must be greater than or equal to 0'],
    [
      { template, maxFailedIndexes: 1 },
      '[spec.backoffLimitPerIndex: Required value: when maxFailedIndexes is specified, spec.maxFailedIndexes: Invalid value: 1: requires indexed completion mode]',
    ],
    [
      { template, backoffLimitPerIndex: 1 },
      'spec.backoffLimitPerIndex: Invalid value: 1: requires indexed completion mode',
    ],
    [
      { template, completionMode: 'Sorted' },
      'spec.completionMode: Unsupported value: "Sorted": supported values: "NonIndexed", "Indexed"',
    ],
    [
      { template, completionMode: 'Indexed', parallelism: 2 },
      'spec.completions: Required value: when completion mode is Indexed',
    ],
    [
      { ...indexed, parallelism: 100_001 },
      'spec.parallelism: Invalid value: 100001: must be less than or equal to 100000 when completion mode is Indexed',
    ],
    [
      { ...indexed, backoffLimitPerIndex: 0, maxFailedIndexes: 4 },
      'spec.maxFailedIndexes: Invalid value: 4: must be less than or equal to completions',
    ],
    [
      { ...indexed, completions: 200_000, backoffLimitPerIndex: 0 },
      'spec.maxFailedIndexes: Required value: must be specified when completions is above 100000',
    ],
    [
      { template, podReplacementPolicy: 'Never' },
      'spec.podReplacementPolicy: Unsupported value: "Never": supported values: "Failed", "TerminatingOrFailed"',
    ],
    [
      { template: { spec: { ...template.spec, restartPolicy: 'OnFailure' } }, podFailurePolicy: { rules: [] } },
      'spec.template.spec.restartPolicy: Invalid value: "OnFailure": only "Never" is supported when podFailurePolicy is specified',
    ],
    [
      { template, managedBy: 'me' },
      'spec.managedBy: Invalid value: "me": must be a domain-prefixed path (such as "acme.io/foo")',
    ],
    [
      { template, successPolicy: { rules: [] } },
      'spec.successPolicy: Invalid value: {"Rules":[]}: requires indexed completion mode',
    ],
    [
      { ...indexed, successPolicy: { rules: [{}] } },
      'spec.successPolicy.rules[0]: Required value: at least one of succeededCount or succeededIndexes must be specified',
    ],
    [
      { ...indexed, successPolicy: { rules: [{ succeededCount: 4 }] } },
      'spec.successPolicy.rules[0].succeededCount: Invalid value: 4: must be less than or equal to 3 (the number of specified completions)',
    ],
    [
      { ...indexed, successPolicy: { rules: [{ succeededIndexes: '2,1' }] } },
      'spec.successPolicy.rules[0].succeededIndexes: Invalid value: "2,1": error parsing succeededIndexes: non-increasing order, previous: 2, current: 1',
    ],
    [
      { ...indexed, successPolicy: { rules: [{ succeededIndexes: '0-7' }] } },
      'spec.successPolicy.rules[0].succeededIndexes: Invalid value: "0-7": error parsing succeededIndexes: too large index: "7"',
    ],
    [
      rule({ operator: 'In', values: [] }),
      `${rule0}.onExitCodes.values: Invalid value: []: at least one value is required`,
    ],
    [
      rule({ operator: 'In', values: [3, 2, 2] }),
      `[${rule0}.onExitCodes.values[2]: Duplicate value: 2, ${rule0}.onExitCodes.values: Invalid value: [3,2,2]: must be ordered]`,
    ],
    [
      rule({ operator: 'Is', values: [1] }),
      `${rule0}.onExitCodes.operator: Unsupported value: "Is": supported values: "In", "NotIn"`,
    ],
    [
      rule({ operator: 'In', values: [1], containerName: 'x' }),
      `${rule0}.onExitCodes.containerName: Invalid value: "x": must be one of the container or initContainer names in the pod template`,
    ],
    [rule(undefined), `${rule0}: Invalid value: specifying one of OnExitCodes and OnPodConditions is required`],
    [
      rule({ operator: 'In', values: [1] }, { action: 'Retry' }),
      `${rule0}.action: Unsupported value: "Retry": supported values: "Count", "FailIndex", "FailJob", "Ignore"`,
    ],
    [
      rule({ operator: 'In', values: [1] }, { action: 'FailIndex' }),
      `${rule0}.action: Invalid value: "FailIndex": requires the backoffLimitPerIndex to be set`,
    ],
    [
      rule({ operator: 'In', values: [1] }, { action: undefined }),
      `${rule0}.action: Required value: valid values: ["Count" "FailIndex" "FailJob" "Ignore"]`,
    ],
  ])('%j', (spec, wanted) => {
    expect(refusal('Job', spec)).toBe(wanted);
  });

  test('when the last host name of its pods would be too long', () => {
    const name = 'j'.repeat(62);
    expect(refusal('Job', indexed, name)).toBe(`metadata.name: Invalid value: "${name}": will not able to create pod with invalid DNS label: ${name}-2`); // prettier-ignore
  });
});

describe('a CronJob is refused', () => {
  const jobTemplate = { spec: { template } };
  test.each([
    [{ jobTemplate }, 'spec.schedule: Required value'],
    [
      { jobTemplate, schedule: '* * * * *', concurrencyPolicy: 'Never' },
      'spec.concurrencyPolicy: Unsupported value: "Never": supported values: "Allow", "Forbid", "Replace"',
    ],
    [
      { jobTemplate, schedule: '* * * * *', timeZone: '' },
      'spec.timeZone: Invalid value: "": timeZone must be nil or non-empty string',
    ],
    [
      { jobTemplate, schedule: '* * * * *', timeZone: 'Local' },
      'spec.timeZone: Invalid value: "Local": timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones',
    ],
    [
      { jobTemplate, schedule: '* * * * *', startingDeadlineSeconds: -1, failedJobsHistoryLimit: -1 },
      '[spec.startingDeadlineSeconds: Invalid value: -1: must be greater than or equal to 0, spec.failedJobsHistoryLimit: Invalid value: -1: must be greater than or equal to 0]',
    ],
    [
      { jobTemplate: { spec: { template, selector: { matchLabels: { a: 'b' } } } }, schedule: '* * * * *' },
      'spec.jobTemplate.spec.selector: Invalid value: {"matchLabels":{"a":"b"}}: `selector` will be auto-generated',
    ],
    [
      {
        jobTemplate: { spec: { template: { spec: { containers: [{ name: 'a', image: 'a' }] } } } },
        schedule: '* * * * *',
      },
      'spec.jobTemplate.spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"',
    ],
  ])('%j', (spec, wanted) => {
    expect(refusal('CronJob', spec)).toBe(wanted);
  });
});

test('a condition in a failure policy means that it holds; the pods are then replaced when they have failed', () => {
  const { body } = answer('Job', rule(undefined, { onPodConditions: [{ type: 'DisruptionTarget' }] }));
  expect((body as unknown as Job).spec).toMatchObject({
    podFailurePolicy: { rules: [{ onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] }] },
    podReplacementPolicy: 'Failed',
  });
});

test('a name with a dot is accepted with a warning, and a deletion without a policy too', () => {
  const server = openServer();
  const body = { apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'a.b' }, spec: { template } };
  const to = { resource: 'jobs.batch', namespace: 'default' } as const;
  const made = server.api.request(server.ctx, 'you', { verb: 'create', ...to, body });
  expect(made.warnings?.[0]).toMatch(
    /^metadata.name: this is used in Pod names and hostnames, .* a DNS label is recommended: \[/,
  );
  const gone = server.api.request(server.ctx, 'you', { verb: 'delete', ...to, name: 'a.b' });
  expect(gone.warnings?.[0]).toMatch(/^child pods are preserved by default when jobs are deleted;/);
});
