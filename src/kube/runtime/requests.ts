import type { Context } from '../../kernel/index.ts';
import { machinesOf } from '../machines.ts';
import type { Connect, Net, NetRequest } from '../network/net.ts';
import { cut, endServer, programOf } from './servers.ts';
import { doLight, enqueue } from './cpu.ts';
import type { Scope } from './files.ts';
import { localResponse, type Container, type RuntimeMemory, type Sandbox, type Server, type Work } from './memory.ts';
import { writeLines } from './output.ts';
import type { Answer } from './program.ts';

/** Connections that a container holds open at most; more are not even accepted and time out. Linux: somaxconn. */
const backlog = 4096;

interface Listener {
  readonly pod: Sandbox;
  readonly container: Container;
  readonly server: Server;
}

/** A connection has reached this machine: refused, left hanging, answered at once or put in the container's queue. */
export function accept(ctx: Context, net: Net, memory: RuntimeMemory, connect: Connect): void {
  const uid = memory.byIp.get(connect.ip);
  const listener =
    uid === undefined ? onHost(ctx, memory, connect) : listening(memory, memory.sandboxes.get(uid)!, connect);
  if (!listener) return refuse(ctx, net, memory, connect.connection);
  serve(ctx, net, memory, listener, connect);
}

function serve(ctx: Context, net: Net, memory: RuntimeMemory, listener: Listener, connect: Connect): void {
  const { container, server, pod } = listener;
  const { connection } = connect;
  const program = programOf(container, server.program, server.argv);
  if ((container.cpu?.queue.length ?? 0) + container.unanswered.length >= backlog) return;
  if (container.hung || !program?.request) return void container.unanswered.push(connection);
  const answer = program.request({ ctx, net, memory, pod, container, server }, server.state, connect);
  if (container.state !== 'running') return cut(ctx, net, memory, connection);
  if (answer.silent) return void container.unanswered.push(connection);
  if (answer.cpuMs <= 0 || doLight(ctx, memory, container, answer.cpuMs))
    return finish(ctx, net, memory, container, connection, answer);
  enqueue(ctx, memory, container, { left: answer.cpuMs, connection, answer });
}

function listening(memory: RuntimeMemory, pod: Sandbox, connect: Connect): Listener | undefined {
  const protocol = connect.protocol === 'udp' ? 'udp' : 'tcp';
  for (const id of pod.containers) {
    const container = memory.containers.get(id)!;
    for (const server of container.servers)
      for (const p of server.ports)
        if (p.port === connect.port && p.protocol === protocol) return { pod, container, server };
  }
  return undefined;
}

function onHost(ctx: Context, memory: RuntimeMemory, connect: Connect): Listener | undefined {
  if (machinesOf(ctx).nodes.get(memory.node)!.ip !== connect.ip) return undefined;
  for (const pod of memory.sandboxes.values()) {
    if (!pod.config.hostNetwork) continue;
    const listener = listening(memory, pod, connect);
    if (listener) return listener;
  }
  return undefined;
}

/** CPU work of a container is done: answers go out, in order. */
export function finishWork(
  ctx: Context,
  net: Net,
  memory: RuntimeMemory,
  container: Container,
  done: readonly Work[],
): void {
  for (const work of done) {
    if (work.connection === undefined) continue;
    if (container.hung) container.unanswered.push(work.connection);
    else finish(ctx, net, memory, container, work.connection, work.answer!);
  }
  endDrained(ctx, net, memory, container);
}

function finish(
  ctx: Context,
  net: Net,
  memory: RuntimeMemory,
  container: Container,
  connection: number,
  answer: Answer,
): void {
  if (answer.waitMs) {
    container.unanswered.push(connection);
    ctx.after(answer.waitMs, `runtime/${memory.node}`, 'answer', {
      id: container.id,
      connection,
      answer: { ...answer, waitMs: 0 },
    });
    return;
  }
  if (answer.log !== undefined) writeLines(ctx, memory, container, [answer.log]);
  if (answer.reset) return cut(ctx, net, memory, connection);
  const local = memory.locals.get(connection);
  if (local) {
    memory.locals.delete(connection);
    const response = localResponse(local.token, answer.status, answer.body, ctx.now - local.startedAt);
    ctx.after(
      0,
      `runtime/${memory.node}`,
      'response',
      answer.headers ? { ...response, headers: answer.headers } : response,
    );
    return;
  }
  const { image } = container.config;
  const { status, body, headers, proxied, certificate } = answer;
  const reply = { status, body, image, proxied, certificate };
  net.reply(ctx, connection, headers ? { ...reply, headers } : reply);
}

/** The waiting part of an answer is over. */
export function finishWait(
  ctx: Context,
  net: Net,
  memory: RuntimeMemory,
  container: Container,
  connection: number,
  answer: Answer,
): void {
  const at = container.unanswered.indexOf(connection);
  if (at < 0 || container.hung) return;
  container.unanswered.splice(at, 1);
  finish(ctx, net, memory, container, connection, answer);
  endDrained(ctx, net, memory, container);
}

/** A server that was draining ends when its last answer is out. */
function endDrained(ctx: Context, net: Net, memory: RuntimeMemory, container: Container): void {
  if (container.state !== 'running' || container.cpu?.queue.length || container.unanswered.length) return;
  const server = container.servers.find((s) => s.draining !== null);
  if (!server) return;
  const pod = memory.sandboxes.get(container.podUid)!;
  endServer({ ctx, net, memory, pod, container, server }, server.draining!);
}

/** Refuses a connection: nobody listens on that port. */
function refuse(ctx: Context, net: Net, memory: RuntimeMemory, connection: number): void {
  const local = memory.locals.get(connection);
  if (!local) return net.refuse(ctx, connection);
  memory.locals.delete(connection);
  const response = localResponse(local.token, 0, '', ctx.now - local.startedAt, 'connect: connection refused');
  ctx.after(0, `runtime/${memory.node}`, 'response', response);
}

/** Sends a request of a program in a container. `token` is `<container id>|<pid>|<name>`. */
export function sendRequest(
  scope: Omit<Scope, 'container'>,
  net: Net,
  request: NetRequest,
  token: string,
  trace = false,
): void {
  const { ctx, memory, pod } = scope;
  if (request.host !== 'localhost' && !request.host.startsWith('127.') && request.host !== pod.ip) {
    const { namespace, podUid } = pod.config;
    const from = { address: `runtime/${memory.node}`, node: memory.node, ip: pod.ip, namespace, podUid, trace };
    net.send(ctx, from, request, token);
    return;
  }
  const connection = --memory.lastLocal;
  memory.locals.set(connection, { token, startedAt: ctx.now });
  ctx.after(request.timeoutMs, `runtime/${memory.node}`, 'local-timeout', { connection });
  const { method = 'GET', path = '/', headers = {}, body = '', port, protocol } = request;
  const host = headers['Host'] ?? request.host;
  const clientIp = '127.0.0.1';
  const connect = { connection, ip: pod.ip, port, protocol, method, path, host, headers, body, clientIp, trace: false };
  const listener = listening(memory, pod, connect);
  if (!listener) return refuse(ctx, net, memory, connection);
  serve(ctx, net, memory, listener, connect);
}

/** A request within the pod got no answer in time. */
export function localTimeout(ctx: Context, memory: RuntimeMemory, connection: number): void {
  const local = memory.locals.get(connection);
  if (!local) return;
  memory.locals.delete(connection);
  const response = {
    ...localResponse(local.token, 0, '', ctx.now - local.startedAt, 'i/o timeout'),
    failure: 'timeout',
  };
  ctx.after(0, `runtime/${memory.node}`, 'response', response);
}
