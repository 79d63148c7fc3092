import { isReason, type KubeObject } from '../../apimachinery/index.ts';
import { threeWayPatch, type Json } from '../../apimachinery/patch/index.ts';
import type { AnyKind } from '../../apis/kind.ts';
import type { Command, Invocation, ManifestObject } from '../command.ts';
import { readManifests } from '../manifests.ts';
import { UsageError } from '../parse.ts';
import { identity } from '../resources.ts';

/** Annotation in which kubectl keeps what was applied last. */
export const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

/** `kubectl apply -f`: creates what is missing, patches what differs. */
export const apply: Command = {
  name: 'apply',
  flags: {
    flags: { filename: 'list', 'dry-run': 'string', 'server-side': 'boolean', validate: 'string' },
    short: { f: 'filename' },
  },
  run(run) {
    const paths = run.args.flags.get('filename') ?? [];
    if (paths.length === 0) throw new UsageError('error: must specify one of -f and -k');
    const items = readManifests(run, paths);
    if (items.length === 0 && !run.failed()) throw new UsageError('error: no objects passed to apply');
    for (const item of items) {
      const doing = { words: '' };
      try {
        run.out(`${run.has('server-side') ? applyOnServer(run, item) : applyOne(run, item, doing)}\n`);
      } catch (error) {
        run.refuse(item.document, error, doing.words);
      }
    }
  },
};

/** The object as kubectl sends it at first: with what is applied written into its annotation. */
export function withLastApplied(object: KubeObject, namespace: string | undefined): KubeObject {
  const annotations: Record<string, string> = { ...object.metadata?.annotations };
  delete annotations[lastApplied];
  const bare = {
    ...object,
    metadata: { ...object.metadata, annotations, ...(namespace && { namespace }) },
  } as KubeObject;
  const text = `${JSON.stringify(sorted(bare))}\n`;
  return { ...bare, metadata: { ...bare.metadata, annotations: { ...annotations, [lastApplied]: text } } };
}

/** Keys in order, as Go marshals maps: the annotation is compared as text. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([k, v]) => [k, sorted(v)]));
}

/** The patch that brings a live object to what is applied, or undefined when it is there already. */
export function applyPatch(kind: AnyKind, wanted: KubeObject, live: KubeObject): Json | undefined {
  const before = live.metadata.annotations?.[lastApplied];
  let original: unknown;
  try {
    original = before === undefined ? undefined : JSON.parse(before);
  } catch {
    original = undefined;
  }
  return threeWayPatch(kind.model, original, wanted as unknown as Json, live as unknown as Json);
}

/** Validation by the server, as kubectl asks for it: unknown fields are errors. */
const strict = { fieldValidation: 'Strict', fieldManager: 'kubectl-client-side-apply' } as const;

/** Server-side apply: what the API server says to it. */
function applyOnServer(run: Invocation, { object, kind, namespace }: ManifestObject): string {
  const { name } = object.metadata;
  run.request({
    verb: 'patch',
    resource: kind.key,
    namespace,
    name,
    patchType: 'apply',
    body: object,
    options: strict,
  });
  return `${identity(kind, name)} serverside-applied`;
}

/** `Resource: "apps/v1, Resource=deployments", …`: how kubectl names an object in long errors. */
const fullName = ({ kind, object, namespace }: ManifestObject): string => {
  const version = kind.group ? `${kind.group}/${kind.version}` : `/${kind.version}`;
  return `Resource: "${version}, Resource=${kind.resource}", GroupVersionKind: "${version}, Kind=${kind.kind}"\nName: "${object.metadata?.name ?? ''}", Namespace: "${namespace ?? ''}"`;
};

/** Applies one object. `doing` is left saying what was under way when it throws. */
function applyOne(run: Invocation, item: ManifestObject, doing: { words: string }): string {
  const { object, kind, namespace, path } = item;
  const name = object.metadata?.name;
  if (!name) {
    if (object.metadata?.generateName)
      throw new UsageError(`error: from ${object.metadata.generateName}: cannot use generate name with apply`);
    throw new UsageError(
      `error: error when retrieving current configuration of:\n${fullName(item)}\nfrom server for: "${path}": resource name may not be empty`,
    );
  }
  const dryRun = run.flag('dry-run');
  const suffix = dryRun === 'client' ? ' (dry run)' : dryRun === 'server' ? ' (server dry run)' : '';
  const options = { ...strict, ...(dryRun && dryRun !== 'none' && { dryRun: true }) };
  const wanted = withLastApplied(object, namespace);
  let live: KubeObject;
  try {
    live = run.request({ verb: 'get', resource: kind.key, namespace, name }) as KubeObject;
  } catch (error) {
    if (!isReason(error, 'NotFound')) throw error;
    doing.words = `error when creating "${path}"`;
    run.request({ verb: 'create', resource: kind.key, namespace, body: wanted, options });
    return `${identity(kind, name)} created${suffix}`;
  }
  if (live.metadata.annotations?.[lastApplied] === undefined) {
    run.err(
      `Warning: resource ${kind.resource}/${name} is missing the ${lastApplied} annotation which is required by kubectl apply. kubectl apply should only be used on resources created declaratively by either kubectl create --save-config or kubectl apply. The missing annotation will be patched automatically.\n`,
    );
  }
  const patch = applyPatch(kind, wanted, live);
  if (!patch) return `${identity(kind, name)} unchanged${suffix}`;
  doing.words = `error when applying patch:\n${JSON.stringify(patch)}\nto:\n${fullName(item)}\nfor: "${path}": error when patching "${path}"`;
  const after = run.request({
    verb: 'patch',
    resource: kind.key,
    namespace,
    name,
    patchType: 'strategic',
    body: patch,
    options,
  }) as KubeObject;
  const changed = after.metadata.resourceVersion !== live.metadata.resourceVersion || suffix !== '';
  return `${identity(kind, name)} ${changed ? 'configured' : 'unchanged'}${suffix}`;
}
