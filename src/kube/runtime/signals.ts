import type { Context } from '../../kernel/index.ts';
import type { Net } from '../network/net.ts';
import type { Scope } from './files.ts';
import type { Container, RuntimeMemory } from './memory.ts';
import type { Run, Signal } from './program.ts';
import { endContainer, endServer, programOf } from './servers.ts';
import { signalTask } from './shell/index.ts';

/** Delivers a signal to process 1. */
export function signalContainer(
  ctx: Context,
  net: Net,
  memory: RuntimeMemory,
  container: Container,
  signal: Signal,
): void {
  if (container.state !== 'running') return;
  if (signal === 'KILL') return endContainer(ctx, net, memory, container, 137, 'Error');
  const pod = memory.sandboxes.get(container.podUid)!;
  const server = container.servers.find((s) => s.pid === 1);
  const scope = { ctx, memory, pod, container };
  if (server) signalServer({ ...scope, net, server }, signal);
  else signalTask(scope, net, 1, signal);
}

/** A signal from inside the container: process 1 is safe from SIGKILL there. */
export function signalProcess(scope: Scope, net: Net, pid: number, signal: Signal): void {
  const { ctx, memory, container } = scope;
  const server = container.servers.find((s) => s.pid === pid);
  if (pid === 1) {
    if (signal !== 'KILL') signalContainer(ctx, net, memory, container, signal);
  } else if (server) signalServer({ ...scope, net, server }, signal);
  else signalTask(scope, net, pid, signal);
}

/** Delivers a signal to a program that serves; without a handler process 1 ignores it and any other dies of it. */
function signalServer(run: Run, signal: Signal): void {
  const program = programOf(run.container, run.server.program, run.server.argv);
  if (signal === 'KILL') endServer(run, 137);
  else if (program?.signal) program.signal(run, run.server.state, signal);
  else if (run.server.pid !== 1) endServer(run, 128 + (signalNumbers[signal] ?? 15));
}

/** Linux' signal numbers. */
const signalNumbers: Readonly<Record<string, number>> = {
  HUP: 1,
  INT: 2,
  QUIT: 3,
  KILL: 9,
  USR1: 10,
  USR2: 12,
  TERM: 15,
  WINCH: 28,
};
