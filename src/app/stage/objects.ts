/** Reading objects from the maps that the page keeps. */
import { keyOf, millisOf, type KubeObject, type V1ObjectMeta } from '../../kube/apimachinery/index.ts';
import type { Objects, StageRef } from './contract.ts';

/** Objects of a resource. */
export const values = (objects: Objects, resource: string): Iterable<KubeObject> =>
  objects.get(resource)?.values() ?? [];

/** Reference to an object; one without uid is known by its name. */
export const refOf = (resource: string, object: { readonly metadata: V1ObjectMeta }): StageRef => ({
  resource,
  key: keyOf(object),
  uid: object.metadata.uid ?? `${resource}/${object.metadata.namespace ?? ''}/${object.metadata.name}`,
});

/** Cluster time (ms) of an object's creation; 0 when it does not say. */
export const createdAt = (object: KubeObject): number => millisOf(String(object.metadata.creationTimestamp ?? '')) || 0;
