import { globalOptions, groupTexts, overview } from './help-texts.ts';
import { verbTexts } from './help-verbs.ts';

/** Verbs in the order in which kubectl holds them: suggestions come in it. */
export const verbOrder: readonly string[] = [...overview.matchAll(/^ {2}([a-z-]+) {2,}\S/gm)].map(([, name]) => name!);

const moreAbout = 'Use "kubectl options" for a list of global command-line options (applies to all commands).\n';

/** Verbs that print their text when nothing more is asked, and whether that is a mistake (on standard error, exit code 1). */
const barenessIsWrong = new Set([
  'auth',
  'config',
  'create secret',
  'create service',
  'plugin',
  'rollout',
  'set',
  'top',
]);

/** What `kubectl VERB [PART] --help` prints; undefined for what is not a verb. Options and examples are left out. */
export function helpFor(words: readonly string[]): string | undefined {
  if (words.length === 0) return overview;
  const name = nameIn(words);
  if (name === undefined) return words[0] === 'options' ? globalOptions : undefined;
  if (Object.hasOwn(groupTexts, name)) return `${groupTexts[name]}${moreAbout}`;
  const [about, usage] = verbTexts[name]!;
  return `${about}\n\nUsage:\n  ${usage}\n\n${moreAbout}`;
}

/** The longest beginning of the words that is a command: `create secret tls`. */
export function nameIn(words: readonly string[]): string | undefined {
  for (let length = Math.min(words.length, 3); length > 0; length--) {
    const name = words.slice(0, length).join(' ');
    if (Object.hasOwn(groupTexts, name) || Object.hasOwn(verbTexts, name)) return name;
  }
  return undefined;
}

/** What a verb prints that is only a name for others, when it stands alone. */
export function bareText(words: readonly string[]): { readonly text: string; readonly wrong: boolean } | undefined {
  const name = words.join(' ');
  if (name === 'cluster-info' || !Object.hasOwn(groupTexts, name)) return undefined;
  return { text: `${groupTexts[name]}${moreAbout}`, wrong: barenessIsWrong.has(name) };
}

/** Verbs that are spelled alike. cobra: SuggestionsFor. */
export const alike = (verb: string): readonly string[] =>
  verbOrder.filter((name) => editDistance(name, verb.toLowerCase()) <= 2 || name.startsWith(verb.toLowerCase()));

/** Levenshtein distance of two short words. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1));
    row = next;
  }
  return row[b.length]!;
}
