/** A block of addresses: its first address as bytes (4 or 16 of them), and how many leading bits are fixed. */
export interface Cidr {
  readonly bytes: readonly number[];
  readonly prefix: number;
}

/** Bytes of an IPv4 address; leading zeros are ignored, as Go's sloppy parser does. */
function parseIPv4(text: string): number[] | undefined {
  const parts = text.split('.');
  if (parts.length !== 4) return undefined;
  const bytes = parts.map((part) => (/^\d+$/.test(part) ? Number(part) : 256));
  return bytes.every((byte) => byte <= 255) ? bytes : undefined;
}

function parseIPv6(text: string): number[] | undefined {
  if (!/^[0-9a-fA-F:.]+$/.test(text)) return undefined;
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [head, tail] = halves.map(groups);
  if (!head || (halves.length === 2 && !tail)) return undefined;
  const missing = 16 - head.length - (tail?.length ?? 0);
  if (halves.length === 1 ? missing !== 0 : missing < 2) return undefined;
  return [...head, ...Array.from({ length: missing }, () => 0), ...(tail ?? [])];
}

/** Bytes of groups between colons; the last may be an IPv4 address. */
function groups(text: string): number[] | undefined {
  const bytes: number[] = [];
  const parts = text === '' ? [] : text.split(':');
  for (const [i, part] of parts.entries()) {
    const v4 = i === parts.length - 1 && part.includes('.') ? parseIPv4(part) : undefined;
    if (v4) bytes.push(...v4);
    else if (/^[0-9a-fA-F]{1,4}$/.test(part))
      bytes.push(Number.parseInt(part, 16) >> 8, Number.parseInt(part, 16) & 255);
    else return undefined;
  }
  return bytes;
}

/** Bytes of an IP address of either family, or undefined. Kubernetes: netutils.ParseIPSloppy. */
export const parseIP = (text: string): readonly number[] | undefined =>
  text.includes(':') ? parseIPv6(text) : parseIPv4(text);

/** The block that a text like `10.0.0.0/8` means, bits beyond the prefix cleared; undefined when it means none. */
export function parseCidr(text: string): Cidr | undefined {
  const [, address = '', length = ''] = /^([^/]+)\/(\d{1,4})$/.exec(text) ?? [];
  const ip = parseIP(address);
  const prefix = Number(length);
  if (!ip || length === '' || prefix > ip.length * 8) return undefined;
  return { bytes: ip.map((byte, i) => byte & maskByte(prefix, i)), prefix };
}

const maskByte = (prefix: number, i: number): number => (0xff00 >> Math.min(8, Math.max(0, prefix - 8 * i))) & 255;

/** True when an address lies in a block. Families never mix. */
export function inCidr({ bytes, prefix }: Cidr, ip: readonly number[]): boolean {
  if (ip.length !== bytes.length) return false;
  for (let i = 0; i * 8 < prefix; i++) if ((ip[i]! & maskByte(prefix, i)) !== bytes[i]) return false;
  return true;
}
