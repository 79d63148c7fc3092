/** A shell pattern (`*`, `?`, `[a-z]`) as a regular expression over the whole text. A backslash takes a sign literally. */
export function patternToRegExp(
  pattern: string,
  anchored: 'both' | 'start' | 'end' | 'none' = 'both',
  shortest = false,
): RegExp {
  let out = '';
  for (let i = 0; i < pattern.length; i++) {
    const c = pattern[i]!;
    if (c === '*') out += shortest ? '[^]*?' : '[^]*';
    else if (c === '?') out += '[^]';
    else if (c === '\\' && i + 1 < pattern.length) out += quote(pattern[++i]!);
    else if (c === '[') {
      const named = pattern.startsWith('[:', i + 1) ? pattern.indexOf(':]', i) + 2 : i + 2;
      const end = pattern.indexOf(']', named);
      if (end < 0) out += '\\[';
      else {
        const body = pattern
          .slice(i + 1, end)
          .replace(/^!/, '^')
          .replace(/\[:(\w+):\]/g, (_all, name: string) => classes[name] ?? '')
          .replace(/\\/g, '\\\\');
        out += `[${body}]`;
        i = end;
      }
    } else out += quote(c);
  }
  const start = anchored === 'both' || anchored === 'start' ? '^' : '';
  const end = anchored === 'both' || anchored === 'end' ? '$' : '';
  return regExp(`${start}(?:${out})${end}`, 'u');
}

/** A regular expression that a script wrote; what cannot be read as one matches nothing. */
export function regExp(source: string, flags = ''): RegExp {
  try {
    return new RegExp(source, flags);
  } catch {
    return new RegExp('(?!)', flags);
  }
}

const classes: Readonly<Record<string, string>> = {
  alpha: 'a-zA-Z',
  digit: '0-9',
  alnum: 'a-zA-Z0-9',
  space: '\\s',
  upper: 'A-Z',
  lower: 'a-z',
};

const quote = (c: string): string => (/[$()*+./?[\\\]^{|}]/.test(c) ? `\\${c}` : c);

/** Writes a text so that a pattern matches it literally. */
export const quotePattern = (text: string): string => text.replace(/[*?[\]\\]/g, '\\$&');
