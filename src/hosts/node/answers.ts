import type { IncomingMessage, ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';

/** Answers above this many characters are compressed for who can read it; below it costs more than it saves. */
const gzipFrom = 128 * 1024;

/** A text as the value of a header, in UTF-8 as Go's servers write it. Node takes a character for a byte where the body is bytes. */
export const headerText = (text: string): string =>
  // eslint-disable-next-line no-control-regex -- these are what a header must not hold
  Buffer.from(text.replace(/[\0-\x08\n-\x1f\x7f]/g, ' '), 'utf8').toString('latin1');

/** Sends a value as JSON. Warnings become headers, as the API server's. */
export function sendJson(
  request: IncomingMessage,
  response: ServerResponse,
  code: number,
  body: unknown,
  { warnings = [], contentType = 'application/json' }: { warnings?: readonly string[]; contentType?: string } = {},
): void {
  for (const warning of warnings) response.appendHeader('Warning', headerText(`299 - ${JSON.stringify(warning)}`));
  send(request, response, code, `${JSON.stringify(body)}\n`, contentType);
}

/** Sends a text. */
export function send(
  request: IncomingMessage,
  response: ServerResponse,
  code: number,
  text: string,
  contentType = 'text/plain; charset=utf-8',
): void {
  response.statusCode = code;
  response.setHeader('Content-Type', contentType);
  response.setHeader('Cache-Control', 'no-cache, private');
  response.setHeader('X-Content-Type-Options', 'nosniff');
  if (text.length > gzipFrom && /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''))) {
    const packed = gzipSync(text, { level: 1 });
    response.setHeader('Content-Encoding', 'gzip');
    response.setHeader('Vary', 'Accept-Encoding');
    response.setHeader('Content-Length', packed.length);
    response.end(request.method === 'HEAD' ? undefined : packed);
    return;
  }
  const bytes = Buffer.from(text);
  response.setHeader('Content-Length', bytes.length);
  response.end(request.method === 'HEAD' ? undefined : bytes);
}

/** A failure Status. */
export const status = (code: number, reason: string, message: string): object => ({
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  status: 'Failure',
  message,
  reason,
  code,
});
