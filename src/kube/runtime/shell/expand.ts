import { listDirectory, resolvePath, type Scope } from '../files.ts';
import { reckon, type Names } from './arithmetic.ts';
import { patternToRegExp, quotePattern } from './pattern.ts';
import type { Part, Word } from './syntax.ts';
import type { Task } from './tasks.ts';

/** Separates the items of a bash array inside a variable's value. */
export const arrayMark = '\u0001';

/** Who expands: a task, in its container. */
export interface Shell extends Scope {
  readonly task: Task;
}

/** A problem in an expansion that ends the command: `x: parameter not set`. */
export class ExpansionError extends Error {
  override name = 'ExpansionError';
}

/** Value of a variable or special parameter; undefined when unset. */
export function variable({ task, ctx, pod }: Shell, name: string): string | undefined {
  switch (name) {
    case '?':
      return String(task.status);
    case '$':
      return String(task.pid);
    case '!':
      return task.lastChild ? String(task.lastChild) : '';
    case '#':
      return String(task.args.length - 1);
    case '@':
    case '*':
      return task.args.slice(1).join(' ');
    case '-':
      return task.options;
    case 'PWD':
      return task.cwd;
    case 'RANDOM':
      return task.name === 'bash' || task.name === 'sh' || task.name === 'ash'
        ? String(ctx.random(`shell/${pod.config.podUid}`).int(32_768))
        : undefined;
    case 'SECONDS':
      return String(Math.floor(ctx.now / 1000));
    default:
  }
  if (/^\d$/.test(name)) return task.args[Number(name)];
  return Object.hasOwn(task.vars, name) ? task.vars[name] : undefined;
}

/** Sets a variable of a task. */
export function setVariable(task: Task, name: string, value: string): void {
  task.vars = { ...task.vars, [name]: value };
}

/** A task's variables for arithmetic. */
export const namesOf = (shell: Shell): Names => ({
  get: (name) => first(variable(shell, name) ?? ''),
  set: (name, value) => setVariable(shell.task, name, value),
});

const first = (value: string): string => (value.startsWith(arrayMark) ? (value.split(arrayMark)[1] ?? '') : value);

/** Expands words to fields: variables, substitutions, arithmetic, splitting, file names. */
export function expandWords(shell: Shell, words: readonly Word[]): string[] {
  const fields: string[] = [];
  for (const word of words) {
    const only = word[0];
    // Most words are plain text: nothing to do.
    if (word.length === 1 && only!.t === 'text' && (only!.quoted || !/[*?[{~]/.test(only!.text)))
      fields.push(only!.text);
    else for (const alternative of braces(shell, word)) expandFields(shell, alternative, fields);
  }
  return fields;
}

/** Expands a word to exactly one text, without splitting: assignments, redirections, `case` words. */
export function expandText(shell: Shell, word: Word): string {
  let text = '';
  for (const part of word) text = bounded(text + partText(shell, part));
  return text;
}

/** A text no shell here holds more of: one that doubles itself ends as if memory had run out. */
const longestText = 1024 * 1024;

function bounded(text: string): string {
  if (text.length > longestText) throw new ExpansionError('out of memory');
  return text;
}

/** Expands a word to a pattern: what was quoted matches itself. */
export function expandPattern(shell: Shell, word: Word): string {
  let pattern = '';
  for (const part of word) {
    const text = partText(shell, part);
    pattern += part.quoted ? quotePattern(text) : text;
  }
  return pattern;
}

function expandFields(shell: Shell, word: Word, fields: string[]): void {
  let current: string | null = null;
  let globs = false;
  const end = (): void => {
    if (current !== null) fields.push(...(globs ? matchFiles(shell, current) : [current]));
    current = null;
    globs = false;
  };
  word.forEach((part, i) => {
    if (part.t === 'text') {
      let { text } = part;
      if (!part.quoted && i === 0 && /^~(?:\/|$)/.test(text))
        text = (variable(shell, 'HOME') ?? '/root') + text.slice(1);
      current = (current ?? '') + text;
      globs ||= !part.quoted && /[*?[]/.test(text);
      return;
    }
    const several = part.t === 'variable' ? severalFields(shell, part) : null;
    if (several) {
      several.forEach((item, n) => {
        if (n > 0) end();
        current = (current ?? '') + item;
      });
      return;
    }
    const text = partText(shell, part);
    if (part.quoted) {
      current = bounded((current ?? '') + text);
      return;
    }
    const ifs = variable(shell, 'IFS') ?? ' \t\n';
    const pieces = split(text, ifs);
    if (text !== '' && ifs.includes(text[0]!) && current !== null) end();
    pieces.forEach((piece, n) => {
      if (n > 0) end();
      current = (current ?? '') + piece;
      globs ||= /[*?[]/.test(piece);
    });
    if (text !== '' && ifs.includes(text.at(-1)!) && pieces.length > 0) end();
  });
  end();
}

/** `"$@"` and `"${a[@]}"` keep their fields apart. */
function severalFields(shell: Shell, part: Extract<Part, { t: 'variable' }>): readonly string[] | null {
  if (!part.quoted) return null;
  if (part.name === '@' && !part.op) return shell.task.args.slice(1);
  if (part.index && !part.op && expandText(shell, part.index) === '@') return itemsOf(variable(shell, part.name));
  return null;
}

/** Items of a bash array; a plain value is an array of one. */
export const itemsOf = (value: string | undefined): readonly string[] =>
  value === undefined ? [] : value.startsWith(arrayMark) ? value.split(arrayMark).slice(1) : [value];

function split(text: string, ifs: string): string[] {
  if (ifs === '') return text === '' ? [] : [text];
  const pieces: string[] = [];
  let piece = '';
  let open = false;
  for (const c of text) {
    if (!ifs.includes(c)) {
      piece += c;
      open = true;
    } else if (open || !/\s/.test(c)) {
      pieces.push(piece);
      piece = '';
      open = false;
    }
  }
  if (open) pieces.push(piece);
  return pieces;
}

function partText(shell: Shell, part: Part): string {
  switch (part.t) {
    case 'text':
      return part.text;
    case 'command':
      return shell.task.slots[part.slot] ?? '';
    case 'math':
      return String(reckon(expandText(shell, part.text), namesOf(shell)));
    case 'variable':
      return parameter(shell, part);
  }
}

function parameter(shell: Shell, part: Extract<Part, { t: 'variable' }>): string {
  const { name, op } = part;
  let value = variable(shell, name);
  if (part.index) {
    const index = expandText(shell, part.index);
    const items = itemsOf(value);
    if (op === 'length' && /^[@*]$/.test(index)) return String(items.length);
    value = /^[@*]$/.test(index) ? items.join(' ') : items[reckon(index, namesOf(shell))];
  } else if (value !== undefined) value = first(value);
  if (op === undefined) {
    if (value === undefined && shell.task.options.includes('u')) throw new ExpansionError(`${name}: parameter not set`);
    return value ?? '';
  }
  if (op === 'length') return String([...(value ?? '')].length);
  return withOperator(shell, name, op, part.arg ?? [], value);
}

function withOperator(shell: Shell, name: string, op: string, arg: Word, value: string | undefined): string {
  const missing = value === undefined || (op.startsWith(':') && value === '');
  switch (op.replace(/^:(?=.)/, '')) {
    case '-':
      return missing ? expandText(shell, arg) : value!;
    case '=': {
      if (!missing) return value!;
      const text = expandText(shell, arg);
      setVariable(shell.task, name, text);
      return text;
    }
    case '+':
      return missing ? '' : expandText(shell, arg);
    case '?':
      if (missing) throw new ExpansionError(`${name}: ${expandText(shell, arg) || 'parameter not set'}`);
      return value!;
    case '#':
    case '##':
      return cutPrefix(value ?? '', expandPattern(shell, arg), op === '##');
    case '%':
    case '%%':
      return cutSuffix(value ?? '', expandPattern(shell, arg), op === '%%');
    case '^':
      return (value ?? '').slice(0, 1).toUpperCase() + (value ?? '').slice(1);
    case '^^':
      return (value ?? '').toUpperCase();
    case ',':
      return (value ?? '').slice(0, 1).toLowerCase() + (value ?? '').slice(1);
    case ',,':
      return (value ?? '').toLowerCase();
    case '/':
    case '//': {
      const [pattern = '', ...rest] = expandPattern(shell, arg).split('/');
      const re = patternToRegExp(pattern, 'none');
      return re.replace(value ?? '', () => rest.join('/'), op === '//');
    }
    default: {
      const [from = '0', count] = expandText(shell, arg).split(':');
      const start = reckon(from, namesOf(shell));
      const text = (value ?? '').slice(start);
      return count === undefined ? text : text.slice(0, reckon(count, namesOf(shell)));
    }
  }
}

function cutPrefix(value: string, pattern: string, longest: boolean): string {
  const m = patternToRegExp(pattern, 'start', !longest).exec(value);
  return m ? value.slice(m.groups[0]!.length) : value;
}

function cutSuffix(value: string, pattern: string, longest: boolean): string {
  const m = patternToRegExp(pattern, longest ? 'end' : 'last').exec(value);
  if (!m) return value;
  return longest ? value.slice(0, m.index) : value.slice(0, value.length - m.groups[1]!.length);
}

/** `{1..3}` and `{a,b}`: bash only. */
function braces(shell: Shell, word: Word): readonly Word[] {
  if (shell.task.name !== 'bash') return [word];
  for (const [i, part] of word.entries()) {
    if (part.t !== 'text' || part.quoted) continue;
    const m = /\{(?:(-?\d+)\.\.(-?\d+)|([^{}]*,[^{}]*))\}/.exec(part.text);
    if (!m) continue;
    const items = m[3] === undefined ? range(Number(m[1]), Number(m[2])) : m[3].split(',');
    return items.flatMap((item) =>
      braces(shell, [
        ...word.slice(0, i),
        { ...part, text: part.text.slice(0, m.index) + item + part.text.slice(m.index + m[0].length) },
        ...word.slice(i + 1),
      ]),
    );
  }
  return [word];
}

const range = (from: number, to: number): string[] =>
  Array.from({ length: Math.min(10_000, Math.abs(to - from) + 1) }, (_v, i) =>
    String(from <= to ? from + i : from - i),
  );

/** File names that match; the pattern itself when there are none. Simplified: only the last part of a path is matched. */
function matchFiles(shell: Shell, pattern: string): readonly string[] {
  const slash = pattern.lastIndexOf('/');
  const directory = slash < 0 ? '' : pattern.slice(0, slash + 1);
  if (/[*?[]/.test(directory)) return [pattern];
  const names = listDirectory(shell, resolvePath(directory || '.', shell.task.cwd)) ?? [];
  const re = patternToRegExp(pattern.slice(slash + 1));
  const found = names.filter((name) => re.test(name) && (!name.startsWith('.') || pattern[slash + 1] === '.'));
  return found.length > 0 ? found.map((name) => directory + name) : [pattern];
}
