import type { IncomingMessage, ServerResponse } from 'node:http';
import { ApiError, failure, Unreachable } from '../../kube/apimachinery/index.ts';
import { definitionsKey } from '../../kube/apis/apiextensions/customresourcedefinition.ts';
import { catalogueOf, type Catalogue } from '../../kube/apis/catalogue.ts';
import type { AnyKind } from '../../kube/apis/kind.ts';
import {
  permit,
  permitImpersonation,
  routeOf,
  shaped,
  streamOf,
  streams,
  watches,
  type StreamCall,
} from '../../kube/apiserver/http/index.ts';
import type { ApiRequest, ApiResponse, KubeObject } from '../../protocol/index.ts';
import { send, sendJson, status } from './answers.ts';
import type { Access } from './cluster-access.ts';
import { listPast } from './past-list.ts';
import { serveLog } from './pod-log.ts';
import { spoken } from './protobuf-body.ts';
import { serveProxy } from './proxy.ts';
import { addressOf, bodyOf, mostBody } from './receive.ts';
import { serveWatch } from './watch.ts';

/** Answers requests of the API that stay in HTTP. */
export interface Answers {
  /** Rejects only for what is a bug of ours. */
  answer(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** Ends the watches and followed logs. */
  close(): void;
}

/** What a client hears whom an error has stopped; null for a bug of ours. */
export function refusalOf(error: unknown): { readonly code: number; readonly status: object } | null {
  if (error instanceof ApiError) return error;
  // As a load balancer before a server that is down.
  return error instanceof Unreachable ? failure(503, 'ServiceUnavailable', error.message) : null;
}

/** Builds what answers requests of one cluster. */
export function createAnswers(access: Access): Answers {
  const { session, writes } = access;
  const open = new Set<() => void>();
  const keep = (end: () => void, response: ServerResponse): void => {
    open.add(end);
    response.on('close', () => open.delete(end));
  };

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(request);
    if (body === 'gone') return void response.destroy();
    if (body === 'large') {
      // The rest is read and thrown away, so that the client hears the answer; then the connection ends.
      response.setHeader('Connection', 'close');
      request.resume();
      throw failure(413, 'RequestEntityTooLarge', `Request entity too large: limit is ${mostBody}`);
    }
    const url = addressOf(request);
    if (!url) throw failure(400, 'BadRequest', 'the address cannot be read');
    const { pathname: path, searchParams: query } = url;
    const stream = streamOf({ path, query }, url.search.slice(1));
    const { method = 'GET' } = request;
    const headers = request.headers as Record<string, string | undefined>;
    permitImpersonation(session.request, { headers });
    if (stream) {
      permit(session.request, { headers }, streams(stream, method));
      return serveStream(stream, request, body.toString('utf8'), response);
    }
    const asked = { method, path, query, ...spoken(headers, body) };
    const route = routeOf(asked, kindsOf(access));
    if (route.to === 'text') send(request, response, route.code, route.text);
    else if (route.to === 'document')
      sendJson(request, response, 200, route.body, route.contentType ? { contentType: route.contentType } : {});
    else if (route.to === 'watch') {
      permit(session.request, { headers }, watches(route.watch));
      keep(serveWatch(session, writes, route.watch, response), response);
    } else {
      const { kind, shape, includeObject } = route;
      const answered = answerOf(route.request, kind, query);
      const found = answered.code < 300 && kind;
      const value = found ? shaped(kind, answered.body, shape, session.now, includeObject) : answered.body;
      const warnings = [...(route.warnings ?? []), ...(answered.warnings ?? [])];
      sendJson(request, response, answered.code, value, { warnings });
    }
  }

  /** What the API server answers; a list may be of the past. */
  function answerOf(request: ApiRequest, kind: AnyKind | undefined, query: URLSearchParams): ApiResponse {
    const past = kind && request.verb === 'list' && !request.user ? listPast(access, kind, request, query) : undefined;
    return past ?? session.request(request);
  }

  /** Streams that plain HTTP can carry. */
  async function serveStream(
    call: StreamCall,
    request: IncomingMessage,
    body: string,
    response: ServerResponse,
  ): Promise<void> {
    if (call.to === 'log') keep(serveLog(access, call, response), response);
    else if (call.to === 'proxy') await serveProxy(access, call, request, body, response);
    else throw failure(400, 'BadRequest', 'Upgrade request required');
  }

  return {
    async answer(request, response) {
      try {
        await respond(request, response);
      } catch (error) {
        const refusal = refusalOf(error);
        if (!refusal) {
          if (response.headersSent) response.destroy();
          else sendJson(request, response, 500, status(500, 'InternalError', String(error)));
          throw error;
        }
        sendJson(request, response, refusal.code, refusal.status);
      }
    },
    close() {
      for (const end of open) end();
    },
  };
}

/** The kinds that are served right now, custom ones among them. */
function kindsOf({ session }: Access): Catalogue {
  const { code, body } = session.request({ verb: 'list', resource: definitionsKey });
  return catalogueOf(code === 200 ? (body as { readonly items: readonly KubeObject[] }).items : []);
}
