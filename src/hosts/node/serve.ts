import { createServer, type Server } from 'node:http';
import { worldBeginsMs } from '../../kube/apimachinery/index.ts';
import type { SavedRun } from '../../protocol/index.ts';
import { createSession, type Session } from '../../session/index.ts';
import { createAnswers } from './answer.ts';
import { sendJson, status } from './answers.ts';
import { startClock, type Clock, type ClockSpeed } from './clock.ts';
import type { Access } from './cluster-access.ts';
import { createListeners } from './listeners.ts';
import { createPages, type Pages } from './pages.ts';
import { isOurs } from './receive.ts';
import { keepState, readState, withState } from './state-file.ts';
import { createUpgrades, refuseUpgrade } from './upgrade.ts';
import { createWriteLog } from './writes.ts';

export { kubeconfigOf } from './kubeconfig.ts';

/** How the API is served. */
export interface ServeOptions {
  readonly run: Pick<SavedRun, 'world' | 'journal'>;
  readonly speed: ClockSpeed;
  readonly port: number;
  /** Address to listen on: loopback unless somebody asks for more. */
  readonly host: string;
  /** Hears of a broken invariant; the cluster stands still then. */
  readonly failed: (error: unknown) => void;
  /** File in which the run is kept. If it holds one already, that one goes on. */
  readonly state?: string;
  /** Folder of the built page, which is served too and shows the same run. */
  readonly page?: string;
  /** Wall time that a client may take to send the head of a request, and all of it. */
  readonly patience?: { readonly headersMs: number; readonly requestMs: number };
}

const usualPatience = { headersMs: 15_000, requestMs: 60_000 };

/** A running API server. */
export interface Served {
  readonly url: string;
  readonly session: Session;
  /** Stops taking requests, ends the watches, stops the clock. */
  close(): Promise<void>;
}

/** Virtual time before the first request: nodes have joined and are Ready. */
const bootMs = 20_000;

/** Wall time after which the past of the store is forgotten, once or twice over. Kubernetes: --etcd-compaction-interval. */
const compactionMs = 5 * 60_000;

/** Wall time between two marks of how far a run has come. */
const markMs = 5000;

/** When a world must begin so that its clock shows this wall time (ms since 1970) as it starts to serve. */
export const beginsAtFor = (wallMs: number): number => Math.max(0, Math.floor(wallMs) - bootMs - worldBeginsMs);

/** Serves one cluster over HTTP. Resolves when it can be asked. */
export async function serveApi({
  run,
  speed,
  port,
  host,
  failed,
  state,
  page,
  patience = usualPatience,
}: ServeOptions): Promise<Served> {
  const stored = state === undefined ? null : readState(state);
  const begun = createSession(stored ?? run);
  const log = createWriteLog();
  const listeners = createListeners();
  begun.onObservation = (observation) => {
    if (observation.type === 'write') log.add(observation);
    else listeners.hear(observation);
  };
  const { body: all } = begun.request({ verb: 'list', resource: 'nodes' });
  log.clear(Number(all.metadata?.resourceVersion));
  begun.advance(stored ? stored.at : begun.now + bootMs);
  const file = state === undefined ? null : keepState(state, begun);
  const session = file ? withState(begun, file) : begun;
  const access: Access = { session, listeners, writes: log };
  const answers = createAnswers(access);
  const upgrades = createUpgrades(access);
  let clock: Clock | null = null;
  let pages: Pages | null = null;
  /** A bug of ours: the cluster stands still. */
  const halt = (error: unknown): void => {
    clock?.stop();
    failed(error);
  };

  const server = createServer(
    { connectionsCheckingInterval: Math.min(5000, patience.headersMs) },
    (request, response) => {
      if (isOurs(request, host) && pages?.serve(request, response)) return;
      if (isOurs(request, host)) answers.answer(request, response).catch(halt);
      else sendJson(request, response, 403, status(403, 'Forbidden', foreign));
    },
  );
  // Half-sent requests must not hold a connection for ever.
  server.headersTimeout = patience.headersMs;
  server.requestTimeout = patience.requestMs;
  // Longer than Go's clients keep a connection, so that it is they who give it up.
  server.keepAliveTimeout = 120_000;
  server.on('upgrade', (request, socket, head) => {
    if (!isOurs(request, host)) return refuseUpgrade(socket, 403, status(403, 'Forbidden', foreign));
    if (pages?.attach(request, socket, head)) return;
    try {
      upgrades.serve(request, socket, head);
    } catch (error) {
      socket.destroy();
      halt(error);
    }
  });

  await listening(server, port, host);
  clock = startClock(session, speed, failed);
  pages = page === undefined ? null : createPages(session, clock, page, halt);
  let old = log.newest;
  const compaction = setInterval(() => {
    log.compact(old);
    old = log.newest;
  }, compactionMs);
  const marking = setInterval(() => file?.mark(), markMs);
  const address = server.address();
  const bound = typeof address === 'object' && address ? address.port : port;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${bound}`,
    session,
    async close() {
      clock?.stop();
      clearInterval(compaction);
      clearInterval(marking);
      file?.mark();
      answers.close();
      upgrades.close();
      pages?.close();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
        setTimeout(() => server.closeAllConnections(), 1000).unref();
      });
    },
  };
}

const listening = (server: Server, port: number, host: string): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });

const foreign = 'requests for another host or from another site are refused';
