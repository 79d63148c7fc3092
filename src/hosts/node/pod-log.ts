import { microTimestamp, millisOf } from '../../kube/apimachinery/index.ts';
import { containerStatusOf, loggedContainer, plainId, validContainer } from '../../kube/apis/core/pod-containers.ts';
import type { LogCall } from '../../kube/apiserver/http/index.ts';
import type { KubeObject } from '../../protocol/index.ts';
import type { V1Pod } from '../../generated/types.ts';
import { containerLog } from '../../session/index.ts';
import { dialKubelet, podOf, type Access } from './cluster-access.ts';

/** Bytes that may wait for a client that reads slowly; then it is cut off. */
const mostUnread = 4 * 1024 * 1024;

/** Where a log goes: the answer of an HTTP request, or a WebSocket. */
export interface LogSink {
  writeHead(code: number, headers?: Record<string, string>): { end(): unknown };
  flushHeaders(): void;
  write(bytes: Buffer): unknown;
  end(): unknown;
  destroy(): unknown;
  readonly writableEnded: boolean;
  readonly writableLength: number;
  on(event: 'close', listener: () => void): unknown;
}

/**
 * Answers with a container's output, and with `follow` goes on until the container has ended or the client has gone. Throws
 * ApiError. Kubernetes: pkg/registry/core/pod/rest/log.go, pkg/kubelet/kuberuntime/logs.
 */
export function serveLog(access: Access, call: LogCall, response: LogSink): () => void {
  const { session, listeners, writes } = access;
  const { namespace, pod: name, follow, timestamps, limitBytes } = call;
  const pod = podOf(access, namespace, name);
  const container = validContainer(pod, call.container);
  const node = pod.spec?.nodeName;
  if (!node) {
    response.writeHead(204).end();
    return () => {};
  }
  dialKubelet(access, node, `/containerLogs/${namespace}/${name}/${container}`);
  const id = loggedContainer(pod, container, call.previous);
  let left = limitBytes ?? Infinity;
  const ends: (() => void)[] = [];
  const end = (): void => {
    for (const each of ends.splice(0)) each();
    if (!response.writableEnded) response.end();
  };
  let cut = false;
  const put = (at: number, lines: readonly string[]): void => {
    if (cut) return;
    const head = timestamps ? `${microTimestamp(at).replace('Z', '000Z')} ` : '';
    const bytes = Buffer.from(lines.map((line) => `${head}${line}\n`).join(''));
    response.write(bytes.length > left ? bytes.subarray(0, left) : bytes);
    left -= bytes.length;
    if (left <= 0) end();
    else if (response.writableLength > mostUnread) {
      cut = true;
      response.destroy();
    }
  };

  response.writeHead(200, { 'Content-Type': 'text/plain', 'Cache-Control': 'no-cache, private' });
  response.flushHeaders();
  const { sinceSeconds, sinceTime, tailLines } = call;
  const from = sinceSeconds !== undefined ? session.now - sinceSeconds * 1000 : sinceTime ? millisOf(sinceTime) : -1;
  const all = containerLog(session, node, id).filter(({ at }) => at >= from);
  const kept = tailLines === undefined ? all : all.slice(Math.max(0, all.length - tailLines));
  for (const { at, text } of kept) {
    if (left <= 0 || cut) break;
    put(at, [text]);
  }
  const runs = (object: V1Pod): boolean => {
    const status = containerStatusOf(object, container);
    return status?.state?.running !== undefined && plainId(status.containerID ?? '') === id;
  };
  if (!follow || left <= 0 || !runs(pod)) {
    end();
    return () => {};
  }
  ends.push(
    listeners.onLog(id, (lines, at) => put(at, lines)),
    writes.follow('pods', ({ next, old }) => {
      const { metadata } = (next ?? old)! as KubeObject;
      if (metadata.name !== name || metadata.namespace !== namespace) return;
      if (!next || !runs(next as unknown as V1Pod)) end();
    }),
  );
  response.on('close', end);
  return end;
}
