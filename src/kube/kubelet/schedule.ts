import type { Kubelet, Step, Worker } from './memory.ts';

/** Starts a step that takes time; `finishStep` follows. */
export function step(k: Kubelet, w: Worker, what: Step['step'], container: string, delayMs: number): void {
  const serial = ++k.memory.serial;
  w.busy = Object.freeze({ step: what, container, serial });
  if (delayMs >= 0) k.ctx.after(delayMs, k.address, 'step', { uid: w.uid, serial });
}

/** Has `sync` called at a time; an earlier one that is pending stays. */
export function syncAt(k: Kubelet, w: Worker, at: number): void {
  if (!Number.isFinite(at) || (w.syncAt !== 0 && w.syncAt <= at)) return;
  w.syncAt = Math.max(at, k.ctx.now);
  k.ctx.after(w.syncAt - k.ctx.now, k.address, 'sync', { uid: w.uid, at: w.syncAt });
}
