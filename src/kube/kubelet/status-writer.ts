import type { V1PodCondition, V1PodStatus } from '../../generated/types.ts';
import { ApiError, equal, Unreachable } from '../apimachinery/index.ts';
import type { Pod } from '../apis/index.ts';
import { deepFreeze } from '../../kernel/index.ts';
import type { ContainerExited } from '../runtime/cri.ts';
import type { ContainerRecord, Kubelet, Worker } from './memory.ts';
import { podEvent } from './events.ts';
import { machineOf } from './machine.ts';
import { ownConditions } from './conditions.ts';
import { podStatus } from './status.ts';

/** Changes within these milliseconds share one write. */
const batchMs = 3;

/** Notes that the status may have changed because of `ctx.cause`, and has it written soon. */
export function touch(k: Kubelet, w: Worker): void {
  w.cause = k.ctx.cause;
  if (w.flushing) return;
  w.flushing = true;
  k.ctx.after(batchMs, k.address, 'status', { uid: w.uid });
}

/** Tells of a container that has started, or whose command could not be run. */
export function announce(k: Kubelet, w: Worker, record: ContainerRecord, exit?: ContainerExited): void {
  record.announced = true;
  const { cause } = k.ctx;
  if (exit?.reason === 'StartError') {
    podEvent(k, w, 'Warning', 'Failed', `Error: ${exit.message ?? 'failed to start'}`, record);
    record.waiting = Object.freeze({ reason: 'RunContainerError', message: exit.message });
  } else {
    k.ctx.cause = record.cause;
    podEvent(k, w, 'Normal', 'Started', 'Container started', record);
  }
  k.ctx.cause = cause;
}

/**
 * Writes the pod's status when it differs from the last one written. Reads the object first and keeps the conditions
 * of others, as the real status manager does; what cannot be sent is sent after the return of the network.
 *
 * Kubernetes: pkg/kubelet/status/status_manager.go, syncPod.
 * Simplified: an update of the status where the real kubelet sends a patch.
 */
export function flush(k: Kubelet, w: Worker): void {
  w.flushing = false;
  for (const record of w.containers) if (!record.announced) announce(k, w, record);
  const { ctx, client } = k;
  const status = podStatus(w, machineOf(k).ip, ctx.now);
  if (!w.unsent && w.status && equal(w.status, status)) return;
  ctx.cause = w.cause;
  try {
    const { name, namespace } = w.pod.metadata;
    const latest: Pod = client.get(ctx, 'pods', name, namespace);
    if (latest.metadata.uid !== w.uid) return;
    const next = deepFreeze(
      latest === w.pod ? status : { ...withEnd(latest, status), conditions: withOthers(latest, status) },
    );
    w.status = next;
    w.unsent = false;
    const stored = client.updateStatus(
      ctx,
      'pods',
      { ...latest, status: next },
      { why: { code: 'kubelet.status', params: { phase: status.phase ?? '' } } },
    );
    w.written = Number(stored.metadata.resourceVersion);
    if (w.pod.metadata.generation === stored.metadata.generation) w.pod = stored;
  } catch (error) {
    if (error instanceof Unreachable) {
      w.status = deepFreeze(status);
      w.unsent = true;
    } else if (!(error instanceof ApiError)) throw error;
  }
}

/** An end that others have written meanwhile (pod garbage collection) stays. */
function withEnd(latest: Pod, status: V1PodStatus): V1PodStatus {
  const phase = latest.status?.phase;
  return phase === 'Failed' || phase === 'Succeeded' ? { ...status, phase } : status;
}

/** This kubelet's conditions after those of others, as the API server has them now. */
function withOthers(latest: Pod, status: V1PodStatus): V1PodCondition[] {
  return [
    ...(latest.status?.conditions ?? []).filter((c) => !ownConditions.includes(c.type)),
    ...(status.conditions ?? []).filter((c) => ownConditions.includes(c.type)),
  ];
}
