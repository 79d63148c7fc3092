import type { V1Container } from '../../../generated/types.ts';
import { ApiError, badRequest, isReason, microTimestamp } from '../../apimachinery/index.ts';
import { containerStatusOf, loggedContainer, plainId } from '../../apis/core/pod-containers.ts';
import type { Pod } from '../../apis/index.ts';
import type { Command, Invocation, Waiting } from '../command.ts';
import { UsageError } from '../parse.ts';
import { containerOf, podsBehind } from '../pods.ts';

/** With a selector the last lines of each container are shown. */
const selectorTail = 10;

/** With `-f` the machine is asked again so often, milliseconds. */
const followMs = 250;
/** Streams that may be followed at once, unless `--max-log-requests` says otherwise. */
const mostStreams = 5;

/** A container whose output is followed. */
interface Stream {
  readonly namespace: string;
  readonly pod: string;
  readonly node: string;
  readonly container: string;
  readonly id: string;
  /** Virtual time of the last line that was printed, and how many of that moment were. */
  readonly at: number;
  readonly lines: number;
}

/**
 * `kubectl logs POD|TYPE/NAME|-l SELECTOR`; `-f` goes on until the containers have ended.
 * Kubernetes: kubectl/pkg/cmd/logs, kubelet validateContainerLogStatus.
 */
export const logs: Command<readonly Stream[]> = {
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
    const pods = podsNamed(run, word, selector);
    if (pods.length === 0) run.err(`No resources found in ${run.namespace} namespace.\n`);
    const streams: Stream[] = [];
    for (const pod of pods) {
      try {
        for (const each of chosen(run, pod, run.flag('container') ?? container)) streams.push(open(run, pod, each));
      } catch (error) {
        run.refuse(0, error, '');
      }
    }
    const most = Number(run.flag('max-log-requests') ?? mostStreams);
    if (run.has('follow') && streams.length > most)
      throw new UsageError(`error: you are attempting to follow ${streams.length} log streams, but maximum allowed concurrency is ${most}, use --max-log-requests to increase the limit`); // prettier-ignore
    const printed = streams.map((stream) => print(run, stream, tail));
    if (run.has('follow')) return follow(run, printed);
  },
  resume: (run, streams) =>
    follow(
      run,
      streams.map((stream) => print(run, stream, -1)),
    ),
};

/** Of several pods of a workload one is taken, and told. A pod that is not there is told in words of its own. */
function podsNamed(run: Invocation, word: string | undefined, selector: string | undefined): readonly Pod[] {
  try {
    const pods = podsBehind(run, word, selector);
    if (word === undefined || pods.length === 1) return pods;
    run.err(`Found ${pods.length} pods, using pod/${pods[0]!.metadata.name}\n`);
    return pods.slice(0, 1);
  } catch (error) {
    if (!(error instanceof ApiError) || error.status.reason !== 'NotFound') throw error;
    throw new UsageError(
      `error: error from server (NotFound): ${error.status.message} in namespace "${run.namespace}"`,
    );
  }
}

/** Waits for more; ends when no container can write any more. */
function follow(run: Invocation, streams: readonly Stream[]): Waiting | void {
  const open = streams.filter((stream) => isRunning(run, stream));
  if (open.length > 0) return { state: open, afterMs: followMs };
}

function isRunning(run: Invocation, { namespace, pod, container, id }: Stream): boolean {
  try {
    const found = containerStatusOf(run.client.get(run.ctx, 'pods', pod, namespace), container);
    return found?.state?.running !== undefined && plainId(found.containerID ?? '') === id;
  } catch (error) {
    if (isReason(error, 'NotFound')) return false;
    throw error;
  }
}

/** All containers with `--all-containers`, else one. */
function chosen(run: Invocation, pod: Pod, name: string | undefined): readonly V1Container[] {
  if (!run.has('all-containers')) return [containerOf(run, pod, name)];
  return [...(pod.spec?.initContainers ?? []), ...(pod.spec?.containers ?? [])];
}

/** The stream of a container, from its beginning. */
const open = (run: Invocation, pod: Pod, { name }: V1Container): Stream => ({
  namespace: pod.metadata.namespace!,
  pod: pod.metadata.name,
  node: pod.spec?.nodeName ?? '',
  container: name,
  id: instanceOf(pod, name, run.has('previous')),
  at: -1,
  lines: 0,
});

/** Prints what has not been printed yet, at most the last `tail` lines (−1: all). */
function print(run: Invocation, stream: Stream, tail: number): Stream {
  const { pod, node, container, id, at: from, lines: seen } = stream;
  const all = run.nodes.logs(node, id);
  let skip = seen;
  const fresh = all.filter(({ at }) => at > from || (at === from && --skip < 0));
  const kept = tail < 0 ? fresh : fresh.slice(Math.max(0, fresh.length - tail));
  const prefix = run.has('prefix') ? `[pod/${pod}/${container}] ` : '';
  for (const { at, text } of kept)
    run.out(`${prefix}${run.has('timestamps') ? `${microTimestamp(at).replace('Z', '000Z')} ` : ''}${text}\n`);
  const last = all.at(-1)?.at ?? from;
  return { ...stream, at: last, lines: all.filter(({ at }) => at === last).length };
}

/** Id of the container whose output is meant. Refuses a pod without a machine, as its kubelet does what it knows nothing of. */
function instanceOf(pod: Pod, container: string, previous: boolean): string {
  if (!pod.spec?.nodeName) throw badRequest(`pod ${pod.metadata.name} does not have a host assigned`);
  return loggedContainer(pod, container, previous);
}
