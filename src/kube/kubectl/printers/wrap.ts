/** Breaks lines at blanks so that none is longer than `limit`, as Go's github.com/mitchellh/go-wordwrap. */
export function wordWrap(text: string, limit: number): string {
  let [out, space, word] = ['', '', ''];
  let column = 0;
  const flush = (): void => {
    column += space.length + word.length;
    out += space + word;
    [space, word] = ['', ''];
  };
  for (const char of text) {
    if (char === '\n') {
      if (word === '' && column + space.length > limit) space = '';
      flush();
      out += char;
      column = 0;
    } else if (/\s/.test(char) && char !== '\u00a0') {
      if (space === '' || word !== '') flush();
      space += char;
    } else {
      word += char;
      if (column + word.length + space.length > limit && word.length < limit) {
        out += '\n';
        column = 0;
        space = '';
      }
    }
  }
  if (word !== '' || column + space.length <= limit) out += space + word;
  return out;
}
