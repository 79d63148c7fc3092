import type { V1OwnerReference } from '../../../generated/types.ts';
import { failure, isReason } from '../../apimachinery/index.ts';
import type { PersistentVolumeClaim, Pod, StatefulSet } from '../../apis/index.ts';
import { cached } from '../../client/index.ts';
import { tell, type Control } from '../controller.ts';
import { controllerRef } from '../ownership.ts';
import { apiFailure } from '../podcontrol.ts';
import { claimName, isInRange, ordinalOf, parentAndOrdinal } from './identity.ts';
import type { Claims } from './plan.ts';

const component = 'statefulset-controller';

/** Names of the claims of one pod, and the claims that are there. */
function* claimsOfPod(
  c: Control,
  set: StatefulSet,
  ordinal: number,
): Iterable<{ name: string; template: PersistentVolumeClaim; claim: PersistentVolumeClaim | undefined }> {
  for (const template of set.spec?.volumeClaimTemplates ?? []) {
    const name = claimName(template.metadata.name, set, ordinal);
    const claim = cached(c.memory.caches, 'persistentvolumeclaims', `${set.metadata.namespace}/${name}`);
    yield { name, template: template as PersistentVolumeClaim, claim };
  }
}

/** A pod as an owner of claims. A pod that is still to be made has no uid, so every reference to its name is stale. */
interface Owner {
  readonly name: string;
  readonly uid: string | undefined;
}

const refersTo = (ref: V1OwnerReference, kind: string, { name }: Owner): boolean =>
  ref.kind === kind && ref.name === name;

/** A reference to another object of that name, which has been deleted. Kubernetes: hasStaleOwnerRef. */
const isStale = (claim: PersistentVolumeClaim, kind: string, owner: Owner): boolean =>
  (claim.metadata.ownerReferences ?? []).some((ref) => refersTo(ref, kind, owner) && ref.uid !== owner.uid);

/**
 * The owners that a claim should have: none (Retain), the set (Delete when the set goes), or its pod once it is beyond the range
 * (Delete when scaled down). Undefined when they are right, or nobody's business. Kubernetes: isClaimOwnerUpToDate,
 * updateClaimOwnerRefForSetAndPod.
 */
export function ownersFor(set: StatefulSet, pod: Pod, claim: PersistentVolumeClaim): V1OwnerReference[] | undefined {
  const [setOwner, podOwner] = [set.metadata, pod.metadata];
  if (isStale(claim, 'StatefulSet', setOwner) || isStale(claim, 'Pod', podOwner)) return undefined;
  const { whenDeleted, whenScaled } = set.spec?.persistentVolumeClaimRetentionPolicy ?? {};
  const scaled = !isInRange(set, ordinalOf(pod));
  const refs = claim.metadata.ownerReferences ?? [];
  const others = refs.filter((ref) => ref.uid !== setOwner.uid && ref.uid !== podOwner.uid);
  const foreign = (whenDeleted === 'Delete' || whenScaled === 'Delete') && others.some((ref) => ref.controller);
  const wanted = foreign
    ? []
    : [
        ...(whenScaled === 'Delete' && scaled ? [controllerRef(pod)] : []),
        ...(whenDeleted === 'Delete' && !(whenScaled === 'Delete' && scaled) ? [controllerRef(set)] : []),
      ];
  const mine = refs.filter((ref) => ref.uid === setOwner.uid || ref.uid === podOwner.uid);
  const same =
    mine.length === wanted.length && mine.every((ref) => ref.controller && wanted.some((w) => w.uid === ref.uid));
  return same ? undefined : [...others, ...wanted];
}

/** What the plan of a set asks about its claims. */
export const claimsOf = (c: Control, set: StatefulSet): Claims => ({
  isStale(ordinal) {
    if (set.spec?.persistentVolumeClaimRetentionPolicy?.whenScaled !== 'Delete') return false;
    const pod = { name: `${set.metadata.name}-${ordinal}`, uid: undefined };
    for (const { claim } of claimsOfPod(c, set, ordinal)) if (claim && isStale(claim, 'Pod', pod)) return true;
    return false;
  },
  needWork(pod) {
    for (const { claim } of claimsOfPod(c, set, ordinalOf(pod))) {
      if (claim ? ownersFor(set, pod, claim) !== undefined : pod.status?.phase === 'Pending') return true;
    }
    return false;
  },
});

/** Makes the claims of a pod that are missing. Throws when one cannot be made, or is on its way out. */
export function makeClaims(c: Control, set: StatefulSet, podName: string): void {
  let failed: Error | undefined;
  for (const { name, template, claim } of claimsOfPod(c, set, parentAndOrdinal(podName).ordinal)) {
    if (claim) {
      if (claim.metadata.deletionTimestamp) failed ??= failure(500, 'InternalError', `pvc ${name} is being deleted`);
      continue;
    }
    const { namespace, name: setName } = set.metadata;
    const labels = { ...template.metadata.labels, ...set.spec?.selector.matchLabels };
    const metadata = { ...template.metadata, name, namespace, labels };
    const object = {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata,
      spec: template.spec,
    } as PersistentVolumeClaim;
    try {
      c.client.create(c.ctx, 'persistentvolumeclaims', object, {
        why: { code: 'statefulset.create-claim', params: { pod: podName } },
      });
      const message = `Create Claim ${name} Pod ${podName} in StatefulSet ${setName} success`;
      tell(c, component, set, 'Normal', 'SuccessfulCreate', message);
    } catch (error) {
      if (isReason(error, 'AlreadyExists')) continue;
      const { message } = apiFailure(error);
      const said = `Create Claim ${name} for Pod ${podName} in StatefulSet ${setName} failed error: ${message}`;
      tell(c, component, set, 'Warning', 'FailedCreate', said);
      failed ??= failure(500, 'InternalError', `failed to create PVC ${name}: ${message}`);
    }
  }
  if (failed) throw failed;
}

/** Gives the claims of a pod the owners that the retention policy asks for. Kubernetes: UpdatePodClaimForRetentionPolicy. */
export function ownClaims(c: Control, set: StatefulSet, pod: Pod): void {
  for (const { claim } of claimsOfPod(c, set, ordinalOf(pod))) {
    const ownerReferences = claim && ownersFor(set, pod, claim);
    if (!ownerReferences) continue;
    const next = { ...claim, metadata: { ...claim.metadata, ownerReferences } };
    const why = { code: 'statefulset.own-claim', params: { pod: pod.metadata.name } } as const;
    c.client.update(c.ctx, 'persistentvolumeclaims', next, { why });
  }
}
