import { goJson } from '../../apimachinery/go-json.ts';
import { isReason, matchesLabels, parseSelector, type KubeObject } from '../../apimachinery/index.ts';
import { mergePatch, strategicPatch } from '../../apimachinery/patch/index.ts';
import type { RequestOptions } from '../../apiserver/request.ts';
import type { Command, Invocation, ManifestObject } from '../command.ts';
import { dryRunOf, printMade } from '../create.ts';
import { applyPatch, lastApplied, withLastApplied } from '../last-applied.ts';
import { readManifests } from '../manifests.ts';
import { misuse, UsageError } from '../parse.ts';
import { forPrinting } from '../printers/managed-fields.ts';
import { toJson, toYaml } from '../printers/yaml.ts';
import { setLastApplied, viewLastApplied } from './apply-last-applied.ts';
import { checkPrune, prune } from './apply-prune.ts';
import { applyOnServer } from './apply-server-side.ts';

/** `kubectl apply -f`: creates what is missing, patches what differs. */
export const apply: Command = {
  name: 'apply',
  flags: {
    flags: {
      filename: 'list',
      output: 'string',
      'dry-run': 'string',
      'server-side': 'boolean',
      'force-conflicts': 'boolean',
      'field-manager': 'string',
      'show-managed-fields': 'boolean',
      subresource: 'string',
      validate: 'string',
      selector: 'string',
      all: 'boolean',
      overwrite: 'boolean',
      prune: 'boolean',
      'prune-allowlist': 'list',
      recursive: 'boolean',
      'create-annotation': 'boolean',
      'openapi-patch': 'boolean',
    },
    short: { f: 'filename', o: 'output', l: 'selector', R: 'recursive' },
  },
  run(run) {
    const [part, ...words] = run.args.positional;
    if (part === 'view-last-applied') return viewLastApplied(run, words);
    if (part === 'set-last-applied') return setLastApplied(run);
    if (part !== undefined) throw misuse('apply', `Unexpected args: [${run.args.positional.join(' ')}]`);
    checkFlags(run);
    const paths = run.args.flags.get('filename') ?? [];
    if (paths.length === 0) throw new UsageError('error: must specify one of -f and -k');
    const items = readManifests(run, paths).filter(selected(run));
    if (items.length === 0 && !run.failed()) throw new UsageError('error: no objects passed to apply');
    const objects: KubeObject[] = [];
    const applied: KubeObject[] = [];
    for (const item of items) {
      const doing = { words: '' };
      try {
        const { object, done } = applyOne(run, item, doing);
        if (object.metadata.deletionTimestamp !== undefined) {
          run.err(`Warning: Detected changes to resource ${object.metadata.name} which is currently being deleted.\n`);
        }
        applied.push(object);
        if (isPrinted(run)) objects.push(object);
        else printMade(run, item.kind, object, done);
      } catch (error) {
        run.refuse(item.document, error, doing.words);
      }
    }
    if (objects.length > 0) printObjects(run, objects);
    if (run.has('prune') && !run.failed()) prune(run, applied);
  },
};

/** `-l` leaves out the manifests whose labels do not match. */
function selected(run: Invocation): (item: ManifestObject) => boolean {
  const requirements = parseSelector(run.flag('selector') ?? '');
  return ({ object }) => matchesLabels(requirements, object.metadata?.labels);
}

/** True when the objects themselves are asked for, all at once in the end. */
const isPrinted = (run: Invocation): boolean => (run.flag('output') ?? 'name') !== 'name';

function printObjects(run: Invocation, objects: readonly KubeObject[]): void {
  const list = { apiVersion: 'v1', kind: 'List', metadata: {}, items: objects };
  const shown = forPrinting(run, objects.length === 1 ? objects[0] : list);
  const output = run.flag('output');
  if (output === 'yaml') run.out(toYaml(shown));
  else if (output === 'json') run.out(toJson(shown));
  else throw new UsageError(`error: unable to match a printer suitable for the output format "${output}", allowed formats are: go-template,go-template-file,json,jsonpath,jsonpath-as-json,jsonpath-file,kyaml,name,template,templatefile,yaml`); // prettier-ignore
}

/** What does not go together. */
function checkFlags(run: Invocation): void {
  checkPrune(run);
  const onServer = run.has('server-side');
  if (run.has('force-conflicts') && !onServer)
    throw new UsageError('error: --force-conflicts only works with --server-side');
  if (dryRunOf(run) === 'client' && onServer) {
    throw new UsageError(
      "error: --dry-run=client doesn't work with --server-side (did you mean --dry-run=server instead?)",
    );
  }
  if (run.flag('subresource') && !onServer)
    throw new UsageError('error: --subresource can only be specified for --server-side');
}

/** `Resource: "apps/v1, Resource=deployments", …`: how kubectl names an object in long errors. */
const fullName = ({ kind, object, namespace }: ManifestObject): string => {
  const version = kind.group ? `${kind.group}/${kind.version}` : `/${kind.version}`;
  return `Resource: "${version}, Resource=${kind.resource}", GroupVersionKind: "${version}, Kind=${kind.kind}"\nName: "${object.metadata?.name ?? ''}", Namespace: "${namespace ?? ''}"`;
};

/** An object after its apply, and what is said of it. */
interface Applied {
  readonly object: KubeObject;
  readonly done: string;
}

/** Applies one object. `doing` is left saying what was under way when it throws. */
function applyOne(run: Invocation, item: ManifestObject, doing: { words: string }): Applied {
  const { object, kind, namespace, path } = item;
  const name = object.metadata?.name;
  if (!name && object.metadata?.generateName)
    throw new UsageError(`error: from ${object.metadata.generateName}: cannot use generate name with apply`);
  const dryRun = dryRunOf(run);
  // Validation by the server, as kubectl asks for it: unknown fields are errors.
  const options: RequestOptions = { fieldValidation: 'Strict', ...(dryRun === 'server' && { dryRun: true }) };
  if (run.has('server-side')) {
    return { object: applyOnServer(run, item, options), done: 'serverside-applied' };
  }
  if (!name) {
    throw new UsageError(
      `error: error when retrieving current configuration of:\n${fullName(item)}\nfrom server for: "${path}": resource name may not be empty`,
    );
  }
  const manager = { ...options, fieldManager: run.flag('field-manager') ?? 'kubectl-client-side-apply' };
  const wanted = withLastApplied(object, namespace);
  let live: KubeObject;
  try {
    live = run.request({ verb: 'get', resource: kind.key, namespace, name }) as KubeObject;
  } catch (error) {
    if (!isReason(error, 'NotFound')) throw error;
    doing.words = `error when creating "${path}"`;
    const request = { verb: 'create', resource: kind.key, namespace, body: wanted, options: manager } as const;
    return { object: dryRun === 'client' ? wanted : (run.request(request) as KubeObject), done: 'created' };
  }
  if (live.metadata.annotations?.[lastApplied] === undefined) {
    run.err(
      `Warning: resource ${kind.resource}/${name} is missing the ${lastApplied} annotation which is required by kubectl apply. kubectl apply should only be used on resources created declaratively by either kubectl create --save-config or kubectl apply. The missing annotation will be patched automatically.\n`,
    );
  }
  const patch = applyPatch(kind, wanted, live);
  if (!patch) return { object: live, done: 'unchanged' };
  doing.words = `error when applying patch:\n${goJson(patch)}\nto:\n${fullName(item)}\nfor: "${path}": error when patching "${path}"`;
  const patchType = kind.custom ? 'merge' : 'strategic';
  if (dryRun === 'client') {
    const patched = patchType === 'merge' ? mergePatch(live, patch) : strategicPatch(kind.model, live, patch);
    return { object: patched as KubeObject, done: 'configured' };
  }
  const request = { verb: 'patch', resource: kind.key, namespace, name, patchType, body: patch } as const;
  return { object: run.request({ ...request, options: manager }) as KubeObject, done: 'configured' };
}
