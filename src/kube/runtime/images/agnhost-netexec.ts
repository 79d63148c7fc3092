import { timestamp } from '../../apimachinery/index.ts';
import type { Connect, NetResponse } from '../../network/net.ts';
import type { Answer, Run } from '../program.ts';
import { answerLater, call, exit } from '../running.ts';
import { hostOf, reply } from './server.ts';

/** A `/dial` that waits for its answers: connection → what came so far. */
export interface Dials {
  readonly [connection: string]: { left: number; readonly responses: string[]; readonly errors: string[] };
}

/** How long a dialled server may take. */
const dialTimeoutMs = 5000;

/** A part of a URL as text; one that is wrongly encoded stays as it is. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}

/** A line as Go's log writes it. */
const logged = ({ ctx }: Run, text: string): string =>
  `${timestamp(ctx.now).slice(0, 19).replaceAll('-', '/').replace('T', ' ')} ${text}`;

/** One request to `netexec`. Kubernetes: test/images/agnhost/netexec. */
export function netexec(run: Run, dials: Dials, connect: Connect): Answer {
  const { path, clientIp, host, body, protocol } = connect;
  if (protocol === 'udp') return reply(200, datagram(run, connect));
  const [name, query = ''] = path.split('?');
  const value = (key: string): string | undefined => {
    const found = query
      .split('&')
      .map((part) => part.split(/=(.*)/s))
      .find(([own]) => own === key)?.[1];
    return found === undefined ? undefined : decoded(found);
  };
  const told = (text: string, answer: Answer): Answer => ({ ...answer, log: logged(run, text) });
  switch (name) {
    case '/hostname':
    case '/hostName':
      return told('GET /hostname', reply(200, hostOf(run)));
    case '/clientip':
      return told('GET /clientip', reply(200, `${clientIp}:41234`));
    case '/echo': {
      const [text, code] = [value('msg') ?? body, value('code') ?? ''];
      return told(`GET /echo?msg=${text}&code=${code}`, reply(Number(code || 200), text));
    }
    case '/header':
      return told(`GET /header?key=${value('key') ?? ''}`, reply(200, connect.headers[value('key') ?? ''] ?? host));
    case '/redirect':
      return { ...reply(Number(value('code') ?? 302), ''), headers: { Location: value('location') ?? '/' } };
    case '/dial':
      return dial(run, dials, connect.connection, value);
    case '/healthz':
      return reply(200, '');
    case '/exit': {
      exit(run, Number(value('code') ?? 0));
      return reply(200, '');
    }
    case '/shutdown':
      exit(run, 0);
      return reply(200, '');
    default: {
      const since = (run.ctx.now - run.container.startedAt) / 1000;
      return told(
        'GET /',
        reply(200, `NOW: ${timestamp(run.ctx.now).replace('T', ' ').replace('Z', '')} +0000 UTC m=+${since}`),
      );
    }
  }
}

function datagram(run: Run, { body, clientIp }: Connect): string {
  const [command = '', ...rest] = body.trim().split(' ');
  if (command.toLowerCase() === 'hostname') return hostOf(run);
  if (command.toLowerCase() === 'clientip') return `${clientIp}:41234`;
  return command.toLowerCase() === 'echo' ? rest.join(' ') : '';
}

/** `/dial`: asks another server so many times, and tells what it heard. */
function dial(run: Run, dials: Dials, connection: number, value: (key: string) => string | undefined): Answer {
  const tries = Number(value('tries') || 1);
  const request = value('request') ?? '';
  const protocol = value('protocol')?.toLowerCase() === 'udp' ? 'udp' : 'http';
  if (request === '') return reply(400, 'request parameter not specified. <nil>\n');
  (dials as Record<string, Dials[string]>)[connection] = { left: tries, responses: [], errors: [] };
  for (let i = 0; i < tries; i++)
    call(
      run,
      {
        host: value('host') ?? '',
        port: Number(value('port')),
        protocol,
        ...(protocol === 'http' ? { method: 'GET', path: `/${request}` } : { body: request }),
        timeoutMs: dialTimeoutMs,
      },
      `dial ${connection}`,
    );
  return { status: 0, body: '', cpuMs: 0, silent: true };
}

/** One answer to a `/dial`; after the last of them the one who asked hears them all. */
export function dialled(run: Run, dials: Dials, name: string, { ok, body, error }: NetResponse): void {
  const connection = name.slice('dial '.length);
  const pending = dials[connection];
  if (!pending) return;
  if (ok) pending.responses.push(body);
  else pending.errors.push(error ?? 'i/o timeout');
  if (--pending.left > 0) return;
  Reflect.deleteProperty(dials, connection);
  const { responses, errors } = pending;
  const told = { ...(responses.length > 0 && { responses }), ...(errors.length > 0 && { errors }) };
  answerLater(run, Number(connection), reply(200, JSON.stringify(told)));
}
