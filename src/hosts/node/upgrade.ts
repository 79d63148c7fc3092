import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { ApiError, badRequest } from '../../kube/apimachinery/index.ts';
import { streamOf } from '../../kube/apiserver/http/index.ts';
import type { Access } from './cluster-access.ts';
import { execContainer } from './exec.ts';
import { execProtocols, serveExec } from './exec-websocket.ts';

/** Largest message of a client. */
const mostMessage = 1024 * 1024;

/** Serves requests that leave HTTP: exec, attach and port-forward over WebSocket. */
export interface Upgrades {
  serve(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Ends all that is open. */
  close(): void;
}

/** Refuses an upgrade with a Status, in plain HTTP. */
export function refuseUpgrade(socket: Duplex, code: number, body: object): void {
  const text = `${JSON.stringify(body)}\n`;
  socket.end(
    `HTTP/1.1 ${code} Refused\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`,
  );
}

/** Builds the server of upgraded connections. */
export function createUpgrades(access: Access): Upgrades {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: mostMessage,
    handleProtocols: (offered) => execProtocols.find((known) => offered.has(known)) ?? false,
  });

  const begin = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const call = streamOf({ path: url.pathname, query: url.searchParams });
    if (String(request.headers.upgrade).toLowerCase() !== 'websocket')
      throw badRequest('only WebSocket is spoken here: SPDY is not supported');
    if (call?.to !== 'exec') throw badRequest('this resource cannot be upgraded');
    const container = execContainer(access, call);
    sockets.handleUpgrade(request, socket, head, (opened) => serveExec(access, call, container, opened));
  };

  return {
    serve(request, socket, head) {
      socket.on('error', () => socket.destroy());
      try {
        begin(request, socket, head);
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        refuseUpgrade(socket, error.code, error.status);
      }
    },
    close() {
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
    },
  };
}
