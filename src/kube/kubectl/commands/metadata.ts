import { isLabelValue } from '../../apimachinery/names.ts';
import type { KubeObject } from '../../apimachinery/index.ts';
import type { AnyKind } from '../../apis/kind.ts';
import type { Command, Invocation } from '../command.ts';
import { dryRunOf, printMade } from '../create.ts';
import { pairOf, splitPairs } from '../pairs.ts';
import { UsageError } from '../parse.ts';
import { groupKind } from '../resources.ts';
import { targetsOf, type Target } from '../selection.ts';

/** The two commands differ in their words. */
interface Words {
  readonly name: 'label' | 'annotate';
  readonly field: 'labels' | 'annotations';
  readonly one: 'label' | 'annotation';
}

/** `kubectl label` and `kubectl annotate`. Kubernetes: kubectl/pkg/cmd/{label,annotate}. */
function metadataCommand(words: Words): Command {
  return {
    name: words.name,
    flags: {
      flags: {
        overwrite: 'boolean',
        list: 'boolean',
        local: 'boolean',
        all: 'boolean',
        'all-namespaces': 'boolean',
        selector: 'string',
        'field-selector': 'string',
        'resource-version': 'string',
        filename: 'list',
        recursive: 'boolean',
        'dry-run': 'string',
        'field-manager': 'string',
        output: 'string',
        'show-managed-fields': 'boolean',
        template: 'string',
      },
      short: { A: 'all-namespaces', l: 'selector', f: 'filename', R: 'recursive', o: 'output' },
    },
    run: (run) => update(run, words),
  };
}

function update(run: Invocation, words: Words): void {
  dryRunOf(run);
  const { targets: named, pairs } = splitPairs(run.args.positional, words.one);
  check(pairs, words);
  if (run.has('list') && run.flag('output'))
    throw new UsageError('error: --list and --output may not be specified together');
  if (run.has('all') && run.flag('selector'))
    throw new UsageError('error: cannot set --all and --selector at the same time');
  if (named.length === 0 && !run.args.flags.has('filename'))
    throw new UsageError('error: one or more resources must be specified as <resource> <name> or <resource>/<name>');
  if (pairs.length === 0 && !run.has('list'))
    throw new UsageError(`error: at least one ${words.one} update is required`);
  const targets = targetsOf(run, named);
  if (targets.length !== 1 && run.flag('resource-version'))
    throw new UsageError('error: --resource-version may only be used with a single resource');
  for (const target of targets) {
    try {
      change(run, target, pairs, words, targets.length === 1);
    } catch (error) {
      run.refuse(0, error, '');
    }
  }
}

/** Refuses pairs that say nothing, or two things. */
function check(pairs: readonly string[], { one }: Words): void {
  const set = new Set<string>();
  for (const pair of pairs) {
    const [key, value] = pairOf(pair);
    if (value === null) continue;
    set.add(key);
    if (one !== 'label') continue;
    if (value.includes('=')) throw new UsageError(`error: invalid label spec: ${pair}`);
    const wrong = isLabelValue(value);
    if (wrong.length > 0)
      throw new UsageError(`error: invalid label value: ${JSON.stringify(pair)}: ${wrong.join(';')}`);
  }
  if (pairs.some((pair) => pairOf(pair)[1] === null && set.has(pairOf(pair)[0])))
    throw new UsageError(
      `error: can not both modify and remove ${one === 'label' ? 'a' : 'an'} ${one} in the same command`,
    );
}

function change(run: Invocation, target: Target, pairs: readonly string[], words: Words, alone: boolean): void {
  const { kind, name, namespace } = target;
  const live = run.request({ verb: 'get', resource: kind.key, namespace, name }) as KubeObject;
  const now = live.metadata[words.field] ?? {};
  if (run.has('list')) {
    list(run, kind, name, now, words, alone);
    return;
  }
  const patch: Record<string, string | null> = {};
  const conflicts: string[] = [];
  for (const pair of pairs) {
    const [key, value] = pairOf(pair);
    const known = Object.hasOwn(now, key);
    if (value === null && !known && words.one === 'label' && dryRunOf(run) !== 'client')
      run.out(`${words.one} "${key}" not found.\n`);
    if (value !== null && known && now[key] !== value) conflicts.push(`'${key}' already has a value (${now[key]})`);
    if (value === null ? known : now[key] !== value) patch[key] = value;
  }
  if (conflicts.length > 0 && !run.has('overwrite')) throw overwriting(conflicts, words);
  const after = send(run, target, live, patch, words);
  printMade(run, kind, after, done(patch, words));
}

function overwriting(conflicts: readonly string[], { one }: Words): UsageError {
  if (one === 'annotation')
    return new UsageError(
      `error: --overwrite is false but found the following declared annotation(s): ${conflicts.join('; ')}`,
    );
  const sentences = conflicts.map((conflict) => `${conflict}, and --overwrite is false`);
  if (sentences.length > 1) return new UsageError(sentences.join('\n'));
  return new UsageError(`error: ${sentences[0]}`);
}

/** Sends the patch where there is one; what the object is afterwards. */
function send(
  run: Invocation,
  { kind, name, namespace }: Target,
  live: KubeObject,
  patch: Readonly<Record<string, string | null>>,
  { field, name: verb }: Words,
): KubeObject {
  const dryRun = dryRunOf(run);
  const resourceVersion = run.flag('resource-version');
  if (dryRun === 'client') {
    const changed: Record<string, string | null> = { ...live.metadata[field], ...patch };
    const left = Object.fromEntries(Object.entries(changed).filter(([, value]) => value !== null));
    return { ...live, metadata: { ...live.metadata, [field]: left } } as KubeObject;
  }
  if (Object.keys(patch).length === 0) return live;
  return run.request({
    verb: 'patch',
    resource: kind.key,
    namespace,
    name,
    patchType: 'merge',
    body: { metadata: { [field]: patch, ...(resourceVersion && { resourceVersion }) } },
    options: {
      fieldManager: run.flag('field-manager') ?? `kubectl-${verb}`,
      ...(dryRun === 'server' && { dryRun: true }),
    },
  }) as KubeObject;
}

/** What was done: `labeled`, `unlabeled`, `modified`, `not labeled`; of annotations always `annotated`. */
function done(patch: Readonly<Record<string, string | null>>, { one }: Words): string {
  if (one === 'annotation') return 'annotated';
  const values = Object.values(patch);
  const removed = values.filter((value) => value === null).length;
  if (values.length === 0) return 'not labeled';
  return removed === 0 ? 'labeled' : removed === values.length ? 'unlabeled' : 'modified';
}

function list(
  run: Invocation,
  kind: AnyKind,
  name: string,
  now: Readonly<Record<string, string>>,
  { field }: Words,
  alone: boolean,
): void {
  if (!alone) run.out(`Listing ${field} for ${groupKind(kind)}${kind.group ? '' : '.'}/${name}:\n`);
  for (const [key, value] of Object.entries(now)) run.out(`${alone ? '' : ' '}${key}=${value}\n`);
}

export const label = metadataCommand({ name: 'label', field: 'labels', one: 'label' });
export const annotate = metadataCommand({ name: 'annotate', field: 'annotations', one: 'annotation' });
