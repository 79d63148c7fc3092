import type { Context } from '../../kernel/index.ts';
import type { Net, NetResponse } from '../network/net.ts';
import type { RuntimeMemory } from './memory.ts';
import { programOf } from './servers.ts';
import { responseToTask } from './shell/index.ts';
import { remoteToken, tellDialled } from './tell.ts';

/** Hands an answer to the program that asked. */
export function deliver(ctx: Context, net: Net, memory: RuntimeMemory, response: NetResponse): void {
  if (response.token.startsWith(remoteToken)) return tellDialled(ctx, response);
  const [id, pid, name] = response.token.split('|') as [string, string, string];
  const container = memory.containers.get(id);
  if (container?.state !== 'running') return;
  const pod = memory.sandboxes.get(container.podUid)!;
  const server = container.servers.find((s) => s.pid === Number(pid));
  if (server) {
    const run = { ctx, net, memory, pod, container, server };
    programOf(container, server.program, server.argv)?.response?.(run, server.state, name, response);
  } else responseToTask({ ctx, memory, pod, container }, Number(pid), name, response);
}
