import type { V1Container, V1PodSpec } from '../../../generated/types.ts';
import type { KubeObject } from '../../apimachinery/index.ts';
import { randomLetters } from '../../apimachinery/names.ts';
import type { Node, Pod } from '../../apis/index.ts';
import type { Command, Invocation, Waiting } from '../command.ts';
import { placeOf } from '../inside.ts';
import { UsageError } from '../parse.ts';
import { namedObjects } from '../resources.ts';
import { promptHint } from './attach.ts';

/** What a line waits for: the container, then its end. */
interface Debugging {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  readonly attached: boolean;
}

/**
 * `kubectl debug POD --image=IMAGE [-it]`: a container beside the others; with `--copy-to` a copy of the pod; `debug node/NAME`: a
 * pod with the machine's namespaces and files. Kubernetes: kubectl/pkg/cmd/debug, its general profile.
 * Simplified: the profiles other than `general` are those of `general`.
 */
export const debug: Command<Debugging> = {
  name: 'debug',
  flags: {
    flags: {
      'arguments-only': 'boolean',
      attach: 'boolean',
      container: 'string',
      'copy-to': 'string',
      custom: 'string',
      env: 'list',
      filename: 'list',
      image: 'string',
      'image-pull-policy': 'string',
      profile: 'string',
      quiet: 'boolean',
      replace: 'boolean',
      'same-node': 'boolean',
      'set-image': 'list',
      'share-processes': 'boolean',
      stdin: 'boolean',
      target: 'string',
      tty: 'boolean',
    },
    short: { c: 'container', f: 'filename', i: 'stdin', q: 'quiet', t: 'tty' },
  },
  run(run) {
    validate(run);
    const words = run.args.positional;
    const targets =
      words[0]!.includes('/') || !words[1] ? words.map((word) => (word.includes('/') ? word : `pod/${word}`)) : words;
    const [target] = namedObjects(run, targets.slice(0, 1));
    const { kind, name, namespace } = target!;
    const live = run.request({ verb: 'get', resource: kind.key, namespace, name }) as KubeObject;
    if (kind.key === 'nodes') return followed(run, debugNode(run, live as Node));
    if (kind.key !== 'pods')
      throw new UsageError(
        `error: "${kind.group ? `${kind.group}/` : '/'}${kind.version}, Kind=${kind.kind}" not supported by debug`,
      );
    const pod = live as unknown as Pod;
    return followed(run, run.flag('copy-to') ? debugCopy(run, pod) : debugPod(run, pod));
  },
  resume(run, state, { exec: done }) {
    if (!state.attached) return tryAttach(run, state);
    if (!done) return undefined;
    run.out(done.output);
    if (done.exitCode !== 0) throw new UsageError('', done.exitCode);
  },
};

function validate(run: Invocation): void {
  const [image, copy] = [run.flag('image') ?? '', run.flag('copy-to') ?? ''];
  const wrong = (sentence: string): UsageError => new UsageError(`error: ${sentence}`);
  const args = run.args.rest.length > 0;
  if (copy) {
    if (!image && !run.args.flags.has('set-image') && !args)
      throw wrong('you must specify --image, --set-image or command arguments.');
    if (args && !run.flag('container') && !image)
      throw wrong('you must specify an existing container or a new image when specifying args.');
    if (run.flag('target')) throw wrong('--target is incompatible with --copy-to. Use --share-processes instead.');
  } else {
    for (const flag of ['replace', 'same-node', 'set-image'])
      if (run.args.flags.has(flag)) throw wrong(`--${flag} may only be used with --copy-to.`);
    if (!image) throw wrong('you must specify --image when not using --copy-to.');
  }
  if (run.args.positional.length === 0) throw wrong('NAME or filename is required for debug');
  const policy = run.flag('image-pull-policy') ?? '';
  if (!['', 'Always', 'IfNotPresent', 'Never'].includes(policy)) throw wrong(`invalid image pull policy: ${policy}`);
  if (run.flag('target') && !run.has('quiet'))
    run.out(`Targeting container "${run.flag('target')}". If you don't see processes from this container it may be because the container runtime doesn't support this feature.\n`); // prettier-ignore
  if (run.has('tty') && !run.has('stdin')) throw wrong('-i/--stdin is required for containers with -t/--tty=true');
}

/** What the flags say about the debugging container. */
function containerOf(run: Invocation, name: string): V1Container {
  const env = (run.args.flags.get('env') ?? []).map((pair) => ({
    name: pair.slice(0, pair.indexOf('=')),
    value: pair.slice(pair.indexOf('=') + 1),
  }));
  const { rest } = run.args;
  const policy = run.flag('image-pull-policy');
  return {
    name,
    image: run.flag('image') ?? '',
    ...(env.length > 0 && { env }),
    ...(policy && { imagePullPolicy: policy }),
    ...(rest.length > 0 && (run.has('arguments-only') ? { args: [...rest] } : { command: [...rest] })),
    ...(run.has('stdin') && { stdin: true }),
    terminationMessagePolicy: 'File',
    ...(run.has('tty') && { tty: true }),
  };
}

/** The name that was given, or one that nobody has: `debugger-x7k2p`. */
function nameOf(run: Invocation, spec: V1PodSpec | undefined): string {
  const given = run.flag('container');
  if (given) return given;
  const taken = [...(spec?.containers ?? []), ...(spec?.initContainers ?? []), ...(spec?.ephemeralContainers ?? [])];
  let name: string;
  do name = `debugger-${randomLetters(run.ctx.random('kubectl'), 5)}`;
  while (taken.some((container) => container.name === name));
  if (!run.has('quiet')) run.out(`Defaulting debug container name to ${name}.\n`);
  return name;
}

const tracing = { securityContext: { capabilities: { add: ['SYS_PTRACE'] } } };

/** An ephemeral container beside the others. */
function debugPod(run: Invocation, { metadata, spec }: Pod): Debugging {
  const { name: pod, namespace } = metadata;
  const container = nameOf(run, spec);
  if (spec?.ephemeralContainers?.some((each) => each.name === container))
    throw new UsageError(
      `The Pod "${pod}" is invalid: spec.ephemeralContainers: Forbidden: existing ephemeral containers "${container}" may not be changed\n`,
    );
  const target = run.flag('target');
  const one = { ...containerOf(run, container), ...tracing, ...(target && { targetContainerName: target }) };
  const order = [...(spec?.ephemeralContainers ?? []), one].map((each) => ({ name: each.name }));
  const body = { spec: { '$setElementOrder/ephemeralContainers': order, ephemeralContainers: [one] } };
  run.request({
    verb: 'patch',
    resource: 'pods',
    namespace,
    name: pod,
    subresource: 'ephemeralcontainers',
    patchType: 'strategic',
    body,
  });
  return { namespace: namespace!, pod, container, attached: false };
}

/** A copy of the pod, without probes, with the container beside the others. */
function debugCopy(run: Invocation, pod: Pod): Debugging {
  const { nodeName, ephemeralContainers: _, ...spec } = JSON.parse(JSON.stringify(pod.spec)) as V1PodSpec;
  const images = new Map((run.args.flags.get('set-image') ?? []).map((pair) => pair.split('=') as [string, string]));
  const containers = spec.containers.map(
    ({ livenessProbe: _l, readinessProbe: _r, startupProbe: _s, ...rest }): V1Container => {
      const image = images.get(rest.name) ?? images.get('*');
      return image === undefined ? rest : { ...rest, image };
    },
  );
  const given = run.flag('container');
  const known = containers.find((each) => each.name === given);
  const name = known ? known.name : run.flag('image') ? nameOf(run, pod.spec) : containers[0]!.name;
  const made = { ...containerOf(run, name), ...tracing };
  const { image, ...changes } = made;
  const all = containers.some((each) => each.name === name)
    ? containers.map((each) => (each.name === name ? { ...each, ...changes, ...(image && { image }) } : each))
    : [...containers, made];
  const namespace = pod.metadata.namespace!;
  const annotations = pod.metadata.annotations;
  const body = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: run.flag('copy-to')!, namespace, ...(annotations && { annotations }) },
    spec: {
      ...spec,
      containers: all,
      shareProcessNamespace: run.flag('share-processes') !== 'false',
      ...(run.has('same-node') && { nodeName }),
    },
  };
  run.request({ verb: 'create', resource: 'pods', namespace, body });
  if (run.has('replace'))
    run.request({
      verb: 'delete',
      resource: 'pods',
      namespace,
      name: pod.metadata.name,
      options: { gracePeriodSeconds: 0 },
    });
  return { namespace, pod: run.flag('copy-to')!, container: name, attached: false };
}

/** A pod on the machine, in its namespaces, with its files at /host. */
function debugNode(run: Invocation, { metadata }: Node): Debugging {
  const container = run.flag('container') || 'debugger';
  const pod = `node-debugger-${metadata.name}-${randomLetters(run.ctx.random('kubectl'), 5)}`;
  if (!run.has('quiet'))
    run.out(`Creating debugging pod ${pod} with container ${container} on node ${metadata.name}.\n`);
  const one = { ...containerOf(run, container), volumeMounts: [{ mountPath: '/host', name: 'host-root' }] };
  const body = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { labels: { 'app.kubernetes.io/managed-by': 'kubectl-debug' }, name: pod },
    spec: {
      containers: [one],
      hostIPC: true,
      hostNetwork: true,
      hostPID: true,
      nodeName: metadata.name,
      restartPolicy: 'Never',
      tolerations: [{ operator: 'Exists' }],
      volumes: [{ hostPath: { path: '/' }, name: 'host-root' }],
    },
  };
  run.request({ verb: 'create', resource: 'pods', namespace: run.namespace, body });
  return { namespace: run.namespace, pod, container, attached: false };
}

/** With `-i` or `--attach` the line goes on in the container. */
function followed(run: Invocation, state: Debugging): Waiting | void {
  const attaching = run.flag('attach') === undefined ? run.has('stdin') : run.has('attach');
  if (attaching) return waitFor(state);
}

const waitFor = (state: Debugging): Waiting => ({
  state,
  watch: { resource: 'pods', namespace: state.namespace, fieldSelector: `metadata.name=${state.pod}` },
});

function tryAttach(run: Invocation, state: Debugging): Waiting | void {
  const { namespace, pod: name, container } = state;
  const pod = run.request({ verb: 'get', resource: 'pods', namespace, name }) as unknown as Pod;
  const { containerStatuses = [], ephemeralContainerStatuses = [] } = pod.status ?? {};
  const status = [...containerStatuses, ...ephemeralContainerStatuses].find((each) => each.name === container);
  if (status?.state?.terminated) return undefined;
  if (!status?.state?.running) return waitFor(state);
  const [stdin, tty] = [run.has('stdin'), run.has('tty')];
  if (tty && !run.has('quiet')) run.err(promptHint);
  return {
    state: { ...state, attached: true },
    exec: { ...placeOf(run, pod, container), command: null, ...(stdin && { stdin, tty }) },
  };
}
