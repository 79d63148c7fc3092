import { podEvent } from './events.ts';
import type { ContainerRecord, Kubelet, Worker } from './memory.ts';
import { touch } from './status-writer.ts';

/** After a failed sync a pod is looked at again in 10 to 15 s. Kubernetes: pod_workers.go, backOffPeriod and its jitter. */
const retryMs = 10_000;

/** When a start that has failed is tried again. */
export const retryAt = (k: Kubelet): number => k.ctx.now + retryMs + k.ctx.random(k.address).int(retryMs / 2);

/** A start has failed: why is shown until the next try. `text` is what the event says after `Error: `. */
export function failStart(
  k: Kubelet,
  w: Worker,
  record: ContainerRecord,
  reason: string,
  message: string,
  at: number,
  text = reason,
): void {
  podEvent(k, w, 'Warning', 'Failed', `Error: ${text}`, record);
  record.waiting = Object.freeze({ reason, message });
  record.notBefore = at;
  touch(k, w);
}
