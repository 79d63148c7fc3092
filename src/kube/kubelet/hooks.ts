import type { V1LifecycleHandler } from '../../generated/types.ts';
import { portOf, sendTo } from './endpoint.ts';
import { specOf, type ContainerRecord, type Kubelet, type Worker } from './memory.ts';

/** How long the HTTP client of a postStart hook waits. */
const postStartMs = 30_000;

/**
 * Runs a lifecycle hook; its answer follows, at the latest after `timeoutMs`.
 * Kubernetes: pkg/kubelet/lifecycle/handlers.go.
 */
export function runHook(
  k: Kubelet,
  w: Worker,
  record: ContainerRecord,
  hook: V1LifecycleHandler,
  what: 'postStart' | 'preStop',
  timeoutMs: number,
): void {
  const token = `hook-${++k.memory.serial}`;
  k.memory.waiting.set(token, Object.freeze({ uid: w.uid, container: record.name, id: record.id, what }));
  if (hook.exec) k.cri.exec(k.ctx, k.node, record.id, hook.exec.command ?? [], token, timeoutMs);
  else if (hook.sleep) k.ctx.after(Math.min(hook.sleep.seconds * 1000, timeoutMs), k.address, 'slept', { token });
  else if (hook.httpGet) {
    const port = portOf(hook.httpGet.port, specOf(w.pod.spec!, record.name));
    sendTo(k, w, { ...hook.httpGet, port }, Math.min(timeoutMs, postStartMs), token);
  } else k.ctx.after(0, k.address, 'slept', { token });
}
