import type { Context } from '../../kernel/index.ts';
import { machinesOf } from '../machines.ts';
import { stirred, type Container, type RuntimeMemory } from './memory.ts';
import { imageOf } from './catalogue.ts';

/** Bytes in use now. Derived: a leak is a slope, not a series of events. */
export function memoryBytesOf(container: Container, now: number): number {
  if (container.state !== 'running') return 0;
  const { leak } = container;
  return (
    imageOf(container.config.image).memoryMB * 1024 ** 2 +
    container.extraBytes +
    (leak ? ((now - leak.since) * leak.bytesPerSecond) / 1000 : 0)
  );
}

/** Where the kernel kills: the container's limit, or the machine's memory. */
const ceilingOf = (ctx: Context, memory: RuntimeMemory, container: Container): number =>
  container.config.memoryLimitBytes || machinesOf(ctx).nodes.get(memory.node)!.memoryBytes;

/**
 * Looks ahead after a change of the memory's course: the moment at which it will pass the ceiling is known.
 * base 40 Mi, leak 20 Mi/s, limit 256 Mi → killed after (256 − 40) / 20 = 10.8 s.
 */
export function foreseeOom(ctx: Context, memory: RuntimeMemory, container: Container): void {
  container.memoryTurn++;
  stirred(ctx, memory, container);
  const over = ceilingOf(ctx, memory, container) - memoryBytesOf(container, ctx.now);
  const rate = container.leak?.bytesPerSecond ?? 0;
  if (over >= 0 && rate <= 0) return;
  // A container that is over at once still gets as far as its first page faults.
  const delay = over < 0 ? 50 : Math.ceil((over * 1000) / rate);
  ctx.after(delay, `runtime/${memory.node}`, 'oom', { id: container.id, turn: container.memoryTurn });
}
