import { assert, type Context } from '../../kernel/index.ts';
import { lastWindowEnd } from '../machines.ts';
import type { Net } from '../network/net.ts';
import { startContainer } from './containers.ts';
import { cpuMilliOf, isIdle, lastWindowOf } from './cpu.ts';
import type { ContainerInfo, ContainerUse, Cri, LogLine } from './cri.ts';
import { imageOf } from './catalogue.ts';
import { diskOf, memoryOf, type Container, type RuntimeMemory } from './memory.ts';
import { memoryBytesOf } from './memory-use.ts';
import { pullImage } from './pulls.ts';
import { parseReference } from './reference.ts';
import { openRemote, typeInto } from './remote.ts';
import { sendRequest } from './requests.ts';
import { portTaken } from './running.ts';
import { removeSandbox, runSandbox, updateVolume } from './sandboxes.ts';
import { signalContainer } from './signals.ts';
import { startExec } from './shell/index.ts';
import { remoteToken } from './tell.ts';

/** The calls of a kubelet to the runtime of its machine. */
export function createCalls(net: Net): Cri {
  const of = (ctx: Context, node: string): RuntimeMemory => {
    const memory = memoryOf(ctx, node);
    assert(memory, `the runtime of ${node} does not run`);
    return memory;
  };
  return {
    runSandbox: (ctx, node, sandbox) => runSandbox(ctx, net, of(ctx, node), sandbox),
    removeSandbox: (ctx, node, podUid) => removeSandbox(ctx, net, of(ctx, node), podUid),
    imagePresent: (ctx, node, image) => diskOf(ctx, node).images.has(parseReference(image)?.full ?? image),
    pullImage: (ctx, node, image) => pullImage(ctx, of(ctx, node), image),
    startContainer(ctx, node, podUid, config) {
      const memory = of(ctx, node);
      const pod = memory.sandboxes.get(podUid);
      assert(pod, `pod ${podUid} has no sandbox on ${node}`);
      return startContainer(ctx, net, memory, pod, config);
    },
    stopContainer(ctx, node, id, graceMs) {
      const memory = of(ctx, node);
      const container = memory.containers.get(id);
      if (container?.state !== 'running') return;
      stop(ctx, net, memory, container, graceMs);
    },
    exec(ctx, node, id, command, token, timeoutMs) {
      const memory = of(ctx, node);
      startExec(ctx, net, memory, memory.containers.get(id), command, token, timeoutMs);
    },
    open(ctx, node, id, command, remote) {
      const memory = of(ctx, node);
      openRemote(ctx, net, memory, memory.containers.get(id), command, remote);
    },
    type(ctx, node, id, exec, text, then) {
      const memory = memoryOf(ctx, node);
      const container = memory?.containers.get(id);
      if (memory && container) typeInto(ctx, net, memory, container, exec, text, then);
    },
    dial(ctx, node, podUid, request, id) {
      const memory = of(ctx, node);
      const pod = memory.sandboxes.get(podUid);
      assert(pod, `pod ${podUid} has no sandbox on ${node}`);
      sendRequest({ ctx, memory, pod }, net, request, `${remoteToken}${id}`);
    },
    listens(ctx, node, podUid, port) {
      const memory = memoryOf(ctx, node);
      const pod = memory?.sandboxes.get(podUid);
      return pod !== undefined && portTaken(memory!, pod, port);
    },
    updateVolume: (ctx, node, podUid, volume, files) => updateVolume(ctx, of(ctx, node), podUid, volume, files),
    list: (ctx, node) => [...(memoryOf(ctx, node)?.containers.values() ?? [])].map(infoOf),
    logs: (ctx, node, id) => linesOf(memoryOf(ctx, node)?.containers.get(id)),
    usage: (ctx, node, podUid) => usageOf(ctx, memoryOf(ctx, node), podUid),
    atRest(ctx, node, podUid, observer) {
      const memory = memoryOf(ctx, node);
      const running = (memory?.sandboxes.get(podUid)?.containers ?? [])
        .map((id) => memory!.containers.get(id)!)
        .filter(({ state }) => state === 'running');
      if (!running.every((container) => !container.leak && isIdle(container, ctx.now))) return false;
      for (const container of running) container.observer = observer;
      return running.length > 0;
    },
    lastWindow: (ctx, node, podUid) => lastWindow(ctx, memoryOf(ctx, node), podUid),
  };
}

function stop(ctx: Context, net: Net, memory: RuntimeMemory, container: Container, graceMs: number): void {
  const signal = imageOf(container.config.image).stopSignal ?? 'TERM';
  if (!container.stopping && graceMs > 0 && !container.hung) {
    container.stopping = true;
    signalContainer(ctx, net, memory, container, signal);
  }
  // Asked again with a shorter grace, the earlier end counts.
  if (container.state === 'running')
    ctx.after(Math.max(0, graceMs), `runtime/${memory.node}`, 'kill', { id: container.id });
}

const infoOf = (c: Container): ContainerInfo => ({
  id: c.id,
  podUid: c.podUid,
  name: c.config.name,
  image: c.config.image,
  state: c.state,
  restartCount: c.config.restartCount,
  startedAt: c.startedAt,
  ...(c.state === 'exited' ? { finishedAt: c.finishedAt, exitCode: c.exitCode, reason: c.reason } : {}),
});

function linesOf(container: Container | undefined): readonly LogLine[] {
  const lines: LogLine[] = [];
  if (!container) return lines;
  for (const chunk of container.log) for (const text of chunk.lines) lines.push({ at: chunk.at, text });
  return lines;
}

function usageOf(
  ctx: Context,
  memory: RuntimeMemory | undefined,
  podUid: string,
): { cpuMilli: number; memoryBytes: number } {
  let cpuMilli = 0;
  let memoryBytes = 0;
  for (const id of memory?.sandboxes.get(podUid)?.containers ?? []) {
    const container = memory!.containers.get(id)!;
    if (container.state !== 'running') continue;
    cpuMilli += cpuMilliOf(container, ctx.now);
    memoryBytes += memoryBytesOf(container, ctx.now);
  }
  return { cpuMilli: Math.round(cpuMilli), memoryBytes: Math.round(memoryBytes) };
}

function lastWindow(ctx: Context, memory: RuntimeMemory | undefined, podUid: string | undefined): ContainerUse[] {
  const found: ContainerUse[] = [];
  const end = lastWindowEnd(ctx.now);
  const ids = podUid === undefined ? memory?.containers.keys() : memory?.sandboxes.get(podUid)?.containers;
  for (const id of ids ?? []) {
    const container = memory!.containers.get(id)!;
    if (container.state !== 'running') continue;
    const { startedAt } = container;
    const memoryBytes = memoryBytesOf(container, Math.max(end, startedAt));
    const { cause = 0 } = container.cpu ?? {};
    const coreMs = lastWindowOf(container, ctx.now);
    found.push({ name: container.config.name, cause, startedAt, coreMs, memoryBytes });
  }
  return found;
}
