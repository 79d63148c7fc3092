import type { ServerResponse } from 'node:http';
import {
  expired,
  tooLargeVersion,
  watchFilter,
  type WatchCall,
  type WatchLine,
} from '../../kube/apiserver/http/index.ts';
import type { KubeObject } from '../../protocol/index.ts';
import type { Session } from '../../session/index.ts';
import type { ApiError } from '../../kube/apimachinery/index.ts';
import { revisionOf, type WriteLog } from './writes.ts';

/** Bytes that may wait for a client that reads slowly; then its watch is cut, and it lists again. */
const mostUnread = 4 * 1024 * 1024;
/** Wall time between bookmarks, for who wants them. */
const bookmarkMs = 60_000;

/** Longest time that a timer can be set to; a longer one would end at once. */
const longestMs = 2 ** 31 - 1;

/** The object that was encoded last: all who watch it hear of it one after the other. */
const latest: { object?: KubeObject; json: string } = { json: '' };

function plainLine({ type, object }: WatchLine): string {
  if (latest.object !== object) Object.assign(latest, { object, json: JSON.stringify(object) });
  return `{"type":"${type}","object":${latest.json}}\n`;
}

/**
 * Serves a watch: what there is (when the client knows nothing yet), then every write that concerns it, in order, one JSON
 * object a line, until the client goes, its time is over, or it reads too slowly. Returns what ends it.
 */
export function serveWatch(session: Session, log: WriteLog, call: WatchCall, response: ServerResponse): () => void {
  const { selector, resourceVersion, sendInitialEvents, allowBookmarks, timeoutSeconds, shape } = call;
  const filter = watchFilter(call);
  const { custom, view } = call.kind;
  const stored = custom?.inStore.key ?? view?.of ?? selector.resource;
  let first = true;
  let newest = 0;
  // What is told in one turn of the event loop goes out in one piece.
  let unsent: string[] = [];
  const flush = (): void => {
    const text = unsent.join('');
    unsent = [];
    if (text === '' || response.writableEnded || response.destroyed) return;
    response.write(text);
    if (response.writableLength > mostUnread) response.destroy();
  };
  const put = (line: string): void => {
    if (unsent.length === 0) setImmediate(flush);
    unsent.push(line);
  };
  const tell = (line: WatchLine | undefined): void => {
    if (!line) return;
    put(shape === 'object' ? plainLine(line) : `${JSON.stringify(filter.shaped(line, session.now, first))}\n`);
    first = false;
  };
  response.statusCode = 200;
  response.setHeader('Content-Type', 'application/json');
  response.setHeader('Cache-Control', 'no-cache, private');

  const { code, body } = session.request({
    verb: 'list',
    resource: selector.resource,
    namespace: selector.namespace,
    options: { labelSelector: selector.labelSelector, fieldSelector: selector.fieldSelector },
  });
  if (code !== 200) {
    response.statusCode = code;
    response.end(`${JSON.stringify(body)}\n`);
    return () => {};
  }
  response.flushHeaders();
  const list = body as { items: readonly KubeObject[]; metadata: { resourceVersion: string } };
  const present = Number(list.metadata.resourceVersion);
  newest = present;
  const asked = resourceVersion === undefined || resourceVersion === '0' ? undefined : Number(resourceVersion);
  const refuse = (error: ApiError): (() => void) => {
    put(`${JSON.stringify({ type: 'ERROR', object: error.status })}\n`);
    flush();
    response.end();
    return () => {};
  };
  if (sendInitialEvents && asked !== undefined && asked > present) return refuse(tooLargeVersion(asked, present));
  if (asked === undefined || sendInitialEvents) {
    if (sendInitialEvents !== false) for (const object of list.items) tell({ type: 'ADDED', object });
  } else {
    const missed = log.since(stored, asked);
    if (!missed) return refuse(expired(`too old resource version: ${asked} (${present})`));
    for (const write of missed) tell(filter.lineOf(write));
  }
  if (sendInitialEvents) tell(filter.bookmark(String(present), true));

  const stop = log.follow(stored, (write) => {
    newest = revisionOf(write);
    if (asked !== undefined && newest <= asked) return;
    tell(filter.lineOf(write));
  });
  const bookmarks = allowBookmarks
    ? setInterval(() => tell(filter.bookmark(String(newest), false)), bookmarkMs)
    : undefined;
  // The real server ends a watch between half an hour and an hour when the client names no time.
  const timer = setTimeout(end, Math.min((timeoutSeconds ?? 1800) * 1000, longestMs));
  function end(): void {
    stop();
    clearInterval(bookmarks);
    clearTimeout(timer);
    flush();
    if (!response.writableEnded) response.end();
  }
  response.on('close', end);
  return end;
}
