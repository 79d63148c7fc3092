/** A failed command line: kubectl prints the text and exits with the code. */
export class UsageError extends Error {
  override name = 'UsageError';
  readonly exitCode: number;
  constructor(message: string, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** A flag's kind: a boolean needs no value; a list may be given several times. */
export type FlagKind = 'boolean' | 'string' | 'list';

/** Flags of a command by long name; `short` maps a letter to its long name. */
export interface FlagSet {
  readonly flags: Readonly<Record<string, FlagKind>>;
  readonly short?: Readonly<Record<string, string>>;
}

/** Flags that every command takes. */
export const globalFlags: FlagSet = {
  flags: { namespace: 'string' },
  short: { n: 'namespace' },
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

/** Parses words after the verb with pflag's rules: `--name=value`, `--name value`, `-n value`, `-nvalue`, `-abc`, `--`. */
export function parseArgs(words: readonly string[], set: FlagSet): Args {
  const kinds: Record<string, FlagKind> = { ...globalFlags.flags, ...set.flags };
  const short: Record<string, string> = { ...globalFlags.short, ...set.short };
  const positional: string[] = [];
  const flags = new Map<string, string[]>();
  const add = (name: string, value: string): void => {
    const list = flags.get(name);
    if (list && kinds[name] === 'list') list.push(value);
    else flags.set(name, [value]);
  };
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    if (word === '--') return { positional, rest: words.slice(i + 1), flags };
    if (word.startsWith('--')) {
      const equals = word.indexOf('=');
      const name = equals < 0 ? word.slice(2) : word.slice(2, equals);
      if (!Object.hasOwn(kinds, name))
        throw new UsageError(`error: unknown flag: --${name}\nSee 'kubectl --help' for usage.`);
      if (equals >= 0) add(name, word.slice(equals + 1));
      else if (kinds[name] === 'boolean') add(name, 'true');
      else if (i + 1 < words.length) add(name, words[++i]!);
      else throw new UsageError(`error: flag needs an argument: --${name}\nSee 'kubectl --help' for usage.`);
    } else if (word.length > 1 && word.startsWith('-') && word !== '-') {
      for (let j = 1; j < word.length; j++) {
        const letter = word[j]!;
        const name = Object.hasOwn(short, letter) ? short[letter] : undefined;
        if (!name)
          throw new UsageError(
            `error: unknown shorthand flag: '${letter}' in ${word}\nSee 'kubectl --help' for usage.`,
          );
        if (kinds[name] === 'boolean') {
          add(name, 'true');
          continue;
        }
        const value = word.slice(j + 1).replace(/^=/, '');
        if (value) add(name, value);
        else if (i + 1 < words.length) add(name, words[++i]!);
        else
          throw new UsageError(
            `error: flag needs an argument: '${letter}' in ${word}\nSee 'kubectl --help' for usage.`,
          );
        break;
      }
    } else positional.push(word);
  }
  return { positional, rest: [], flags };
}
