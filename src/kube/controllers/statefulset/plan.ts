import { scaledValue } from '../../apimachinery/index.ts';
import type { ControllerRevision, Pod, StatefulSet } from '../../apis/index.ts';
import type { Why } from '../../deeds.ts';
import { templateOf } from '../history.ts';
import { isAvailable, podFacts } from '../pods.ts';
import { identityMatches, isInRange, newPod, ordinalOf, revisionOf, startOf } from './identity.ts';

/** One step of a plan; `claims` stands for everything that is to be done about a pod's claims first. */
export type Step =
  | { readonly do: 'create'; readonly pod: ReturnType<typeof newPod>; readonly ordinal: number; readonly why: Why }
  | { readonly do: 'delete'; readonly pod: Pod; readonly why: Why }
  /** Labels and claims of a pod that is there are put right. */
  | { readonly do: 'update'; readonly pod: Pod }
  /** Claims of a pending pod that are missing are made; those of a condemned one get the owners that their policy asks for. */
  | { readonly do: 'claims'; readonly pod: Pod };

/** What the plan goes no further for, when there is something: the pod, and what it has to become. */
export interface Wait {
  readonly pod: string;
  readonly until: 'ready' | 'available' | 'gone';
}

/** What one round does about a StatefulSet's pods. */
export interface SetPlan {
  readonly steps: readonly Step[];
  readonly wait: Wait | undefined;
  /** Pods of the current revision that this round takes away for an update: the status no longer counts them. */
  readonly outdated: number;
}

/** What the plan asks about claims, which are not its business. */
export interface Claims {
  /** Owned by an earlier pod of that name, which is still going. Kubernetes: PodClaimIsStale. */
  isStale(ordinal: number): boolean;
  /** Something is missing, or not owned as the retention policy asks. */
  needWork(pod: Pod): boolean;
}

/** A set's pods in their places. */
interface Places {
  /** By number, from the first; undefined where none is. */
  readonly replicas: readonly (Pod | undefined)[];
  /** Beyond the range, highest number first. */
  readonly condemned: readonly Pod[];
}

function placesOf(set: StatefulSet, pods: readonly Pod[]): Places {
  const replicas = Array.from<Pod | undefined>({ length: set.spec?.replicas ?? 1 });
  const condemned: Pod[] = [];
  for (const pod of pods) {
    const ordinal = ordinalOf(pod);
    if (isInRange(set, ordinal)) replicas[ordinal - startOf(set)] = pod;
    else if (ordinal >= 0) condemned.push(pod);
  }
  return { replicas, condemned: condemned.sort((a, b) => ordinalOf(b) - ordinalOf(a)) };
}

const isReady = (pod: Pod): boolean => pod.status?.phase === 'Running' && podFacts(pod).ready;
const isTerminating = (pod: Pod): boolean => pod.metadata.deletionTimestamp !== undefined;

/**
 * One round for a StatefulSet. OrderedReady goes through the numbers one by one, and stops at the first pod that is missing,
 * going or not yet ready; Parallel does all at once. Then surplus pods go, highest number first, and last of all outdated ones.
 * Pure. Kubernetes: pkg/controller/statefulset/stateful_set_control.go updateStatefulSet.
 */
export function planSet(
  set: StatefulSet,
  pods: readonly Pod[],
  current: ControllerRevision,
  update: ControllerRevision,
  claims: Claims,
  now: number,
): SetPlan {
  const minReady = set.spec?.minReadySeconds ?? 0;
  const ordered = set.spec?.podManagementPolicy !== 'Parallel';
  const places = placesOf(set, pods);
  const steps: Step[] = [];
  const stop = (wait?: Wait): SetPlan => ({ steps, wait, outdated: 0 });
  for (const [i, pod] of places.replicas.entries()) {
    const next = pod
      ? keep(pod, ordered, minReady, claims, now)
      : missing(set, startOf(set) + i, current, update, ordered, claims);
    steps.push(...next.steps);
    if (next.stop) return stop(next.wait);
  }
  for (const pod of places.condemned) if (claims.needWork(pod)) steps.push({ do: 'claims', pod });
  const unavailable = [...places.replicas, ...places.condemned.toReversed()].find(
    (pod) => pod === undefined || !isAvailable(pod, minReady, now) || isTerminating(pod),
  );
  for (const pod of places.condemned) {
    if (isTerminating(pod)) {
      if (ordered) return stop({ pod: pod.metadata.name, until: 'gone' });
      continue;
    }
    if (ordered && pod !== unavailable && !(isReady(pod) && isAvailable(pod, minReady, now)))
      return stop({ pod: unavailable!.metadata.name, until: 'ready' });
    steps.push({
      do: 'delete',
      pod,
      why: { code: 'statefulset.scale-down', params: { desired: set.spec?.replicas ?? 1 } },
    });
    if (ordered) return stop();
  }
  const { outdated, wait } = planUpdate(set, places.replicas, update, now, steps);
  return { steps, wait, outdated };
}

/** What one place with a pod needs, and whether the round ends there. Kubernetes: processReplica. */
interface Next {
  readonly steps: readonly Step[];
  readonly stop: boolean;
  readonly wait?: Wait | undefined;
}

function keep(pod: Pod, ordered: boolean, minReady: number, claims: Claims, now: number): Next {
  const { name } = pod.metadata;
  const phase = pod.status?.phase;
  if (phase === 'Failed' || phase === 'Succeeded') {
    if (isTerminating(pod)) return { steps: [], stop: ordered, wait: { pod: name, until: 'gone' } };
    const why: Why = { code: 'statefulset.replace-pod', params: { phase } };
    return { steps: [{ do: 'delete', pod, why }], stop: ordered };
  }
  const steps: Step[] = phase === 'Pending' && claims.needWork(pod) ? [{ do: 'claims', pod }] : [];
  if (ordered) {
    if (isTerminating(pod)) return { steps, stop: true, wait: { pod: name, until: 'gone' } };
    if (!isReady(pod)) return { steps, stop: true, wait: { pod: name, until: 'ready' } };
    if (!isAvailable(pod, minReady, now)) return { steps, stop: true, wait: { pod: name, until: 'available' } };
  }
  if (!identityMatches(pod) || (steps.length === 0 && claims.needWork(pod))) steps.push({ do: 'update', pod });
  return { steps, stop: false };
}

/** A place without a pod: below the partition it gets one of the current revision, else of the new one. */
function missing(
  set: StatefulSet,
  ordinal: number,
  current: ControllerRevision,
  update: ControllerRevision,
  ordered: boolean,
  claims: Claims,
): Next {
  if (claims.isStale(ordinal)) {
    const name = `${set.metadata.name}-${ordinal}`;
    return { steps: [], stop: ordered, wait: { pod: name, until: 'gone' } };
  }
  const { type, rollingUpdate } = set.spec?.updateStrategy ?? {};
  const below = rollingUpdate
    ? ordinal < startOf(set) + (rollingUpdate.partition ?? 0)
    : type === 'RollingUpdate' && ordinal < startOf(set) + (set.status?.currentReplicas ?? 0);
  const revision = below ? current : update;
  const pod = newPod(set, templateOf(revision), revision.metadata.name, ordinal);
  const why: Why = { code: 'statefulset.create-pod', params: { ordinal, revision: revision.metadata.name } };
  return { steps: [{ do: 'create', pod, ordinal, why }], stop: ordered };
}

/**
 * Takes away the outdated pod with the highest number, unless one above it is not yet available again. With `maxUnavailable`
 * several may be missing at a time: 5 pods, 40 % → ⌊2⌋ = 2, at least 1.
 */
function planUpdate(
  set: StatefulSet,
  replicas: readonly (Pod | undefined)[],
  update: ControllerRevision,
  now: number,
  steps: Step[],
): { readonly outdated: number; readonly wait?: Wait } {
  const { type, rollingUpdate } = set.spec?.updateStrategy ?? {};
  if (type === 'OnDelete') return { outdated: 0 };
  const minReady = set.spec?.minReadySeconds ?? 0;
  const partition = rollingUpdate?.partition ?? 0;
  const isOld = (pod: Pod): boolean => revisionOf(pod) !== update.metadata.name && !isTerminating(pod);
  const isDown = (pod: Pod | undefined): boolean =>
    pod === undefined || !isAvailable(pod, minReady, now) || isTerminating(pod);
  const why: Why = { code: 'statefulset.update-pod', params: { revision: update.metadata.name } };
  const limit = rollingUpdate?.maxUnavailable;
  const above = replicas.slice(partition).reverse();
  if (limit === undefined) {
    for (const pod of above) {
      if (!pod) return { outdated: 0 };
      if (isOld(pod)) {
        steps.push({ do: 'delete', pod, why });
        return { outdated: 1 };
      }
      if (isDown(pod)) return { outdated: 0, wait: { pod: pod.metadata.name, until: 'ready' } };
    }
    return { outdated: 0 };
  }
  const most = Math.max(1, scaledValue(limit, replicas.length, 'down'));
  const down = replicas.filter(isDown).length;
  const going = above.filter((pod) => pod !== undefined && isOld(pod)).slice(0, Math.max(0, most - down)) as Pod[];
  for (const pod of going) steps.push({ do: 'delete', pod, why });
  return { outdated: going.length };
}
