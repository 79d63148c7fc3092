import type { KubeObject } from '../../apimachinery/index.ts';
import type { V1PodSpec } from '../../../generated/types.ts';
import type { Command, Invocation } from '../command.ts';
import { UsageError } from '../parse.ts';
import { identity } from '../resources.ts';
import { targetsOf } from '../selection.ts';

/** Where an object keeps its pod spec. */
const podSpecOf = (object: KubeObject): V1PodSpec =>
  (object.kind === 'Pod'
    ? object['spec']
    : (object['spec'] as { template: { spec: V1PodSpec } }).template.spec) as V1PodSpec;

const wrap = (object: KubeObject, podSpec: object): object =>
  object.kind === 'Pod' ? { spec: podSpec } : { spec: { template: { spec: podSpec } } };

/** A change to containers, by name: what the strategic merge patch carries. */
type Change = (container: V1PodSpec['containers'][number]) => object | undefined;

/** Patches the containers that `change` answers for, and says what was done. */
function patchContainers(
  run: Invocation,
  words: readonly string[],
  change: (spec: V1PodSpec) => Change,
  done: string,
): void {
  for (const { kind, name, namespace } of targetsOf(run, words)) {
    try {
      const live = run.request({ verb: 'get', resource: kind.key, namespace, name }) as KubeObject;
      const spec = podSpecOf(live);
      const edit = change(spec);
      const containers = spec.containers.flatMap((c) => {
        const edited = edit(c);
        return edited ? [{ name: c.name, ...edited }] : [];
      });
      if (containers.length === 0) continue;
      const after = run.request({
        verb: 'patch',
        resource: kind.key,
        namespace,
        name,
        patchType: 'strategic',
        body: wrap(live, { containers }),
      }) as KubeObject;
      if (after.metadata.resourceVersion !== live.metadata.resourceVersion)
        run.out(`${identity(kind, name)} ${done}\n`);
    } catch (error) {
      run.refuse(0, error, '');
    }
  }
}

/** `kubectl set image|env|resources TYPE/NAME …`. Kubernetes: kubectl/pkg/cmd/set. */
export const set: Command = {
  name: 'set',
  flags: {
    flags: {
      containers: 'string',
      limits: 'string',
      requests: 'string',
      all: 'boolean',
      selector: 'string',
      filename: 'list',
    },
    short: { c: 'containers', l: 'selector', f: 'filename' },
  },
  run(run) {
    const [what, ...words] = run.args.positional;
    const targets = words.filter((word) => !/^[\w.*-]+[=]/.test(word) && !/^\w+-$/.test(word));
    const pairs = words.filter((word) => !targets.includes(word));
    if (what === 'image') return setImage(run, targets, pairs);
    if (what === 'env') return setEnv(run, targets, pairs);
    if (what === 'resources') return setResources(run, targets);
    throw new UsageError(`error: unknown command "set ${what ?? ''}"`);
  },
};

function setImage(run: Invocation, targets: readonly string[], pairs: readonly string[]): void {
  const images = new Map(pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]));
  const change = (spec: V1PodSpec): Change => {
    for (const name of images.keys()) {
      if (name !== '*' && !spec.containers.some((c) => c.name === name))
        throw new UsageError(`error: unable to find container named "${name}"`);
    }
    return (c) => {
      const image = images.get(c.name) ?? images.get('*');
      return image === undefined || image === c.image ? undefined : { image };
    };
  };
  patchContainers(run, targets, change, 'image updated');
}

function setEnv(run: Invocation, targets: readonly string[], pairs: readonly string[]): void {
  const env = pairs.map((pair) =>
    pair.includes('=')
      ? { name: pair.slice(0, pair.indexOf('=')), value: pair.slice(pair.indexOf('=') + 1) }
      : { name: pair.slice(0, -1), $patch: 'delete' },
  );
  const only = run.flag('containers');
  patchContainers(
    run,
    targets,
    () => (c) => (only === undefined || only === '*' || c.name === only ? { env } : undefined),
    'env updated',
  );
}

const quantities = (text: string | undefined): Record<string, string> | undefined =>
  text === undefined
    ? undefined
    : Object.fromEntries(text.split(',').map((pair) => pair.split('=') as [string, string]));

function setResources(run: Invocation, targets: readonly string[]): void {
  const limits = quantities(run.flag('limits'));
  const requests = quantities(run.flag('requests'));
  if (!limits && !requests)
    throw new UsageError(
      'error: you must specify an update to requests or limits (in the form of --requests/--limits)',
    );
  const only = run.flag('containers');
  const resources = { ...(limits && { limits }), ...(requests && { requests }) };
  patchContainers(
    run,
    targets,
    () => (c) => (only === undefined || only === '*' || c.name === only ? { resources } : undefined),
    'resource requirements updated',
  );
}
