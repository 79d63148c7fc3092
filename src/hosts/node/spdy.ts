import { constants, createInflate } from 'node:zlib';

/**
 * SPDY/3.1 as Kubernetes' clients speak it, on the server's side: streams over one connection, without flow control or
 * priorities. Source: SPDY Protocol, draft 3.1; Kubernetes: streaming/pkg/httpstream/spdy.
 */
export interface SpdyConnection {
  /** Takes what the client has sent. */
  receive(bytes: Buffer): void;
  /** Says that no more streams will be served. */
  goAway(): void;
  /** The connection is gone: streams end. */
  closed(): void;
}

/** One stream, which the client has opened. */
export interface SpdyStream {
  readonly id: number;
  /** By their lower-case name. */
  readonly headers: ReadonlyMap<string, string>;
  onData: ((bytes: Buffer) => void) | null;
  /** The client writes no more, or has gone. */
  onEnd: (() => void) | null;
  write(bytes: Buffer | string): void;
  /** Nothing more will be written. */
  end(): void;
  /** Ends it at once, both ways. */
  reset(): void;
}

const frames = { synStream: 1, synReply: 2, reset: 3, ping: 6, goAway: 7 } as const;
const finFlag = 1;
/** Largest frame that is taken. */
const mostFrame = 1024 * 1024;
/** Bytes of one block of headers, unpacked: a frame could hold a thousand times its size. */
const mostHeaders = 64 * 1024;
/** Largest piece of data in one frame that is sent. */
const mostPiece = 16 * 1024;

/** Builds the server's side of a connection. `opened` hears of new streams, `failed` of what is no SPDY. */
export function createSpdy(
  send: (bytes: Buffer) => void,
  opened: (stream: SpdyStream) => void,
  failed: (why: Error) => void,
): SpdyConnection {
  /** `ended`: nothing more will be written; `heard`: nothing more will come. A stream with both is forgotten. */
  type Open = SpdyStream & { ended: boolean; heard: boolean };
  const streams = new Map<number, Open>();
  const headerBlocks = createHeaderReader();
  const emptyHeaders = createEmptyHeaders();
  let pending: Buffer = Buffer.alloc(0);
  let last = 0;
  let broken = false;
  /** Frames are handled one after the other; header blocks take a moment to unpack. */
  let work: Promise<void> = Promise.resolve();

  const streamOf = (id: number, headers: ReadonlyMap<string, string>): Open => ({
    id,
    headers,
    onData: null,
    onEnd: null,
    ended: false,
    heard: false,
    write(bytes) {
      if (this.ended) return;
      const data = Buffer.from(bytes as Buffer);
      for (let at = 0; at < data.length; at += mostPiece) send(dataFrame(id, data.subarray(at, at + mostPiece), 0));
    },
    end() {
      if (this.ended) return;
      this.ended = true;
      send(dataFrame(id, Buffer.alloc(0), finFlag));
      if (this.heard) streams.delete(id);
    },
    reset() {
      if (!streams.delete(id)) return;
      this.ended = true;
      send(controlFrame(frames.reset, 0, words(id, 5)));
    },
  });

  const heardAll = (stream: Open): void => {
    stream.heard = true;
    if (stream.ended) streams.delete(stream.id);
    stream.onEnd?.();
  };

  async function control(type: number, flags: number, payload: Buffer): Promise<void> {
    if (type === frames.ping) return send(controlFrame(frames.ping, 0, payload));
    if (type === frames.reset) {
      const stream = streams.get(payload.readUInt32BE(0));
      if (!stream) return;
      streams.delete(stream.id);
      stream.ended = true;
      stream.onEnd?.();
    }
    if (type !== frames.synStream) return;
    const id = payload.readUInt32BE(0) & 0x7fffffff;
    const headers = await headerBlocks(payload.subarray(10));
    last = id;
    const stream = streamOf(id, headers);
    streams.set(id, stream);
    send(controlFrame(frames.synReply, 0, Buffer.concat([words(id), emptyHeaders()])));
    opened(stream);
    if (flags & finFlag) heardAll(stream);
  }

  async function frame(head: Buffer, payload: Buffer): Promise<void> {
    const flags = head[4]!;
    if (head[0]! & 0x80) return control(head.readUInt16BE(2), flags, payload);
    const stream = streams.get(head.readUInt32BE(0));
    if (payload.length > 0) stream?.onData?.(payload);
    if (stream && flags & finFlag) heardAll(stream);
  }

  const fail = (why: unknown): void => {
    if (broken) return;
    broken = true;
    failed(why as Error);
  };

  return {
    receive(bytes) {
      if (broken) return;
      pending = pending.length === 0 ? bytes : Buffer.concat([pending, bytes]);
      while (pending.length >= 8) {
        const length = pending.readUIntBE(5, 3);
        if (length > mostFrame) return fail(new Error(`a frame of ${length} bytes`));
        if (pending.length < 8 + length) return;
        const head = pending.subarray(0, 8);
        const payload = pending.subarray(8, 8 + length);
        pending = pending.subarray(8 + length);
        work = work.then(() => (broken ? undefined : frame(head, payload))).catch(fail);
      }
    },
    goAway: () => send(controlFrame(frames.goAway, 0, words(last, 0))),
    closed() {
      broken = true;
      for (const stream of streams.values()) {
        stream.ended = true;
        stream.onEnd?.();
      }
      streams.clear();
    },
  };
}

const words = (...values: readonly number[]): Buffer => {
  const bytes = Buffer.alloc(4 * values.length);
  values.forEach((value, i) => bytes.writeUInt32BE(value, 4 * i));
  return bytes;
};

function controlFrame(type: number, flags: number, payload: Buffer): Buffer {
  const head = Buffer.from([0x80, 3, 0, type, flags, 0, 0, 0]);
  head.writeUIntBE(payload.length, 5, 3);
  return Buffer.concat([head, payload]);
}

function dataFrame(id: number, payload: Buffer, flags: number): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(id, 0);
  head[4] = flags;
  head.writeUIntBE(payload.length, 5, 3);
  return Buffer.concat([head, payload]);
}

/** Names that header blocks are packed with: each preceded by its length, then a tail of values. SPDY draft 3, 2.6.10.1. */
const dictionary = ((): Buffer => {
  const names =
    'options head post put delete trace accept accept-charset accept-encoding accept-language accept-ranges age allow ' +
    'authorization cache-control connection content-base content-encoding content-language content-length ' +
    'content-location content-md5 content-range content-type date etag expect expires from host if-match ' +
    'if-modified-since if-none-match if-range if-unmodified-since last-modified location max-forwards pragma ' +
    'proxy-authenticate proxy-authorization range referer retry-after server te trailer transfer-encoding upgrade ' +
    'user-agent vary via warning www-authenticate method get status 200_OK version HTTP/1.1 url public set-cookie ' +
    'keep-alive origin';
  const tail =
    '100101201202205206300302303304305306307402405406407408409410411412413414415416417502504505' +
    '203 Non-Authoritative Information204 No Content301 Moved Permanently400 Bad Request401 Unauthorized' +
    '403 Forbidden404 Not Found500 Internal Server Error501 Not Implemented503 Service Unavailable' +
    'Jan Feb Mar Apr May Jun Jul Aug Sept Oct Nov Dec 00:00:00 Mon, Tue, Wed, Thu, Fri, Sat, Sun, GMT' +
    'chunked,text/html,image/png,image/jpg,image/gif,application/xml,application/xhtml+xml,text/plain,' +
    'text/javascript,publicprivatemax-age=gzip,deflate,sdchcharset=utf-8charset=iso-8859-1,utf-,*,enq=0.';
  const pieces = names.split(' ').flatMap((name) => [words(name.length), Buffer.from(name.replace('_', ' '))]);
  return Buffer.concat([...pieces, Buffer.from(tail)]);
})();

/** Unpacks header blocks, which share one compression. */
function createHeaderReader(): (block: Buffer) => Promise<Map<string, string>> {
  const inflate = createInflate({ dictionary, finishFlush: constants.Z_SYNC_FLUSH });
  let plain: Buffer[] = [];
  let size = 0;
  inflate.on('data', (bytes: Buffer) => {
    plain.push(bytes);
    size += bytes.length;
    if (size > mostHeaders) inflate.destroy();
  });
  // It is told to whoever has written; without a listener it would end the process.
  let refuse = (_why: Error): void => {};
  inflate.on('error', (why) => refuse(why));
  return async (block) => {
    await new Promise<void>((resolve, reject) => {
      refuse = reject;
      inflate.write(block, (why) => (why ? reject(why) : resolve()));
    });
    if (size > mostHeaders) throw new Error(`headers of more than ${mostHeaders} bytes`);
    const bytes = Buffer.concat(plain);
    plain = [];
    size = 0;
    return headersOf(bytes);
  };
}

function headersOf(bytes: Buffer): Map<string, string> {
  let at = 4;
  const text = (): string => {
    const length = bytes.readUInt32BE(at);
    at += 4 + length;
    return bytes.toString('utf8', at - length, at);
  };
  const headers = new Map<string, string>();
  for (let left = bytes.readUInt32BE(0); left > 0; left--) {
    const name = text().toLowerCase();
    headers.set(name, text());
  }
  return headers;
}

/**
 * Packs header blocks without headers: pieces that are stored as they are, followed by an empty one, so that the reader gets
 * them at once. The first block of a connection names the dictionary. Source: RFC 1950, RFC 1951 3.2.4.
 */
function createEmptyHeaders(): () => Buffer {
  const count = Buffer.from([0, 4, 0, 0xfb, 0xff, 0, 0, 0, 0]);
  const flush = Buffer.from([0, 0, 0, 0xff, 0xff]);
  let begin = Buffer.concat([Buffer.from([0x78, 0x20]), words(adler32(dictionary))]);
  return () => {
    const block = Buffer.concat([begin, count, flush]);
    begin = Buffer.alloc(0);
    return block;
  };
}

function adler32(bytes: Buffer): number {
  let a = 1;
  let b = 0;
  for (const byte of bytes) {
    a = (a + byte) % 65_521;
    b = (b + a) % 65_521;
  }
  return b * 65_536 + a;
}
