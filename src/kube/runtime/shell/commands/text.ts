import { decodeBase64, encodeBase64 } from '../../../apimachinery/index.ts';
import { readFile, resolvePath, writeFile } from '../../files.ts';
import { ArithmeticError, reckon } from '../arithmetic.ts';
import { dispatch } from '../dispatch.ts';
import { regex, RegexError, type Regex } from '../../../apimachinery/regex/index.ts';
import { regExp } from '../pattern.ts';
import { basicToExtended } from './editing.ts';
import { commands, type Call } from '../utility.ts';
import { unescape } from '../words.ts';
import {
  complain,
  filter,
  fullPipe,
  gather,
  isAsh,
  linesOf,
  openFile,
  options,
  out,
  takeLine,
  takeInput,
} from './support.ts';
import type { Wait } from '../tasks.ts';

function echo(call: Call): number {
  let args = call.argv.slice(1);
  let newline = true;
  let escapes = false;
  while (/^-[neE]+$/.test(args[0] ?? '')) {
    newline &&= !args[0]!.includes('n');
    escapes ||= args[0]!.includes('e');
    args = args.slice(1);
  }
  const text = args.join(' ');
  out(call, (escapes ? unescape(text) : text) + (newline ? '\n' : ''));
  return 0;
}

/** printf with %s %d %i %u %c %f %x %o %b %q %%, widths and precisions; the format is used again while arguments are left. */
export function format(pattern: string, args: readonly string[]): string {
  let rest = [...args];
  let text = '';
  do {
    const before = rest.length;
    text += unescape(pattern).replace(
      /%(-?0?\d*)(?:\.(\d+))?([sdiucfxXobq%])/g,
      (_all, width: string, precision: string | undefined, kind: string) => {
        if (kind === '%') return '%';
        const arg = rest[0] ?? '';
        rest = rest.slice(1);
        return pad(conversion(kind, arg, precision), width);
      },
    );
    if (rest.length === before) break;
  } while (rest.length > 0);
  return text;
}

function conversion(kind: string, arg: string, precision: string | undefined): string {
  switch (kind) {
    case 'd':
    case 'i':
    case 'u':
      return String(Math.trunc(Number(arg)) || 0);
    case 'f':
      return (Number(arg) || 0).toFixed(Math.min(100, Number(precision ?? 6)));
    case 'x':
      return (Number(arg) || 0).toString(16);
    case 'X':
      return (Number(arg) || 0).toString(16).toUpperCase();
    case 'o':
      return (Number(arg) || 0).toString(8);
    case 'c':
      return arg.slice(0, 1);
    case 'b':
      return unescape(arg);
    default:
      return precision === undefined ? arg : arg.slice(0, Number(precision));
  }
}

function pad(text: string, width: string): string {
  const size = Math.min(1000, Math.abs(Number.parseInt(width || '0', 10)));
  if (width.startsWith('-')) return text.padEnd(size);
  return text.padStart(size, width.startsWith('0') ? '0' : ' ');
}

function cat(call: Call): number | Wait {
  const { flags, rest } = options(call.argv);
  if (rest[0] === '/dev/zero' || rest[0] === '/dev/urandom') return { for: 'cpu' };
  if (!('n' in flags)) return filter(call, rest, (text) => text);
  let line = Number(call.state['line'] ?? 0);
  const result = filter(call, rest, (text) =>
    linesOf(text)
      .map((l) => `${String(++line).padStart(6)}\t${l}\n`)
      .join(''),
  );
  call.state['line'] = line;
  return result;
}

function grep(call: Call): number | Wait {
  const { flags, rest } = options(call.argv, 'eAmBC');
  const pattern = flags['e'] ?? rest.shift() ?? '';
  const extended = 'E' in flags || 'P' in flags || call.argv[0]!.endsWith('egrep');
  let source =
    'F' in flags ? pattern.replace(/[$()*+./?[\\\]^{|}]/g, '\\$&') : extended ? pattern : basicToExtended(pattern);
  if ('w' in flags) source = `\\b(?:${source})\\b`;
  if ('x' in flags) source = `^(?:${source})$`;
  let re: Regex;
  try {
    re = regex(source, { ignoreCase: 'i' in flags });
  } catch (error) {
    if (!(error instanceof RegexError)) throw error;
    return complain(call, `grep: bad regex '${pattern}': Invalid regexp`, 2);
  }
  const found = (line: string): boolean => re.test(line) !== 'v' in flags;
  let hits = Number(call.state['hits'] ?? 0);
  const most = 'm' in flags ? Number(flags['m']) : Infinity;
  const change = (text: string): string => {
    const lines = linesOf(text).filter((line) => found(line) && ++hits <= most);
    if ('q' in flags || 'c' in flags || 'l' in flags) return '';
    if (!('o' in flags)) return lines.map((line) => `${line}\n`).join('');
    return lines
      .flatMap((line) => re.all(line))
      .filter((m) => m.groups[0] !== '')
      .map((m) => `${m.groups[0]}\n`)
      .join('');
  };
  const result = filter(call, rest, change);
  call.state['hits'] = hits;
  if (typeof result === 'object' && !('q' in flags && hits > 0)) return result;
  if ('c' in flags) out(call, `${hits}\n`);
  if ('l' in flags && hits > 0) out(call, `${rest.join('\n')}\n`);
  return hits > 0 ? 0 : result === 1 ? 2 : 1;
}

function head(call: Call): number | Wait {
  const { flags, rest } = options(
    call.argv.map((a) => (/^-\d+$/.test(a) ? `-n${a.slice(1)}` : a)),
    'nc',
  );
  if ('c' in flags) {
    const text = gather(call, rest);
    if (typeof text === 'object') return text;
    out(call, (text ?? '').slice(0, Number(flags['c'])));
    return text === undefined ? 1 : 0;
  }
  const wanted = Number(flags['n'] ?? 10);
  if (rest.length > 0) {
    const text = openFile(call, rest[0]!);
    if (text === undefined) return 1;
    const lines = linesOf(text);
    out(call, (wanted < 0 ? lines.slice(0, wanted) : lines.slice(0, wanted)).map((l) => `${l}\n`).join(''));
    return 0;
  }
  for (let n = Number(call.state['n'] ?? 0); n < wanted; n++) {
    call.state['n'] = n;
    const line = takeLine(call);
    if (typeof line === 'object') return line;
    if (line === '') return 0;
    out(call, line);
  }
  return 0;
}

function tail(call: Call): number | Wait {
  const { os, task, state } = call;
  const { flags, rest } = options(
    call.argv.map((a) =>
      /^-\d+f?$/.test(a) ? a.replace(/^-(\d+)(f?)$/, (_m, n: string, f: string) => (f ? `-fn${n}` : `-n${n}`)) : a,
    ),
    'ncs',
  );
  const follow = 'f' in flags || 'F' in flags || 'follow' in flags;
  const wanted = flags['n'] ?? '10';
  if (rest.length === 0) {
    const text = gather(call, rest);
    if (typeof text === 'object') return text;
    out(call, lastLines(text ?? '', wanted));
    return 0;
  }
  const name = rest[0]!;
  if (name === '/dev/null' && follow) return { for: 'ever' };
  const text = peek(call, name);
  if (text === undefined) {
    if (!follow)
      return complain(
        call,
        isAsh(call)
          ? `tail: can't open '${name}': No such file or directory`
          : `tail: cannot open '${name}' for reading: No such file or directory`,
      );
    if (!('F' in flags) && !state['missing']) {
      complain(
        call,
        isAsh(call)
          ? `tail: can't open '${name}': No such file or directory`
          : `tail: cannot open '${name}' for reading: No such file or directory`,
      );
      if (!isAsh(call)) return complain(call, 'tail: no files remaining');
      return complain(call, 'tail: no files');
    }
    if (!state['missing']) complain(call, `tail: can't open '${name}': No such file or directory`);
    state['missing'] = true;
    state['seen'] = 0;
  } else if (state['seen'] === undefined) {
    out(call, lastLines(text, wanted));
    state['seen'] = text.length;
  } else {
    const seen = text.length < Number(state['seen']) ? 0 : Number(state['seen']);
    out(call, text.slice(seen));
    state['seen'] = text.length;
  }
  if (!follow) return 0;
  os.pod.followers.push({ id: os.container.id, pid: task.pid });
  return { for: 'file' };
}

const peek = (call: Call, name: string): string | undefined => {
  const { os, task } = call;
  return readFile(os, resolvePath(name, task.cwd));
};

const lastLines = (text: string, wanted: string): string => {
  const lines = linesOf(text);
  const kept = wanted.startsWith('+')
    ? lines.slice(Math.max(0, Number(wanted) - 1))
    : lines.slice(Math.max(0, lines.length - Math.abs(Number(wanted))));
  return kept.map((l) => `${l}\n`).join('');
};

function sort(call: Call): number | Wait {
  const { flags, rest } = options(call.argv, 'kt');
  const text = gather(call, rest);
  if (typeof text === 'object') return text;
  let lines = linesOf(text ?? '');
  const field = Number.parseInt(flags['k'] ?? '0', 10);
  const key = (line: string): string => (field > 0 ? (line.split(flags['t'] ?? /\s+/)[field - 1] ?? '') : line);
  lines.sort((a, b) => {
    const [x, y] = [key(a), key(b)];
    if ('n' in flags) return (Number.parseFloat(x) || 0) - (Number.parseFloat(y) || 0);
    return x < y ? -1 : x > y ? 1 : 0;
  });
  if ('r' in flags) lines.reverse();
  if ('u' in flags) lines = lines.filter((line, i) => line !== lines[i - 1]);
  out(call, lines.map((l) => `${l}\n`).join(''));
  return text === undefined ? 1 : 0;
}

function uniq(call: Call): number | Wait {
  const { flags, rest } = options(call.argv);
  const text = gather(call, rest);
  if (typeof text === 'object') return text;
  const groups: { line: string; count: number }[] = [];
  for (const line of linesOf(text ?? '')) {
    const last = groups.at(-1);
    if (last?.line === line) last.count++;
    else groups.push({ line, count: 1 });
  }
  const kept = 'd' in flags ? groups.filter((g) => g.count > 1) : groups;
  out(call, kept.map((g) => ('c' in flags ? `${String(g.count).padStart(7)} ${g.line}\n` : `${g.line}\n`)).join(''));
  return 0;
}

function wc(call: Call): number | Wait {
  const { flags, rest } = options(call.argv);
  const text = gather(call, rest);
  if (typeof text === 'object') return text;
  if (text === undefined) return 1;
  const lines = text.split('\n').length - 1;
  const words = text.split(/\s+/).filter((w) => w !== '').length;
  const all = Object.keys(flags).length === 0;
  const numbers = [
    ...('l' in flags || all ? [lines] : []),
    ...('w' in flags || all ? [words] : []),
    ...('c' in flags || 'm' in flags || all ? [text.length] : []),
  ];
  const shown = numbers.length === 1 ? String(numbers[0]) : numbers.map((n) => String(n).padStart(8)).join(' ');
  out(call, `${shown}${rest.length > 0 ? ` ${rest[0]}` : ''}\n`);
  return 0;
}

/** cut -d -f, -c. */
function cut(call: Call): number | Wait {
  const { flags, rest } = options(call.argv, 'dfcb');
  const ranges = (flags['f'] ?? flags['c'] ?? flags['b'] ?? '1').split(',').map((r) => {
    const [from, to] = r.split('-');
    return [Number(from || 1), to === undefined ? Number(from) : Number(to || Infinity)] as const;
  });
  const inRange = (_item: string, i: number): boolean => ranges.some(([a, b]) => i + 1 >= a && i + 1 <= b);
  const separator = flags['d'] ?? '\t';
  return filter(call, rest, (text) =>
    linesOf(text)
      .map((line) => {
        if (!('f' in flags)) return `${[...line].filter(inRange).join('')}\n`;
        if (!line.includes(separator)) return 's' in flags ? '' : `${line}\n`;
        return `${line.split(separator).filter(inRange).join(separator)}\n`;
      })
      .join(''),
  );
}

/** tr SET1 SET2, -d, -s. */
function tr(call: Call): number | Wait {
  const { flags, rest } = options(call.argv);
  const complement = 'c' in flags || 'C' in flags;
  const from = characters(rest[0] ?? '');
  const to = characters(rest[1] ?? '');
  const member = (c: string): boolean => from.includes(c) !== complement;
  return filter(call, [], (text) => {
    let result = '';
    for (const c of text) {
      let mapped = c;
      if (member(c)) {
        if ('d' in flags) continue;
        if (to.length > 0) mapped = complement ? to.at(-1)! : to[Math.min(from.indexOf(c), to.length - 1)]!;
      }
      if ('s' in flags && result.endsWith(mapped) && (to.length > 0 ? to.includes(mapped) : member(c))) continue;
      result += mapped;
    }
    return result;
  });
}

function characters(set: string): string[] {
  const named = unescape(set)
    .replace('[:upper:]', 'A-Z')
    .replace('[:lower:]', 'a-z')
    .replace('[:digit:]', '0-9')
    .replace('[:alpha:]', 'A-Za-z')
    .replace('[:alnum:]', 'A-Za-z0-9')
    .replace('[:space:]', ' \t\n\r');
  const list: string[] = [];
  for (let i = 0; i < named.length; i++) {
    if (named[i + 1] === '-' && named[i + 2] !== undefined) {
      for (let c = named.charCodeAt(i); c <= named.charCodeAt(i + 2); c++) list.push(String.fromCharCode(c));
      i += 2;
    } else list.push(named[i]!);
  }
  return list;
}

function tee(call: Call): number | Wait {
  const { flags, rest } = options(call.argv);
  const { os, task, state } = call;
  if (!state['begun'] && !('a' in flags)) for (const name of rest) writeFile(os, resolvePath(name, task.cwd), '');
  state['begun'] = true;
  return filter(call, [], (text) => {
    for (const name of rest) writeFile(os, resolvePath(name, task.cwd), text, true);
    return text;
  });
}

/** Text utilities. */
export const textCommands = commands({
  echo,
  printf: (call) => {
    out(call, format(call.argv[1] ?? '', call.argv.slice(2)));
    return 0;
  },
  cat,
  grep,
  egrep: grep,
  head,
  tail,
  sort,
  uniq,
  wc,
  cut,
  tr,
  tee,
  rev: (call) =>
    filter(call, call.argv.slice(1), (text) =>
      linesOf(text)
        .map((l) => `${[...l].reverse().join('')}\n`)
        .join(''),
    ),
  yes: (call) => {
    const full = fullPipe(call);
    if (full) return full;
    out(call, `${call.argv[1] ?? 'y'}\n`.repeat(100));
    // Called again by the machine: it never ends by itself.
    return { for: 'room', stream: -1 };
  },
  seq: (call) => {
    const numbers = call.argv
      .slice(1)
      .filter((a) => !/^-[^\d]/.test(a))
      .map(Number);
    const [from, by, to] =
      numbers.length === 1
        ? [1, 1, numbers[0]!]
        : numbers.length === 2
          ? [numbers[0]!, 1, numbers[1]!]
          : [numbers[0]!, numbers[1]!, numbers[2]!];
    let text = '';
    for (let n = from, i = 0; by !== 0 && (by > 0 ? n <= to : n >= to) && i < 100_000; n += by, i++) text += `${n}\n`;
    out(call, text);
    return 0;
  },
  shuf: (call) => {
    const text = gather(call, options(call.argv, 'ni').rest);
    if (typeof text === 'object') return text;
    const lines = linesOf(text ?? '');
    const random = call.os.ctx.random(`shell/${call.os.pod.config.podUid}`);
    for (let i = lines.length - 1; i > 0; i--) {
      const j = random.int(i + 1);
      [lines[i], lines[j]] = [lines[j]!, lines[i]!];
    }
    const { flags } = options(call.argv, 'ni');
    out(
      call,
      lines
        .slice(0, 'n' in flags ? Number(flags['n']) : undefined)
        .map((l) => `${l}\n`)
        .join(''),
    );
    return 0;
  },
  xargs: (call) => {
    const text = takeInput(call);
    if (typeof text === 'object') return text;
    call.state['text'] = String(call.state['text'] ?? '') + text;
    if (text !== '') return { for: 'room', stream: -1 };
    const words = String(call.state['text'])
      .split(/\s+/)
      .filter((w) => w !== '');
    const { restore, tested } = call.task.utility!;
    call.task.utility = null;
    const argv = call.argv
      .slice(1)
      .filter((a, i, all) => !/^-(n|I|r)/.test(a) && !(i > 0 && /^-(n|I)$/.test(all[i - 1]!)));
    dispatch(call.os, call.task, [...(argv.length > 0 ? argv : ['echo']), ...words], call.env, restore, tested);
    return 0;
  },
  base64: (call) => {
    const { flags, rest } = options(call.argv, 'w');
    const text = gather(call, rest);
    if (typeof text === 'object') return text;
    out(call, 'd' in flags || 'decode' in flags ? decodeBase64(text ?? '') : `${encodeBase64(text ?? '')}\n`);
    return 0;
  },
  expr: (call) => {
    const args = call.argv.slice(1);
    if (args[1] === ':' || args[0] === 'match') {
      const m = regExp(`^(?:${basicToExtended(args.at(-1)!)})`).exec(args[args[0] === 'match' ? 1 : 0]!);
      out(call, `${m ? (m.groups[1] ?? m.groups[0]!.length) : 0}\n`);
      return m ? 0 : 1;
    }
    if (args[0] === 'length') {
      out(call, `${(args[1] ?? '').length}\n`);
      return 0;
    }
    if (
      args.length === 3 &&
      ['=', '!=', '<', '>', '<=', '>='].includes(args[1]!) &&
      args.some((a, i) => i !== 1 && !/^-?\d+$/.test(a))
    ) {
      const value = args[1] === '=' ? args[0] === args[2] : args[1] === '!=' ? args[0] !== args[2] : false;
      out(call, `${Number(value)}\n`);
      return value ? 0 : 1;
    }
    try {
      const value = reckon(args.map((a) => (a === '=' ? '==' : a)).join(' '), { get: () => '0', set: () => {} });
      out(call, `${value}\n`);
      return value === 0 ? 1 : 0;
    } catch (error) {
      if (!(error instanceof ArithmeticError)) throw error;
      return complain(call, 'expr: syntax error', 2);
    }
  },
});
