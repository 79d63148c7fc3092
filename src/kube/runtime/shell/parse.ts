import { ShellSyntaxError, type Assign, type Node, type Part, type Redir, type Word } from './syntax.ts';
import { matching, mathWord, plainText, readParts, readQuoted, readWord, type Reader } from './words.ts';

/** Reads a whole script. Throws `ShellSyntaxError`. Source: POSIX Shell Command Language 2.10, as ash and dash take it. */
export function parseScript(source: string): Node {
  const r: Reader = { source: source.replace(/\r\n/g, '\n'), at: 0, waiting: [] };
  const node = parseList(r, []);
  if (r.at < r.source.length) throw unexpected(r);
  return node;
}

/** False for what needs another line: an open quote, loop or here-document, a pipe without its end. */
export function isComplete(source: string): boolean {
  if (/(?<!\\)(?:\\\\)*\\\n$/.test(source)) return false;
  const r: Reader = { source: source.replace(/\r\n/g, '\n'), at: 0, waiting: [] };
  try {
    parseList(r, []);
    return r.waiting.length === 0 && !r.unended;
  } catch (error) {
    if (!(error instanceof ShellSyntaxError)) throw error;
    return r.at < r.source.length && !/unterminated|unexpected end of file/.test(error.message);
  }
}

const unexpected = (r: Reader): ShellSyntaxError =>
  new ShellSyntaxError(
    r.at >= r.source.length
      ? 'syntax error: unexpected end of file'
      : `syntax error: unexpected "${/^\w+|^[^\w\s]{1,2}|^\n/.exec(r.source.slice(r.at))?.[0] ?? ''}"`,
  );

function skipBlanks(r: Reader): void {
  for (;;) {
    const c = r.source[r.at];
    if (c === ' ' || c === '\t') r.at++;
    else if (c === '\\' && r.source[r.at + 1] === '\n') r.at += 2;
    else if (c === '#') while (r.at < r.source.length && r.source[r.at] !== '\n') r.at++;
    else return;
  }
}

function newline(r: Reader): void {
  r.at++;
  for (const { end, strip, raw, fill } of r.waiting.splice(0)) {
    const lines: string[] = [];
    r.unended = true;
    while (r.at < r.source.length) {
      const stop = r.source.indexOf('\n', r.at);
      let line = r.source.slice(r.at, stop < 0 ? undefined : stop);
      r.at = stop < 0 ? r.source.length : stop + 1;
      if (strip) line = line.replace(/^\t+/, '');
      if (line === end) {
        r.unended = false;
        break;
      }
      lines.push(line);
    }
    const body = lines.map((line) => `${line}\n`).join('');
    fill(raw ? [{ t: 'text', text: body, quoted: true }] : readQuoted({ source: body, at: 0, waiting: [] }, ''));
  }
}

/** Skips blanks, comments and newlines. */
function skipLines(r: Reader): void {
  for (;;) {
    skipBlanks(r);
    if (r.source[r.at] !== '\n') return;
    newline(r);
  }
}

/** The bare word that begins here, without taking it. */
function peekWord(r: Reader): string {
  skipBlanks(r);
  return /^(?:[A-Za-z_]\w*|[{}!]|\[\[)(?=$|[\s;&|<>()])/.exec(r.source.slice(r.at, r.at + 32))?.[0] ?? '';
}

function expectWord(r: Reader, word: string): void {
  skipLines(r);
  if (peekWord(r) !== word) throw unexpected(r);
  r.at += word.length;
}

/** A list of commands until one of the closing words or a parenthesis (neither is taken). */
function parseList(r: Reader, closing: readonly string[]): Node {
  const items: Node[] = [];
  for (;;) {
    skipLines(r);
    const c = r.source[r.at];
    if (c === undefined || c === ')' || closing.includes(peekWord(r)) || (c === ';' && r.source[r.at + 1] === ';'))
      break;
    let node = parseAndOr(r);
    skipBlanks(r);
    if (r.source[r.at] === '&') {
      r.at++;
      node = { k: 'background', body: node };
    } else if (r.source[r.at] === ';' && r.source[r.at + 1] !== ';') r.at++;
    else if (r.source[r.at] !== '\n' && r.source[r.at] !== undefined && !isEnd(r)) throw unexpected(r);
    items.push(node);
  }
  if (items.length === 0 && closing.length > 0 && r.at >= r.source.length) throw unexpected(r);
  return items.length === 1 ? items[0]! : { k: 'list', items };
}

const isEnd = (r: Reader): boolean => r.source[r.at] === ')' || r.source.startsWith(';;', r.at);

function parseAndOr(r: Reader): Node {
  let a = parsePipeline(r);
  for (;;) {
    skipBlanks(r);
    const two = r.source.slice(r.at, r.at + 2);
    if (two !== '&&' && two !== '||') return a;
    r.at += 2;
    skipLines(r);
    a = { k: two === '&&' ? 'and' : 'or', a, b: parsePipeline(r) };
  }
}

function parsePipeline(r: Reader): Node {
  let not = false;
  while (peekWord(r) === '!') {
    r.at++;
    not = !not;
  }
  const parts = [parseCommand(r)];
  for (;;) {
    skipBlanks(r);
    if (r.source[r.at] !== '|' || r.source[r.at + 1] === '|') break;
    r.at += r.source[r.at + 1] === '&' ? 2 : 1;
    skipLines(r);
    parts.push(parseCommand(r));
  }
  return parts.length === 1 && !not ? parts[0]! : { k: 'pipe', parts, not };
}

/** Compound commands inside one another; they are read by recursion. */
const deepest = 200;

function parseCommand(r: Reader): Node {
  r.depth = (r.depth ?? 0) + 1;
  if (r.depth > deepest) throw new ShellSyntaxError('syntax error: nested too deep');
  const node = parseOneCommand(r);
  r.depth--;
  return node;
}

function parseOneCommand(r: Reader): Node {
  skipBlanks(r);
  if (r.source.startsWith('((', r.at)) {
    const end = matching(r.source, r.at);
    const text = r.source.slice(r.at + 2, end - 1);
    if (r.source[end - 1] === ')') {
      r.at = end + 1;
      return { k: 'math', text: mathWord(text) };
    }
  }
  if (r.source[r.at] === '(') {
    r.at++;
    const body = parseList(r, []);
    if (r.source[r.at] !== ')') throw unexpected(r);
    r.at++;
    return { k: 'subshell', body, redirs: parseRedirs(r) };
  }
  const word = peekWord(r);
  switch (word) {
    case '{':
      r.at++;
      return { k: 'group', ...closed(r, ['}']) };
    case 'if':
      return parseIf(r);
    case 'while':
    case 'until':
      return parseWhile(r, word === 'until');
    case 'for':
      return parseFor(r);
    case 'case':
      return parseCase(r);
    case '[[':
      return parseCondition(r);
    case 'function': {
      r.at += 8;
      skipBlanks(r);
      const name = /^[\w-]+/.exec(r.source.slice(r.at))?.[0] ?? '';
      r.at += name.length;
      skipBlanks(r);
      if (r.source.startsWith('()', r.at)) r.at += 2;
      skipLines(r);
      return { k: 'function', name, body: parseCommand(r) };
    }
    case 'then':
    case 'else':
    case 'elif':
    case 'fi':
    case 'do':
    case 'done':
    case 'esac':
    case '}':
      throw unexpected(r);
    default:
  }
  const definition = /^([A-Za-z_][\w-]*)\s*\(\s*\)/.exec(r.source.slice(r.at, r.at + 80));
  if (definition) {
    r.at += definition[0].length;
    skipLines(r);
    return { k: 'function', name: definition[1]!, body: parseCommand(r) };
  }
  return parseSimple(r);
}

function closed(r: Reader, words: readonly string[]): { body: Node; redirs: readonly Redir[] } {
  const body = parseList(r, words);
  expectWord(r, words[0]!);
  return { body, redirs: parseRedirs(r) };
}

function parseIf(r: Reader): Node {
  const arms: { test: Node; body: Node }[] = [];
  let other: Node | null = null;
  r.at += 2;
  for (;;) {
    const test = parseList(r, ['then']);
    expectWord(r, 'then');
    arms.push({ test, body: parseList(r, ['elif', 'else', 'fi']) });
    skipLines(r);
    const next = peekWord(r);
    if (next === 'elif') {
      r.at += 4;
      continue;
    }
    if (next === 'else') {
      r.at += 4;
      other = parseList(r, ['fi']);
    }
    expectWord(r, 'fi');
    return { k: 'if', arms, other, redirs: parseRedirs(r) };
  }
}

function parseWhile(r: Reader, until: boolean): Node {
  r.at += 5;
  const test = parseList(r, ['do']);
  expectWord(r, 'do');
  return { k: 'while', test, until, ...closed(r, ['done']) };
}

function parseFor(r: Reader): Node {
  r.at += 3;
  skipBlanks(r);
  if (r.source.startsWith('((', r.at)) {
    const end = matching(r.source, r.at);
    const [start = '', test = '', next = ''] = r.source.slice(r.at + 2, end - 1).split(';');
    r.at = end + 1;
    skipLines(r);
    if (r.source[r.at] === ';') r.at++;
    expectWord(r, 'do');
    const { body } = closed(r, ['done']);
    return { k: 'count', start: mathWord(start), test: mathWord(test), next: mathWord(next), body };
  }
  const name = /^[A-Za-z_]\w*/.exec(r.source.slice(r.at))?.[0];
  if (!name) throw unexpected(r);
  r.at += name.length;
  skipLines(r);
  let words: Word[] | null = null;
  if (peekWord(r) === 'in') {
    r.at += 2;
    words = [];
    for (;;) {
      skipBlanks(r);
      const word = readWord(r);
      if (!word) break;
      words.push(word);
    }
  }
  skipBlanks(r);
  if (r.source[r.at] === ';') r.at++;
  expectWord(r, 'do');
  return { k: 'for', name, words, ...closed(r, ['done']) };
}

function parseCase(r: Reader): Node {
  r.at += 4;
  skipBlanks(r);
  const word = readWord(r);
  if (!word) throw unexpected(r);
  expectWord(r, 'in');
  const arms: { patterns: Word[]; body: Node }[] = [];
  for (;;) {
    skipLines(r);
    if (peekWord(r) === 'esac') break;
    if (r.source[r.at] === '(') r.at++;
    const patterns: Word[] = [];
    for (;;) {
      skipBlanks(r);
      const pattern = readWord(r);
      if (!pattern) throw unexpected(r);
      patterns.push(pattern);
      skipBlanks(r);
      if (r.source[r.at] !== '|') break;
      r.at++;
    }
    if (r.source[r.at] !== ')') throw unexpected(r);
    r.at++;
    arms.push({ patterns, body: parseList(r, ['esac']) });
    skipLines(r);
    if (r.source.startsWith(';;', r.at)) r.at += 2;
  }
  r.at += 4;
  return { k: 'case', word, arms };
}

/** `[[ … ]]`: its words are not split; `&&`, `||`, `<`, `>` and parentheses are operators in it. */
function parseCondition(r: Reader): Node {
  r.at += 2;
  const words: Word[] = [];
  for (;;) {
    skipLines(r);
    const pattern = plainText(words.at(-1) ?? []) === '=~';
    const operator = pattern ? undefined : /^(?:&&|\|\||[<>()])/.exec(r.source.slice(r.at, r.at + 2))?.[0];
    if (operator) {
      words.push([{ t: 'text', text: operator, quoted: false }]);
      r.at += operator.length;
      continue;
    }
    const word = pattern ? readParts(r, (c) => /\s/.test(c)) : readWord(r);
    if (!word) throw unexpected(r);
    if (plainText(word) === ']]') return { k: 'condition', words };
    words.push(word);
  }
}

function parseRedirs(r: Reader): Redir[] {
  const redirs: Redir[] = [];
  for (;;) {
    const redir = parseRedir(r);
    if (!redir) return redirs;
    redirs.push(redir);
  }
}

function parseRedir(r: Reader): Redir | null {
  skipBlanks(r);
  const m = /^(\d?)(<<<|<<-?|<&|>&|>>|>\||<|>)|^(&>>?)/.exec(r.source.slice(r.at, r.at + 5));
  if (!m) return null;
  r.at += m[0].length;
  const symbol = m[2] ?? m[3]!;
  const fd = m[1] ? Number(m[1]) : symbol.startsWith('<') ? 0 : 1;
  skipBlanks(r);
  const target = readWord(r);
  if (!target) throw unexpected(r);
  if (symbol === '<<' || symbol === '<<-') {
    const raw = target.some((part: Part) => part.t === 'text' && part.quoted);
    const redir: { fd: number; op: '<<'; target: Word } = { fd, op: '<<', target: [] };
    r.waiting.push({
      end: target.map((part) => (part.t === 'text' ? part.text : '')).join(''),
      strip: symbol === '<<-',
      raw,
      fill: (body) => {
        redir.target = body;
      },
    });
    return redir;
  }
  return { fd, op: (symbol === '>|' ? '>' : symbol) as Redir['op'], target };
}

function parseSimple(r: Reader): Node {
  const assigns: Assign[] = [];
  const words: Word[] = [];
  const redirs: Redir[] = [];
  for (;;) {
    const redir = parseRedir(r);
    if (redir) {
      redirs.push(redir);
      continue;
    }
    if (words.length === 0) {
      const assign = parseAssign(r);
      if (assign) {
        assigns.push(assign);
        continue;
      }
    }
    const word = readWord(r);
    if (!word) break;
    words.push(word);
  }
  if (words.length === 0 && assigns.length === 0 && redirs.length === 0) throw unexpected(r);
  return { k: 'cmd', assigns, words, redirs };
}

function parseAssign(r: Reader): Assign | null {
  const m = /^([A-Za-z_]\w*)(\+?)=/.exec(r.source.slice(r.at, r.at + 80));
  if (!m) return null;
  r.at += m[0].length;
  const append = m[2] === '+';
  if (r.source[r.at] !== '(') return { name: m[1]!, word: readWord(r) ?? [], append };
  r.at++;
  const items: Word[] = [];
  for (;;) {
    skipLines(r);
    if (r.source[r.at] === ')') break;
    const item = readWord(r);
    if (!item) throw unexpected(r);
    items.push(item);
  }
  r.at++;
  return { name: m[1]!, word: [], append, items };
}
