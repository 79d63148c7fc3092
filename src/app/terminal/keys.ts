/** What a person does at a prompt. `text` may be more than one character: a syllable composed, a word of a paste. */
export type Key =
  | { readonly key: 'text'; readonly text: string }
  /** Text of a paste with its line ends. */
  | { readonly key: 'paste'; readonly text: string }
  | { readonly key: KeyName };

/** Keys that have a meaning of their own, named after what they do. */
export type KeyName =
  | 'enter'
  | 'tab'
  | 'up'
  | 'down'
  | 'left'
  | 'right'
  | 'home'
  | 'end'
  | 'word-left'
  | 'word-right'
  | 'backspace'
  | 'delete'
  | 'kill-end'
  | 'kill-start'
  | 'kill-word'
  | 'yank'
  | 'interrupt'
  | 'end-of-file'
  | 'clear'
  | 'search'
  | 'escape';

const controls: Readonly<Record<string, KeyName>> = {
  '\r': 'enter',
  '\n': 'enter',
  '\t': 'tab',
  '\u007f': 'backspace',
  '\b': 'backspace',
  '\u0001': 'home',
  '\u0002': 'left',
  '\u0003': 'interrupt',
  '\u0004': 'end-of-file',
  '\u0005': 'end',
  '\u0006': 'right',
  '\u000b': 'kill-end',
  '\u000c': 'clear',
  '\u000e': 'down',
  '\u0010': 'up',
  '\u0012': 'search',
  '\u0015': 'kill-start',
  '\u0017': 'kill-word',
  '\u0019': 'yank',
};

const sequences: readonly (readonly [string, KeyName])[] = [
  ['[1;5C', 'word-right'],
  ['[1;5D', 'word-left'],
  ['[1;3C', 'word-right'],
  ['[1;3D', 'word-left'],
  ['[1~', 'home'],
  ['[3~', 'delete'],
  ['[4~', 'end'],
  ...(['[', 'O'] as const).flatMap((start) =>
    (
      [
        ['A', 'up'],
        ['B', 'down'],
        ['C', 'right'],
        ['D', 'left'],
        ['H', 'home'],
        ['F', 'end'],
      ] as const
    ).map(([letter, name]) => [`${start}${letter}`, name] as const),
  ),
  ['b', 'word-left'],
  ['f', 'word-right'],
  ['\u007f', 'kill-word'],
];

const pasteStart = '\u001b[200~';
const pasteEnd = '\u001b[201~';

/** What a terminal emulator sends, taken apart. Sequences that mean nothing here are dropped whole. */
export function* keysOf(data: string): Generator<Key> {
  for (let i = 0; i < data.length;) {
    const char = data[i]!;
    if (data.startsWith(pasteStart, i)) {
      const from = i + pasteStart.length;
      const end = data.indexOf(pasteEnd, from);
      yield { key: 'paste', text: data.slice(from, end < 0 ? undefined : end).replace(/\r\n?/g, '\n') };
      if (end < 0) return;
      i = end + pasteEnd.length;
    } else if (char === '\u001b') {
      const known = sequences.find(([text]) => data.startsWith(text, i + 1));
      // oxlint-disable-next-line no-control-regex -- a sequence begins with it
      const length = known ? known[0].length + 1 : /^\u001b(?:\[[0-?]*[ -/]*[@-~]|O.)?/.exec(data.slice(i))![0].length;
      if (known) yield { key: known[1] };
      else if (length === 1) yield { key: 'escape' };
      i += length;
    } else if (char < ' ' || char === '\u007f') {
      const name = controls[char];
      if (name) yield { key: name };
      i++;
    } else {
      let end = i + 1;
      while (end < data.length && data[end]! >= ' ' && data[end] !== '\u007f') end++;
      yield { key: 'text', text: data.slice(i, end) };
      i = end;
    }
  }
}
