import type { Api, Process } from '../process.ts';

/** The kube-scheduler. */
export function scheduler(_api: Api): Process {
  return { name: 'kube-scheduler', start: () => ({}), handle: () => {} };
}
