import type { Connect } from '../../network/net.ts';
import { defineImage, defineProgram, type Answer, type ImageProgram, type Program, type Run } from '../program.ts';
import { behaviourChanged, drain, exit, listen, say, timer } from '../running.ts';
import { anyTag } from './tags.ts';

/** A server in a few words: most images are no more to a cluster. */
export interface ServerTraits {
  /** Ports it listens on; a function reads them from the environment or arguments. */
  readonly ports: readonly number[] | ((run: Run, argv: readonly string[]) => readonly number[]);
  /** What it answers: text for 200, or a whole answer. */
  readonly answer?: (run: Run, connect: Connect, count: number) => string | Answer;
  /** CPU of a request in core-ms. */
  readonly cpuMs?: number;
  /** Time from its start until it listens. */
  readonly startMs?: number;
  /** A refusal to start: lines and exit code. */
  readonly refuses?: (
    run: Run,
    argv: readonly string[],
  ) => { readonly lines: readonly string[]; readonly code: number } | null;
  /** Lines at the start, and when it listens. */
  readonly lines?: (run: Run, argv: readonly string[]) => readonly string[];
  readonly readyLines?: (run: Run, argv: readonly string[]) => readonly string[];
  /** On SIGTERM: an exit code at once, `drain` first finishes what it has begun, `ignore` waits for SIGKILL. */
  readonly term?: number | 'drain' | 'ignore';
}

interface ServerState {
  readonly argv: readonly string[];
  /** Requests answered so far. */
  count: number;
}

const portsOf = (traits: ServerTraits, run: Run, argv: readonly string[]): readonly number[] =>
  typeof traits.ports === 'function' ? traits.ports(run, argv) : traits.ports;

function open(traits: ServerTraits, run: Run, argv: readonly string[]): void {
  const ports = portsOf(traits, run, argv);
  if (!listen(run, ...ports)) {
    say(run, `listen tcp :${ports[0]}: bind: address already in use`);
    return exit(run, 1);
  }
  if (traits.readyLines) say(run, ...traits.readyLines(run, argv));
}

/** Makes a program of traits. */
export function server(traits: ServerTraits): Program {
  return defineProgram<ServerState>({
    start(run, argv) {
      const refusal = traits.refuses?.(run, argv);
      if (refusal) {
        say(run, ...refusal.lines);
        exit(run, refusal.code);
        return { argv, count: 0 };
      }
      if (traits.lines) say(run, ...traits.lines(run, argv));
      if (traits.startMs) timer(run, traits.startMs, 'ready');
      else open(traits, run, argv);
      return { argv, count: 0 };
    },
    request(run, state, connect) {
      state.count++;
      const answer = traits.answer?.(run, connect, state.count) ?? 'OK\n';
      return typeof answer === 'string' ? { status: 200, body: answer, cpuMs: traits.cpuMs ?? 0.3 } : answer;
    },
    timer(run, state, name) {
      if (name !== 'ready') return;
      open(traits, run, state.argv);
      behaviourChanged(run);
    },
    ...(traits.term === 'ignore'
      ? {}
      : {
          signal(run, _state, signal) {
            if (signal === 'HUP') return;
            if (traits.term === 'drain' || signal === 'QUIT' || signal === 'WINCH')
              drain(run, traits.term === 'drain' ? 0 : ((traits.term as number | undefined) ?? 0));
            else exit(run, (traits.term as number | undefined) ?? 0);
          },
        }),
  });
}

/** An image whose whole content is one server. */
export function serverImage(
  names: readonly string[],
  traits: ServerTraits,
  rest: Partial<ImageProgram> & { readonly program?: string } = {},
): ImageProgram {
  const { program = 'server', ...image } = rest;
  return defineImage({
    names,
    hasTag: anyTag,
    sizeMB: 40,
    entrypoint: [`/${program}`],
    cmd: [],
    memoryMB: 12,
    shell: 'ash',
    programs: { [program]: server(traits) },
    ...(typeof traits.ports === 'function' ? {} : { ports: traits.ports }),
    ...image,
  });
}

/** Pod name, as programs see it. */
export const hostOf = (run: Run): string => run.pod.config.hostname;

/** Tag of the image that the container runs. */
export const tagOf = (run: Run): string => {
  const { image } = run.container.config;
  const colon = image.lastIndexOf(':');
  return colon > image.lastIndexOf('/') ? image.slice(colon + 1) : 'latest';
};

/** A plain answer. */
export const reply = (status: number, body: string, cpuMs = 0.3): Answer => ({ status, body, cpuMs });

/** Value of `-name=value`, `--name=value`, `--name value`. */
export function flag(argv: readonly string[], name: string): string | undefined {
  for (const [i, arg] of argv.entries()) {
    const bare = arg.replace(/^--?/, '');
    if (bare === arg) continue;
    if (bare === name) return argv[i + 1] ?? '';
    if (bare.startsWith(`${name}=`)) return bare.slice(name.length + 1);
  }
  return undefined;
}
