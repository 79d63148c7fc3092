import type { V1Container, V1EnvVar, V1EnvVarSource } from '../../../generated/types.ts';
import { decodeBase64, type KubeObject } from '../../apimachinery/index.ts';
import type { Invocation } from '../command.ts';
import { UsageError } from '../parse.ts';
import { containersIn, fetched, podSpecIn, transform } from '../transform.ts';
import { pairOf } from '../pairs.ts';

/** `kubectl set env TYPE/NAME A=1 B-`, `--from=configmap/NAME`, `--list`. Kubernetes: kubectl/pkg/cmd/set/set_env.go. */
export function setEnv(run: Invocation, words: readonly string[]): void {
  const isPair = (word: string): boolean => /^[A-Za-z_.][\w.-]*=/.test(word) || /^[A-Za-z_.][\w.-]*-$/.test(word);
  const first = words.findIndex(isPair);
  const targets = first < 0 ? words : words.slice(0, first);
  const pairs = first < 0 ? [] : words.slice(first);
  if (pairs.some((word) => !isPair(word)))
    throw new UsageError(`error: all resources must be specified before environment changes: ${words.join(' ')}`);
  if (targets.length === 0 && !run.args.flags.has('filename'))
    throw new UsageError('error: one or more resources must be specified as <resource> <name> or <resource>/<name>');
  if (run.has('list') && run.flag('output'))
    throw new UsageError('error: --list and --output may not be specified together');
  if (run.args.flags.has('keys') && !run.flag('from'))
    throw new UsageError('error: when specifying --keys, a configmap or secret must be provided with --from');
  const given = [...(run.args.flags.get('env') ?? []), ...pairs].map(pairOf);
  const removed = given.filter(([, value]) => value === null).map(([name]) => name);
  const set = given.filter(([, value]) => value !== null).map(([name, value]): V1EnvVar => ({ name, value: value! }));
  if (set.some(({ name }) => removed.includes(name)))
    throw new UsageError('error: can not both modify and remove the same environment variable in the same command');
  const prefix = run.flag('prefix') ?? '';
  const added = [...set, ...fromSource(run)].map((env) => ({ ...env, name: prefix + env.name }));
  const only = run.flag('containers') ?? '*';
  if (run.has('list')) {
    list(run, targets, added, removed, only);
    return;
  }
  if (given.length === 0 && added.length === 0)
    throw new UsageError('error: at least one environment variable must be provided');
  transform(run, {
    words: targets,
    done: 'env updated',
    failed: 'failed to patch env update to pod template: ',
    change(object) {
      const containers = containersIn(podSpecIn(object), only);
      if (containers.length === 0)
        run.err(`Warning: ${object.kind}/${object.metadata.name} does not have any containers matching "${only}"\n`);
      for (const container of containers) {
        if (run.flag('overwrite') === 'false') refuseOverwrite(container, added);
        container.env = updated(container, added, removed);
      }
    },
  });
}

function refuseOverwrite({ env = [] }: V1Container, added: readonly V1EnvVar[]): void {
  for (const { name, value } of added) {
    const known = env.find((each) => each.name === name);
    if (known) throw new UsageError(`'${name}' already has a value (${known.value ?? ''}), and --overwrite is false`);
    void value;
  }
}

/** The environment with the changes: what is known keeps its place. */
function updated({ env = [] }: V1Container, added: readonly V1EnvVar[], removed: readonly string[]): V1EnvVar[] {
  const next = new Map(added.map((each) => [each.name, each]));
  const kept = env.filter(({ name }) => !removed.includes(name)).map((each) => next.get(each.name) ?? each);
  const known = new Set(kept.map(({ name }) => name));
  return [...kept, ...added.filter(({ name }) => !known.has(name))];
}

/** A variable for each key of what `--from` names. */
function fromSource(run: Invocation): V1EnvVar[] {
  const from = run.flag('from');
  if (!from) return [];
  const keys = run.args.flags.get('keys')?.flatMap((text) => text.split(','));
  const sources = fetched(
    { ...run, args: { ...run.args, flags: new Map() }, flag: () => undefined, has: () => false },
    [from],
  );
  return sources.flatMap(({ live }) => {
    if (live.kind !== 'Secret' && live.kind !== 'ConfigMap')
      throw new UsageError('error: unsupported resource specified in --from');
    const field = live.kind === 'Secret' ? 'secretKeyRef' : 'configMapKeyRef';
    const data = Object.keys((live['data'] as object | undefined) ?? {}).sort();
    return data
      .filter((key) => !keys || keys.includes(key))
      .map((key) => {
        const name = key.replaceAll(/[^A-Za-z0-9_]/g, '_').toUpperCase();
        if (name !== key) run.err(`Warning: key ${key} transferred to ${name}\n`);
        return { name, valueFrom: { [field]: { key, name: live.metadata.name } } };
      });
  });
}

function list(
  run: Invocation,
  words: readonly string[],
  added: readonly V1EnvVar[],
  removed: readonly string[],
  only: string,
): void {
  let unresolved = false;
  for (const { live } of fetched(run, words)) {
    for (const container of containersIn(podSpecIn(live), only)) {
      run.out(`# ${live.kind} ${live.metadata.name}, container ${container.name}\n`);
      for (const { name, value = '', valueFrom } of updated(container, added, removed)) {
        const resolved = valueFrom && run.has('resolve') ? resolve(run, valueFrom, live) : undefined;
        if (!valueFrom) run.out(`${name}=${value}\n`);
        else if (resolved !== undefined) run.out(`${name}=${resolved}\n`);
        else {
          run.out(`# ${name} from ${sourceOf(valueFrom)}\n`);
          unresolved ||= run.has('resolve');
        }
      }
    }
  }
  if (unresolved) throw new UsageError('error: failed to retrieve valueFrom references');
}

/** Kubernetes: envutil.GetEnvVarRefString. */
function sourceOf({ configMapKeyRef, secretKeyRef, fieldRef, resourceFieldRef }: V1EnvVarSource): string {
  if (configMapKeyRef) return `configmap ${configMapKeyRef.name}, key ${configMapKeyRef.key}`;
  if (secretKeyRef) return `secret ${secretKeyRef.name}, key ${secretKeyRef.key}`;
  if (fieldRef) return `field path ${fieldRef.fieldPath}`;
  const container = resourceFieldRef?.containerName ? `${resourceFieldRef.containerName}/` : '';
  return resourceFieldRef ? `resource field ${container}${resourceFieldRef.resource}` : 'invalid valueFrom';
}

/** The value behind a reference, where it can be read. Simplified: resource fields are not worked out. */
function resolve(
  run: Invocation,
  { configMapKeyRef, secretKeyRef, fieldRef }: V1EnvVarSource,
  object: KubeObject,
): string | undefined {
  const { namespace, name, uid } = object.metadata;
  const data = (resource: string, of: string): Record<string, string> =>
    ((run.request({ verb: 'get', resource, namespace, name: of }) as KubeObject)['data'] as Record<string, string>) ??
    {};
  if (configMapKeyRef) return data('configmaps', configMapKeyRef.name ?? '')[configMapKeyRef.key];
  if (secretKeyRef) {
    const text = data('secrets', secretKeyRef.name ?? '')[secretKeyRef.key];
    return text === undefined ? undefined : decodeBase64(text);
  }
  const fields: Record<string, string | undefined> = {
    'metadata.name': name,
    'metadata.namespace': namespace,
    'metadata.uid': uid,
  };
  return fieldRef ? fields[fieldRef.fieldPath] : undefined;
}
