import type { Net } from '../network/index.ts';
import type { Api, Process } from '../process.ts';
import type { Cri } from '../runtime/cri.ts';

/** The kubelet of one machine, at `kubelet/<node>`. */
export function kubelet(_api: Api, _cri: Cri, _net: Net): Process {
  return { name: 'kubelet', start: () => ({}), handle: () => {} };
}
