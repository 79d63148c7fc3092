import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import schema from '../generated/schema.json' with { type: 'json' };
import { kubeconfigOf, serveApi, type Served } from '../hosts/node/serve.ts';
import { handInSchemas, type Definitions } from '../kube/kubectl/index.ts';
import { createSession, type Session } from '../session/index.ts';
import { parseCondition, parseDuration } from './measure.ts';
import { faultOf } from './transcript.ts';

/** What a kubectl printed and how it ended. */
export interface Printed {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

/** One line that both have run. */
export interface Compared {
  readonly line: string;
  readonly ours: Printed;
  readonly theirs: Printed;
  readonly equal: boolean;
}

/** A kubectl of this machine. */
export interface RealKubectl {
  readonly path: string;
  /** `v1.36.4`. */
  readonly version: string;
}

/** The kubectl to compare with: the environment's KUBECTL, or the first on PATH; undefined where there is none. */
export function findKubectl(): RealKubectl | undefined {
  const path = process.env['KUBECTL'] || 'kubectl';
  const { status, stdout } = spawnSync(path, ['version', '--client', '-o', 'json'], { encoding: 'utf8' });
  if (status !== 0) return undefined;
  const { clientVersion } = JSON.parse(stdout) as { clientVersion: { gitVersion: string } };
  return { path, version: clientVersion.gitVersion };
}

const nodes = 3;
const seed = 1;
/** Virtual time before the first line: as the server takes it. */
const bootMs = 20_000;
/** Longest that a line of ours may take, virtual milliseconds. */
const longestMs = 1_800_000;
/** Wall time in which a line ends that waits for nothing; then the server's clock begins to run. */
const patienceMs = 900;
/** Wall time after which a line is ended. */
const hangMs = 25_000;
/** Virtual time that passes per wall time while a line waits. */
const waitingSpeed = 40;

/**
 * Plays a transcript (see transcript.ts; what it expects is passed over) with the real kubectl over HTTP and with ours
 * in-process, on two clusters of one seed, and compares line by line. Time stands in both while a line runs that waits for
 * nothing, so that ages agree. Lines that run in the background are left out.
 */
export async function compareTranscript(text: string, kubectl: RealKubectl): Promise<readonly Compared[]> {
  handInSchemas(schema.definitions as unknown as Definitions);
  const world = { seed, nodes };
  const failed = (error: unknown): void => {
    throw error;
  };
  const served = await serveApi({ run: { world, journal: [] }, speed: 0, port: 0, host: '127.0.0.1', failed });
  const ours = createSession({ world, journal: [] });
  ours.advance(bootMs);
  const folder = mkdtempSync(join(tmpdir(), 'kubectl-'));
  try {
    writeFileSync(join(folder, 'config'), kubeconfigOf(served.url));
    return await play(text, { kubectl, folder, served, ours });
  } finally {
    await served.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Pair {
  readonly kubectl: RealKubectl;
  readonly folder: string;
  readonly served: Served;
  readonly ours: Session;
}

async function play(text: string, pair: Pair): Promise<readonly Compared[]> {
  const { ours, served, folder } = pair;
  const theirs = served.session;
  const files: Record<string, string> = {};
  const compared: Compared[] = [];
  const lines = text.split('\n');
  const run = ourKubectl(ours);
  const sync = (): void => {
    const until = Math.max(ours.now, theirs.now);
    ours.advance(until);
    theirs.advance(until);
  };
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i]!;
    if (line.startsWith('> file ')) {
      const name = line.slice(7).trim();
      const end = lines.indexOf('EOF', i + 1);
      files[name] = `${lines.slice(i + 1, end).join('\n')}\n`;
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), files[name]);
      i = end;
    } else if (line.startsWith('> ')) {
      direct(line.slice(2).trim().split(/\s+/), pair);
      sync();
    } else if (/^\$ kubectl( |$)/.test(line) && !line.endsWith('&')) {
      const heredoc = /\s*<<\s*'?(\w+)'?$/.exec(line);
      const command = line.replace(/^\$ kubectl ?/, '').slice(0, heredoc ? -heredoc[0].length : undefined);
      let stdin = '';
      if (heredoc) {
        const end = lines.indexOf(heredoc[1]!, i + 1);
        stdin = `${lines.slice(i + 1, end).join('\n')}\n`;
        i = end;
      }
      const mine = run(command, { ...files }, stdin);
      const real = await theirKubectl(pair, command, stdin);
      compared.push(comparison(command, mine, real, pair.kubectl.version));
      sync();
    }
  }
  return compared;
}

/** Time and what happens to the cluster come to both. Conditions are waited for in ours. */
function direct([verb = '', ...rest]: readonly string[], { ours, served }: Pair): void {
  const both = [ours, served.session];
  const argument = rest.join(' ');
  if (verb === 'advance') for (const session of both) session.advance(session.now + parseDuration(argument));
  else if (verb === 'until') {
    const [condition = '', limit = '10m'] = argument.split(' within ');
    const wanted = parseCondition(condition);
    const end = ours.now + parseDuration(limit);
    while (!wanted.holds(ours) && !ours.advance(end, 1));
  } else if (verb === 'fault')
    for (const session of both) session.input({ type: 'fault', fault: faultOf(session, rest) });
  else if (verb === 'traffic') {
    const [name = 'users', url = '', rps = '0'] = rest;
    const source = { name, url, rps: Number(rps), from: 'outside', timeoutMs: 2000 } as const;
    for (const session of both) session.input({ type: 'traffic', source });
  }
}

function ourKubectl(session: Session): (line: string, files: Record<string, string>, stdin: string) => Printed {
  const printed = new Map<number, { stdout: string; stderr: string; exitCode?: number }>();
  session.onObservation = (observation) => {
    if (observation.type !== 'output' && observation.type !== 'result') return;
    const { stdout = '', stderr = '' } = printed.get(observation.id) ?? {};
    printed.set(observation.id, {
      stdout: stdout + observation.stdout,
      stderr: stderr + observation.stderr,
      ...(observation.type === 'result' && { exitCode: observation.exitCode }),
    });
  };
  return (line, files, stdin) => {
    const id = session.injected;
    session.input({ type: 'kubectl', line, files, stdin });
    const end = session.now + longestMs;
    while (printed.get(id)?.exitCode === undefined && !session.advance(end, 1));
    const { stdout = '', stderr = '', exitCode = -1 } = printed.get(id) ?? {};
    return { stdout, stderr, exitCode };
  };
}

/** Runs the real one in a shell, so that quotes mean what they mean there. */
function theirKubectl({ kubectl, folder, served }: Pair, line: string, stdin: string): Promise<Printed> {
  const env = { PATH: process.env['PATH'], HOME: folder, KUBECONFIG: join(folder, 'config'), K: kubectl.path };
  const child = spawn('/bin/sh', ['-c', `exec "$K" ${line}`], { cwd: folder, env });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (piece: Buffer) => void (stdout += piece.toString()));
  child.stderr.on('data', (piece: Buffer) => void (stderr += piece.toString()));
  child.stdin.on('error', () => {});
  child.stdin.end(stdin);
  const stepMs = 10;
  let clock: ReturnType<typeof setInterval> | undefined;
  const patience = setTimeout(() => {
    clock = setInterval(() => served.session.advance(served.session.now + stepMs * waitingSpeed), stepMs);
  }, patienceMs);
  const hang = setTimeout(() => child.kill('SIGKILL'), hangMs);
  return new Promise((resolve) => {
    child.on('close', (code) => {
      clearTimeout(patience);
      clearTimeout(hang);
      clearInterval(clock);
      resolve({ stdout, stderr, exitCode: code ?? -1 });
    });
  });
}

function comparison(line: string, ours: Printed, theirs: Printed, version: string): Compared {
  const [a, b] = [ours, theirs].map(({ stdout, stderr, exitCode }) => ({
    stdout: plain(stdout, version),
    stderr: plain(stderr, version),
    exitCode,
  })) as [Printed, Printed];
  // What kubectl works out by its own clock is not this cluster's time.
  const told = /^(?:describe|events) /.test(`${line} `) ? withoutAges : (text: string): string => text;
  const equal = told(a.stdout) === told(b.stdout) && a.stderr === b.stderr && a.exitCode === b.exitCode;
  return { line, ours: a, theirs: b, equal };
}

/** Without ages, and without the widths of columns, which follow from them. */
const withoutAges = (text: string): string =>
  text
    .replaceAll(/(?<=\s|^)(?:\d+[dhms])+(?: \(x(\d+) over (?:\d+[dhms])+\))?(?=\s)/gm, '<age $1>')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:]+Z/g, '<time>')
    .replaceAll(/-{3,}/g, '--')
    .replaceAll(/ {2,}/g, '  ');

/** What a kubectl before the given minor version words otherwise: left out of both. */
const newerWords: readonly (readonly [before: number, words: RegExp])[] = [[34, /(?<= deleted) from \S+ namespace/g]];

/** Without what differs from run to run: uids and the server's address. */
function plain(text: string, version: string): string {
  const minor = Number(/^v1\.(\d+)/.exec(version)?.[1] ?? 0);
  return newerWords
    .filter(([before]) => minor < before)
    .reduce((told, [, words]) => told.replaceAll(words, ''), text)
    .replaceAll(/\b[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, '<uid>')
    .replaceAll(/debugger-[a-z0-9]{5}\b/g, 'debugger-<random>')
    .replaceAll(/https?:\/\/127\.0\.0\.1:\d+/g, '<server>')
    .replaceAll(/\/tmp\/kubectl-\w+|\/home\/you/g, '<home>')
    .replaceAll(/\/root\/\.kube/g, '<home>/.kube')
    .replaceAll(/v1\.36\.\d+/g, 'v1.36');
}

/** How a difference reads in a report. */
export function differenceOf({ line, ours, theirs }: Compared): string {
  const part = (name: string, a: string, b: string): string =>
    a === b ? '' : `  ${name}, theirs:\n${indented(b)}\n  ${name}, ours:\n${indented(a)}\n`;
  const code =
    ours.exitCode === theirs.exitCode ? '' : `  exit code, theirs ${theirs.exitCode}, ours ${ours.exitCode}\n`;
  return `$ kubectl ${line}\n${part('stdout', ours.stdout, theirs.stdout)}${part('stderr', ours.stderr, theirs.stderr)}${code}`;
}

const indented = (text: string): string =>
  text
    .split('\n')
    .map((line) => `    |${line}`)
    .join('\n');
