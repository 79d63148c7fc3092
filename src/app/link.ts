import type { Command, Envelope, Frame, Message, ResultOf, SavedRun } from '../protocol/index.ts';

/** What of a Worker the link uses; tests give a fake. */
export interface Port {
  postMessage(message: Envelope): void;
  terminate(): void;
  onmessage: ((event: MessageEvent<Message>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
  onmessageerror?: ((event: MessageEvent) => void) | null;
}

/** Why the simulation stands still: a broken invariant that it reported itself, or a worker that is gone. */
export interface Halt {
  readonly kind: 'halted' | 'died';
  readonly error: string;
  /** The run as the worker reported it; null when the worker died without a word. */
  readonly run: SavedRun | null;
}

/** Typed actor to the worker: every command is answered once, or rejected when the worker dies. */
export interface Link {
  send<C extends Command>(command: C): Promise<ResultOf<C['type']>>;
  /** Ends the worker and starts a fresh one; what was waiting is rejected. */
  restart(): void;
  /** Called when the simulation has halted or its worker died. */
  onHalted: ((halt: Halt) => void) | null;
  close(): void;
}

/** Rejection of a command that the worker did not live to answer. */
export class LinkDied extends Error {
  override name = 'LinkDied';
}

interface Waiting {
  resolve(result: never): void;
  reject(error: Error): void;
}

/** A worker that says nothing for so long, while it is asked something or time runs, has died or hangs: it tells of neither. */
const patienceMs = 15_000;
/** Looks are counted, not milliseconds: a computer that slept is no silence of the worker. */
const lookMs = 1000;

const spawnWorker = (): Port =>
  new Worker(new URL('../hosts/worker/sim.worker.ts', import.meta.url), {
    type: 'module',
    name: 'kubarium',
  }) as unknown as Port;

/** Where the run of a page is that a server shows: `npm run apiserver -- --page` names it in the page. */
const serverOf = (): string | undefined =>
  globalThis.document?.querySelector<HTMLMetaElement>('meta[name="kubarium-server"]')?.content;

/** A run that lives at a server, spoken to as if it were a worker. */
function dialServer(address: string): Port {
  const socket = new WebSocket(new URL(address, document.baseURI.replace(/^http/, 'ws')));
  const early: string[] = [];
  const port: Port = {
    onmessage: null,
    onerror: null,
    postMessage(message) {
      const text = JSON.stringify(message);
      if (socket.readyState === WebSocket.CONNECTING) early.push(text);
      else socket.send(text);
    },
    terminate: () => socket.close(),
  };
  socket.onopen = () => {
    for (const text of early.splice(0)) socket.send(text);
  };
  socket.onmessage = ({ data }) =>
    port.onmessage?.(new MessageEvent('message', { data: JSON.parse(String(data)) as Message }));
  socket.onclose = () => port.onerror?.(new ErrorEvent('error', { message: 'the server has gone' }));
  return port;
}

const spawnPort = (): Port => {
  const server = serverOf();
  return server === undefined ? spawnWorker() : dialServer(server);
};

/** Starts the worker. `onFrame` gets every frame as it comes. */
export function createLink(onFrame: (frame: Frame) => void, spawn: () => Port = spawnPort): Link {
  const waiting = new Map<number, Waiting>();
  let lastId = 0;
  let port: Port | null = null;
  let runs = false;
  let silentLooks = 0;

  const failAll = (why: string): void => {
    const lost = [...waiting.values()];
    waiting.clear();
    for (const { reject } of lost) reject(new LinkDied(why));
  };

  const die = (halt: Halt): void => {
    if (halt.kind === 'died') {
      port?.terminate();
      port = null;
    }
    failAll(halt.error);
    link.onHalted?.(halt);
  };

  const look = (): void => {
    if (!port || (waiting.size === 0 && !runs)) silentLooks = 0;
    else if (++silentLooks * lookMs >= patienceMs)
      die({ kind: 'died', error: `no answer for ${patienceMs / 1000} s`, run: null });
  };

  const receive = (message: Message): void => {
    silentLooks = 0;
    switch (message.type) {
      case 'frame':
        runs = message.playing;
        onFrame(message);
        return;
      case 'reply': {
        const asker = waiting.get(message.id);
        waiting.delete(message.id);
        if (!asker) return;
        if (message.ok) asker.resolve(message.result as never);
        else asker.reject(new Error(message.error));
        return;
      }
      case 'halted':
        runs = false;
        die({ kind: 'halted', error: message.error, run: message.run });
    }
  };

  const start = (): void => {
    const mine = spawn();
    port = mine;
    runs = false;
    silentLooks = 0;
    mine.onmessage = (event) => {
      if (port === mine) receive(event.data);
    };
    mine.onerror = (event) => {
      if (port === mine) die({ kind: 'died', error: event.message || 'the worker ended', run: null });
    };
    mine.onmessageerror = () => {
      if (port === mine) die({ kind: 'died', error: 'a message of the worker could not be read', run: null });
    };
  };

  const link: Link = {
    onHalted: null,
    send<C extends Command>(command: C) {
      return new Promise<ResultOf<C['type']>>((resolve, reject) => {
        if (!port) {
          reject(new LinkDied('the simulation is not running'));
          return;
        }
        const id = ++lastId;
        waiting.set(id, { resolve: resolve as Waiting['resolve'], reject });
        port.postMessage({ id, command });
      });
    },
    restart() {
      port?.terminate();
      port = null;
      failAll('the simulation was restarted');
      start();
    },
    close() {
      clearInterval(looking);
      port?.terminate();
      port = null;
      failAll('the page was closed');
    },
  };
  start();
  const looking = setInterval(look, lookMs);
  return link;
}
