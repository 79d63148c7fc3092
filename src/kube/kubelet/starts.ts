import type { V1PodSpec } from '../../generated/types.ts';
import { backoffLeft, goDuration } from './backoff.ts';
import { deed, podEvent, podName } from './events.ts';
import { specOf, type ContainerRecord, type Kubelet, type Worker } from './memory.ts';
import { shouldRestart } from './phase.ts';
import { touch } from './status-writer.ts';

/** A container that ended shows how for this long before the back-off is shown: the next look of the kubelet. */
const relistMs = 1000;

/** The container to start now, the time of the next look (Infinity: none needed), or `ended` when the pod is over. */
export function nextStart(k: Kubelet, w: Worker): ContainerRecord | number | 'ended' {
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
    if (record.kind === 'ephemeral') {
      // Started once; it neither keeps a pod going nor ends it.
      if (record.state !== 'none') continue;
      const ready = startable(k, w, record);
      if (ready === true) return record;
      wake = Math.min(wake, ready);
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

/** From here on the pod reads CrashLoopBackOff. Kubernetes: kuberuntime_manager.go, doBackOff. */
function showBackoff(k: Kubelet, w: Worker, record: ContainerRecord, delayMs: number): void {
  k.ctx.cause = record.cause || k.ctx.cause;
  record.cause = deed(k, w, 'kubelet.backoff', { container: record.name, seconds: delayMs / 1000 });
  record.waiting = Object.freeze({
    reason: 'CrashLoopBackOff',
    message: `back-off ${goDuration(delayMs)} restarting failed container=${record.name} pod=${podName(w)}`,
  });
  const text = `Back-off restarting failed container ${record.name} in pod ${podName(w)}`;
  podEvent(k, w, 'Warning', 'BackOff', text, record);
  touch(k, w);
}
