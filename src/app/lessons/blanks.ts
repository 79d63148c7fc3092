import type { Problem } from '../../protocol/index.ts';
import type { YamlHelp } from '../../lessons/index.ts';
import type { Visit } from './store.ts';

/** Where something is left to be filled in: three or more underscores. */
const blank = /_{3,}/g;

/** A blank of a manifest, 1-based. */
export interface Blank {
  readonly line: number;
  readonly column: number;
  readonly length: number;
}

/** The blanks of a text, in order. */
export function blanksIn(text: string): Blank[] {
  return text
    .split('\n')
    .flatMap((line, i) =>
      [...line.matchAll(blank)].map((found) => ({ line: i + 1, column: found.index + 1, length: found[0].length })),
    );
}

/** What a document as a whole is told when a blank stands where a number belongs. */
const undecoded = / in version ".*" cannot be handled as a /;

/** Problems without those that only say that a blank is still one: they stand on its line, quote it, or come of it. */
export const besidesBlanks = (problems: readonly Problem[], blanks: readonly Blank[]): readonly Problem[] =>
  blanks.length === 0
    ? problems
    : problems.filter(
        ({ message, line, endLine }) =>
          !message.includes('___') &&
          !undecoded.test(message) &&
          !blanks.some((b) => b.line >= line && b.line <= endLine),
      );

/** How much of the YAML the present step gives; null where it has no manifest, and in a sandbox. */
export function yamlHelpOf({ lesson, progress }: Visit): YamlHelp | null {
  const step = progress && lesson?.steps[progress.step];
  return step?.manifest === undefined ? null : (step.yamlHelp ?? 'none');
}
