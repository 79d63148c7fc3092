import type { SavedRun } from '../protocol/index.ts';

/** A run that was read, or why it could not be: `damaged`, `too-large`, `version`, `not-a-run`. */
export type ReadRun = { readonly ok: true; readonly run: SavedRun } | { readonly ok: false; readonly why: BrokenWhy };
export type BrokenWhy = 'damaged' | 'too-large' | 'version' | 'not-a-run';

/** Most bytes a link or file may unfold to: 259 kB of link can hold 200 MB. */
export const mostBytes = 2 * 1024 * 1024;
/** Longer links are offered as a file. */
export const longestLink = 8192;
/** Version of the link format. */
const linkVersion = '1';

function toBase64Url(bytes: Uint8Array): string {
  let text = '';
  // In pieces: spreading a large array would overflow the stack.
  for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

function fromBase64Url(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(binary, (c) => c.charCodeAt(0));
}

/** Hash of the compressed text: one changed character of the link is noticed, not replayed. FNV-1a, 32 bit. */
function checksum(bytes: Uint8Array): string {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return (hash >>> 0).toString(36);
}

async function collect(stream: ReadableStream<Uint8Array>, most: number): Promise<Uint8Array<ArrayBuffer> | null> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.length;
    if (size > most) {
      // Stops reading; the error of the half-read stream interests nobody.
      reader.cancel().catch(() => {});
      return null;
    }
    pieces.push(value);
  }
  const all = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

/** The hash of a link that holds the run: `#v=1&c=…&run=…`. Nothing of it reaches a server. */
export async function linkOf(run: SavedRun): Promise<string> {
  const text = new TextEncoder().encode(JSON.stringify(run));
  const packed = await collect(new Blob([text]).stream().pipeThrough(new CompressionStream('deflate-raw')), Infinity);
  return `#v=${linkVersion}&c=${checksum(packed!)}&run=${toBase64Url(packed!)}`;
}

/** Reads a link's hash. Never throws. */
export async function readLink(hash: string): Promise<ReadRun> {
  const params = new URLSearchParams(hash.replace(/^#/, ''));
  if (params.get('v') !== linkVersion) return { ok: false, why: 'version' };
  try {
    const packed = fromBase64Url(params.get('run') ?? '');
    if (packed.length === 0 || checksum(packed) !== params.get('c')) return { ok: false, why: 'damaged' };
    const text = await collect(
      new Blob([packed]).stream().pipeThrough(new DecompressionStream('deflate-raw')),
      mostBytes,
    );
    if (!text) return { ok: false, why: 'too-large' };
    return readRun(new TextDecoder('utf-8', { fatal: true }).decode(text));
  } catch {
    return { ok: false, why: 'damaged' };
  }
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** Reads a saved run's JSON. What it says inside is checked again by the worker. Never throws. */
export function readRun(text: string): ReadRun {
  if (text.length > mostBytes) return { ok: false, why: 'too-large' };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { ok: false, why: 'damaged' };
  }
  if (!isObject(value) || !('kubarium' in value)) return { ok: false, why: 'not-a-run' };
  if (value['kubarium'] !== 1) return { ok: false, why: 'version' };
  const { world, journal, at } = value;
  if (!isObject(world) || !Array.isArray(journal) || typeof at !== 'number') return { ok: false, why: 'damaged' };
  return { ok: true, run: value as unknown as SavedRun };
}
