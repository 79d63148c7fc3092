import { badRequest, invalid, type FieldError } from '../../apimachinery/index.ts';
import { decoded, isTrue, numberOf } from './query.ts';
import type { HttpRequest, Query } from './types.ts';

/** The log of a container. */
export interface LogCall {
  readonly to: 'log';
  readonly namespace: string;
  readonly pod: string;
  readonly container: string | undefined;
  readonly follow: boolean;
  readonly previous: boolean;
  readonly timestamps: boolean;
  readonly tailLines: number | undefined;
  readonly sinceSeconds: number | undefined;
  /** RFC 3339. */
  readonly sinceTime: string | undefined;
  readonly limitBytes: number | undefined;
}

/** A command in a container; `command` null attaches to the main process. */
export interface ExecCall {
  readonly to: 'exec';
  readonly namespace: string;
  readonly pod: string;
  readonly container: string | undefined;
  readonly command: readonly string[] | null;
  readonly stdin: boolean;
  readonly stdout: boolean;
  readonly stderr: boolean;
  readonly tty: boolean;
}

/** Connections to ports of a pod. */
export interface ForwardCall {
  readonly to: 'portforward';
  readonly namespace: string;
  readonly pod: string;
  /** Those that are named in the address; over SPDY each connection names its own. */
  readonly ports: readonly number[];
}

/** A request that the API server passes on to a pod, a Service or a node. */
export interface ProxyCall {
  readonly to: 'proxy';
  readonly resource: 'pods' | 'services' | 'nodes';
  readonly namespace: string;
  /** `name`, `name:port`, `scheme:name:port`. */
  readonly name: string;
  /** Path with its query, as the other end gets it. */
  readonly path: string;
  /** The address ends with `proxy` itself: relative links of what is answered would lead elsewhere. */
  readonly bare: boolean;
}

/** What is answered with a stream of bytes instead of an object. */
export type StreamCall = LogCall | ExecCall | ForwardCall | ProxyCall;

const address =
  /^\/api\/v1\/(?:namespaces\/([^/]+)\/(pods|services)|(nodes))\/([^/]+)\/(log|exec|attach|portforward|proxy)(\/.*)?$/;

/** The stream that a request asks for; undefined when it is about objects. Throws ApiError for wrong options. */
export function streamOf({ path, query }: Pick<HttpRequest, 'path' | 'query'>, rawQuery = ''): StreamCall | undefined {
  const [, space = '', kind, nodes, name = '', what, rest] = address.exec(path) ?? [];
  const resource = (kind ?? nodes) as ProxyCall['resource'] | undefined;
  if (!resource) return undefined;
  const [namespace, pod] = [space, name].map(decoded) as [string, string];
  if (what === 'proxy') {
    const target = `${rest ?? '/'}${rawQuery === '' ? '' : `?${rawQuery}`}`;
    return { to: 'proxy', resource, namespace, name: pod, path: target, bare: rest === undefined };
  }
  if (resource !== 'pods' || rest !== undefined) return undefined;
  if (what === 'log') return logOf(namespace, pod, query);
  if (what === 'portforward') return { to: 'portforward', namespace, pod, ports: portsOf(query) };
  return execOf(namespace, pod, query, what === 'exec');
}

function portsOf(query: Query): number[] {
  const words = query.getAll('ports').flatMap((list) => list.split(','));
  return words.map((word) => {
    const port = Number(word);
    if (!/^\d+$/.test(word) || port < 1 || port > 65_535) throw badRequest(`invalid port ${JSON.stringify(word)}`);
    return port;
  });
}

/** Kubernetes: pkg/apis/core/validation ValidatePodLogOptions. */
function logOf(namespace: string, pod: string, query: Query): LogCall {
  const tailLines = numberOf(query, 'tailLines');
  const limitBytes = numberOf(query, 'limitBytes');
  const sinceSeconds = numberOf(query, 'sinceSeconds');
  const sinceTime = query.get('sinceTime') || undefined;
  const errors: FieldError[] = [];
  const wrong = (path: string, value: number, why: string): void => {
    errors.push({ type: 'FieldValueInvalid', path, message: `Invalid value: ${value}: ${why}` });
  };
  if (tailLines !== undefined && tailLines < 0) wrong('tailLines', tailLines, 'must be greater than or equal to 0');
  if (limitBytes !== undefined && limitBytes < 1) wrong('limitBytes', limitBytes, 'must be greater than 0');
  if (sinceSeconds !== undefined && sinceTime !== undefined) {
    const message = 'Forbidden: at most one of `sinceTime` or `sinceSeconds` may be specified';
    errors.push({ type: 'FieldValueForbidden', path: '', message });
  } else if (sinceSeconds !== undefined && sinceSeconds < 1)
    wrong('sinceSeconds', sinceSeconds, 'must be greater than 0');
  if (errors.length > 0) throw invalid('', 'PodLogOptions', pod, errors);
  if (sinceTime !== undefined && !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[-+]\d\d:\d\d)$/.test(sinceTime))
    throw badRequest(`parsing time ${JSON.stringify(sinceTime)} as "2006-01-02T15:04:05Z07:00": cannot parse`);
  return {
    to: 'log',
    namespace,
    pod,
    container: query.get('container') || undefined,
    follow: isTrue(query.get('follow')),
    previous: isTrue(query.get('previous')),
    timestamps: isTrue(query.get('timestamps')),
    tailLines,
    sinceSeconds,
    sinceTime,
    limitBytes,
  };
}

/** Kubernetes: PodExecOptions; a terminal has one output only. */
function execOf(namespace: string, pod: string, query: Query, isExec: boolean): ExecCall {
  const tty = isTrue(query.get('tty'));
  return {
    to: 'exec',
    namespace,
    pod,
    container: query.get('container') || undefined,
    command: isExec ? query.getAll('command') : null,
    stdin: isTrue(query.get('stdin')),
    stdout: isTrue(query.get('stdout')),
    stderr: isTrue(query.get('stderr')) && !tty,
    tty,
  };
}
