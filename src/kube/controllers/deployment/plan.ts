import type { V1DeploymentStatus } from '../../../generated/types.ts';
import { equal } from '../../apimachinery/index.ts';
import type { Deployment, Pod, ReplicaSet } from '../../apis/index.ts';
import type { DeedCode } from '../../deeds.ts';
import type { Action } from '../controller.ts';
import { controllerRef } from '../ownership.ts';
import { annotatedNumber, desiredAnnotation, revisionAnnotation } from './annotations.ts';
import {
  activeOnly,
  byCreation,
  isRolling,
  maxUnavailable,
  newSize,
  proportionalSizes,
  totalStatus,
  totalWanted,
  wanted,
} from './arithmetic.ts';
import { condition, conditionOf, withCondition } from './conditions.ts';
import { hashLabel, templateHash, templateText } from './hash.ts';
import { maxRevision, revisionOf, withRevision, withSizes } from './revision.ts';
import { countedStatus, deadlineCheckMs, hasDeadline, isComplete, rolloutStatus } from './status.ts';

/** A plan in the making: the Deployment and its ReplicaSets as they will be when the actions so far are done. */
interface Draft {
  d: Deployment;
  /** ReplicaSets by name. */
  readonly sets: Map<string, ReplicaSet>;
  newName: string | undefined;
  readonly actions: Action[];
  readonly now: number;
}

const newOf = (p: Draft): ReplicaSet | undefined => (p.newName === undefined ? undefined : p.sets.get(p.newName));
/** Old ones first, the new one last, as everywhere in Kubernetes. */
const oldOf = (p: Draft): ReplicaSet[] => [...p.sets.values()].filter((rs) => rs.metadata.name !== p.newName);
const allOf = (p: Draft): ReplicaSet[] => [...oldOf(p), ...(newOf(p) ? [newOf(p)!] : [])];

/**
 * What a Deployment's controller does next. `pods` are the pods of each ReplicaSet (by uid); only Recreate looks at them.
 * One call makes one step: the changed ReplicaSets come back through the cache and lead to the next call.
 *
 *   paused or scaled ──▶ scale ──▶ clean up ──▶ status
 *   RollingUpdate    ──▶ new up? else old down? else clean up ──▶ status
 *   Recreate         ──▶ old down? else wait for their pods, then new up ──▶ status
 *
 * Kubernetes: pkg/controller/deployment/deployment_controller.go syncDeployment.
 */
export function plan(
  d: Deployment,
  replicaSets: readonly ReplicaSet[],
  pods: ReadonlyMap<string, readonly Pod[]>,
  now: number,
): Action[] {
  const sorted = replicaSets.toSorted(byCreation);
  const text = templateText(d.spec!.template);
  const p: Draft = {
    d,
    sets: new Map(sorted.map((rs) => [rs.metadata.name, rs])),
    newName: sorted.find((rs) => templateText(rs.spec!.template!) === text)?.metadata.name,
    actions: [],
    now,
  };
  if (d.metadata.deletionTimestamp) {
    syncNewReplicaSet(p);
    writeStatus(p, countedStatus(p.d, allOf(p), newOf(p), now));
    return p.actions;
  }
  notePause(p);
  // A ReplicaSet just written goes no further in this round: Kubernetes' own round ends here with a conflict.
  if (syncNewReplicaSet(p) && !d.spec!.paused) return p.actions;
  if (d.spec!.paused || wasScaled(p)) {
    scale(p);
    if (d.spec!.paused) cleanUp(p);
    writeStatus(p, countedStatus(p.d, allOf(p), newOf(p), now));
  } else if (isRolling(d)) rollingStep(p);
  else recreateStep(p, pods);
  return p.actions;
}

/** Paused and resumed are told by the condition Progressing, so that the time of a pause does not count as standstill. */
function notePause(p: Draft): void {
  if (!hasDeadline(p.d)) return;
  const current = conditionOf(p.d.status, 'Progressing');
  if (isStalled(p.d.status)) return;
  const noted = current?.reason === 'DeploymentPaused';
  const paused = p.d.spec!.paused ?? false;
  if (paused === noted) return;
  setStatus(
    p,
    withCondition(
      p.d.status ?? {},
      paused
        ? condition('Progressing', 'Unknown', 'DeploymentPaused', 'Deployment is paused', p.now)
        : condition('Progressing', 'Unknown', 'DeploymentResumed', 'Deployment is resumed', p.now),
    ),
  );
}

function setStatus(p: Draft, status: V1DeploymentStatus): void {
  const stalls = isStalled(status) && !isStalled(p.d.status);
  p.d = { ...p.d, status };
  p.actions.push({
    do: 'update-status',
    resource: 'deployments.apps',
    object: p.d,
    why: stalls
      ? { code: 'deployment.stalled', params: { seconds: p.d.spec!.progressDeadlineSeconds! } }
      : { code: 'deployment.status' },
  });
}

const isStalled = (status: V1DeploymentStatus | undefined): boolean =>
  conditionOf(status, 'Progressing')?.reason === 'ProgressDeadlineExceeded';

/** Writes the status when it differs from what the Deployment says. */
function writeStatus(p: Draft, status: V1DeploymentStatus): boolean {
  if (equal(p.d.status ?? {}, status)) return false;
  setStatus(p, status);
  return true;
}

function syncRolloutStatus(p: Draft): void {
  const status = rolloutStatus(p.d, allOf(p), newOf(p), p.now);
  if (writeStatus(p, status)) return;
  const afterMs = deadlineCheckMs(p.d, status, p.now);
  if (afterMs !== undefined) p.actions.push({ do: 'again', afterMs });
}

/** Brings annotations of the new ReplicaSet and the Deployment's revision up to date, when the ReplicaSet exists. True when it writes the former. */
function syncNewReplicaSet(p: Draft): boolean {
  const newRs = newOf(p);
  if (!newRs) return false;
  const revised = withRevision(p.d, newRs, maxRevision(oldOf(p)) + 1n);
  const minReadySeconds = p.d.spec!.minReadySeconds ?? 0;
  if (revised !== newRs || (newRs.spec!.minReadySeconds ?? 0) !== minReadySeconds) {
    const { minReadySeconds: _, ...spec } = revised.spec!;
    const next = { ...revised, spec: minReadySeconds > 0 ? { ...spec, minReadySeconds } : spec };
    p.sets.set(next.metadata.name, next);
    const rolledBack = revisionOf(next) !== revisionOf(newRs);
    p.actions.push({
      do: 'update',
      resource: 'replicasets.apps',
      object: next,
      why: {
        code: rolledBack ? 'deployment.rollback' : 'deployment.sync-replicaset',
        params: { replicaset: newRs.metadata.name },
      },
    });
    return true; // the Deployment's own revision follows when the cache shows this
  }
  noteRevision(p, newRs.metadata.annotations?.[revisionAnnotation] ?? '', (status) =>
    hasDeadline(p.d) && !conditionOf(status, 'Progressing')
      ? withCondition(
          status,
          condition(
            'Progressing',
            'True',
            'FoundNewReplicaSet',
            `Found new replica set "${newRs.metadata.name}"`,
            p.now,
          ),
        )
      : status,
  );
  return false;
}

/** Writes the revision annotation and a condition in one status update, when either changes. */
function noteRevision(p: Draft, revision: string, edit: (status: V1DeploymentStatus) => V1DeploymentStatus): void {
  const old = p.d.status ?? {};
  const status = edit(old);
  const same = p.d.metadata.annotations?.[revisionAnnotation] === revision;
  if (same && status === old) return;
  if (!same) {
    const annotations = { ...p.d.metadata.annotations, [revisionAnnotation]: revision };
    p.d = { ...p.d, metadata: { ...p.d.metadata, annotations } };
  }
  setStatus(p, status);
}

/** The new ReplicaSet, made when it does not exist yet. */
function ensureNewReplicaSet(p: Draft): ReplicaSet {
  const existing = newOf(p);
  if (existing) return existing;
  const old = oldOf(p);
  const revision = maxRevision(old) + 1n;
  const empty = newReplicaSet(p.d);
  const size = newSize(p.d, [...old, empty], empty);
  const rs = withSizes(p.d, withRevision(p.d, { ...empty, spec: { ...empty.spec!, replicas: size } }, revision));
  const { name } = rs.metadata;
  p.sets.set(name, rs);
  p.newName = name;
  p.actions.push({
    do: 'create',
    resource: 'replicasets.apps',
    object: rs,
    why: { code: 'deployment.create-replicaset', params: { replicaset: name, replicas: size } },
  });
  if (size > 0) p.actions.push(scaled(p, `Scaled up replica set ${name} from 0 to ${size}`));
  noteRevision(p, String(revision), (status) =>
    hasDeadline(p.d)
      ? withCondition(
          status,
          condition('Progressing', 'True', 'NewReplicaSetCreated', `Created new replica set "${name}"`, p.now),
        )
      : status,
  );
  return rs;
}

/** A ReplicaSet for the Deployment's template, without pods. Its name is a function of the template: trying again finds it. */
function newReplicaSet(d: Deployment): ReplicaSet {
  const template = d.spec!.template;
  const hash = templateHash(template, d.status?.collisionCount);
  const labels = { ...template.metadata?.labels, [hashLabel]: hash };
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${d.metadata.name}-${hash}`,
      ...(d.metadata.namespace && { namespace: d.metadata.namespace }),
      labels,
      ownerReferences: [controllerRef(d)],
    } as unknown as ReplicaSet['metadata'],
    spec: {
      replicas: 0,
      ...(d.spec!.minReadySeconds && { minReadySeconds: d.spec!.minReadySeconds }),
      selector: {
        ...d.spec!.selector,
        matchLabels: { ...d.spec!.selector.matchLabels, [hashLabel]: hash },
      },
      template: { ...template, metadata: { ...template.metadata, labels } },
    },
  };
}

const scaled = (p: Draft, message: string): Action => ({
  do: 'event',
  object: p.d,
  type: 'Normal',
  reason: 'ScalingReplicaSet',
  message,
});

/** Gives a ReplicaSet a size, and notes the Deployment's size on it. True when the size changes. */
function resize(p: Draft, rs: ReplicaSet, size: number, onlyIfDifferent = true): boolean {
  const from = wanted(rs);
  if (from === size && onlyIfDifferent) return false;
  const noted = withSizes(p.d, rs);
  if (from === size && noted === rs) return false;
  const next = from === size ? noted : { ...noted, spec: { ...noted.spec!, replicas: size } };
  const { name } = rs.metadata;
  p.sets.set(name, next);
  const code: DeedCode =
    size > from ? 'deployment.scale-up' : size < from ? 'deployment.scale-down' : 'deployment.sync-replicaset';
  const why = { code, params: { replicaset: name, from, to: size } };
  p.actions.push({ do: 'update', resource: 'replicasets.apps', object: next, why });
  if (size === from) return false;
  p.actions.push(scaled(p, `Scaled ${size > from ? 'up' : 'down'} replica set ${name} from ${from} to ${size}`));
  return true;
}

/** True when the Deployment's size is not the one that its active ReplicaSets know. */
const wasScaled = (p: Draft): boolean =>
  activeOnly(allOf(p)).some((rs) => {
    const desired = annotatedNumber(rs, desiredAnnotation);
    return desired !== undefined && desired !== wanted(p.d);
  });

/** Follows a change of size without rolling: the only active ReplicaSet takes it all, several share it. */
function scale(p: Draft): void {
  const newRs = newOf(p);
  const only = activeOrLatest(p);
  if (only) {
    resize(p, only, wanted(p.d));
    return;
  }
  if (newRs && isSaturated(p.d, newRs)) {
    for (const rs of activeOnly(oldOf(p))) resize(p, rs, 0);
    return;
  }
  if (!isRolling(p.d)) return;
  for (const { rs, size } of proportionalSizes(p.d, activeOnly(allOf(p)))) resize(p, rs, size, false);
}

function activeOrLatest(p: Draft): ReplicaSet | undefined {
  const active = activeOnly(allOf(p));
  if (active.length > 1) return undefined;
  return active[0] ?? newOf(p) ?? oldOf(p).toSorted(byCreation).at(-1);
}

/** The new ReplicaSet has all that is wanted, and all available. */
function isSaturated(d: Deployment, rs: ReplicaSet): boolean {
  const desired = annotatedNumber(rs, desiredAnnotation);
  if (desired === undefined) return false;
  return wanted(rs) === wanted(d) && desired === wanted(d) && (rs.status?.availableReplicas ?? 0) === wanted(d);
}

/** Deletes the oldest ReplicaSets without pods beyond the history limit. */
function cleanUp(p: Draft): void {
  const limit = p.d.spec!.revisionHistoryLimit;
  if (limit === undefined) return;
  const old = oldOf(p).filter((rs) => !rs.metadata.deletionTimestamp);
  const surplus = old.length - limit;
  if (surplus <= 0) return;
  for (const rs of old
    .toSorted((a, b) => Number(revisionOf(a) - revisionOf(b)) || byCreation(a, b))
    .slice(0, surplus)) {
    const inUse = (rs.status?.replicas ?? 0) !== 0 || wanted(rs) !== 0;
    if (inUse || (rs.metadata.generation ?? 0) > (rs.status?.observedGeneration ?? 0)) continue;
    const why = { code: 'deployment.cleanup', params: { replicaset: rs.metadata.name } } as const;
    p.actions.push({ do: 'delete', resource: 'replicasets.apps', object: rs, why });
  }
}

/** One step of a rolling update: the new grows while there is room, else the old shrink while enough pods are available. */
function rollingStep(p: Draft): void {
  const newRs = ensureNewReplicaSet(p);
  if (!growNew(p, newRs) && !shrinkOld(p) && isComplete(p.d, p.d.status)) cleanUp(p);
  if (p.actions.at(-1)?.do !== 'fail') syncRolloutStatus(p);
}

function growNew(p: Draft, newRs: ReplicaSet): boolean {
  if (wanted(newRs) === wanted(p.d)) return false;
  if (wanted(newRs) > wanted(p.d)) return resize(p, newRs, wanted(p.d));
  return resize(p, newRs, newSize(p.d, allOf(p), newRs));
}

/**
 * Takes pods from old ReplicaSets: unhealthy ones first, since nobody misses them, then as many as may be unavailable.
 * New pods that are not available yet count as if they were missing: 10 replicas with 2 unavailable and 3 of 3 new pods not
 * ready: 13 − 8 − 3 = 2 old ones may go.
 * Kubernetes: pkg/controller/deployment/rolling.go reconcileOldReplicaSets.
 */
function shrinkOld(p: Draft): boolean {
  const newRs = newOf(p)!;
  const minAvailable = wanted(p.d) - maxUnavailable(p.d);
  const old = activeOnly(oldOf(p)).toSorted(byCreation);
  if (totalWanted(old) === 0) return false;
  const newUnavailable = wanted(newRs) - (newRs.status?.availableReplicas ?? 0);
  const most = totalWanted(allOf(p)) - minAvailable - newUnavailable;
  if (most <= 0) return false;
  let cleaned = 0;
  for (const rs of old) {
    if (cleaned >= most) break;
    const unhealthy = wanted(rs) - (rs.status?.availableReplicas ?? 0);
    if (unhealthy === 0) continue;
    if (unhealthy < 0) {
      // Its status still counts pods that it is about to delete: nothing can be concluded from it.
      p.actions.push({ do: 'fail', message: `invalid request to scale down ${rs.metadata.name}` });
      return true;
    }
    const count = Math.min(most - cleaned, unhealthy);
    resize(p, rs, wanted(rs) - count);
    cleaned += count;
  }
  const available = totalStatus([...old, newRs], 'availableReplicas');
  let taken = 0;
  for (const { metadata } of old) {
    const rs = p.sets.get(metadata.name)!;
    const count = Math.min(wanted(rs), available - minAvailable - taken);
    if (count <= 0) continue;
    resize(p, rs, wanted(rs) - count);
    taken += count;
  }
  return cleaned + taken > 0;
}

/** One step of Recreate: no old pod may be left, not even a terminating one, before the first new one is made. */
function recreateStep(p: Draft, pods: ReadonlyMap<string, readonly Pod[]>): void {
  let scaledDown = false;
  for (const rs of activeOnly(oldOf(p))) scaledDown = resize(p, rs, 0) || scaledDown;
  if (!scaledDown && !oldPodsRunning(p, pods)) {
    const newRs = ensureNewReplicaSet(p);
    resize(p, newRs, wanted(p.d));
    if (isComplete(p.d, p.d.status)) cleanUp(p);
  }
  syncRolloutStatus(p);
}

function oldPodsRunning(p: Draft, pods: ReadonlyMap<string, readonly Pod[]>): boolean {
  if (totalStatus(oldOf(p), 'replicas') > 0) return true;
  const newUid = newOf(p)?.metadata.uid;
  for (const [uid, list] of pods) {
    if (uid === newUid) continue;
    if (list.some((pod) => pod.status?.phase !== 'Failed' && pod.status?.phase !== 'Succeeded')) return true;
  }
  return false;
}
