import { equal, keyOf, type KubeObject } from '../kube/apimachinery/index.ts';
import {
  kinds,
  type ControllerRevision,
  type CronJob,
  type DaemonSet,
  type Deployment,
  type EndpointSlice,
  type HorizontalPodAutoscaler,
  type Job,
  type KubeEvent,
  type Pod,
  type PodDisruptionBudget,
  type ReplicaSet,
  type ReplicationController,
  type ResourceKey,
  type StatefulSet,
} from '../kube/apis/index.ts';
import { kubectl } from '../kube/kubectl/index.ts';
import type { PatchType } from '../kube/apiserver/request.ts';
import type { DrivenPlan } from './driven.ts';
import { controlPlane, type ControlPlane } from './world.ts';

/** A recorded behaviour of a real control plane: what was done, and what was seen. See golden/README.md. */
export interface Scenario {
  readonly name: string;
  /** What the pods did on a node without a kubelet. */
  readonly podPlan?: DrivenPlan;
  readonly steps: readonly Step[];
  readonly events: readonly RecordedEvent[];
  readonly sequences: Readonly<Record<string, readonly Record<string, unknown>[]>>;
  readonly final: { readonly kubectl: readonly Printed[] };
}

/** What a command of the recording printed. */
export interface Printed {
  readonly command: string;
  readonly stdout?: string;
  readonly stderr?: string;
  readonly exitCode?: number;
}

interface Step {
  readonly i: number;
  readonly apply?: KubeObject;
  readonly create?: KubeObject;
  readonly kubectl?: string | readonly string[];
  /** Of the recorded command. */
  readonly stderr?: string;
  readonly exitCode?: number;
  readonly kubectlBackground?: string;
  readonly patch?: { kind: string; name: string; subresource?: 'status'; type: string; body: unknown };
  readonly addNode?: string;
  readonly removeNode?: string;
  readonly delete?: { kind: string; name: string; options: object };
  /** A pod's eviction, and how the API server answered. */
  readonly evict?: string;
  readonly code?: number;
  readonly response?: { readonly message?: string; readonly details?: object };
  readonly setMetricsPerPod?: Readonly<Record<string, string>>;
  readonly settle?: number;
  readonly sleep?: number;
  /** `8 s before a full minute`. */
  readonly sleepUntil?: string;
  readonly waitForPods?: { selector: Record<string, string>; count: number; pred: string };
  readonly waitFor?: { kind: string; name: string; path: string; value: unknown };
}

/** An event that was recorded. */
export interface RecordedEvent {
  readonly type: string;
  readonly reason: string;
  readonly component: string;
  readonly kind: string;
  readonly name: string;
  readonly message: string;
  readonly count: number;
  /** Messages it had later: an event that combines others. */
  readonly laterMessages?: readonly string[];
}

/** What a replay has seen, named as the recording names it. */
export interface Replay {
  readonly plane: ControlPlane;
  /** `component kind/name` → its events, `type reason: message (count)`. Pods have no numbers: those are chance. */
  readonly events: ReadonlyMap<string, readonly string[]>;
  /** `Kind/name` → its states, equal neighbours collapsed. */
  readonly sequences: ReadonlyMap<string, readonly Record<string, unknown>[]>;
  /** Deployments, ReplicaSets and ConfigMaps that went away, in this order. */
  readonly gone: readonly string[];
  /** Replaces hashes and pod names by the recording's placeholders, pods all by `<0>`. */
  plain(text: string): string;
}

const namespace = 'default';

/** The recording's events in the form of `Replay.events`, of the given components. */
export function recordedEvents(scenario: Scenario, components: readonly string[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const e of scenario.events)
    if (components.includes(e.component))
      add(found, e, (text) => text.replaceAll(/-<\d+>/g, '-<n>').replaceAll('<ns>', namespace));
  return found;
}

function add(found: Map<string, string[]>, e: RecordedEvent, plain: (text: string) => string): void {
  const key = `${e.component} ${e.kind}/${plain(e.name)}`;
  const text = `${e.type} ${e.reason}: ${plain(e.laterMessages?.at(-1) ?? e.message)} (${e.count})`;
  found.set(key, [...(found.get(key) ?? []), text]);
}

/** Plays a scenario's steps on a control plane with stand-in kubelets. */
export function replay(scenario: Scenario, components: readonly string[]): Replay {
  const plane = controlPlane({ runMs: 40, readyMs: 0, stopMs: 400, hollow: true, driven: scenario.podPlan });
  const watcher = watchStates(plane);
  for (const step of scenario.steps) play(plane, step, watcher);
  watcher.look();
  const events = new Map<string, string[]>();
  const plain = (text: string): string => watcher.plain(text).replaceAll(/-<\d+>/g, '-<n>');
  for (const e of plane.all<KubeEvent>('events', namespace)) {
    const component = e.reportingComponent ?? '';
    if (!components.includes(component)) continue;
    add(
      events,
      {
        type: e.type!,
        reason: e.reason!,
        component,
        kind: e.involvedObject.kind!,
        name: e.involvedObject.name!,
        message: e.message!,
        count: e.count ?? 1,
      },
      plain,
    );
  }
  return { plane, events, sequences: watcher.sequences, gone: watcher.gone, plain: watcher.plain };
}

interface Watcher {
  readonly sequences: Map<string, Record<string, unknown>[]>;
  readonly gone: string[];
  look(): void;
  /** Replaces hashes and pod names by the recording's placeholders. */
  plain(text: string): string;
  /** The real name behind a placeholder. */
  real(text: string): string;
}

function watchStates(plane: ControlPlane): Watcher {
  const names = new Map<string, string>(); // real → placeholder
  const sequences = new Map<string, Record<string, unknown>[]>();
  const seen = new Map<string, string>();
  const gone: string[] = [];
  let present = new Set<string>();
  let revision = 0;
  let revisions = 0;
  let minutes = 0;
  const plain = (text: string): string => {
    let result = text;
    for (const [real, placeholder] of names) result = result.replaceAll(real, placeholder);
    return result;
  };
  const look = (): void => {
    const etcd = plane.kernel.state.parts.get('etcd') as { revision: number };
    if (etcd.revision === revision) return;
    revision = etcd.revision;
    for (const rs of plane.all<ReplicaSet>('replicasets.apps', namespace)) {
      const hash = rs.metadata.labels?.['pod-template-hash'];
      if (hash && !names.has(hash)) names.set(hash, `<hash${names.size + 1}>`);
      note('ReplicaSet', rs as never, {
        ...(rs.metadata.annotations?.['deployment.kubernetes.io/revision'] && {
          revision: rs.metadata.annotations['deployment.kubernetes.io/revision'],
          desired: rs.metadata.annotations['deployment.kubernetes.io/desired-replicas'],
          max: rs.metadata.annotations['deployment.kubernetes.io/max-replicas'],
        }),
        specReplicas: rs.spec!.replicas,
        status: countsOf(rs.status),
      });
    }
    for (const rc of plane.all<ReplicationController>('replicationcontrollers', namespace))
      note('ReplicationController', rc as never, {
        specReplicas: rc.spec!.replicas,
        status: countsOf(rc.status),
        conditions: conditionsOf(rc.status?.conditions),
      });
    for (const revision of plane.all<ControllerRevision>('controllerrevisions.apps', namespace)) {
      const hash = revision.metadata.name.slice(revision.metadata.name.lastIndexOf('-') + 1);
      if (!names.has(hash)) names.set(hash, `<rev${++revisions}>`);
      const { kind, name } = revision.metadata.ownerReferences![0]!;
      note('ControllerRevision', revision as never, { revision: revision.revision, owner: `${kind}/${name}` });
    }
    for (const ds of plane.all<DaemonSet>('daemonsets.apps', namespace))
      note('DaemonSet', ds as never, { generation: ds.metadata.generation, status: countsOf(ds.status) });
    for (const set of plane.all<StatefulSet>('statefulsets.apps', namespace)) {
      const { collisionCount: _, ...status } = set.status!;
      const state = { generation: set.metadata.generation, specReplicas: set.spec!.replicas };
      note('StatefulSet', set as never, JSON.parse(plain(JSON.stringify({ ...state, status }))) as object as never);
    }
    for (const d of plane.all<Deployment>('deployments.apps', namespace))
      note('Deployment', d as never, {
        generation: d.metadata.generation,
        ...(d.metadata.annotations?.['deployment.kubernetes.io/revision'] && {
          revision: d.metadata.annotations['deployment.kubernetes.io/revision'],
        }),
        specReplicas: d.spec!.replicas,
        status: countsOf(d.status),
        conditions: conditionsOf(d.status?.conditions),
      });
    for (const quota of plane.all<KubeObject>('resourcequotas', namespace))
      note('ResourceQuota', quota, { status: quota['status'] });
    for (const budget of plane.all<PodDisruptionBudget>('poddisruptionbudgets.policy', namespace))
      note('PodDisruptionBudget', budget as never, {
        status: countsOf(budget.status),
        conditions: conditionsOf(budget.status?.conditions),
      });
    for (const autoscaler of plane.all<HorizontalPodAutoscaler>('horizontalpodautoscalers.autoscaling', namespace))
      note('HorizontalPodAutoscaler', autoscaler as never, autoscalerState(autoscaler));
    for (const slice of plane.all<EndpointSlice>('endpointslices.discovery.k8s.io', namespace))
      noteAs(`EndpointSlice/${slice.metadata.labels!['kubernetes.io/service-name']}`, endpointsState(slice));
    noteGone();
  };
  const lookAtJobs = (): void => {
    for (const cronJob of plane.all<CronJob>('cronjobs.batch', namespace)) {
      const { active = [], lastScheduleTime, lastSuccessfulTime } = cronJob.status ?? {};
      for (const { name } of active) nameMinute(name!);
      note('CronJob', cronJob as never, {
        suspend: cronJob.spec.suspend,
        active: active.map(({ name }) => plain(name!)),
        ...(lastScheduleTime && { lastScheduleTime: 'set' }),
        ...(lastSuccessfulTime && { lastSuccessfulTime: 'set' }),
      });
    }
    for (const job of plane.all<Job>('jobs.batch', namespace)) {
      nameMinute(job.metadata.name);
      note('Job', job as never, jobState(job));
    }
  };
  // A Job's status is written twice in one moment: it is looked at after every write.
  const outer = plane.kernel.observer;
  plane.kernel.observer = {
    ...outer,
    observe(told) {
      outer.observe?.(told);
      const { type, resource, verb } = told as { type: string; resource?: string; verb?: string };
      if (type === 'activity' && resource?.endsWith('.batch') && verb !== 'list' && verb !== 'get') lookAtJobs();
    },
  };
  /** The minute in the names of a CronJob's Jobs. */
  const nameMinute = (job: string): void => {
    const minute = /-(\d{8,})$/.exec(job)?.[1];
    if (minute && !names.has(minute)) names.set(minute, `<sched${++minutes}>`);
  };
  const noteGone = (): void => {
    const now = new Set<string>();
    for (const resource of ['deployments.apps', 'replicasets.apps', 'configmaps'] as const)
      for (const object of plane.all<KubeObject>(resource, namespace))
        now.add(`${object.kind}/${plain(object.metadata.name)}`);
    for (const name of present) if (!now.has(name)) gone.push(name);
    present = now;
  };
  const note = (kind: string, object: KubeObject, state: Record<string, unknown>): void => {
    noteAs(`${kind}/${plain(object.metadata.name)}`, state);
  };
  const noteAs = (key: string, state: Record<string, unknown>): void => {
    const text = JSON.stringify(state);
    if (seen.get(key) === text) return;
    seen.set(key, text);
    sequences.set(key, [...(sequences.get(key) ?? []), state]);
  };
  const pods = new Map<string, string>(); // placeholder → real pod
  const real = (text: string): string => {
    const match = /^(.*)-<(\d+)>$/.exec(text);
    if (!match) return text;
    const known = pods.get(text);
    if (known) return known;
    const prefix = [...names].reduce((t, [r, placeholder]) => t.replaceAll(placeholder, r), match[1]!);
    const taken = new Set(pods.values());
    const free = plane
      .all<Pod>('pods', namespace)
      .filter(
        (p) => p.metadata.name.startsWith(`${prefix}-`) && !taken.has(p.metadata.name) && !p.metadata.deletionTimestamp,
      )
      .toSorted((a, b) => Number(a.metadata.resourceVersion) - Number(b.metadata.resourceVersion));
    // Those not ready first: readiness is what such steps give.
    const next = free.find((p) => !isReady(p)) ?? free[0];
    if (!next) throw new Error(`no pod for ${text}`);
    pods.set(text, next.metadata.name);
    return next.metadata.name;
  };
  return {
    sequences,
    gone,
    look,
    real: (text) => text.replaceAll(/[\w<>.-]+-<\d+>/g, real),
    plain: (text) => plain(text).replaceAll(/(?<=[a-z0-9>])-[bcdfghjklmnpqrstvwxz2456789]{5}\b/g, '-<0>'),
  };
}

/** What a recording keeps of a Job. */
function jobState({ spec, status = {} }: Job): Record<string, unknown> {
  const { succeeded = [], failed = [] } = status.uncountedTerminatedPods ?? {};
  const { completedIndexes, failedIndexes, startTime, completionTime } = status;
  return {
    suspend: spec!.suspend,
    parallelism: spec!.parallelism,
    status: {
      ...countsOf(status),
      ...(completedIndexes !== undefined && { completedIndexes }),
      ...(failedIndexes !== undefined && { failedIndexes }),
      ...(succeeded.length > 0 && { uncountedSucceeded: succeeded.length }),
      ...(failed.length > 0 && { uncountedFailed: failed.length }),
      ...(startTime && { started: true }),
      ...(completionTime && { completed: true }),
    },
    conditions: conditionsOf(status.conditions),
  };
}

/** What a recording keeps of an autoscaler. */
function autoscalerState({ spec, status }: HorizontalPodAutoscaler): Record<string, unknown> {
  const { currentReplicas, desiredReplicas, currentMetrics, lastScaleTime, conditions = [] } = status!;
  return {
    minMax: [spec.minReplicas, spec.maxReplicas],
    status: {
      ...(currentReplicas !== undefined && { currentReplicas }),
      desiredReplicas,
      currentMetrics: currentMetrics?.length ? currentMetrics : null,
    },
    ...(lastScaleTime !== undefined && { lastScaleTime: 'set' }),
    conditions: conditions.map(({ type, status: is, reason, message }) => `${type}=${is}/${reason}: ${message}`),
  };
}

/** What a recording keeps of a slice, without addresses and nodes. */
const endpointsState = (slice: EndpointSlice): Record<string, unknown> => ({
  ports: slice.ports?.length ? slice.ports : null,
  labels: slice.metadata.labels,
  endpoints: (slice.endpoints ?? []).map((e) => ({
    target: e.targetRef?.name,
    ...(e.hostname && { hostname: e.hostname }),
    ...e.conditions,
  })),
});

const isReady = (pod: Pod): boolean =>
  pod.status?.conditions?.some((c) => c.type === 'Ready' && c.status === 'True') === true;

const conditionsOf = (
  conditions: readonly { type: string; status: string; reason?: string | undefined }[] = [],
): string[] => conditions.map((c) => `${c.type}=${c.status}/${c.reason}`).sort();

function countsOf(status: object | undefined): Record<string, number> {
  return Object.fromEntries(Object.entries(status ?? {}).filter(([, value]) => typeof value === 'number'));
}

function play(plane: ControlPlane, step: Step, watcher: Watcher): void {
  const line = (text: string, files: Record<string, string> = {}): void => {
    const outcome = kubectl(plane.ctx, plane.api, text, files, '');
    if (outcome.exitCode !== (step.exitCode ?? 0) || (step.apply && outcome.stderr !== (step.stderr ?? '')))
      throw new Error(`step ${step.i}: kubectl ${text}: ${outcome.stderr}`);
  };
  if (step.setMetricsPerPod) plane.feed.usage = step.setMetricsPerPod;
  else if (step.apply)
    line('apply -f m.json', { 'm.json': JSON.stringify(step.apply).replaceAll('<driven-node>', 'driven') });
  else if (step.create) create(plane, step.create);
  else if (step.kubectl) {
    const words = typeof step.kubectl === 'string' ? [step.kubectl] : step.kubectl.map((word) => `'${word}'`);
    const text = words.join(' ');
    const waited = /^wait --for=condition=(\w+) job\/(\w+)/.exec(text);
    if (waited) {
      const path = `status.conditions[${waited[1]![0]!.toUpperCase()}${waited[1]!.slice(1)}].status`;
      advance(plane, watcher, 60_000, () => valueAt(plane, 'Job', waited[2]!, path) === 'True');
      return;
    }
    // What only looks is the business of kubectl's own tests.
    if (!/^(get|describe|rollout (status|history))\b|--dry-run/.test(text)) line(watcher.real(text));
  } else if (step.addNode) plane.addNode(step.addNode);
  else if (step.removeNode) plane.removeNode(step.removeNode);
  else if (step.evict) evict(plane, watcher.real(step.evict), step);
  else if (step.patch) patch(plane, watcher.real(step.patch.name), step.patch);
  else if (step.delete) {
    const { kind, name, options } = step.delete;
    plane.client.delete(plane.ctx, resourceOf(kind), watcher.real(name), namespace, { options });
  }
  const until = (ms: number, done: () => boolean): void => advance(plane, watcher, ms, done);
  if (step.settle !== undefined) settle(plane, watcher, step.settle);
  else if (step.sleepUntil) until(untilMinuteMs(plane, Number.parseInt(step.sleepUntil, 10)), () => false);
  else if (step.sleep !== undefined) until(step.sleep, () => false);
  else if (step.waitForPods) {
    const { count } = step.waitForPods;
    until(60_000, () => plane.all<Pod>('pods', namespace).filter((p) => p.status?.phase === 'Running').length >= count);
  } else if (step.waitFor) {
    const { kind, name, path, value } = step.waitFor;
    const there = (): unknown => valueAt(plane, kind, watcher.real(name), path) ?? '<deleted>';
    until(1_200_000, () => there() === value);
  } else until(100, () => false);
}

/** Milliseconds until so many seconds before a full minute. */
const untilMinuteMs = (plane: ControlPlane, secondsBefore: number): number =>
  120_000 - secondsBefore * 1000 - (plane.kernel.state.now % 60_000);

function advance(plane: ControlPlane, watcher: Watcher, ms: number, done: () => boolean): void {
  const end = plane.kernel.state.now + ms;
  while (plane.kernel.nextAt() <= end) {
    plane.kernel.step();
    watcher.look();
    if (done()) return;
  }
  plane.kernel.runUntil(end);
}

/** Lets time pass until nothing was written for so long. */
function settle(plane: ControlPlane, watcher: Watcher, quietMs: number): void {
  const revision = (): number => (plane.kernel.state.parts.get('etcd') as { revision: number }).revision;
  for (let tries = 0; tries < 100; tries++) {
    const before = revision();
    advance(plane, watcher, quietMs, () => false);
    if (revision() === before) return;
  }
}

const resourceOf = (kind: string): ResourceKey => kinds.find((k) => k.kind === kind)!.key;

function create(plane: ControlPlane, manifest: KubeObject): void {
  const owners = manifest.metadata.ownerReferences?.map((owner) => ({
    ...owner,
    uid: uidOf(plane, owner.kind, owner.name),
  }));
  const metadata = { ...manifest.metadata, namespace, ...(owners && { ownerReferences: owners }) };
  plane.client.create(plane.ctx, resourceOf(manifest.kind), { ...manifest, metadata } as never);
}

/** The recording hides uids; an owner that never existed gets one that nobody has. */
function uidOf(plane: ControlPlane, kind: string, name: string): string {
  const owner = plane.all<KubeObject>(resourceOf(kind), namespace).find((o) => o.metadata.name === name);
  return owner?.metadata.uid ?? '00000000-0000-4000-8000-000000000000';
}

/** Asks for an eviction; the answer must be the recorded one. */
function evict(plane: ControlPlane, name: string, { i, code, response = {} }: Step): void {
  const request = { verb: 'create', resource: 'pods', subresource: 'eviction', namespace, name, body: {} } as const;
  const answer = plane.api.request(plane.ctx, 'you', request);
  const { message, details } = answer.body as { message?: string; details?: object };
  const [mine, recorded] = [
    { code: answer.code, message, details },
    { code, message: response.message, details: response.details },
  ];
  if (!equal(mine, recorded)) throw new Error(`step ${i}: evict ${name}: ${JSON.stringify(mine)}`);
}

const patchTypes: Readonly<Record<string, PatchType>> = {
  'application/strategic-merge-patch+json': 'strategic',
  'application/merge-patch+json': 'merge',
  'application/json-patch+json': 'json',
};

function patch(plane: ControlPlane, name: string, { kind, subresource, type, body }: NonNullable<Step['patch']>): void {
  plane.client.patch(plane.ctx, resourceOf(kind), name, namespace, {
    type: patchTypes[type]!,
    body,
    ...(subresource && { subresource }),
  });
}

/** `status.conditions[Progressing].reason` of an object. */
function valueAt(plane: ControlPlane, kind: string, name: string, path: string): unknown {
  const resource = resourceOf(kind);
  let value: unknown = plane
    .all<KubeObject>(resource, kind === 'Node' ? undefined : namespace)
    .find((o) => keyOf(o).endsWith(name));
  for (const part of path.split('.')) {
    const match = /^(\w+)\[(\w+)\]$/.exec(part);
    const field: unknown = (value as Record<string, unknown> | undefined)?.[match?.[1] ?? part];
    value = match ? (field as { type: string }[] | undefined)?.find((entry) => entry.type === match[2]) : field;
  }
  return value;
}
