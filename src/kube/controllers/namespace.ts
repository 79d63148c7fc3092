import type { V1NamespaceCondition } from '../../generated/types.ts';
import { isReason, timestamp, type KubeObject } from '../apimachinery/index.ts';
import { kinds, type Namespace, type ResourceKey } from '../apis/index.ts';
import { cached } from '../client/index.ts';
import { requeue, type Control, type Controller } from './controller.ts';
import { customKindsIn } from './custom-kinds.ts';

/** Deletion waits, so that all API servers of a cluster know that the namespace is ending. Kubernetes: namespaceDeletionGracePeriod. */
const settleMs = 5000;
/** Guess of the time that finalizers take, seconds. Kubernetes: finalizerEstimateSeconds. */
const finalizerSeconds = 15;

const contentKinds = kinds.filter((kind) => kind.namespaced && kind.key !== 'events');

/** What is left in a namespace. */
interface Remaining {
  readonly count: Map<string, number>;
  readonly finalizers: Map<string, number>;
  /** Seconds until it may be gone; 0 when nothing is left. */
  estimate: number;
}

/**
 * Empties a namespace that is being deleted, pods first, then lets it go. Kubernetes: pkg/controller/namespace.
 *
 *   deleted ──5 s──▶ pods ──gone──▶ everything else ──gone──▶ finalizer removed
 */
export const namespaceController: Controller = {
  name: 'namespace',
  watches: [
    {
      resource: 'namespaces',
      keys(c, { type, key, object }) {
        if (type !== 'DELETED' && object.metadata.deletionTimestamp) requeue(c, key, settleMs);
        return [];
      },
    },
  ],
  reconcile(c, key) {
    const known = cached(c.memory.caches, 'namespaces', key);
    if (!known?.metadata.deletionTimestamp) return;
    let namespace: Namespace;
    try {
      namespace = c.client.get(c.ctx, 'namespaces', key);
    } catch (error) {
      if (isReason(error, 'NotFound')) return;
      throw error;
    }
    if (!namespace.spec?.finalizers?.length) return;
    const remaining: Remaining = { count: new Map(), finalizers: new Map(), estimate: 0 };
    empty(c, key, 'pods', remaining);
    const podsLeft = remaining.count.size > 0;
    if (!podsLeft) {
      for (const kind of contentKinds) if (kind.key !== 'pods') empty(c, key, kind.key, remaining);
      for (const kind of customKindsIn(c.memory.caches))
        if (kind.namespaced) empty(c, key, kind.key as ResourceKey, remaining);
    }
    // While pods end the conditions do not speak of what is left, as in the real controller.
    namespace = writeConditions(c, namespace, podsLeft ? undefined : remaining);
    if (remaining.estimate > 0) {
      requeue(c, key, (Math.floor(remaining.estimate / 2) + 1) * 1000);
      return;
    }
    deleteCollection(c, key, 'events'); // told until the end: they go last
    finalize(c, namespace);
  },
};

function deleteCollection(c: Control, namespace: string, resource: ResourceKey): void {
  c.client.request(c.ctx, {
    verb: 'deletecollection',
    resource,
    namespace,
    options: { propagationPolicy: 'Background' },
    why: { code: 'namespace.delete-content' },
  });
}

function empty(c: Control, namespace: string, resource: ResourceKey, remaining: Remaining): void {
  const list = (): readonly KubeObject[] =>
    c.client.list(c.ctx, resource, namespace) as readonly unknown[] as KubeObject[];
  const before = list();
  if (before.length === 0) return;
  if (before.some((object) => !object.metadata.deletionTimestamp)) deleteCollection(c, namespace, resource);
  const left = list();
  if (left.length === 0) return;
  remaining.count.set(resource, left.length);
  let seconds = 0;
  for (const object of left) {
    for (const finalizer of object.metadata.finalizers ?? [])
      remaining.finalizers.set(finalizer, (remaining.finalizers.get(finalizer) ?? 0) + 1);
    if (resource !== 'pods') continue;
    const grace = (object['spec'] as { terminationGracePeriodSeconds?: number }).terminationGracePeriodSeconds ?? 0;
    seconds = Math.max(seconds, grace);
  }
  remaining.estimate = Math.max(remaining.estimate, seconds || finalizerSeconds);
}

/** `pods` → `pods.`, `deployments.apps` as it is: how the conditions name a resource. */
const qualified = (resource: string): string => (resource.includes('.') ? resource : `${resource}.`);

const counted = (counts: ReadonlyMap<string, number>, word: string, name: (key: string) => string): string =>
  [...counts]
    .map(([key, count]) => `${name(key)} ${word} ${count} resource instances`)
    .sort()
    .join(', ');

/** The conditions of a namespace that is ending. Kubernetes: pkg/controller/namespace/deletion/status_condition_utils.go. */
export function namespaceConditions(
  remaining: Pick<Remaining, 'count' | 'finalizers'> | undefined,
): readonly Omit<V1NamespaceCondition, 'lastTransitionTime'>[] {
  const contents = remaining && counted(remaining.count, 'has', qualified);
  const finalizers = remaining && counted(remaining.finalizers, 'in', (name) => name);
  return [
    {
      type: 'NamespaceDeletionDiscoveryFailure',
      status: 'False',
      reason: 'ResourcesDiscovered',
      message: 'All resources successfully discovered',
    },
    {
      type: 'NamespaceDeletionGroupVersionParsingFailure',
      status: 'False',
      reason: 'ParsedGroupVersions',
      message: 'All legacy kube types successfully parsed',
    },
    {
      type: 'NamespaceDeletionContentFailure',
      status: 'False',
      reason: 'ContentDeleted',
      message: 'All content successfully deleted, may be waiting on finalization',
    },
    contents
      ? {
          type: 'NamespaceContentRemaining',
          status: 'True',
          reason: 'SomeResourcesRemain',
          message: `Some resources are remaining: ${contents}`,
        }
      : {
          type: 'NamespaceContentRemaining',
          status: 'False',
          reason: 'ContentRemoved',
          message: 'All content successfully removed',
        },
    finalizers
      ? {
          type: 'NamespaceFinalizersRemaining',
          status: 'True',
          reason: 'SomeFinalizersRemain',
          message: `Some content in the namespace has finalizers remaining: ${finalizers}`,
        }
      : {
          type: 'NamespaceFinalizersRemaining',
          status: 'False',
          reason: 'ContentHasNoFinalizers',
          message: 'All content-preserving finalizers finished',
        },
  ];
}

function writeConditions(c: Control, namespace: Namespace, remaining: Remaining | undefined): Namespace {
  const old = namespace.status?.conditions ?? [];
  let changed = false;
  const conditions = [...old];
  for (const next of namespaceConditions(remaining)) {
    const at = conditions.findIndex((condition) => condition.type === next.type);
    const known = conditions[at];
    if (known && known.status === next.status && known.message === next.message && known.reason === next.reason)
      continue;
    changed = true;
    const lastTransitionTime = known?.status === next.status ? known.lastTransitionTime : timestamp(c.ctx.now);
    if (at < 0) conditions.push({ ...next, lastTransitionTime });
    else conditions[at] = { ...next, lastTransitionTime };
  }
  if (!changed) return namespace;
  const status = { ...namespace.status, conditions };
  return c.client.updateStatus(
    c.ctx,
    'namespaces',
    { ...namespace, status },
    { why: { code: 'namespace.delete-content' } },
  );
}

/** Gives up the hold on the namespace: with it the API server removes the object. */
function finalize(c: Control, namespace: Namespace): void {
  const finalizers = (namespace.spec?.finalizers ?? []).filter((finalizer) => finalizer !== 'kubernetes');
  try {
    c.client.request(c.ctx, {
      verb: 'update',
      subresource: 'finalize',
      resource: 'namespaces',
      name: namespace.metadata.name,
      body: { ...namespace, spec: { finalizers } },
      why: { code: 'namespace.finalize' },
    });
  } catch (error) {
    if (!isReason(error, 'NotFound')) throw error;
  }
}
