import { resolvePath, writeFile } from '../../files.ts';
import type { Regex } from '../../../apimachinery/regex/index.ts';
import { regExp } from '../pattern.ts';
import type { Wait } from '../tasks.ts';
import { commands, type Call } from '../utility.ts';
import { unescape } from '../words.ts';
import { complain, filter, linesOf, openFile, options } from './support.ts';

/** POSIX basic expressions as extended ones: `\(`, `\|`, `\+` are the operators there. */
export function basicToExtended(pattern: string): string {
  return pattern.replace(
    /\\([(){}|+?])|([(){}|+?])/g,
    (_all, escaped?: string, plain?: string) => escaped ?? `\\${plain}`,
  );
}

/** sed with s///gI, /re/d, /re/p, Np, Nd, $p and -n, -e, -E, -i. */
function sed(call: Call): number | Wait {
  const { flags, rest } = options(call.argv, 'e');
  const script = flags['e'] ?? rest.shift() ?? '';
  const extended = 'E' in flags || 'r' in flags;
  const rules = splitRules(script).map((rule) => sedRule(rule.trim(), extended));
  const bad = rules.findIndex((r) => r === null);
  if (bad >= 0) return complain(call, `sed: unsupported command ${splitRules(script)[bad]}`);
  const change = (text: string): string => {
    const lines = linesOf(text);
    return lines
      .map((line, i) => sedLine(rules as SedRule[], line, i + 1, i === lines.length - 1, 'n' in flags))
      .join('');
  };
  if ('i' in flags) {
    for (const name of rest) {
      const text = openFile(call, name);
      if (text === undefined) return 1;
      writeFile(call.os, resolvePath(name, call.task.cwd), change(text));
    }
    return 0;
  }
  return filter(call, rest, change);
}

interface SedRule {
  readonly address: Regex | number | '$' | null;
  readonly command: 's' | 'd' | 'p';
  readonly re?: Regex;
  readonly every?: boolean;
  readonly replacement?: string;
  readonly print?: boolean;
}

const splitRules = (script: string): string[] => script.split(/;\s*(?=[\d$/sdp])|\n/).filter((r) => r.trim() !== '');

function sedRule(rule: string, extended: boolean): SedRule | null {
  const m = /^(?:(\d+)|(\$)|\/((?:\\.|[^/])*)\/)?\s*(?:([dp])|s([^\w\s])(.*))$/s.exec(rule);
  if (!m) return null;
  const regex = (text: string, ignoreCase = false): Regex =>
    regExp(extended ? text : basicToExtended(text), ignoreCase);
  const address = m[1] ? Number(m[1]) : m[2] ? '$' : m[3] === undefined ? null : regex(m[3]);
  if (m[4]) return { address, command: m[4] as 'd' | 'p' };
  const separator = m[5]!;
  const [pattern = '', replacement = '', flags = ''] = partsAt(m[6]!, separator);
  const re = regex(pattern.replaceAll(`\\${separator}`, separator), /[iI]/.test(flags));
  return {
    address,
    command: 's',
    re,
    every: flags.includes('g'),
    replacement: replacement.replaceAll(`\\${separator}`, separator),
    print: flags.includes('p'),
  };
}

/** A text in parts, at each separator that no backslash stands before. */
function partsAt(text: string, separator: string): string[] {
  const parts: string[] = [];
  let from = 0;
  for (let i = 0; i <= text.length; i++) {
    if (i < text.length && (text[i] !== separator || text[i - 1] === '\\')) continue;
    parts.push(text.slice(from, i));
    from = i + 1;
  }
  return parts;
}

function sedLine(rules: readonly SedRule[], line: string, number: number, last: boolean, quiet: boolean): string {
  let text = line;
  let extra = '';
  for (const { address, command, re, every, replacement, print } of rules) {
    const hit =
      address === null ||
      (address === '$' ? last : typeof address === 'number' ? address === number : address.test(text));
    if (!hit) continue;
    if (command === 'd') return extra;
    if (command === 'p') extra += `${text}\n`;
    else {
      const before = text;
      text = re!.replace(text, ({ groups }) => replace(replacement!, groups), every);
      if (print && text !== before) extra += `${text}\n`;
    }
  }
  return extra + (quiet ? '' : `${text}\n`);
}

const replace = (replacement: string, groups: readonly (string | undefined)[]): string =>
  replacement.replace(/\\(\d)|\\n|\\(.)|(&)/g, (all, n?: string, other?: string, whole?: string) => {
    if (n !== undefined) return groups[Number(n)] ?? '';
    if (whole) return groups[0]!;
    return all === '\\n' ? '\n' : (other ?? '');
  });

/** awk '{print $1, $NF}', with -F and a /pattern/ or NR==n before. */
function awk(call: Call): number | Wait {
  const { flags, rest } = options(call.argv, 'Fv');
  const m = /^\s*(?:\/(.*)\/|NR\s*==\s*(\d+)|(END|BEGIN))?\s*\{\s*print\s*(.*?);?\s*\}\s*$/s.exec(rest.shift() ?? '');
  if (!m) return complain(call, 'awk: only {print …} is simulated', 2);
  const wanted = m[1] === undefined ? null : regExp(m[1]);
  const separator = flags['F'] === undefined ? /\s+/ : flags['F'];
  let row = Number(call.state['row'] ?? 0);
  const shown = (line: string): string => {
    const fields = (typeof separator === 'string' ? line : line.trim()).split(separator);
    const value = (expression: string): string => {
      const e = expression.trim();
      if (e.startsWith('"')) return unescape(e.slice(1, -1));
      if (e === 'NR') return String(row);
      if (e === 'NF') return String(fields.length);
      const at = /^\$(NF|\d+)$/.exec(e)?.[1];
      return at === undefined
        ? e
        : at === '0'
          ? line
          : (fields[at === 'NF' ? fields.length - 1 : Number(at) - 1] ?? '');
    };
    const list = m[4]!.trim() === '' ? ['$0'] : m[4]!.split(',');
    return `${list.map((item) => (item.match(/"[^"]*"|[^\s"]+/g) ?? []).map(value).join('')).join(' ')}\n`;
  };
  const result = filter(call, rest, (text) =>
    linesOf(text)
      .filter((line) => {
        row++;
        return wanted === null ? m[2] === undefined || Number(m[2]) === row : wanted.test(line);
      })
      .map(shown)
      .join(''),
  );
  call.state['row'] = row;
  return result;
}

/** bc: one expression a line, in decimals. Simplified: no variables, no programs, none of the functions of `-l`. */
function bc(call: Call): number | Wait {
  const digits = call.argv.includes('-l') ? 20 : 0;
  return filter(call, [], (text) =>
    linesOf(text)
      .map((line) => line.replace(/scale\s*=\s*\d+\s*;?/, '').trim())
      .filter((line) => line !== '')
      .map(
        (line) =>
          `${shownDecimal(decimal(line), line.includes('/'), Number(/scale\s*=\s*(\d+)/.exec(text)?.[1] ?? digits))}\n`,
      )
      .join(''),
  );
}

/** A quotient is cut off after `scale` places and printed with all of them; a zero before the point is not printed. */
function shownDecimal(value: number, quotient: boolean, scale: number): string {
  const places = Math.min(15, scale);
  const cut = Math.trunc(value * 10 ** places) / 10 ** places;
  const text = quotient ? cut.toFixed(places) : String(places === 0 ? Math.trunc(value) : value);
  return text.replace(/^(-?)0\./, '$1.');
}

/** Value of an expression with + - * / ^ %, parentheses and sqrt. What is no number counts as 0. */
function decimal(text: string): number {
  const tokens = text.match(/\d+\.?\d*|\.\d+|[a-z]+|[^\s\w.]/g) ?? [];
  let at = 0;
  const atom = (): number => {
    const token = tokens[at++] ?? '0';
    if (token === '-') return -atom();
    if (token !== '(' && tokens[at] !== '(') return Number(token) || 0;
    if (token !== '(') at++;
    const inner = sum();
    at++;
    return token === 'sqrt' ? Math.sqrt(inner) : inner;
  };
  const power = (): number => {
    const base = atom();
    if (tokens[at] !== '^') return base;
    at++;
    let value = 1;
    for (let n = Math.min(1000, power()); n >= 1; n--) value *= base;
    return value;
  };
  const product = (): number => {
    let value = power();
    while (['*', '/', '%'].includes(tokens[at] ?? '')) {
      const operator = tokens[at++];
      const right = power();
      value = operator === '*' ? value * right : operator === '/' ? value / right : value % right;
    }
    return value;
  };
  const sum = (): number => {
    let value = product();
    while (tokens[at] === '+' || tokens[at] === '-') value += tokens[at++] === '+' ? product() : -product();
    return value;
  };
  return sum();
}

/** Programs over text with a language of their own. */
export const editingCommands = commands({ sed, awk, bc });
