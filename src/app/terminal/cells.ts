/** Ranges of characters that are two cells wide in the terminal: Hangul, Han, Kana, full width forms. */
const wide: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3040, 0xa4cf],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x20000, 0x3fffd],
];

/** Cells that a character takes, as xterm.js counts them (Unicode 6): 0 for marks that combine, 2 for wide ones. */
export function cellsOf(char: string): number {
  const code = char.codePointAt(0)!;
  if (code < 0x300) return 1;
  if (/^\p{Mn}$/u.test(char)) return 0;
  return wide.some(([from, to]) => code >= from && code <= to) ? 2 : 1;
}

/** A place on the screen, counted from where the first character stands. */
export interface Place {
  readonly row: number;
  readonly column: number;
}

/** Where one stands after a text has been written from column 0 in a terminal of so many columns. */
export function placeAfter(text: string, columns: number): Place {
  let row = 0;
  let column = 0;
  for (const char of text) {
    if (char === '\n') {
      row++;
      column = 0;
      continue;
    }
    const cells = cellsOf(char);
    if (column + cells > columns) {
      row++;
      column = 0;
    }
    column += cells;
  }
  return column >= columns ? { row: row + 1, column: 0 } : { row, column };
}
