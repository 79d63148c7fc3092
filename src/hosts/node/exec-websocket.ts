import type { WebSocket } from 'ws';
import type { ExecCall } from '../../kube/apiserver/http/index.ts';
import type { Access } from './cluster-access.ts';
import { runExec } from './exec.ts';

/** Channels of remote commands: the first byte of each message. Kubernetes: apimachinery/pkg/util/remotecommand. */
const channels = { stdin: 0, stdout: 1, stderr: 2, error: 3, resize: 4, close: 255 } as const;

/** Versions of the protocol, the preferred first. Only the fifth knows how to end standard input. */
export const execProtocols = [
  'v5.channel.k8s.io',
  'v4.channel.k8s.io',
  'v4.base64.channel.k8s.io',
  'v3.channel.k8s.io',
  'v2.channel.k8s.io',
  'channel.k8s.io',
] as const;

/** Bytes that may wait for a client that reads slowly; then it is cut off. */
const mostUnread = 4 * 1024 * 1024;

/** Serves a command over the channels of a WebSocket. A resize says nothing to a simulated terminal. */
export function serveExec(access: Access, call: ExecCall, container: string, socket: WebSocket): void {
  const base64 = socket.protocol.includes('base64');
  const structured = /^v[45]\./.test(socket.protocol);
  const send = (channel: number, text: string): void => {
    if (base64) socket.send(`${channel}${Buffer.from(text).toString('base64')}`, { binary: false });
    else socket.send(Buffer.concat([Buffer.of(channel), Buffer.from(text)]));
    if (socket.bufferedAmount > mostUnread) socket.terminate();
  };
  // The client hears that the connection stands.
  send(call.stdout ? channels.stdout : call.stderr ? channels.stderr : channels.error, '');
  const running = runExec(access, call, container, {
    output: (fd, text) => send(fd, text),
    end(status) {
      const { status: outcome, message } = status as { status: string; message?: string };
      if (structured) send(channels.error, JSON.stringify(status));
      else if (outcome !== 'Success') send(channels.error, message ?? '');
      socket.close(1000);
    },
  });
  const decoder = new TextDecoder();
  socket.on('message', (data: Buffer) => {
    if (data.length === 0) return;
    const channel = base64 ? Number(String.fromCharCode(data[0]!)) : data[0];
    const rest = data.subarray(1);
    if (channel === channels.stdin)
      running.type(base64 ? Buffer.from(rest.toString(), 'base64').toString() : decoder.decode(rest, { stream: true }));
    else if (channel === channels.close && rest[0] === channels.stdin) running.endInput();
  });
  socket.on('error', () => socket.terminate());
  socket.on('close', () => running.hangUp());
}
