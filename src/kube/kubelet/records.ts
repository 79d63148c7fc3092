import type { V1Container, V1ContainerStateTerminated } from '../../generated/types.ts';
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
  const old = [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])];
  const lost = running.length === 0;
  const over = status.phase === 'Succeeded' || status.phase === 'Failed';
  for (const record of w.containers) {
    const before = old.find((s) => s.name === record.name);
    const info = running.filter((c) => c.name === record.name).at(-1);
    record.restartCount = before?.restartCount ?? 0;
    record.last = before?.lastState?.terminated ?? null;
    if (info) {
      record.id = info.id;
      record.restartCount = info.restartCount;
      record.startedAt = info.startedAt;
      record.started = before?.started ?? false;
      record.ready = before?.ready ?? false;
      if (info.state === 'running') record.state = 'running';
      else ended(record, info.exitCode ?? 255, info.reason ?? 'Unknown', info.startedAt, info.finishedAt ?? k.ctx.now);
    } else if (over && before?.state?.terminated) {
      record.state = 'exited';
      record.terminated = before.state.terminated;
      record.id = (before.containerID ?? '').replace('containerd://', '');
      record.ready = before.ready;
    } else if (before?.containerID) {
      record.state = 'exited';
      record.terminated =
        before.state?.terminated ??
        Object.freeze({
          exitCode: 255,
          reason: 'Unknown',
          startedAt: before.state?.running?.startedAt,
          finishedAt: timestamp(k.ctx.now),
          containerID: before.containerID,
        });
      record.finishedAt = k.ctx.now;
      if (record.kind !== 'app') {
        record.last = record.terminated;
        record.state = 'none';
        record.restartCount++;
      }
    }
  }
  if (over && lost) {
    w.finished = true;
    return;
  }
  if (lost) {
    if (status.podIP)
      podEvent(k, w, 'Normal', 'SandboxChanged', 'Pod sandbox changed, it will be killed and re-created.');
    return;
  }
  w.sandbox = true;
  if (over) {
    w.finished = w.containers.every((c) => c.state !== 'running');
    if (w.finished) return;
  }
  w.ip = status.podIP ?? '';
  w.ipShown = w.ip !== '';
  if (w.ip) mountVolumes(k, w);
}
