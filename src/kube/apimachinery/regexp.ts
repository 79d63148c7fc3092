import { regex, type Regex } from './regex/index.ts';

/** Character classes that Go knows by name. */
const classes: Readonly<Record<string, string>> = {
  alnum: '0-9A-Za-z',
  alpha: 'A-Za-z',
  ascii: '\\x00-\\x7F',
  blank: '\\t ',
  cntrl: '\\x00-\\x1F\\x7F',
  digit: '0-9',
  graph: '!-~',
  lower: 'a-z',
  print: ' -~',
  punct: '!-\\/:-@\\[-`{-~',
  space: '\\t\\n\\v\\f\\r ',
  upper: 'A-Z',
  word: '0-9A-Za-z_',
  xdigit: '0-9A-Fa-f',
};

/** A regular expression of Go, as far as definitions and expressions ask one. */
export interface GoRegExp {
  test(text: string): boolean;
  /** What the first match reads; null when there is none. */
  find(text: string): string | null;
  /** What all matches read, one after the other. */
  findAll(text: string): string[];
}

/** A pure cache: patterns of definitions are used again and again. */
const known = new Map<string, GoRegExp | undefined>();

/**
 * A regular expression of Go (RE2); undefined for one that cannot be read.
 * Simplified: flags inside a pattern work at its beginning only. Kubernetes: Go's regexp/syntax.
 */
export function goRegExp(pattern: string): GoRegExp | undefined {
  if (!known.has(pattern)) known.set(pattern, translated(pattern));
  return known.get(pattern);
}

function translated(pattern: string): GoRegExp | undefined {
  const [, flags = '', rest = ''] = /^(?:\(\?([ims]+)\))?([\s\S]*)$/.exec(pattern)!;
  const body = rest
    .replace(/\[:(\^?)(\w+):\]/g, (whole, not: string, name: string) => (not ? whole : (classes[name] ?? whole)))
    .replace(/\\A/g, '^')
    .replace(/\\z/g, '$')
    .replace(/\(\?P</g, '(?<');
  const own = ownOf(body, flags);
  return own && (linearOf(body, flags) ?? own);
}

/** By the language's own engine, which also says whether the expression can be read at all. */
function ownOf(body: string, given: string): GoRegExp | undefined {
  for (const flags of [`${given}u`, given]) {
    try {
      const expression = new RegExp(body, flags);
      const every = new RegExp(body, `${flags}g`);
      return {
        test: (text) => expression.test(text),
        find: (text) => expression.exec(text)?.[0] ?? null,
        findAll: (text) => [...text.matchAll(every)].map(([match]) => match),
      };
    } catch {
      // Outside of Unicode mode escapes that mean nothing are allowed, as in Go.
    }
  }
  return undefined;
}

/** What the linear engine reads otherwise than Go: groups with a name or a flag, escapes of letters, `{,n}`. */
const otherwise = /\(\?[^:]|\\(?![dDwWsSbBntrfv])[\w<>]|\{,/;

/** By the engine that never goes back, so that nobody's `(a+)+$` keeps the cluster for ever; undefined where it reads otherwise. */
function linearOf(body: string, flags: string): GoRegExp | undefined {
  if (otherwise.test(body) || (flags !== '' && flags !== 'i')) return undefined;
  let expression: Regex;
  try {
    expression = regex(body, { ignoreCase: flags === 'i' });
  } catch {
    return undefined;
  }
  return {
    test: (text) => expression.test(text),
    find: (text) => expression.exec(text)?.groups[0] ?? null,
    findAll: (text) => expression.all(text).map(({ groups }) => groups[0]!),
  };
}
