import type { ForwardCall } from '../../kube/apiserver/http/index.ts';
import type { Forwarder } from './forward.ts';
import type { SpdyStream } from './spdy.ts';
import { duplexOf } from './spdy-stream.ts';

/**
 * Serves port-forward over SPDY: each connection is a pair of streams with one request id, `data` and `error`. Returns what
 * hears of new streams. Kubernetes: cri-streaming portforward/httpstream.go.
 */
export function forwardSpdy(forwarder: Forwarder, call: ForwardCall): (stream: SpdyStream) => void {
  const waiting = new Map<string, SpdyStream>();
  return (stream) => {
    const type = stream.headers.get('streamtype');
    const request = stream.headers.get('requestid') ?? String(stream.id - (type === 'data' ? 2 : 0));
    const other = waiting.get(request);
    if (!other) {
      waiting.set(request, stream);
      return;
    }
    waiting.delete(request);
    const [data, error] = type === 'data' ? [stream, other] : [other, stream];
    const port = Number(data.headers.get('port'));
    const duplex = duplexOf(data);
    duplex.on('close', () => error.end());
    const problem = forwarder.connect(call, port, duplex);
    if (problem === null) return;
    error.write(`error forwarding port ${port} to pod ${call.pod}, uid : ${problem}`);
    error.end();
    duplex.destroy();
  };
}
