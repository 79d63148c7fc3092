import type { Api, Process } from '../process.ts';

/** The kube-controller-manager: one process, one set of caches, all controllers of the list. */
export function controllerManager(_api: Api): Process {
  return { name: 'kube-controller-manager', start: () => ({}), handle: () => {} };
}
