import { seenType } from '../../kube/apimachinery/http.ts';
import type { Input, Observation } from '../../protocol/index.ts';
import { headerText } from './answers.ts';
import type { Access } from './cluster-access.ts';

/** A request to a container. */
export type DialRequest = Omit<Extract<Input, { type: 'dial' }>, 'type'>;
/** What became of it. */
export type Dialled = Extract<Observation, { type: 'dialled' }>;

/** Bytes of the largest request that is carried to a container: it becomes an input of the run. */
export const mostCarried = 1024 * 1024;

/** Sends a request into the simulation; resolves when it is answered there, in virtual time. */
export const dial = ({ session, listeners }: Access, request: DialRequest): Promise<Dialled> =>
  new Promise((resolve) => {
    listeners.onDialled(session.injected, resolve);
    session.input({ type: 'dial', ...request });
  });

/** `content-type` → `Content-Type`: how programs in containers know headers. */
const canonical = (name: string): string => name.replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase());

/** Headers of an HTTP request as a container gets them; those of the connection itself stay behind. */
export function passedHeaders(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): Record<string, string> {
  const passed: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers))
    if (value !== undefined && !/^(connection|keep-alive|upgrade|transfer-encoding|te|trailer|proxy-.*)$/.test(name))
      passed[canonical(name)] = Array.isArray(value) ? value.join(', ') : value;
  return passed;
}

/** Status of a container's answer; what is none is the answer of a gateway that cannot make sense of it. */
export const answeredStatus = ({ status }: Dialled): number =>
  Number.isInteger(status) && status >= 200 && status <= 999 ? status : 502;

/** Headers of a container's answer. What it does not say of its content is seen from the content. */
export function answeredHeaders({ headers, body }: Dialled): Record<string, string> {
  const given: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers))
    if (/^[\w!#$%&'*+.^`|~-]+$/.test(name)) given[canonical(name.toLowerCase())] = headerText(value);
  return { 'Content-Type': seenType(body), ...given, 'Content-Length': String(Buffer.byteLength(body)) };
}

/** Reads a body as text; null when it is longer than `most` bytes. */
export async function readText(stream: AsyncIterable<Buffer>, most: number): Promise<string | null> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of stream) {
    size += piece.length;
    if (size > most) return null;
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}
