import { JsonPathError, renderJsonPath } from '../../apimachinery/jsonpath.ts';
import type { KubeObject } from '../../apimachinery/index.ts';
import type { AnyKind } from '../../apis/kind.ts';
import type { ObjectList } from '../../apiserver/request.ts';
import type { Command, Invocation, Waiting } from '../command.ts';
import { UsageError } from '../parse.ts';
import { forPrinting } from '../printers/managed-fields.ts';
import { alignRows, tableRows, type TableOptions } from '../printers/table.ts';
import { toJson, toYaml } from '../printers/yaml.ts';
import { identity, kindByWord } from '../resources.ts';
import { kindsOf, listOf, targetsOf } from '../selection.ts';

/** Objects of one kind, in the order in which they are printed. */
interface Group {
  readonly kind: AnyKind;
  readonly objects: readonly KubeObject[];
}

/** What `-w` remembers. */
interface Watching {
  /** Revision of the store that has been printed. */
  readonly revision: number;
  /** Of the columns so far; empty as long as not even the header was printed. */
  readonly widths: readonly number[];
}

/** `kubectl get TYPE[,TYPE] [NAME…]`, with `-w` until it is interrupted. Kubernetes: kubectl/pkg/cmd/get. */
export const get: Command<Watching> = {
  name: 'get',
  flags: {
    flags: {
      output: 'string',
      'all-namespaces': 'boolean',
      selector: 'string',
      'field-selector': 'string',
      'show-labels': 'boolean',
      'show-managed-fields': 'boolean',
      'label-columns': 'list',
      'no-headers': 'boolean',
      'sort-by': 'string',
      watch: 'boolean',
      'watch-only': 'boolean',
      'output-watch-events': 'boolean',
      'request-timeout': 'string',
      'ignore-not-found': 'boolean',
      filename: 'list',
    },
    short: { o: 'output', A: 'all-namespaces', l: 'selector', w: 'watch', f: 'filename', L: 'label-columns' },
  },
  run(run) {
    const groups = fetchGroups(run);
    if (run.has('watch') || run.has('watch-only')) return watchGroup(run, groups);
    const output = run.flag('output') ?? '';
    if (output === '' || output === 'wide') printTables(run, groups, output === 'wide');
    else printObjects(run, groups, output);
  },
  resume(run, { revision, widths }, { entries }) {
    const [group] = watched(run);
    const columns = [...widths];
    let last = revision;
    for (const { type, object } of entries) {
      if (!object || Number(object.metadata.resourceVersion) <= last) continue;
      printWatched(run, group!, [object], columns, type);
      last = Number(object.metadata.resourceVersion);
    }
    return watching(run, group!, last, columns);
  },
};

/** What is watched: one kind, or one object of it. */
type Subject = readonly [kind: AnyKind, name?: string];

/** The kind and name of the line again, without asking the server. */
function watched(run: Invocation): readonly [Subject] {
  const [types = '', name] = run.args.positional;
  if (run.args.flags.has('filename')) {
    const [target] = targetsOf(run, []);
    return [[target!.kind, target!.name]];
  }
  if (types.includes('/')) {
    const { kind, name: named } = splitSlash(run, types);
    return [[kind, named]];
  }
  return [name === undefined ? [kindByWord(run, types)] : [kindByWord(run, types), name]];
}

function watchGroup(run: Invocation, groups: readonly Group[]): Waiting | void {
  if (run.failed()) return;
  const objects = groups.flatMap((group) => group.objects);
  if (groups.length > 1) throw new UsageError('error: you may only specify a single resource type');
  if (isNamed(run) && objects.length > 1)
    throw new UsageError(
      'error: watch is only supported on individual resources and resource collections - more than 1 resource was found',
    );
  const [subject] = watched(run);
  const widths: number[] = [];
  if (!run.has('watch-only') && objects.length > 0) printWatched(run, subject, objects, widths, 'ADDED');
  return watching(run, subject, latestRevision(run, subject), widths);
}

/** Revision of the store right now: what the watch brings beyond it is new. */
function latestRevision(run: Invocation, [kind]: Subject): number {
  const namespace = kind.namespaced && !run.has('all-namespaces') ? run.namespace : undefined;
  const { metadata } = run.request({
    verb: 'list',
    resource: kind.key,
    namespace,
    options: { limit: 1 },
  }) as ObjectList;
  return Number(metadata.resourceVersion);
}

function watching(run: Invocation, [kind, name]: Subject, revision: number, widths: readonly number[]): Waiting {
  const namespace = kind.namespaced && !run.has('all-namespaces') ? run.namespace : undefined;
  const fields = [name === undefined ? undefined : `metadata.name=${name}`, run.flag('field-selector')];
  return {
    state: { revision, widths } satisfies Watching,
    watch: {
      resource: kind.key,
      namespace,
      labelSelector: run.flag('selector'),
      fieldSelector: fields.filter((field) => field !== undefined).join(',') || undefined,
    },
  };
}

/** Prints objects as they come: rows of one table, or documents one after the other. */
function printWatched(
  run: Invocation,
  [kind]: Subject,
  objects: readonly KubeObject[],
  widths: number[],
  type: string,
): void {
  const output = run.flag('output') ?? '';
  if (output !== '' && output !== 'wide') {
    for (const object of objects) {
      if (output === 'yaml' && widths.length > 0) run.out('---\n');
      printDocuments(run, [{ kind, objects: [object] }], output, object);
      widths[0] = 0;
    }
    return;
  }
  const [header, ...rows] = tableRows(kind, objects, {
    ...tableOptions(run, output === 'wide', kind),
    noHeaders: false,
  });
  const lines = run.has('no-headers') || widths.length > 0 ? rows : [header!, ...rows];
  const told = run.has('output-watch-events') ? lines.map((row) => [row === header ? 'EVENT' : type, ...row]) : lines;
  run.out(alignRows(told, widths));
}

function fetchGroups(run: Invocation): Group[] {
  const [types, ...names] = run.args.positional;
  if (run.args.flags.has('filename')) return fetchNamed(run, targetsOf(run, []));
  if (types === undefined) {
    throw new UsageError(
      'You must specify the type of resource to get. Use "kubectl api-resources" for a complete list of supported resources.\n\nerror: Required resource not specified.',
    );
  }
  if (types.includes('/'))
    return fetchNamed(
      run,
      run.args.positional.map((word) => splitSlash(run, word)),
    );
  const kinds = kindsOf(run, types);
  if (names.length > 0)
    return fetchNamed(
      run,
      names.flatMap((name) => kinds.map((kind) => ({ kind, name }))),
    );
  return kinds.map((kind) => ({ kind, objects: sorted(run, listOf(run, kind)) }));
}

function splitSlash(run: Invocation, word: string): { kind: AnyKind; name: string } {
  const [type, name] = word.split('/');
  if (!type || !name)
    throw new UsageError('error: arguments in resource/name form must have a single resource and name');
  return { kind: kindByWord(run, type), name };
}

function fetchNamed(
  run: Invocation,
  wanted: readonly { kind: AnyKind; name: string; namespace?: string | undefined }[],
): Group[] {
  const groups: { kind: AnyKind; objects: KubeObject[] }[] = [];
  for (const { kind, name, namespace = run.namespace } of wanted) {
    try {
      const object = run.request({
        verb: 'get',
        resource: kind.key,
        name,
        namespace: kind.namespaced ? namespace : undefined,
      }) as KubeObject;
      const last = groups.at(-1);
      if (last?.kind === kind) last.objects.push(object);
      else groups.push({ kind, objects: [object] });
    } catch (error) {
      if (!run.has('ignore-not-found')) run.refuse(0, error, '');
    }
  }
  return groups;
}

/** In the order of `--sort-by`. */
function sorted(run: Invocation, items: readonly KubeObject[]): readonly KubeObject[] {
  const sortBy = run.flag('sort-by');
  if (sortBy === undefined) return items;
  const path = sortBy.startsWith('{') ? sortBy : `{${sortBy.startsWith('.') ? '' : '.'}${sortBy}}`;
  const keyed = items.map((item) => [renderJsonPath(path, item), item] as const);
  const numeric = keyed.every(([k]) => k !== '' && Number.isFinite(Number(k)));
  return keyed
    .sort(([a], [b]) => (numeric ? Number(a) - Number(b) : a < b ? -1 : a > b ? 1 : 0))
    .map(([, item]) => item);
}

/** Objects were named one by one: then a missing one is an error, and a single one is no list. */
const isNamed = (run: Invocation): boolean =>
  run.args.positional.length > 1 || run.args.flags.has('filename') || run.args.positional[0]?.includes('/') === true;

function printTables(run: Invocation, groups: readonly Group[], wide: boolean): void {
  const filled = groups.filter((group) => group.objects.length > 0);
  if (filled.length === 0) {
    if (isNamed(run)) return;
    const namespaced = groups.some((g) => g.kind.namespaced);
    run.err(
      namespaced && !run.has('all-namespaces')
        ? `No resources found in ${run.namespace} namespace.\n`
        : 'No resources found\n',
    );
    return;
  }
  const tables = filled.map(({ kind, objects }) =>
    alignRows(tableRows(kind, objects, { ...tableOptions(run, wide, kind), withKind: groups.length > 1 })),
  );
  run.out(tables.join('\n'));
}

/** What the flags say about a table of one kind. */
const tableOptions = (run: Invocation, wide: boolean, kind: AnyKind): TableOptions => ({
  wide,
  withKind: false,
  withNamespace: kind.namespaced && run.has('all-namespaces'),
  showLabels: run.has('show-labels'),
  labelColumns: run.args.flags.get('label-columns')?.flatMap((text) => text.split(',')) ?? [],
  noHeaders: run.has('no-headers'),
  nowMs: run.ctx.now,
});

function printObjects(run: Invocation, groups: readonly Group[], output: string): void {
  const all = groups.flatMap((g) => g.objects);
  const single = all.length === 1 && isNamed(run);
  const subject: unknown = single
    ? all[0]
    : { apiVersion: 'v1', kind: 'List', metadata: { resourceVersion: '' }, items: all };
  printDocuments(run, groups, output, subject);
}

/** `subject` is what the groups' objects are as one document: an object, or a list. */
function printDocuments(run: Invocation, groups: readonly Group[], output: string, subject: unknown): void {
  const all = groups.flatMap((g) => g.objects);
  const [format, ...rest] = output.split('=');
  switch (format) {
    case 'yaml':
      run.out(toYaml(forPrinting(run, subject)));
      return;
    case 'json':
      run.out(toJson(forPrinting(run, subject)));
      return;
    case 'name':
      for (const { kind, objects } of groups)
        for (const object of objects) run.out(`${identity(kind, object.metadata.name)}\n`);
      return;
    case 'jsonpath':
      try {
        run.out(renderJsonPath(rest.join('='), subject));
      } catch (error) {
        if (error instanceof JsonPathError) throw new UsageError(error.message);
        throw error;
      }
      return;
    case 'custom-columns':
      run.out(alignRows(customColumns(rest.join('='), all).slice(run.has('no-headers') ? 1 : 0)));
      return;
    default:
      throw new UsageError(
        `error: unable to match a printer suitable for the output format "${output}", allowed formats are: custom-columns,custom-columns-file,go-template,go-template-file,json,jsonpath,jsonpath-as-json,jsonpath-file,kyaml,name,template,templatefile,wide,yaml`,
      );
  }
}

function customColumns(spec: string, objects: readonly KubeObject[]): string[][] {
  const columns = spec.split(',').map((column) => {
    const colon = column.indexOf(':');
    return { name: column.slice(0, colon), path: column.slice(colon + 1) };
  });
  const cell = (path: string, object: KubeObject): string =>
    renderJsonPath(path.startsWith('{') ? path : `{${path}}`, object) || '<none>';
  return [columns.map((c) => c.name), ...objects.map((object) => columns.map((c) => cell(c.path, object)))];
}
