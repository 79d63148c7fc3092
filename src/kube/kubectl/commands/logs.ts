import type { V1Container, V1ContainerStatus } from '../../../generated/types.ts';
import { badRequest, microTimestamp } from '../../apimachinery/index.ts';
import type { Pod } from '../../apis/index.ts';
import type { Command, Invocation } from '../command.ts';
import { UsageError } from '../parse.ts';
import { containerOf, podsBehind } from '../pods.ts';

/** With a selector the last lines of each container are shown. */
const selectorTail = 10;

/**
 * `kubectl logs POD|TYPE/NAME|-l SELECTOR`. Kubernetes: kubectl/pkg/cmd/logs, kubelet validateContainerLogStatus.
 * Simplified: `-f` prints what is there and returns.
 */
export const logs: Command = {
  name: 'logs',
  flags: {
    flags: {
      container: 'string',
      previous: 'boolean',
      tail: 'string',
      selector: 'string',
      follow: 'boolean',
      timestamps: 'boolean',
      prefix: 'boolean',
      'all-containers': 'boolean',
      since: 'string',
      'max-log-requests': 'string',
      'ignore-errors': 'boolean',
    },
    short: { c: 'container', p: 'previous', l: 'selector', f: 'follow' },
  },
  run(run) {
    const [word, container] = run.args.positional;
    const selector = run.flag('selector');
    if (word === undefined && selector === undefined)
      throw new UsageError("error: expected 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]'.\nPOD or TYPE/NAME is a required argument for the logs command\nSee 'kubectl logs -h' for help and examples"); // prettier-ignore
    const tail = Number(run.flag('tail') ?? (selector === undefined ? -1 : selectorTail));
    const pods = podsBehind(run, word, selector);
    if (pods.length === 0) run.err(`No resources found in ${run.namespace} namespace.\n`);
    for (const pod of pods) {
      try {
        for (const each of chosen(run, pod, run.flag('container') ?? container)) print(run, pod, each, tail);
      } catch (error) {
        run.refuse(0, error, '');
      }
    }
  },
};

/** All containers with `--all-containers`, else one. */
function chosen(run: Invocation, pod: Pod, name: string | undefined): readonly V1Container[] {
  if (!run.has('all-containers')) return [containerOf(run, pod, name)];
  return [...(pod.spec?.initContainers ?? []), ...(pod.spec?.containers ?? [])];
}

function print(run: Invocation, pod: Pod, { name }: V1Container, tail: number): void {
  const id = instanceOf(pod, name, run.has('previous'));
  const lines = run.nodes.logs(pod.spec?.nodeName ?? '', id);
  const kept = tail < 0 ? lines : lines.slice(Math.max(0, lines.length - tail));
  const prefix = run.has('prefix') ? `[pod/${pod.metadata.name}/${name}] ` : '';
  for (const { at, text } of kept)
    run.out(`${prefix}${run.has('timestamps') ? `${microTimestamp(at).replace('Z', '000Z')} ` : ''}${text}\n`);
}

/** Id of the container whose output is meant: the one that runs, ran last, or ran before. Refuses with the kubelet's words. */
function instanceOf(pod: Pod, container: string, previous: boolean): string {
  const pods = pod.metadata.name;
  if (!pod.spec?.nodeName) throw badRequest(`pod ${pods} does not have a host assigned`);
  const status = [...(pod.status?.containerStatuses ?? []), ...(pod.status?.initContainerStatuses ?? [])].find(
    (s): s is V1ContainerStatus => s.name === container,
  );
  const of = `container "${container}" in pod "${pods}"`;
  if (!status) throw badRequest(`${of} is not available`);
  const { state, lastState } = status;
  const last = lastState?.terminated?.containerID;
  const plain = (id: string): string => id.replace(/^\w+:\/\//, '');
  if (previous) {
    if (!last) throw badRequest(`previous terminated ${of} not found`);
    return plain(last);
  }
  if (state?.running) return plain(status.containerID ?? '');
  if (state?.terminated?.containerID) return plain(state.terminated.containerID);
  if (last) return plain(last);
  if (state?.terminated) throw badRequest(`${of} is terminated`);
  const reason = state?.waiting?.reason;
  if (reason === 'ErrImagePull') throw badRequest(`${of} is waiting to start: image can't be pulled`);
  if (reason === 'ImagePullBackOff') throw badRequest(`${of} is waiting to start: trying and failing to pull image`);
  throw badRequest(`${of} is waiting to start: ${reason ?? 'no logs yet'}`);
}
