import type { V1LabelSelector, V1PodTemplateSpec } from '../../generated/types.ts';
import { controllerOf, isReason, type Draft } from '../apimachinery/index.ts';
import type { ControllerRevision, DaemonSet, StatefulSet } from '../apis/index.ts';
import type { Control } from './controller.ts';
import { canonical } from './deployment/hash.ts';
import { claimChildren, controllerRef } from './ownership.ts';

/** The label that tells the pods of one revision from those of another. */
export const revisionLabel = 'controller-revision-hash';

/** A kind whose past templates are kept as ControllerRevisions. */
export type Revised = StatefulSet | DaemonSet;

/** What a revision keeps: a patch that puts the template back. Kubernetes: getPatch. */
interface RevisionData {
  readonly spec: { readonly template: V1PodTemplateSpec };
}

/** The template that a revision keeps. */
export function templateOf(revision: ControllerRevision): V1PodTemplateSpec {
  const { $patch: _, ...template } = (revision.data as RevisionData).spec.template as V1PodTemplateSpec & {
    $patch?: string;
  };
  return template;
}

const texts = new WeakMap<object, string>();

/** Text of what a revision keeps, equal for equal templates. Memoised on the object. */
function textOf(object: object, template: () => V1PodTemplateSpec): string {
  const known = texts.get(object);
  if (known !== undefined) return known;
  const text = canonical(template());
  if (Object.isFrozen(object)) texts.set(object, text);
  return text;
}

/** Whether a revision keeps the owner's present template. Kubernetes: history.EqualRevision, daemon.Match. */
export const isOfTemplate = (revision: ControllerRevision, template: V1PodTemplateSpec): boolean =>
  textOf(revision, () => templateOf(revision)) === textOf(template, () => template);

/** Oldest first; among equals the one made first, then by name. Kubernetes: history.SortControllerRevisions. */
export const byRevision = (a: ControllerRevision, b: ControllerRevision): number =>
  a.revision - b.revision ||
  compare(a.metadata.creationTimestamp ?? '', b.metadata.creationTimestamp ?? '') ||
  compare(a.metadata.name, b.metadata.name);

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** All revisions of an owner, oldest first; orphans that match are adopted on the way. */
export const revisionsOf = (
  c: Control,
  resource: 'statefulsets.apps' | 'daemonsets.apps',
  owner: Revised,
): ControllerRevision[] => {
  const name = resource === 'daemonsets.apps' ? 'daemonset' : 'statefulset';
  const selector: V1LabelSelector | undefined = owner.spec?.selector;
  const codes = { adopt: `${name}.adopt`, release: `${name}.release` } as const;
  return claimChildren(c, resource, owner as never, selector, 'controllerrevisions.apps', codes, () => true).sort(
    byRevision,
  );
};

/** A new revision of an owner's template, whose name ends in its hash. */
export const newRevision = (
  owner: Revised,
  labels: Readonly<Record<string, string>>,
  hash: string,
  revision: number,
): Draft<ControllerRevision> => ({
  apiVersion: 'apps/v1',
  kind: 'ControllerRevision',
  metadata: {
    // The name leaves room for the hash. Kubernetes: history.ControllerRevisionName.
    name: `${owner.metadata.name.slice(0, 223)}-${hash}`,
    ...(owner.metadata.namespace && { namespace: owner.metadata.namespace }),
    labels: { ...owner.spec!.template.metadata?.labels, ...labels },
    ...(owner.metadata.annotations && { annotations: owner.metadata.annotations }),
    ownerReferences: [controllerRef(owner)],
  },
  // In order of its keys, as Go writes a map: clients compare it byte for byte with what they would write.
  data: JSON.parse(canonical({ spec: { template: { $patch: 'replace', ...owner.spec!.template } } })) as object,
  revision,
});

/**
 * Stores a revision. One of that name that keeps the same template is taken as it is; 'collision' when another template has
 * the name.
 */
export function storeRevision(
  c: Control,
  owner: Revised,
  draft: Draft<ControllerRevision>,
  name: 'statefulset' | 'daemonset',
): ControllerRevision | 'collision' {
  const why = { code: `${name}.revision`, params: { revision: draft.revision } } as const;
  try {
    return c.client.create(c.ctx, 'controllerrevisions.apps', draft, { why });
  } catch (error) {
    if (!isReason(error, 'AlreadyExists')) throw error;
    const live = c.client.get(c.ctx, 'controllerrevisions.apps', draft.metadata!.name!, owner.metadata.namespace);
    const ours = controllerOf(live)?.uid === owner.metadata.uid && isOfTemplate(live, owner.spec!.template);
    return ours ? live : 'collision';
  }
}

/** Gives a revision a higher number: its template is the present one again. */
export const renumber = (
  c: Control,
  revision: ControllerRevision,
  number: number,
  name: 'statefulset' | 'daemonset',
): ControllerRevision =>
  c.client.update(
    c.ctx,
    'controllerrevisions.apps',
    { ...revision, revision: number },
    { why: { code: `${name}.revision`, params: { revision: number } } },
  );

/** Deletes so many revisions, oldest first. `spare` are those that no pod and no status needs. */
export function truncateHistory(
  c: Control,
  spare: readonly ControllerRevision[],
  count: number,
  name: 'statefulset' | 'daemonset',
): void {
  for (const { metadata } of spare.slice(0, Math.max(0, count)))
    c.client.delete(c.ctx, 'controllerrevisions.apps', metadata.name, metadata.namespace, {
      why: { code: `${name}.cleanup` },
    });
}
