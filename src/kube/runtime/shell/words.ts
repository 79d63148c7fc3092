import { ShellSyntaxError, type Part, type Word } from './syntax.ts';

/** Where the reading of a script stands. */
export interface Reader {
  readonly source: string;
  at: number;
  /** Compound commands around the present place. */
  depth?: number;
  /** A here-document was not ended. */
  unended?: boolean;
  /** Here-documents whose text begins on the next line. */
  readonly waiting: {
    readonly end: string;
    readonly strip: boolean;
    readonly raw: boolean;
    fill: (body: Word) => void;
  }[];
}

const nameStart = /[A-Za-z_]/;
const nameRest = /[A-Za-z0-9_]/;
const meta = new Set([' ', '\t', '\n', ';', '&', '|', '<', '>', '(', ')']);

/** Reads one word; null when none begins here. */
export function readWord(r: Reader): Word | null {
  const parts = readParts(r, (c) => meta.has(c));
  return parts.length > 0 ? parts : null;
}

/** Reads pieces until `stop` says so outside quotes. The stopping character stays. */
export function readParts(r: Reader, stop: (c: string) => boolean): Part[] {
  const parts: Part[] = [];
  let text = '';
  const flush = (): void => {
    if (text !== '') parts.push({ t: 'text', text, quoted: false });
    text = '';
  };
  while (r.at < r.source.length) {
    const c = r.source[r.at]!;
    if (stop(c)) break;
    if (c === '\\') {
      const next = r.source[r.at + 1];
      r.at += 2;
      if (next === '\n') continue;
      flush();
      parts.push({ t: 'text', text: next ?? '\\', quoted: true });
    } else if (c === "'") {
      flush();
      const end = r.source.indexOf("'", r.at + 1);
      if (end < 0) throw new ShellSyntaxError('syntax error: unterminated quoted string');
      parts.push({ t: 'text', text: r.source.slice(r.at + 1, end), quoted: true });
      r.at = end + 1;
    } else if (c === '"') {
      flush();
      r.at++;
      parts.push(...readQuoted(r, '"'));
      if (r.source[r.at] !== '"') throw new ShellSyntaxError('syntax error: unterminated quoted string');
      r.at++;
    } else if (c === '$' || c === '`') {
      const part = readDollar(r, false);
      if (part === null) text += '$';
      else {
        flush();
        parts.push(part);
      }
    } else {
      text += c;
      r.at++;
    }
  }
  flush();
  return parts;
}

/** Reads the inside of double quotes (or of a here-document, until the end of the text). */
export function readQuoted(r: Reader, end: string): Part[] {
  const parts: Part[] = [];
  let text = '';
  const flush = (): void => {
    if (text !== '') parts.push({ t: 'text', text, quoted: true });
    text = '';
  };
  while (r.at < r.source.length && r.source[r.at] !== end) {
    const c = r.source[r.at]!;
    if (c === '\\') {
      const next = r.source[r.at + 1] ?? '';
      r.at += 2;
      if (next === '\n') continue;
      text += '$`"\\'.includes(next) && next !== '' ? next : `\\${next}`;
    } else if (c === '$' || c === '`') {
      const part = readDollar(r, true);
      if (part === null) text += '$';
      else {
        flush();
        parts.push(part);
      }
    } else {
      text += c;
      r.at++;
    }
  }
  flush();
  // An empty pair of quotes is still a word.
  if (parts.length === 0) parts.push({ t: 'text', text: '', quoted: true });
  return parts;
}

/** Reads what begins with `$` or a backtick; null for a lone dollar, which is then consumed. */
function readDollar(r: Reader, quoted: boolean): Part | null {
  const { source } = r;
  if (source[r.at] === '`') {
    let script = '';
    r.at++;
    while (r.at < source.length && source[r.at] !== '`') {
      if (source[r.at] === '\\' && '`\\$'.includes(source[r.at + 1] ?? '')) r.at++;
      script += source[r.at++] ?? '';
    }
    r.at++;
    return { t: 'command', script, quoted, slot: 0 };
  }
  const next = source[r.at + 1] ?? '';
  if (next === '(' && source[r.at + 2] === '(') {
    const end = matching(source, r.at + 1);
    const text = source.slice(r.at + 3, end - 1);
    r.at = end + 1;
    return { t: 'math', text: mathWord(text), quoted };
  }
  if (next === '(') {
    const end = matching(source, r.at + 1);
    const script = source.slice(r.at + 2, end);
    r.at = end + 1;
    return { t: 'command', script, quoted, slot: 0 };
  }
  if (next === '{') return readBraces(r, quoted);
  if (next === "'" && !quoted) {
    const end = source.indexOf("'", r.at + 2);
    const text = source.slice(r.at + 2, end < 0 ? undefined : end);
    r.at = end < 0 ? source.length : end + 1;
    return { t: 'text', text: unescape(text), quoted: true };
  }
  if (nameStart.test(next)) {
    let end = r.at + 2;
    while (end < source.length && nameRest.test(source[end]!)) end++;
    const name = source.slice(r.at + 1, end);
    r.at = end;
    return { t: 'variable', name, quoted };
  }
  if (next !== '' && '?#@*$!-0123456789'.includes(next)) {
    r.at += 2;
    return { t: 'variable', name: next, quoted };
  }
  r.at++;
  return null;
}

/** The text of `$((…))` as a quoted word: variables in it with a dollar are expanded before it is reckoned. */
export function mathWord(text: string): Word {
  return readQuoted({ source: text, at: 0, waiting: [] }, '');
}

function readBraces(r: Reader, quoted: boolean): Part {
  const { source } = r;
  r.at += 2;
  const length = source[r.at] === '#' && source[r.at + 1] !== '}';
  if (length) r.at++;
  let end = r.at;
  if (nameStart.test(source[end] ?? '')) while (end < source.length && nameRest.test(source[end]!)) end++;
  else end++;
  const name = source.slice(r.at, end);
  r.at = end;
  let index: Word | undefined;
  if (source[r.at] === '[') {
    r.at++;
    index = readParts(r, (c) => c === ']');
    r.at++;
  }
  const indexed = index ? { index } : {};
  if (length) {
    closeBrace(r);
    return { t: 'variable', name, quoted, op: 'length', ...indexed };
  }
  const op = /^(?::?[-+=?]|##?|%%?|\/\/?|\^\^?|,,?|:)/.exec(source.slice(r.at, r.at + 2))?.[0];
  if (!op) {
    closeBrace(r);
    return { t: 'variable', name, quoted, ...indexed };
  }
  r.at += op.length;
  const arg = quoted ? readQuotedArg(r) : readParts(r, (c) => c === '}');
  closeBrace(r);
  return { t: 'variable', name, quoted, op, arg, ...indexed };
}

/** The word inside `"${x:-…}"`: quotes in it are taken off, expansions are not split. */
function readQuotedArg(r: Reader): Part[] {
  return readParts(r, (c) => c === '}').map((part) => ({ ...part, quoted: true }));
}

function closeBrace(r: Reader): void {
  if (r.source[r.at] !== '}') throw new ShellSyntaxError('syntax error: bad substitution');
  r.at++;
}

/** Index of the parenthesis that closes the one at `open`. Quotes are respected. */
export function matching(source: string, open: number): number {
  let depth = 0;
  for (let i = open; i < source.length; i++) {
    const c = source[i]!;
    if (c === '\\') i++;
    else if (c === "'") i = skip(source, i, "'");
    else if (c === '"') i = skipDouble(source, i);
    else if (c === '(') depth++;
    else if (c === ')' && --depth === 0) return i;
  }
  throw new ShellSyntaxError('syntax error: unexpected end of file (expecting ")")');
}

function skip(source: string, from: number, quote: string): number {
  const end = source.indexOf(quote, from + 1);
  return end < 0 ? source.length : end;
}

function skipDouble(source: string, from: number): number {
  for (let i = from + 1; i < source.length; i++) {
    if (source[i] === '\\') i++;
    else if (source[i] === '"') return i;
    else if (source[i] === '$' && source[i + 1] === '(') i = matching(source, i + 1);
  }
  return source.length;
}

/** Escapes as in `$'…'`, `echo -e` and `printf`. */
export function unescape(text: string): string {
  const named: Record<string, string> = {
    n: '\n',
    t: '\t',
    r: '\r',
    a: '\u0007',
    b: '\b',
    f: '\f',
    v: '\v',
    e: '\u001b',
  };
  return text.replace(/\\(?:([ntrabfve\\'"])|0?([0-7]{1,3})|x([0-9a-fA-F]{1,2}))/g, (_all, letter, octal, hex) => {
    if (letter !== undefined) return named[letter as string] ?? (letter as string);
    return String.fromCharCode(Number.parseInt((octal ?? hex) as string, octal === undefined ? 16 : 8));
  });
}

/** The text of a word that consists of unquoted text alone, else undefined: keywords, names. */
export function plainText(word: Word): string | undefined {
  if (word.length !== 1) return undefined;
  const part = word[0]!;
  return part.t === 'text' && !part.quoted ? part.text : undefined;
}
