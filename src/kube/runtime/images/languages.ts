import type { Connect } from '../../network/net.ts';
import { accessLogTime } from '../clock.ts';
import { compute } from '../cpu.ts';
import { listDirectory } from '../files.ts';
import { defineImage, defineProgram, type Run } from '../program.ts';
import { environment, exit, file, listen, say, timer } from '../running.ts';
import { piDigits } from './pi.ts';
import { reply } from './server.ts';
import { releases } from './tags.ts';

/** Lines that a program of an interpreter prints, and when it is done with what code. */
interface Plan {
  /** Milliseconds before each step, and what it prints. */
  readonly steps: readonly { readonly afterMs: number; readonly line: string | null }[];
  readonly code: number;
}

/**
 * Reads what a one-liner of Python, Node or Ruby does in simple words: prints, sleeps, exits.
 * Simplified: it is not run; loops and calculations in it are passed over.
 */
export function planOf(code: string, env: Readonly<Record<string, string>>): Plan {
  const steps: { afterMs: number; line: string | null }[] = [];
  let waited = 0;
  let exitCode = 0;
  const index = env['JOB_COMPLETION_INDEX'];
  const patterns =
    /(?:print|console\.log|puts)\s*\(?\s*(?:f?"([^"]*)"|f?'([^']*)'|`([^`]*)`)|(?:time\.)?sleep\(\s*([\d.]+)|setTimeout\([^,]*,\s*(\d+)|(?:sys\.exit|process\.exit|exit)\(\s*(\d*)\s*\)|raise\s+(\w+)/g;
  // A test of the completion index: `== "2"`, `% 2 == 0`.
  const even = index !== undefined && /%\s*2\s*==\s*0/.test(code) ? Number(index) % 2 === 0 : null;
  const equal = index !== undefined ? /==\s*["'](\d+)["']/.exec(code)?.[1] : undefined;
  const exits: number[] = [];
  for (const m of code.matchAll(patterns)) {
    const text = m[1] ?? m[2] ?? m[3];
    if (text !== undefined) {
      steps.push({ afterMs: waited, line: text });
      waited = 0;
    } else if (m[4]) waited += Number(m[4]) * 1000;
    else if (m[5]) waited += Number(m[5]);
    else exits.push(m[7] ? 1 : Number(m[6] || 0));
  }
  if (exits.length === 1) exitCode = exits[0]!;
  else if (exits.length > 1) {
    const taken = even ?? (equal !== undefined ? equal === index : true);
    exitCode = taken ? exits[0]! : exits[1]!;
  }
  if (waited > 0) steps.push({ afterMs: waited, line: null });
  return { steps, code: exitCode };
}

interface ScriptState {
  readonly plan: Plan;
  step: number;
}

/** Goes on until the next pause of the plan, or to its end. */
function next(run: Run, state: ScriptState): void {
  const { steps, code } = state.plan;
  for (; state.step < steps.length; state.step++) {
    const { afterMs, line } = steps[state.step]!;
    if (afterMs > 0) return timer(run, afterMs, 'step');
    if (line !== null) say(run, line);
  }
  exit(run, code);
}

/** An interpreter with `-c` or `-e`, a server module, a script, or nothing. */
const interpreter = (name: string) =>
  defineProgram<ScriptState & { root: string }>({
    start(run, argv) {
      const none = { plan: { steps: [], code: 0 }, step: 0, root: '/' };
      const at = argv.findIndex((a) => a === '-c' || a === '-e' || a === '--eval');
      if (argv[1] === '-m' && argv[2] === 'http.server') {
        const port = Number(argv.slice(3).find((a) => /^\d+$/.test(a)) ?? 8000);
        listen(run, port);
        say(run, `Serving HTTP on 0.0.0.0 port ${port} (http://0.0.0.0:${port}/) ...`);
        return { ...none, root: run.container.config.workingDir ?? '/' };
      }
      if (at > 0) {
        const code = argv[at + 1] ?? '';
        const port = /listen\((\d+)/.exec(code)?.[1];
        if (port) {
          listen(run, Number(port));
          return none;
        }
        const state = { ...none, plan: planOf(code, environment(run)) };
        begin(run, state);
        return state;
      }
      if (argv[1] === '--version' || argv[1] === '-V') say(run, name === 'node' ? 'v22.20.0' : 'Python 3.13.7');
      else if (argv[1] !== undefined && !argv[1].startsWith('-')) return script(run, name, argv[1], none);
      // Without input an interpreter finds the end of its standard input and is done.
      exit(run, 0);
      return none;
    },
    timer(run, state, name) {
      if (name === 'step') {
        const { line } = state.plan.steps[state.step++]!;
        if (line !== null) say(run, line);
      }
      next(run, state);
    },
    request(run, { root }, connect) {
      return pageOf(run, root, connect);
    },
  });

function script(
  run: Run,
  name: string,
  path: string,
  none: ScriptState & { root: string },
): ScriptState & { root: string } {
  const code = file(run, path.startsWith('/') ? path : `${run.container.config.workingDir ?? ''}/${path}`);
  if (code === undefined) {
    say(
      run,
      name === 'node'
        ? `Error: Cannot find module '${path}'`
        : `${name}: can't open file '${path}': [Errno 2] No such file or directory`,
    );
    exit(run, name === 'node' ? 1 : 2);
    return none;
  }
  const port = /(?:listen\(|port\s*=\s*|PORT\s*=\s*)(\d+)/.exec(code)?.[1];
  if (port) {
    listen(run, Number(port));
    return none;
  }
  const state = { ...none, plan: planOf(code, environment(run)) };
  begin(run, state);
  return state;
}

/** The first steps happen at once; an exit there must not come before the program has its state: so by a timer. */
const begin = (run: Run, _state: ScriptState): void => timer(run, 0, 'begin');

function pageOf(run: Run, root: string, { path, method, clientIp }: Connect): ReturnType<typeof reply> {
  const target = `${root.replace(/\/$/, '')}${path.split('?')[0]}`;
  const names = listDirectory(run, target.replace(/\/$/, '') || '/');
  const body =
    file(run, target) ??
    file(run, `${target}index.html`) ??
    (names ? `<ul>\n${names.map((n) => `<li>${n}</li>\n`).join('')}</ul>\n` : undefined);
  const status = body === undefined ? 404 : 200;
  return {
    ...reply(status, body ?? 'File not found\n', 0.5),
    log: `${clientIp} - - [${accessLogTime(run.ctx.now)}] "${method} ${path} HTTP/1.1" ${status} -`,
  };
}

/** perl: knows π. 2,000 digits take about 4 s of a core. */
const perlProgram = defineProgram<{ digits: number }>({
  start(run, argv) {
    const digits = Number(/bpi\((\d+)\)/.exec(argv.join(' '))?.[1] ?? 0);
    if (digits === 0) {
      const print = /print\s+["']([^"']*)["']/.exec(argv.join(' '))?.[1];
      if (print !== undefined) say(run, print.replace(/\\n$/, ''));
      exit(run, 0);
    } else compute(run.ctx, run.memory, run.container, digits * 2, run.server.pid);
    return { digits };
  },
  timer(run, { digits }) {
    say(run, piDigits(digits));
    exit(run, 0);
  },
});

const interpreterImage = (
  names: readonly string[],
  commands: readonly string[],
  hasTag: (tag: string) => boolean,
  sizeMB: number,
  cmd: string,
) =>
  defineImage({
    names,
    hasTag,
    sizeMB,
    entrypoint: names[0] === 'node' ? ['docker-entrypoint.sh'] : [],
    wrappers: ['docker-entrypoint.sh'],
    cmd: [cmd],
    memoryMB: 12,
    shell: 'bash',
    tools: ['curl', 'wget'],
    programs: Object.fromEntries(commands.map((command) => [command, interpreter(command)])),
  });

const variants = [
  'alpine',
  'alpine3.\\d+',
  'slim',
  'bookworm',
  'bullseye',
  'buster',
  'slim-bookworm',
  'slim-bullseye',
  'bookworm-slim',
  'bullseye-slim',
  'buster-slim',
  'trixie',
  'slim-trixie',
  'trixie-slim',
];

/** perl, python, node, ruby: they print, sleep, exit and serve files. */
export const languageImages = [
  defineImage({
    names: ['perl'],
    hasTag: releases(
      { '5': 42, '5.26': 3, '5.28': 3, '5.30': 3, '5.32': 1, '5.34': 3, '5.36': 3, '5.38': 5, '5.40': 3, '5.42': 0 },
      [...variants, 'slim-threaded', 'threaded'],
    ),
    sizeMB: 350,
    entrypoint: [],
    cmd: ['perl'],
    memoryMB: 12,
    shell: 'bash',
    programs: { perl: perlProgram },
  }),
  interpreterImage(
    ['python', 'gcr.io/distroless/python3-debian12', 'circleci/python'],
    ['python', 'python3'],
    releases(
      {
        '2': 7,
        '3': 14,
        '2.7': 18,
        '3.4': 10,
        '3.5': 10,
        '3.6': 15,
        '3.7': 17,
        '3.8': 20,
        '3.9': 25,
        '3.10': 20,
        '3.11': 15,
        '3.12': 13,
        '3.13': 11,
        '3.14': 2,
      },
      variants,
      ['rc', 'rc-slim', 'rc-alpine'],
    ),
    360,
    'python3',
  ),
  interpreterImage(
    ['node', 'gcr.io/distroless/nodejs20-debian11', 'gcr.io/distroless/nodejs20-debian12'],
    ['node', 'nodejs'],
    (tag) => /^(latest|lts|current|lts-\w+|alpine|slim|[4-9]|1\d|2[0-5])(\.\d+){0,2}(-[\w.-]+)?$/.test(tag),
    380,
    'node',
  ),
  interpreterImage(
    ['ruby'],
    ['ruby', 'irb'],
    (tag) => /^(latest|[23](\.\d+){0,2}|alpine|slim)(-[\w.-]+)?$/.test(tag),
    350,
    'irb',
  ),
];

/** hello-world prints its text and is done. */
export const helloWorld = defineImage({
  names: ['hello-world'],
  hasTag: (tag) => tag === 'latest' || tag === 'linux',
  sizeMB: 0.01,
  entrypoint: [],
  cmd: ['/hello'],
  memoryMB: 1,
  shell: 'none',
  programs: {
    hello: defineProgram({
      start(run) {
        say(
          run,
          '',
          'Hello from Docker!',
          'This message shows that your installation appears to be working correctly.',
          '',
        );
        exit(run, 0);
        return null;
      },
    }),
  },
});

/** Jobs and sidecars of well-known books. */
export const bookImages = [
  defineImage({
    names: ['luksa/batch-job'],
    hasTag: () => true,
    sizeMB: 2,
    entrypoint: ['/main.sh'],
    cmd: [],
    memoryMB: 1,
    shell: 'ash',
    programs: {
      'main.sh': defineProgram({
        start(run) {
          say(run, 'Batch job starting');
          timer(run, 120_000, 'done');
          return null;
        },
        timer(run) {
          say(run, 'Finished succesfully');
          exit(run, 0);
        },
      }),
    },
  }),
  defineImage({
    names: ['bitnami/os-shell', 'luksa/quiz-initdb-script-installer'],
    hasTag: () => true,
    sizeMB: 20,
    entrypoint: ['/job'],
    cmd: [],
    memoryMB: 8,
    shell: 'ash',
    programs: {
      job: defineProgram({
        start(run) {
          timer(run, 1000, 'done');
          return null;
        },
        timer: (run) => exit(run, 0),
      }),
    },
  }),
];
