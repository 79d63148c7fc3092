/**
 * Lines of `text` (1-based) that are not in `applied`: the amber gutter of what is not applied yet.
 * A longest common subsequence; past 4 million cells (2,000 × 2,000 changed lines) everything between the first and
 * the last difference counts, so that typing never waits.
 */
export function changedLines(applied: string, text: string): number[] {
  const a = applied.split('\n');
  const b = text.split('\n');
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let endA = a.length;
  let endB = b.length;
  while (endA > start && endB > start && a[endA - 1] === b[endB - 1]) {
    endA--;
    endB--;
  }
  const rows = endA - start;
  const columns = endB - start;
  if (columns === 0) return [];
  if (rows === 0 || rows * columns > 4_000_000) return range(start + 1, endB);
  // lengths[i][j]: longest common subsequence of a[i…endA) and b[j…endB).
  const width = columns + 1;
  const lengths = new Uint16Array((rows + 1) * width);
  for (let i = rows - 1; i >= 0; i--) {
    for (let j = columns - 1; j >= 0; j--) {
      lengths[i * width + j] =
        a[start + i] === b[start + j]
          ? lengths[(i + 1) * width + j + 1]! + 1
          : Math.max(lengths[(i + 1) * width + j]!, lengths[i * width + j + 1]!);
    }
  }
  const changed: number[] = [];
  let i = 0;
  for (let j = 0; j < columns;) {
    if (i < rows && a[start + i] === b[start + j]) {
      i++;
      j++;
    } else if (i < rows && lengths[(i + 1) * width + j]! >= lengths[i * width + j + 1]!) i++;
    else changed.push(start + ++j);
  }
  return changed;
}

const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, k) => from + k);
