import { placeAfter } from './cells.ts';
import type { Line } from './line-editor.ts';

/** What a prompt needs of a terminal. */
export interface Tty {
  write(text: string): void;
  readonly columns: number;
}

/** Draws a prompt and the line behind it, over as many rows as it takes. */
export interface Prompt {
  /** Begins a new line with this prompt. */
  begin(prompt: string, line: Line): void;
  /** Shows the line as it has become. What is only added at the end is only added: a screen reader reads no more than that. */
  show(line: Line): void;
  /** Draws anew, after the screen was cleared or something was printed. */
  again(): void;
  /** Leaves the line standing and goes to the row below it. */
  end(): void;
}

/** `style` colours the prompt: SGR parameters. */
export function createPrompt(tty: Tty, style = '1'): Prompt {
  let prompt = '';
  let shown: Line = { text: '', cursor: 0, cut: '' };

  const draw = (line: Line): void => {
    const { columns } = tty;
    const end = placeAfter(prompt + line.text, columns);
    const at = placeAfter(prompt + line.text.slice(0, line.cursor), columns);
    // A terminal goes to the next row only with the next character.
    const wrap = end.column === 0 && end.row > 0 ? '\r\n' : '';
    const up = end.row - at.row;
    tty.write(
      `\u001b[${style}m${prompt}\u001b[0m${line.text}${wrap}` +
        `${up > 0 ? `\u001b[${up}A` : ''}\r${at.column > 0 ? `\u001b[${at.column}C` : ''}`,
    );
    shown = line;
  };
  const erase = (): void => {
    const { row } = placeAfter(prompt + shown.text.slice(0, shown.cursor), tty.columns);
    tty.write(`${row > 0 ? `\u001b[${row}A` : ''}\r\u001b[J`);
  };
  return {
    begin(text, line) {
      prompt = text;
      draw(line);
    },
    show(line) {
      const added = line.text.slice(shown.text.length);
      const atEnd = shown.cursor === shown.text.length && line.cursor === line.text.length;
      if (atEnd && added && line.text.startsWith(shown.text)) {
        const place = placeAfter(prompt + line.text, tty.columns);
        const wraps = place.column === 0;
        tty.write(added + (wraps ? '\r\n' : ''));
        shown = line;
        return;
      }
      erase();
      draw(line);
    },
    again: () => draw(shown),
    end() {
      const rows = placeAfter(prompt + shown.text, tty.columns).row;
      const { row } = placeAfter(prompt + shown.text.slice(0, shown.cursor), tty.columns);
      tty.write(`${rows > row ? `\u001b[${rows - row}B` : ''}\r\n`);
    },
  };
}
