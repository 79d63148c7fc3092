import { scaledValue } from '../../apimachinery/index.ts';
import type { Deployment, ReplicaSet } from '../../apis/index.ts';
import { annotatedNumber, maxAnnotation } from './annotations.ts';

/** `spec.replicas` of a Deployment or ReplicaSet. */
export const wanted = (object: Deployment | ReplicaSet): number => object.spec?.replicas ?? 1;

/** Sum of `spec.replicas`. */
export const totalWanted = (list: readonly ReplicaSet[]): number => list.reduce((sum, rs) => sum + wanted(rs), 0);

/** Sum of a status field. */
export const totalStatus = (
  list: readonly ReplicaSet[],
  field: 'replicas' | 'readyReplicas' | 'availableReplicas',
): number => list.reduce((sum, rs) => sum + (rs.status?.[field] ?? 0), 0);

/** ReplicaSets that want pods. */
export const activeOnly = (list: readonly ReplicaSet[]): ReplicaSet[] => list.filter((rs) => wanted(rs) > 0);

/** True for the strategy RollingUpdate. */
export const isRolling = (d: Deployment): boolean => d.spec?.strategy?.type === 'RollingUpdate';

/**
 * How many pods a rolling update may have above, and how many below, the wanted number.
 * 10 replicas at 25 %: surge ⌈2.5⌉ = 3, unavailable ⌊2.5⌋ = 2. When both come to 0 one may be unavailable, or it could never move.
 * Kubernetes: deploymentutil.ResolveFenceposts.
 */
export function fenceposts(d: Deployment): { surge: number; unavailable: number } {
  const { maxSurge, maxUnavailable } = d.spec?.strategy?.rollingUpdate ?? {};
  const surge = scaledValue(maxSurge, wanted(d), 'up');
  const unavailable = scaledValue(maxUnavailable, wanted(d), 'down');
  return surge === 0 && unavailable === 0 ? { surge, unavailable: 1 } : { surge, unavailable };
}

/** Pods allowed above the wanted number; 0 unless rolling. */
export const maxSurge = (d: Deployment): number => (isRolling(d) ? fenceposts(d).surge : 0);

/** Pods that may be missing; 0 unless rolling, never more than there are. */
export const maxUnavailable = (d: Deployment): number =>
  !isRolling(d) || wanted(d) === 0 ? 0 : Math.min(fenceposts(d).unavailable, wanted(d));

/** Size that the newest ReplicaSet may have now: as many more as fit under replicas + surge. Kubernetes: NewRSNewReplicas. */
export function newSize(d: Deployment, all: readonly ReplicaSet[], newRs: ReplicaSet): number {
  if (!isRolling(d)) return wanted(d);
  const most = wanted(d) + scaledValue(d.spec?.strategy?.rollingUpdate?.maxSurge, wanted(d), 'up');
  const room = most - totalWanted(all);
  return room <= 0 ? wanted(newRs) : wanted(newRs) + Math.min(room, wanted(d) - wanted(newRs));
}

const half = (value: number): number => (value < 0 ? Math.ceil(value - 0.5) : Math.floor(value + 0.5));

/** By how much a ReplicaSet grows or shrinks when its share of the Deployment stays the same. */
function fraction(d: Deployment, rs: ReplicaSet): number {
  if (wanted(d) === 0) return -wanted(rs);
  const before = annotatedNumber(rs, maxAnnotation) || d.status?.replicas || 0;
  if (before === 0) return 0;
  return half((wanted(rs) * (wanted(d) + maxSurge(d))) / before) - wanted(rs);
}

/**
 * Sizes after scaling in the middle of a rollout: every active ReplicaSet keeps its share, the largest takes what rounding
 * leaves. 10 → 15 replicas with 3 surge and sizes 8 and 5: of 5 more pods the old gets 3 (⌊8 × 18/13⌉ − 8), the new 2.
 * Kubernetes: dc.scale and deploymentutil.GetReplicaSetProportion.
 */
export function proportionalSizes(d: Deployment, active: readonly ReplicaSet[]): { rs: ReplicaSet; size: number }[] {
  const allowed = wanted(d) > 0 ? wanted(d) + maxSurge(d) : 0;
  const toAdd = allowed - totalWanted(active);
  const sorted = active.toSorted(toAdd > 0 ? bySizeNewer : bySizeOlder);
  let added = 0;
  const sizes = sorted.map((rs) => {
    const share = toAdd === 0 || toAdd === added || wanted(rs) === 0 ? 0 : fraction(d, rs);
    const proportion = toAdd > 0 ? Math.min(share, toAdd - added) : Math.max(share, toAdd - added);
    if (toAdd !== 0) added += proportion;
    return { rs, size: toAdd === 0 ? wanted(rs) : wanted(rs) + proportion };
  });
  if (toAdd !== 0 && sizes[0]) sizes[0].size = Math.max(0, sizes[0].size + toAdd - added);
  return sizes;
}

const madeAt = (rs: ReplicaSet): string => rs.metadata.creationTimestamp;

/** Oldest first, then by name. */
export const byCreation = (a: ReplicaSet, b: ReplicaSet): number =>
  madeAt(a) === madeAt(b) ? (a.metadata.name < b.metadata.name ? -1 : 1) : madeAt(a) < madeAt(b) ? -1 : 1;

const bySizeOlder = (a: ReplicaSet, b: ReplicaSet): number =>
  wanted(a) === wanted(b) ? byCreation(a, b) : wanted(b) - wanted(a);

const bySizeNewer = (a: ReplicaSet, b: ReplicaSet): number =>
  wanted(a) === wanted(b) ? (madeAt(a) === madeAt(b) ? 0 : madeAt(a) < madeAt(b) ? 1 : -1) : wanted(b) - wanted(a);
