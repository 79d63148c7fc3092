import { regex, RegexError, type Regex } from '../../apimachinery/regex/index.ts';

/** A shell pattern (`*`, `?`, `[a-z]`) as a regular expression over the whole text. A backslash takes a sign literally; `last` finds the shortest end that matches, as group 1. */
export function patternToRegExp(
  pattern: string,
  anchored: 'both' | 'start' | 'end' | 'last' | 'none' = 'both',
  shortest = false,
): Regex {
  let out = '';
  for (let i = 0; i < pattern.length; i++) {
    const c = pattern[i]!;
    if (c === '*') out += shortest ? `${any}*?` : `${any}*`;
    else if (c === '?') out += any;
    else if (c === '\\' && i + 1 < pattern.length) out += quote(pattern[++i]!);
    else if (c === '[') {
      const named = pattern.startsWith('[:', i + 1) ? pattern.indexOf(':]', i) + 2 : i + 2;
      const end = pattern.indexOf(']', named);
      if (end < 0) out += '\\[';
      else {
        const body = pattern
          .slice(i + 1, end)
          .replace(/^!/, '^')
          .replace(/\\/g, '\\\\');
        out += `[${body}]`;
        i = end;
      }
    } else out += quote(c);
  }
  if (anchored === 'last') return regExp(`^${any}*(${out})$`);
  const start = anchored === 'both' || anchored === 'start' ? '^' : '';
  const end = anchored === 'both' || anchored === 'end' ? '$' : '';
  return regExp(`${start}(?:${out})${end}`);
}

/** A regular expression that a script wrote; what cannot be read as one matches nothing. */
export function regExp(source: string, ignoreCase = false): Regex {
  try {
    return regex(source, { ignoreCase });
  } catch (error) {
    if (!(error instanceof RegexError)) throw error;
    return regex('$^.');
  }
}

/** Any sign, a line's end too. */
const any = '[\\s\\S]';

const quote = (c: string): string => (/[$()*+./?[\\\]^{|}]/.test(c) ? `\\${c}` : c);

/** Writes a text so that a pattern matches it literally. */
export const quotePattern = (text: string): string => text.replace(/[*?[\]\\]/g, '\\$&');
