import type { KernelState } from '../../kernel/index.ts';
import type { KubeObject } from '../../kube/apimachinery/index.ts';
import type { Machines } from '../../kube/machines.ts';

/** All stored objects of a resource, by key. */
export function table<T = KubeObject>(state: KernelState, resource: string): ReadonlyMap<string, T> {
  const etcd = state.parts.get('etcd') as { resources: Map<string, Map<string, T>> };
  return etcd.resources.get(resource) ?? new Map<string, T>();
}

/** The machines as they are, which the API server may not know. */
export const machinesIn = (state: KernelState): Machines => state.parts.get('machines') as Machines;
