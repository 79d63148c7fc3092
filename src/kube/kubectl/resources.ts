import { builtIn, catalogueOf, type Catalogue } from '../apis/catalogue.ts';
import { definitionsKey } from '../apis/apiextensions/customresourcedefinition.ts';
import { ApiError } from '../apimachinery/index.ts';
import type { ObjectList } from '../apiserver/request.ts';
import type { AnyKind } from '../apis/kind.ts';
import type { Invocation } from './command.ts';
import { UsageError } from './parse.ts';

/** The kind that a word names: plural, singular, short name, `deployments.apps`, `hpa.v1.autoscaling`, any case of the kind's name. */
export function kindByWord(run: Invocation, word: string): AnyKind {
  const lower = word.toLowerCase();
  const find = ({ all }: Catalogue): AnyKind | undefined => all.find((kind) => isCalled(kind, lower));
  // Most words mean a built-in kind, for which nobody has to ask the cluster.
  const found = find(builtIn) ?? find(run.kinds);
  if (found) return found;
  const [, name, version, group] = /^([^.]+)\.(v\d[^.]*)\.(.+)$/.exec(lower) ?? [];
  if (name !== undefined) {
    const kind = kindByWord(run, name);
    const served = kind.version === version ? kind : run.kinds.of(`${kind.resource}.${version}.${group}`);
    if (served?.group === group) return served!;
    throw new UsageError(`error: the server doesn't have a resource type "${name}"`);
  }
  throw new UsageError(`error: the server doesn't have a resource type "${word}"`);
}

/** Whether a word means one of the kinds that every cluster has. */
export const isBuiltIn = (word: string): boolean => builtIn.all.some((kind) => isCalled(kind, word.toLowerCase()));

const isCalled = ({ key, resource, singular, shortNames, group }: AnyKind, word: string): boolean =>
  key === word ||
  [resource, singular, ...shortNames].some((name) => name === word || (group !== '' && `${name}.${group}` === word));

/** What the cluster serves: discovery, which kubectl asks again when it meets a word that it does not know. */
export function servedKinds(run: Pick<Invocation, 'request'>): Catalogue {
  try {
    return catalogueOf((run.request({ verb: 'list', resource: definitionsKey }) as ObjectList).items);
  } catch (error) {
    if (error instanceof ApiError) return builtIn;
    throw error;
  }
}

/** Objects named on a command line: `pod/web`, `pod web1 web2`, `deploy web`. Names may be empty: then all are meant. */
export function namedObjects(
  run: Invocation,
  words: readonly string[],
): { kind: AnyKind; name: string; namespace: string | undefined }[] {
  const of = (kind: AnyKind, name: string) => ({ kind, name, namespace: kind.namespaced ? run.namespace : undefined });
  if (words.length === 0) throw new UsageError('error: You must specify the type of resource');
  if (words.some((word) => word.includes('/'))) {
    return words.map((word) => {
      const [type, name] = word.split('/');
      if (!type || !name)
        throw new UsageError(`error: arguments in resource/name form must have a single resource and name`);
      return of(kindByWord(run, type), name);
    });
  }
  const kind = kindByWord(run, words[0]!);
  return words.slice(1).map((name) => of(kind, name));
}

/** How Go prints a kind with its group: `StatefulSet.apps`, `Pod`. */
export const groupKind = ({ kind, group }: AnyKind): string => (group ? `${kind}.${group}` : kind);

/** How kubectl prints a type: `deployment.apps`, `pod`. */
export const typeOf = ({ singular, group }: AnyKind): string => (group ? `${singular}.${group}` : singular);

/** How kubectl prints an object's identity: `deployment.apps/web`. */
export const identity = (kind: AnyKind, name: string): string => `${typeOf(kind)}/${name}`;
