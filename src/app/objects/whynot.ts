import type {
  Deployment,
  EndpointSlice,
  HorizontalPodAutoscaler,
  Node,
  ReplicaSet,
  Service,
} from '../../kube/apis/index.ts';
import { millisOf } from '../../kube/apimachinery/meta.ts';
import type { KubeObject, SchedulingAttempt, TrafficSource } from '../../protocol/index.ts';
import type { Key, Values } from '../i18n/index.ts';
import type { StageRef } from '../stage/index.ts';
import { rolloutBounds } from '../consequence.ts';
import { budgetQuestions, evictionQuestion, nominationReasons } from './budgets.ts';
import { amountText, roomOn } from './fit.ts';
import { asPod, podState, type PodLook } from './pod-state.ts';

/** One unmet condition, with its present values. */
export interface Reason {
  readonly key: Key;
  readonly values?: Values | undefined;
  readonly look: PodLook;
  /** Said by the cluster itself. */
  readonly words?: string | undefined;
}

/** A question that suits the object, and what stands in the way. */
export interface WhyNot {
  readonly question: Key;
  readonly values: Values;
  readonly reasons: readonly Reason[];
}

/** What the answers are read from. */
export interface WhyNotWorld {
  of(resource: string): ReadonlyMap<string, KubeObject>;
  readonly now: number;
  readonly attempt: SchedulingAttempt | null;
  readonly stopped: readonly string[];
  readonly sources: readonly TrafficSource[];
}

/** Questions about an object that have an answer now. Pure; O(pods). */
export function whyNot(ref: StageRef, object: KubeObject, world: WhyNotWorld): WhyNot[] {
  switch (ref.resource) {
    case 'pods':
      return podQuestions(object, world);
    case 'deployments.apps':
      return deploymentQuestions(object, world);
    case 'replicasets.apps':
      return countQuestion(object, world);
    case 'services':
      return serviceQuestions(object, world);
    case 'nodes':
      return nodeQuestions(object, world);
    case 'poddisruptionbudgets.policy':
      return budgetQuestions(object);
    default:
      return [];
  }
}

const matches = (selector: Readonly<Record<string, string>>, labels: Readonly<Record<string, string>> = {}): boolean =>
  Object.entries(selector).every(([key, value]) => labels[key] === value);

const stoppedReason = (world: WhyNotWorld, process: string): Reason[] =>
  world.stopped.includes(process) ? [{ key: 'whynot.process', values: { process }, look: 'unknown' }] : [];

function podQuestions(object: KubeObject, world: WhyNotWorld): WhyNot[] {
  const pod = asPod(object);
  const { name } = pod.metadata;
  const state = podState(pod);
  const list: WhyNot[] = [];
  if (pod.metadata.deletionTimestamp !== undefined) list.push(terminating(object, world));
  else if (!pod.spec?.nodeName)
    list.push({ question: 'whynot.q.scheduled', values: { name }, reasons: schedulingReasons(object, world) });
  else if (state.look !== 'ready' && state.look !== 'succeeded')
    list.push({ question: 'whynot.q.ready', values: { name }, reasons: readyReasons(object, world) });
  const traffic = trafficReasons(object, world);
  if (traffic.length > 0) list.push({ question: 'whynot.q.traffic', values: { name }, reasons: traffic });
  const eviction = evictionQuestion(object, world);
  if (eviction) list.push(eviction);
  if (!pod.metadata.ownerReferences?.some((o) => o.controller))
    list.push({
      question: 'whynot.q.replaced',
      values: { name },
      reasons: [{ key: 'whynot.bare', look: 'unknown' }],
    });
  return list;
}

function schedulingReasons(object: KubeObject, world: WhyNotWorld): Reason[] {
  const reasons = [...stoppedReason(world, 'kube-scheduler'), ...stoppedReason(world, 'kube-apiserver')];
  reasons.push(...nominationReasons(object, world));
  const { attempt } = world;
  if (attempt)
    for (const node of attempt.nodes.filter((n) => n.rejectedBy !== undefined).slice(0, 12)) {
      reasons.push({
        key: 'whynot.node',
        values: { node: node.name, plugin: node.rejectedBy! },
        look: 'failed',
        words: node.reason,
      });
      reasons.push(...roomReasons(object, node.name, node.reason ?? '', world));
    }
  if (reasons.length === 0)
    reasons.push(
      attempt?.message
        ? { key: 'whynot.scheduler-says', look: 'pending', words: attempt.message }
        : { key: 'whynot.not-tried', look: 'pending' },
    );
  return reasons;
}

/** The figures behind `Insufficient cpu`. */
function roomReasons(pod: KubeObject, name: string, said: string, world: WhyNotWorld): Reason[] {
  const node = world.of('nodes').get(name) as unknown as Node | undefined;
  if (!node) return [];
  return (['cpu', 'memory'] as const)
    .filter((resource) => said.includes(`Insufficient ${resource}`))
    .map((resource) => {
      const { asked, free, all } = roomOn(node, pod, world.of('pods'), resource);
      const text = (value: number): string => amountText(resource, value);
      return {
        key: 'whynot.room',
        values: { resource, asked: text(asked), free: text(free), all: text(all) },
        look: 'pending',
      };
    });
}

function readyReasons(object: KubeObject, world: WhyNotWorld): Reason[] {
  const pod = asPod(object);
  const reasons: Reason[] = [];
  const node = world.of('nodes').get(pod.spec?.nodeName ?? '') as unknown as Node | undefined;
  if (node && node.status?.conditions?.find((c) => c.type === 'Ready')?.status !== 'True')
    reasons.push({ key: 'whynot.node-silent', values: { node: node.metadata.name }, look: 'unknown' });
  const statuses = [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])];
  for (const status of statuses) {
    const { waiting, terminated, running } = status.state ?? {};
    const container = status.name;
    if (waiting)
      reasons.push({
        key: waiting.reason === 'CrashLoopBackOff' ? 'whynot.backoff' : 'whynot.waiting',
        values: {
          container,
          reason: waiting.reason ?? 'Waiting',
          count: status.restartCount,
          code: status.lastState?.terminated?.exitCode ?? 0,
        },
        look: waiting.reason === 'CrashLoopBackOff' ? 'backoff' : 'creating',
        words: waiting.message,
      });
    else if (terminated)
      reasons.push({
        key: 'whynot.terminated',
        values: { container, code: terminated.exitCode, reason: terminated.reason ?? '' },
        look: 'failed',
      });
    else if (running && !status.ready && pod.spec?.containers.find((c) => c.name === container)?.readinessProbe)
      reasons.push({
        key: 'whynot.probe',
        values: { container },
        look: 'notready',
        words: lastUnhealthy(pod.metadata.uid, world),
      });
  }
  if (statuses.length === 0)
    reasons.push({ key: 'whynot.kubelet', values: { node: pod.spec?.nodeName ?? '' }, look: 'creating' });
  return reasons;
}

/** The kubelet's newest complaint about a pod's probes. */
function lastUnhealthy(uid: string, world: WhyNotWorld): string | undefined {
  let newest: { at: string; message: string } | undefined;
  for (const event of world.of('events').values()) {
    if (event['reason'] !== 'Unhealthy') continue;
    if ((event['involvedObject'] as { uid?: string } | undefined)?.uid !== uid) continue;
    const at = String(event['lastTimestamp'] ?? '');
    if (!newest || at > newest.at) newest = { at, message: String(event['message'] ?? '') };
  }
  return newest?.message;
}

/** Services whose selector fits a pod's labels. */
function servicesOf(object: KubeObject, world: WhyNotWorld): Service[] {
  const { namespace, labels } = object.metadata;
  return [...world.of('services').values()]
    .filter((s) => s.metadata.namespace === namespace)
    .map((s) => s as unknown as Service)
    .filter((s) => s.spec?.selector && Object.keys(s.spec.selector).length > 0 && matches(s.spec.selector, labels));
}

function trafficReasons(object: KubeObject, world: WhyNotWorld): Reason[] {
  const pod = asPod(object);
  const services = servicesOf(object, world);
  if (services.length === 0) {
    const labels = Object.entries(pod.metadata.labels ?? {})
      .map(([k, v]) => `${k}=${v}`)
      .join(', ');
    if (labels === '') return [{ key: 'whynot.no-labels', look: 'unknown' }];
    return [{ key: 'whynot.no-service', values: { labels }, look: 'unknown' }];
  }
  const names = services.map((s) => s.metadata.name).join(', ');
  if (pod.metadata.deletionTimestamp !== undefined)
    return [{ key: 'whynot.left', values: { services: names }, look: 'terminating' }];
  if (podState(pod).look !== 'ready')
    return [{ key: 'whynot.not-endpoint', values: { services: names }, look: 'notready' }];
  const idle = services.every(
    (s) => !world.sources.some((source) => source.rps > 0 && source.url.includes(s.metadata.name)),
  );
  return idle ? [{ key: 'whynot.no-source', values: { services: names }, look: 'pending' }] : [];
}

function terminating(object: KubeObject, world: WhyNotWorld): WhyNot {
  const pod = asPod(object);
  const { name, deletionTimestamp, finalizers = [] } = pod.metadata;
  const reasons: Reason[] = [];
  const left = Math.ceil((millisOf(deletionTimestamp ?? '') - world.now) / 1000);
  const node = world.of('nodes').get(pod.spec?.nodeName ?? '') as unknown as Node | undefined;
  const silent = node && node.status?.conditions?.find((c) => c.type === 'Ready')?.status !== 'True';
  if (silent) reasons.push({ key: 'whynot.gone-silent', values: { node: node.metadata.name }, look: 'unknown' });
  else if (left > 0) reasons.push({ key: 'whynot.grace', values: { seconds: left }, look: 'terminating' });
  if (finalizers.length > 0)
    reasons.push({ key: 'whynot.finalizers', values: { finalizers: finalizers.join(', ') }, look: 'pending' });
  if (reasons.length === 0) reasons.push({ key: 'whynot.stopping', look: 'terminating' });
  return { question: 'whynot.q.gone', values: { name }, reasons };
}

function deploymentQuestions(object: KubeObject, world: WhyNotWorld): WhyNot[] {
  const deployment = object as unknown as Deployment;
  const { name, uid } = deployment.metadata;
  const desired = deployment.spec?.replicas ?? 1;
  const { updatedReplicas = 0, availableReplicas = 0, replicas = 0 } = deployment.status ?? {};
  const list: WhyNot[] = [];
  const progressing = deployment.status?.conditions?.find((c) => c.type === 'Progressing');
  if (updatedReplicas < desired || availableReplicas < desired || replicas > updatedReplicas) {
    const reasons: Reason[] = [...stoppedReason(world, 'kube-controller-manager')];
    if (deployment.spec?.paused) reasons.push({ key: 'whynot.paused', look: 'pending' });
    const bounds = rolloutBounds(deployment);
    if (bounds) {
      if (replicas >= bounds.most)
        reasons.push({ key: 'whynot.at-most', values: { replicas, most: bounds.most }, look: 'pending' });
      if (availableReplicas <= bounds.fewest && replicas > updatedReplicas)
        reasons.push({
          key: 'whynot.at-least',
          values: { available: availableReplicas, fewest: bounds.fewest },
          look: 'pending',
        });
    }
    const sets = [...world.of('replicasets.apps').values()].filter((s) =>
      s.metadata.ownerReferences?.some((o) => o.uid === uid),
    );
    const words = new Map<string, number>();
    for (const pod of world.of('pods').values()) {
      if (!pod.metadata.ownerReferences?.some((o) => sets.some((s) => s.metadata.uid === o.uid))) continue;
      const state = podState(asPod(pod));
      if (state.look !== 'ready' && state.look !== 'terminating')
        words.set(state.word, (words.get(state.word) ?? 0) + 1);
    }
    for (const [word, count] of words) reasons.push({ key: 'whynot.pods', values: { count, word }, look: 'notready' });
    if (progressing?.reason === 'ProgressDeadlineExceeded')
      reasons.push({ key: 'whynot.deadline', look: 'failed', words: progressing.message });
    if (reasons.length > 0) list.push({ question: 'whynot.q.rollout', values: { name }, reasons });
  }
  if (progressing?.reason === 'ProgressDeadlineExceeded')
    list.push({
      question: 'whynot.q.rollback',
      values: { name },
      reasons: [{ key: 'whynot.no-rollback', look: 'unknown' }],
    });
  list.push({
    question: 'whynot.q.more',
    values: { name },
    reasons: [...scalerReason(object, world), countReason('Deployment', replicas, desired, object, world)],
  });
  return list;
}

/** The autoscaler that sets how many an owner wants. */
function scalerOf({ kind, metadata }: KubeObject, world: WhyNotWorld): HorizontalPodAutoscaler | undefined {
  for (const object of world.of('horizontalpodautoscalers.autoscaling').values()) {
    const scaler = object as unknown as HorizontalPodAutoscaler;
    const { scaleTargetRef: target } = scaler.spec ?? {};
    if (target?.kind !== kind || target.name !== metadata.name) continue;
    if (object.metadata.namespace === metadata.namespace) return scaler;
  }
  return undefined;
}

/** What the autoscaler says of its last decision. */
function scalerReason(object: KubeObject, world: WhyNotWorld): Reason[] {
  const scaler = scalerOf(object, world);
  if (!scaler) return [];
  const { desiredReplicas = 0, conditions = [] } = scaler.status ?? {};
  const words = [...conditions].reverse().find((c) => c.message)?.message;
  return [
    {
      key: 'whynot.scaler',
      values: { name: scaler.metadata.name, desired: desiredReplicas },
      look: 'pending',
      ...(words && { words }),
    },
  ];
}

/** A count against a number; where no autoscaler sets the number, load is read by nobody. */
const countReason = (
  kind: string,
  current: number,
  desired: number,
  object: KubeObject,
  world: WhyNotWorld,
): Reason => ({
  key: scalerOf(object, world) ? 'whynot.count.scaled' : 'whynot.count',
  values: { kind, current, desired },
  look: 'pending',
});

function countQuestion(object: KubeObject, world: WhyNotWorld): WhyNot[] {
  const set = object as unknown as ReplicaSet;
  const desired = set.spec?.replicas ?? 1;
  return [
    {
      question: 'whynot.q.more',
      values: { name: set.metadata.name },
      reasons: [
        ...stoppedReason(world, 'kube-controller-manager'),
        ...scalerReason(object, world),
        countReason('ReplicaSet', set.status?.replicas ?? 0, desired, object, world),
      ],
    },
  ];
}

function serviceQuestions(object: KubeObject, world: WhyNotWorld): WhyNot[] {
  const service = object as unknown as Service;
  const { name, namespace } = service.metadata;
  const selector = service.spec?.selector;
  const reasons: Reason[] = [];
  if (!selector || Object.keys(selector).length === 0) reasons.push({ key: 'whynot.no-selector', look: 'unknown' });
  else {
    const chosen = [...world.of('pods').values()].filter(
      (p) => p.metadata.namespace === namespace && matches(selector, p.metadata.labels),
    );
    const ready = chosen.filter((p) => podState(asPod(p)).look === 'ready').length;
    const text = Object.entries(selector)
      .map(([k, v]) => `${k}=${v}`)
      .join(',');
    if (chosen.length === 0) reasons.push({ key: 'whynot.nobody', values: { selector: text }, look: 'failed' });
    else if (ready < chosen.length)
      reasons.push({
        key: 'whynot.some-ready',
        values: { ready, count: chosen.length, selector: text },
        look: 'notready',
      });
    const served = [...world.of('endpointslices.discovery.k8s.io').values()]
      .filter((s) => s.metadata.namespace === namespace && s.metadata.labels?.['kubernetes.io/service-name'] === name)
      .reduce(
        (n, s) =>
          n + ((s as unknown as EndpointSlice).endpoints?.filter((e) => e.conditions?.ready !== false).length ?? 0),
        0,
      );
    if (ready > 0 && served === 0)
      reasons.push(...stoppedReason(world, 'kube-controller-manager'), {
        key: 'whynot.slices-behind',
        values: { ready },
        look: 'pending',
      });
  }
  if (!world.sources.some((s) => s.rps > 0 && s.url.includes(name)))
    reasons.push({ key: 'whynot.no-source', values: { services: name }, look: 'pending' });
  return reasons.length > 0 ? [{ question: 'whynot.q.service', values: { name }, reasons }] : [];
}

function nodeQuestions(object: KubeObject, world: WhyNotWorld): WhyNot[] {
  const node = object as unknown as Node;
  const { name } = node.metadata;
  const list: WhyNot[] = [];
  const ready = node.status?.conditions?.find((c) => c.type === 'Ready');
  if (ready?.status !== 'True') {
    const lease = world.of('leases.coordination.k8s.io').get(`kube-node-lease/${name}`);
    const renewed = millisOf(String((lease?.['spec'] as { renewTime?: string } | undefined)?.renewTime ?? ''));
    const reasons: Reason[] = [];
    if (!Number.isNaN(renewed))
      reasons.push({
        key: 'whynot.lease',
        values: { seconds: Math.round((world.now - renewed) / 1000) },
        look: 'unknown',
      });
    reasons.push({
      key: 'whynot.condition',
      values: { reason: ready?.reason ?? 'Unknown' },
      look: 'unknown',
      words: ready?.message,
    });
    list.push({ question: 'whynot.q.node', values: { name }, reasons });
    const evictions = evictionReasons(node, world);
    if (evictions.length > 0) list.push({ question: 'whynot.q.evicted', values: { name }, reasons: evictions });
  }
  if (node.spec?.unschedulable)
    list.push({
      question: 'whynot.q.new-pods',
      values: { name },
      reasons: [{ key: 'whynot.cordoned', look: 'pending' }],
    });
  return list;
}

/** How long the pods of a lost node still have before they are marked for deletion. */
function evictionReasons(node: Node, world: WhyNotWorld): Reason[] {
  const taint = node.spec?.taints?.find((t) => t.effect === 'NoExecute' && t.timeAdded !== undefined);
  if (!taint) return [{ key: 'whynot.no-taint', look: 'pending' }];
  const since = millisOf(String(taint.timeAdded));
  const waits = new Map<number, number>();
  for (const object of world.of('pods').values()) {
    const pod = asPod(object);
    if (pod.spec?.nodeName !== node.metadata.name || pod.metadata.deletionTimestamp !== undefined) continue;
    const toleration = pod.spec.tolerations?.find(
      (t) => (t.key === taint.key || t.key === undefined) && (t.effect === 'NoExecute' || t.effect === undefined),
    );
    const seconds = toleration?.tolerationSeconds ?? (toleration ? Infinity : 0);
    waits.set(seconds, (waits.get(seconds) ?? 0) + 1);
  }
  return [...waits].map(([seconds, count]) =>
    seconds === Infinity
      ? { key: 'whynot.tolerates-forever', values: { count, taint: taint.key ?? '' }, look: 'unknown' as const }
      : {
          key: 'whynot.tolerates',
          values: {
            count,
            seconds,
            taint: taint.key ?? '',
            left: Math.max(0, Math.ceil((since + seconds * 1000 - world.now) / 1000)),
          },
          look: 'pending' as const,
        },
  );
}
