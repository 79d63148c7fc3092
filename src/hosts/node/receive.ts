import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';

/** Largest body, as the real server's. */
export const mostBody = 3 * 1024 * 1024;

const loopback = new Set(['127.0.0.1', 'localhost', '[::1]', 'kubernetes.docker.internal']);

/** What Go's WebSocket clients name, which must name something: of pages only one at this machine's port 80 could. */
const plainOrigin = 'http://localhost';

/**
 * True for a request that was meant for this server: a page of another site, or a name that was made to point here, must
 * not reach the cluster through somebody's browser. `host` is what the server listens on.
 */
export function isOurs({ headers }: IncomingMessage, host: string): boolean {
  const name = headers.host?.replace(/:\d+$/, '');
  // Who listens everywhere does not know its addresses; but a name that was made to point here is none.
  const everywhere = host === '0.0.0.0' || host === '::';
  const known = name === undefined || loopback.has(name) || name === host || (everywhere && isIP(name) !== 0);
  if (!known) return false;
  const origin = headers.origin?.replace(/\/$/, '');
  return origin === undefined || origin === plainOrigin || origin.replace(/^https?:\/\//, '') === headers.host;
}

/** The address that a request names; null for what is none. */
export function addressOf({ url = '/' }: IncomingMessage): URL | null {
  // Two slashes at the beginning would be a host; the API server's addresses have none.
  const path = url.startsWith('/') ? url.replace(/^\/+/, '/') : null;
  return path !== null && URL.canParse(path, 'http://localhost') ? new URL(path, 'http://localhost') : null;
}

/** The body: `large` when it is more than the API server takes, `gone` when the client has left in its midst. */
export async function bodyOf(request: IncomingMessage): Promise<Buffer | 'large' | 'gone'> {
  const pieces: Buffer[] = [];
  let size = 0;
  try {
    const arriving = request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
    for await (const piece of arriving) {
      size += piece.length;
      if (size > mostBody) return 'large';
      pieces.push(piece);
    }
  } catch {
    return 'gone';
  }
  return Buffer.concat(pieces);
}
