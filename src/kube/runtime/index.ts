import type { Net } from '../network/index.ts';
import type { Process } from '../process.ts';
import type { Cri } from './cri.ts';

export type * from './cri.ts';

/** The container runtime of one machine, at `runtime/<node>`: sandboxes, images, and the programs that run in containers. */
export function runtime(_net: Net): Process {
  return { name: 'runtime', start: () => ({}), handle: () => {} };
}

/** The runtime as its kubelet calls it. */
export function createCri(_net: Net): Cri {
  const missing = (): never => {
    throw new Error('not yet');
  };
  return {
    runSandbox: missing,
    removeSandbox: missing,
    imagePresent: missing,
    pullImage: missing,
    startContainer: missing,
    stopContainer: missing,
    exec: missing,
    updateVolume: missing,
    list: () => [],
    logs: () => [],
    usage: () => ({ cpuMilli: 0, memoryBytes: 0 }),
  };
}
