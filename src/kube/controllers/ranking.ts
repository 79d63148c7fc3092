import type { Pod } from '../apis/index.ts';
import { millisOf } from '../apimachinery/index.ts';
import { podFacts } from './pods.ts';

const phaseOrder: Readonly<Record<string, number>> = { Pending: 0, Unknown: 1, Running: 2 };
const costAnnotation = 'controller.kubernetes.io/pod-deletion-cost';

/** The pod's deletion cost; what is no 32-bit number counts as 0. */
function deletionCost(pod: Pod): number {
  const text = pod.metadata.annotations?.[costAnnotation];
  return text !== undefined && /^(0|-?[1-9]\d*)$/.test(text) && Math.abs(Number(text)) < 2 ** 31 ? Number(text) : 0;
}

/** Most restarts of any container; sidecars (restartable init containers) count apart, and only in a tie. */
function restarts(pod: Pod): readonly [number, number] {
  const most = (list: readonly { restartCount: number }[] | undefined): number =>
    (list ?? []).reduce((max, s) => Math.max(max, s.restartCount), 0);
  const sidecars = new Set(
    (pod.spec?.initContainers ?? []).filter((i) => i.restartPolicy === 'Always').map((i) => i.name),
  );
  return [
    most(pod.status?.containerStatuses),
    most(pod.status?.initContainerStatuses?.filter((s) => sidecars.has(s.name))),
  ];
}

/** Age in powers of two of nanoseconds: pods of similar age are equals, so that the choice among them is spread. */
function ageClass(since: number, now: number): number {
  let nanoseconds = (now - since) * 1_000_000;
  let power = -1;
  for (; nanoseconds >= 1; power++) nanoseconds = Math.floor(nanoseconds / 2);
  return power;
}

/**
 * Which of two replicas goes first when there are too many; negative: the first. In this order: unscheduled, earlier phase,
 * not ready, lower deletion cost, more siblings on its node, ready for a shorter time, more restarts, younger.
 * Times are compared by powers of two, then by uid.
 * Kubernetes: pkg/controller/controller_utils.go ActivePodsWithRanks.
 */
export function compareForDeletion(a: Pod, b: Pod, rankA: number, rankB: number, now: number): number {
  const unscheduled = Number(Boolean(a.spec?.nodeName)) - Number(Boolean(b.spec?.nodeName));
  if (unscheduled !== 0) return unscheduled;
  const phase = (phaseOrder[a.status?.phase ?? ''] ?? 0) - (phaseOrder[b.status?.phase ?? ''] ?? 0);
  if (phase !== 0) return phase;
  const [factsA, factsB] = [podFacts(a), podFacts(b)];
  if (factsA.ready !== factsB.ready) return factsA.ready ? 1 : -1;
  const cost = deletionCost(a) - deletionCost(b);
  if (cost !== 0) return cost;
  if (rankA !== rankB) return rankB - rankA;
  if (factsA.ready && factsA.readyAt !== factsB.readyAt) return byAge(a, b, factsA.readyAt, factsB.readyAt, now);
  const [restartsA, restartsB] = [restarts(a), restarts(b)];
  if (restartsA[0] !== restartsB[0]) return restartsB[0] - restartsA[0];
  if (restartsA[1] !== restartsB[1]) return restartsB[1] - restartsA[1];
  const [madeA, madeB] = [millisOf(a.metadata.creationTimestamp), millisOf(b.metadata.creationTimestamp)];
  return madeA === madeB ? 0 : byAge(a, b, madeA, madeB, now);
}

function byAge(a: Pod, b: Pod, sinceA: number, sinceB: number, now: number): number {
  const difference = ageClass(sinceA, now) - ageClass(sinceB, now);
  if (difference !== 0) return difference;
  return a.metadata.uid < b.metadata.uid ? -1 : 1;
}

/**
 * The `count` pods that a ReplicaSet gives up. `related` are the pods of all ReplicaSets of the same owner: among equals
 * the pod whose node holds most of them goes first.
 */
export function podsToDelete(pods: readonly Pod[], related: Iterable<Pod>, count: number, now: number): Pod[] {
  if (count >= pods.length) return [...pods];
  const onNode = new Map<string, number>();
  for (const pod of related) {
    if (!podFacts(pod).active) continue;
    const node = pod.spec?.nodeName ?? '';
    onNode.set(node, (onNode.get(node) ?? 0) + 1);
  }
  const rank = (pod: Pod): number => onNode.get(pod.spec?.nodeName ?? '') ?? 0;
  return pods.toSorted((a, b) => compareForDeletion(a, b, rank(a), rank(b), now)).slice(0, count);
}
