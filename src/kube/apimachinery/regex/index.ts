/**
 * Regular expressions of scripts and manifests. The language's own go back and try again, and a short one can keep the
 * worker for ever (`(a+)+$`); this one walks all ways at once and reads every sign once (Pike's machine): time is text ×
 * expression, whoever wrote it. Simplified: of several matches at one place the first alternative wins, not the longest.
 */
import { isWord, parse, RegexError, type Node, type Place } from './parse.ts';

export { RegexError } from './parse.ts';

/** What was found. `groups[0]` is all of it; a group that took no part is undefined. */
export interface Match {
  readonly index: number;
  readonly groups: readonly (string | undefined)[];
}

/** An expression that was read. */
export interface Regex {
  /** The first match at or after `from`. */
  exec(text: string, from?: number): Match | null;
  test(text: string): boolean;
  /** All matches, one after the other. */
  all(text: string): Match[];
  /** The text with its first match, or all, replaced. */
  replace(text: string, by: (match: Match) => string, all?: boolean): string;
}

type Step =
  | { readonly do: 'sign'; fits(sign: string): boolean }
  | { readonly do: 'at'; readonly place: Place }
  | { readonly do: 'save'; readonly slot: number }
  /** Goes on at both; the first one is preferred. */
  | { readonly do: 'fork'; first: number; second: number }
  | { readonly do: 'end' };

/** Steps of a program, and steps of one search: what is larger is refused, and what takes longer finds nothing. */
const mostSteps = 4000;
const mostWork = 20_000_000;

/** Reads an expression in the extended syntax. Throws `RegexError`. */
export function regex(source: string, { ignoreCase = false } = {}): Regex {
  const { tree, groups } = parse(source, ignoreCase);
  const program = programOf(tree);
  const exec = (text: string, from = 0): Match | null => search(program, groups, text, from);
  const all = (text: string): Match[] => {
    const found: Match[] = [];
    for (let at = 0, m = exec(text, at); m; m = at > text.length ? null : exec(text, at)) {
      found.push(m);
      const end = m.index + m.groups[0]!.length;
      at = end > m.index ? end : end + 1;
    }
    return found;
  };
  return {
    exec,
    all,
    test: (text) => exec(text) !== null,
    replace(text, by, every = false) {
      const first = every ? null : exec(text);
      const found = every ? all(text) : first ? [first] : [];
      let out = '';
      let at = 0;
      for (const m of found) {
        out += text.slice(at, m.index) + by(m);
        at = m.index + m.groups[0]!.length;
      }
      return out + text.slice(at);
    },
  };
}

function programOf(tree: Node): readonly Step[] {
  const program: Step[] = [];
  const add = (step: Step): number => {
    if (program.length >= mostSteps) throw new RegexError('too big');
    return program.push(step) - 1;
  };
  const fork = (): { do: 'fork'; first: number; second: number } => {
    const step = { do: 'fork' as const, first: 0, second: 0 };
    add(step);
    return step;
  };
  /** One way through `of`, the other one past it. */
  const aim = (step: ReturnType<typeof fork>, into: number, past: number, lazy: boolean): void =>
    void Object.assign(step, lazy ? { first: past, second: into } : { first: into, second: past });

  const repeat = ({ of, least, most, lazy }: Extract<Node, { is: 'repeat' }>): void => {
    for (let i = 0; i < least; i++) emit(of);
    if (most === Infinity) {
      const at = program.length;
      const step = fork();
      emit(of);
      const back = fork();
      Object.assign(back, { first: at, second: at });
      aim(step, at + 1, program.length, lazy);
      return;
    }
    const steps: [ReturnType<typeof fork>, number][] = [];
    for (let i = least; i < most; i++) {
      steps.push([fork(), program.length]);
      emit(of);
    }
    for (const [step, into] of steps) aim(step, into, program.length, lazy);
  };

  const choose = (of: readonly Node[]): void => {
    const ends: ReturnType<typeof fork>[] = [];
    of.forEach((node, i) => {
      if (i === of.length - 1) return emit(node);
      const step = fork();
      const into = program.length;
      emit(node);
      ends.push(fork());
      aim(step, into, program.length, false);
    });
    for (const end of ends) Object.assign(end, { first: program.length, second: program.length });
  };

  function emit(node: Node): void {
    switch (node.is) {
      case 'sign':
        add({ do: 'sign', fits: (sign) => node.fits(sign) });
        return;
      case 'at':
        add({ do: 'at', place: node.place });
        return;
      case 'sequence':
        return node.of.forEach(emit);
      case 'choice':
        return choose(node.of);
      case 'repeat':
        return repeat(node);
      case 'group':
        add({ do: 'save', slot: node.number * 2 });
        emit(node.of);
        add({ do: 'save', slot: node.number * 2 + 1 });
    }
  }

  emit(tree);
  add({ do: 'end' });
  return program;
}

/** A way that is walked: where it stands, and where its groups begin and end. */
interface Way {
  readonly step: number;
  readonly slots: readonly number[];
}

function search(program: readonly Step[], groups: number, text: string, from: number): Match | null {
  const seen = new Int32Array(program.length).fill(-1);
  const fresh: readonly number[] = Array.from({ length: groups * 2 + 2 }, () => -1);
  let work = 0;

  /** Follows what reads no sign; each step once per place, the preferred way first. */
  const follow = (begin: Way, at: number, into: Way[]): void => {
    const open = [begin];
    for (let way = open.pop(); way; way = open.pop()) {
      const { step, slots } = way;
      if (seen[step] === at) continue;
      seen[step] = at;
      work++;
      const told = program[step]!;
      if (told.do === 'fork') open.push({ step: told.second, slots }, { step: told.first, slots });
      else if (told.do === 'save') open.push({ step: step + 1, slots: slots.with(told.slot, at) });
      else if (told.do !== 'at') into.push(way);
      else if (isAt(told.place, text, at)) open.push({ step: step + 1, slots });
    }
  };

  let ways: Way[] = [];
  let best: readonly number[] | null = null;
  for (let at = from; work < mostWork;) {
    if (!best) follow({ step: 0, slots: fresh.with(0, at) }, at, ways);
    if (ways.length === 0 && best) break;
    const code = text.codePointAt(at);
    const sign = code === undefined ? '' : String.fromCodePoint(code);
    const next = at + Math.max(1, sign.length);
    const onward: Way[] = [];
    for (const { step, slots } of ways) {
      const told = program[step]!;
      work++;
      if (told.do === 'end') {
        // What stands behind it is less preferred.
        best = slots.with(1, at);
        break;
      }
      if (sign !== '' && told.do === 'sign' && told.fits(sign)) follow({ step: step + 1, slots }, next, onward);
    }
    if (sign === '') break;
    ways = onward;
    at = next;
  }
  if (!best) return null;
  const found = best;
  const part = (i: number): string | undefined =>
    found[2 * i]! < 0 || found[2 * i + 1]! < 0 ? undefined : text.slice(found[2 * i], found[2 * i + 1]);
  return { index: found[0]!, groups: Array.from({ length: groups + 1 }, (_, i) => part(i)) };
}

function isAt(place: Place, text: string, at: number): boolean {
  if (place === 'start') return at === 0;
  if (place === 'end') return at === text.length;
  const before = at > 0 && isWord(text[at - 1]!);
  const after = at < text.length && isWord(text[at]!);
  switch (place) {
    case 'word':
      return before !== after;
    case 'not-word':
      return before === after;
    case 'word-start':
      return !before && after;
    default:
      return before && !after;
  }
}
