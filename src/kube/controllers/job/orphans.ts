import { controllerOf, isReason, keyOf } from '../../apimachinery/index.ts';
import type { Job, Pod } from '../../apis/index.ts';
import { cached } from '../../client/index.ts';
import type { Control, Controller } from '../controller.ts';
import { dependentsOf } from '../indexes.ts';
import { isForeign, isSettled, isTracked, trackingFinalizer } from './view.ts';

/**
 * Takes the tracking finalizer from pods whose Job is gone or finished: nobody will count them any more, and they could
 * never be deleted. Kubernetes: pkg/controller/job/job_controller.go syncOrphanPod.
 */
export const jobOrphanController: Controller = {
  name: 'job-orphans',
  watches: [
    {
      resource: 'pods',
      keys: (c, { type, object }) => (type !== 'DELETED' && isLeft(c, object as unknown as Pod) ? [keyOf(object)] : []),
    },
    {
      resource: 'jobs.batch',
      keys: (c, { type, object }) =>
        type === 'DELETED' || isSettled(object as unknown as Job)
          ? [...dependentsOf(c.memory.indexes, 'pods', object.metadata.uid)].filter((key) => {
              const pod = cached(c.memory.caches, 'pods', key);
              return pod !== undefined && isTracked(pod);
            })
          : [],
    },
  ],
  reconcile(c, key) {
    const pod = cached(c.memory.caches, 'pods', key);
    if (!pod || !isLeft(c, pod)) return;
    const { name, namespace } = pod.metadata;
    const body = { metadata: { '$deleteFromPrimitiveList/finalizers': [trackingFinalizer] } };
    try {
      c.client.patch(c.ctx, 'pods', name, namespace, { type: 'strategic', body }, { why: { code: 'job.untrack-pod' } });
    } catch (error) {
      if (!isReason(error, 'NotFound')) throw error;
    }
  },
};

/** Tracked, and no unfinished Job owns it. */
function isLeft(c: Control, pod: Pod): boolean {
  if (!isTracked(pod)) return false;
  const owner = controllerOf(pod);
  if (!owner) return true;
  if (owner.kind !== 'Job' || owner.apiVersion !== 'batch/v1') return false;
  const job = cached(c.memory.caches, 'jobs.batch', `${pod.metadata.namespace}/${owner.name}`);
  return job?.metadata.uid !== owner.uid || (isSettled(job) && !isForeign(job));
}
