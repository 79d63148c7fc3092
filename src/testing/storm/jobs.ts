import type { Kernel, KernelState } from '../../kernel/index.ts';
import { controllerOf } from '../../kube/apimachinery/index.ts';
import { hasCondition, isFinished } from '../../kube/apis/batch/job.ts';
import type { CronJob, Job, Pod } from '../../kube/apis/index.ts';
import type { Activity } from '../../kube/observations.ts';
import {
  chance,
  deleteSome,
  names,
  namespaces,
  pick,
  request,
  some,
  type Act,
  type Maker,
  type Scene,
} from './choose.ts';
import { table } from './stored.ts';

/** What Jobs do: they end well, badly, at random, late, or never. */
const scripts = [
  'true',
  'exit 3',
  'sleep 8',
  'sleep 3; test $(($(date +%s) % 3)) -eq 0',
  'sleep 40; exit 1',
  'sleep 3600',
] as const;

function jobSpec({ random }: Scene): NonNullable<Job['spec']> {
  const indexed = chance(random, 30);
  const policy = {
    podFailurePolicy: {
      rules: [{ action: pick(random, ['Ignore', 'FailJob', 'Count']), onExitCodes: { operator: 'In', values: [3] } }],
    },
  };
  const withPolicy = chance(random, 20);
  const container = { name: 'task', image: 'busybox:1.36', command: ['sh', '-c', pick(random, scripts)] };
  const resources = { requests: { cpu: '10m', memory: '16Mi' } };
  return {
    parallelism: random.int(4),
    ...((indexed || chance(random, 70)) && { completions: random.between(1, 5) }),
    ...(chance(random, 50) && { backoffLimit: random.int(4) }),
    ...(chance(random, 20) && { activeDeadlineSeconds: random.between(5, 60) }),
    ...(chance(random, 20) && { ttlSecondsAfterFinished: random.int(30) }),
    ...(chance(random, 10) && { suspend: true }),
    ...(chance(random, 20) && { podReplacementPolicy: 'Failed' }),
    ...(indexed && { completionMode: 'Indexed' }),
    ...(indexed && chance(random, 50) && { backoffLimitPerIndex: random.int(2) }),
    ...(indexed && chance(random, 30) && { successPolicy: { rules: [{ succeededCount: 1 }] } }),
    ...(withPolicy && policy),
    template: {
      spec: {
        restartPolicy: withPolicy ? 'Never' : pick(random, ['Never', 'Never', 'OnFailure']),
        terminationGracePeriodSeconds: pick(random, [0, 5, 30]),
        containers: [{ ...container, resources }],
      },
    },
  };
}

const createJob: Maker = (scene) => {
  const { random } = scene;
  const namespace = pick(random, namespaces);
  const metadata = { name: `${pick(random, names)}-job`, namespace };
  const body = { apiVersion: 'batch/v1', kind: 'Job', metadata, spec: jobSpec(scene) };
  return request({ verb: 'create', resource: 'jobs.batch', namespace, body });
};

const createCronJob: Maker = (scene) => {
  const { random } = scene;
  const namespace = pick(random, namespaces);
  const spec = {
    schedule: pick(random, ['* * * * *', '*/2 * * * *', '@every 30s']),
    concurrencyPolicy: pick(random, ['Allow', 'Forbid', 'Replace']),
    ...(chance(random, 30) && { startingDeadlineSeconds: random.int(60) }),
    ...(chance(random, 30) && { successfulJobsHistoryLimit: random.int(2) }),
    jobTemplate: { spec: jobSpec(scene) },
  };
  const metadata = { name: pick(random, names), namespace };
  const body = { apiVersion: 'batch/v1', kind: 'CronJob', metadata, spec };
  return request({ verb: 'create', resource: 'cronjobs.batch', namespace, body });
};

const patch = (resource: string, object: Job | CronJob | undefined, spec: object): Act | undefined =>
  object &&
  request({
    verb: 'patch',
    resource,
    namespace: object.metadata.namespace,
    name: object.metadata.name,
    patchType: 'merge',
    body: { spec },
  });

const editJob: Maker = (scene) => {
  const job = some<Job>(scene, 'jobs.batch');
  const { random } = scene;
  const edit = chance(random, 50) ? { suspend: !job?.spec?.suspend } : { parallelism: random.int(5) };
  return patch('jobs.batch', job, edit);
};

const editCronJob: Maker = (scene) => {
  const cronJob = some<CronJob>(scene, 'cronjobs.batch');
  return patch('cronjobs.batch', cronJob, { suspend: !cronJob?.spec.suspend });
};

/** What may happen to Jobs and CronJobs, with its weight. */
export const jobMakers: readonly (readonly [number, Maker])[] = [
  [6, createJob],
  [2, createCronJob],
  [4, editJob],
  [2, editCronJob],
  [2, deleteSome('jobs.batch')],
  [1, deleteSome('cronjobs.batch')],
];

/** What was seen of a Job's counting. */
interface Trail {
  readonly succeeded: Set<string>;
  readonly failed: Set<string>;
  parallelism: number;
  status: Job['status'];
}

/** Looks at every status that the Job controller writes; `broken` says what is wrong with one, if anything is. */
export interface JobInvariants {
  written(activity: Activity): void;
  readonly broken: string | undefined;
  reset(): void;
}

/** Each pod is counted once, nothing is ever counted back, and a Job that has finished stays as it is. */
export function watchJobs(kernel: Kernel): JobInvariants {
  const trails = new Map<string, Trail>();
  let broken: string | undefined;
  const check = (job: Job, { from, subresource }: Activity): void => {
    const { metadata, spec, status = {} } = job;
    const key = `job ${metadata.namespace}/${metadata.name}`;
    const fail = (sentence: string): void => void (broken ??= `${key} ${sentence}: ${JSON.stringify(status)}`);
    const trail = trails.get(metadata.uid) ?? { succeeded: new Set(), failed: new Set(), parallelism: 0, status: {} };
    trails.set(metadata.uid, trail);
    const before = trail.status ?? {};
    trail.parallelism = Math.max(trail.parallelism, spec!.parallelism!);
    trail.status = status;
    if (!from.startsWith('kube-controller-manager') || subresource !== 'status') return;
    const { succeeded = [], failed = [] } = status.uncountedTerminatedPods ?? {};
    for (const uid of succeeded) trail.succeeded.add(uid);
    for (const uid of failed) trail.failed.add(uid);
    const indexed = spec!.completionMode === 'Indexed';
    if (!indexed && (status.succeeded ?? 0) + succeeded.length !== trail.succeeded.size)
      fail(`has counted ${trail.succeeded.size} successes otherwise than once`);
    if ((status.failed ?? 0) + failed.length !== trail.failed.size)
      fail(`has counted ${trail.failed.size} failures otherwise than once`);
    if ([...trail.succeeded].some((uid) => trail.failed.has(uid))) fail('has counted a pod both ways');
    if ((status.active ?? 0) > trail.parallelism) fail(`has more pods than ${trail.parallelism}`);
    if ((status.succeeded ?? 0) > (spec!.completions ?? Infinity)) fail('has too many successes');
    if ((status.ready ?? 0) > (status.active ?? 0)) fail('has more ready pods than active ones');
    if (hasCondition(job, 'Complete') && hasCondition(job, 'Failed')) fail('is both complete and failed');
    if (
      isFinished(job) &&
      ((status.active ?? 0) > 0 || succeeded.length + failed.length > 0 || (status.terminating ?? 0) > 0)
    )
      // prettier-ignore
      fail('is finished too early');
    if (isFinished({ status: before }) && JSON.stringify(before) !== JSON.stringify(status))
      fail('changed after its end');
  };
  return {
    written(activity) {
      const job = table<Job>(kernel.state, 'jobs.batch').get(activity.key);
      if (job) check(job, activity);
    },
    get broken() {
      return broken;
    },
    reset() {
      trails.clear();
      broken = undefined;
      for (const { metadata, spec, status } of table<Job>(kernel.state, 'jobs.batch').values()) {
        const { succeeded = [], failed = [] } = status?.uncountedTerminatedPods ?? {};
        const known = (uids: readonly string[], counted = 0): Set<string> =>
          new Set([...uids, ...Array.from({ length: counted }, (_, i) => `counted ${i}`)]);
        trails.set(metadata.uid, {
          succeeded: known(succeeded, status?.succeeded),
          failed: new Set([...known(failed), ...Array.from({ length: status?.failed ?? 0 }, (_, i) => `failed ${i}`)]),
          parallelism: Math.max(spec!.parallelism!, status?.active ?? 0),
          status,
        });
      }
    },
  };
}

/** Stops the clocks, and gives every Job a minute. */
export function healJobs(
  state: KernelState,
  edit: (resource: 'jobs.batch' | 'cronjobs.batch', name: string, namespace: string, spec: object) => void,
): void {
  for (const { metadata } of table<CronJob>(state, 'cronjobs.batch').values())
    edit('cronjobs.batch', metadata.name, metadata.namespace!, { suspend: true });
  for (const job of table<Job>(state, 'jobs.batch').values())
    if (!isFinished(job))
      edit('jobs.batch', job.metadata.name, job.metadata.namespace!, { suspend: false, activeDeadlineSeconds: 60 });
}

/** Jobs that have not ended, and pods that one of them still holds. */
export function jobUnrest(state: KernelState): string[] {
  const found: string[] = [];
  for (const [key, job] of table<Job>(state, 'jobs.batch')) {
    if (job.metadata.deletionTimestamp) found.push(`job ${key} is still being deleted`);
    else if (!isFinished(job)) found.push(`job ${key} has not ended: ${JSON.stringify(job.status)}`);
  }
  for (const [key, pod] of table<Pod>(state, 'pods'))
    if (pod.metadata.finalizers?.includes('batch.kubernetes.io/job-tracking'))
      found.push(`pod ${key} is held by ${controllerOf(pod)?.name}`);
  for (const [key, { status }] of table<CronJob>(state, 'cronjobs.batch'))
    if (status?.active?.length) found.push(`cronjob ${key} still has ${status.active.map(({ name }) => name).join()}`);
  return found;
}
