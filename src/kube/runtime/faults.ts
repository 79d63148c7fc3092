import type { Context } from '../../kernel/index.ts';
import type { Fault } from '../inputs.ts';
import type { Net } from '../network/net.ts';
import { endContainer } from './servers.ts';
import { tellBehaviour, type Container, type RuntimeMemory } from './memory.ts';
import { foreseeOom, memoryBytesOf } from './memory-use.ts';
import { wakeSoon } from './shell/tasks.ts';
import { imageOf } from './catalogue.ts';

/** Growth of a leak that the learner sets off. */
const leakBytesPerSecond = 20 * 1024 ** 2;

type ContainerFault = Extract<Fault, { readonly pod: string }>;

/** Breaks or mends containers of a pod: the one named, or else the first that runs. */
export function containerFault(ctx: Context, net: Net, memory: RuntimeMemory, fault: ContainerFault): void {
  for (const { config, containers } of memory.sandboxes.values()) {
    if (config.name !== fault.pod || config.namespace !== fault.namespace) continue;
    const running = containers.map((id) => memory.containers.get(id)!).filter((c) => c.state === 'running');
    const container = fault.container ? running.find((c) => c.config.name === fault.container) : running[0];
    if (container) apply(ctx, net, memory, container, fault.fault);
  }
}

function apply(
  ctx: Context,
  net: Net,
  memory: RuntimeMemory,
  container: Container,
  fault: ContainerFault['fault'],
): void {
  switch (fault) {
    case 'container-crash':
      return endContainer(ctx, net, memory, container, 1, 'Error');
    case 'container-hang':
      container.hung = true;
      return tellBehaviour(ctx, memory, container);
    case 'container-leak':
      if (container.leak) return;
      container.leak = { since: ctx.now, bytesPerSecond: leakBytesPerSecond };
      return foreseeOom(ctx, memory, container);
    case 'container-heal':
      // What has leaked stays until a restart; connections that waited in vain are still lost.
      if (container.leak) {
        const base = imageOf(container.config.image).memoryMB * 1024 ** 2;
        container.extraBytes = memoryBytesOf(container, ctx.now) - base;
        container.leak = null;
        foreseeOom(ctx, memory, container);
      }
      if (!container.hung) return;
      container.hung = false;
      wakeSoon(ctx, memory, container, 0);
      return tellBehaviour(ctx, memory, container);
  }
}
