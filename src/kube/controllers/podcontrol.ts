import type { V1PodTemplateSpec } from '../../generated/types.ts';
import { ApiError, isReason, keyOf, type Draft } from '../apimachinery/index.ts';
import type { Pod } from '../apis/index.ts';
import type { EventObject } from '../client/index.ts';
import type { Why } from '../deeds.ts';
import { tell, type Control } from './controller.ts';
import { observeCreation, observeDeletion, type Expectations } from './expectations.ts';
import { controllerRef } from './ownership.ts';

/** In whose name pods are created and deleted: the owner hears of each as an event, and waits for what it has asked for. */
export interface PodOwner {
  readonly component: string;
  readonly object: EventObject;
  /** Key of the owner among the expectations. */
  readonly key: string;
  readonly expectations: Expectations;
}

/** What the API or the network answered; anything else is a bug of ours and rises. */
export function apiFailure(error: unknown): Error {
  const failed = error as Error;
  if (failed.name !== 'ApiError' && failed.name !== 'Unreachable') throw failed;
  return failed;
}

/** Whether something could not be created because its namespace is on its way out. */
export const namespaceTerminating = (error: unknown): boolean =>
  error instanceof ApiError &&
  (error.status.details?.causes?.some((cause) => cause.reason === 'NamespaceTerminating') ?? false);

/** A new pod as an owner's template describes it. Kubernetes: pkg/controller/controller_utils.go GetPodFromTemplate. */
export function podFrom(owner: EventObject, template: V1PodTemplateSpec): Draft<Pod> {
  const { labels, annotations, finalizers } = template.metadata ?? {};
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      generateName: `${owner.metadata.name}-`,
      ...(owner.metadata.namespace && { namespace: owner.metadata.namespace }),
      ...(labels && { labels }),
      ...(annotations && { annotations }),
      ...(finalizers && { finalizers }),
      ownerReferences: [controllerRef(owner)],
    },
    spec: template.spec!,
  };
}

/**
 * Creates pods in batches of 1, 2, 4, 8, …: when one of a batch fails the rest is not even tried, and comes with the next
 * reconcile. Returns the first failure; what will not come is no longer expected.
 * Kubernetes: RealPodControl.CreatePods, slowStartBatch.
 */
export function createPods(
  c: Control,
  { component, object, key, expectations }: PodOwner,
  count: number,
  pod: (i: number) => Draft<Pod>,
  why: (i: number) => Why,
): Error | undefined {
  let created = 0;
  let failure: Error | undefined;
  for (let next = 0, batch = 1; next < count && !failure; batch *= 2) {
    for (const end = Math.min(next + batch, count); next < end; next++) {
      try {
        const { metadata } = c.client.create(c.ctx, 'pods', pod(next), { why: why(next) });
        created++;
        tell(c, component, object, 'Normal', 'SuccessfulCreate', `Created pod: ${metadata.name}`);
      } catch (error) {
        const failed = apiFailure(error);
        if (namespaceTerminating(error)) continue; // nothing can be created there any more, and nobody minds
        tell(c, component, object, 'Warning', 'FailedCreate', `Error creating: ${failed.message}`);
        failure ??= failed;
      }
    }
  }
  observeCreation(expectations, key, count - created);
  return failure;
}

/** Deletes pods; returns the first failure. One that is gone already is no failure. Kubernetes: RealPodControl.DeletePod. */
export function deletePods(
  c: Control,
  { component, object, key, expectations }: PodOwner,
  pods: readonly Pod[],
  why: (pod: Pod) => Why,
): Error | undefined {
  let failure: Error | undefined;
  for (const pod of pods) {
    const { name, namespace } = pod.metadata;
    try {
      c.client.delete(c.ctx, 'pods', name, namespace, { why: why(pod) });
      tell(c, component, object, 'Normal', 'SuccessfulDelete', `Deleted pod: ${name}`);
    } catch (error) {
      observeDeletion(expectations, key, keyOf(pod));
      if (isReason(error, 'NotFound')) continue;
      const failed = apiFailure(error);
      tell(c, component, object, 'Warning', 'FailedDelete', `Error deleting: ${failed.message}`);
      failure ??= failed;
    }
  }
  return failure;
}
