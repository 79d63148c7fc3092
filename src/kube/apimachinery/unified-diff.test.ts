import { expect, test } from 'vitest';
import { unifiedDiff } from './unified-diff.ts';

const text = (lines: string): string => lines.split(' ').join('\n') + '\n';

test.each([
  ['a b c', 'a b c', ''],
  ['', 'a b', '@@ -0,0 +1,2 @@\n+a\n+b\n'],
  ['a', 'b', '@@ -1 +1 @@\n-a\n+b\n'],
  ['1 2 3 4 5 6 7 8 9', '1 2 3 4 x 6 7 8 9', '@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+x\n 6\n 7\n 8\n'],
  [
    '1 2 3 4 5 6 7 8 9 10',
    '1 x 3 4 5 6 7 8 9 y',
    '@@ -1,5 +1,5 @@\n 1\n-2\n+x\n 3\n 4\n 5\n@@ -7,4 +7,4 @@\n 7\n 8\n 9\n-10\n+y\n',
  ],
  // An item like its neighbour comes last.
  ['a - i - i b', 'a - i - i - i b', '@@ -3,4 +3,6 @@\n i\n -\n i\n+-\n+i\n b\n'],
])('%j and %j differ as diff -u says', (from, to, hunks) => {
  expect(unifiedDiff(from && text(from), to && text(to))).toBe(hunks);
});
