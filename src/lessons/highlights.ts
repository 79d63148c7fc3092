import { keyOf, matchesLabels, parseSelector, type KubeObject } from '../kube/apimachinery/index.ts';
import type { ResourceKey } from '../kube/apis/index.ts';
import type { Highlight } from './lesson.ts';

/** Uids of the objects that a step points at, among those that are there: `deployments.apps/default/web`, pods by their labels. */
export function uidsOf(
  highlights: readonly Highlight[],
  objects: (resource: ResourceKey) => Iterable<KubeObject>,
): ReadonlySet<string> {
  const uids = new Set<string>();
  for (const highlight of highlights) {
    if ('pods' in highlight) {
      const selector = parseSelector(highlight.pods);
      for (const { metadata } of objects('pods')) if (matchesLabels(selector, metadata.labels)) uids.add(metadata.uid);
    } else if ('ref' in highlight) {
      const slash = highlight.ref.indexOf('/');
      const resource = highlight.ref.slice(0, slash) as ResourceKey;
      for (const object of objects(resource))
        if (keyOf(object) === highlight.ref.slice(slash + 1)) uids.add(object.metadata.uid);
    }
  }
  return uids;
}
