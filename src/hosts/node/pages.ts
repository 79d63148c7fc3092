import { createReadStream, readFileSync, statSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import path from 'node:path';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import type { Command, Envelope, Message, Speed } from '../../protocol/index.ts';
import { createFrames, type Session } from '../../session/index.ts';
import { answerQuestion, schemasFor } from '../questions.ts';
import type { Clock } from './clock.ts';
import { addressOf } from './receive.ts';

/** Where the page is, beside the API. */
const prefix = '/page/';
/** Where its run is, relative to the page. */
const door = 'session';
/** Wall time between two frames. */
const frameMs = 50;
/** Bytes that may wait for a page that reads slowly; then it gets its next frame later. */
const mostUnread = 1024 * 1024;
const mostMessage = 4 * 1024 * 1024;

/** Serves the built page, attached to the run that the API shows. */
export interface Pages {
  /** False: the request is about something else. */
  serve(request: IncomingMessage, response: ServerResponse): boolean;
  /** Speaks the page's protocol over a WebSocket; false when the address is another. */
  attach(request: IncomingMessage, socket: Duplex, head: Buffer): boolean;
  close(): void;
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.ttf': 'font/ttf',
};

/** Builds what serves pages from a folder. `halt` hears of a bug of ours. */
export function createPages(session: Session, clock: Clock, folder: string, halt: (error: unknown) => void): Pages {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: mostMessage });

  /** The page with a word of where its run is; everything else of it is as it was built. */
  const index = (): string =>
    readFileSync(path.join(folder, 'index.html'), 'utf8').replace(
      '</head>',
      `<meta name="kubarium-server" content="./${door}" /></head>`,
    );

  function serve(request: IncomingMessage, response: ServerResponse): boolean {
    const url = addressOf(request);
    if (!url || !`${url.pathname}/`.startsWith(prefix) || !/^(GET|HEAD)$/.test(request.method ?? '')) return false;
    if (!url.pathname.startsWith(prefix)) {
      response.writeHead(301, { Location: prefix }).end();
      return true;
    }
    const name = decoded(url.pathname.slice(prefix.length)) || 'index.html';
    const file = path.join(folder, name);
    response.setHeader('X-Content-Type-Options', 'nosniff');
    if (name === 'index.html') {
      response.writeHead(200, { 'Content-Type': types['.html'] }).end(index());
    } else if (file.startsWith(folder + path.sep) && statSync(file, { throwIfNoEntry: false })?.isFile()) {
      response.writeHead(200, { 'Content-Type': types[path.extname(file)] ?? 'application/octet-stream' });
      createReadStream(file).pipe(response);
    } else response.writeHead(404, { 'Content-Type': 'text/plain' }).end('404 page not found\n');
    return true;
  }

  function converse(socket: WebSocket): void {
    const frames = createFrames(session);
    const post = (message: Message): void => {
      if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(message));
    };
    let shown = false;
    const timer = setInterval(() => {
      if (!shown || socket.bufferedAmount > mostUnread) return;
      const frame = frames.take({ playing: clock.playing, speed: speedOf(clock), progress: null });
      if (frame) post(frame);
    }, frameMs);
    const act = async (command: Command): Promise<unknown> => {
      if (command.type !== 'open') return obey(command);
      shown = true;
      frames.reset();
      return { digestMatches: null, engineMatches: true };
    };
    socket.on('message', (data: Buffer) => {
      const envelope = envelopeOf(data);
      if (!envelope) return socket.terminate();
      const { id, command } = envelope;
      act(command).then(
        (result) => post({ type: 'reply', id, ok: true, result: result ?? null }),
        (error: unknown) =>
          post({ type: 'reply', id, ok: false, error: error instanceof Error ? error.message : String(error) }),
      );
    });
    socket.on('error', () => socket.terminate());
    socket.on('close', () => clearInterval(timer));
  }

  /** Simplified: the server's time only goes on, so that no client of the API finds itself in the past. */
  async function obey(command: Exclude<Command, { type: 'open' }>): Promise<unknown> {
    switch (command.type) {
      case 'input': {
        if (command.input.type === 'kubectl') await schemasFor(command.input.line);
        const result = guarded(() => session.input(command.input));
        return result || command.input.type !== 'kubectl' ? result : { type: 'waits', id: session.injected - 1 };
      }
      case 'play':
        clock.playing = command.playing;
        return null;
      case 'speed':
        if (command.speed !== 'events') clock.speed = command.speed;
        return null;
      case 'seek':
      case 'step':
      case 'branch':
        throw new Error('the time of a server only goes on');
      default:
        return guarded(() => answerQuestion(session, command));
    }
  }

  function guarded<T>(does: () => T): T {
    try {
      return does();
    } catch (error) {
      halt(error);
      throw error;
    }
  }

  return {
    serve,
    attach(request, socket, head) {
      if (addressOf(request)?.pathname !== prefix + door) return false;
      sockets.handleUpgrade(request, socket, head, converse);
      return true;
    },
    close() {
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
    },
  };
}

/** What a page has sent; null for what no page sends. */
function envelopeOf(data: Buffer): Envelope | null {
  try {
    const envelope = JSON.parse(data.toString('utf8')) as Partial<Envelope> | null;
    return envelope?.command ? (envelope as Envelope) : null;
  } catch {
    return null;
  }
}

/** A path without its escapes; one that is broken, or that no file system knows, is found nowhere. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text).replaceAll('\0', '%00');
  } catch {
    return text;
  }
}

/** The clock's speed as the page's choices have it. */
const speedOf = ({ speed }: Clock): Speed =>
  ([600, 60, 10] as const).find((choice) => speed === 'max' || speed >= choice) ?? 1;
