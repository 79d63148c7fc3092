/** A failed command line: kubectl prints the text and exits with the code. */
export class UsageError extends Error {
  override name = 'UsageError';
  readonly exitCode: number;
  constructor(message: string, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** What kubectl says of a wrong use of a verb: the sentence, and where to find more. */
export const misuse = (verb: string, message: string): UsageError =>
  new UsageError(`error: ${message}\nSee 'kubectl ${verb} -h' for help and examples`);

/** A flag's kind: a boolean needs no value; an int must be whole; a list may be given several times. */
export type FlagKind = 'boolean' | 'string' | 'int' | 'list';

/** Flags of a command by long name; `short` maps a letter to its long name. */
export interface FlagSet {
  readonly flags: Readonly<Record<string, FlagKind>>;
  readonly short?: Readonly<Record<string, string>>;
}

/** Flags that every command takes. Only `namespace` and `context` mean something here. */
export const globalFlags: FlagSet = {
  flags: { namespace: 'string', context: 'string' },
  short: { n: 'namespace' },
};

/** Global flags that are understood and change nothing: there is one cluster, and one way to it. */
const idleFlags: FlagSet = {
  flags: {
    as: 'string',
    'as-group': 'list',
    'as-uid': 'string',
    'as-user-extra': 'list',
    'cache-dir': 'string',
    'certificate-authority': 'string',
    'client-certificate': 'string',
    'client-key': 'string',
    cluster: 'string',
    'disable-compression': 'boolean',
    help: 'boolean',
    'insecure-skip-tls-verify': 'boolean',
    kubeconfig: 'string',
    kuberc: 'string',
    'log-flush-frequency': 'string',
    'match-server-version': 'boolean',
    password: 'string',
    profile: 'string',
    'profile-output': 'string',
    'request-timeout': 'string',
    server: 'string',
    'tls-server-name': 'string',
    token: 'string',
    user: 'string',
    username: 'string',
    v: 'int',
    vmodule: 'string',
    'warnings-as-errors': 'boolean',
  },
  short: { h: 'help', s: 'server', v: 'v' },
};

/** Values of flags that may stand without one: the next word is not theirs. pflag: NoOptDefVal. */
const unspoken: Readonly<Record<string, string>> = {
  cascade: 'background',
  'dry-run': 'unchanged',
  'edit-last-applied': 'true',
  validate: 'strict',
};

/** A parsed command line. */
export interface Args {
  readonly positional: readonly string[];
  /** Words after `--`. */
  readonly rest: readonly string[];
  readonly flags: ReadonlyMap<string, readonly string[]>;
}

/** Splits a line into words as a POSIX shell would: blanks separate, quotes and backslash protect. */
export function splitWords(line: string): string[] {
  const words: string[] = [];
  let word = '';
  let open = false;
  let quote = '';
  for (let i = 0; i < line.length; i++) {
    const c = line[i]!;
    if (quote === "'") {
      if (c === "'") quote = '';
      else word += c;
    } else if (quote === '"') {
      if (c === '"') quote = '';
      else if (c === '\\' && '"\\$`'.includes(line[i + 1] ?? '')) word += line[++i];
      else word += c;
    } else if (c === "'" || c === '"') {
      quote = c;
      open = true;
    } else if (c === '\\' && i + 1 < line.length) {
      word += line[++i];
      open = true;
    } else if (c === ' ' || c === '\t' || c === '\n') {
      if (open || word) words.push(word);
      word = '';
      open = false;
    } else word += c;
  }
  if (quote) throw new UsageError(`error: unterminated ${quote} in the command line`);
  if (open || word) words.push(word);
  return words;
}

/** What Go's strconv.ParseBool takes. */
const booleans: Readonly<Record<string, boolean>> = {
  '1': true, t: true, T: true, true: true, TRUE: true, True: true,
  '0': false, f: false, F: false, false: false, FALSE: false, False: false,
}; // prettier-ignore

/**
 * Parses words after the verb with pflag's rules: `--name=value`, `--name value`, `-n value`, `-nvalue`, `-abc`, `--`. `verb` is
 * the command with its part (`rollout status`), as errors name it.
 */
export function parseArgs(words: readonly string[], set: FlagSet, verb: string): Args {
  const kinds: Record<string, FlagKind> = { ...idleFlags.flags, ...globalFlags.flags, ...set.flags };
  const short: Record<string, string> = { ...idleFlags.short, ...globalFlags.short, ...set.short };
  const positional: string[] = [];
  const flags = new Map<string, string[]>();
  const wrong = (message: string): UsageError =>
    new UsageError(`error: ${message}\nSee 'kubectl ${verb} --help' for usage.`);
  const add = (name: string, value: string): void => {
    const kind = kinds[name]!;
    const list = flags.get(name);
    if (list && kind === 'list') list.push(value);
    else
      flags.set(name, [
        kind === 'boolean' ? String(booleanOf(name, value)) : kind === 'int' ? intOf(name, value) : value,
      ]);
  };
  /** `-w, --watch`: how pflag names a flag. */
  const called = (name: string): string => {
    const letter = Object.keys(short).find((key) => short[key] === name);
    return letter ? `-${letter}, --${name}` : `--${name}`;
  };
  const booleanOf = (name: string, value: string): boolean => {
    if (Object.hasOwn(booleans, value)) return booleans[value]!;
    throw wrong(`invalid argument "${value}" for "${called(name)}" flag: strconv.ParseBool: parsing "${value}": invalid syntax`); // prettier-ignore
  };
  const intOf = (name: string, value: string): string => {
    if (/^[+-]?\d+$/.test(value)) return value;
    throw wrong(`invalid argument "${value}" for "${called(name)}" flag: strconv.ParseInt: parsing "${value}": invalid syntax`); // prettier-ignore
  };
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    if (word === '--') return { positional, rest: words.slice(i + 1), flags };
    if (word.startsWith('--')) {
      const equals = word.indexOf('=');
      const name = equals < 0 ? word.slice(2) : word.slice(2, equals);
      if (!Object.hasOwn(kinds, name)) throw wrong(`unknown flag: --${name}`);
      if (equals >= 0) add(name, word.slice(equals + 1));
      else if (kinds[name] === 'boolean') add(name, 'true');
      else if (Object.hasOwn(unspoken, name)) add(name, unspoken[name]!);
      else if (i + 1 < words.length) add(name, words[++i]!);
      else throw wrong(`flag needs an argument: --${name}`);
    } else if (word.length > 1 && word.startsWith('-')) {
      for (let j = 1; j < word.length; j++) {
        const letter = word[j]!;
        const name = Object.hasOwn(short, letter) ? short[letter] : undefined;
        if (!name) throw wrong(`unknown shorthand flag: '${letter}' in ${word}`);
        if (kinds[name] === 'boolean' && word[j + 1] !== '=') {
          add(name, 'true');
          continue;
        }
        const value = word.slice(j + 1).replace(/^=/, '');
        if (value) add(name, value);
        else if (i + 1 < words.length) add(name, words[++i]!);
        else throw wrong(`flag needs an argument: '${letter}' in ${word}`);
        break;
      }
    } else positional.push(word);
  }
  return { positional, rest: [], flags };
}

/** Puts flags that stand before the verb behind it: `-n shop get pods`. */
export function verbFirst(words: readonly string[]): readonly string[] {
  let i = 0;
  while (i < words.length && words[i]!.startsWith('-')) {
    const word = words[i]!;
    const name = word.startsWith('--')
      ? word.slice(2)
      : ((globalFlags.short ?? {})[word[1]!] ?? idleFlags.short![word[1]!] ?? '');
    const kind = globalFlags.flags[name] ?? idleFlags.flags[name];
    i += kind !== undefined && kind !== 'boolean' && (word.startsWith('--') || word.length === 2) ? 2 : 1;
  }
  if (i === 0 || i >= words.length) return words;
  return [words[i]!, ...words.slice(0, i), ...words.slice(i + 1)];
}
