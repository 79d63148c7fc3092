import type { V1CustomResourceDefinition } from '../../generated/types.ts';
import { kindsOf } from './apiextensions/customkind.ts';
import { compareVersions } from './apiextensions/versions.ts';
import { kindFor, kindOf, servedKinds } from './index.ts';
import type { AnyKind } from './kind.ts';

/** The kinds that are served: those of the list, and those that CustomResourceDefinitions declare. */
export interface Catalogue {
  /** Of several versions of a custom kind the preferred one comes first. */
  readonly all: readonly AnyKind[];
  /** The record of a key, as `kindOf`. */
  of(key: string): AnyKind | undefined;
  /** The record for what a manifest says, as `kindFor`. */
  for(apiVersion: string, kind: string): AnyKind | undefined;
}

/** The kinds of a cluster without definitions. */
export const builtIn: Catalogue = { all: servedKinds, of: kindOf, for: kindFor };

/** A pure cache: the catalogue of the same definitions is the same. */
let last: { readonly definitions: readonly object[]; readonly catalogue: Catalogue } = {
  definitions: [],
  catalogue: builtIn,
};

/** The catalogue of a store's definitions. Cost: one comparison per definition while they stay the same. */
export function catalogueOf(definitions: Iterable<object>): Catalogue {
  const given = [...definitions];
  if (given.length === last.definitions.length && given.every((each, i) => each === last.definitions[i]))
    return last.catalogue;
  last = { definitions: given, catalogue: given.length === 0 ? builtIn : extended(given) };
  return last.catalogue;
}

function extended(definitions: readonly object[]): Catalogue {
  const custom = definitions
    .flatMap((definition) => kindsOf(definition as V1CustomResourceDefinition))
    .sort((a, b) => (a.group === b.group ? compareVersions(b.version, a.version) : 0))
    .filter((kind) => kind.custom!.served);
  const byKey = new Map(custom.map((kind) => [kind.key, kind]));
  const byGvk = new Map(custom.map((kind) => [`${kind.group}/${kind.version}/${kind.kind}`, kind]));
  return {
    all: [...servedKinds, ...custom],
    of: (key) => kindOf(key) ?? byKey.get(key),
    for: (apiVersion, kind) => kindFor(apiVersion, kind) ?? byGvk.get(`${apiVersion}/${kind}`),
  };
}
