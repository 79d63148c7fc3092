import { renderJsonPath } from '../../apimachinery/jsonpath.ts';
import type { KubeObject } from '../../apimachinery/index.ts';
import { versionInfo } from '../../apiserver/http/version.ts';
import type { AnyKind } from '../../apis/kind.ts';
import type { ObjectList } from '../../apiserver/request.ts';
import type { Command, Invocation, Waiting } from '../command.ts';
import { UsageError } from '../parse.ts';
import { alignRows, tableRows, type TableOptions } from '../printers/table.ts';
import { inFormat, objectFormats } from '../printers/formats.ts';
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
      'show-kind': 'boolean',
      'chunk-size': 'int',
      'server-print': 'boolean',
      'allow-missing-template-keys': 'boolean',
      template: 'string',
      subresource: 'string',
      raw: 'string',
      recursive: 'boolean',
      watch: 'boolean',
      'watch-only': 'boolean',
      'output-watch-events': 'boolean',
      'request-timeout': 'string',
      'ignore-not-found': 'boolean',
      filename: 'list',
    },
    short: {
      R: 'recursive',
      o: 'output',
      A: 'all-namespaces',
      l: 'selector',
      w: 'watch',
      f: 'filename',
      L: 'label-columns',
    },
  },
  run(run) {
    const raw = run.flag('raw');
    if (raw !== undefined) return printRaw(run, raw);
    if (run.has('output-watch-events') && !run.has('watch') && !run.has('watch-only'))
      throw new UsageError('error: --output-watch-events option can only be used with --watch or --watch-only');
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

/** `--raw PATH`: what the server answers to a request of that path, as far as it tells of itself. */
function printRaw(run: Invocation, path: string): void {
  if (/^\/(?:healthz|livez|readyz)$/.test(path)) return run.out('ok');
  if (path === '/version') return run.out(`${JSON.stringify(versionInfo)}\n`);
  const [, group = '', version = '', namespace, resource, name] =
    /^\/(?:api|apis\/([^/]+))\/([^/]+)(?:\/namespaces\/([^/]+))?\/([^/?]+)(?:\/([^/?]+))?\/?$/.exec(path) ?? [];
  const kind = run.kinds.all.find(
    (each) => each.group === group && each.version === version && each.resource === resource,
  );
  const metrics = group === 'metrics.k8s.io' ? `${resource}.${group}` : undefined;
  if (!kind && !metrics)
    throw new UsageError('Error from server (NotFound): the server could not find the requested resource');
  const call = { resource: kind?.key ?? metrics!, namespace, name };
  run.out(`${JSON.stringify(run.request({ verb: name === undefined ? 'list' : 'get', ...call }))}\n`);
}

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
  const told = run.has('output-watch-events')
    ? lines.map((row) => [(row === header ? 'EVENT' : type).padEnd(8), ...row])
    : lines;
  run.out(alignRows(told, widths));
}

function fetchGroups(run: Invocation): Group[] {
  const [types, ...names] = run.args.positional;
  if (run.args.flags.has('filename')) return fetchNamed(run, targetsOf(run, []));
  if (types === undefined) {
    throw new UsageError(
      'You must specify the type of resource to get. Use "kubectl api-resources" for a complete list of supported resources.\n\nerror: Required resource not specified.\nUse "kubectl explain <resource>" for a detailed description of that resource (e.g. kubectl explain pods).\nSee \'kubectl get -h\' for help and examples',
    );
  }
  if (types.includes('/') && names.some((name) => !name.includes('/')))
    throw new UsageError(
      "error: there is no need to specify a resource type as a separate argument when passing arguments in resource/name form (e.g. 'kubectl get resource/<resource_name>' instead of 'kubectl get resource resource/<resource_name>'",
    );
  if (types.includes('/'))
    return fetchNamed(
      run,
      run.args.positional.map((word) => splitSlash(run, word)),
    );
  const chosen = run.flag('selector') !== undefined || run.flag('field-selector') !== undefined;
  if (chosen && names.length > 0) throw new UsageError('error: name cannot be provided when a selector is specified');
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
    const namespaced = groups.every((g) => g.kind.namespaced);
    run.err(
      namespaced && !run.has('all-namespaces')
        ? `No resources found in ${run.namespace} namespace.\n`
        : 'No resources found\n',
    );
    return;
  }
  const tables = filled.map(({ kind, objects }) =>
    alignRows(
      tableRows(kind, objects, {
        ...tableOptions(run, wide, kind),
        withKind: groups.length > 1 || run.has('show-kind'),
      }),
    ),
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
  if (output === 'name') {
    for (const { kind, objects } of groups)
      for (const object of objects) run.out(`${identity(kind, object.metadata.name)}\n`);
    return;
  }
  if (output === 'custom-columns' || output.startsWith('custom-columns=')) {
    const rows = customColumns(output.slice('custom-columns='.length), all);
    run.out(alignRows(rows.slice(run.has('no-headers') ? 1 : 0)));
    return;
  }
  const text = inFormat(run, output, subject);
  if (text === undefined)
    throw new UsageError(`error: unable to match a printer suitable for the output format "${output}", allowed formats are: custom-columns,custom-columns-file,${objectFormats.replace('templatefile,', 'templatefile,wide,')}`); // prettier-ignore
  run.out(text);
}

function customColumns(spec: string, objects: readonly KubeObject[]): string[][] {
  if (spec === '') throw new UsageError('error: custom-columns format specified but no custom columns given');
  const columns = spec.split(',').map((column) => {
    const colon = column.indexOf(':');
    if (colon < 0)
      throw new UsageError(`error: unexpected custom-columns spec: ${column}, expected <header>:<json-path-expr>`);
    return { name: column.slice(0, colon), path: column.slice(colon + 1) };
  });
  const cell = (path: string, object: KubeObject): string =>
    renderJsonPath(path.startsWith('{') ? path : `{${path.startsWith('.') ? '' : '.'}${path}}`, object) || '<none>';
  return [columns.map((c) => c.name), ...objects.map((object) => columns.map((c) => cell(c.path, object)))];
}
