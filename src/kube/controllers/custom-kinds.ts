import { catalogueOf } from '../apis/catalogue.ts';
import { kindsOf } from '../apis/apiextensions/customkind.ts';
import { definitionsKey } from '../apis/apiextensions/customresourcedefinition.ts';
import { kindFor, type CustomResourceDefinition } from '../apis/index.ts';
import type { AnyKind } from '../apis/kind.ts';
import { cached, openCache, type Caches } from '../client/index.ts';
import { managerAddress, type Control, type Controller } from './controller.ts';

const definitionsIn = (caches: Caches): Iterable<object> => caches.get(definitionsKey)?.objects.values() ?? [];

/** The kinds that users have added, each once, as its objects lie in the store. */
export function customKindsIn(caches: Caches): readonly AnyKind[] {
  const found: AnyKind[] = [];
  for (const each of definitionsIn(caches)) {
    const definition = each as CustomResourceDefinition;
    const kind = kindsOf(definition).find(({ key }) => key === definition.metadata.name);
    if (kind) found.push(kind);
  }
  return found;
}

/** The kind that a reference names, a custom one among them; its key is that of its cache. */
export function kindIn(caches: Caches, apiVersion: string, kind: string): AnyKind | undefined {
  const found = kindFor(apiVersion, kind) ?? catalogueOf(definitionsIn(caches)).for(apiVersion, kind);
  return found?.custom ? found.custom.inStore : found;
}

/**
 * Keeps a cache of every custom kind for as long as it is served, for the controllers that deal with all kinds (`resource: '*'`).
 * Simplified: the real ones look for new kinds every half minute. Kubernetes: garbagecollector.Sync, resourcequota.Sync.
 */
export const customKindController: Controller = {
  name: 'customkinds',
  watches: [{ resource: definitionsKey, keys: (_, { key }) => [key] }],
  reconcile(c, key) {
    const definition = cached(c.memory.caches, definitionsKey, key);
    const served = definition !== undefined && kindsOf(definition).length > 0;
    const open = c.memory.caches.has(key);
    if (served && !open) openCache(c.ctx, c.api, managerAddress, c.memory.caches, { resource: key });
    else if (!definition && open) closeCache(c, key);
  },
};

function closeCache({ ctx, api, memory }: Control, resource: string): void {
  const { stream } = memory.caches.get(resource)!;
  if (stream !== 0) api.close(ctx, stream);
  memory.caches.delete(resource);
}
