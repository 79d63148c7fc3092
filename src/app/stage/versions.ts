/**
 * Which version a pod shows. What people read is the tag of the image (`shop:v2`); where tags do not tell versions apart, the
 * revision of the owner does. The stage and the bars of the traffic lane ask here, so that they agree. Pure.
 */
import type { V1Pod, V1PodTemplateSpec } from '../../generated/types.ts';
import { controllerOf, type KubeObject } from '../../kube/apimachinery/index.ts';
import type { Objects } from './contract.ts';
import { values } from './objects.ts';
import type { Version } from './scene-types.ts';

/** The nth version: patterns repeat after three. */
export const versionNumber = (n: number): Version => ({ text: `v${n}`, pattern: patternOf(n) });

const patternOf = (n: number): 1 | 2 | 3 => (((Math.max(1, n) - 1) % 3) + 1) as 1 | 2 | 3;

/** Number in a tag that is a version by itself: `shop:v2` → 2; undefined for `nginx:1.27`. */
export function versionOfTag(image: string | undefined): number | undefined {
  const tag = /:v?(\d{1,4})(?:@.*)?$/.exec(image ?? '')?.[1];
  return tag === undefined ? undefined : Number(tag);
}

/** Image of the first container of an object with a pod template. */
export function templateImage(object: KubeObject | undefined): string | undefined {
  const template = (object?.['spec'] as { template?: V1PodTemplateSpec } | undefined)?.template;
  return template?.spec?.containers?.[0]?.image;
}

/**
 * Versions of the revisions of one owner: by the tags when each revision has its own, else by number. A template changed
 * without its image makes v1, v2, v3 of what would all read v1.
 */
export function versionsOf(
  revisions: readonly { readonly number: number; readonly image: string | undefined }[],
): Version[] {
  const tags = revisions.map((r) => versionOfTag(r.image));
  const told = tags.every((t) => t !== undefined) && new Set(tags).size === tags.length;
  return revisions.map((r, i) => versionNumber(told ? tags[i]! : r.number));
}

/**
 * Version of a pod whose owner has no ReplicaSets: by the tag of its image, else by the revision its controller has kept
 * (`controller-revision-hash`), when there is more than one; else what `fallback` says.
 */
export function versionOfPod(pod: V1Pod, fallback: Version, revisions: Revisions): Version {
  const tag = versionOfTag(pod.spec?.containers?.[0]?.image);
  if (tag !== undefined) return versionNumber(tag);
  const hash = (pod.metadata.labels as Record<string, string> | undefined)?.['controller-revision-hash'];
  const revision = hash === undefined ? undefined : revisions.get(hash);
  return revision === undefined ? fallback : versionNumber(revision);
}

/** Hash of a revision, as its pods' label has it, → number; only of owners with several. */
export type Revisions = ReadonlyMap<string, number>;

/** Revisions that StatefulSets and DaemonSets have kept. */
export function readRevisions(objects: Objects): Revisions {
  const byOwner = new Map<string, KubeObject[]>();
  for (const object of values(objects, 'controllerrevisions.apps')) {
    const owner = controllerOf(object)?.uid ?? '';
    byOwner.set(owner, [...(byOwner.get(owner) ?? []), object]);
  }
  const revisions = new Map<string, number>();
  for (const list of byOwner.values()) {
    if (list.length < 2) continue;
    for (const object of list) {
      const number = Number(object['revision'] ?? 0);
      const name = object.metadata.name ?? '';
      // A StatefulSet labels its pods with the whole name, a DaemonSet with the hash alone.
      revisions.set(name, number).set(name.slice(name.lastIndexOf('-') + 1), number);
    }
  }
  return revisions;
}
