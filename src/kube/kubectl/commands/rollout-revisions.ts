import type { V1PodTemplateSpec } from '../../../generated/types.ts';
import { controllerOf, equal, type KubeObject } from '../../apimachinery/index.ts';
import type { ControllerRevision } from '../../apis/index.ts';
import type { AnyKind } from '../../apis/kind.ts';
import type { Invocation } from '../command.ts';
import { UsageError } from '../parse.ts';

/** Kinds whose past templates are kept as ControllerRevisions. */
export const revisedKinds: ReadonlySet<string> = new Set(['daemonsets.apps', 'statefulsets.apps']);

/** Number → revision of an object, ascending. Kubernetes: polymorphichelpers controlledHistory. */
export function revisionsOf(run: Invocation, { metadata }: KubeObject): Map<number, ControllerRevision> {
  const owned = run.client
    .list(run.ctx, 'controllerrevisions.apps', metadata.namespace)
    .filter((revision) => controllerOf(revision)?.uid === metadata.uid)
    .map((revision): [number, ControllerRevision] => [revision.revision, revision]);
  return new Map(owned.sort(([a], [b]) => a - b));
}

/** The template that a revision keeps. */
export function revisionTemplate({ data }: ControllerRevision): V1PodTemplateSpec {
  const { spec } = data as { spec: { template: V1PodTemplateSpec & { $patch?: string } } };
  const { $patch: _, ...template } = spec.template;
  return template;
}

/** `rollout undo` of such a kind: the revision is itself the patch. Kubernetes: DaemonSetRollbacker, StatefulSetRollbacker. */
export function undoRevised(run: Invocation, kind: AnyKind, object: KubeObject): string {
  const { namespace, name } = object.metadata;
  const revisions = revisionsOf(run, object);
  const wanted = Number(run.flag('to-revision') ?? 0);
  if (wanted === 0 && revisions.size <= 1) throw new UsageError('error: no last revision to roll back to');
  const target = wanted === 0 ? [...revisions.values()].at(-2) : revisions.get(wanted);
  if (!target) throw new UsageError(`error: unable to find specified revision ${wanted} in history`);
  const { template } = (object as unknown as { spec: { template: V1PodTemplateSpec } }).spec;
  if (equal(revisionTemplate(target), template))
    return `skipped rollback (current template already matches revision ${wanted})`;
  const code = kind.key === 'daemonsets.apps' ? 'daemonset.rollback' : 'statefulset.rollback';
  run.request({
    verb: 'patch',
    resource: kind.key,
    namespace,
    name,
    patchType: 'strategic',
    body: target.data,
    why: { code, params: { revision: target.revision } },
  });
  return 'rolled back';
}
