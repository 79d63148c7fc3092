import { assert, type Context, type KernelEvent } from '../../kernel/index.ts';
import { allSynced, updateCaches } from '../client/index.ts';
import type { Fault } from '../inputs.ts';
import type { Connect, Net, NetResponse } from '../network/net.ts';
import { finished } from './cpu.ts';
import { containerFault } from './faults.ts';
import type { Scope } from './files.ts';
import type { RuntimeMemory } from './memory.ts';
import type { Answer, Run, Signal } from './program.ts';
import { endPull, imageFault } from './pulls.ts';
import { accept, finishWait, finishWork, localTimeout } from './requests.ts';
import { deliver } from './responses.ts';
import { endContainer, programOf } from './servers.ts';
import { signalContainer, signalProcess } from './signals.ts';
import { finishedTaskWork, wakeTask, execTimeout } from './shell/index.ts';

/** Payloads of the runtime's own events. */
interface Timed {
  readonly id: string;
  readonly turn: number;
  readonly pid: number;
  readonly name: string;
  readonly full: string;
  readonly connection: number;
  readonly answer: Answer;
  readonly token: string;
}

/** Serves the events of `runtime/<node>`. */
export function handleEvent(ctx: Context, net: Net, memory: RuntimeMemory, event: KernelEvent): void {
  switch (event.type) {
    case 'connect':
      return accept(ctx, net, memory, event.payload as Connect);
    case 'response':
      return deliver(ctx, net, memory, event.payload as NetResponse);
    case 'fault':
      return handleFault(ctx, net, memory, event.payload as Fault);
    case 'watch':
    case 'watch-closed':
    case 'watch-retry':
      return hearApi(ctx, net, memory, event);
    default:
      return handleTimed(ctx, net, memory, event.type, event.payload as Timed);
  }
}

/** A watch event of this machine's containers. Whose stream it is the caches know. */
function hearApi(ctx: Context, net: Net, memory: RuntimeMemory, event: KernelEvent): void {
  for (const [id, caches] of memory.apiClients) {
    const container = memory.containers.get(id)!;
    const pod = memory.sandboxes.get(container.podUid)!;
    const server = container.servers[0]!;
    const program = programOf(container, server.program, server.argv)!;
    const run: Run = { ctx, net, memory, pod, container, server };
    const before = allSynced(caches);
    updateCaches(ctx, net.api!, `runtime/${memory.node}`, caches, event, (change) =>
      program.changed?.(run, server.state, change),
    );
    if (!before && allSynced(caches)) program.changed?.(run, server.state, 'synced');
  }
}

function handleTimed(ctx: Context, net: Net, memory: RuntimeMemory, type: string, timed: Timed): void {
  if (type === 'pulled') return endPull(ctx, memory, timed.full, timed.turn);
  if (type === 'local-timeout') return localTimeout(ctx, memory, timed.connection);
  const container = memory.containers.get(timed.id);
  if (container?.state !== 'running') return;
  const pod = memory.sandboxes.get(container.podUid)!;
  const scope = { ctx, memory, pod, container };
  switch (type) {
    case 'cpu': {
      const done = finished(ctx, memory, container, timed.turn);
      finishWork(ctx, net, memory, container, done);
      for (const work of done) if (work.pid !== undefined) finishedWorkOf(scope, net, work.pid);
      return;
    }
    case 'answer':
      return finishWait(ctx, net, memory, container, timed.connection, timed.answer);
    case 'timer': {
      const server = container.servers.find((s) => s.pid === timed.pid);
      if (!server || container.hung) return;
      programOf(container, server.program, server.argv)?.timer?.({ ...scope, net, server }, server.state, timed.name);
      return;
    }
    case 'task':
      return wakeTask(scope, net, timed.pid, timed.turn);
    case 'exec-timeout':
      return execTimeout(scope, net, timed.pid);
    case 'signal':
      return signalProcess(scope, net, timed.pid, timed.name as Signal);
    case 'kill':
      return signalContainer(ctx, net, memory, container, 'KILL');
    case 'oom':
      if (timed.turn === container.memoryTurn) endContainer(ctx, net, memory, container, 137, 'OOMKilled');
      return;
    default:
      assert(false, `the runtime knows no event ${type}`);
  }
}

/** A calculation is done: its program gets a timer `done`, a shell's utility goes on. */
function finishedWorkOf(scope: Scope, net: Net, pid: number): void {
  const { container } = scope;
  const server = container.servers.find((s) => s.pid === pid);
  if (!server) return finishedTaskWork(scope, net, pid);
  programOf(container, server.program, server.argv)?.timer?.({ ...scope, net, server }, server.state, 'done');
}

function handleFault(ctx: Context, net: Net, memory: RuntimeMemory, fault: Fault): void {
  switch (fault.fault) {
    case 'image-slow':
    case 'image-missing':
    case 'image-heal':
      return imageFault(ctx, memory, fault.image, fault.fault);
    case 'container-crash':
    case 'container-hang':
    case 'container-leak':
    case 'container-heal':
      return containerFault(ctx, net, memory, fault);
    default:
  }
}
