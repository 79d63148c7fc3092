import { create } from 'zustand';
import { seenType } from '../../kube/apimachinery/http.ts';
import type { Dialled, Forwarding } from '../../protocol/index.ts';
import { act } from '../engine.ts';

/** A kubectl line that forwards ports: its place in the journal, and where they lead. */
export interface Forward extends Forwarding {
  readonly line: number;
}

interface ForwardStore {
  readonly forward: Forward | null;
  /** A request is under way. */
  readonly waiting: boolean;
  /** What became of the last one. */
  readonly answer: Dialled | null;
}

/** What the little browser beside the terminal shows; it is there for as long as a line forwards ports. */
export const useForward = create<ForwardStore>()(() => ({ forward: null, waiting: false, answer: null }));

/** Opens the browser on other ports, or closes it. */
export const showForward = (forward: Forward | null): void =>
  useForward.setState({ forward, waiting: false, answer: null });

/** Shows what became of a request. */
export const showAnswer = (answer: Dialled): void => useForward.setState({ waiting: false, answer });

/** A place behind a forwarded port. */
export interface Address {
  readonly port: number;
  readonly path: string;
}

/** Reads what stands in the address bar; null when it leads to none of the ports. A path alone stays on the first of them. */
export function addressOf(text: string, ports: Forward['ports']): Address | null {
  const typed = text.trim();
  const whole = /^(\/|[a-z]+:\/\/)/i.test(typed) ? typed : `http://${typed}`;
  const base = `http://localhost:${ports[0]?.local}`;
  if (!URL.canParse(whole, base)) return null;
  const { protocol, hostname, port, pathname, search } = new URL(whole, base);
  if (protocol !== 'http:' || (hostname !== 'localhost' && hostname !== '127.0.0.1')) return null;
  const local = port === '' ? 80 : Number(port);
  return ports.some((each) => each.local === local) ? { port: local, path: pathname + search } : null;
}

/** Headers of an answer. What it does not say of its content is seen from the content, as by a client of the API over HTTP. */
export const headersOf = ({ headers, body }: Dialled): Readonly<Record<string, string>> => ({
  'Content-Type': seenType(body),
  ...headers,
  'Content-Length': String(new TextEncoder().encode(body).length),
});

/** Sends a browser's request through a forwarded port: an input of the run, like everything that reaches the cluster. */
export function visit({ line }: Forward, { port, path }: Address): void {
  useForward.setState({ waiting: true });
  act({
    type: 'dial',
    to: { line },
    port,
    protocol: 'http',
    method: 'GET',
    path,
    headers: { Host: `localhost:${port}`, 'User-Agent': 'Mozilla/5.0', Accept: 'text/html,*/*;q=0.8' },
  }).catch(() => useForward.setState({ waiting: false }));
}
