import { Duplex } from 'node:stream';
import type { SpdyStream } from './spdy.ts';

/** A SPDY stream as Node knows streams. Closing it either way ends it for the client too. */
export function duplexOf(stream: SpdyStream): Duplex {
  const duplex = new Duplex({
    allowHalfOpen: true,
    read() {},
    write(bytes: Buffer, _encoding, done) {
      stream.write(bytes);
      done();
    },
    final(done) {
      stream.end();
      done();
    },
    destroy(error, done) {
      stream.end();
      done(error);
    },
  });
  stream.onData = (bytes) => duplex.push(bytes);
  stream.onEnd = () => {
    if (!duplex.destroyed) duplex.push(null);
  };
  return duplex;
}
