import { appendFileSync, mkdtempSync, readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { serveApi, type Served } from './serve.ts';

const failed = (error: unknown): void => {
  throw error;
};
const world = { seed: 1, nodes: 1 };
const serve = (state?: string): Promise<Served> =>
  serveApi({
    run: { world, journal: [] },
    speed: 1,
    port: 0,
    host: '127.0.0.1',
    failed,
    patience: { headersMs: 300, requestMs: 400 },
    ...(state && { state }),
  });

let served: Served;
beforeAll(async () => {
  served = await serve();
});
afterAll(() => served.close());

const portOf = ({ url }: Served): number => Number(new URL(url).port);

/** Sends raw bytes; resolves with all that comes back until the server hangs up. */
const raw = (bytes: string): Promise<string> =>
  new Promise((resolve) => {
    let text = '';
    const socket: Socket = connect(portOf(served), '127.0.0.1', () => socket.write(bytes));
    socket.setEncoding('latin1').on('data', (piece) => void (text += String(piece)));
    socket.on('error', () => {});
    socket.on('close', () => resolve(text));
  });

const head = (line: string, ...headers: readonly string[]): string =>
  [line, 'Host: 127.0.0.1', 'Connection: close', ...headers, '', ''].join('\r\n');
const configMaps = '/api/v1/namespaces/default/configmaps';
const json = 'Content-Type: application/json';
const deep = '['.repeat(200_000);

test.each([
  ['what is no HTTP', '\u0016\u0003\u0001\u0002\u0000\u0001\u0000\r\n\r\n', 400],
  ['no Host', 'GET /version HTTP/1.1\r\n\r\n', 400],
  ['headers without end', `GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: ${'x'.repeat(100_000)}`, 431],
  ['half a head, then silence', 'GET /api HTTP/1.1\r\nHost: 127.0.0.1\r\nAcc', 408],
  ['half a body, then silence', `${head(`POST ${configMaps} HTTP/1.1`, json, 'Content-Length: 100')}{"kind"`, 408],
  ['a length that is none', head(`POST ${configMaps} HTTP/1.1`, json, 'Content-Length: -5'), 400],
  ['two lengths', head(`POST ${configMaps} HTTP/1.1`, json, 'Content-Length: 5', 'Content-Length: 6'), 400],
  ['an address that is none', head('GET //[x HTTP/1.1'), 404],
  ['an address of another host', head('GET http://evil.example/api HTTP/1.1'), 400],
  ['broken escapes', head('GET /api/v1/namespaces/%zz/pods/%ff HTTP/1.1'), 404],
  ['ways up', head('GET /api/v1/../../etc/passwd HTTP/1.1'), 404],
  ['a method that nobody knows', head('BREW /api/v1/pods HTTP/1.1'), 400],
  ['a method that is not served', head('OPTIONS /api/v1/namespaces/default/pods HTTP/1.1'), 405],
  [
    'an array without end',
    `${head(`POST ${configMaps} HTTP/1.1`, json, `Content-Length: ${deep.length}`)}${deep}`,
    400,
  ],
  ['an upgrade of a list', head(`GET ${configMaps} HTTP/1.1`, 'Upgrade: websocket', 'Connection: Upgrade'), 400],
  ['exec without WebSocket', head('GET /api/v1/namespaces/default/pods/x/exec?command=ls&stdout=1 HTTP/1.1'), 400],
  [
    'an unknown upgrade',
    head('GET /api/v1/namespaces/default/pods/x/exec HTTP/1.1', 'Upgrade: x', 'Connection: Upgrade'),
    404,
  ],
])('%s gets the right answer and harms nobody', async (_what, bytes, code) => {
  expect(await raw(bytes)).toMatch(new RegExp(`^HTTP/1.1 ${code} `));
  expect((await fetch(`${served.url}/readyz`)).status).toBe(200);
});

test('who hangs up in the middle harms nobody', async () => {
  await new Promise<void>((resolve) => {
    const socket = connect(portOf(served), '127.0.0.1', () => {
      socket.write(`${head(`POST ${configMaps} HTTP/1.1`, json, 'Content-Length: 1000')}{"a":`);
      setTimeout(() => socket.destroy(), 50);
    });
    socket.on('close', () => resolve());
  });
  expect((await fetch(`${served.url}/readyz`)).status).toBe(200);
});

/** Sends a body; resolves with the answer, and makes sure that time still goes on. */
async function sent(method: string, path: string, body: string, type = 'application/json'): Promise<Response> {
  const answer = await fetch(`${served.url}${path}`, { method, headers: { 'content-type': type }, body });
  const { now } = served.session;
  await vi.waitUntil(() => served.session.now > now);
  return answer;
}

test('a warning may be in any script', async () => {
  const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'warned' }, 'a\u007f한글': 1 };
  const answer = await sent('POST', configMaps, JSON.stringify(body));
  expect(answer.status).toBe(201);
  expect(Buffer.from(answer.headers.get('warning')!, 'latin1').toString()).toContain('a 한글');
});

test('a body that is deep but whole is refused before anybody walks it', async () => {
  const answer = await sent('POST', configMaps, `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`);
  expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining('exceeded max depth')]);
});

test('a patch cannot double what it copies without end', async () => {
  await sent('POST', configMaps, JSON.stringify({ metadata: { name: 'copied' }, data: { x: 'x'.repeat(1000) } }));
  const patch = Array.from({ length: 40 }, (_, i) => ({ op: 'copy', from: '/metadata', path: `/metadata/${i}` }));
  const type = 'application/json-patch+json';
  expect((await sent('PATCH', `${configMaps}/copied`, JSON.stringify(patch), type)).status).toBe(422);
});

const write = (to: Served, name: string, data: object): Promise<Response> =>
  fetch(`${to.url}${configMaps}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data }),
  });

test('a client that stops reading is cut off', async () => {
  const closed = new Promise<number>((resolve) => {
    let heard = 0;
    const socket = connect(portOf(served), '127.0.0.1', () => {
      socket.write(`GET ${configMaps}?watch=true HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`);
      socket.once('data', () => socket.pause());
    });
    socket.on('error', () => {});
    socket.on('data', (piece: Buffer) => void (heard += piece.length));
    socket.on('close', () => resolve(heard));
    setTimeout(() => socket.resume(), 2500);
  });
  const size = 900_000;
  for (let i = 0; i < 25; i++) expect((await write(served, `big-${i}`, { x: 'x'.repeat(size) })).status).toBe(201);
  // It was cut, so that it never heard of all of them.
  expect(await closed).toBeLessThan(25 * size);
}, 15_000);

test('what was answered is in the file, and the run goes on from there', async () => {
  const file = path.join(mkdtempSync(path.join(tmpdir(), 'kubarium-')), 'state');
  const first = await serve(file);
  expect((await write(first, 'kept', { a: '1' })).status).toBe(201);
  // As a crash would leave it: what is in the file at this moment, and half a line.
  const copy = `${file}.copy`;
  appendFileSync(copy, `${readFileSync(file, 'utf8')}{"at":12`);
  const { uid } = ((await (await fetch(`${first.url}${configMaps}/kept`)).json()) as { metadata: { uid: string } })
    .metadata;
  await first.close();
  const at = first.session.now;
  const digest = first.session.digest();
  const second = await serve(file);
  await second.close();
  expect(second.session.now).toBeGreaterThanOrEqual(at);
  if (second.session.now === at) expect(second.session.digest()).toBe(digest);
  const third = await serve(copy);
  const again = (await (await fetch(`${third.url}${configMaps}/kept`)).json()) as { metadata: { uid: string } };
  expect(again.metadata.uid).toBe(uid);
  await third.close();
}, 20_000);
