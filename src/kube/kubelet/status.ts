import type {
  V1Container,
  V1ContainerState,
  V1ContainerStatus,
  V1PodCondition,
  V1PodStatus,
  V1ResourceRequirements,
} from '../../generated/types.ts';
import { timestamp } from '../apimachinery/index.ts';
import { containersReady, ownConditions, podInitialized, podReady, type Verdict } from './conditions.ts';
import { imageIdOf, runtimeName } from './image-names.ts';
import type { ContainerRecord, Worker } from './memory.ts';
import { podPhase } from './phase.ts';
import { qosClass } from './qos.ts';

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

function containerStatus(w: Worker, container: V1Container, record: ContainerRecord): V1ContainerStatus {
  const state = stateOf(record, (w.pod.spec?.initContainers?.length ?? 0) > 0);
  const created = record.id !== '';
  const last = record.waiting && record.state === 'exited' ? record.terminated : record.last;
  const requests = container.resources?.requests;
  return {
    name: record.name,
    state,
    lastState: last ? { terminated: last } : emptyState,
    ready: record.ready,
    restartCount: record.restartCount,
    image: created ? runtimeName(record.image) : (container.image ?? ''),
    imageID: created ? imageIdOf(record.image) : '',
    ...(created && { containerID: `containerd://${record.id}` }),
    started: record.state === 'running' && record.started,
    ...(created && requests && { allocatedResources: requests }),
    ...(created && { resources: container.resources ?? emptyResources }),
    ...(container.volumeMounts?.length && {
      volumeMounts: container.volumeMounts.map((mount) => ({
        name: mount.name,
        mountPath: mount.mountPath,
        ...(mount.readOnly && { readOnly: true, recursiveReadOnly: 'Disabled' }),
      })),
    }),
  };
}
const emptyResources: V1ResourceRequirements = Object.freeze({});

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
  for (const container of spec.initContainers ?? [])
    init.push(
      containerStatus(
        w,
        container,
        w.containers.find((c) => c.name === container.name)!,
      ),
    );
  for (const container of spec.containers)
    apps.push(
      containerStatus(
        w,
        container,
        w.containers.find((c) => c.name === container.name)!,
      ),
    );
  if (apps.length > 1) apps.sort((a, b) => (a.name < b.name ? -1 : 1));
  const started = appStarted(w);
  let phase = podPhase(spec, init, apps, w.terminating !== null || w.finished, started);
  const before = w.status?.phase;
  if (before === 'Failed' || before === 'Succeeded') phase = before;
  if (w.failure) phase = 'Failed';

  const all = init.length > 0 ? [...init, ...apps] : apps;
  const containers = containersReady(pod, all, phase);
  const others = (pod.status?.conditions ?? []).filter((c) => !ownConditions.includes(c.type));
  const verdicts: Verdict[] = [
    { type: 'PodReadyToStartContainers', status: w.ip !== '' ? 'True' : 'False' },
    podInitialized(pod, init, phase, started),
    podReady(pod, others, containers),
    containers,
    { type: 'PodScheduled', status: 'True' },
  ];
  const generation = pod.metadata.generation;
  const ip = w.ipShown ? w.ip || w.status?.podIP : w.status?.podIP;
  return {
    ...(generation !== undefined && { observedGeneration: generation }),
    phase,
    ...(w.failure && { reason: w.failure.reason, message: w.failure.message }),
    conditions: [...others, ...verdicts.map((v) => timed(v, w, now))],
    hostIP,
    hostIPs: [{ ip: hostIP }],
    ...(ip && { podIP: ip, podIPs: [{ ip }] }),
    startTime: w.status?.startTime ?? timestamp(now),
    ...(init.length > 0 && { initContainerStatuses: init }),
    containerStatuses: apps,
    qosClass: qosOf(w),
    resources: emptyResources,
  };
}

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
  const generation = w.pod.metadata.generation;
  const condition = {
    type,
    ...(generation !== undefined && { observedGeneration: generation }),
    status,
    lastProbeTime: null,
    lastTransitionTime: old?.status === status ? old.lastTransitionTime : timestamp(now),
    ...(reason !== undefined && { reason }),
    ...(message !== undefined && { message }),
  };
  return condition as unknown as V1PodCondition; // null is what the API shows; the generated type knows only strings
}

/** Deep equality of plain data; undefined fields count as absent. */
export function same(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a)) {
    if (!Array.isArray(b) || a.length !== b.length) return false;
    for (let i = 0; i < a.length; i++) if (!same(a[i], b[i])) return false;
    return true;
  }
  const x = a as Record<string, unknown>;
  const y = b as Record<string, unknown>;
  for (const key in x) if (!same(x[key], y[key])) return false;
  for (const key in y) if (y[key] !== undefined && !(key in x)) return false;
  return true;
}
