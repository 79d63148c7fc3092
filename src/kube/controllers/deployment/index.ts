import { controllerOf, isReason, keyOf, matchesSelector, ApiError } from '../../apimachinery/index.ts';
import type { Deployment, Pod, ReplicaSet } from '../../apis/index.ts';
import { cached, type Change } from '../../client/index.ts';
import { perform, tell, type Action, type Control, type Controller } from '../controller.ts';
import { dependentsOf } from '../indexes.ts';
import { claimChildren } from '../ownership.ts';
import { condition, withCondition } from './conditions.ts';
import { templateText } from './hash.ts';
import { plan } from './plan.ts';
import { hasDeadline } from './status.ts';
import { sameMap } from '../equal.ts';

const component = 'deployment-controller';

/** Rolls a Deployment's pods from one template to the next by sizing ReplicaSets. Kubernetes: pkg/controller/deployment. */
export const deploymentController: Controller = {
  name: 'deployment',
  watches: [
    { resource: 'deployments.apps', keys: (_c, change) => [change.key] },
    { resource: 'replicasets.apps', keys: keysOfReplicaSet },
    { resource: 'pods', keys: keysOfPod },
  ],
  reconcile(c, key) {
    const d = cached(c.memory.caches, 'deployments.apps', key);
    if (!d?.spec) return;
    if (selectsAll(d)) {
      refuseToSelectAll(c, d);
      return;
    }
    const replicaSets = claimChildren(
      c,
      'deployments.apps',
      d as never,
      d.spec.selector,
      'replicasets.apps',
      { adopt: 'deployment.adopt', release: 'deployment.release' },
      () => true,
    );
    const pods = d.spec.strategy?.type === 'Recreate' ? podsOf(c, replicaSets) : new Map<string, Pod[]>();
    const actions = plan(d, replicaSets, pods, c.ctx.now);
    const create = actions.findIndex((action) => action.do === 'create');
    if (create < 0) perform(c, component, key, actions);
    else {
      perform(c, component, key, actions.slice(0, create));
      const made = createReplicaSet(c, d, actions[create] as Action & { do: 'create' });
      // When it was there already (the cache was behind) it is neither news nor progress; the next round finds it.
      if (made) perform(c, component, key, actions.slice(create + 1));
    }
  },
};

const selectsAll = (d: Deployment): boolean => {
  const { matchLabels, matchExpressions } = d.spec!.selector;
  return Object.keys(matchLabels ?? {}).length === 0 && !matchExpressions?.length;
};

function refuseToSelectAll(c: Control, d: Deployment): void {
  const message = 'This deployment is selecting all pods. A non-empty selector is required.';
  tell(c, component, d, 'Warning', 'SelectingAll', message);
  if ((d.status?.observedGeneration ?? 0) >= (d.metadata.generation ?? 0)) return;
  const status = { ...d.status, observedGeneration: d.metadata.generation };
  c.client.updateStatus(c.ctx, 'deployments.apps', { ...d, status }, { why: { code: 'deployment.status' } });
}

function podsOf(c: Control, replicaSets: readonly ReplicaSet[]): Map<string, Pod[]> {
  const pods = new Map<string, Pod[]>();
  for (const rs of replicaSets) {
    const list: Pod[] = [];
    for (const key of dependentsOf(c.memory.indexes, 'pods', rs.metadata.uid)) {
      const pod = cached(c.memory.caches, 'pods', key);
      if (pod && controllerOf(pod)?.uid === rs.metadata.uid) list.push(pod);
    }
    pods.set(rs.metadata.uid, list);
  }
  return pods;
}

/**
 * Creates the new ReplicaSet; false when ours exists already. Another one of that name is a hash collision: the count in the
 * Deployment's status makes the next name a different one.
 */
function createReplicaSet(c: Control, d: Deployment, { object, why }: Action & { do: 'create' }): boolean {
  const rs = object as ReplicaSet;
  try {
    c.client.create(c.ctx, 'replicasets.apps', rs, { why });
    return true;
  } catch (error) {
    if (isReason(error, 'AlreadyExists')) {
      const live = c.client.get(c.ctx, 'replicasets.apps', rs.metadata.name, rs.metadata.namespace);
      const ours = controllerOf(live)?.uid === d.metadata.uid;
      if (ours && templateText(live.spec!.template!) === templateText(d.spec!.template)) return false;
      const status = { ...d.status, collisionCount: (d.status?.collisionCount ?? 0) + 1 };
      c.client.updateStatus(c.ctx, 'deployments.apps', { ...d, status }, { why: { code: 'deployment.status' } });
    } else if (error instanceof ApiError && !namespaceTerminating(error)) reportFailedCreate(c, d, rs, error);
    throw error;
  }
}

const namespaceTerminating = (error: ApiError): boolean =>
  error.status.details?.causes?.some((cause) => cause.reason === 'NamespaceTerminating') ?? false;

function reportFailedCreate(c: Control, d: Deployment, rs: ReplicaSet, error: ApiError): void {
  const message = `Failed to create new replica set "${rs.metadata.name}": ${error.message}`;
  if (hasDeadline(d)) {
    const failed = condition('Progressing', 'False', 'ReplicaSetCreateError', message, c.ctx.now);
    const status = withCondition(d.status ?? {}, failed);
    if (status !== d.status)
      try {
        c.client.updateStatus(c.ctx, 'deployments.apps', { ...d, status }, { why: { code: 'deployment.status' } });
      } catch (second) {
        if (!(second instanceof ApiError)) throw second; // the creation's own error is what counts
      }
  }
  tell(c, component, d, 'Warning', 'ReplicaSetCreateError', message);
}

function keysOfReplicaSet(c: Control, { type, object, old }: Change): readonly string[] {
  const rs = object as unknown as ReplicaSet;
  const keys = new Set<string>();
  const owner = ownerKey(c, rs);
  if (owner) keys.add(owner);
  if (type === 'DELETED') return [...keys];
  if (old) {
    const former = ownerKey(c, old as unknown as ReplicaSet);
    if (former) keys.add(former);
  }
  if (!controllerOf(rs) && (!old || !sameMap(old.metadata.labels, rs.metadata.labels) || keys.size > 0)) {
    for (const d of c.memory.caches.get('deployments.apps')?.objects.values() ?? []) {
      const { spec } = d as unknown as Deployment;
      if (d.metadata.namespace === rs.metadata.namespace && matchesSelector(spec?.selector, rs.metadata.labels))
        keys.add(keyOf(d));
    }
  }
  return [...keys];
}

/** Key of the Deployment that controls a ReplicaSet, when it still exists. */
function ownerKey(c: Control, rs: ReplicaSet): string | undefined {
  const owner = controllerOf(rs);
  if (owner?.kind !== 'Deployment') return undefined;
  const key = `${rs.metadata.namespace}/${owner.name}`;
  return cached(c.memory.caches, 'deployments.apps', key)?.metadata.uid === owner.uid ? key : undefined;
}

/** A pod that has gone matters to a Deployment that recreates: the last one lets it go on. */
function keysOfPod(c: Control, { type, object }: Change): readonly string[] {
  if (type !== 'DELETED') return [];
  const owner = controllerOf(object);
  if (owner?.kind !== 'ReplicaSet') return [];
  const rs = cached(c.memory.caches, 'replicasets.apps', `${object.metadata.namespace}/${owner.name}`);
  const key = rs && ownerKey(c, rs);
  const d = key && cached(c.memory.caches, 'deployments.apps', key);
  return d && d.spec?.strategy?.type === 'Recreate' ? [key] : [];
}
