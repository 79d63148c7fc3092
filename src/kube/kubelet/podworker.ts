import type { V1Container, V1PodStatus } from '../../generated/types.ts';
import { equal, millisOf } from '../apimachinery/index.ts';
import type { Pod } from '../apis/index.ts';
import type { ContainerExited, ContainerInfo } from '../runtime/cri.ts';
import { admit, podRequests, reserve } from './admission.ts';
import { ownConditions } from './conditions.ts';
import { createContainer } from './containers.ts';
import { deed, podEvent } from './events.ts';
import { graceOf, recordOf, specOf, type Kubelet, type Worker } from './memory.ts';
import { machineOf } from './machine.ts';
import { isSidecar } from './phase.ts';
import { fileModes, inMemory } from './modes.ts';
import { resolvConf } from './dns.ts';
import { forgetProbes, resumeProbes } from './probes.ts';
import { ensureImage } from './pulls.ts';
import { emptyRecord, ended, recover } from './records.ts';
import { forget, removeObject } from './removal.ts';
import { step, syncAt } from './schedule.ts';
import { nextStart } from './starts.ts';
import { announce, touch } from './status-writer.ts';
import { endPod, stopContainer } from './termination.ts';
import { mountVolumes } from './volumes.ts';
import { refreshVolumes } from './volume-refresh.ts';

/** Making a pod's sandbox: namespaces, network, IP. Simplified: always takes the same time. */
const sandboxMs = 300;

/** A worker for a pod that has come to this node, with the containers that the runtime already has of it. */
export function addPod(k: Kubelet, pod: Pod, running: readonly ContainerInfo[]): void {
  const spec = pod.spec!;
  const w: Worker = {
    uid: pod.metadata.uid,
    pod,
    addedAt: k.ctx.now,
    ip: '',
    reserved: null,
    sandbox: false,
    ipShown: false,
    volumes: null,
    mount: null,
    busy: null,
    syncAt: 0,
    flushing: false,
    cause: k.ctx.cause,
    containers: [
      ...(spec.initContainers ?? []).map((c) => emptyRecord(c, isSidecar(c) ? 'sidecar' : 'init')),
      ...spec.containers.map((c) => emptyRecord(c, 'app')),
      ...(spec.ephemeralContainers ?? []).map((c) => emptyRecord(c as V1Container, 'ephemeral')),
    ],
    status: pod.status?.startTime ? pod.status : undefined,
    written: 0,
    unsent: false,
    removed: false,
    terminating: null,
    finished: false,
    failure: null,
  };
  k.memory.workers.set(w.uid, w);
  if (pod.status?.startTime) recover(k, w, running);
  if (w.finished && !pod.metadata.deletionTimestamp) return;
  if (pod.status?.startTime && !w.finished) reserve(k, w, podRequests(spec));
  if (pod.metadata.deletionTimestamp) {
    endPod(k, w, 'deleted', deletionGrace(pod));
    return;
  }
  const refusal = pod.status?.startTime ? null : admit(k, w);
  if (refusal) {
    w.failure = Object.freeze({ reason: refusal.reason, message: `Pod was rejected: ${refusal.message}` });
    w.finished = true;
    podEvent(k, w, 'Warning', refusal.reason, refusal.message);
    touch(k, w);
    return;
  }
  for (const record of w.containers) if (record.state === 'running') resumeProbes(k, w, record);
  touch(k, w);
  if (spec.activeDeadlineSeconds !== undefined) setDeadline(k, w);
  sync(k, w);
}

const deadlineLeft = (k: Kubelet, w: Worker, seconds: number): number => {
  const begun = w.status?.startTime ?? w.pod.status?.startTime;
  return Math.max(0, (begun ? millisOf(begun) : k.ctx.now) + seconds * 1000 - k.ctx.now);
};

const setDeadline = (k: Kubelet, w: Worker): void =>
  void k.ctx.after(deadlineLeft(k, w, w.pod.spec!.activeDeadlineSeconds!), k.address, 'deadline', { uid: w.uid });

const deletionGrace = (pod: Pod): number => Math.max(1, pod.metadata.deletionGracePeriodSeconds ?? graceOf(pod));

/**
 * Brings a pod nearer to what its spec says: the one place that decides what happens next.
 *
 * Kubernetes: pkg/kubelet/kubelet.go, SyncPod; kuberuntime_manager.go, computePodActions.
 * Simplified: runs when something has happened to the pod, not every 60 to 90 s as well; what that would repeat
 * (BackOff events while a container waits) is told once.
 */
export function sync(k: Kubelet, w: Worker): void {
  if (w.finished || w.terminating || w.busy) return;
  if (!w.volumes && !mountVolumes(k, w)) {
    syncAt(k, w, w.mount!.nextAt);
    return;
  }
  if (w.ip === '') {
    step(k, w, 'sandbox', '', sandboxMs);
    return;
  }
  const now = k.ctx.now;
  for (;;) {
    const next = nextStart(k, w);
    if (next === 'ended') {
      endPod(k, w, 'completed', graceOf(w.pod));
      return;
    }
    if (typeof next === 'number') {
      if (next > now) syncAt(k, w, next);
      break;
    }
    if (ensureImage(k, w, next)) return; // busy now; goes on when that step is done
  }
  if (!w.ipShown) {
    w.ipShown = true;
    touch(k, w);
  }
}

/** A step's time is over. Ignored when the worker has given it up meanwhile. */
export function finishStep(k: Kubelet, w: Worker, serial: number): void {
  const { busy } = w;
  if (busy?.serial !== serial) return;
  w.busy = null;
  if (busy.step === 'sandbox') {
    const { pod } = w;
    const modes = fileModes(pod.spec!.volumes);
    const resolv = resolvConf(pod);
    const { sysctls } = pod.spec!.securityContext ?? {};
    const tmpfs = inMemory(pod.spec!.volumes);
    const ip = k.cri.runSandbox(k.ctx, k.node, {
      podUid: w.uid,
      namespace: pod.metadata.namespace ?? 'default',
      name: pod.metadata.name,
      hostname: pod.spec!.hostname || pod.metadata.name.slice(0, 63),
      volumes: w.volumes!,
      ...(modes && { modes }),
      ...(tmpfs.length > 0 && { tmpfs }),
      ...(sysctls?.length && { sysctls: Object.fromEntries(sysctls.map(({ name, value }) => [name, value])) }),
      ...(resolv !== undefined && { resolvConf: resolv }),
      ...(pod.spec!.hostAliases?.length && { hostAliases: pod.spec!.hostAliases }),
      ...(w.directories && { directories: w.directories }),
      ...(pod.spec!.hostNetwork && { hostNetwork: true }),
    });
    w.sandbox = true;
    w.ip = pod.spec!.hostNetwork ? machineOf(k).ip : ip;
    touch(k, w);
    sync(k, w);
  } else if (busy.step === 'create') {
    createContainer(k, w, recordOf(w, busy.container)!);
    sync(k, w);
  }
}

/** A newer version of the pod has come. */
export function updatePod(k: Kubelet, w: Worker, pod: Pod): void {
  const old = w.pod;
  w.pod = pod;
  if (pod.metadata.deletionTimestamp) {
    if (w.finished && !w.terminating) removeObject(k, w);
    else endPod(k, w, 'deleted', deletionGrace(pod));
    return;
  }
  if (w.finished || w.terminating) return;
  const generation = pod.metadata.generation !== old.metadata.generation;
  if (generation) {
    touch(k, w);
    const seconds = pod.spec!.activeDeadlineSeconds;
    if (seconds !== undefined && seconds !== old.spec!.activeDeadlineSeconds) setDeadline(k, w);
    for (const added of pod.spec!.ephemeralContainers ?? [])
      if (!recordOf(w, added.name)) w.containers.push(emptyRecord(added as V1Container, 'ephemeral'));
    for (const record of w.containers) {
      const image = specOf(pod.spec!, record.name).image ?? '';
      if (record.state === 'running' && record.image !== image && !record.stopping)
        stopContainer(k, w, record, graceOf(pod), `Container ${record.name} definition changed, will be restarted`);
      else if (record.waiting && record.image !== image) record.notBefore = 0;
    }
    sync(k, w);
  } else if (Number(pod.metadata.resourceVersion) > w.written && !keepsOurs(pod, w.status)) {
    w.status = pod.status; // somebody else wrote what is ours: it is written again
    touch(k, w);
  } else if (pod.spec!.readinessGates?.length) touch(k, w);
  if (!equal(pod.metadata.labels, old.metadata.labels) || !equal(pod.metadata.annotations, old.metadata.annotations))
    refreshVolumes(k, w);
}

/** Whether the kubelet's own conditions stand in the object as they were last sent. */
function keepsOurs(pod: Pod, sent: V1PodStatus | undefined): boolean {
  if (!sent || pod.status === sent) return true;
  return (sent.conditions ?? []).every(
    (c) =>
      !ownConditions.includes(c.type) ||
      pod.status?.conditions?.some((o) => o.type === c.type && o.status === c.status),
  );
}

/** The pod's object is gone. */
export function removePod(k: Kubelet, w: Worker): void {
  if (w.finished) {
    forget(k, w);
    return;
  }
  endPod(k, w, 'gone', deletionGrace(w.pod));
}

/** The runtime tells that a container has ended. */
export function containerExited(k: Kubelet, w: Worker, exit: ContainerExited): void {
  const record = recordOf(w, exit.name);
  if (!record || record.id !== exit.id || record.state !== 'running') return;
  const { ctx } = k;
  const { exitCode, reason } = exit;
  deed(k, w, 'kubelet.container-exited', { container: record.name, exitCode, reason });
  const hook = w.busy?.step === 'postStart' && w.busy.container === record.name;
  if (hook) w.busy = null;
  ended(record, exitCode, reason, exit.startedAt, ctx.now, exit.message);
  if (!record.announced) announce(k, w, record, exit);
  record.cause = ctx.cause;
  forgetProbes(record);
  if (w.terminating) {
    touch(k, w);
    endPod(k, w, w.terminating.end, w.terminating.graceSeconds);
    return;
  }
  touch(k, w);
  sync(k, w);
}

/** The pod has run for its activeDeadlineSeconds. */
export function deadline(k: Kubelet, w: Worker): void {
  if (w.finished || w.terminating) return;
  const seconds = w.pod.spec!.activeDeadlineSeconds;
  if (seconds === undefined || deadlineLeft(k, w, seconds) > 0) return; // it was moved meanwhile
  const message = 'Pod was active on the node longer than the specified deadline';
  w.failure = Object.freeze({ reason: 'DeadlineExceeded', message });
  podEvent(k, w, 'Normal', 'DeadlineExceeded', message);
  endPod(k, w, 'completed', graceOf(w.pod));
}
