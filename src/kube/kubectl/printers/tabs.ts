/**
 * Aligns text whose cells end in tabs, as Go's tabwriter does for kubectl: a column is as wide as its widest cell in
 * neighbouring lines that have it, and two blanks more; the last cell of a line belongs to no column.
 * Kubernetes: text/tabwriter with minwidth 0, padding 2.
 */
export function alignTabs(text: string, padding = 2): string {
  const lines = text.split('\n').map((line) => line.split('\t'));
  const widths: number[][] = lines.map(() => []);
  /** Column `c` of the lines from `from` to `to`, which all have it; then the columns to its right. */
  const format = (from: number, to: number, c: number): void => {
    for (let i = from; i < to; i++) {
      if (lines[i]!.length - 1 <= c) continue;
      let end = i;
      let width = 0;
      while (end < to && lines[end]!.length - 1 > c) width = Math.max(width, [...lines[end++]![c]!].length);
      for (let j = i; j < end; j++) widths[j]![c] = width + padding;
      format(i, end, c + 1);
      i = end - 1;
    }
  };
  format(0, lines.length, 0);
  return lines
    .map((cells, i) =>
      cells
        .map((cell, c) => (c === cells.length - 1 ? cell : cell + ' '.repeat(widths[i]![c]! - [...cell].length)))
        .join(''),
    )
    .join('\n');
}
