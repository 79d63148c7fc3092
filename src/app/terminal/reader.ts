import type { Completion } from '../../protocol/index.ts';
import type { LineHistory } from './history.ts';
import type { Key } from './keys.ts';
import { edited, emptyLine, insert, type Line } from './line-editor.ts';
import { createPrompt, type Tty } from './prompt.ts';

/** Keys that a reader understands; the others are its owner's. */
export type EditKey = Exclude<Key, { key: 'paste' | 'interrupt' | 'clear' | 'end-of-file' }>;

/** Reads lines: editing, history, search, completion. */
export interface Reader {
  /** Asks for the next line. */
  ask(prompt: string): void;
  press(key: EditKey): void;
  /** A completion is awaited: keys wait with it. */
  readonly completing: boolean;
  /** Nothing has been typed. */
  readonly empty: boolean;
  /** Gives the line up. */
  abandon(): void;
  /** Prints something where the prompt stands, which moves down; another prompt may come after it. */
  around(print: () => void, prompt?: string): void;
  /** Puts a text in the place of the line. */
  put(text: string): void;
}

/** What a reader tells, and what it asks for. */
export interface ReaderOptions {
  readonly history: LineHistory;
  submit(text: string): void;
  /** What may stand at the end of a text. */
  complete(text: string): Promise<Completion>;
  /** A completion has ended: keys that came meanwhile have their turn. */
  completed(): void;
  /** The line comes back in what is printed: it is not left standing. */
  readonly echoed?: boolean;
  /** SGR sequence of the prompt. */
  readonly style?: string;
  /** Prints on rows of its own. */
  print(text: string): void;
}

interface Search {
  readonly text: string;
  readonly at: number;
}

/** A completion that takes longer is not waited for, ms. */
const patienceMs = 1500;

/** Most candidates that are shown. */
const mostShown = 120;

/** A reader on a terminal. */
export function createReader(tty: Tty, options: ReaderOptions): Reader {
  const prompt = createPrompt(tty, options.style);
  let label = '';
  let line: Line = emptyLine;
  let search: Search | null = null;
  /** Text that Tab has left with several candidates: a second Tab shows them. */
  let tabbed: string | null = null;
  let completing = false;

  const show = (next: Line): void => prompt.show((line = next), label);
  const replace = (text: string): void => show({ ...line, text, cursor: text.length });

  const offer = ({ from, words }: Completion): void => {
    const before = line.text.slice(0, line.cursor);
    if (words.length === 0) return;
    const common = words.reduce((a, b) => {
      let i = 0;
      while (i < a.length && a[i] === b[i]) i++;
      return a.slice(0, i);
    });
    const closing = words.length === 1 && !/[=/]$/.test(common) ? ' ' : '';
    const added = common.slice(before.length - from) + closing;
    if (added) show(insert(line, added));
    const list = words.length > 1 && tabbed === before;
    tabbed = words.length > 1 ? before + added : null;
    if (!list) return;
    prompt.end();
    options.print(inColumns(words, tty.columns));
    prompt.begin(label, line);
  };

  const complete = (): void => {
    const before = line.text.slice(0, line.cursor);
    completing = true;
    const late = new Promise<Completion>((_, reject) => void setTimeout(reject, patienceMs));
    Promise.race([options.complete(before), late])
      .then(
        (found) => {
          if (line.text.slice(0, line.cursor) === before) offer(found);
        },
        () => {},
      )
      .finally(() => {
        completing = false;
        options.completed();
      });
  };

  const showSearch = (next: Search): void => {
    search = next;
    const found = options.history.lines[next.at];
    const text = found ?? '';
    line = { ...line, text, cursor: found === undefined ? 0 : Math.max(0, text.indexOf(next.text)) };
    prompt.show(line, `(reverse-i-search)'${next.text}': `);
  };
  /** True when the key belonged to the search; it ends with any other, which then does its own. */
  const searching = (now: Search, key: Key): boolean => {
    const { history } = options;
    if (key.key === 'search') {
      showSearch({ ...now, at: history.find(now.text, now.at)?.at ?? now.at });
      return true;
    }
    const text = key.key === 'text' ? now.text + key.text : key.key === 'backspace' ? now.text.slice(0, -1) : undefined;
    if (text === undefined) {
      search = null;
      prompt.show(line, label);
      return key.key === 'escape';
    }
    showSearch({ text, at: text === '' ? history.lines.length : (history.find(text)?.at ?? history.lines.length) });
    return true;
  };

  const press = (key: EditKey): void => {
    if (search && searching(search, key)) return;
    if (key.key !== 'tab') tabbed = null;
    switch (key.key) {
      case 'text':
        show(insert(line, key.text));
        return;
      case 'enter':
        if (!options.echoed) prompt.end();
        options.submit(line.text);
        return;
      case 'tab':
        complete();
        return;
      case 'search':
        showSearch({ text: '', at: options.history.lines.length });
        return;
      case 'up':
      case 'down': {
        const found = options.history.move(key.key === 'up' ? -1 : 1, line.text);
        if (found !== undefined) replace(found);
        return;
      }
      case 'escape':
        return;
      default: {
        const next = edited(line, key.key);
        if (next) show(next);
      }
    }
  };

  return {
    ask(text) {
      label = text;
      line = { ...emptyLine, cut: line.cut };
      search = null;
      prompt.begin(label, line);
    },
    press,
    get completing() {
      return completing;
    },
    get empty() {
      return line.text === '' && !search;
    },
    abandon() {
      search = null;
      tty.write('^C');
      prompt.end();
    },
    around(print, text = label) {
      prompt.hide();
      print();
      label = text;
      prompt.again(label);
    },
    put: replace,
  };
}

/** Words in columns, read downwards, as a shell lists them. */
export function inColumns(words: readonly string[], columns: number): string {
  const shown = words.slice(0, mostShown);
  const width = Math.max(...shown.map((word) => word.length)) + 2;
  const perRow = Math.max(1, Math.floor(columns / width));
  const rows = Math.ceil(shown.length / perRow);
  let text = '';
  for (let row = 0; row < rows; row++) {
    const cells = shown.filter((_, i) => i % rows === row);
    text += `${cells.map((word, i) => (i < cells.length - 1 ? word.padEnd(width) : word)).join('')}\n`;
  }
  return shown.length < words.length ? `${text}… ${words.length - shown.length} more\n` : text;
}
