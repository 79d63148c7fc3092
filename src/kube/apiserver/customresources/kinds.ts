import { catalogueOf, type Catalogue } from '../../apis/catalogue.ts';
import { kindsOf } from '../../apis/apiextensions/customkind.ts';
import { definitionsKey } from '../../apis/apiextensions/customresourcedefinition.ts';
import type { CustomResourceDefinition } from '../../apis/index.ts';
import type { AnyKind } from '../../apis/kind.ts';
import { range, read, type EtcdState } from '../../etcd/etcd.ts';

/**
 * The kind that a definition in the store declares under a key: `crontabs.example.com`, or `crontabs.v2.example.com` for a
 * version that is not the stored one. Asked only when no built-in kind has the key.
 */
export function customKindOf(etcd: EtcdState, key: string): AnyKind | undefined {
  const [, plural, group] = /^([^.]+)\.v\d[a-z\d]*\.(.+)$/.exec(key) ?? [];
  for (const name of [key, `${plural}.${group}`]) {
    const definition = read(etcd, definitionsKey, name) as unknown as CustomResourceDefinition | undefined;
    const kind = definition && kindsOf(definition).find((each) => each.key === key);
    if (kind) return kind;
  }
  return undefined;
}

/** Every kind that this store's API server answers for. */
export const catalogueIn = (etcd: EtcdState): Catalogue => catalogueOf(range(etcd, definitionsKey).values());
