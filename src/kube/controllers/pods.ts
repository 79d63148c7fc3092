import { millisOf } from '../apimachinery/index.ts';
import type { V1PodCondition } from '../../generated/types.ts';
import type { Pod } from '../apis/index.ts';

/** What controllers ask about a pod again and again, worked out once per version of the pod. */
export interface PodFacts {
  /** Neither finished nor being deleted: counts as a replica. */
  readonly active: boolean;
  /** Being deleted and not finished. */
  readonly terminating: boolean;
  readonly ready: boolean;
  /** Virtual time of the Ready condition's last transition; 0 when it has none. */
  readonly readyAt: number;
  /** What others have worked out from this version of the pod: pure caches that each of them checks before use. */
  readonly memo: { endpoint?: unknown };
}

const facts = new WeakMap<Pod, PodFacts>();

function hasFinished({ status }: Pod): boolean {
  const phase = status?.phase;
  return phase === 'Succeeded' || phase === 'Failed';
}

const readyCondition = ({ status }: Pod): V1PodCondition | undefined =>
  status?.conditions?.find((condition) => condition.type === 'Ready');

/** The facts of a pod; memoised on the frozen object. */
export function podFacts(pod: Pod): PodFacts {
  const known = facts.get(pod);
  if (known) return known;
  const finished = hasFinished(pod);
  const condition = readyCondition(pod);
  const fact: PodFacts = {
    active: !finished && !pod.metadata.deletionTimestamp,
    terminating: !finished && pod.metadata.deletionTimestamp !== undefined,
    ready: condition?.status === 'True',
    readyAt: condition?.lastTransitionTime ? millisOf(condition.lastTransitionTime) : 0,
    memo: {},
  };
  facts.set(pod, fact);
  return fact;
}

/**
 * Whether two versions of a pod are the same to whoever counts replicas: asked at every write of a pod, so that the facts of
 * versions that nobody counts are not worked out.
 */
export function sameFacts(a: Pod, b: Pod): boolean {
  if (!a.metadata.deletionTimestamp !== !b.metadata.deletionTimestamp || hasFinished(a) !== hasFinished(b))
    return false;
  const [x, y] = [readyCondition(a), readyCondition(b)];
  return (x?.status === 'True') === (y?.status === 'True') && x?.lastTransitionTime === y?.lastTransitionTime;
}

/** Ready for longer than `minReadySeconds`. Kubernetes: podutil.IsPodAvailable. */
export function isAvailable(pod: Pod, minReadySeconds: number, now: number): boolean {
  const { ready, readyAt } = podFacts(pod);
  return ready && (minReadySeconds === 0 || readyAt + minReadySeconds * 1000 <= now);
}

/** Milliseconds until the next of these pods has been ready for long enough; undefined when none is on its way. */
export function nextAvailableMs(pods: readonly Pod[], minReadySeconds: number, now: number): number | undefined {
  let next: number | undefined;
  for (const pod of pods) {
    const { ready, readyAt } = podFacts(pod);
    if (!ready) continue;
    const left = readyAt + minReadySeconds * 1000 - now;
    if (left > 0 && (next === undefined || left < next)) next = left;
  }
  return next;
}
