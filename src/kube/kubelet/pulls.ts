import type { Kubelet, Worker } from './memory.ts';

/** Begins the pull at the head of the queue. */
export function startPull(k: Kubelet): void {
  const pull = k.memory.pulls[0];
  if (!pull) return;
  pull.startedAt = k.ctx.now;
  k.cri.pullImage(k.ctx, k.node, pull.image);
}

/** Gives up the pulls of a pod that wait; one under way runs to its end. */
export function dropPulls(k: Kubelet, w: Worker): void {
  const { pulls } = k.memory;
  for (let i = pulls.length - 1; i > 0; i--) if (pulls[i]!.uid === w.uid) pulls.splice(i, 1);
}
