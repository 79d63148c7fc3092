import { UsageError } from './parse.ts';

/** Words of a line: what is meant, and what of it is to be changed. */
export interface Changes {
  readonly targets: readonly string[];
  /** `key=value` and `key-`, as they were given. */
  readonly pairs: readonly string[];
}

/** Takes `TYPE NAME key=value key-` apart. Kubernetes: cmdutil.GetResourcesAndPairs. */
export function splitPairs(words: readonly string[], what: string): Changes {
  const isPair = (word: string): boolean => word.indexOf('=') > 0 || (word.endsWith('-') && word !== '-');
  const first = words.findIndex(isPair);
  if (first < 0) return { targets: words, pairs: [] };
  const late = words.slice(first).find((word) => !isPair(word));
  if (late !== undefined)
    throw new UsageError(`error: all resources must be specified before ${what} changes: ${late}`);
  return { targets: words.slice(0, first), pairs: words.slice(first) };
}

/** `key=value` → [key, value]; `key-` → [key, null]. */
export function pairOf(pair: string): readonly [key: string, value: string | null] {
  const equals = pair.indexOf('=');
  return equals < 0 ? [pair.slice(0, -1), null] : [pair.slice(0, equals), pair.slice(equals + 1)];
}
