import { expect, it } from 'vitest';
import { openServer, type Server } from '../../testing/golden.ts';
import type { Pod } from '../apis/index.ts';
import type { ApiServerMemory } from './apiserver.ts';
import type { WatchSelector } from './request.ts';

const pod = (name: string, labels: Record<string, string> = {}, spec: object = {}): never =>
  ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default', labels },
    spec: { containers: [{ name: 'a', image: 'i' }], ...spec },
  }) as never;

function watching(server: Server, selector: Omit<WatchSelector, 'resource'>): () => string[] {
  const stream = server.api.watch(server.ctx, 'you', { resource: 'pods', ...selector });
  return () => server.api.read(server.ctx, stream).map((e) => `${e.type} ${e.object?.metadata.name ?? ''}`.trim());
}

const label = (server: Server, name: string, labels: Record<string, string>): Pod => {
  const old = server.client.get(server.ctx, 'pods', name, 'default');
  return server.client.update(server.ctx, 'pods', { ...old, metadata: { ...old.metadata, labels } });
};

const bind = (server: Server, name: string, node: string): unknown =>
  server.client.request(server.ctx, {
    verb: 'create',
    resource: 'pods',
    subresource: 'binding',
    namespace: 'default',
    name,
    body: { target: { name: node } },
  });

it('begins with what is there, then a bookmark with the revision', () => {
  const server = openServer();
  server.client.create(server.ctx, 'pods', pod('a'));
  const stream = server.api.watch(server.ctx, 'you', { resource: 'pods' });
  const entries = server.api.read(server.ctx, stream);
  expect(entries.map((e) => e.type)).toEqual(['ADDED', 'BOOKMARK']);
  expect(entries[1]!.resourceVersion).toBe(entries[0]!.object!.metadata.resourceVersion);
});

it('an object that enters a selection is ADDED, one that leaves is DELETED', () => {
  const server = openServer();
  const read = watching(server, { labelSelector: 'app=web' });
  server.client.create(server.ctx, 'pods', pod('a', { app: 'db' }));
  label(server, 'a', { app: 'web' });
  label(server, 'a', { app: 'web', x: 'y' });
  label(server, 'a', {});
  label(server, 'a', { app: 'web' });
  server.client.delete(server.ctx, 'pods', 'a', 'default');
  expect(read()).toEqual(['BOOKMARK', 'ADDED a', 'MODIFIED a', 'DELETED a', 'ADDED a', 'DELETED a']);
});

it('by node, name and namespace', () => {
  const server = openServer(['other']);
  const node = watching(server, { fieldSelector: 'spec.nodeName=node-1' });
  const unscheduled = watching(server, { fieldSelector: 'spec.nodeName=' });
  const name = watching(server, { fieldSelector: 'metadata.name=b', namespace: 'default' });
  const elsewhere = watching(server, { namespace: 'other' });
  server.client.create(server.ctx, 'pods', pod('a'));
  server.client.create(server.ctx, 'pods', pod('b'));
  bind(server, 'a', 'node-1');
  bind(server, 'b', 'node-2');
  expect(node()).toEqual(['BOOKMARK', 'ADDED a']);
  expect(unscheduled()).toEqual(['BOOKMARK', 'ADDED a', 'ADDED b', 'DELETED a', 'DELETED b']);
  expect(name()).toEqual(['BOOKMARK', 'ADDED b', 'MODIFIED b']);
  expect(elsewhere()).toEqual(['BOOKMARK']);
});

it('leaves nothing behind when it closes', () => {
  const server = openServer();
  const { watches } = server.ctx.part<ApiServerMemory>('kube-apiserver')!;
  const before = watches.streams.size;
  const streams = ['spec.nodeName=n', 'metadata.name=x', undefined].map((fieldSelector) =>
    server.api.watch(server.ctx, 'you', { resource: 'pods', fieldSelector, namespace: 'default' }),
  );
  for (const stream of streams) server.api.close(server.ctx, stream);
  const index = watches.byResource.get('pods')!;
  expect(watches.streams.size).toBe(before);
  expect([index.all.size, index.byNode.size, index.byName.size, index.byNamespace.size]).toEqual([0, 0, 0, 0]);
});

it('refuses a selector that the kind does not know', () => {
  const server = openServer();
  expect(() => watching(server, { fieldSelector: 'spec.color=red' })).toThrow('field label not supported: spec.color');
});
