import type { Fault, TrafficSource } from '../protocol/index.ts';
import { createSession, type Session } from '../session/index.ts';
import { parseCondition, parseDuration, type Condition } from './measure.ts';

/**
 * A transcript is a terminal session with its expected output, played on a fresh cluster:
 *
 *   # Words about it; `# nodes: 3` and `# seed: 1` set the cluster, `# verified: v1.36.2` or `# unverified` its standing.
 *   > file web.yaml                     the lines up to a line `EOF` become a file for `-f`
 *   $ kubectl apply -f web.yaml         what follows, up to the next command, is what must be printed
 *   > advance 30s                       lets virtual time pass
 *   > until rolledOut(web) == 1 within 2m
 *   > always ready(app=web) >= 8        checked after every event from here on; `> always` alone ends all
 *   > check failed(users) == 0
 *   > traffic users http://web 40       a source of requests (per second) from outside; 0 stops it
 *   > fault node-crash node-2           as the fault menu does; container faults name ns/pod
 *   $ kubectl get pods -w &             runs in the background; what it prints is shown by the next of these two:
 *   $ ^C                                ends it
 *   $ wait                              waits until it has ended
 */
export interface Played {
  /** The transcript with the output that was really printed. */
  readonly text: string;
  readonly failures: readonly string[];
}

/** Plays a transcript's text. Broken expectations are failures with their line number; nothing is thrown for them. */
export function playTranscript(text: string): Played {
  const lines = text.split('\n');
  const setting = (name: string, otherwise: number): number => {
    const found = lines.find((line) => line.startsWith(`# ${name}:`));
    return found ? Number(found.split(':')[1]) : otherwise;
  };
  const session = createSession({ world: { seed: setting('seed', 1), nodes: setting('nodes', 3) }, journal: [] });
  session.advance(5000);
  const player = createPlayer(session);
  const played: string[] = [];
  for (let i = 0; i < lines.length;) {
    const line = lines[i]!;
    if (line.startsWith('$ ')) {
      const start = i;
      const end = expectedEnd(lines, i + 1);
      const heredoc = /<<\s*'?(\w+)'?$/.exec(line);
      let from = i + 1;
      let stdin = '';
      if (heredoc) {
        const close = lines.indexOf(heredoc[1]!, i + 1);
        stdin = `${lines.slice(i + 1, close).join('\n')}\n`;
        from = close + 1;
      }
      const printed = player.run(line.replace(/\s*<<\s*'?\w+'?$/, ''), stdin);
      const last = Math.max(expectedEnd(lines, from), from);
      const expected = trimBlank(lines.slice(from, last));
      if (withoutUids(expected) !== withoutUids(printed))
        player.fail(start, `printed\n${indent(printed)}\n  instead of\n${indent(expected)}`);
      played.push(...lines.slice(start, from), ...printed, ...blankTail(lines.slice(from, last)));
      i = Math.max(last, end > from ? last : from);
      continue;
    }
    if (line.startsWith('> file ')) {
      const close = lines.indexOf('EOF', i + 1);
      if (close < 0) throw new Error(`line ${i + 1}: a file without its EOF`);
      player.files[line.slice(7).trim()] = `${lines.slice(i + 1, close).join('\n')}\n`;
      played.push(...lines.slice(i, close + 1));
      i = close + 1;
      continue;
    }
    if (line.startsWith('> ')) player.direct(i, line.slice(2).trim());
    else if (line.trim() !== '' && !line.startsWith('#')) player.fail(i, `neither a command nor a direction: ${line}`);
    played.push(line);
    i++;
  }
  return { text: played.join('\n'), failures: player.failures };
}

/** Uids are chance: which they are is not what a transcript is about. */
const withoutUids = (lines: readonly string[]): string =>
  lines.join('\n').replaceAll(/\b[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, '<uid>');

const indent = (lines: readonly string[]): string => lines.map((line) => `    ${line}`).join('\n');

/** Index of the first line from `from` on that begins something new. */
function expectedEnd(lines: readonly string[], from: number): number {
  let i = from;
  while (i < lines.length && !/^([$>#] |#$)/.test(lines[i]!)) i++;
  return i;
}

const trimBlank = (lines: readonly string[]): string[] => lines.slice(0, lines.length - blankTail(lines).length);

/** The blank lines that only set a block off from the next. */
function blankTail(lines: readonly string[]): string[] {
  let i = lines.length;
  while (i > 0 && lines[i - 1]!.trim() === '') i--;
  return lines.slice(i);
}

interface Player {
  readonly files: Record<string, string>;
  readonly failures: string[];
  run(command: string, stdin: string): string[];
  direct(line: number, words: string): void;
  fail(line: number, sentence: string): void;
}

function createPlayer(session: Session): Player {
  const files: Record<string, string> = {};
  const failures: string[] = [];
  let always: { condition: Condition; line: number }[] = [];
  const fail = (line: number, sentence: string): void => void failures.push(`line ${line + 1}: ${sentence}`);

  /** Lets time pass event by event while conditions are watched; stops early when `until` holds. */
  const pass = (ms: number, until?: Condition): boolean => {
    const end = session.now + ms;
    if (always.length === 0 && !until) {
      session.advance(end);
      return true;
    }
    for (;;) {
      if (until?.holds(session)) return true;
      const done = session.advance(end, 1);
      for (const { condition, line } of always) {
        if (condition.holds(session)) continue;
        fail(line, `not always ${condition.text}: it is ${condition.value(session)} at ${session.now} ms`);
        always = always.filter((a) => a.condition !== condition);
      }
      if (done) return until ? until.holds(session) : true;
    }
  };

  /** What lines have printed that have not been shown yet, and the results of those that have ended, by input. */
  const printed = new Map<number, { text: string; ended: boolean }>();
  session.onObservation = (observation) => {
    if (observation.type !== 'output' && observation.type !== 'result') return;
    const { id, stdout, stderr } = observation;
    const text = (printed.get(id)?.text ?? '') + stdout + stderr;
    printed.set(id, { text, ended: observation.type === 'result' });
  };
  const begin = (line: string, stdin: string): number => {
    const id = session.injected;
    session.input({ type: 'kubectl', line, files: { ...files }, stdin });
    return id;
  };
  const hasEnded = (id: number): Condition => ({
    text: 'the command to end',
    value: () => 0,
    holds: () => printed.get(id)?.ended === true,
  });
  let background: number | undefined;

  return {
    files,
    failures,
    fail,
    run(command, stdin) {
      const line = command.replace(/^\$ /, '').replace(/^kubectl\s+/, '');
      let id: number;
      if (line === '^C' || line === 'wait') {
        if (background === undefined) throw new Error(`${line}: nothing runs in the background`);
        id = background;
        if (line === '^C') session.input({ type: 'interrupt', line: id });
      } else if (line.endsWith('&')) {
        background = begin(line.slice(0, -1).trim(), stdin);
        return [];
      } else id = begin(line, stdin);
      pass(longestMs, hasEnded(id));
      const { text = '' } = printed.get(id) ?? {};
      return text === '' ? [] : trimBlank(text.split('\n'));
    },
    direct(line, words) {
      const [verb = '', ...rest] = words.replace(/^(\w+):/, '$1').split(/\s+/);
      const argument = rest.join(' ');
      switch (verb) {
        case 'advance':
          pass(parseDuration(argument));
          return;
        case 'until': {
          const [condition = '', limit = '10m'] = argument.split(' within ');
          const wanted = parseCondition(condition);
          if (!pass(parseDuration(limit), wanted))
            fail(line, `${wanted.text} did not come within ${limit}: it is ${wanted.value(session)}`);
          return;
        }
        case 'always':
          if (argument) always.push({ condition: parseCondition(argument), line });
          else always = [];
          return;
        case 'check': {
          const condition = parseCondition(argument);
          if (!condition.holds(session)) fail(line, `not ${condition.text}: it is ${condition.value(session)}`);
          return;
        }
        case 'traffic': {
          const [name = 'users', url = '', rps = '0'] = rest;
          const source: TrafficSource = { name, url, rps: Number(rps), from: 'outside', timeoutMs: 2000 };
          session.input({ type: 'traffic', source });
          return;
        }
        case 'fault':
          session.input({ type: 'fault', fault: faultOf(session, rest) });
          return;
        default:
          fail(line, `unknown direction: ${verb}`);
      }
    },
  };
}

/** Longest that a command may take, milliseconds. */
const longestMs = 1_800_000;

/** `node-crash node-2`, `container-crash default/web-1`, `process-stop kube-scheduler`, `image-missing nginx`. */
export function faultOf(session: Session, [name = '', target = '']: readonly string[]): Fault {
  if (name.startsWith('container-')) {
    const [namespace, pod] = target.includes('/') ? target.split('/') : ['default', target];
    return { fault: name, namespace, pod } as Fault;
  }
  const field = name.startsWith('node-') ? 'node' : name.startsWith('image-') ? 'image' : 'process';
  return { fault: name, [field]: target } as unknown as Fault;
}
