/** Widths of text without asking the browser: reading layout in the middle of drawing would cost a frame. */

const wide = /[\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7af\uff00-\uff60]/;

/** Estimated width of a line of text in px; mono is exact, the proportional face is taken a little wide. */
export function textWidth(text: string, mono: boolean, size = 14): number {
  const k = size / 14;
  let width = 0;
  for (const char of text) {
    if (wide.test(char)) width += mono ? 14 : 12.9;
    else if (mono) width += 8.42;
    else if (char === ' ' || char === '\u2009' || 'ijl.,:;|!()'.includes(char)) width += 3.8;
    else if ('mwMW%'.includes(char)) width += 11.5;
    else if (char >= 'A' && char <= 'Z') width += 9.4;
    else width += 7.7;
  }
  return width * k;
}

/** Cuts text so that it fits, with an ellipsis in its place; '' when not even that fits. */
export function fitText(text: string, width: number, mono: boolean, size = 14): string {
  if (textWidth(text, mono, size) <= width) return text;
  const chars = [...text];
  while (chars.length > 1) {
    chars.pop();
    const cut = `${chars.join('').replace(/[-.\s]+$/, '')}…`;
    if (textWidth(cut, mono, size) <= width) return cut;
  }
  return '';
}

/** As `fitText`, but keeps the end, where generated names differ. */
export function fitTextEnd(text: string, width: number, mono: boolean, size = 14): string {
  if (textWidth(text, mono, size) <= width) return text;
  const chars = [...text];
  while (chars.length > 1) {
    chars.shift();
    const cut = `…${chars.join('').replace(/^[-.\s]+/, '')}`;
    if (textWidth(cut, mono, size) <= width) return cut;
  }
  return '';
}
