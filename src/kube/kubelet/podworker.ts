import type { V1PodSpec, V1PodStatus } from '../../generated/types.ts';
import { keyOf, millisOf } from '../apimachinery/index.ts';
import type { Pod } from '../apis/index.ts';
import type { ContainerExited, ContainerInfo } from '../runtime/cri.ts';
import { admit, reserve } from './admission.ts';
import { backoffLeft, goDuration } from './backoff.ts';
import { ownConditions } from './conditions.ts';
import { beginStart, createContainer } from './containers.ts';
import { podEvent, podName } from './events.ts';
import { graceOf, recordOf, specOf, type ContainerRecord, type Kubelet, type Worker } from './memory.ts';
import { machineOf } from './node.ts';
import { isSidecar, shouldRestart } from './phase.ts';
import { forgetProbes } from './probes.ts';
import { emptyRecord, ended, recover } from './records.ts';
import { forget, removeObject } from './removal.ts';
import { same } from './status.ts';
import { step, syncAt } from './schedule.ts';
import { announce, touch } from './status-writer.ts';
import { endPod, stopContainer } from './termination.ts';
import { mountVolumes, refreshVolumes } from './volumes.ts';

/** Making a pod's sandbox: namespaces, network, IP. */
const sandboxMs = 300;
/** A container that ended shows how for this long before the back-off is shown: the next look of the kubelet. */
const relistMs = 1000;

/** A worker for a pod that has come to this node, with the containers that the runtime already has of it. */
export function addPod(k: Kubelet, pod: Pod, running: readonly ContainerInfo[]): void {
  const spec = pod.spec!;
  const w: Worker = {
    uid: pod.metadata.uid,
    pod,
    addedAt: k.ctx.now,
    ip: '',
    reserved: false,
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
    ],
    status: pod.status?.startTime ? pod.status : undefined,
    written: 0,
    unsent: false,
    terminating: null,
    finished: false,
    failure: null,
  };
  k.memory.workers.set(w.uid, w);
  if (pod.status?.startTime) recover(k, w, running);
  if (w.finished && !pod.metadata.deletionTimestamp) return;
  if (pod.status?.startTime && !w.finished) reserve(k, w, 1);
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
  touch(k, w);
  if (spec.activeDeadlineSeconds !== undefined)
    k.ctx.after(deadlineLeft(k, pod, spec.activeDeadlineSeconds), k.address, 'deadline', { uid: w.uid });
  sync(k, w);
}

const deadlineLeft = (k: Kubelet, pod: Pod, seconds: number): number => {
  const since = pod.status?.startTime ? millisOf(pod.status.startTime) : k.ctx.now;
  return Math.max(0, since + seconds * 1000 - k.ctx.now);
};

const deletionGrace = (pod: Pod): number => Math.max(1, pod.metadata.deletionGracePeriodSeconds ?? graceOf(pod));

/** Brings a pod nearer to what its spec says: the one place that decides what happens next. */
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
    if (beginStart(k, w, next)) return; // busy now; goes on when that step is done
  }
  if (!w.ipShown) {
    w.ipShown = true;
    touch(k, w);
  }
}

/** The container to start now, the time of the next look (Infinity: none needed), or `ended` when the pod is over. */
function nextStart(k: Kubelet, w: Worker): ContainerRecord | number | 'ended' {
  const spec = w.pod.spec!;
  const appStarted = w.containers.some((c) => c.kind === 'app' && c.id !== '');
  let wake = Infinity;
  let open = false;
  for (const record of w.containers) {
    if (record.kind === 'init') {
      if (appStarted || (record.state === 'exited' && record.terminated!.exitCode === 0)) continue;
      if (record.state === 'running') return wake;
      if (record.state === 'exited' && !restarts(spec, record)) return 'ended';
      const ready = startable(k, w, record);
      return ready === true ? record : Math.min(wake, ready);
    }
    if (record.kind === 'sidecar') {
      if (record.state !== 'running') {
        const ready = startable(k, w, record);
        if (ready === true) return record;
        wake = Math.min(wake, ready);
      }
      if (!appStarted && !(record.state === 'running' && record.started)) return wake;
      continue;
    }
    if (record.state === 'running') {
      open = true;
      continue;
    }
    if (record.state === 'exited' && !restarts(spec, record)) continue;
    open = true;
    const ready = startable(k, w, record);
    if (ready === true) return record;
    wake = Math.min(wake, ready);
  }
  return open ? wake : 'ended';
}

/** Whether a container that ended is to be started again. */
const restarts = (spec: V1PodSpec, record: ContainerRecord): boolean =>
  shouldRestart(specOf(spec, record.name), spec, record.terminated!.exitCode);

/** True when a container that is to run may be started now, else the time of the next look at it. */
function startable(k: Kubelet, w: Worker, record: ContainerRecord): true | number {
  const { now } = k.ctx;
  if (record.state === 'exited') {
    const left = backoffLeft(record.crash, record.finishedAt, now);
    if (left === 0) return record.notBefore <= now ? true : record.notBefore;
    if (now < record.finishedAt + relistMs) return record.finishedAt + relistMs;
    if (record.waiting?.reason !== 'CrashLoopBackOff') showBackoff(k, w, record, record.crash!.delayMs);
    return now + left;
  }
  return record.notBefore <= now ? true : record.notBefore;
}

function showBackoff(k: Kubelet, w: Worker, record: ContainerRecord, delayMs: number): void {
  k.ctx.cause = record.cause || k.ctx.cause;
  k.ctx.cause = k.ctx.record({
    by: k.address,
    code: 'kubelet.backoff',
    ref: `pods/${keyOf(w.pod)}`,
    uid: w.uid,
    params: { container: record.name, seconds: delayMs / 1000 },
  });
  record.cause = k.ctx.cause;
  record.waiting = Object.freeze({
    reason: 'CrashLoopBackOff',
    message: `back-off ${goDuration(delayMs)} restarting failed container=${record.name} pod=${podName(w)}`,
  });
  podEvent(
    k,
    w,
    'Warning',
    'BackOff',
    `Back-off restarting failed container ${record.name} in pod ${podName(w)}`,
    record,
  );
  touch(k, w);
}

/** A step's time is over. Ignored when the worker has given it up meanwhile. */
export function finishStep(k: Kubelet, w: Worker, serial: number): void {
  const { busy } = w;
  if (busy?.serial !== serial) return;
  w.busy = null;
  if (busy.step === 'sandbox') {
    const { pod } = w;
    const ip = k.cri.runSandbox(k.ctx, k.node, {
      podUid: w.uid,
      namespace: pod.metadata.namespace ?? 'default',
      name: pod.metadata.name,
      hostname: pod.spec!.hostname || pod.metadata.name.slice(0, 63),
      volumes: w.volumes!,
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
  if (!same(pod.metadata.labels, old.metadata.labels) || !same(pod.metadata.annotations, old.metadata.annotations))
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
  ctx.cause = ctx.record({
    by: k.address,
    code: 'kubelet.container-exited',
    ref: `pods/${keyOf(w.pod)}`,
    uid: w.uid,
    params: { container: record.name, exitCode: exit.exitCode, reason: exit.reason },
  });
  const hook = w.busy?.step === 'postStart' && w.busy.container === record.name;
  if (hook) w.busy = null;
  ended(record, exit.exitCode, exit.reason, exit.startedAt, ctx.now, exit.message);
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
  const message = 'Pod was active on the node longer than the specified deadline';
  w.failure = Object.freeze({ reason: 'DeadlineExceeded', message });
  podEvent(k, w, 'Normal', 'DeadlineExceeded', message);
  endPod(k, w, 'completed', graceOf(w.pod));
}
