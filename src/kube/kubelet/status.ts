import type {
  V1Container,
  V1ContainerState,
  V1ContainerStatus,
  V1PodCondition,
  V1PodStatus,
  V1ResourceRequirements,
  V1VolumeMount,
  V1VolumeMountStatus,
} from '../../generated/types.ts';
import { equal, timestamp } from '../apimachinery/index.ts';
import { containersReady, ownConditions, podInitialized, podReady, type Verdict } from './conditions.ts';
import { imageIdOf, runtimeName } from './image-names.ts';
import { recordOf, type ContainerRecord, type Worker } from './memory.ts';
import { podPhase } from './phase.ts';
import { qosClass } from '../apis/core/qos.ts';

const emptyState: V1ContainerState = Object.freeze({});

function stateOf(record: ContainerRecord, hasInit: boolean): V1ContainerState {
  if (record.state === 'running') return { running: { startedAt: timestamp(record.startedAt) } };
  if (record.waiting) {
    const { reason, message } = record.waiting;
    return { waiting: { reason, ...(message !== undefined && { message }) } };
  }
  if (record.state === 'exited') return { terminated: record.terminated! };
  return { waiting: { reason: hasInit ? 'PodInitializing' : 'ContainerCreating' } };
}

const emptyResources: V1ResourceRequirements = Object.freeze({});

const mountStatus = ({ name, mountPath, readOnly }: V1VolumeMount): V1VolumeMountStatus =>
  readOnly ? { name, mountPath, readOnly, recursiveReadOnly: 'Disabled' } : { name, mountPath };

/** The status of one container; the old object when nothing about it has changed, so that it need not be stored anew. */
function containerStatus(
  w: Worker,
  container: V1Container,
  record: ContainerRecord,
  old: readonly V1ContainerStatus[] | undefined,
): V1ContainerStatus {
  const created = record.id !== '';
  const last = record.waiting && record.state === 'exited' ? record.terminated : record.last;
  const status: V1ContainerStatus = {
    name: record.name,
    state: stateOf(record, (w.pod.spec?.initContainers?.length ?? 0) > 0),
    lastState: last ? { terminated: last } : emptyState,
    ready: record.ready,
    restartCount: record.restartCount,
    image: created ? runtimeName(record.image) : (container.image ?? ''),
    imageID: created ? imageIdOf(record.image) : '',
    started: record.state === 'running' && record.started,
  };
  if (created) {
    status.containerID = `containerd://${record.id}`;
    status.resources = container.resources ?? emptyResources;
    if (container.resources?.requests) status.allocatedResources = container.resources.requests;
  }
  if (container.volumeMounts?.length) status.volumeMounts = container.volumeMounts.map(mountStatus);
  const before = old?.find((o) => o.name === record.name);
  return before && equal(before, status) ? before : status;
}

/** Of a container that was added later nobody asks whether it is ready. */
function ephemeralStatus(
  w: Worker,
  container: V1Container,
  old: readonly V1ContainerStatus[] | undefined,
): V1ContainerStatus {
  const record = recordOf(w, container.name);
  if (!record) return { name: container.name, state: { waiting: { reason: 'ContainerCreating' } }, ready: false, restartCount: 0, image: container.image ?? '', imageID: '' }; // prettier-ignore
  const { started: _, ...status } = containerStatus(w, container, record, undefined);
  const shown: V1ContainerStatus = { ...status, ready: false };
  const before = old?.find((o) => o.name === record.name);
  return before && equal(before, shown) ? before : shown;
}

/** Whether an app container has ever been started in this pod. */
const appStarted = (w: Worker): boolean => w.containers.some((c) => c.kind === 'app' && c.id !== '');

/**
 * The status of a pod as the kubelet sees it now. Pure: depends on the worker, the machine's address and the time
 * (for transitions only). Conditions of others are those of `w.pod`, the newest version this kubelet knows.
 *
 * Kubernetes: pkg/kubelet/kubelet_pods.go, generateAPIPodStatus and convertToAPIContainerStatuses.
 */
export function podStatus(w: Worker, hostIP: string, now: number): V1PodStatus {
  const { pod } = w;
  const spec = pod.spec!;
  if (w.failure && w.containers.every((c) => c.id === '')) return refused(w, w.failure, now);
  const init: V1ContainerStatus[] = [];
  const apps: V1ContainerStatus[] = [];
  const before = w.status;
  for (const container of spec.initContainers ?? [])
    init.push(containerStatus(w, container, recordOf(w, container.name)!, before?.initContainerStatuses));
  for (const container of spec.containers)
    apps.push(containerStatus(w, container, recordOf(w, container.name)!, before?.containerStatuses));
  if (apps.length > 1) apps.sort((a, b) => (a.name < b.name ? -1 : 1));
  const started = appStarted(w);
  let phase = podPhase(spec, init, apps, w.terminating !== null || w.finished, started);
  // An end that has been told stays, also one that others wrote (pod garbage collection).
  const told = isEnd(pod.status?.phase) ? pod.status?.phase : before?.phase;
  if (isEnd(told)) phase = told;
  if (w.failure) phase = 'Failed';

  const all = init.length > 0 ? [...init, ...apps] : apps;
  const containers = containersReady(pod, all, phase);
  const conditions: V1PodCondition[] = [];
  for (const c of pod.status?.conditions ?? []) if (!ownConditions.includes(c.type)) conditions.push(c);
  const ready = podReady(pod, conditions, containers);
  conditions.push(
    timed({ type: 'PodReadyToStartContainers', status: w.ip !== '' ? 'True' : 'False' }, w, now),
    timed(podInitialized(pod, init, phase, started), w, now),
    timed(ready, w, now),
    timed(containers, w, now),
    timed(scheduled, w, now),
  );
  const ip = (w.ipShown && w.ip) || before?.podIP;
  const sameHost = before?.hostIP === hostIP;
  const status: V1PodStatus = {
    phase,
    conditions,
    hostIP,
    hostIPs: sameHost ? before.hostIPs : [{ ip: hostIP }],
    startTime: before?.startTime ?? timestamp(now),
    containerStatuses: apps,
    qosClass: qosOf(w),
    resources: emptyResources,
  };
  if (pod.metadata.generation !== undefined) status.observedGeneration = pod.metadata.generation;
  if (ip !== undefined) {
    status.podIP = ip;
    status.podIPs = before?.podIP === ip ? before.podIPs : [{ ip }];
  }
  if (init.length > 0) status.initContainerStatuses = init;
  if (spec.ephemeralContainers?.length)
    status.ephemeralContainerStatuses = spec.ephemeralContainers.map((container) =>
      ephemeralStatus(w, container as V1Container, before?.ephemeralContainerStatuses),
    );
  if (w.failure) {
    status.reason = w.failure.reason;
    status.message = w.failure.message;
  }
  return status;
}
const isEnd = (phase: string | undefined): phase is 'Failed' | 'Succeeded' =>
  phase === 'Failed' || phase === 'Succeeded';
const scheduled: Verdict = { type: 'PodScheduled', status: 'True' };

const qosOf = (w: Worker): string => w.status?.qosClass ?? w.pod.status?.qosClass ?? qosClass(w.pod.spec!);

/** A pod that this node does not take. Kubernetes: Kubelet.rejectPod. */
function refused(w: Worker, failure: { reason: string; message: string }, now: number): V1PodStatus {
  const { generation } = w.pod.metadata;
  return {
    ...(generation !== undefined && { observedGeneration: generation }),
    ...w.pod.status,
    phase: 'Failed',
    reason: failure.reason,
    message: failure.message,
    startTime: w.status?.startTime ?? timestamp(now),
    qosClass: qosOf(w),
  };
}

/** Gives a verdict its times: the transition is now only when the status differs from the last one sent. */
function timed(verdict: Verdict, w: Worker, now: number): V1PodCondition {
  const { type, status, reason, message } = verdict;
  const old = w.status?.conditions?.find((c) => c.type === type);
  const { generation } = w.pod.metadata;
  if (
    old?.status === status &&
    old.reason === reason &&
    old.message === message &&
    old.observedGeneration === generation
  )
    return old;
  const condition: V1PodCondition = {
    type,
    status,
    lastProbeTime: null as never, // what the API shows; the generated type knows only strings
    lastTransitionTime: old?.status === status ? old.lastTransitionTime : timestamp(now),
  };
  if (generation !== undefined) condition.observedGeneration = generation;
  if (reason !== undefined) condition.reason = reason;
  if (message !== undefined) condition.message = message;
  return condition;
}
