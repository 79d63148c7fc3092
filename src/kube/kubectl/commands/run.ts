import type { KubeObject } from '../../apimachinery/index.ts';
import { parseManifests } from '../../apimachinery/yaml.ts';
import { mergePatch, type Json } from '../../apimachinery/patch/index.ts';
import { kindOf } from '../../apis/index.ts';
import type { Command, Invocation } from '../command.ts';
import { createAndTell, creationFlags } from '../create.ts';
import { misuse, UsageError } from '../parse.ts';

/**
 * `kubectl run NAME --image=IMAGE [-- ARGS]`: one pod. Kubernetes: kubectl/pkg/cmd/run.
 * Simplified: `-i`, `-t`, `--attach` and `--rm` make the pod and return at once; its output is in `kubectl logs`.
 */
export const runCommand: Command = {
  name: 'run',
  flags: {
    flags: {
      ...creationFlags.flags,
      image: 'string',
      restart: 'string',
      env: 'list',
      labels: 'string',
      port: 'string',
      expose: 'boolean',
      command: 'boolean',
      annotations: 'list',
      'image-pull-policy': 'string',
      overrides: 'string',
      stdin: 'boolean',
      tty: 'boolean',
      rm: 'boolean',
      attach: 'boolean',
      quiet: 'boolean',
      privileged: 'boolean',
    },
    short: { ...creationFlags.short, l: 'labels', i: 'stdin', t: 'tty', q: 'quiet' },
  },
  run(run) {
    const [name, ...more] = run.args.positional;
    if (run.flag('image') === undefined) throw new UsageError('error: required flag(s) "image" not set');
    if (name === undefined)
      throw new UsageError("error: NAME is required for run\nSee 'kubectl run -h' for help and examples");
    if (!run.flag('image')) throw new UsageError('error: --image is required');
    if (run.has('rm') && !run.has('attach') && !run.has('stdin'))
      throw new UsageError('error: --rm should only be used for attached containers');
    const pod = overridden(run, podOf(run, name, [...more, ...run.args.rest]));
    if (run.has('expose')) {
      createAndTell(run, kindOf('services')!, serviceOf(run, name));
      // The printer of both begins a document with each, and the line between them stands twice.
      if (run.flag('output') === 'yaml') run.out('---\n---\n');
    }
    createAndTell(run, kindOf('pods')!, pod);
  },
};

function podOf(run: Invocation, name: string, args: readonly string[]): KubeObject {
  const given = run.flag('labels');
  const labels = given ? Object.fromEntries(given.split(',').map((pair) => pair.split('='))) : { run: name };
  const env = (run.args.flags.get('env') ?? []).map((pair) => {
    const equals = pair.indexOf('=');
    if (equals <= 0) throw new UsageError(`error: invalid env: ${pair}`);
    return { name: pair.slice(0, equals), value: pair.slice(equals + 1) };
  });
  const restart = run.flag('restart') ?? 'Always';
  if (!['Always', 'OnFailure', 'Never'].includes(restart)) throw misuse('run', `invalid restart policy: ${restart}`);
  const port = run.flag('port');
  const policy = run.flag('image-pull-policy');
  const container = {
    ...(args.length > 0 && (run.has('command') ? { command: args } : { args })),
    ...(env.length > 0 && { env }),
    image: run.flag('image'),
    ...(policy && { imagePullPolicy: policy }),
    name,
    ...(port !== undefined && { ports: [{ containerPort: Number(port) }] }),
    resources: {},
    ...(run.has('stdin') && { stdin: true, stdinOnce: true }),
    ...(run.has('tty') && { tty: true }),
  };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { labels, name },
    spec: { containers: [container], dnsPolicy: 'ClusterFirst', restartPolicy: restart },
    status: {},
  } as unknown as KubeObject;
}

/** The pod with `--overrides`, a JSON merge patch. */
function overridden(run: Invocation, pod: KubeObject): KubeObject {
  const text = run.flag('overrides');
  if (text === undefined) return pod;
  const patch = parseManifests(text).manifests[0]?.object;
  if (patch === undefined) throw new UsageError(`error: Invalid overrides: ${text}`);
  return mergePatch(pod as unknown as Json, patch as unknown as Json) as unknown as KubeObject;
}

function serviceOf(run: Invocation, name: string): KubeObject {
  const port = Number(run.flag('port'));
  if (!port) throw new UsageError('error: --port must be set when exposing a service');
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name },
    spec: { ports: [{ port, protocol: 'TCP', targetPort: port }], selector: { run: name } },
    status: { loadBalancer: {} },
  } as unknown as KubeObject;
}
