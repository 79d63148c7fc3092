import { expect, test } from 'vitest';
import type { Frame, KubeObject } from '../../protocol/index.ts';
import { pod } from '../objects/fixtures.ts';
import { applyObjects, emptyCluster } from './cluster.ts';

const owned = (name: string, owner?: string): KubeObject =>
  pod(name, {
    metadata: {
      uid: name,
      ...(owner !== undefined && { ownerReferences: [{ apiVersion: 'v1', kind: 'X', name: owner, uid: owner }] }),
    },
  });

const feed = (change: Partial<Frame>, into: ReturnType<typeof emptyCluster>): void =>
  void applyObjects(
    { reset: false, upserts: [], deletes: [], usage: [], machines: [], stopped: [], sources: [], ...change } as Frame,
    into,
  );

test('what belongs to an object is found by its uid, through adoption, replacement under one name and deletion', () => {
  const into = emptyCluster();
  const upsert = (object: KubeObject): void => feed({ upserts: [{ resource: 'pods', object }] }, into);
  const of = (uid: string): string[] => [...(into.related.get(uid) ?? [])];
  upsert(owned('a', 'rs-1'));
  upsert(owned('b', 'rs-1'));
  expect(of('rs-1')).toEqual(['a', 'b']);
  upsert(owned('a'));
  expect(of('rs-1')).toEqual(['b']);
  upsert(owned('a', 'rs-2'));
  expect(of('rs-2')).toEqual(['a']);
  const again = owned('a', 'rs-2');
  upsert({ ...again, metadata: { ...again.metadata, uid: 'a2' } } as KubeObject);
  expect(of('rs-2')).toEqual(['a2']);
  feed({ deletes: [{ resource: 'pods', key: 'default/b', uid: 'b' }] }, into);
  expect(into.related.has('rs-1')).toBe(false);
});
