/** A line of two texts laid side by side. */
interface Row {
  readonly mark: ' ' | '-' | '+';
  readonly line: string;
}

const contextLines = 3;

/** Lines of a text; none for an empty one. */
const linesOf = (text: string): string[] => (text === '' ? [] : text.replace(/\n$/, '').split('\n'));

/**
 * What `diff -u` prints below its two headers: hunks with three lines around each change; '' for equal texts.
 * GNU diffutils: the changed lines are as few as can be, and slide as far down as they go.
 */
export function unifiedDiff(from: string, to: string): string {
  const rows = slid(rowsOf(linesOf(from), linesOf(to)));
  let text = '';
  for (const [start, end] of hunksOf(rows)) text += hunkText(rows, start, end);
  return text;
}

/** Both texts laid side by side: their equal ends, and between them what the longest common subsequence makes of the rest. */
function rowsOf(a: readonly string[], b: readonly string[]): Row[] {
  const most = Math.min(a.length, b.length);
  let head = 0;
  while (head < most && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < most - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++;
  const same = (line: string): Row => ({ mark: ' ', line });
  const middle = middleOf(a.slice(head, a.length - tail), b.slice(head, b.length - tail));
  return [...a.slice(0, head).map(same), ...middle, ...a.slice(a.length - tail).map(same)];
}

/** The longest common subsequence; where two ways are equally good, what goes stands before what comes. O(a · b). */
function middleOf(a: readonly string[], b: readonly string[]): Row[] {
  const length = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--)
      length[i]![j] = a[i] === b[j] ? length[i + 1]![j + 1]! + 1 : Math.max(length[i + 1]![j]!, length[i]![j + 1]!);
  }
  const rows: Row[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      rows.push({ mark: ' ', line: a[i]! });
      i++;
      j++;
    } else if (i < a.length && (j >= b.length || length[i + 1]![j]! >= length[i]![j + 1]!))
      rows.push({ mark: '-', line: a[i++]! });
    else rows.push({ mark: '+', line: b[j++]! });
  }
  return rows;
}

/** Moves each run of lines that only come or only go down over equal lines. */
function slid(rows: readonly Row[]): Row[] {
  const result = [...rows];
  for (let start = 0; start < result.length; start++) {
    const { mark } = result[start]!;
    if (mark === ' ' || result[start - 1]?.mark === mark) continue;
    let end = start;
    while (result[end]?.mark === mark) end++;
    if ((result[start - 1]?.mark ?? ' ') !== ' ') continue;
    let first = start;
    while (result[end]?.mark === ' ' && result[end]!.line === result[first]!.line) {
      const { line } = result[first]!;
      result[first++] = { mark: ' ', line };
      result[end++] = { mark, line };
    }
    start = end - 1;
  }
  return result;
}

/** Where hunks begin and end: changes whose context touches stand in one. */
function hunksOf(rows: readonly Row[]): [number, number][] {
  const hunks: [number, number][] = [];
  for (const [i, { mark }] of rows.entries()) {
    if (mark === ' ') continue;
    const [start, end] = [Math.max(0, i - contextLines), Math.min(rows.length, i + contextLines + 1)];
    const last = hunks.at(-1);
    if (last && start <= last[1]) last[1] = end;
    else hunks.push([start, end]);
  }
  return hunks;
}

function hunkText(rows: readonly Row[], start: number, end: number): string {
  const count = (part: readonly Row[], gone: '-' | '+'): number => part.filter(({ mark }) => mark !== gone).length;
  const [before, inside] = [rows.slice(0, start), rows.slice(start, end)];
  const range = (gone: '-' | '+'): string => {
    const size = count(inside, gone);
    const first = count(before, gone) + (size > 0 ? 1 : 0);
    return size === 1 ? String(first) : `${first},${size}`;
  };
  const lines = inside.map(({ mark, line }) => `${mark}${line}\n`);
  return `@@ -${range('+')} +${range('-')} @@\n${lines.join('')}`;
}
