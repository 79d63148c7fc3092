import { isDirectory, isInMemory, modeOf, writeFile } from '../files.ts';
import type { Connect, NetResponse } from '../../network/net.ts';
import type { Answer, Run } from '../program.ts';
import { call, exit, file, say, timer } from '../running.ts';
import { goMillis } from './agnhost-logs.ts';
import { flag, hostOf, reply } from './server.ts';

/** `entrypoint-tester`: prints its command line as Go prints a list. */
export function entrypointTester(run: Run, argv: readonly string[]): void {
  say(run, `[${argv.join(' ')}]`);
  exit(run, 0);
}

/** `connect`: whether somebody answers at an address, told by the exit code. Kubernetes: test/images/agnhost/connect. */
export function connect(run: Run, argv: readonly string[]): void {
  const address = argv.slice(2).find((word) => /:\d+$/.test(word)) ?? '';
  const colon = address.lastIndexOf(':');
  const protocol = flag(argv, 'protocol') === 'udp' ? 'udp' : 'tcp';
  const timeoutMs = goMillis(flag(argv, 'timeout') ?? '1s');
  call(run, { host: address.slice(0, colon), port: Number(address.slice(colon + 1)), protocol, timeoutMs }, 'connect');
}

/** The end of `connect`. */
export function connected(run: Run, { ok, failure }: NetResponse): void {
  if (!ok) say(run, failure === 'refused' ? 'REFUSED' : failure === 'dns' ? 'DNS' : 'TIMEOUT');
  exit(run, ok ? 0 : 1);
}

/** What `nettest` has heard: host → how many times. */
export type Heard = Record<string, number>;

/** `nettest`: counts who wrote to it, and tells. Kubernetes: test/images/agnhost/nettest. */
export function nettest(run: Run, heard: Heard, { path, body }: Connect): Answer {
  const Hostname = hostOf(run);
  if (path.startsWith('/write')) {
    const from = /"Source"\s*:\s*"([^"]*)"/.exec(body)?.[1];
    if (from !== undefined) heard[from] = (heard[from] ?? 0) + 1;
    return reply(200, `${JSON.stringify({ Hostname })}\n`);
  }
  const state = { Hostname, Sent: {}, Received: heard, Errors: null, Log: [], StillContactingPeers: false };
  return reply(200, JSON.stringify(state, null, '\t'));
}

/** What `mounttest` writes into new files. */
const newContent = 'mount-tester new file\n';
/** Permissions that a new file can be asked for, in the order in which they are looked at. */
const newFileModes = ['0644', '0666', '0660', '0777'];
/** The magic number of ext4, for what does not live in memory. */
const ext4 = 61_267;

/** `-rw-r--r--`, as Go prints permissions. */
function permissions(mode: number, type = '-'): string {
  const letters = 'rwxrwxrwx';
  return type + [...letters].map((letter, i) => ((mode >> (8 - i)) & 1 ? letter : '-')).join('');
}

/** Lines of a text that is printed with an end of line after it. */
const printed = (run: Run, text: string): void => say(run, ...text.split('\n'));

function content(run: Run, path: string): boolean {
  const text = file(run, path);
  if (text === undefined) {
    say(run, `error reading file content for "${path}": open ${path}: no such file or directory`);
    return false;
  }
  printed(run, `content of file "${path}": ${text}`);
  return true;
}

/**
 * `mounttest`: tells what it finds at paths of volumes, and writes into them.
 * Kubernetes: test/images/agnhost/mounttest.
 */
export function mounttest(run: Run, argv: readonly string[]): void {
  const made = new Map<string, number>();
  let right = true;
  const at = (name: string, look: (path: string) => boolean | void): void => {
    const path = flag(argv, name);
    if (path && look(path) === false) right = false;
  };
  const modeAt = (path: string): number | undefined =>
    made.get(path) ?? (file(run, path) === undefined && !isDirectory(run, path) ? undefined : modeOf(run, path));
  const missing = (path: string, what: string): false => {
    say(run, `error from ${what}("${path}"): ${what.toLowerCase()} ${path}: no such file or directory`);
    return false;
  };
  at('fs_type', (path) => say(run, `mount type of "${path}": ${isInMemory(run, path) ? 'tmpfs' : ext4}`));
  for (const mode of newFileModes)
    at(`new_file_${mode}`, (path) => {
      const error = writeFile(run, path, newContent);
      if (error !== null) {
        say(run, `error writing new file "${path}": open ${path}: ${error.toLowerCase()}`);
        return false;
      }
      made.set(path, Number.parseInt(mode, 8));
      return content(run, path);
    });
  at('file_mode', (path) => {
    const mode = modeAt(path);
    if (mode === undefined) return missing(path, 'Lstat');
    say(run, `mode of file "${path}": ${permissions(mode, isDirectory(run, path) ? 'd' : '-')}`);
    return true;
  });
  at('file_perm', (path) => {
    const mode = modeAt(path);
    if (mode === undefined) return missing(path, 'Lstat');
    say(run, `perms of file "${path}": ${permissions(mode)}`);
    return true;
  });
  at('file_owner', (path) => say(run, `owner UID of "${path}": 0`, `owner GID of "${path}": 0`));
  at('file_content', (path) => content(run, path));
  if (flag(argv, 'file_content_in_loop')) lookAgain(run);
  else exit(run, right ? 0 : 1);
}

/** Reads the file of `--file_content_in_loop` again, every two seconds for so long as it was told. */
export function lookAgain(run: Run): void {
  const { argv } = run.server;
  const path = flag(argv, 'file_content_in_loop')!;
  const text = file(run, path);
  const until = run.container.startedAt + 1000 * Number(flag(argv, 'retry_time') ?? 180);
  if (text === undefined) say(run, `Error reading file ${path}: open ${path}: no such file or directory, retrying`);
  else printed(run, `content of file "${path}": ${text}`);
  const breaks = flag(argv, 'break_on_expected_content') !== 'false';
  if ((breaks && text === newContent) || run.ctx.now + 2000 >= until) exit(run, text === undefined ? 1 : 0);
  else timer(run, 2000, 'look');
}
