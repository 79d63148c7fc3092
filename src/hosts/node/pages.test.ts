import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import WebSocket from 'ws';
import type { Message } from '../../protocol/index.ts';
import { serveApi, type Served } from './serve.ts';

let served: Served;
beforeAll(async () => {
  const page = mkdtempSync(path.join(tmpdir(), 'kubarium-'));
  writeFileSync(path.join(page, 'index.html'), '<html><head></head><body></body></html>');
  const failed = (error: unknown): void => {
    throw error;
  };
  const run = { world: { seed: 1, nodes: 1 }, journal: [] };
  served = await serveApi({ run, speed: 10, port: 0, host: '127.0.0.1', failed, page });
});
afterAll(() => served.close());

test('the page is served beside the API and is told where its run is; nothing else of the disk is', async () => {
  const answer = await fetch(`${served.url}/page/`);
  expect(await answer.text()).toContain('<meta name="kubarium-server" content="./session" />');
  expect((await fetch(`${served.url}/page`)).url).toBe(`${served.url}/page/`);
  expect((await fetch(`${served.url}/page/..%2f..%2f..%2fetc/passwd`)).status).toBe(404);
  expect((await fetch(`${served.url}/page/%zz`)).status).toBe(404);
  expect((await fetch(`${served.url}/api`)).status).toBe(200);
});

test('what a client of the API does is seen in the page, and the other way round', async () => {
  const socket = new WebSocket(`${served.url.replace('http', 'ws')}/page/session`);
  const seen = new Set<string>();
  const replies: Message[] = [];
  socket.on('message', (data: Buffer) => {
    const message = JSON.parse(data.toString()) as Message;
    if (message.type === 'frame')
      for (const { object } of message.upserts) seen.add(`${object.kind} ${object.metadata.name}`);
    else replies.push(message);
  });
  await new Promise((resolve) => socket.once('open', resolve));
  const send = (id: number, command: object): void => socket.send(JSON.stringify({ id, command }));
  send(1, { type: 'open', run: {} });
  await fetch(`${served.url}/api/v1/namespaces/default/configmaps`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'by-client' } }),
  });
  send(2, { type: 'input', input: { type: 'kubectl', line: 'create configmap by-page' } });
  send(3, { type: 'seek', at: 0 });
  await expect.poll(() => [...seen]).toEqual(expect.arrayContaining(['ConfigMap by-client', 'ConfigMap by-page']));
  const found = await fetch(`${served.url}/api/v1/namespaces/default/configmaps/by-page`);
  expect(found.status).toBe(200);
  await expect
    .poll(() => replies)
    .toMatchObject([
      { id: 1, ok: true },
      { id: 2, ok: true, result: { stdout: 'configmap/by-page created\n' } },
      { id: 3, ok: false },
    ]);
  socket.close();
});

test('a page of another site cannot attach itself', async () => {
  const socket = new WebSocket(`${served.url.replace('http', 'ws')}/page/session`, { origin: 'https://evil.example' });
  const code = await new Promise((resolve) =>
    socket.on('unexpected-response', (_request, { statusCode }) => resolve(statusCode)),
  );
  expect(code).toBe(403);
});
