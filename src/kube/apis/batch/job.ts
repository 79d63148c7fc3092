import type { V1Job, V1JobSpec, V1PodFailurePolicy, V1PodTemplateSpec } from '../../../generated/types.ts';
import { humanDuration } from '../../apimachinery/duration.ts';
import { formatLabelSelector, millisOf } from '../../apimachinery/index.ts';
import { ageColumn, nameColumn, templateColumns } from '../cells.ts';
import { templateDefaults } from '../core/pod-defaults.ts';
import { podRefs, podStoredOnly } from '../core/pod-refs.ts';
import { filled } from '../defaulting.ts';
import { defineKind } from '../kind.ts';
import { generatedSelector, hostnames, jobUpdate, jobWarnings, selectingJobSpec } from '../validation/job.ts';

/** Attempts of a Job whose indexes have a limit each: as good as none. Kubernetes: math.MaxInt32. */
const unlimited = 2_147_483_647;

/** Labels of a Job's pods: the old names and the ones with a prefix. Kubernetes: batch.JobNameLabel, ControllerUidLabel. */
const jobNameLabels = ['job-name', 'batch.kubernetes.io/job-name'] as const;
const controllerUidLabel = 'batch.kubernetes.io/controller-uid';
const controllerUidLabels = ['controller-uid', controllerUidLabel] as const;

/** A rule about a condition of the pod means that it holds. Kubernetes: SetDefaults_PodFailurePolicyOnPodConditionsPattern. */
export const failurePolicyDefaults = (policy: V1PodFailurePolicy | undefined): V1PodFailurePolicy | undefined =>
  policy &&
  filled(policy, {
    rules: policy.rules?.map((rule) =>
      filled(rule, {
        onPodConditions: rule.onPodConditions?.map((pattern) => filled(pattern, { status: pattern.status || 'True' })),
      }),
    ),
  });

/** Defaults of what a Job asks for. One completion, unless parallelism alone is given: then it is a work queue. */
function specDefaults(spec: V1JobSpec): V1JobSpec {
  const single = spec.completions === undefined && spec.parallelism === undefined;
  return filled(spec, {
    completions: single ? 1 : spec.completions,
    parallelism: spec.parallelism ?? 1,
    backoffLimit: spec.backoffLimit ?? (spec.backoffLimitPerIndex === undefined ? 6 : unlimited),
    completionMode: spec.completionMode ?? 'NonIndexed',
    suspend: spec.suspend ?? false,
    podFailurePolicy: failurePolicyDefaults(spec.podFailurePolicy),
    manualSelector: spec.manualSelector ?? false,
    podReplacementPolicy: spec.podReplacementPolicy ?? (spec.podFailurePolicy ? 'Failed' : 'TerminatingOrFailed'),
    template: templateDefaults(spec.template),
  });
}

/**
 * Selects the pods by the Job's uid, so that no two Jobs can claim the same. What the user gave stays; what does not fit is
 * refused by validation. Kubernetes: pkg/registry/batch/job/strategy.go generateSelector.
 */
function withSelector({ metadata, spec }: V1Job): V1JobSpec {
  const given = spec!.template ?? ({} as V1PodTemplateSpec);
  const labels: Record<string, string> = { ...given.metadata?.labels };
  for (const name of jobNameLabels) labels[name] ??= metadata.name;
  for (const name of controllerUidLabels) labels[name] ??= metadata.uid;
  const matchLabels = { ...spec!.selector?.matchLabels };
  matchLabels[controllerUidLabel] ??= metadata.uid;
  return {
    ...spec!,
    selector: { ...spec!.selector, matchLabels },
    template: { ...given, metadata: { ...given.metadata, labels: sorted(labels) } },
  };
}

/** As Go prints a map. */
const sorted = (labels: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));

/** True when the Job has the condition. */
export const hasCondition = (job: Pick<V1Job, 'status'>, type: string): boolean =>
  job.status?.conditions?.some((c) => c.type === type && c.status === 'True') === true;

/** Complete or Failed: nothing will happen any more. */
export const isFinished = (job: Pick<V1Job, 'status'>): boolean =>
  hasCondition(job, 'Complete') || hasCondition(job, 'Failed');

/** What `kubectl get` calls a Job's state. Kubernetes: pkg/printers/internalversion printJob. */
function printedStatus(job: V1Job): string {
  if (hasCondition(job, 'Complete')) return 'Complete';
  if (hasCondition(job, 'Failed')) return 'Failed';
  if (job.metadata.deletionTimestamp) return 'Terminating';
  for (const type of ['Suspended', 'FailureTarget', 'SuccessCriteriaMet']) if (hasCondition(job, type)) return type;
  return 'Running';
}

/** `1/3`; of a work queue `0/1 of 3`. */
function completions({ spec, status }: V1Job): string {
  const done = status?.succeeded ?? 0;
  if (spec?.completions !== undefined) return `${done}/${spec.completions}`;
  const parallelism = spec?.parallelism ?? 0;
  return parallelism > 1 ? `${done}/1 of ${parallelism}` : `${done}/1`;
}

/** From start to completion, or until now. A failed Job has no completion time, so it goes on counting. */
function duration({ status }: V1Job, nowMs: number): string {
  if (!status?.startTime) return '';
  return humanDuration((status.completionTime ? millisOf(status.completionTime) : nowMs) - millisOf(status.startTime));
}

/** Job. Kubernetes: pkg/registry/batch/job. */
export const job = defineKind({
  group: 'batch',
  version: 'v1',
  kind: 'Job',
  key: 'jobs.batch',
  model: 'V1Job',
  categories: ['all'],
  statusSubresource: true,
  generation: true,
  orphansByDefault: true,
  defaults(job) {
    job.spec = specDefaults(job.spec ?? ({} as V1JobSpec));
    const { labels } = job.spec.template.metadata ?? {};
    // A Job without labels of its own shows those of its pods.
    if (labels && Object.keys(job.metadata.labels ?? {}).length === 0) job.metadata = { ...job.metadata, labels };
  },
  prepareForCreate(job) {
    job.status = {};
    if (job.spec!.manualSelector) return;
    const given = job.spec!.template.metadata?.labels;
    job.spec = withSelector(job as V1Job);
    // Labels that were taken over from the pods follow them.
    const { labels } = job.metadata;
    if (labels === given || Object.keys(labels ?? {}).length === 0)
      job.metadata = { ...job.metadata, labels: job.spec.template.metadata!.labels };
  },
  validate(job) {
    const spec = job.spec ?? ({} as V1JobSpec);
    return [...generatedSelector(job), ...selectingJobSpec(spec, 'spec'), ...hostnames(job)];
  },
  validateUpdate: jobUpdate,
  warnings: jobWarnings,
  refs: ({ metadata, spec }) => podRefs(spec?.template?.spec, metadata.namespace, 'spec.template.spec'),
  storedOnly: podStoredOnly('spec.template.spec'),
  columns: [
    nameColumn,
    { name: 'Status', cell: printedStatus },
    { name: 'Completions', cell: completions },
    { name: 'Duration', cell: duration },
    ageColumn,
    ...templateColumns<V1Job>((job) => job.spec?.template),
    { name: 'Selector', priority: 1, cell: (job) => formatLabelSelector(job.spec?.selector) },
  ],
  example: {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'example' },
    spec: {
      template: {
        spec: {
          restartPolicy: 'Never',
          containers: [
            { name: 'pi', image: 'perl:5.34.0', command: ['perl', '-Mbignum=bpi', '-wle', 'print bpi(2000)'] },
          ],
        },
      },
    },
  },
});
