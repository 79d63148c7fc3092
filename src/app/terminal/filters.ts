/** A program that takes lines and gives lines, as in `kubectl get pods | grep web`. */
export interface Filter {
  /** Takes text as it comes; gives what can be told already. */
  push(text: string): string;
  /** No more will come. */
  end(): string;
  /** It wants no more: what stands before it may end. */
  readonly full: boolean;
  /** 0 when it found what it looked for. */
  readonly status: number;
}

/** A filter that was named rightly, and the files it reads instead of what comes in; or what is wrong with it. */
export type Built = { readonly filter: Filter; readonly files: readonly string[] } | { readonly error: string };

/** Cuts a stream into lines; `each` sees whole ones. */
function lineByLine(
  each: (line: string, index: number) => string,
  end: () => string = () => '',
  more: { full?: () => boolean; status?: () => number } = {},
): Filter {
  let rest = '';
  let count = 0;
  return {
    push(text) {
      const lines = (rest + text).split('\n');
      rest = lines.pop()!;
      return lines.map((line) => each(line, count++)).join('');
    },
    end() {
      const last = rest === '' ? '' : each(rest, count++);
      rest = '';
      return last + end();
    },
    get full() {
      return more.full?.() ?? false;
    },
    get status() {
      return more.status?.() ?? 0;
    },
  };
}

/** A filter that can only speak once it has seen all. */
function atTheEnd(tell: (lines: string[]) => string[]): Filter {
  const lines: string[] = [];
  return lineByLine(
    (line) => (lines.push(line), ''),
    () =>
      tell(lines)
        .map((line) => `${line}\n`)
        .join(''),
  );
}

interface Options {
  /** Letter → its value, or '' for a letter alone. Given twice: the last one. */
  readonly letters: ReadonlyMap<string, string>;
  readonly words: readonly string[];
}

class WrongUse extends Error {}

/** Reads options: `valued` letters take the rest of their word or the next one; `-5` is `-n 5` where `n` is one. */
function optionsOf(name: string, words: readonly string[], single: string, valued: string): Options {
  const letters = new Map<string, string>();
  const others: string[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    if (word === '--') {
      others.push(...words.slice(i + 1));
      break;
    }
    const long = Object.hasOwn(longNames, word) ? longNames[word] : undefined;
    const given = long ? `-${long}` : word;
    if (/^-\d+$/.test(given) && valued.includes('n')) letters.set('n', given.slice(1));
    else if (!/^-./.test(given)) others.push(word);
    else
      for (let j = 1; j < given.length; j++) {
        const letter = given[j]!;
        if (valued.includes(letter)) {
          const value = given.slice(j + 1) || words[++i];
          if (value === undefined) throw new WrongUse(`${name}: option requires an argument -- '${letter}'`);
          letters.set(letter, value);
          break;
        }
        if (!single.includes(letter)) throw new WrongUse(`${name}: invalid option -- '${letter}'`);
        letters.set(letter, '');
      }
  }
  return { letters, words: others };
}

const longNames: Readonly<Record<string, string>> = {
  '--ignore-case': 'i',
  '--invert-match': 'v',
  '--count': 'c',
  '--extended-regexp': 'E',
  '--line-number': 'n',
  '--lines': 'l',
  '--reverse': 'r',
};

const whole = (name: string, text: string): number => {
  if (!/^\+?\d+$/.test(text)) throw new WrongUse(`${name}: invalid number of lines: '${text}'`);
  return Number(text);
};

/** A POSIX pattern as JavaScript writes it. In a basic one `+ ? | ( ) { }` mean themselves unless a backslash stands before. */
function patternOf(pattern: string, extended: boolean): string {
  const classes = pattern
    .replaceAll('[:space:]', '\\s')
    .replaceAll('[:digit:]', '\\d')
    .replaceAll('[:alpha:]', 'A-Za-z')
    .replaceAll('[:alnum:]', 'A-Za-z0-9');
  if (extended) return classes;
  return classes.replace(/\\([+?|(){}])|([+?|(){}])/g, (_all, marked?: string, bare?: string) => marked ?? `\\${bare}`);
}

function grep(words: readonly string[], extendedByName: boolean): Built {
  const { letters, words: others } = optionsOf('grep', words, 'ivcEFnowqxGP', 'ABCem');
  const has = (letter: string): boolean => letters.has(letter);
  const [first, ...rest] = others;
  const pattern = letters.get('e') ?? first;
  if (pattern === undefined)
    throw new WrongUse("Usage: grep [OPTION]... PATTERNS [FILE]...\nTry 'grep --help' for more information.");
  let source = has('F')
    ? pattern.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    : patternOf(pattern, has('E') || has('P') || extendedByName);
  if (has('w')) source = `\\b(?:${source})\\b`;
  if (has('x')) source = `^(?:${source})$`;
  let expression: RegExp;
  try {
    expression = new RegExp(source, has('i') ? 'gi' : 'g');
  } catch {
    throw new WrongUse('grep: Invalid regular expression');
  }
  const context = letters.get('C') ?? '0';
  const after = whole('grep', letters.get('A') ?? context);
  const before = whole('grep', letters.get('B') ?? context);
  const most = letters.has('m') ? whole('grep', letters.get('m')!) : Infinity;
  const held: string[] = [];
  let [found, trailing, lastShown] = [0, 0, -1];
  const number = (index: number, mark: string): string => (has('n') ? `${index + 1}${mark}` : '');
  const filter = lineByLine(
    (line, index) => {
      if (found >= most && trailing === 0) return '';
      const matches = [...line.matchAll(expression)].map(([text]) => text);
      if (found < most && matches.length > 0 !== has('v')) {
        found++;
        trailing = after;
        if (has('c') || has('q')) return '';
        if (has('o')) return matches.map((text) => `${number(index, ':')}${text}\n`).join('');
        const lead = held.splice(0).map((text, i, all) => `${number(index - all.length + i, '-')}${text}\n`);
        const gap = (before > 0 || after > 0) && lastShown >= 0 && index - lead.length > lastShown + 1 ? '--\n' : '';
        lastShown = index;
        return `${gap}${lead.join('')}${number(index, ':')}${line}\n`;
      }
      if (trailing > 0) {
        trailing--;
        lastShown = index;
        return has('c') || has('q') || has('o') ? '' : `${number(index, '-')}${line}\n`;
      }
      if (before > 0) held.push(line);
      if (held.length > before) held.shift();
      return '';
    },
    () => (has('c') ? `${found}\n` : ''),
    { status: () => (found > 0 ? 0 : 1), full: () => found >= most && trailing === 0 },
  );
  return { filter, files: letters.has('e') ? others : rest };
}

function head(words: readonly string[]): Built {
  const { letters, words: files } = optionsOf('head', words, 'q', 'n');
  const most = whole('head', letters.get('n') ?? '10');
  let told = 0;
  const filter = lineByLine((line) => (told++ < most ? `${line}\n` : ''), undefined, { full: () => told >= most });
  return { filter, files };
}

function tail(words: readonly string[]): Built {
  const { letters, words: files } = optionsOf('tail', words, 'q', 'n');
  const given = letters.get('n') ?? '10';
  const count = whole('tail', given);
  const last = given.startsWith('+')
    ? (lines: string[]) => lines.slice(Math.max(0, count - 1))
    : (lines: string[]) => lines.slice(Math.max(0, lines.length - count));
  return { filter: atTheEnd(last), files };
}

function wc(words: readonly string[]): Built {
  const { letters, words: files } = optionsOf('wc', words, 'lwcm', '');
  const all = letters.size === 0;
  let [lines, count, bytes] = [0, 0, 0];
  const filter: Filter = {
    push(text) {
      lines += text.split('\n').length - 1;
      count += text.split(/\s+/).filter(Boolean).length;
      bytes += new TextEncoder().encode(text).length;
      return '';
    },
    end() {
      const wanted = [
        ['l', lines],
        ['w', count],
        ['c', bytes],
      ] as const;
      const told = wanted.filter(([letter]) => all || letters.has(letter) || (letter === 'c' && letters.has('m')));
      return `${told.map(([, n]) => (told.length > 1 ? String(n).padStart(7) : String(n))).join(' ')}\n`;
    },
    full: false,
    status: 0,
  };
  return { filter, files };
}

function sort(words: readonly string[]): Built {
  const { letters, words: files } = optionsOf('sort', words, 'rnubfhV', 'kt');
  const column = letters.has('k') ? whole('sort', letters.get('k')!.replace(/[^\d].*$/, '')) : 0;
  const by = letters.get('t');
  const key = (line: string): string => {
    if (column === 0) return line;
    const cells = by ? line.split(by) : line.trim().split(/\s+/);
    return cells.slice(column - 1).join(' ');
  };
  const size = (line: string): number => Number.parseFloat(key(line)) || 0;
  const compare = (a: string, b: string): number => {
    const [x, y] = letters.has('n') || letters.has('h') ? [size(a), size(b)] : [key(a), key(b)];
    const order = x < y ? -1 : x > y ? 1 : a < b ? -1 : a > b ? 1 : 0;
    return letters.has('r') ? -order : order;
  };
  const filter = atTheEnd((lines) => {
    const sorted = lines.toSorted(compare);
    return letters.has('u') ? sorted.filter((line, i) => line !== sorted[i - 1]) : sorted;
  });
  return { filter, files };
}

function uniq(words: readonly string[]): Built {
  const { letters, words: files } = optionsOf('uniq', words, 'c', '');
  const filter = atTheEnd((lines) => {
    const runs: { line: string; count: number }[] = [];
    for (const line of lines) {
      const last = runs.at(-1);
      if (last?.line === line) last.count++;
      else runs.push({ line, count: 1 });
    }
    return runs.map(({ line, count }) => (letters.has('c') ? `${String(count).padStart(7)} ${line}` : line));
  });
  return { filter, files };
}

/** A pager of a terminal that can be scrolled lets everything through. */
const through = (name: string, words: readonly string[]): Built => ({
  filter: lineByLine((line) => `${line}\n`),
  files: optionsOf(name, words, 'FRXSNinr', '').words,
});

const builders: Readonly<Record<string, (words: readonly string[]) => Built>> = {
  cat: (words) => through('cat', words),
  egrep: (words) => grep(words, true),
  grep: (words) => grep(words, false),
  head,
  less: (words) => through('less', words),
  more: (words) => through('more', words),
  sort,
  tail,
  uniq,
  wc,
};

/** Names of the filters. */
export const filterNames: readonly string[] = Object.keys(builders);

/** Builds the filter that a command names. */
export function filterOf([name, ...words]: readonly string[]): Built {
  try {
    return builders[name!]!(words);
  } catch (error) {
    if (error instanceof WrongUse) return { error: error.message };
    throw error;
  }
}
