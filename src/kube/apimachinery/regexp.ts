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

/** A pure cache: patterns of definitions are used again and again. */
const known = new Map<string, RegExp | undefined>();

/**
 * A regular expression of Go (RE2) as one of this language; undefined for one that cannot be read.
 * Simplified: flags inside a pattern work at its beginning only. Kubernetes: Go's regexp/syntax.
 */
export function goRegExp(pattern: string): RegExp | undefined {
  if (!known.has(pattern)) known.set(pattern, translated(pattern));
  return known.get(pattern);
}

function translated(pattern: string): RegExp | undefined {
  const [, given = '', rest = ''] = /^(?:\(\?([ims]+)\))?([\s\S]*)$/.exec(pattern)!;
  const body = rest
    .replace(/\[:(\^?)(\w+):\]/g, (whole, not: string, name: string) => (not ? whole : (classes[name] ?? whole)))
    .replace(/\\A/g, '^')
    .replace(/\\z/g, '$')
    .replace(/\(\?P</g, '(?<');
  for (const flags of [`${given}u`, given]) {
    try {
      return new RegExp(body, flags);
    } catch {
      // Outside of Unicode mode escapes that mean nothing are allowed, as in Go.
    }
  }
  return undefined;
}
