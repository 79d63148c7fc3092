const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Standard base64 of a text's UTF-8 bytes. Written by hand: `btoa` does not exist in the core. */
export function encodeBase64(text: string): string {
  const bytes = utf8(text);
  let out = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const word = (bytes[i]! << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    out += alphabet[word >> 18]! + alphabet[(word >> 12) & 63]!;
    out += i + 1 < bytes.length ? alphabet[(word >> 6) & 63]! : '=';
    out += i + 2 < bytes.length ? alphabet[word & 63]! : '=';
  }
  return out;
}

/** The bytes of a base64 text; what is no base64 is passed over. */
export function base64Bytes(text: string): number[] {
  const bytes: number[] = [];
  let word = 0;
  let bits = 0;
  for (const char of text) {
    const six = alphabet.indexOf(char);
    if (six < 0) continue;
    word = ((word << 6) | six) & 0xffffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes.push((word >> bits) & 255);
    }
  }
  return bytes;
}

/** The bytes of a base64 text, read as UTF-8; wrong bytes become U+FFFD. */
export const decodeBase64 = (text: string): string => fromUtf8(base64Bytes(text));

/** The UTF-8 bytes of a text. */
export function utf8(text: string): number[] {
  const bytes: number[] = [];
  for (const char of text) {
    const c = char.codePointAt(0)!;
    if (c < 0x80) bytes.push(c);
    else if (c < 0x800) bytes.push(0xc0 | (c >> 6), 0x80 | (c & 63));
    else if (c < 0x10000) bytes.push(0xe0 | (c >> 12), 0x80 | ((c >> 6) & 63), 0x80 | (c & 63));
    else bytes.push(0xf0 | (c >> 18), 0x80 | ((c >> 12) & 63), 0x80 | ((c >> 6) & 63), 0x80 | (c & 63));
  }
  return bytes;
}

function fromUtf8(bytes: readonly number[]): string {
  let out = '';
  for (let i = 0; i < bytes.length;) {
    const b = bytes[i]!;
    const more = b < 0x80 ? 0 : b >= 0xf0 && b < 0xf5 ? 3 : b >= 0xe0 && b < 0xf0 ? 2 : b >= 0xc2 && b < 0xe0 ? 1 : -1;
    let c = more === 0 ? b : b & (0x3f >> Math.max(more, 0));
    let good = more >= 0;
    for (let j = 1; good && j <= more; j++) {
      const next = bytes[i + j];
      if (next === undefined || (next & 0xc0) !== 0x80) good = false;
      else c = (c << 6) | (next & 63);
    }
    out += good ? String.fromCodePoint(c) : '\ufffd';
    i += good ? more + 1 : 1;
  }
  return out;
}
