import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { ApiError, badRequest } from '../../kube/apimachinery/index.ts';
import {
  permit,
  permitImpersonation,
  streamOf,
  streams,
  type ExecCall,
  type ForwardCall,
  type LogCall,
} from '../../kube/apiserver/http/index.ts';
import { validContainer } from '../../kube/apis/core/pod-containers.ts';
import { refusalOf } from './answer.ts';
import { podOf, type Access } from './cluster-access.ts';
import { execContainer } from './exec.ts';
import { execSpdy, spdyExecProtocols } from './exec-spdy.ts';
import { execProtocols, serveExec } from './exec-websocket.ts';
import { createForwarder } from './forward.ts';
import { forwardSpdy } from './forward-spdy.ts';
import { forwardProtocols, forwardWebSocket } from './forward-websocket.ts';
import { logProtocols, logSocket } from './log-websocket.ts';
import { serveLog } from './pod-log.ts';
import { addressOf } from './receive.ts';
import { createSpdy, type SpdyConnection } from './spdy.ts';

/** Largest message of a client. */
const mostMessage = 1024 * 1024;
/** Bytes that may wait for a client that reads slowly; then it is cut off. */
const mostUnread = 4 * 1024 * 1024;

/** Port-forward over SPDY, and that in a WebSocket. Kubernetes: apimachinery/pkg/util/portforward. */
const forwardName = 'portforward.k8s.io';
const tunnelName = `SPDY/3.1+${forwardName}`;

const known: readonly string[] = [tunnelName, ...execProtocols, ...forwardProtocols, ...logProtocols];

/** Serves requests that leave HTTP: exec, attach and port-forward, over WebSocket and over SPDY. */
export interface Upgrades {
  serve(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Ends all that is open. */
  close(): void;
}

/** Refuses an upgrade with a Status, in plain HTTP. */
export function refuseUpgrade(socket: Duplex, code: number, body: object): void {
  const text = `${JSON.stringify(body)}\n`;
  socket.end(
    `HTTP/1.1 ${code} Refused\r\nContent-Type: application/json\r\nConnection: close\r\n` +
      `Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`,
  );
}

/** Builds the server of upgraded connections. */
export function createUpgrades(access: Access): Upgrades {
  const forwarder = createForwarder(access);
  const open = new Set<Duplex>();
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: mostMessage,
    handleProtocols: (offered) => known.find((name) => offered.has(name)) ?? false,
  });

  const begin = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    const url = addressOf(request);
    if (!url) throw badRequest('the address cannot be read');
    permitImpersonation(access.session.request, { headers: request.headers as Record<string, string | undefined> });
    const call = streamOf({ path: url.pathname, query: url.searchParams });
    if (call?.to === 'log') return beginLog(request, socket, head, call);
    if (call?.to !== 'exec' && call?.to !== 'portforward') throw badRequest('Upgrade request required');
    const headers = request.headers as Record<string, string | undefined>;
    permit(access.session.request, { headers }, streams(call, 'POST'));
    const container = call.to === 'exec' ? execContainer(access, call) : forwardedPod(access, call);
    const protocol = String(request.headers.upgrade).toLowerCase();
    if (protocol === 'websocket') {
      sockets.handleUpgrade(request, socket, head, (opened) => {
        if (call.to === 'exec') serveExec(access, call, container, opened);
        else if (opened.protocol === tunnelName) tunnel(opened, call);
        else forwardWebSocket(forwarder, call, opened);
      });
    } else if (protocol === 'spdy/3.1') speakSpdy(request, socket, head, call, container);
    else throw badRequest(`unable to upgrade: unknown protocol ${JSON.stringify(request.headers.upgrade)}`);
  };

  const beginLog = (request: IncomingMessage, socket: Duplex, head: Buffer, call: LogCall): void => {
    const headers = request.headers as Record<string, string | undefined>;
    permit(access.session.request, { headers }, streams(call, 'GET'));
    validContainer(podOf(access, call.namespace, call.pod), call.container);
    if (String(headers['upgrade']).toLowerCase() !== 'websocket') throw badRequest('Upgrade request required');
    sockets.handleUpgrade(request, socket, head, (opened) => {
      opened.on('error', () => opened.terminate());
      serveLog(access, call, logSocket(opened));
    });
  };

  const tunnel = (socket: WebSocket, call: ForwardCall): void => {
    const send = (bytes: Buffer): void => {
      if (socket.readyState !== socket.OPEN) return;
      socket.send(bytes);
      if (socket.bufferedAmount > mostUnread) socket.terminate();
    };
    const spdy = createSpdy(send, forwardSpdy(forwarder, call), () => socket.terminate());
    socket.on('message', (bytes: Buffer) => spdy.receive(bytes));
    socket.on('error', () => socket.terminate());
    socket.on('close', () => spdy.closed());
  };

  const speakSpdy = (
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    call: ExecCall | ForwardCall,
    container: string,
  ): void => {
    const offered = String(request.headers['x-stream-protocol-version'] ?? '').split(/\s*,\s*/);
    const names: readonly string[] = call.to === 'exec' ? spdyExecProtocols : [forwardName];
    const chosen = names.find((name) => offered.includes(name));
    if (chosen === undefined) {
      const message = `unable to upgrade: unable to negotiate protocol: client supports [${offered.join(' ')}], server accepts [${names.join(' ')}]`;
      throw new ApiError({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, code: 403 });
    }
    socket.write(
      'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\n' +
        `X-Stream-Protocol-Version: ${chosen}\r\n\r\n`,
    );
    const send = (bytes: Buffer): void => {
      if (socket.destroyed) return;
      socket.write(bytes);
      if (socket.writableLength > mostUnread) socket.destroy();
    };
    const fail = (): void => void socket.destroy();
    let spdy: SpdyConnection;
    if (call.to === 'exec') {
      const exec = execSpdy(access, call, container, chosen, () => socket.end());
      spdy = createSpdy(send, (stream) => exec.opened(stream), fail);
      socket.on('close', () => exec.closed());
    } else spdy = createSpdy(send, forwardSpdy(forwarder, call), fail);
    open.add(socket);
    socket.on('data', (bytes: Buffer) => spdy.receive(bytes));
    socket.on('close', () => {
      open.delete(socket);
      spdy.closed();
    });
    if (head.length > 0) spdy.receive(head);
    socket.resume();
  };

  return {
    serve(request, socket, head) {
      socket.on('error', () => socket.destroy());
      try {
        begin(request, socket, head);
      } catch (error) {
        const refusal = refusalOf(error);
        if (!refusal) throw error;
        refuseUpgrade(socket, refusal.code, refusal.status);
      }
    },
    close() {
      for (const socket of sockets.clients) socket.terminate();
      for (const socket of open) socket.destroy();
      sockets.close();
    },
  };
}

/** The pod must have a machine. Kubernetes: pod strategy.go PortForwardLocation. */
function forwardedPod(access: Access, { namespace, pod: name }: ForwardCall): string {
  const pod = podOf(access, namespace, name);
  if (!pod.spec?.nodeName) throw badRequest(`pod ${name} does not have a host assigned`);
  return '';
}
