import type { Context } from '../../kernel/index.ts';
import type { Net } from '../network/net.ts';
import type { ExecEnd } from '../observations.ts';
import { leaveApi } from './api-clients.ts';
import { imageOf } from './catalogue.ts';
import { stopWork } from './cpu.ts';
import { readFile, type Scope } from './files.ts';
import { exitedPayload, localResponse, type Container, type RuntimeMemory, type Server } from './memory.ts';
import { flushText } from './output.ts';
import type { Program, Run } from './program.ts';
import { commonCommands } from './shell/names.ts';
import { killTasks, serverEnded } from './shell/tasks.ts';

/** Last part of a path. */
export const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** The program that a command word starts in this container's image, if it is one that serves. */
export function programOf(container: Container, word: string, argv: readonly string[] = []): Program | undefined {
  const image = imageOf(container.config.image);
  const name = baseName(word);
  if (Object.hasOwn(image.programs, name)) return image.programs[name];
  if (image.listeners?.[name] && argv.some((a) => /^-\w*l/.test(a))) return image.listeners[name];
  return image.assumed && !commonCommands.has(name) ? image.programs['*'] : undefined;
}

/** Environment of process 1: the image's, the manifest's, and what every container has. */
export function environmentOf({ pod, container }: Scope): Readonly<Record<string, string>> {
  return {
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    HOSTNAME: pod.config.hostname,
    ...imageOf(container.config.image).env,
    ...container.config.env,
    HOME: container.config.env['HOME'] ?? '/root',
  };
}

/** Starts a program that serves. `pid` 1 makes it the container's main process; `task` is the shell's that started it. */
export function startServer(
  scope: Scope,
  net: Net,
  argv: readonly string[],
  env: Readonly<Record<string, string>> | null,
  pid: number,
  task?: number,
): Server {
  const { container } = scope;
  const server: Server = { pid, program: argv[0]!, argv, task, env, ports: [], state: null, draining: null };
  container.servers.push(server);
  const { ctx, memory, pod } = scope;
  const state = programOf(container, argv[0]!, argv)!.start({ ctx, net, memory, pod, container, server }, argv);
  server.state = state;
  return server;
}

/** A program that serves has ended: the container with it when it was process 1. */
export function endServer(run: Run, code: number, reason?: string): void {
  const { ctx, net, memory, container, server } = run;
  if (!container.servers.includes(server)) return;
  container.servers.splice(container.servers.indexOf(server), 1);
  server.draining = code; // for a shell whose program ended while it was being started
  if (server.pid === 1) endContainer(ctx, net, memory, container, code, reason ?? (code === 0 ? 'Completed' : 'Error'));
  else serverEnded(run, server.pid, code);
}

/** Lines and characters that the end of a log may fill. Kubernetes: kubecontainer.MaxContainerTerminationMessageLogLines. */
const fallback = { lines: 80, chars: 2048 };

/** What a container has left to say of its end; `unended`: its last line has no end. Kubernetes: pkg/kubelet/kuberuntime getTerminationMessage. */
function lastWords(scope: Scope, unended: boolean): string | undefined {
  const { container } = scope;
  const { messagePath, messageFromLog } = container.config;
  const told = messagePath ? readFile(scope, messagePath) : container.files?.['/dev/termination-log'];
  if (told || !messageFromLog || container.exitCode === 0) return told;
  const lines = container.log.flatMap((chunk) => chunk.lines).slice(-fallback.lines);
  return lines.length === 0 ? undefined : `${lines.join('\n')}${unended ? '' : '\n'}`.slice(-fallback.chars);
}

/** Ends a container: cuts its connections, answers its execs, frees its CPU, tells the kubelet. */
export function endContainer(
  ctx: Context,
  net: Net,
  memory: RuntimeMemory,
  container: Container,
  code: number,
  reason: string,
  message?: string,
): void {
  if (container.state === 'exited') return;
  const unended = container.partial !== '';
  flushText(ctx, memory, container);
  container.state = 'exited';
  container.finishedAt = ctx.now;
  container.exitCode = code;
  container.reason = reason;
  const note = message ?? lastWords({ ctx, memory, pod: memory.sandboxes.get(container.podUid)!, container }, unended);
  if (note) container.message = note.slice(0, 4096);
  container.servers.length = 0;
  leaveApi(ctx, net, memory, container.id);
  container.leak = null;
  container.memoryTurn++;
  for (const work of stopWork(ctx, memory, container))
    if (work.connection !== undefined) cut(ctx, net, memory, work.connection);
  for (const connection of container.unanswered.splice(0)) cut(ctx, net, memory, connection);
  killTasks(ctx, memory, container);
  container.streams.length = 0;
  for (const { exec } of container.attached ?? []) {
    const end: ExecEnd = { type: 'exec-end', id: exec, exitCode: 0 };
    ctx.emit(end);
  }
  ctx.after(0, `kubelet/${memory.node}`, 'container-exited', exitedPayload(container));
}

/** Cuts a connection that will not be answered. Negative numbers are the pod's own. */
export function cut(ctx: Context, net: Net, memory: RuntimeMemory, connection: number): void {
  const local = memory.locals.get(connection);
  if (!local) {
    if (connection >= 0) net.reset(ctx, connection);
    return;
  }
  memory.locals.delete(connection);
  const response = localResponse(local.token, 0, '', ctx.now - local.startedAt, 'read: connection reset by peer');
  ctx.after(0, `runtime/${memory.node}`, 'response', response);
}
