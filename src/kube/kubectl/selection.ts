import { ApiError, failure, type KubeObject } from '../apimachinery/index.ts';
import type { Catalogue } from '../apis/catalogue.ts';
import type { AnyKind } from '../apis/kind.ts';
import type { ObjectList } from '../apiserver/request.ts';
import type { Invocation } from './command.ts';
import { readManifests } from './manifests.ts';
import { UsageError } from './parse.ts';
import { isBuiltIn, kindByWord, namedObjects } from './resources.ts';

/** What a category such as `all` stands for: its kinds, by group and plural, as discovery lists them; pods come first. */
const kindsOfCategory = (run: Invocation, category: string): AnyKind[] =>
  preferredKinds(run.kinds)
    .filter((kind) => kind.categories.includes(category))
    .sort((a, b) => (a.group === b.group ? (a.resource < b.resource ? -1 : 1) : a.group < b.group ? -1 : 1));

/** An object that a command is to work on. */
export interface Target {
  readonly kind: AnyKind;
  readonly name: string;
  readonly namespace: string | undefined;
  /** The file that names it. */
  readonly path?: string | undefined;
}

/** Kinds by words joined by commas: `deploy,rs`, `all`. */
export const kindsOf = (run: Invocation, word: string): AnyKind[] =>
  word.split(',').flatMap((part) => {
    const category = isBuiltIn(part) ? [] : kindsOfCategory(run, part);
    return category.length > 0 ? category : [kindByWord(run, part)];
  });

/** Objects of a kind that `-l`, `--field-selector`, `-n` and `-A` let through. */
export function listOf(run: Invocation, kind: AnyKind): readonly KubeObject[] {
  const namespace = kind.namespaced && !run.has('all-namespaces') ? run.namespace : undefined;
  const options = { labelSelector: run.flag('selector'), fieldSelector: run.flag('field-selector') };
  try {
    return (run.request({ verb: 'list', resource: kind.key, namespace, options }) as ObjectList).items;
  } catch (error) {
    if (!(error instanceof ApiError) || error.status.reason !== 'BadRequest') throw error;
    const { labelSelector = '', fieldSelector = '' } = options;
    const message = `Unable to find "${kind.group}/${kind.version}, Resource=${kind.resource}" that match label selector ${JSON.stringify(labelSelector)}, field selector ${JSON.stringify(fieldSelector)}: ${error.status.message}`;
    throw failure(error.code, 'BadRequest', message);
  }
}

const target = (kind: AnyKind, { metadata }: KubeObject): Target => ({
  kind,
  name: metadata.name,
  namespace: kind.namespaced ? metadata.namespace : undefined,
});

/**
 * Everything that a command line means: `-f FILE`, `TYPE NAME…`, `TYPE/NAME…`, `TYPE -l SELECTOR`, `TYPE --all`.
 * `everything` says that a type alone means all of its objects (describe).
 */
export function targetsOf(run: Invocation, words: readonly string[], everything = false): readonly Target[] {
  const paths = run.args.flags.get('filename') ?? [];
  if (paths.length > 0) {
    return readManifests(run, paths).map(({ kind, object, namespace, path }) => ({
      kind,
      name: object.metadata.name,
      namespace,
      path,
    }));
  }
  const [types] = words;
  if (run.has('all') && run.flag('selector') !== undefined)
    throw new UsageError("error: setting 'all' parameter but found a non empty selector. ");
  if (types === undefined)
    throw new UsageError(
      "error: You must provide one or more resources by argument or filename.\nExample resource specifications include:\n   '-f rsrc.yaml'\n   '--filename=rsrc.json'\n   '<resource> <name>'\n   '<resource>'",
    );
  const chosen = run.flag('selector') !== undefined || run.has('all') || run.flag('field-selector') !== undefined;
  if (words.length === 1 && !types.includes('/')) {
    if (!chosen && !everything) throw new UsageError('error: resource(s) were provided, but no name was specified');
    return kindsOf(run, types).flatMap((kind) => listOf(run, kind).map((object) => target(kind, object)));
  }
  if (run.has('all') || run.flag('selector') !== undefined || run.flag('field-selector') !== undefined)
    throw new UsageError('error: name cannot be provided when a selector is specified');
  if (types.includes(',') && !types.includes('/'))
    return kindsOf(run, types).flatMap((kind) => namedObjects(run, [kind.key, ...words.slice(1)]));
  return namedObjects(run, words);
}

/** Each kind once, in the version that clients prefer. */
export function preferredKinds({ all }: Catalogue): AnyKind[] {
  const seen = new Set<string>();
  return all.filter((kind) => {
    const name = `${kind.resource}.${kind.group}`;
    return !kind.view && !seen.has(name) && seen.add(name);
  });
}
