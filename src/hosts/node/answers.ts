import type { IncomingMessage, ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';

/** Answers above this many characters are compressed for who can read it; below it costs more than it saves. */
const gzipFrom = 128 * 1024;

/** Sends a value as JSON. Warnings become headers, as the API server's. */
export function sendJson(
  request: IncomingMessage,
  response: ServerResponse,
  code: number,
  body: unknown,
  { warnings = [], contentType = 'application/json' }: { warnings?: readonly string[]; contentType?: string } = {},
): void {
  for (const warning of warnings) response.appendHeader('Warning', `299 - ${JSON.stringify(warning)}`);
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
  response.setHeader('Content-Length', Buffer.byteLength(text));
  response.end(request.method === 'HEAD' ? undefined : text);
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
