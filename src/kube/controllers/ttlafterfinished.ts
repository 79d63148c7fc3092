import { isReason, millisOf } from '../apimachinery/index.ts';
import { isFinished } from '../apis/batch/job.ts';
import type { Job } from '../apis/index.ts';
import { cached } from '../client/index.ts';
import { requeue, type Controller } from './controller.ts';

/** Virtual time at which a Job with a time to live has to go; undefined when it has none or still runs. */
export function expiryOf({ metadata, spec, status }: Job): number | undefined {
  const seconds = spec?.ttlSecondsAfterFinished;
  if (seconds === undefined || metadata.deletionTimestamp || !isFinished({ status })) return undefined;
  const end = status!.conditions!.find((c) => (c.type === 'Complete' || c.type === 'Failed') && c.status === 'True')!;
  return millisOf(end.lastTransitionTime!) + seconds * 1000;
}

/**
 * Deletes finished Jobs `ttlSecondsAfterFinished` after their end, their pods first.
 * Kubernetes: pkg/controller/ttlafterfinished/ttlafterfinished_controller.go.
 */
export const ttlAfterFinishedController: Controller = {
  name: 'ttlafterfinished',
  watches: [
    {
      resource: 'jobs.batch',
      keys: (_c, { type, key, object }) =>
        type !== 'DELETED' && expiryOf(object as unknown as Job) !== undefined ? [key] : [],
    },
  ],
  reconcile(c, key) {
    const job = cached(c.memory.caches, 'jobs.batch', key);
    const due = job && expiryOf(job);
    if (due === undefined) return;
    if (due > c.ctx.now) return requeue(c, key, due - c.ctx.now);
    const { name, namespace, uid } = job!.metadata;
    try {
      // The cache may be behind: a longer life may have been given meanwhile.
      const fresh = c.client.get(c.ctx, 'jobs.batch', name, namespace);
      const still = fresh.metadata.uid === uid ? expiryOf(fresh) : undefined;
      if (still === undefined) return;
      if (still > c.ctx.now) return requeue(c, key, still - c.ctx.now);
      c.client.delete(c.ctx, 'jobs.batch', name, namespace, {
        why: { code: 'ttlafterfinished.delete', params: { seconds: fresh.spec!.ttlSecondsAfterFinished! } },
        options: { propagationPolicy: 'Foreground', preconditions: { uid } },
      });
    } catch (error) {
      if (!isReason(error, 'NotFound')) throw error;
    }
  },
};
