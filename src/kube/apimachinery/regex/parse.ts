/** What a regular expression says: a tree. The syntax is the extended one of POSIX with the escapes that GNU and Perl add. */
export type Node =
  /** One sign. */
  | { readonly is: 'sign'; fits(sign: string): boolean }
  | { readonly is: 'at'; readonly place: Place }
  | { readonly is: 'group'; readonly of: Node; readonly number: number }
  | { readonly is: 'sequence'; readonly of: readonly Node[] }
  | { readonly is: 'choice'; readonly of: readonly Node[] }
  | { readonly is: 'repeat'; readonly of: Node; readonly least: number; readonly most: number; readonly lazy: boolean };

/** A place between two signs. */
export type Place = 'start' | 'end' | 'word' | 'not-word' | 'word-start' | 'word-end';

/** An expression that cannot be read, or that is too large to be tried. */
export class RegexError extends Error {
  override name = 'RegexError';
}

/** Most that a `{n,m}` may ask for, as in glibc; deeper nesting than this nobody writes by hand. */
const mostRepeats = 32_767;
const deepest = 200;

const between = (from: string, to: string) => (sign: string) => sign >= from && sign <= to;
const digit = between('0', '9');
const lower = between('a', 'z');
const upper = between('A', 'Z');
const alpha = (sign: string): boolean => lower(sign) || upper(sign);
const alnum = (sign: string): boolean => alpha(sign) || digit(sign);
const space = (sign: string): boolean => /^\s$/.test(sign);
/** A sign of a word, for `\w` and `\b`. */
export const isWord = (sign: string): boolean => alnum(sign) || sign === '_';

const named = new Map<string, (sign: string) => boolean>(
  Object.entries({
    alpha,
    digit,
    alnum,
    space,
    upper,
    lower,
    blank: (sign: string) => sign === ' ' || sign === '\t',
    punct: (sign: string) => between('!', '~')(sign) && !alnum(sign),
    xdigit: (sign: string) => digit(sign) || between('a', 'f')(sign) || between('A', 'F')(sign),
    cntrl: (sign: string) => sign < ' ' || sign === '\u007f',
    print: (sign: string) => sign >= ' ' && sign !== '\u007f',
    graph: (sign: string) => sign > ' ' && sign !== '\u007f',
  }),
);

const not = (fits: (sign: string) => boolean) => (sign: string) => !fits(sign);
const classes: Readonly<Record<string, (sign: string) => boolean>> = {
  d: digit,
  D: not(digit),
  w: isWord,
  W: not(isWord),
  s: space,
  S: not(space),
};
const controls: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', f: '\f', v: '\v' };
const places: Readonly<Record<string, Place>> = { b: 'word', B: 'not-word', '<': 'word-start', '>': 'word-end' };

/** Reads an expression. Throws `RegexError`. References back (`\1`) and looks ahead are refused: no automaton knows them. */
export function parse(source: string, ignoreCase: boolean): { readonly tree: Node; readonly groups: number } {
  const signs = [...source];
  let at = 0;
  let groups = 0;

  const literal = (sign: string): Node => {
    if (!ignoreCase) return { is: 'sign', fits: (s) => s === sign };
    const folded = sign.toLowerCase();
    return { is: 'sign', fits: (s) => s.toLowerCase() === folded };
  };

  const choice = (depth: number): Node => {
    if (depth > deepest) throw new RegexError('too deeply nested');
    const of = [sequence(depth)];
    while (signs[at] === '|') {
      at++;
      of.push(sequence(depth));
    }
    return of.length === 1 ? of[0]! : { is: 'choice', of };
  };

  const sequence = (depth: number): Node => {
    const of: Node[] = [];
    while (at < signs.length && signs[at] !== '|' && !(signs[at] === ')' && depth > 0)) of.push(repeated(depth));
    return of.length === 1 ? of[0]! : { is: 'sequence', of };
  };

  const repeated = (depth: number): Node => {
    let node = atom(depth);
    for (let times = quantifier(); times; times = quantifier()) {
      const lazy = signs[at] === '?';
      if (lazy) at++;
      node = { is: 'repeat', of: node, ...times, lazy };
    }
    return node;
  };

  const quantifier = (): { least: number; most: number } | null => {
    const sign = signs[at];
    const [least, most] = sign === '*' ? [0, Infinity] : sign === '+' ? [1, Infinity] : sign === '?' ? [0, 1] : [];
    if (least !== undefined) {
      at++;
      return { least, most: most! };
    }
    if (sign !== '{') return null;
    const m = /^\{(\d*)(,?)(\d*)\}/.exec(signs.slice(at, at + 20).join(''));
    if (!m || (m[1] === '' && m[2] === '')) return null;
    at += m[0].length;
    const from = Number(m[1]);
    const to = m[2] === '' ? from : m[3] === '' ? Infinity : Number(m[3]);
    if (from > to || Math.max(from, to === Infinity ? 0 : to) > mostRepeats) throw new RegexError('invalid repetition');
    return { least: from, most: to };
  };

  const atom = (depth: number): Node => {
    const sign = signs[at++]!;
    if (sign === '(') return group(depth);
    if (sign === '[') return { is: 'sign', fits: bracket() };
    if (sign === '.') return { is: 'sign', fits: (s) => s !== '\n' };
    if (sign === '^') return { is: 'at', place: 'start' };
    if (sign === '$') return { is: 'at', place: 'end' };
    if (sign !== '\\') return literal(sign);
    const next = signs[at++];
    if (next === undefined) throw new RegexError('trailing backslash');
    if (places[next]) return { is: 'at', place: places[next] };
    if (classes[next]) return { is: 'sign', fits: classes[next] };
    if (/[1-9]/.test(next)) throw new RegexError('references back are not simulated');
    return literal(controls[next] ?? next);
  };

  const group = (depth: number): Node => {
    const kept = signs[at] !== '?';
    if (!kept && signs[at + 1] !== ':') throw new RegexError('looks ahead are not simulated');
    if (!kept) at += 2;
    const number = kept ? ++groups : 0;
    const of = choice(depth + 1);
    if (signs[at++] !== ')') throw new RegexError('unmatched (');
    return kept ? { is: 'group', of, number } : of;
  };

  /** `[^a-z[:digit:]_]`: a bracket that comes first stands for itself. */
  const bracket = (): ((sign: string) => boolean) => {
    const negated = signs[at] === '^';
    if (negated) at++;
    const parts: ((sign: string) => boolean)[] = [];
    for (let first = true; first || signs[at] !== ']'; first = false) {
      if (at >= signs.length) throw new RegexError('unmatched [');
      const word = /^\[:(\w+):\]/.exec(signs.slice(at, at + 12).join(''));
      const fits = word ? named.get(word[1]!) : signs[at] === '\\' ? classes[signs[at + 1] ?? ''] : undefined;
      if (word && !fits) throw new RegexError('invalid character class');
      if (fits) {
        at += word ? word[0].length : 2;
        parts.push(fits);
        continue;
      }
      const from = member();
      if (signs[at] !== '-' || signs[at + 1] === ']' || at + 1 >= signs.length) {
        parts.push((s) => s === from);
        continue;
      }
      at++;
      const to = member();
      if (from > to) throw new RegexError('invalid range end');
      parts.push(between(from, to));
    }
    at++;
    const among = (s: string): boolean => parts.some((fits) => fits(s));
    const fits = ignoreCase ? (s: string) => among(s) || among(s.toLowerCase()) || among(s.toUpperCase()) : among;
    return negated ? not(fits) : fits;
  };

  const member = (): string => {
    const sign = signs[at++]!;
    if (sign !== '\\' || at >= signs.length) return sign;
    const next = signs[at++]!;
    return controls[next] ?? next;
  };

  const tree = choice(0);
  return { tree, groups };
}
