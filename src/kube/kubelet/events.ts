import { keyOf } from '../apimachinery/index.ts';
import { recordEvent } from '../client/index.ts';
import type { DeedCode } from '../deeds.ts';
import type { ContainerRecord, Kubelet, Worker } from './memory.ts';

/** Where in a pod's spec its containers stand. */
const lists: Readonly<Record<ContainerRecord['kind'], string>> = {
  init: 'initContainers',
  sidecar: 'initContainers',
  app: 'containers',
  ephemeral: 'ephemeralContainers',
};

/** An event about a pod, or about one of its containers. */
export function podEvent(
  k: Kubelet,
  w: Worker,
  type: 'Normal' | 'Warning',
  reason: string,
  message: string,
  container?: ContainerRecord,
): void {
  recordEvent(k.ctx, k.client, k.memory.events, {
    object: w.pod,
    type,
    reason,
    message,
    component: 'kubelet',
    host: k.node,
    fieldPath: container && `spec.${lists[container.kind]}{${container.name}}`,
  });
}

/** `web_default(uid)`: how the kubelet names a pod in its messages. Kubernetes: pkg/kubelet/util/format. */
export const podName = (w: Worker): string => `${w.pod.metadata.name}_${w.pod.metadata.namespace}(${w.uid})`;

/** Writes down what happened to a pod, as a consequence of `ctx.cause`; what follows is its consequence. */
export function deed(k: Kubelet, w: Worker, code: DeedCode, params: Readonly<Record<string, string | number>>): number {
  k.ctx.cause = k.ctx.record({ by: k.address, code, ref: `pods/${keyOf(w.pod)}`, uid: w.uid, params });
  return k.ctx.cause;
}
