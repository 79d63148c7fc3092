import type { Connect, NetResponse, Proxied, Step } from '../../network/net.ts';
import { accessLogTime } from '../clock.ts';
import type { Answer, Run } from '../program.ts';
import { answerLater, call } from '../running.ts';
import { hostFor, locate, type Backend } from './routes.ts';
import type { Pending, State } from './state.ts';

/** proxy_read_timeout and proxy_connect_timeout of the default configuration. */
const readMs = 60_000;
const connectMs = 5000;
/** proxy_next_upstream_tries. */
const mostTries = 3;
/** Core-ms of nginx' own work per request. */
const cpuMs = 0.1;

const words: Readonly<Record<number, string>> = {
  308: 'Permanent Redirect',
  404: 'Not Found',
  502: 'Bad Gateway',
  503: 'Service Temporarily Unavailable',
  504: 'Gateway Time-out',
};

const page = (status: number): string =>
  `<html>\r\n<head><title>${status} ${words[status]}</title></head>\r\n<body>\r\n<center><h1>${status} ${words[status]}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n`;

/** What a request came with that decides its way. */
interface Asked {
  readonly connect: Connect;
  readonly host: string;
  readonly certificate: string | undefined;
}

/** Serves a request: by the health server, by nginx itself (404, 503, redirect), or by passing it on. */
export function request(run: Run, state: State, connect: Connect): Answer {
  if (connect.port === 10254)
    return { ...(connect.path === '/healthz' ? { status: 200, body: 'ok' } : notFound), cpuMs };
  const host = connect.host.replace(/:\d+$/, '').toLowerCase();
  const known = hostFor(state.routes, host);
  const secure = connect.port === 443;
  const asked: Asked = { connect, host, certificate: secure ? (known?.certificate ?? '') : undefined };
  if (!secure && known?.certificate !== undefined && known.redirect) {
    const headers = { Location: `https://${host}${connect.path}` };
    return own(run, asked, 308, [{ code: 'ingress.redirect', params: { host } }], '-', headers);
  }
  const found = locate(known, connect.path);
  if (!found)
    return own(
      run,
      asked,
      404,
      [{ code: 'ingress.no-rule', params: { host, path: connect.path } }],
      'upstream-default-backend',
    );
  const { location, path } = found;
  const { backend, ingress } = location;
  const upstream = nameOf(backend);
  if (backend.endpoints.length === 0) {
    const nobody = { code: 'ingress.no-endpoints', params: { ingress, service: backend.service } } as const;
    return own(run, asked, 503, [matched(location.path, asked, location), nobody], upstream);
  }
  const pending: Pending = { ...asked, location, path, startedAt: run.ctx.now, tried: [] };
  passOn(run, state, ++state.lastRequest, pending);
  return { status: 0, body: '', cpuMs: 0, silent: true };
}

const notFound = { status: 404, body: '404 page not found\n' };

type Said = Pick<Step, 'code' | 'params'>;

const matched = (path: string, { host }: Pick<Asked, 'host'>, { ingress, backend }: Pending['location']): Said => ({
  code: 'ingress.matched',
  params: { ingress, host, path, service: backend.service },
});

/** An answer of nginx itself. */
function own(
  run: Run,
  asked: Asked,
  status: number,
  said: readonly Said[],
  upstream: string,
  headers?: Readonly<Record<string, string>>,
): Answer {
  const body = page(status);
  return {
    status,
    body,
    cpuMs,
    headers,
    certificate: subjectOf(asked),
    log: logLine(run, asked.connect, status, body, upstream, run.ctx.now, '- - - -'),
    proxied: asked.connect.trace ? { steps: stepsOf(run, asked, run.ctx.now, said) } : undefined,
  };
}

/** Subject of the certificate that a client is shown; undefined for one that speaks plain http. */
const subjectOf = ({ host, certificate }: Pick<Asked, 'host' | 'certificate'>): string | undefined =>
  certificate === undefined
    ? undefined
    : certificate === ''
      ? 'O=Acme Co; CN=Kubernetes Ingress Controller Fake Certificate'
      : `CN=${host}`;

/** Its own decisions as stops at the controller's pod: the certificate first, if the client spoke TLS. */
function stepsOf(run: Run, { host, certificate }: Asked, at: number, said: readonly Said[]): Step[] {
  const tls: readonly Said[] =
    certificate === undefined
      ? []
      : certificate === ''
        ? [{ code: 'ingress.fake-certificate', params: { host } }]
        : [{ code: 'ingress.certificate', params: { host, secret: certificate } }];
  const { namespace, name } = run.pod.config;
  return [...tls, ...said].map((step) => ({ ...step, at, what: 'ingress', ref: `pods/${namespace}/${name}` }));
}

/** Sends a request to the endpoint whose turn it is. nginx talks to endpoints directly, not through the Service. */
function passOn(run: Run, state: State, id: number, pending: Pending): void {
  const { connect, location, path, host } = pending;
  const { endpoints } = location.backend;
  const upstream = nameOf(location.backend);
  const turn = state.turns.get(upstream) ?? 0;
  state.turns.set(upstream, (turn + 1) % 1_000_000);
  const endpoint = endpoints[turn % endpoints.length]!;
  state.pending.set(id, { ...pending, tried: [...pending.tried, endpoint] });
  const [ip = '', port = ''] = endpoint.split(':');
  const headers = {
    ...connect.headers,
    Host: host,
    'X-Real-IP': connect.clientIp,
    'X-Forwarded-For': connect.clientIp,
    'X-Forwarded-Host': host,
    'X-Forwarded-Port': String(connect.port),
    'X-Forwarded-Proto': connect.port === 443 ? 'https' : 'http',
    'X-Forwarded-Scheme': connect.port === 443 ? 'https' : 'http',
    'X-Scheme': connect.port === 443 ? 'https' : 'http',
  };
  const { method, body } = connect;
  const onward = { host: ip, port: Number(port), protocol: 'http', method, path, headers, body } as const;
  const behalf = connect.trace
    ? {
        connection: connect.connection,
        steps: stepsOf(run, pending, pending.startedAt, [matched(location.path, pending, location)]),
      }
    : undefined;
  call(run, { ...onward, timeoutMs: readMs, connectTimeoutMs: connectMs, behalf }, `up/${id}`, connect.trace);
}

/** The upstream has answered or failed: the next is tried, or the client gets its answer. */
export function response(run: Run, state: State, name: string, answered: NetResponse): void {
  const id = Number(name.slice('up/'.length));
  const pending = state.pending.get(id);
  if (!pending) return;
  const failed = answered.status === 0;
  const retry =
    failed && pending.tried.length < mostTries && /^(GET|HEAD|PUT|DELETE|OPTIONS)$/.test(pending.connect.method);
  if (retry) return passOn(run, state, id, pending);
  state.pending.delete(id);
  const { connect, location, tried } = pending;
  const status = failed ? (answered.failure === 'timeout' ? 504 : 502) : answered.status;
  const body = failed ? page(status) : answered.body;
  const seconds = ((run.ctx.now - pending.startedAt) / 1000).toFixed(3);
  const upstream = `${tried.join(', ')} ${body.length} ${seconds} ${status}`;
  answerLater(run, connect.connection, {
    status,
    body,
    cpuMs: 0,
    headers: answered.headers,
    certificate: subjectOf(pending),
    log: logLine(run, connect, status, body, nameOf(location.backend), pending.startedAt, upstream),
    proxied: connect.trace ? proxiedBy(run, pending, status, answered) : undefined,
  });
}

/** Tells the way of the request that it made as part of the client's: its first and last stops are left out. */
function proxiedBy(run: Run, pending: Pending, status: number, answered: NetResponse): Proxied {
  const { location, tried } = pending;
  const onward = answered.hops.filter((hop) => hop.what !== 'client' && hop.what !== 'reply');
  const params = { endpoint: tried.at(-1)!, tries: tried.length };
  const gaveUp: readonly Said[] =
    answered.status !== 0 ? [] : [{ code: status === 504 ? 'ingress.timeout' : 'ingress.refused', params }];
  return {
    steps: [
      ...stepsOf(run, pending, pending.startedAt, [matched(location.path, pending, location)]),
      ...onward,
      ...stepsOf(run, { ...pending, certificate: undefined }, run.ctx.now, gaveUp),
    ],
    pod: answered.pod,
    node: answered.node,
    image: answered.image,
    policies: answered.policies,
  };
}

/** `default-web-80`: how nginx calls the endpoints of a Service's port. */
const nameOf = ({ service, port }: Backend): string => `${service.replace('/', '-')}-${port}`;

/** A line of the access log in the controller's format. */
function logLine(
  run: Run,
  connect: Connect,
  status: number,
  body: string,
  upstream: string,
  startedAt: number,
  outcome: string,
): string {
  const agent = connect.headers['User-Agent'] ?? '-';
  const seconds = ((run.ctx.now - startedAt) / 1000).toFixed(3);
  const head = `${connect.clientIp} - - [${accessLogTime(run.ctx.now)}] "${connect.method} ${connect.path} HTTP/1.1"`;
  return `${head} ${status} ${body.length} "-" "${agent}" 0 ${seconds} [${upstream}] [] ${outcome}`;
}
