import type { KubeObject } from '../apimachinery/index.ts';
import type { CronJob } from '../apis/index.ts';
import type { Invocation } from './command.ts';
import type { Generator } from './generators.ts';
import { UsageError } from './parse.ts';
import { kindByWord } from './resources.ts';

type Made = ReturnType<Generator['make']>;

/** A pod with one container, called after what runs it. */
const podOf = (run: Invocation, name: string, image: string, restartPolicy: string): object => ({
  metadata: {},
  spec: {
    containers: [{ ...(run.args.rest.length > 0 && { command: run.args.rest }), image, name, resources: {} }],
    restartPolicy,
  },
});

const imageOf = (run: Invocation): string => run.args.flags.get('image')?.at(-1) ?? '';

/** `kubectl create job NAME --image=IMAGE -- COMMAND`, or `--from=cronjob/NAME`. Kubernetes: kubectl/pkg/cmd/create/create_job.go. */
export const jobGenerator: Generator = {
  words: 'job',
  resource: 'jobs.batch',
  failed: 'failed to create job: ',
  flags: { image: 'list', from: 'string' },
  make(run, name) {
    const [image, from] = [imageOf(run), run.flag('from') ?? ''];
    if ((image === '') === (from === '')) throw new UsageError('error: either --image or --from must be specified');
    if (from !== '' && run.args.rest.length > 0) throw new UsageError('error: cannot specify --from and command');
    const job = from === '' ? { metadata: { name }, spec: { template: podOf(run, name, image, 'Never') } } : jobFrom(run, name, from); // prettier-ignore
    return { apiVersion: 'batch/v1', kind: 'Job', ...job, status: {} } as unknown as Made;
  },
};

/** What a CronJob's next Job would be, at once. */
function jobFrom(run: Invocation, name: string, from: string): object {
  const [word = '', cronJobName] = from.split('/');
  if (cronJobName === undefined) throw new UsageError('error: there is no need to specify a resource type as a separate argument when passing arguments in resource/name form'); // prettier-ignore
  const kind = kindByWord(run, word);
  const object = run.request({ verb: 'get', resource: kind.key, namespace: run.namespace, name: cronJobName });
  if (kind.key !== 'cronjobs.batch')
    throw new UsageError(`error: unknown object type *v1.${(object as KubeObject).kind}`);
  const { metadata, spec } = object as CronJob;
  const { metadata: template, spec: job } = spec.jobTemplate;
  const owner = { apiVersion: 'batch/v1', controller: true, kind: 'CronJob', name: metadata.name, uid: metadata.uid };
  return {
    metadata: {
      annotations: { 'cronjob.kubernetes.io/instantiate': 'manual', ...template?.annotations },
      ...(template?.labels && { labels: template.labels }),
      name,
      ownerReferences: [owner],
    },
    spec: job,
  };
}

/** `kubectl create cronjob NAME --image=IMAGE --schedule='0/5 * * * ?' -- COMMAND`. Kubernetes: kubectl/pkg/cmd/create/create_cronjob.go. */
export const cronJobGenerator: Generator = {
  words: 'cronjob',
  resource: 'cronjobs.batch',
  failed: 'failed to create cronjob: ',
  required: ['image', 'schedule'],
  flags: { image: 'list', schedule: 'string', restart: 'string' },
  make(run, name) {
    const [image, schedule] = [imageOf(run), run.flag('schedule') ?? ''];
    if (image === '') throw new UsageError('error: --image must be specified');
    if (schedule === '') throw new UsageError('error: --schedule must be specified');
    const template = podOf(run, name, image, run.flag('restart') || 'OnFailure');
    const jobTemplate = { metadata: { name }, spec: { template } };
    return { apiVersion: 'batch/v1', kind: 'CronJob', metadata: { name }, spec: { jobTemplate, schedule }, status: {} } as unknown as Made; // prettier-ignore
  },
};
