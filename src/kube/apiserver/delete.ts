import { conflict, keyOf, millisOf, timestamp, type KubeObject } from '../apimachinery/index.ts';
import type { V1Status } from '../../generated/types.ts';
import type { AnyKind } from '../apis/kind.ts';
import { admitNamespaceDeletion } from './admission/namespace-lifecycle.ts';
import { definitionsKey } from '../apis/apiextensions/customresourcedefinition.ts';
import { checkAdmissionPolicies } from './admission/validating-admission-policy/index.ts';
import { commit, erase, mustRead, type Call } from './call.ts';
import { heldDefinition } from './customresources/names.ts';
import { missRenewal } from './leases.ts';
import { builtMetadata } from './metadata.ts';
import { selected } from './list.ts';
import type { ApiResponse, RequestOptions } from './request.ts';
import { apiVersionOf } from './body.ts';

/** Kinds whose deletion is answered with the object; others answer a Status. Kubernetes: ReturnDeletedObject. */
const answersObject: ReadonlySet<string> = new Set(['pods', 'services', 'serviceaccounts', 'namespaces']);

/**
 * DELETE of one object.
 *
 *   no finalizer, no grace ──────────────────────────────▶ gone
 *   otherwise ──▶ deletionTimestamp set ──finalizers empty, grace 0──▶ gone
 *
 * Kubernetes: apiserver/pkg/registry/rest/delete.go, registry/generic/registry/store.go Delete.
 */
export function deleteOne(call: Call): ApiResponse {
  const { kind } = call;
  const old = mustRead(call);
  if (kind.orphansByDefault && call.request.options?.propagationPolicy === undefined) call.warnings.push(orphanWarning);
  checkPreconditions(call, old);
  admitNamespaceDeletion(call);
  checkAdmissionPolicies(call, undefined, old);
  const { object, gone } = remove(call, old);
  if (!gone || answersObject.has(kind.key)) return { code: 200, body: object };
  return {
    code: 200,
    body: success({
      name: old.metadata.name,
      ...(kind.group && { group: kind.group }),
      kind: kind.resource,
      uid: old.metadata.uid,
    }),
  };
}

/** Of Jobs, the only kind whose dependents stay by themselves. Kubernetes: pkg/registry/batch/job/storage. */
const orphanWarning =
  'child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or set propagationPolicy=Orphan to suppress this warning';

/** DELETE of a collection: everything that the selectors find, one after the other. */
export function deleteCollection(call: Call): ApiResponse {
  const { kind } = call;
  const items = selected(call).map((object) => {
    const one: Call = {
      ...call,
      request: { ...call.request, name: object.metadata.name, namespace: object.metadata.namespace },
    };
    admitNamespaceDeletion(one);
    checkAdmissionPolicies(one, undefined, object);
    return remove(one, object).object;
  });
  return {
    code: 200,
    body: {
      kind: kind.custom?.listKind ?? `${kind.kind}List`,
      apiVersion: apiVersionOf(kind),
      metadata: { resourceVersion: String(call.etcd.revision) },
      items,
    },
  };
}

/** A Status that says yes. */
export const success = (details?: NonNullable<V1Status['details']>): V1Status => ({
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  status: 'Success',
  ...(details && { details }),
});

function checkPreconditions({ kind, request }: Call, old: KubeObject): void {
  const { uid, resourceVersion } = request.options?.preconditions ?? {};
  // Kubernetes names the kind here, not the resource.
  const refuse = (why: string): never => {
    throw conflict(kind.group, kind.kind, request.name!, why);
  };
  if (uid && uid !== old.metadata.uid) {
    refuse(
      `the UID in the precondition (${uid}) does not match the UID in record (${old.metadata.uid}). The object might have been deleted and then recreated`,
    );
  }
  if (resourceVersion && resourceVersion !== old.metadata.resourceVersion) {
    refuse(
      `the ResourceVersion in the precondition (${resourceVersion}) does not match the ResourceVersion in record (${old.metadata.resourceVersion}). The object might have been modified`,
    );
  }
}

/** Deletes, or marks what must wait; the answer says which. */
function remove(call: Call, stored: KubeObject): { object: KubeObject; gone: boolean } {
  const { kind, request, ctx } = call;
  const key = keyOf(stored);
  const old = kind.key === definitionsKey ? heldDefinition(stored, timestamp(ctx.now)) : stored;
  const options = withPolicy(kind, old, request.options ?? {});
  const finalizers = nextFinalizers(old.metadata.finalizers ?? [], options);
  const isPod = kind.key === 'pods';
  const held = finalizers.length > 0 || (kind.key === 'namespaces' && hasContent(old));
  const deleting = old.metadata.deletionTimestamp !== undefined;
  const before = old.metadata.deletionGracePeriodSeconds ?? 0;
  let grace = isPod ? graceOf(old, options) : 0;
  // Whoever deletes again may only shorten the grace; without a wish the deletion under way goes on.
  if (deleting && (!isPod || options.gracePeriodSeconds === undefined || grace >= before)) grace = before;
  const restamp = !deleting || grace !== before;
  const stamp = restamp && (isPod || held);
  const begun = deleting ? millisOf(old.metadata.deletionTimestamp!) - before * 1000 : ctx.now;
  const { deletionTimestamp, deletionGracePeriodSeconds, generation } = old.metadata;
  const metadata = builtMetadata(
    {
      ...old.metadata,
      generateName: old.metadata.generateName,
      namespace: old.metadata.namespace,
      generation: generation && stamp && !deleting ? generation + 1 : generation,
      deletionTimestamp: stamp ? timestamp(begun + grace * 1000) : deletionTimestamp,
      deletionGracePeriodSeconds: stamp ? grace : deletionGracePeriodSeconds,
      managedFields: old.metadata.managedFields,
    },
    { ...old.metadata, finalizers: finalizers.length > 0 ? finalizers : undefined },
  );
  const next: KubeObject = {
    ...old,
    metadata,
    ...(kind.key === 'namespaces' && { status: { ...(old['status'] as object), phase: 'Terminating' } }),
  };
  if (!held && grace === 0) {
    if (kind.key === 'leases.coordination.k8s.io') missRenewal(ctx, old);
    return { object: erase(call, key, next), gone: true };
  }
  const sameFinalizers = finalizers.join() === (old.metadata.finalizers ?? []).join();
  if (!restamp && sameFinalizers) return { object: old, gone: false };
  return { object: commit(call, key, next, stored), gone: false };
}

const hasContent = (namespace: KubeObject): boolean =>
  ((namespace['spec'] as { finalizers?: string[] } | undefined)?.finalizers?.length ?? 0) > 0;

/** Seconds a pod gets: none when no kubelet has it or it has ended. Kubernetes: pod strategy CheckGracefulDelete. */
function graceOf(pod: KubeObject, options: RequestOptions): number {
  const spec = (pod['spec'] ?? {}) as { nodeName?: string; terminationGracePeriodSeconds?: number };
  const phase = (pod['status'] as { phase?: string } | undefined)?.phase;
  if (!spec.nodeName || phase === 'Failed' || phase === 'Succeeded') return 0;
  const seconds = options.gracePeriodSeconds ?? spec.terminationGracePeriodSeconds ?? 0;
  return seconds < 0 ? 1 : seconds;
}

/** Of some kinds the dependents stay unless the client says otherwise, as they did before there was a garbage collector. */
function withPolicy(kind: AnyKind, { metadata }: KubeObject, options: RequestOptions): RequestOptions {
  if (!kind.orphansByDefault || options.propagationPolicy !== undefined) return options;
  const decided = metadata.finalizers?.some((name) => name === 'orphan' || name === 'foregroundDeletion');
  return decided ? options : { ...options, propagationPolicy: 'Orphan' };
}

/** The propagation policy becomes a finalizer that the garbage collector acts on. Kubernetes: deletionFinalizersForGarbageCollection. */
function nextFinalizers(finalizers: readonly string[], { propagationPolicy }: RequestOptions): string[] {
  if (propagationPolicy === undefined) return [...finalizers];
  const others = finalizers.filter((finalizer) => finalizer !== 'orphan' && finalizer !== 'foregroundDeletion');
  if (propagationPolicy === 'Orphan') others.push('orphan');
  if (propagationPolicy === 'Foreground') others.push('foregroundDeletion');
  return others;
}
