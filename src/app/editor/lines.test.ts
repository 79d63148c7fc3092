import { expect, test } from 'vitest';
import { changedLines } from './lines.ts';

test.each([
  ['nothing', 'a\nb\nc', 'a\nb\nc', []],
  ['a changed line', 'a\nb\nc', 'a\nB\nc', [2]],
  ['an inserted line', 'a\nc', 'a\nb\nc', [2]],
  ['only what is new beside a removal', 'a\nb\nc\nd', 'a\nc\nx\nd', [3]],
  ['a removal, which has no line of its own', 'a\nb\nc', 'a\nc', []],
  ['all of a text that was never applied', '', 'a\nb', [1, 2]],
])('marks %s', (_, applied, text, lines) => {
  expect(changedLines(applied, text)).toEqual(lines);
});
