import { ApiError, Unreachable } from '../apimachinery/index.ts';
import type { Pod } from '../apis/index.ts';
import { deepFreeze } from '../../kernel/index.ts';
import type { Kubelet, Worker } from './memory.ts';
import { machineOf } from './node.ts';
import { ownConditions } from './conditions.ts';
import { podStatus, same } from './status.ts';

/** Changes within these milliseconds share one write. */
const batchMs = 3;

/** Notes that the status may have changed because of `ctx.cause`, and has it written soon. */
export function touch(k: Kubelet, w: Worker): void {
  w.cause = k.ctx.cause;
  if (w.flushing) return;
  w.flushing = true;
  k.ctx.after(batchMs, k.address, 'status', { uid: w.uid });
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
  const { ctx, client } = k;
  const status = podStatus(w, machineOf(k).ip, ctx.now);
  if (!w.unsent && w.status && same(w.status, status)) return;
  ctx.cause = w.cause;
  try {
    const { name, namespace } = w.pod.metadata;
    const latest: Pod = client.get(ctx, 'pods', name, namespace);
    if (latest.metadata.uid !== w.uid) return;
    const others = (latest.status?.conditions ?? []).filter((c) => !ownConditions.includes(c.type));
    const mine = (status.conditions ?? []).filter((c) => ownConditions.includes(c.type));
    const next = deepFreeze({ ...status, conditions: [...others, ...mine] });
    w.status = next;
    w.unsent = false;
    if (same(latest.status, next)) return;
    const stored = client.updateStatus(
      ctx,
      'pods',
      { ...latest, status: next },
      { why: { code: 'kubelet.status', params: { phase: status.phase ?? '' } } },
    );
    if (w.pod.metadata.generation === stored.metadata.generation) w.pod = stored;
  } catch (error) {
    if (error instanceof Unreachable) {
      w.status = deepFreeze(status);
      w.unsent = true;
    } else if (!(error instanceof ApiError)) throw error;
  }
}
