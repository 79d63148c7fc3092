import { deed, podEvent } from './events.ts';
import { runHook } from './hooks.ts';
import { specOf, type ContainerRecord, type Kubelet, type Terminating, type Worker } from './memory.ts';
import { dropPulls } from './pulls.ts';
import { finishPod } from './removal.ts';

/** Every container gets at least this long after SIGTERM. Kubernetes: minimumGracePeriodInSeconds. */
const minGraceSeconds = 2;

/**
 * Ends a pod, or goes on ending it: containers are stopped, sidecars after the others and in reverse order, all
 * within one grace period. Called again when a container has ended, and when the grace period was shortened.
 *
 * Kubernetes: pkg/kubelet/kubelet.go, SyncTerminatingPod.
 * Simplified: a sidecar's preStop hook begins when its turn comes, not with those of the others.
 */
export function endPod(k: Kubelet, w: Worker, end: Terminating['end'], graceSeconds: number): void {
  const before = w.terminating;
  if (!before) {
    w.terminating = { graceSeconds, since: k.ctx.now, end };
    w.busy = null;
    dropPulls(k, w);
    for (const record of w.containers) {
      record.waiting = record.waiting?.reason === 'CrashLoopBackOff' ? null : record.waiting;
      for (const probe of record.probes) if (probe.type !== 'readiness') probe.dueAt = 0;
    }
  } else {
    if (before.end !== 'gone') before.end = end;
    if (graceSeconds < before.graceSeconds) shorten(k, w, before, graceSeconds);
  }
  const terminating = w.terminating!;
  const running = w.containers.filter((c) => c.state === 'running');
  if (running.length === 0) {
    finishPod(k, w);
    return;
  }
  const left = Math.max(0, terminating.graceSeconds - Math.floor((k.ctx.now - terminating.since) / 1000));
  const mains = running.filter((c) => c.kind !== 'sidecar');
  for (const record of mains.length > 0 ? mains : running.slice(-1))
    if (!record.stopping) stopContainer(k, w, record, left);
}

/** A second deletion asks for less patience. */
function shorten(k: Kubelet, w: Worker, terminating: Terminating, graceSeconds: number): void {
  terminating.graceSeconds = graceSeconds;
  for (const record of w.containers) {
    if (record.state !== 'running' || !record.stopping) continue;
    record.stopping = Object.freeze({ ...record.stopping, since: k.ctx.now, graceSeconds });
    if (record.stopping.signalled) signal(k, record);
  }
}

/**
 * Stops a container: its preStop hook runs first, within the grace period; then SIGTERM, and SIGKILL when the rest of
 * the grace period (at least 2 s) is over. The runtime's `container-exited` follows.
 *
 * Kubernetes: pkg/kubelet/kuberuntime/kuberuntime_container.go, killContainer.
 */
export function stopContainer(
  k: Kubelet,
  w: Worker,
  record: ContainerRecord,
  graceSeconds: number,
  message = `Stopping container ${record.name}`,
): void {
  const { ctx } = k;
  deed(k, w, 'kubelet.killing', { container: record.name, why: message });
  podEvent(k, w, 'Normal', 'Killing', message, record);
  record.stopping = Object.freeze({ why: message, since: ctx.now, graceSeconds, signalled: false });
  for (const probe of record.probes) if (probe.type !== 'readiness') probe.dueAt = 0;
  const hook = specOf(w.pod.spec!, record.name).lifecycle?.preStop;
  if (hook && graceSeconds > 0) runHook(k, w, record, hook, 'preStop', graceSeconds * 1000);
  else signal(k, record);
}

/** SIGTERM, with what is left of the grace period. */
export function signal(k: Kubelet, record: ContainerRecord): void {
  const { since, graceSeconds } = record.stopping!;
  const left = Math.max(minGraceSeconds, graceSeconds - Math.floor((k.ctx.now - since) / 1000));
  record.stopping = Object.freeze({ ...record.stopping!, signalled: true });
  k.cri.stopContainer(k.ctx, k.node, record.id, left * 1000);
}
