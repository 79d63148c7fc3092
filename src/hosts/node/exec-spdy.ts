import type { ExecCall } from '../../kube/apiserver/http/index.ts';
import type { Access } from './cluster-access.ts';
import { runExec, type RunningExec } from './exec.ts';
import type { SpdyStream } from './spdy.ts';

/** Versions of the protocol over SPDY, the preferred first. */
export const spdyExecProtocols = [
  'v4.channel.k8s.io',
  'v3.channel.k8s.io',
  'v2.channel.k8s.io',
  'channel.k8s.io',
] as const;

/**
 * Serves a command over SPDY: it begins when the client has opened all its streams. Returns what hears of new streams, and of
 * the connection's end. Kubernetes: cri-streaming remotecommand/httpstream.go.
 */
export function execSpdy(
  access: Access,
  call: ExecCall,
  container: string,
  protocol: string,
  done: () => void,
): { opened(stream: SpdyStream): void; closed(): void } {
  const streams = new Map<string, SpdyStream>();
  const wanted = ['error'];
  for (const name of ['stdin', 'stdout', 'stderr'] as const) if (call[name]) wanted.push(name);
  if (call.tty && !/^(v2\.)?channel/.test(protocol)) wanted.push('resize');
  let running: RunningExec | null = null;

  const begin = (): void => {
    const decoder = new TextDecoder();
    const stdin = streams.get('stdin');
    const early: Buffer[] = [];
    if (stdin) stdin.onData = (bytes) => void early.push(bytes);
    running = runExec(access, call, container, {
      output: (fd, text) => streams.get(fd === 1 ? 'stdout' : 'stderr')?.write(text),
      end(status) {
        const { status: outcome, message } = status as { status: string; message?: string };
        const error = streams.get('error')!;
        if (protocol.startsWith('v4.')) error.write(JSON.stringify(status));
        else if (outcome !== 'Success') error.write(message ?? '');
        for (const stream of streams.values()) stream.end();
        // What was written must be on its way before the connection goes.
        setTimeout(done, 50);
      },
    });
    if (!stdin) return;
    const typed = (bytes: Buffer): void => running?.type(decoder.decode(bytes, { stream: true }));
    for (const bytes of early) typed(bytes);
    stdin.onData = typed;
    stdin.onEnd = () => running?.endInput();
  };

  return {
    opened(stream) {
      streams.set(stream.headers.get('streamtype') ?? '', stream);
      if (!running && wanted.every((name) => streams.has(name))) begin();
    },
    closed: () => running?.hangUp(),
  };
}
