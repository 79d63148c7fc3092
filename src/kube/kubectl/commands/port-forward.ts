import type { Pod, Service } from '../../apis/index.ts';
import type { Command, Invocation, Waiting } from '../command.ts';
import type { Forwarding } from '../../observations.ts';
import { misuse, UsageError } from '../parse.ts';
import { podsBehind } from '../pods.ts';
import { kindByWord } from '../resources.ts';

/** First of the local ports that are given when none is asked for. */
const firstFreePort = 40_001;

/**
 * `kubectl port-forward TYPE/NAME [LOCAL:]REMOTE…`: until Ctrl+C, or until the pod is gone. Kubernetes: kubectl/pkg/cmd/portforward.
 * Simplified: nothing listens on this machine; `dial` inputs reach the pod through the line's ports. A connection that the pod refuses
 * does not end the line.
 */
export const portForward: Command<Forwarding> = {
  name: 'port-forward',
  flags: { flags: { address: 'list', 'pod-running-timeout': 'string' } },
  run(run) {
    const [target, ...ports] = run.args.positional;
    if (target === undefined || ports.length === 0)
      throw misuse('port-forward', 'TYPE/NAME and list of ports are required for port-forward');
    const service = serviceOf(run, target);
    const [pod] = podsBehind(run, target);
    const phase = pod!.status?.phase;
    if (phase !== 'Running')
      throw new UsageError(`error: unable to forward port because pod is not running. Current status=${phase}`);
    const list = ports.map((text, i) => portOf(pod!, service, text, i));
    for (const { local, remote } of list)
      for (const host of ['127.0.0.1', '[::1]']) run.out(`Forwarding from ${host}:${local} -> ${remote}\n`);
    const { name, namespace, uid } = pod!.metadata;
    return paused({ namespace: namespace!, pod: name, uid, ports: list });
  },
  resume(_run, state, { entries }) {
    if (entries.some(({ type, object }) => type === 'DELETED' && object?.metadata.uid === state.uid))
      throw new UsageError('error: lost connection to pod');
    return paused(state);
  },
};

const paused = (state: Forwarding): Waiting => ({
  state,
  forwards: state,
  watch: { resource: 'pods', namespace: state.namespace, fieldSelector: `metadata.name=${state.pod}` },
});

/** The Service that is named, whose ports are translated. */
function serviceOf(run: Invocation, target: string): Service | undefined {
  const [type = '', name = ''] = target.split('/');
  if (!name || kindByWord(run, type).key !== 'services') return undefined;
  return run.request({ verb: 'get', resource: 'services', namespace: run.namespace, name }) as Service;
}

/** `8080:80`, `80`, `:80`, `8080:http`. */
function portOf(pod: Pod, service: Service | undefined, text: string, index: number): Forwarding['ports'][number] {
  const [first = '', second] = text.split(':');
  const word = second ?? first;
  if (word === '') throw new UsageError('error: remote port cannot be empty');
  const remote = service ? targetOf(pod, service, word) : podPort(pod, word);
  if (!(remote > 0 && remote < 65_536)) throw new UsageError(`error: error parsing remote port ${word}: invalid port`);
  if (second !== undefined && first === '') return { local: firstFreePort + index, remote };
  const local = second === undefined ? (/^\d+$/.test(word) ? Number(word) : remote) : Number(first);
  if (!Number.isInteger(local)) throw new UsageError(`error: error parsing local port "${first}": strconv.ParseUint: parsing "${first}": invalid syntax`); // prettier-ignore
  return { local, remote };
}

function targetOf(pod: Pod, { metadata, spec }: Service, word: string): number {
  const port = spec?.ports?.find((each) => (/^\d+$/.test(word) ? each.port === Number(word) : each.name === word));
  if (!port) {
    throw new UsageError(
      /^\d+$/.test(word)
        ? `error: Service ${metadata.name} does not have a service port ${word}`
        : `error: Service '${metadata.name}' does not have a named port '${word}'`,
    );
  }
  if (port.protocol === 'UDP') throw new UsageError(`error: UDP protocol is not supported for ${word}`);
  const target = port.targetPort ?? port.port;
  if (spec?.clusterIP === 'None') return port.port;
  return typeof target === 'number' ? target || port.port : podPort(pod, target);
}

function podPort(pod: Pod, word: string): number {
  if (/^\d+$/.test(word)) return Number(word);
  const found = pod.spec?.containers.flatMap(({ ports = [] }) => ports).find(({ name }) => name === word);
  if (!found) throw new UsageError(`error: Pod '${pod.metadata.name}' does not have a named port '${word}'`);
  return found.containerPort;
}
