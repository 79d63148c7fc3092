import { expect, test } from 'vitest';
import { filterOf } from './filters.ts';
import { parseShell } from './parse.ts';

const table = `NAME    READY   STATUS             RESTARTS   AGE
cart-1  1/1     Running            0          9m
web-2   0/1     CrashLoopBackOff   12         8m
web-1   1/1     Running            3          10m
`;

/** What a filter makes of the table, and its status. */
function through(command: string, text = table): string {
  const parsed = parseShell(command);
  if (!('pipelines' in parsed)) throw new Error('not a command');
  const built = filterOf(parsed.pipelines[0]!.stages[0]!.words);
  if ('error' in built) return `error: ${built.error}`;
  // In pieces, as a line that waits prints.
  let out = '';
  for (let i = 0; i < text.length; i += 17) out += built.filter.push(text.slice(i, i + 17));
  out += built.filter.end();
  return `${out.replace(/ +/g, ' ').trimEnd()} [${built.filter.status}]`;
}

test.each([
  ['grep web', 'web-2 0/1 CrashLoopBackOff 12 8m\nweb-1 1/1 Running 3 10m [0]'],
  ['grep -i crash', 'web-2 0/1 CrashLoopBackOff 12 8m [0]'],
  ['grep -vn web', '1:NAME READY STATUS RESTARTS AGE\n2:cart-1 1/1 Running 0 9m [0]'],
  ['grep -c Running', '2 [0]'],
  ['grep -E "cart|NAME"', 'NAME READY STATUS RESTARTS AGE\ncart-1 1/1 Running 0 9m [0]'],
  ['grep "cart|NAME"', ' [1]'],
  ["grep 'cart\\|NAME'", 'NAME READY STATUS RESTARTS AGE\ncart-1 1/1 Running 0 9m [0]'],
  ['grep -o "web-[0-9]"', 'web-2\nweb-1 [0]'],
  ['grep -w Run', ' [1]'],
  ['grep -A1 cart', 'cart-1 1/1 Running 0 9m\nweb-2 0/1 CrashLoopBackOff 12 8m [0]'],
  ['grep -B 1 -n web-2', '2-cart-1 1/1 Running 0 9m\n3:web-2 0/1 CrashLoopBackOff 12 8m [0]'],
  ['grep -F "1/1"', 'cart-1 1/1 Running 0 9m\nweb-1 1/1 Running 3 10m [0]'],
  ['grep "["', 'error: grep: Invalid regular expression'],
  ['grep -z x', "error: grep: invalid option -- 'z'"],
  ['head -2', 'NAME READY STATUS RESTARTS AGE\ncart-1 1/1 Running 0 9m [0]'],
  ['head -n 1', 'NAME READY STATUS RESTARTS AGE [0]'],
  ['tail -1', 'web-1 1/1 Running 3 10m [0]'],
  ['tail -n +4', 'web-1 1/1 Running 3 10m [0]'],
  ['wc -l', '4 [0]'],
  [
    'sort -k4 -n -r',
    'web-2 0/1 CrashLoopBackOff 12 8m\nweb-1 1/1 Running 3 10m\ncart-1 1/1 Running 0 9m\nNAME READY STATUS RESTARTS AGE [0]',
  ],
  [
    'sort',
    'NAME READY STATUS RESTARTS AGE\ncart-1 1/1 Running 0 9m\nweb-1 1/1 Running 3 10m\nweb-2 0/1 CrashLoopBackOff 12 8m [0]',
  ],
  ['less', `${table.replace(/ +/g, ' ').trimEnd()} [0]`],
])('%s', (command, expected) => {
  expect(through(command)).toBe(expected);
});

test('uniq counts what repeats, and head says when it wants no more', () => {
  expect(through('uniq -c', 'a\na\nb\n')).toBe(' 2 a\n 1 b [0]');
  const built = filterOf(['head', '-1']);
  if ('error' in built) throw new Error(built.error);
  expect(built.filter.full).toBe(false);
  built.filter.push('one\ntwo\n');
  expect(built.filter.full).toBe(true);
});
