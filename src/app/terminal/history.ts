/** Lines that were run before, oldest first. */
export interface LineHistory {
  readonly lines: readonly string[];
  /** Takes note of a line; not of one that repeats the last, nor of one that begins with a blank. */
  add(line: string): void;
  /** The line before or after the present one; `draft` is what stands there now. Undefined at either end. */
  move(by: -1 | 1, draft: string): string | undefined;
  /** The newest line before the `from`th (the newest of all: -1) that contains a text. */
  find(text: string, from?: number): { readonly line: string; readonly at: number } | undefined;
}

/** Most lines that are kept. */
const most = 500;

/** A history over what was kept; `keep` is told of every change. */
export function createHistory(kept: readonly string[], keep: (lines: readonly string[]) => void): LineHistory {
  let lines = [...kept];
  /** Where one stands; `lines.length` is what is being written. */
  let at = lines.length;
  let draft = '';
  return {
    get lines() {
      return lines;
    },
    add(line) {
      if (line.trim() !== '' && !line.startsWith(' ') && line !== lines.at(-1)) {
        lines = [...lines, line].slice(-most);
        keep(lines);
      }
      at = lines.length;
      draft = '';
    },
    move(by, now) {
      const next = at + by;
      if (next < 0 || next > lines.length) return undefined;
      if (at === lines.length) draft = now;
      at = next;
      return at === lines.length ? draft : lines[at];
    },
    find(text, from = -1) {
      for (let i = from < 0 ? lines.length - 1 : from - 1; i >= 0; i--)
        if (lines[i]!.includes(text)) return { line: lines[i]!, at: i };
      return undefined;
    },
  };
}
