import type { Kernel, KernelState } from '../../kernel/index.ts';
import { controllerOf, keyOf, type KubeObject } from '../../kube/apimachinery/index.ts';
import type { DaemonSet, Deployment, EndpointSlice, Pod, ReplicaSet, StatefulSet } from '../../kube/apis/index.ts';
import type { Activity, Observation } from '../../kube/observations.ts';
import { watchAutoscalers } from './autoscaling.ts';
import { watchBudgets } from './disruption.ts';
import { watchJobs } from './jobs.ts';
import { policyDifference } from './policy-invariant.ts';
import { machinesIn, table } from './stored.ts';

/** What has been seen of a pod since it was created. */
interface PodTrail {
  readonly key: string;
  node: string | undefined;
  deleting: boolean;
  ended: boolean;
  ready: boolean;
  /** When it was last ready; -Infinity: never. */
  readyUntil: number;
  restarts: number;
  goneAt?: number;
}

/** Checks the world as it is written. Costs O(1) per write, and O(objects) every few virtual seconds. */
export interface Invariants {
  /** To be called after every kernel event: throws a `Violation`. */
  afterEvent(): void;
  /** Everything that has gone wrong is a bug: the whole world is looked at. */
  sweep(): void;
  /** Forgets what was seen, because the kernel was restored to another moment. */
  reset(): void;
}

/** A broken invariant of the simulated cluster. */
export class Violation extends Error {
  override name = 'Violation';
}

const isReady = (pod: Pod): boolean =>
  pod.status?.conditions?.some((c) => c.type === 'Ready' && c.status === 'True') === true;

const hasEnded = (pod: Pod): boolean => pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';

const restartsOf = (pod: Pod): number =>
  (pod.status?.containerStatuses ?? []).reduce((sum, c) => sum + c.restartCount, 0);

const milliOf = (cpu: string): number => (cpu.endsWith('m') ? Number(cpu.slice(0, -1)) : Number(cpu) * 1000);

const cpuRequestOf = (pod: Pod): number =>
  (pod.spec?.containers ?? []).reduce((sum, c) => sum + milliOf(c.resources?.requests?.['cpu'] ?? '0'), 0);

/** ⌈surge⌉ and ⌊unavailable⌋ of a Deployment; both 0 counts as unavailable 1. Kubernetes: deploymentutil.ResolveFenceposts. */
export function fenceposts(deployment: Deployment): { surge: number; unavailable: number } {
  const want = deployment.spec?.replicas ?? 1;
  const { maxSurge = '25%', maxUnavailable = '25%' } = deployment.spec?.strategy?.rollingUpdate ?? {};
  const of = (value: number | string, round: (x: number) => number): number =>
    typeof value === 'number' ? value : round((Number(value.slice(0, -1)) * want) / 100);
  const surge = of(maxSurge, Math.ceil);
  const unavailable = of(maxUnavailable, Math.floor);
  return { surge, unavailable: surge === 0 && unavailable === 0 ? 1 : unavailable };
}

/** Virtual time that controllers may take to catch up with a change while the control plane runs. */
const catchUpMs = 60_000;
const sweepEveryMs = 5000;
const cacheLagMs = 10;
const editLagMs = 3000;
/** After a change of policies, or of what nodes can hear, they are not looked at for so long. */
const policyLagMs = 3000;

export function watchInvariants(kernel: Kernel): Invariants {
  let writes: Activity[] = [];
  /** Keys of pods that were written, one by one or many by one request. */
  let podKeys = new Set<string>();
  let trails = new Map<string, PodTrail>();
  let lastSweep = 0;
  let policiesAt = 0;
  /** A little generator of its own: the world's chance must not be touched. */
  let draws = 1;
  let revision = 0;
  /** When the control plane, or a part of it, was last seen down. */
  let disturbedAt = -Infinity;
  /** Suspicion → since when. */
  let suspects = new Map<string, number>();
  /** Deployment key → versions of the last seconds, by which a controller may still act. */
  let versions = new Map<string, { readonly at: number; readonly deployment: Deployment }[]>();
  /** Node → when it was deleted. */
  let nodesGone = new Map<string, number>();
  const fail = (sentence: string): never => {
    throw new Violation(`at ${kernel.state.now} ms: ${sentence}`);
  };
  const jobs = watchJobs(kernel);
  const autoscalers = watchAutoscalers(kernel);
  const budgets = watchBudgets(kernel, (ms) => calm(ms));
  const outer = kernel.observer;
  kernel.observer = {
    ...outer,
    observe(observation) {
      outer.observe?.(observation);
      const activity = observation as Observation;
      if (activity.type === 'write' && activity.resource === 'pods')
        podKeys.add(keyOf((activity.next ?? activity.old) as KubeObject));
      if (activity.type === 'activity' && activity.code < 400) {
        writes.push(activity);
        autoscalers.written(activity);
        if (activity.resource === 'jobs.batch') jobs.written(activity);
      }
      if (activity.type === 'request') {
        const denied = activity.policies?.some((verdict) => !verdict.allowed) === true;
        if (denied && !/^(policy|dns|status)$/.test(activity.failure ?? ''))
          fail(`a request that policies refuse ended as ${activity.failure ?? activity.status}`);
      }
    },
  };

  function podWritten(key: string): void {
    const pod = table<Pod>(kernel.state, 'pods').get(key);
    if (!pod) return;
    const { uid } = pod.metadata;
    const trail = trails.get(uid);
    const node = pod.spec?.nodeName;
    if (!trail) {
      inOrder(key, pod);
      trails.set(uid, {
        key,
        node,
        deleting: pod.metadata.deletionTimestamp !== undefined,
        ended: hasEnded(pod),
        ready: isReady(pod),
        readyUntil: isReady(pod) ? kernel.state.now : -Infinity,
        restarts: restartsOf(pod),
      });
      return;
    }
    if (trail.node !== undefined && trail.node !== node) fail(`pod ${key} moved from ${trail.node} to ${node}`);
    if (trail.node === undefined && node !== undefined) bound(pod, node);
    if (trail.deleting && !pod.metadata.deletionTimestamp) fail(`pod ${key} is no longer being deleted`);
    if (trail.ended && !hasEnded(pod)) fail(`pod ${key} came back from its end to ${pod.status?.phase}`);
    if (restartsOf(pod) < trail.restarts) fail(`pod ${key} lost restarts: ${trail.restarts} to ${restartsOf(pod)}`);
    if (trail.ready && !isReady(pod)) trail.readyUntil = kernel.state.now;
    trail.node = node;
    trail.deleting = pod.metadata.deletionTimestamp !== undefined;
    trail.ended = hasEnded(pod);
    trail.ready = isReady(pod);
    trail.restarts = restartsOf(pod);
  }

  /** A StatefulSet in order makes a pod when all before it are ready, or were until a moment ago. */
  function inOrder(key: string, pod: Pod): void {
    const owner = controllerOf(pod);
    if (owner?.kind !== 'StatefulSet') return;
    const prefix = `${pod.metadata.namespace}/${owner.name}`;
    const set = table<StatefulSet>(kernel.state, 'statefulsets.apps').get(prefix);
    if (set?.metadata.uid !== owner.uid || set.spec?.podManagementPolicy === 'Parallel') return;
    const ordinal = Number(key.slice(prefix.length + 1));
    for (let before = set.spec?.ordinals?.start ?? 0; before < ordinal; before++) {
      const other = table<Pod>(kernel.state, 'pods').get(`${prefix}-${before}`);
      const seen = other && trails.get(other.metadata.uid);
      const recent = seen && (seen.ready || kernel.state.now - seen.readyUntil < cacheLagMs);
      if (!recent && calm(5000)) fail(`pod ${key} was made before ${prefix}-${before} was ready`);
    }
  }

  /**
   * A DaemonSet has one pod on a node, two while it surges; more than that is put right soon. Pods of a Node that is gone
   * are not its business, but garbage collection's. Kubernetes: pkg/controller/daemon manage.
   */
  function daemons(held: Map<string, number>): void {
    const surplus = new Map<string, number>();
    for (const pod of table<Pod>(kernel.state, 'pods').values()) {
      const owner = controllerOf(pod);
      if (owner?.kind !== 'DaemonSet' || pod.metadata.deletionTimestamp || hasEnded(pod)) continue;
      if (!table(kernel.state, 'nodes').has(pod.spec?.nodeName ?? '')) continue;
      const key = `${pod.metadata.namespace}/${owner.name} ${pod.spec!.nodeName}`;
      surplus.set(key, (surplus.get(key) ?? 0) + 1);
    }
    for (const [key, count] of surplus) {
      const [ds = '', node] = key.split(' ');
      const { maxSurge = 0 } =
        table<DaemonSet>(kernel.state, 'daemonsets.apps').get(ds)?.spec?.updateStrategy?.rollingUpdate ?? {};
      const most = maxSurge === 0 ? 1 : 2;
      if (count > most && lasts(held, `daemons ${key}`, 20_000)) fail(`${node} has ${count} pods of daemonset ${ds}`);
    }
  }

  function bound(pod: Pod, node: string): void {
    if (pod.metadata.deletionTimestamp) return;
    const object = table(kernel.state, 'nodes').get(node);
    if (!object) {
      // The scheduler's cache may still show what has just been deleted, and a binding does not ask for the Node:
      // pod garbage collection takes such a pod away. Kubernetes: pkg/registry/core/pod/storage BindingREST, podgc gcOrphaned.
      const lag = kernel.state.now - (nodesGone.get(node) ?? -Infinity);
      if (lag > cacheLagMs && calm(5000)) fail(`pod ${keyOf(pod)} bound to ${node}, which does not exist`);
      return;
    }
    let count = 0;
    let cpuMilli = 0;
    for (const other of table<Pod>(kernel.state, 'pods').values()) {
      if (other.spec?.nodeName !== node || hasEnded(other)) continue;
      count++;
      cpuMilli += cpuRequestOf(other);
    }
    const { allocatable } = (object as unknown as { status: { allocatable: { pods: string; cpu: string } } }).status;
    if (count > Number(allocatable.pods)) fail(`${node} has ${count} pods, but room for ${allocatable.pods}`);
    if (cpuMilli > milliOf(allocatable.cpu)) fail(`${node} promises ${cpuMilli}m CPU, but has ${allocatable.cpu}`);
  }

  function deploymentWritten(key: string): void {
    const deployment = table<Deployment>(kernel.state, 'deployments.apps').get(key);
    if (!deployment) return void versions.delete(key);
    const list = versions.get(key) ?? [];
    list.push({ at: kernel.state.now, deployment });
    while (list.length > 1 && kernel.state.now - list[1]!.at > editLagMs) list.shift();
    versions.set(key, list);
  }

  /** At the Deployment controller's own writes the sum of its ReplicaSets stays within its bounds. */
  function replicaSetWritten({ key, from, subresource }: Activity): void {
    const written = table<ReplicaSet>(kernel.state, 'replicasets.apps').get(key);
    if (!written || subresource) return;
    // Adoption does not count: it may bring in more than is wanted.
    const grown = (written.spec?.replicas ?? 0) > (replicasSeen.get(written.metadata.uid)?.at(-1)?.replicas ?? 0);
    leastReplicas(written);
    const owner = controllerOf(written);
    if (!owner) return void deploymentOf.set(written.metadata.uid, '');
    // Whoever scales a ReplicaSet behind its Deployment's back gets what Kubernetes' proportions make of it. So does a
    // Deployment that adopts one: its share comes from the max-replicas annotation that another Deployment wrote
    // (sizes 6 of 6 and 4 of 3 under 4 + 3 surge become 0 and 9). Kubernetes: deploymentutil.GetReplicaSetProportion.
    const former = deploymentOf.get(written.metadata.uid);
    deploymentOf.set(written.metadata.uid, owner.uid);
    const adopted = former !== undefined && former !== owner.uid;
    if (adopted || !from.startsWith('kube-controller-manager')) tampered.add(owner.uid);
    if (!grown || tampered.has(owner.uid)) return;
    const deploymentKey = `${written.metadata.namespace}/${owner.name}`;
    const deployment = table<Deployment>(kernel.state, 'deployments.apps').get(deploymentKey);
    if (deployment?.metadata.uid !== owner.uid) return;
    let sum = 0;
    for (const set of table<ReplicaSet>(kernel.state, 'replicasets.apps').values())
      if (controllerOf(set)?.uid === owner.uid) sum += set === written ? (set.spec?.replicas ?? 0) : leastReplicas(set);
    let most = 0;
    const known = versions.get(deploymentKey) ?? [];
    for (const version of [...known.map((v) => v.deployment), deployment]) {
      const want = version.spec?.replicas ?? 1;
      const surge = version.spec?.strategy?.type === 'Recreate' ? 0 : fenceposts(version).surge;
      most = Math.max(most, want + surge);
    }
    if (sum > most && calm(10_000)) fail(`ReplicaSets of ${deploymentKey} want ${sum} pods, at most ${most} allowed`);
  }
  let tampered = new Set<string>();
  let replicasSeen = new Map<string, { at: number; replicas: number }[]>();
  /** Uid of a ReplicaSet → of the Deployment that it belonged to last; '' for none. */
  let deploymentOf = new Map<string, string>();

  /** The least that a ReplicaSet wanted lately: a controller's cache may be some milliseconds behind its own writes. */
  function leastReplicas(set: ReplicaSet): number {
    const replicas = set.spec?.replicas ?? 0;
    // Of one that has just been made the cache knows nothing yet.
    const seen = replicasSeen.get(set.metadata.uid) ?? [{ at: kernel.state.now, replicas: 0 }];
    if (seen.at(-1)?.replicas !== replicas) seen.push({ at: kernel.state.now, replicas });
    while (seen.length > 1 && kernel.state.now - seen[1]!.at > cacheLagMs) seen.shift();
    replicasSeen.set(set.metadata.uid, seen);
    return Math.min(...seen.map((s) => s.replicas));
  }

  function sliceWritten(key: string): void {
    const slice = table<EndpointSlice>(kernel.state, 'endpointslices.discovery.k8s.io').get(key);
    if (!slice) return;
    const service = table<{ spec?: { publishNotReadyAddresses?: boolean } }>(kernel.state, 'services').get(
      `${slice.metadata.namespace}/${slice.metadata.labels?.['kubernetes.io/service-name']}`,
    );
    if (!service || service.spec?.publishNotReadyAddresses) return;
    for (const endpoint of slice.endpoints ?? []) {
      if (endpoint.conditions?.ready !== true || endpoint.targetRef?.kind !== 'Pod') continue;
      const trail = trails.get(endpoint.targetRef.uid!);
      if (!trail) fail(`endpoint ${endpoint.addresses[0]} of ${key} belongs to a pod that never was`);
      else if (!trail.ready && kernel.state.now - trail.readyUntil > 5000 && calm(5000))
        fail(`endpoint ${trail.key} of ${key} is written as ready, but the pod is not since ${trail.readyUntil} ms`);
    }
  }

  const calm = (ms: number): boolean => kernel.state.now - disturbedAt > ms;

  /** True when the suspicion has been held for `ms` in which the control plane ran. */
  function lasts(held: Map<string, number>, suspicion: string, ms: number): boolean {
    const since = suspects.get(suspicion) ?? kernel.state.now;
    held.set(suspicion, since);
    return kernel.state.now - since > ms && calm(ms);
  }

  /** The network sends each sandbox's packets to that sandbox. */
  function addresses(state: KernelState): void {
    const network = state.parts.get('network') as { pods: ReadonlyMap<string, { node: string; podUid: string }> };
    for (const { name, up } of machinesIn(state).nodes.values()) {
      const runtime = state.parts.get(`runtime/${name}`) as { byIp?: ReadonlyMap<string, string> } | undefined;
      if (!up || !runtime?.byIp) continue;
      for (const [ip, uid] of runtime.byIp) {
        const at = network.pods.get(ip);
        if (at?.node !== name || at.podUid !== uid)
          fail(`${ip} of ${name} leads to ${JSON.stringify(at)}, not to ${uid}`);
      }
    }
  }

  function sweep(): void {
    const { state } = kernel;
    const held = new Map<string, number>();
    const pods = table<Pod>(state, 'pods');
    const byIp = new Map<string, string>();
    for (const [key, pod] of pods) {
      const ip = pod.status?.podIP;
      if (!ip || hasEnded(pod) || pod.spec?.hostNetwork) continue;
      const other = byIp.get(ip);
      if (other !== undefined) {
        const nodes = [pod, pods.get(other)!].map((p) => machinesIn(state).nodes.get(p.spec!.nodeName!));
        if (nodes.every((m) => m?.up && !m.cut) && lasts(held, `ip ${ip} ${key} ${other}`, 20_000))
          fail(`pods ${other} and ${key} both have ${ip}`);
      }
      byIp.set(ip, key);
    }
    addresses(state);
    if (calm(policyLagMs) && state.now - policiesAt > policyLagMs) {
      const difference = policyDifference(kernel, (count) => (draws = (draws * 16807) % 2147483647) % count);
      if (difference !== undefined) fail(difference);
    }
    daemons(held);
    const uids = new Set<string>();
    for (const resource of owningResources) for (const o of table(state, resource).values()) uids.add(o.metadata.uid);
    for (const resource of ownedResources) {
      for (const [key, object] of table(state, resource)) {
        const owner = controllerOf(object);
        if (!owner || uids.has(owner.uid) || object.metadata.deletionTimestamp) continue;
        if (lasts(held, `owner ${resource} ${key} ${owner.uid}`, catchUpMs))
          fail(`${resource} ${key} outlives its owner ${owner.kind} ${owner.name}`);
      }
    }
    for (const [key, slice] of table<EndpointSlice>(state, 'endpointslices.discovery.k8s.io')) {
      for (const endpoint of slice.endpoints ?? []) {
        if (endpoint.conditions?.ready !== true || endpoint.targetRef?.kind !== 'Pod') continue;
        const pod = pods.get(`${endpoint.targetRef.namespace}/${endpoint.targetRef.name}`);
        const gone = pod?.metadata.uid !== endpoint.targetRef.uid;
        const service = table<{ spec?: { publishNotReadyAddresses?: boolean } }>(state, 'services').get(
          `${slice.metadata.namespace}/${slice.metadata.labels?.['kubernetes.io/service-name']}`,
        );
        // An orphaned slice is nobody's business any more.
        if (!service || (pod && !gone && (service.spec?.publishNotReadyAddresses || isReady(pod)))) continue;
        if (lasts(held, `endpoint ${key} ${endpoint.targetRef.uid}`, 10_000))
          fail(`${key} still has ${endpoint.targetRef.name} as ready, which is ${gone ? 'gone' : 'not ready'}`);
      }
    }
    suspects = held;
    for (const [uid, trail] of trails) {
      if (uids.has(uid)) continue;
      if (trail.goneAt === undefined) trail.goneAt = state.now;
      else if (state.now - trail.goneAt > catchUpMs && calm(catchUpMs)) trails.delete(uid);
    }
  }

  return {
    afterEvent() {
      const { state } = kernel;
      if (machinesIn(state).stopped.size > 0) disturbedAt = state.now;
      if (jobs.broken) fail(jobs.broken);
      if (budgets.broken) fail(budgets.broken);
      if (autoscalers.broken) fail(autoscalers.broken);
      if (writes.length > 0) {
        const batch = writes;
        writes = [];
        for (const activity of batch) {
          if (activity.resource === 'pods') budgets.written(activity);
          else if (activity.resource === 'deployments.apps') deploymentWritten(activity.key);
          else if (activity.resource === 'replicasets.apps') replicaSetWritten(activity);
          else if (activity.resource === 'endpointslices.discovery.k8s.io') sliceWritten(activity.key);
          else if (activity.resource === 'nodes') {
            if (!table(state, 'nodes').has(activity.key)) nodesGone.set(activity.key, state.now);
          } else if (activity.resource === 'networkpolicies.networking.k8s.io') policiesAt = state.now;
        }
        for (const key of podKeys) {
          podWritten(key);
          budgets.changed(key);
        }
        podKeys.clear();
        const now = (state.parts.get('etcd') as { revision: number }).revision;
        if (now < revision) fail(`the store's revision fell from ${revision} to ${now}`);
        revision = now;
      }
      if (state.now - lastSweep >= sweepEveryMs) {
        lastSweep = state.now;
        sweep();
      }
    },
    sweep,
    reset() {
      writes = [];
      podKeys = new Set();
      trails = new Map();
      versions = new Map();
      suspects = new Map();
      tampered = new Set();
      replicasSeen = new Map();
      deploymentOf = new Map();
      nodesGone = new Map();
      revision = 0;
      jobs.reset();
      budgets.reset();
      autoscalers.reset();
      for (const key of table(kernel.state, 'pods').keys()) podWritten(key);
    },
  };
}

const owningResources = [
  'deployments.apps',
  'replicasets.apps',
  'replicationcontrollers',
  'daemonsets.apps',
  'statefulsets.apps',
  'jobs.batch',
  'cronjobs.batch',
  'services',
  'nodes',
  'pods',
];
const ownedResources = [
  'replicasets.apps',
  'controllerrevisions.apps',
  'jobs.batch',
  'pods',
  'endpointslices.discovery.k8s.io',
];
