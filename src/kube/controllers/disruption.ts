import type { V1OwnerReference } from '../../generated/types.ts';
import {
  ApiError,
  controllerOf,
  equal,
  failure,
  isReason,
  millisOf,
  scaledValue,
  splitKey,
  timestamp,
  type KubeObject,
} from '../apimachinery/index.ts';
import { kindFor, type Pod, type PodDisruptionBudget } from '../apis/index.ts';
import { covers, deletionTimeoutMs, disruptionAllowed } from '../apis/policy/poddisruptionbudget.ts';
import { cached, cachedAll, type Change } from '../client/index.ts';
import { ownMemory, requeue, tell, type Control, type Controller } from './controller.ts';
import { sameMap } from './equal.ts';
import { sameFacts, podFacts } from './pods.ts';

const component = 'controllermanager';
const resource = 'poddisruptionbudgets.policy';

/** A pod that was announced as evicted and stays for so long is no longer called so. Kubernetes: stalePodDisruptionTimeout. */
const staleMs = 120_000;

/**
 * What a budget's pods add up to, kept from change to change: a thousand pods that become ready one by one cost a thousand
 * additions and no walk. Plain data.
 */
interface Members {
  /** Keys of the pods that the selector covers. */
  readonly pods: Set<string>;
  /** Ready and not being deleted. */
  healthy: number;
  /** Uid of a controller → the reference, and how many of the pods it controls. */
  readonly owners: Map<string, { readonly ref: V1OwnerReference; pods: number }>;
}

/** The controller's memory. */
interface Budgets {
  /** Namespace → keys of its budgets. */
  readonly byNamespace: Map<string, Set<string>>;
  readonly members: Map<string, Members>;
}

const isHealthy = (pod: Pod): boolean => podFacts(pod).ready && !pod.metadata.deletionTimestamp;

function count(members: Members, key: string, pod: Pod, by: 1 | -1): void {
  if (by === 1) members.pods.add(key);
  else members.pods.delete(key);
  if (isHealthy(pod)) members.healthy += by;
  const ref = controllerOf(pod);
  if (!ref) return;
  const owner = members.owners.get(ref.uid);
  if (owner) owner.pods += by;
  else members.owners.set(ref.uid, { ref, pods: by });
  if (members.owners.get(ref.uid)!.pods === 0) members.owners.delete(ref.uid);
}

/**
 * Says in every budget's status how many evictions it can bear. Keys are `pdb <key>` and `pod <key>` (a pod that was to be
 * evicted and is still there). Kubernetes: pkg/controller/disruption/disruption.go.
 */
export const disruptionController: Controller = {
  name: 'disruption',
  memory: (): Budgets => ({ byNamespace: new Map(), members: new Map() }),
  watches: [
    { resource, keys: budgetChanged },
    { resource: 'pods', keys: podChanged },
  ],
  reconcile(c, item) {
    const key = item.slice(4);
    if (item.startsWith('pod ')) clearStale(c, key);
    else syncBudget(c, key);
  },
};

function budgetChanged(c: Control, { type, key, object, old }: Change): string[] {
  const { byNamespace, members } = ownMemory<Budgets>(c);
  const budget = object as unknown as PodDisruptionBudget;
  const namespace = budget.metadata.namespace!;
  const keys = byNamespace.get(namespace) ?? new Set();
  if (type === 'DELETED') {
    members.delete(key);
    keys.delete(key);
    if (keys.size === 0) byNamespace.delete(namespace);
    return [];
  }
  const selector = budget.spec?.selector;
  if (!old || !equal(selector, (old as unknown as PodDisruptionBudget).spec?.selector)) {
    byNamespace.set(namespace, keys.add(key));
    const found: Members = { pods: new Set(), healthy: 0, owners: new Map() };
    for (const pod of cachedAll(c.memory.caches, 'pods'))
      if (pod.metadata.namespace === namespace && covers(selector, pod.metadata.labels))
        count(found, `${namespace}/${pod.metadata.name}`, pod, 1);
    members.set(key, found);
  }
  return [`pdb ${key}`];
}

function podChanged(c: Control, { type, key, object, old }: Change): string[] {
  const { byNamespace, members } = ownMemory<Budgets>(c);
  const pod = object as unknown as Pod;
  const before = old as unknown as Pod | undefined;
  const after = type === 'DELETED' ? undefined : pod;
  if (after) awaitStale(c, key, after);
  const keys = byNamespace.get(pod.metadata.namespace!);
  if (!keys) return [];
  const same = before && after && sameFacts(before, after) && sameMap(before.metadata.labels, after.metadata.labels);
  const covering: string[] = [];
  for (const budgetKey of keys) {
    const budget = cached(c.memory.caches, resource, budgetKey)!;
    const mine = members.get(budgetKey)!;
    const selector = budget.spec?.selector;
    if (covers(selector, pod.metadata.labels)) covering.push(budgetKey);
    if (same && controllerOf(before)?.uid === controllerOf(after)?.uid) continue;
    if (before && covers(selector, before.metadata.labels)) count(mine, key, before, -1);
    if (after && covers(selector, after.metadata.labels)) count(mine, key, after, 1);
  }
  const [first] = covering;
  if (first === undefined) return [];
  if (covering.length > 1) {
    const { namespace, name } = pod.metadata;
    const message = `Pod "${namespace}"/"${name}" matches multiple PodDisruptionBudgets.  Chose "${splitKey(first).name}" arbitrarily.`;
    tell(c, component, pod, 'Warning', 'MultiplePodDisruptionBudgets', message);
  }
  return same ? [] : [`pdb ${first}`];
}

function syncBudget(c: Control, key: string): void {
  const budget = cached(c.memory.caches, resource, key);
  const members = ownMemory<Budgets>(c).members.get(key);
  if (!budget || !members) return;
  if (members.pods.size === 0) tell(c, component, budget, 'Normal', 'NoPods', 'No matching pods found');
  try {
    const { expected, desired } = wanted(c, budget, members);
    const { disrupted, again } = stillDisrupted(c, budget, members);
    write(c, budget, healthyOf(c, budget, members, disrupted), desired, expected, disrupted);
    if (again !== undefined) requeue(c, `pdb ${key}`, again - c.ctx.now);
  } catch (error) {
    if (!(error instanceof ApiError) || isReason(error, 'Conflict') || isReason(error, 'NotFound')) throw error;
    fail(c, budget, error.status.message!);
  }
}

/** Pods there ought to be, and how many must be healthy. */
interface Wanted {
  readonly expected: number;
  readonly desired: number;
}

/** Kubernetes: getExpectedPodCount. */
function wanted(c: Control, budget: PodDisruptionBudget, members: Members): Wanted {
  const { minAvailable, maxUnavailable } = budget.spec ?? {};
  if (maxUnavailable === undefined && typeof minAvailable === 'number')
    return healthyWanted(budget.spec, members.pods.size);
  if (maxUnavailable === undefined && minAvailable === undefined) return { expected: 0, desired: 0 };
  const scale = expectedScale(c, budget, members);
  return healthyWanted(budget.spec, scale);
}

/**
 * How many of the expected pods must be healthy. Percentages are rounded up, for both fields: 50 % of 7 are at least 4, and
 * maxUnavailable 30 % of 7 lets 3 go, so that 4 remain. Kubernetes: getExpectedPodCount.
 */
export function healthyWanted(spec: PodDisruptionBudget['spec'], expected: number): Wanted {
  const { minAvailable, maxUnavailable } = spec ?? {};
  if (maxUnavailable !== undefined)
    return { expected, desired: Math.max(0, expected - scaledValue(maxUnavailable, expected, 'up')) };
  return { expected, desired: scaledValue(minAvailable, expected, 'up') };
}

/** The sum of the scales of everything that controls these pods. Kubernetes: getExpectedScale. */
function expectedScale(c: Control, budget: PodDisruptionBudget, members: Members): number {
  try {
    let sum = 0;
    let managed = 0;
    const seen = new Set<string>();
    for (const { ref, pods } of members.owners.values()) {
      managed += pods;
      const owner = scaled(c, ref, budget.metadata.namespace!);
      if (!owner) throw failure(500, 'InternalError', `found no controllers for pod "${podOf(c, members, ref.uid)}"`);
      if (seen.has(owner.metadata.uid)) continue;
      seen.add(owner.metadata.uid);
      sum += (owner['spec'] as { replicas?: number }).replicas ?? 0;
    }
    if (managed < members.pods.size) unmanaged(c, budget);
    return sum;
  } catch (error) {
    const message = `Failed to calculate the number of expected pods: ${(error as Error).message}`;
    tell(c, component, budget, 'Warning', 'CalculateExpectedPodCountFailed', message);
    throw error;
  }
}

const podOf = (c: Control, { pods }: Members, owner: string): string =>
  splitKey([...pods].find((key) => controllerOf(cached(c.memory.caches, 'pods', key)!)?.uid === owner)!).name;

/** What stands behind a reference and has a scale: a ReplicaSet's Deployment instead of itself. */
function scaled(c: Control, ref: V1OwnerReference, namespace: string): KubeObject | undefined {
  const kind = kindFor(ref.apiVersion, ref.kind);
  if (!kind) return undefined;
  if (!kind.scale)
    throw failure(500, 'InternalError', `${kind.resource}.${kind.group} does not implement the scale subresource`);
  const owner = c.memory.caches.get(kind.key)?.objects.get(`${namespace}/${ref.name}`);
  if (owner?.metadata.uid !== ref.uid) return undefined;
  const above = kind.key === 'replicasets.apps' ? controllerOf(owner) : undefined;
  return above?.kind === 'Deployment' ? (scaled(c, above, namespace) ?? owner) : owner;
}

function unmanaged(c: Control, budget: PodDisruptionBudget): void {
  const { matchLabels = {}, matchExpressions = [] } = budget.spec?.selector ?? {};
  const pairs = Object.keys(matchLabels).sort().map((key) => `${key}: ${matchLabels[key]},`); // prettier-ignore
  const selector = `&LabelSelector{MatchLabels:map[string]string{${pairs.join('')}},MatchExpressions:[]LabelSelectorRequirement{${matchExpressions
    .map(
      (e) => `LabelSelectorRequirement{Key:${e.key},Operator:${e.operator},Values:[${(e.values ?? []).join(' ')}],},`,
    )
    .join('')}},}`;
  const message = `Pods selected by this PodDisruptionBudget (selector: ${selector}) were found to be unmanaged. As a result, the status of the PDB cannot be calculated correctly, which may result in undefined behavior. To account for these pods please set ".spec.minAvailable" field of the PDB to an integer value.`;
  tell(c, component, budget, 'Warning', 'UnmanagedPods', message);
}

/** The announced evictions that are still to come, and when the first of them is given up. Kubernetes: buildDisruptedPodMap. */
function stillDisrupted(
  c: Control,
  budget: PodDisruptionBudget,
  members: Members,
): { readonly disrupted: Record<string, string>; readonly again: number | undefined } {
  const disrupted: Record<string, string> = {};
  let again: number | undefined;
  for (const [name, at] of Object.entries(budget.status?.disruptedPods ?? {})) {
    const key = `${budget.metadata.namespace}/${name}`;
    const pod = members.pods.has(key) ? cached(c.memory.caches, 'pods', key) : undefined;
    if (!pod || pod.metadata.deletionTimestamp) continue;
    const until = millisOf(at) + deletionTimeoutMs;
    if (until < c.ctx.now) {
      const { namespace } = budget.metadata;
      const message = `Pod was expected by PDB ${namespace}/${namespace} to be deleted but it wasn't`;
      tell(c, component, pod, 'Warning', 'NotDeleted', message);
      continue;
    }
    disrupted[name] = at;
    if (again === undefined || until < again) again = until;
  }
  // A term that ends at this very moment still counts: look again right after it.
  return { disrupted, again: again === undefined ? undefined : Math.max(again, c.ctx.now + 1) };
}

/** Healthy pods that nobody is about to evict. Kubernetes: countHealthyPods. */
function healthyOf(
  c: Control,
  { metadata }: PodDisruptionBudget,
  { healthy }: Members,
  disrupted: Readonly<Record<string, string>>,
): number {
  let count = healthy;
  for (const [name, at] of Object.entries(disrupted)) {
    if (millisOf(at) + deletionTimeoutMs <= c.ctx.now) continue;
    const pod = cached(c.memory.caches, 'pods', `${metadata.namespace}/${name}`);
    if (pod && isHealthy(pod)) count--;
  }
  return count;
}

/** Kubernetes: updatePdbStatus. */
function write(
  c: Control,
  budget: PodDisruptionBudget,
  currentHealthy: number,
  desiredHealthy: number,
  expectedPods: number,
  disrupted: Readonly<Record<string, string>>,
): void {
  const spare = currentHealthy - desiredHealthy;
  const status = {
    currentHealthy,
    desiredHealthy,
    expectedPods,
    // Without pods nothing is allowed: so the first ones are safe before this controller has seen them.
    disruptionsAllowed: expectedPods <= 0 || spare <= 0 ? 0 : spare,
    ...(Object.keys(disrupted).length > 0 && { disruptedPods: disrupted }),
    observedGeneration: budget.metadata.generation,
    conditions: budget.status?.conditions,
  };
  save(c, budget, disruptionAllowed(status, timestamp(c.ctx.now)));
}

/** When the count fails nothing is allowed, so that no eviction passes by mistake. Kubernetes: failSafe. */
function fail(c: Control, budget: PodDisruptionBudget, message: string): void {
  save(c, budget, disruptionAllowed({ ...budget.status, disruptionsAllowed: 0 }, timestamp(c.ctx.now), message));
}

function save(c: Control, budget: PodDisruptionBudget, status: NonNullable<PodDisruptionBudget['status']>): void {
  if (equal(status, budget.status)) return;
  const { disruptionsAllowed: allowed = 0, currentHealthy: healthy = 0, desiredHealthy: desired = 0 } = status;
  const why = { code: 'disruption.status', params: { allowed, healthy, desired } } as const;
  c.client.updateStatus(c.ctx, resource, { ...budget, status }, { why });
}

/** Milliseconds until a pod that was announced as evicted counts as staying; undefined when it was not, or goes. */
function staleInMs(c: Control, { metadata, status }: Pod): number | undefined {
  if (metadata.deletionTimestamp || status?.phase === 'Succeeded' || status?.phase === 'Failed') return undefined;
  const condition = status?.conditions?.find((x) => x.type === 'DisruptionTarget' && x.status === 'True');
  if (!condition || condition.reason === 'TerminationByKubelet') return undefined;
  return Math.max(0, millisOf(condition.lastTransitionTime!) + staleMs - c.ctx.now);
}

function awaitStale(c: Control, key: string, pod: Pod): void {
  const wait = staleInMs(c, pod);
  if (wait !== undefined) requeue(c, `pod ${key}`, wait);
}

function clearStale(c: Control, key: string): void {
  const pod = cached(c.memory.caches, 'pods', key);
  const wait = pod && staleInMs(c, pod);
  if (!pod || wait === undefined) return;
  if (wait > 0) {
    requeue(c, `pod ${key}`, wait);
    return;
  }
  const conditions = (pod.status?.conditions ?? []).map((x) =>
    x.type === 'DisruptionTarget'
      ? { type: x.type, status: 'False', lastProbeTime: x.lastProbeTime, lastTransitionTime: timestamp(c.ctx.now) }
      : x,
  );
  const why = { code: 'disruption.stale', params: {} } as const;
  c.client.updateStatus(c.ctx, 'pods', { ...pod, status: { ...pod.status, conditions } }, { why });
}
