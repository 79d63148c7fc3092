import type { Deployment, ReplicaSet } from '../../apis/index.ts';
import { desiredAnnotation, maxAnnotation, revisionAnnotation, revisionHistoryAnnotation } from './annotations.ts';
import { maxSurge } from './arithmetic.ts';

/** Annotations of a Deployment that its ReplicaSets do not inherit. */
const ownAnnotations = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  revisionAnnotation,
  revisionHistoryAnnotation,
  desiredAnnotation,
  maxAnnotation,
  'deprecated.deployment.rollback.to',
]);

/** The past revisions of a ReplicaSet are kept up to this many characters. */
const maxHistoryLength = 2000;

/** Revision of a ReplicaSet; 0 when it has none. A whole number of 64 bits, of which people write large ones too. */
export function revisionOf(rs: ReplicaSet): bigint {
  const text = rs.metadata.annotations?.[revisionAnnotation];
  return text !== undefined && /^-?\d+$/.test(text) ? BigInt(text) : 0n;
}

/** The highest revision among ReplicaSets. */
export const maxRevision = (list: readonly ReplicaSet[]): bigint =>
  list.reduce((max, rs) => (revisionOf(rs) > max ? revisionOf(rs) : max), 0n);

/** The ReplicaSet with other annotations. */
const withAnnotations = (rs: ReplicaSet, annotations: Record<string, string>): ReplicaSet => ({
  ...rs,
  metadata: { ...rs.metadata, annotations },
});

/**
 * The annotations of the newest ReplicaSet: those of the Deployment (change-cause among them), the revision when it rises,
 * and then the revision it had before in its history. Returns the same ReplicaSet when nothing changes.
 * Kubernetes: deploymentutil.SetNewReplicaSetAnnotations.
 */
export function withRevision(d: Deployment, rs: ReplicaSet, revision: bigint): ReplicaSet {
  const annotations = { ...rs.metadata.annotations };
  let changed = false;
  for (const [key, value] of Object.entries(d.metadata.annotations ?? {})) {
    if (ownAnnotations.has(key) || annotations[key] === value) continue;
    annotations[key] = value;
    changed = true;
  }
  const old = annotations[revisionAnnotation];
  if (revisionOf(rs) < revision) {
    annotations[revisionAnnotation] = String(revision);
    changed = true;
    if (old !== undefined)
      annotations[revisionHistoryAnnotation] = history(annotations[revisionHistoryAnnotation], old);
  }
  return changed ? withAnnotations(rs, annotations) : rs;
}

function history(past: string | undefined, old: string): string {
  if (!past) return old;
  const revisions = [...past.split(','), old];
  while (revisions.length > 1 && revisions.join(',').length > maxHistoryLength) revisions.shift();
  return revisions.join(',');
}

/** Size of the Deployment as it is written down on each ReplicaSet: a difference tells that it was scaled. */
export function withSizes(d: Deployment, rs: ReplicaSet): ReplicaSet {
  const desired = String(d.spec!.replicas ?? 1);
  const max = String((d.spec!.replicas ?? 1) + maxSurge(d));
  const annotations = rs.metadata.annotations;
  if (annotations?.[desiredAnnotation] === desired && annotations[maxAnnotation] === max) return rs;
  return withAnnotations(rs, { ...annotations, [desiredAnnotation]: desired, [maxAnnotation]: max });
}
