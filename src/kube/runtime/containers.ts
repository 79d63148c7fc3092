import { deepFreeze, type Context } from '../../kernel/index.ts';
import type { Net } from '../network/net.ts';
import { imageOf } from './catalogue.ts';
import type { ContainerConfig } from './cri.ts';
import { ensureDirectory, type Scope } from './files.ts';
import type { Container, RuntimeMemory, Sandbox } from './memory.ts';
import { foreseeOom } from './memory-use.ts';
import { writeLines } from './output.ts';
import { baseName, endContainer, environmentOf, programOf, startServer } from './servers.ts';
import { isUtility, startTask } from './shell/index.ts';

/** Makes a container's record and begins its main process. Returns its id. */
export function startContainer(
  ctx: Context,
  net: Net,
  memory: RuntimeMemory,
  pod: Sandbox,
  config: ContainerConfig,
): string {
  deepFreeze(config);
  const container = freshContainer(newId(ctx, memory), pod.config.podUid, config, ctx.now);
  forgetOlder(memory, pod, config.name);
  memory.containers.set(container.id, container);
  pod.containers.push(container.id);
  const image = imageOf(config.image);
  const argv = config.command?.length
    ? [...config.command, ...(config.args ?? [])]
    : [...image.entrypoint, ...(config.args?.length ? config.args : image.cmd)];
  if (config.memoryLimitBytes) foreseeOom(ctx, memory, container);
  for (const { volume, subPath } of config.mounts)
    if (subPath && volume in pod.volumes) ensureDirectory({ ctx, memory, pod, container }, volume, subPath);
  launchMain({ ctx, memory, pod, container }, net, argv);
  return container.id;
}

const hexDigits = [...'0123456789abcdef'].map((c) => c.charCodeAt(0));

/** Working memory, written anew for every id. */
const idCodes = Array.from({ length: 64 }, () => 0);

/** 64 hex digits, as containerd makes them; in one flat string, because it is a key of maps. */
function newId(ctx: Context, memory: RuntimeMemory): string {
  const random = ctx.random(`runtime/${memory.node}`);
  for (let i = 0; i < 8; i++) {
    let bits = random.int(0x1_0000_0000);
    for (let k = 0; k < 8; k++) {
      idCodes[8 * i + k] = hexDigits[bits & 15]!;
      bits >>>= 4;
    }
  }
  return String.fromCharCode(...idCodes);
}

function freshContainer(id: string, podUid: string, config: ContainerConfig, now: number): Container {
  return {
    id,
    podUid,
    config,
    startedAt: now,
    state: 'running',
    finishedAt: 0,
    exitCode: 0,
    reason: '',
    lastPid: 1,
    servers: [],
    tasks: [],
    streams: [],
    files: null,
    pinned: null,
    log: [],
    logChars: 0,
    logLines: 0,
    partial: '',
    cpu: null,
    extraBytes: 0,
    leak: null,
    memoryTurn: 0,
    hung: false,
    unanswered: [],
    busyTasks: null,
    stopping: false,
  };
}

/** Keeps one dead container of each name, as the kubelet's garbage collection does. */
function forgetOlder(memory: RuntimeMemory, pod: Sandbox, name: string): void {
  if (pod.containers.length === 0) return;
  const dead = pod.containers.filter((id) => {
    const c = memory.containers.get(id)!;
    return c.config.name === name && c.state === 'exited';
  });
  for (const id of dead.slice(0, -1)) {
    memory.containers.delete(id);
    pod.containers.splice(pod.containers.indexOf(id), 1);
  }
}

/** Starts process 1: a program of the image, a utility or shell of it, or nothing that could be found. */
function launchMain(scope: Scope, net: Net, argv: readonly string[]): void {
  const { ctx, memory, container } = scope;
  const wrapped = unwrap(scope, argv);
  const words = wrapped ?? argv;
  const [word] = words;
  if (word === undefined) return endContainer(ctx, net, memory, container, 128, 'StartError', 'no command specified');
  if (programOf(container, word, words)) startServer(scope, net, words, null, 1);
  else if (isUtility(scope, word)) startTask(scope, net, words, environmentOf(scope), 1);
  else if (wrapped) {
    // The entrypoint script did start; it is the one that finds nothing.
    writeLines(ctx, memory, container, [`${argv[0]}: exec: line 47: ${word}: not found`]);
    endContainer(ctx, net, memory, container, 127, 'Error');
  } else endContainer(ctx, net, memory, container, 128, 'StartError', notFound(word));
}

/** What an entrypoint script that only runs its arguments runs; null without such a script. `--flag` goes to the server. */
function unwrap(scope: Scope, argv: readonly string[]): readonly string[] | null {
  const image = imageOf(scope.container.config.image);
  if (argv.length < 2 || !image.wrappers?.includes(baseName(argv[0]!))) return null;
  const words = argv.slice(1);
  const { wraps } = image;
  if (wraps === undefined) return words;
  const known = programOf(scope.container, words[0]!, words) !== undefined || isUtility(scope, words[0]!);
  return words[0]!.startsWith('-') || (!known && image.wrapsAll) ? [wraps, ...words] : words;
}

const notFound = (word: string): string =>
  'failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: ' +
  'unable to start container process: error during container init: exec: ' +
  (word.includes('/')
    ? `"${word}": stat ${word}: no such file or directory`
    : `"${word}": executable file not found in $PATH`);
