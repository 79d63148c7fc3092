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
  show(line: Line, prompt?: string): void;
  /** Takes prompt and line away, so that something can be printed in their place; `again` brings them back. */
  hide(): void;
  again(prompt?: string): void;
  /** Leaves the line standing and goes to the row below it. */
  end(): void;
}

/** Bold, in the colour of links. */
const bold = '\u001b[1;34m';
const plain = '\u001b[0m';

/** A prompt on a terminal. */
export function createPrompt(tty: Tty, style = bold): Prompt {
  let prompt = '';
  let shown: Line = { text: '', cursor: 0, cut: '' };

  const placeOf = (text: string): ReturnType<typeof placeAfter> => placeAfter(prompt + text, tty.columns);
  const draw = (line: Line): void => {
    const end = placeOf(line.text);
    const at = placeOf(line.text.slice(0, line.cursor));
    // A terminal goes to the next row only with the next character.
    const wrap = end.column === 0 && end.row > 0 && !line.text.endsWith('\n') ? '\r\n' : '';
    const up = end.row - at.row;
    tty.write(`${style}${prompt}${plain}${line.text.replaceAll('\n', '\r\n')}${wrap}`);
    if (line.cursor < line.text.length)
      tty.write(`${up > 0 ? `\u001b[${up}A` : ''}\r${at.column > 0 ? `\u001b[${at.column}C` : ''}`);
    shown = line;
  };
  const hide = (): void => {
    const { row } = placeOf(shown.text.slice(0, shown.cursor));
    tty.write(`${row > 0 ? `\u001b[${row}A` : ''}\r\u001b[J`);
  };
  return {
    begin(text, line) {
      prompt = text;
      draw(line);
    },
    show(line, text = prompt) {
      const added = line.text.slice(shown.text.length);
      const atEnd = shown.cursor === shown.text.length && line.cursor === line.text.length;
      if (text === prompt && atEnd && added && !added.includes('\n') && line.text.startsWith(shown.text)) {
        tty.write(added + (placeOf(line.text).column === 0 ? '\r\n' : ''));
        shown = line;
        return;
      }
      hide();
      prompt = text;
      draw(line);
    },
    hide,
    again(text = prompt) {
      prompt = text;
      draw(shown);
    },
    end() {
      const down = placeOf(shown.text).row - placeOf(shown.text.slice(0, shown.cursor)).row;
      tty.write(`${down > 0 ? `\u001b[${down}B` : ''}\r\n`);
    },
  };
}
