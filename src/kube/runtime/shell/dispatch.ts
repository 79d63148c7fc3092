import { imageOf } from '../catalogue.ts';
import { readFile, resolvePath, type Scope } from '../files.ts';
import { programOf, startServer } from '../servers.ts';
import { compileScript } from './compile.ts';
import { say } from './io.ts';
import { checkExit, endTask, exportedOf, maxFrames, type Os } from './life.ts';
import type { Task } from './tasks.ts';
import type { Utility } from './utility.ts';

/** Runs a command by its name: a function, a program of the image, a utility, a script; or says that there is none. */
export function dispatch(
  os: Os,
  task: Task,
  argv: readonly string[],
  env: Readonly<Record<string, string>>,
  restore = false,
  tested = false,
): void {
  const [name = ''] = argv;
  const own = Object.hasOwn(task.functions, name) ? task.functions[name] : undefined;
  if (own) {
    // The descriptors saved for the call are put back when the function's frame is left.
    task.frames.push({
      code: own.code,
      pc: own.entry,
      lists: task.lists.length,
      saved: task.saved.length - (restore ? 1 : 0),
      args: task.args,
      kind: 'function',
    });
    if (task.frames.length > maxFrames) return endTask(os, task, 2);
    task.args = [task.args[0] ?? '', ...argv.slice(1)];
    return;
  }
  if (programOf(os.container, name, argv)) return runProgram(os, task, argv, env, restore);
  if (findUtility(os, name, task.cwd)) {
    task.utility = { argv, state: {}, env, restore, tested };
    return;
  }
  const script = name.includes('/') ? readFile(os, resolvePath(name, task.cwd)) : undefined;
  if (script !== undefined && imageOf(os.container.config.image).shell !== 'none') {
    task.utility = { argv: ['sh', ...argv], state: {}, env, restore, tested };
    return;
  }
  say(
    os,
    task,
    name.includes('/')
      ? `${name}: ${task.name === 'bash' ? 'No such file or directory' : 'not found'}`
      : unknown(task, name),
  );
  if (restore) task.fds = task.saved.pop()!;
  task.status = 127;
  checkExit(os, task, tested);
}

const unknown = (task: Task, name: string): string =>
  `${name}: ${task.name === 'bash' ? 'command not found' : 'not found'}`;

/** Directories in which the common commands are. */
const commandPlaces = new Set(['/bin', '/usr/bin', '/usr/local/bin', '/sbin', '/usr/sbin', '/usr/local/sbin']);
/** Commands that not every image has. */
const extraTools = new Set([
  'curl',
  'bash',
  'nc',
  'wget',
  'ping',
  'nslookup',
  'ps',
  'top',
  'dig',
  'host',
  'apk',
  'apt',
  'apt-get',
  'ip',
  'ifconfig',
]);
const ashTools = new Set(['nc', 'wget', 'ping', 'nslookup', 'ps', 'top', 'ip', 'ifconfig', 'apk']);

/** The utility that a command word means in this container's image. */
export function findUtility(
  os: Scope & { readonly utilities: Os['utilities'] },
  word: string,
  cwd = '/',
): Utility | undefined {
  const slash = word.lastIndexOf('/');
  const name = word.slice(slash + 1);
  if (slash >= 0 && !commandPlaces.has(resolvePath(word.slice(0, slash) || '/', cwd))) return undefined;
  if (!Object.hasOwn(os.utilities, name)) return undefined;
  const image = imageOf(os.container.config.image);
  const utility = os.utilities[name]!;
  if (image.tools?.includes(name)) return utility;
  if (image.shell === 'none') return undefined;
  if ((utility.only || extraTools.has(name)) && isInstalled(os, name)) return utility;
  if (utility.only) return undefined;
  if (extraTools.has(name)) {
    if (image.shell === 'ash') return ashTools.has(name) ? utility : undefined;
    return name === 'bash' || name === 'apt' || name === 'apt-get' ? utility : undefined;
  }
  return utility;
}

/** True for a tool that the container has installed itself: `apk add curl`. */
const isInstalled = (scope: Scope, name: string): boolean =>
  scope.container.files !== null && readFile(scope, `/var/lib/${name}.installed`) !== undefined;

/** Starts a program of the image in the foreground. At the end of process 1's script it takes the shell's place. */
function runProgram(
  os: Os,
  task: Task,
  argv: readonly string[],
  env: Readonly<Record<string, string>>,
  restore: boolean,
): void {
  const { container } = os;
  const environment = { ...exportedOf(task), ...env };
  if (restore) task.fds = task.saved.pop()!;
  if (task.pid === 1 && lastCommand(task)) {
    container.tasks.splice(container.tasks.indexOf(task), 1);
    task.done = true;
    startServer(os, os.net, argv, environment, 1);
    return;
  }
  if (imageOf(container.config.image).assumed && !(lastCommand(task) && !task.exec)) {
    // Nobody knows what this does; in the middle of a script it is assumed to succeed at once.
    task.status = 0;
    return;
  }
  const server = startServer(os, os.net, argv, environment, ++container.lastPid, task.pid);
  if (container.servers.includes(server)) task.wait = { for: 'server', pid: server.pid };
  else task.status = server.draining ?? 0;
}

/** True when nothing follows: the shell then replaces itself by the command. */
function lastCommand(task: Task): boolean {
  if (Object.keys(task.traps).length > 0 || task.frames.length > 1) return false;
  const frame = task.frames[0];
  return !frame || compileScript(frame.code)[frame.pc]?.op === 'return';
}
