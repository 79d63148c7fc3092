// A share link made outside the page, for the bench and the picture of the README.
import { readFileSync } from 'node:fs';
import { deflateRawSync } from 'node:zlib';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));

/**
 * The hash of a link to a run: `#v=1&c=…&run=…`, as src/app/share.ts reads it.
 * @param {{world: object, journal: object[], at: number}} run
 */
export function linkOf(run) {
  const packed = deflateRawSync(JSON.stringify({ kubarium: 1, engine: version, ...run }));
  let hash = 0x811c9dc5;
  for (const byte of packed) hash = Math.imul(hash ^ byte, 0x01000193);
  return `#v=1&c=${(hash >>> 0).toString(36)}&run=${packed.toString('base64url')}`;
}

/** A kubectl line as the journal holds it. */
export const kubectl = (at, line, files) => ({ at, input: { type: 'kubectl', line, ...(files && { files }) } });
