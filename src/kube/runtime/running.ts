import type { Net, NetRequest } from '../network/net.ts';
import { endServer, environmentOf } from './servers.ts';
import { spin as spinCpu } from './cpu.ts';
import { readFile, writeFile, type Scope } from './files.ts';
import { tellBehaviour, type RuntimeMemory, type Sandbox, type Server } from './memory.ts';
import { foreseeOom } from './memory-use.ts';
import { writeLines } from './output.ts';
import type { Answer, Program, Run, Signal } from './program.ts';
import { finishWait, sendRequest } from './requests.ts';
import { print } from './shell/io.ts';

/** What programs of images do: a small operating system as functions over `Run`. */

/** Writes lines to the program's output: the container's, or that of the shell in which it runs. */
export function say(run: Scope & { readonly net?: Net; readonly server?: Server }, ...lines: readonly string[]): void {
  const { net, server } = run;
  const task = server?.task === undefined ? undefined : run.container.tasks.find(({ pid }) => pid === server.task);
  if (!task || !net) writeLines(run.ctx, run.memory, run.container, lines);
  else if (lines.length > 0) print({ ...run, net }, task, 1, `${lines.join('\n')}\n`);
}

/** Environment of the program. */
export const environment = (run: Run): Readonly<Record<string, string>> => run.server.env ?? environmentOf(run);

/** Writes lines that are the same for every container: they are shared, not copied. */
export const sayConstant = (run: Scope, lines: readonly string[]): void =>
  writeLines(run.ctx, run.memory, run.container, lines);

/** Listens on ports. A port that another process of the pod holds already ends the program with code 1, as a rule. */
export function listen(run: Run, ...ports: readonly number[]): boolean {
  for (const port of ports) {
    if (portTaken(run.memory, run.pod, port)) return false;
    run.server.ports.push({ port, protocol: 'tcp' });
  }
  return true;
}

/** Listens on a UDP port. */
export const listenUdp = (run: Run, port: number): void => void run.server.ports.push({ port, protocol: 'udp' });

/** True when a process of the pod listens on a TCP port. */
export function portTaken(memory: RuntimeMemory, pod: Sandbox, port: number): boolean {
  for (const id of pod.containers) {
    const container = memory.containers.get(id);
    if (container?.servers.some((s) => s.ports.some((p) => p.port === port && p.protocol === 'tcp'))) return true;
  }
  return false;
}

/** Stops accepting connections; those that are open are still answered. */
const stopListening = (run: Run): void => {
  run.server.ports.length = 0;
};

/** Ends the program with an exit code. */
export const exit = (run: Run, code: number): void => endServer(run, code);

/** Stops accepting, answers what is open, then exits with `code`: what a graceful server does on SIGTERM. */
export function drain(run: Run, code: number): void {
  stopListening(run);
  if (run.container.cpu?.queue.length || run.container.unanswered.length) run.server.draining = code;
  else exit(run, code);
}

/** Calls the program's `timer` after `ms`. */
export function timer(run: Run, ms: number, name: string): void {
  run.ctx.after(ms, `runtime/${run.memory.node}`, 'timer', { id: run.container.id, pid: run.server.pid, name });
}

/** Sends a signal to the container's main process. */
export function signalMain(run: Run, signal: Signal): void {
  run.ctx.after(0, `runtime/${run.memory.node}`, 'signal', { id: run.container.id, pid: 1, name: signal });
}

/** Sends a request; the program's `response` is called with this name. */
export function call(run: Run, request: NetRequest, name: string, trace = false): void {
  sendRequest(run, run.net, request, `${run.container.id}|${run.server.pid}|${name}`, trace);
}

/** Answers a connection that `request` left open. */
export const answerLater = (run: Run, connection: number, answer: Answer): void =>
  finishWait(run.ctx, run.net, run.memory, run.container, connection, answer);

/** Uses so many cores without end; negative numbers give them back. */
export const spin = (run: Run, cores: number): void => spinCpu(run.ctx, run.memory, run.container, cores);

/** Takes memory beyond the image's base, at once. */
export function takeMemory(run: Run, bytes: number): void {
  run.container.extraBytes += bytes;
  foreseeOom(run.ctx, run.memory, run.container);
}

/** Lets memory grow from now on. */
export function leakMemory(run: Run, bytesPerSecond: number): void {
  run.container.leak = { since: run.ctx.now, bytesPerSecond };
  foreseeOom(run.ctx, run.memory, run.container);
}

/** Tells that probes may come out differently from now on. */
export const behaviourChanged = (run: Run): void => tellBehaviour(run.ctx, run.memory, run.container);

/** A file's content, or undefined. */
export const file = (run: Run, path: string): string | undefined => readFile(run, path);

/** Writes a file. */
export const save = (run: Run, path: string, text: string): void => void writeFile(run, path, text);

/** Signal handler of programs that die at once: with 0, or as Go programs do with 2. */
export const diesWith =
  (code: number): NonNullable<Program['signal']> =>
  (run) =>
    exit(run, code);
