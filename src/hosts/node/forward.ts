import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { podPortOpen } from '../../session/index.ts';
import type { ForwardCall } from '../../kube/apiserver/http/index.ts';
import type { Access } from './cluster-access.ts';
import {
  answeredHeaders,
  answeredStatus,
  dial,
  mostCarried,
  passedHeaders,
  readText,
  type DialRequest,
} from './dial.ts';

/** Carries connections of clients to ports of pods. The network of the simulation knows requests, not bytes. */
export interface Forwarder {
  /** Connects a stream of bytes with a port; returns why it cannot be connected. */
  connect(call: ForwardCall, port: number, stream: Duplex): string | null;
}

/** Builds a forwarder: HTTP is read and passed on request by request; anything else piece by piece, as text. */
export function createForwarder(access: Access): Forwarder {
  const targets = new WeakMap<object, Pick<DialRequest, 'to' | 'port'>>();
  const http = createServer((request, response) => void answer(request, response));
  http.on('clientError', (_error, socket) => socket.destroy());

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const target = targets.get(request.socket);
    const body = await readText(request, mostCarried).catch(() => null);
    if (!target || body === null) return void request.socket.destroy();
    const { method = 'GET', url: path = '/' } = request;
    const headers = passedHeaders(request.headers);
    const told = await dial(access, { ...target, protocol: 'http', method, path, headers, ...(body && { body }) });
    if (told.status === 0) return void request.socket.destroy();
    response.sendDate = false;
    response.writeHead(answeredStatus(told), answeredHeaders(told));
    response.end(method === 'HEAD' ? undefined : Buffer.from(told.body));
  }

  const raw = (stream: Duplex, target: Pick<DialRequest, 'to' | 'port'>): void => {
    stream.on('data', (bytes: Buffer) => {
      void dial(access, { ...target, protocol: 'tcp', body: bytes.toString('utf8') }).then(({ error, body }) => {
        if (error !== undefined) stream.destroy();
        else if (body !== '') stream.write(body);
      });
    });
    stream.on('end', () => stream.end());
  };

  return {
    connect({ namespace, pod }, port, stream) {
      const problem = podPortOpen(access.session, namespace, pod, port);
      if (problem !== null) return problem;
      const target = { to: { namespace, pod }, port };
      stream.on('error', () => stream.destroy());
      stream.once('data', (first: Buffer) => {
        stream.pause();
        stream.unshift(first);
        if (/^[A-Z]{3,10} /.test(first.toString('latin1', 0, 12))) {
          targets.set(stream, target);
          http.emit('connection', stream);
        } else raw(stream, target);
        stream.resume();
      });
      return null;
    },
  };
}
