import type { WebSocket } from 'ws';
import type { LogSink } from './pod-log.ts';

/** Protocols for bytes without channels: as they are, or in base64. Kubernetes: apiserver/pkg/util/wsstream. */
export const logProtocols = ['binary.k8s.io', 'base64.binary.k8s.io'] as const;

/** A WebSocket as where a log goes: each piece is a message, and the end closes it. */
export function logSocket(socket: WebSocket): LogSink {
  const base64 = socket.protocol.startsWith('base64');
  let ended = false;
  return {
    writeHead: () => ({ end: () => socket.close(1000) }),
    flushHeaders: () => {},
    write: (bytes) => socket.send(base64 ? bytes.toString('base64') : bytes, { binary: !base64 }),
    end() {
      ended = true;
      socket.close(1000);
    },
    destroy: () => socket.terminate(),
    get writableEnded() {
      return ended;
    },
    get writableLength() {
      return socket.bufferedAmount;
    },
    on: (event, listener) => socket.on(event, listener),
  };
}
