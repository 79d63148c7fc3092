import { ApiError, Unreachable } from '../apimachinery/index.ts';
import { release } from './admission.ts';
import type { Kubelet, Worker } from './memory.ts';
import { dropPulls } from './pulls.ts';
import { flush, touch } from './status-writer.ts';
import { leaveSources } from './source-watch.ts';

/** Ends a worker. */
export function forget(k: Kubelet, w: Worker): void {
  removeSandbox(k, w);
  release(k, w);
  leaveSources(k, w);
  dropPulls(k, w);
  k.memory.workers.delete(w.uid);
  for (const pullKey of k.memory.pullBackoff.keys())
    if (pullKey.startsWith(`${w.uid}_`)) k.memory.pullBackoff.delete(pullKey);
}

function removeSandbox(k: Kubelet, w: Worker): void {
  if (w.sandbox) k.cri.removeSandbox(k.ctx, k.node, w.uid);
  w.sandbox = false;
}

/** All containers of an ending pod have ended: the sandbox goes, the last status is written, and the object removed. */
export function finishPod(k: Kubelet, w: Worker): void {
  const { end } = w.terminating!;
  // The runtime keeps a completed pod's containers, for their logs, until the object goes.
  if (end !== 'completed') removeSandbox(k, w);
  w.ip = '';
  w.finished = true;
  release(k, w);
  if (end === 'gone') {
    forget(k, w);
    return;
  }
  w.cause = k.ctx.cause;
  if (end === 'completed') {
    touch(k, w);
    return;
  }
  flush(k, w);
  removeObject(k, w);
}

/** The real deletion, with grace 0: what frees the pod's name. Kubernetes: status_manager.go, syncPod. */
export function removeObject(k: Kubelet, w: Worker): void {
  if (w.removed) return;
  const { name, namespace } = w.pod.metadata;
  try {
    k.client.delete(k.ctx, 'pods', name, namespace, {
      why: { code: 'kubelet.pod-removed' },
      options: { gracePeriodSeconds: 0, preconditions: { uid: w.uid } },
    });
    w.removed = true;
  } catch (error) {
    if (error instanceof Unreachable) w.unsent = true;
    else if (!(error instanceof ApiError)) throw error;
  }
}
