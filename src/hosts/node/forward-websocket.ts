import { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { ForwardCall } from '../../kube/apiserver/http/index.ts';
import type { Forwarder } from './forward.ts';

/** Protocols of port-forward over the channels of a WebSocket: one connection per port. */
export const forwardProtocols = ['v4.channel.k8s.io', 'v4.base64.channel.k8s.io'] as const;

/**
 * Serves port-forward over channels: 2i carries the bytes of the i-th port, 2i + 1 its error; each begins with the port's
 * number. Kubernetes: cri-streaming portforward/websocket.go.
 */
export function forwardWebSocket(forwarder: Forwarder, call: ForwardCall, socket: WebSocket): void {
  const base64 = socket.protocol.includes('base64');
  const send = (channel: number, bytes: Buffer): void => {
    if (socket.readyState !== socket.OPEN) return;
    if (base64) socket.send(`${channel}${bytes.toString('base64')}`);
    else socket.send(Buffer.concat([Buffer.of(channel), bytes]));
  };
  const streams = call.ports.map((port, i) => {
    const number = Buffer.alloc(2);
    number.writeUInt16LE(port);
    send(2 * i, number);
    send(2 * i + 1, number);
    const stream = new Duplex({
      read() {},
      write(bytes: Buffer, _encoding, done) {
        send(2 * i, bytes);
        done();
      },
    });
    stream.on('close', () => socket.close(1000));
    const problem = forwarder.connect(call, port, stream);
    if (problem !== null) {
      send(2 * i + 1, Buffer.from(`error forwarding port ${port} to pod ${call.pod}, uid : ${problem}`));
      stream.destroy();
    }
    return stream;
  });
  socket.on('message', (data: Buffer) => {
    const channel = base64 ? Number(String.fromCharCode(data[0] ?? 0)) : (data[0] ?? 0);
    const rest = data.subarray(1);
    if (channel % 2 === 0) streams[channel / 2]?.push(base64 ? Buffer.from(rest.toString(), 'base64') : rest);
  });
  socket.on('error', () => socket.terminate());
  socket.on('close', () => {
    for (const stream of streams) stream.destroy();
  });
}
