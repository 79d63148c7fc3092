import type { V1Container, V1ContainerStateTerminated, V1ContainerStatus } from '../../generated/types.ts';
import { deepFreeze } from '../../kernel/index.ts';
import { timestamp } from '../apimachinery/index.ts';
import type { ContainerInfo } from '../runtime/cri.ts';
import { podEvent } from './events.ts';
import type { ContainerRecord, Kubelet, Worker } from './memory.ts';
import { probesOf } from './probes.ts';
import { mountVolumes } from './volumes.ts';

/** The record of a container that has not been started yet. */
export function emptyRecord(container: V1Container, kind: ContainerRecord['kind']): ContainerRecord {
  return {
    name: container.name,
    kind,
    id: '',
    state: 'none',
    image: container.image ?? '',
    startedAt: 0,
    restartCount: 0,
    terminated: null,
    finishedAt: 0,
    last: null,
    waiting: null,
    notBefore: 0,
    crash: null,
    announced: true,
    started: false,
    ready: false,
    stopping: null,
    probes: probesOf(container),
    cause: 0,
  };
}

/** Writes the end of a container into its record. */
export function ended(
  record: ContainerRecord,
  exitCode: number,
  reason: string,
  startedAt: number,
  finishedAt: number,
  message?: string,
): void {
  const terminated: V1ContainerStateTerminated = {
    exitCode,
    reason,
    ...(message !== undefined && { message }),
    startedAt: timestamp(startedAt),
    finishedAt: timestamp(finishedAt),
    containerID: `containerd://${record.id}`,
  };
  record.state = 'exited';
  record.terminated = Object.freeze(terminated);
  record.finishedAt = finishedAt;
  record.ready = record.kind === 'init' && exitCode === 0;
  record.started = false;
  record.stopping = null;
  record.waiting = null;
  record.notBefore = 0;
}

/**
 * Finds a pod's containers again after a restart of this kubelet. Those that run on are taken over; those that are
 * gone, because the machine lost power, count as ended with 255 (Unknown), and the whole pod starts anew.
 */
export function recover(k: Kubelet, w: Worker, running: readonly ContainerInfo[]): void {
  const status = w.pod.status!;
  const old = [
    ...(status.initContainerStatuses ?? []),
    ...(status.containerStatuses ?? []),
    ...(status.ephemeralContainerStatuses ?? []),
  ];
  const over = status.phase === 'Succeeded' || status.phase === 'Failed';
  for (const record of w.containers) {
    const before = old.find((s) => s.name === record.name);
    record.restartCount = before?.restartCount ?? 0;
    record.last = before?.lastState?.terminated ?? null;
    const info = running.findLast((c) => c.name === record.name);
    if (info) takeOver(k, record, info, before);
    else if (before?.containerID) countAsLost(k, record, before, over);
  }
  w.sandbox = running.length > 0;
  w.finished = over && w.containers.every((c) => c.state !== 'running');
  if (w.finished) return;
  if (w.sandbox) {
    w.ip = status.podIP ?? '';
    w.ipShown = w.ip !== '';
    if (w.ip) mountVolumes(k, w);
  } else if (status.podIP) {
    const { podIP: _ip, podIPs: _ips, ...rest } = status;
    w.status = deepFreeze(rest); // the address went with the sandbox
    podEvent(k, w, 'Normal', 'SandboxChanged', 'Pod sandbox changed, it will be killed and re-created.');
  }
}

/** A container that the runtime still knows. */
function takeOver(
  k: Kubelet,
  record: ContainerRecord,
  info: ContainerInfo,
  before: V1ContainerStatus | undefined,
): void {
  record.id = info.id;
  record.restartCount = info.restartCount;
  record.startedAt = info.startedAt;
  record.started = before?.started ?? false;
  record.ready = before?.ready ?? false;
  if (info.state === 'running') record.state = 'running';
  else ended(record, info.exitCode ?? 255, info.reason ?? 'Unknown', info.startedAt, info.finishedAt ?? k.ctx.now);
}

/** A container of which the runtime knows nothing any more. One of a pod that was over stays as it was reported. */
function countAsLost(k: Kubelet, record: ContainerRecord, before: V1ContainerStatus, over: boolean): void {
  record.state = 'exited';
  record.finishedAt = k.ctx.now;
  record.terminated =
    before.state?.terminated ??
    Object.freeze({
      exitCode: 255,
      reason: 'Unknown',
      startedAt: before.state?.running?.startedAt,
      finishedAt: timestamp(k.ctx.now),
      containerID: before.containerID,
    });
  if (over) {
    record.id = before.containerID!.replace('containerd://', '');
    record.ready = before.ready;
  } else if (record.kind !== 'app') {
    // A pod that starts anew begins with its init containers.
    record.last = record.terminated;
    record.state = 'none';
    record.restartCount++;
  }
}
