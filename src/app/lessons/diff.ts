/** Lines of context before and after what differs. */
const context = 1;

/** The part of `to` that differs from `from`, with `-` and `+` before the lines; the whole of `to` when all of it does. */
export function changedPart(from: string, to: string): string {
  const a = from.trimEnd().split('\n');
  const b = to.trimEnd().split('\n');
  const rows = b.length * a.length > 250_000 ? null : longestCommon(a, b);
  if (!rows) return to.trimEnd();
  const near = (i: number): boolean =>
    rows.slice(Math.max(0, i - context), i + context + 1).some((r) => r.mark !== ' ');
  const shown = rows.flatMap((row, i) => (near(i) ? [`${row.mark} ${row.line}`] : ['\u2026']));
  const text = shown.filter((line, i) => line !== '\u2026' || shown[i - 1] !== '\u2026');
  return rows.every((row) => row.mark === ' ') ? to.trimEnd() : shifted(text).join('\n');
}

/** Lines with their mark, without the indentation that all of them have: the guide is narrow. */
function shifted(lines: readonly string[]): string[] {
  const told = lines.filter((line) => line !== '\u2026' && line.length > 2);
  const indent = Math.min(...told.map((line) => line.length - 2 - line.slice(2).trimStart().length));
  return lines.map((line) => (line === '\u2026' ? line : line.slice(0, 2) + line.slice(2 + indent)));
}

interface Row {
  readonly mark: ' ' | '-' | '+';
  readonly line: string;
}

/** What stays, goes and comes, by the longest common subsequence of lines. O(a · b). */
function longestCommon(a: readonly string[], b: readonly string[]): Row[] {
  const length = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      length[i]![j] = a[i] === b[j] ? length[i + 1]![j + 1]! + 1 : Math.max(length[i + 1]![j]!, length[i]![j + 1]!);
  const rows: Row[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length)
    if (i < a.length && j < b.length && a[i] === b[j]) {
      rows.push({ mark: ' ', line: a[i]! });
      i++;
      j++;
    } else if (j < b.length && (i >= a.length || length[i]![j + 1]! > length[i + 1]![j]!))
      rows.push({ mark: '+', line: b[j++]! });
    else rows.push({ mark: '-', line: a[i++]! });
  return rows;
}
