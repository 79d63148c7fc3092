import { kindOf, kinds } from '../apis/index.ts';
import type { AnyKind } from '../apis/kind.ts';
import type { Invocation } from './command.ts';
import { UsageError } from './parse.ts';

/** The kind that a word names: plural, singular, short name, `deployments.apps`, `hpa.v1.autoscaling`, any case of the kind's name. */
export function kindByWord(word: string): AnyKind {
  const lower = word.toLowerCase();
  for (const kind of kinds as unknown as readonly AnyKind[]) {
    if (kind.key === lower || kind.resource === lower || kind.singular === lower || kind.shortNames.includes(lower))
      return kind;
  }
  const [, name, version, group] = /^([^.]+)\.(v\d[^.]*)\.(.+)$/.exec(lower) ?? [];
  if (name !== undefined) {
    const kind = kindByWord(name);
    const served = kind.version === version ? kind : kindOf(`${kind.resource}.${version}.${group}`);
    if (served?.group === group) return served!;
  }
  throw new UsageError(`error: the server doesn't have a resource type "${word}"`);
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
      return of(kindByWord(type), name);
    });
  }
  const kind = kindByWord(words[0]!);
  return words.slice(1).map((name) => of(kind, name));
}

/** How Go prints a kind with its group: `StatefulSet.apps`, `Pod`. */
export const groupKind = ({ kind, group }: AnyKind): string => (group ? `${kind}.${group}` : kind);

/** How kubectl prints an object's identity: `deployment.apps/web`. */
export const identity = (kind: AnyKind, name: string): string =>
  `${kind.singular}${kind.group ? `.${kind.group}` : ''}/${name}`;
