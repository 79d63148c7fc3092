import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { ApiError, worldBeginsMs } from '../../kube/apimachinery/index.ts';
import { routeOf, shaped, streamOf, type Route, type StreamCall } from '../../kube/apiserver/http/index.ts';
import type { AnyKind } from '../../kube/apis/kind.ts';
import { catalogueOf, type Catalogue } from '../../kube/apis/catalogue.ts';
import { definitionsKey } from '../../kube/apis/apiextensions/customresourcedefinition.ts';
import type { ApiRequest, ApiResponse, KubeObject, SavedRun } from '../../protocol/index.ts';
import { createSession, type Session } from '../../session/index.ts';
import { send, sendJson, status } from './answers.ts';
import { startClock, type ClockSpeed } from './clock.ts';
import type { Access } from './cluster-access.ts';
import { createListeners } from './listeners.ts';
import { listPast } from './past-list.ts';
import { serveLog } from './pod-log.ts';
import { serveProxy } from './proxy.ts';
import { spoken } from './protobuf-body.ts';
import { createUpgrades, refuseUpgrade } from './upgrade.ts';
import { serveWatch } from './watch.ts';
import { createWriteLog } from './writes.ts';

/** How the API is served. */
export interface ServeOptions {
  readonly run: Pick<SavedRun, 'world' | 'journal'>;
  readonly speed: ClockSpeed;
  readonly port: number;
  /** Address to listen on: loopback unless somebody asks for more. */
  readonly host: string;
  /** Hears of a broken invariant; the cluster stands still then. */
  readonly failed: (error: unknown) => void;
}

/** A running API server. */
export interface Served {
  readonly url: string;
  readonly session: Session;
  /** Stops taking requests, ends the watches, stops the clock. */
  close(): Promise<void>;
}

/** Largest body, as the real server's. */
const mostBody = 3 * 1024 * 1024;
/** Virtual time before the first request: nodes have joined and are Ready. */
const bootMs = 20_000;

/** Wall time after which the past of the store is forgotten, once or twice over. Kubernetes: --etcd-compaction-interval. */
const compactionMs = 5 * 60_000;

/** When a world must begin so that its clock shows this wall time (ms since 1970) as it starts to serve. */
export const beginsAtFor = (wallMs: number): number => Math.max(0, Math.floor(wallMs) - bootMs - worldBeginsMs);

/** Serves one cluster over HTTP. Resolves when it can be asked. */
export async function serveApi({ run, speed, port, host, failed }: ServeOptions): Promise<Served> {
  const session = createSession(run);
  const log = createWriteLog();
  const listeners = createListeners();
  session.onObservation = (observation) => {
    if (observation.type === 'write') log.add(observation);
    else listeners.hear(observation);
  };
  const { body: all } = session.request({ verb: 'list', resource: 'nodes' });
  log.clear(Number(all.metadata?.resourceVersion));
  const access: Access = { session, listeners, writes: log };
  const upgrades = createUpgrades(access);
  session.advance(session.now + bootMs);
  const watches = new Set<() => void>();
  let stopClock = (): void => {};

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      // What gets here is a bug of ours: the client hears 500, the cluster stands still.
      stopClock();
      failed(error);
      if (!response.headersSent) sendJson(request, response, 500, status(500, 'InternalError', String(error)));
      else response.destroy();
    });
  });
  // Half-sent requests must not hold a connection for ever.
  server.headersTimeout = 15_000;
  server.requestTimeout = 60_000;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!isOurs(request, host)) {
      sendJson(request, response, 403, status(403, 'Forbidden', foreign));
      return;
    }
    const body = await bodyOf(request);
    if (body === null) {
      // The rest is read and thrown away, so that the client hears the answer; then the connection ends.
      response.setHeader('Connection', 'close');
      request.resume();
      const message = `Request entity too large: limit is ${mostBody}`;
      sendJson(request, response, 413, status(413, 'RequestEntityTooLarge', message));
      return;
    }
    const url = new URL(request.url ?? '/', 'http://localhost');
    try {
      const stream = streamOf({ path: url.pathname, query: url.searchParams }, url.search.slice(1));
      if (stream) return await serveStream(stream, request, body.toString('utf8'), response);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      sendJson(request, response, error.code, error.status);
      return;
    }
    let route: Route;
    try {
      const asked = {
        method: request.method ?? 'GET',
        path: url.pathname,
        query: url.searchParams,
        ...spoken(request.headers as Record<string, string | undefined>, body),
      };
      route = routeOf(asked, kindsOf(session));
    } catch (error) {
      const { code, status: told } = error as { code?: number; status?: object };
      if (code === undefined || told === undefined) throw error;
      sendJson(request, response, code, told);
      return;
    }
    if (route.to === 'text') send(request, response, route.code, route.text);
    else if (route.to === 'document')
      sendJson(request, response, 200, route.body, route.contentType ? { contentType: route.contentType } : {});
    else if (route.to === 'watch') {
      const end = serveWatch(session, log, route.watch, response);
      watches.add(end);
      response.on('close', () => watches.delete(end));
    } else {
      const { kind } = route;
      const answered = answerOf(route.request, kind, url.searchParams);
      const value =
        answered.code < 300 && kind
          ? shaped(kind, answered.body, route.shape, session.now, route.includeObject)
          : answered.body;
      sendJson(request, response, answered.code, value, answered.warnings ? { warnings: answered.warnings } : {});
    }
  }

  /** What the API server answers; a list may be of the past. */
  function answerOf(request: ApiRequest, kind: AnyKind | undefined, query: URLSearchParams): ApiResponse {
    try {
      const past = kind && request.verb === 'list' ? listPast(access, kind, request, query) : undefined;
      return past ?? session.request(request);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      return { code: error.code, body: error.status };
    }
  }

  /** Streams that plain HTTP can carry. */
  async function serveStream(
    call: StreamCall,
    request: IncomingMessage,
    body: string,
    response: ServerResponse,
  ): Promise<void> {
    if (call.to === 'log') {
      const end = serveLog(access, call, response);
      watches.add(end);
      response.on('close', () => watches.delete(end));
    } else if (call.to === 'proxy') await serveProxy(access, call, request, body, response);
    else sendJson(request, response, 400, status(400, 'BadRequest', 'Upgrade request required'));
  }
  server.on('upgrade', (request, socket, head) => {
    if (isOurs(request, host)) upgrades.serve(request, socket, head);
    else refuseUpgrade(socket, 403, status(403, 'Forbidden', foreign));
  });

  await listening(server, port, host);
  stopClock = startClock(session, speed, failed);
  let old = log.newest;
  const compaction = setInterval(() => {
    log.compact(old);
    old = log.newest;
  }, compactionMs);
  const address = server.address();
  const bound = typeof address === 'object' && address ? address.port : port;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${bound}`,
    session,
    async close() {
      stopClock();
      clearInterval(compaction);
      for (const end of watches) end();
      upgrades.close();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
        setTimeout(() => server.closeAllConnections(), 1000).unref();
      });
    },
  };
}

/** The kinds that are served right now, custom ones among them. */
function kindsOf(session: Session): Catalogue {
  const { code, body } = session.request({ verb: 'list', resource: definitionsKey });
  return catalogueOf(code === 200 ? (body as { readonly items: readonly KubeObject[] }).items : []);
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

const loopback = new Set(['127.0.0.1', 'localhost', '[::1]', 'kubernetes.docker.internal']);

/**
 * True for a request that was meant for this server: a page of another site, or a name that was made to point here, must
 * not reach the cluster through somebody's browser.
 */
function isOurs({ headers }: IncomingMessage, host: string): boolean {
  const nameOf = (address: string): string => address.replace(/:\d+$/, '');
  const known = (address: string): boolean => loopback.has(nameOf(address)) || nameOf(address) === host;
  if (headers.host !== undefined && !known(headers.host)) return false;
  const { origin } = headers;
  return origin === undefined || known(origin.replace(/^https?:\/\//, ''));
}

/** The body; null when it is too large. */
async function bodyOf(request: IncomingMessage): Promise<Buffer | null> {
  const pieces: Buffer[] = [];
  let size = 0;
  const arriving = request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
  for await (const piece of arriving) {
    size += piece.length;
    if (size > mostBody) return null;
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}
