import type { KeyName } from './keys.ts';

/** A line that is being written. */
export interface Line {
  readonly text: string;
  /** Index into the text, always between two characters as a person sees them. */
  readonly cursor: number;
  /** What was cut last, for Ctrl+Y. */
  readonly cut: string;
}

export const emptyLine: Line = { text: '', cursor: 0, cut: '' };

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** Length of the last character before an index: a syllable with its marks is one. */
const lengthBefore = ({ text, cursor }: Line): number =>
  [...segmenter.segment(text.slice(0, cursor))].at(-1)?.segment.length ?? 0;

const lengthAfter = ({ text, cursor }: Line): number =>
  segmenter.segment(text.slice(cursor))[Symbol.iterator]().next().value?.segment.length ?? 0;

/** Where the word before the cursor begins: blanks, then what is no blank. */
const wordStart = ({ text, cursor }: Line): number => cursor - /\S*\s*$/.exec(text.slice(0, cursor))![0].length;

const wordEnd = ({ text, cursor }: Line): number => cursor + /^\s*\S*/.exec(text.slice(cursor))![0].length;

const cutOut = (line: Line, from: number, to: number): Line => ({
  text: line.text.slice(0, from) + line.text.slice(to),
  cursor: from,
  cut: line.text.slice(from, to) || line.cut,
});

/** Puts text in at the cursor. */
export const insert = (line: Line, text: string): Line => ({
  ...line,
  text: line.text.slice(0, line.cursor) + text + line.text.slice(line.cursor),
  cursor: line.cursor + text.length,
});

/** What each key of a shell's line editor makes of a line; a key without an entry is not one of them. */
const acts: Partial<Record<KeyName, (line: Line) => Line>> = {
  left: (line) => ({ ...line, cursor: line.cursor - lengthBefore(line) }),
  right: (line) => ({ ...line, cursor: line.cursor + lengthAfter(line) }),
  home: (line) => ({ ...line, cursor: 0 }),
  end: (line) => ({ ...line, cursor: line.text.length }),
  'word-left': (line) => ({ ...line, cursor: wordStart(line) }),
  'word-right': (line) => ({ ...line, cursor: wordEnd(line) }),
  backspace: (line) => ({ ...cutOut(line, line.cursor - lengthBefore(line), line.cursor), cut: line.cut }),
  delete: (line) => ({ ...cutOut(line, line.cursor, line.cursor + lengthAfter(line)), cut: line.cut }),
  'kill-end': (line) => cutOut(line, line.cursor, line.text.length),
  'kill-start': (line) => cutOut(line, 0, line.cursor),
  'kill-word': (line) => cutOut(line, wordStart(line), line.cursor),
  yank: (line) => insert(line, line.cut),
};

/** The line after a key; undefined when the key does not edit. */
export const edited = (line: Line, key: KeyName): Line | undefined => acts[key]?.(line);
