import type { Context, KernelEvent } from '../../kernel/index.ts';
import { machineName, machinesOf } from '../machines.ts';
import type { Net } from '../network/index.ts';
import type { Process } from '../process.ts';
import { createCalls } from './calls.ts';
import type { Cri } from './cri.ts';
import { handleEvent } from './events.ts';
import './images/index.ts';
import { diskOf, type RuntimeMemory } from './memory.ts';

export type * from './cri.ts';
export { remoteToken, tellDialled } from './tell.ts';
export { imageInfo, type ImageInfo } from './catalogue.ts';

/** The container runtime of one machine, at `runtime/<node>`: sandboxes, images, and the programs that run in containers. */
export function runtime(net: Net): Process<RuntimeMemory> {
  return {
    name: 'runtime',
    start: (ctx, address) => freshMemory(ctx, net, machineName(address)),
    handle: (ctx: Context, event: KernelEvent, memory: RuntimeMemory) => handleEvent(ctx, net, memory, event),
  };
}

/** The runtime as its kubelet calls it. */
export function createCri(net: Net): Cri {
  return createCalls(net);
}

/** After a start nothing runs; images and the addresses given out before are still on the disk. */
function freshMemory(ctx: Context, net: Net, node: string): RuntimeMemory {
  if (!diskOf(ctx, node))
    ctx.restart(`disk/${node}`, () => ({
      images: new Set(),
      addresses: new Map(),
      directories: new Map(),
      lastHost: -1,
    }));
  const disk = diskOf(ctx, node);
  for (const ip of disk.addresses.keys()) net.detach(ctx, ip);
  disk.addresses.clear();
  const bytes = machinesOf(ctx).nodes.get(node)!.ip.split('.');
  return {
    node,
    number: Number(bytes[2]) * 256 + Number(bytes[3]),
    sandboxes: new Map(),
    byIp: new Map(),
    containers: new Map(),
    pulls: new Map(),
    busy: new Set(),
    locals: new Map(),
    lastLocal: 0,
    apiClients: new Map(),
  };
}
