import { expect, test } from 'vitest';
import { controlPlane, type ControlPlane } from '../../testing/world.ts';
import type { Deployment, KubeEvent, Pod, ReplicaSet } from '../apis/index.ts';
import { expectCreations, expectDeletions, observeCreation, observeDeletion, satisfied } from './expectations.ts';

const replicaSet = (replicas: number, spec: object = {}, more: object = {}): ReplicaSet =>
  ({
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: { name: 'web', namespace: 'default' },
    spec: {
      replicas,
      selector: { matchLabels: { app: 'web' } },
      template: {
        metadata: { labels: { app: 'web' } },
        spec: { containers: [{ name: 'app', image: 'web:1' }], ...spec },
      },
      ...more,
    },
  }) as unknown as ReplicaSet;

const live = (plane: ControlPlane): ReplicaSet => plane.client.get(plane.ctx, 'replicasets.apps', 'web', 'default');

test('700 replicas are made in two bursts, none twice', () => {
  const plane = controlPlane({});
  plane.client.create(plane.ctx, 'replicasets.apps', replicaSet(700));
  plane.run(2);
  const counts: number[] = [];
  for (let i = 0; i < 100; i++) {
    plane.run(1);
    const count = plane.all<Pod>('pods').length;
    if (counts.at(-1) !== count) counts.push(count);
  }
  expect(counts.filter((n) => n > 0)).toEqual([500, 700]);
});

test('pods count as available after minReadySeconds', () => {
  const plane = controlPlane({ runMs: 100, readyMs: 100 });
  plane.client.create(plane.ctx, 'replicasets.apps', replicaSet(2, {}, { minReadySeconds: 10 }));
  plane.run(9000);
  expect(live(plane).status).toMatchObject({ readyReplicas: 2 });
  expect(live(plane).status!.availableReplicas ?? 0).toBe(0);
  plane.run(2000);
  expect(live(plane).status).toMatchObject({ availableReplicas: 2 });
});

test('creations that fail are told, make a condition, and are tried one at a time until they succeed', () => {
  const plane = controlPlane();
  const spec = { serviceAccountName: 'robot' };
  const { spec: given } = replicaSet(5, spec);
  const deployment = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', namespace: 'default' } };
  plane.client.create(plane.ctx, 'deployments.apps', { ...deployment, spec: given } as unknown as Deployment);
  plane.run(60_000);
  const [rs] = plane.all<ReplicaSet>('replicasets.apps');
  const condition = { type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate' };
  expect(rs!.status!.conditions).toEqual([expect.objectContaining(condition)]);
  expect(plane.all<Deployment>('deployments.apps')[0]!.status!.conditions).toContainEqual(
    expect.objectContaining(condition),
  );
  const failures = plane.all<KubeEvent>('events', 'default').filter((e) => e.reason === 'FailedCreate');
  expect(failures[0]!.message).toMatch(
    /^Error creating: pods "web-[a-z0-9-]+" is forbidden: error looking up service account/,
  );
  plane.client.create(plane.ctx, 'serviceaccounts', {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name: 'robot', namespace: 'default' },
  });
  plane.run(60_000);
  expect(plane.all<Pod>('pods')).toHaveLength(5);
  expect(plane.all<ReplicaSet>('replicasets.apps')[0]!.status!.conditions ?? []).toEqual([]);
});

test('a ReplicaSet waits until its cache shows what it asked for, at most five minutes', () => {
  const all = new Map();
  expect(satisfied(all, 'a', 0)).toBe(true);
  expectCreations(all, 'a', 2, 0);
  observeCreation(all, 'a', 1);
  expect(satisfied(all, 'a', 1000)).toBe(false);
  observeCreation(all, 'a', 1);
  expect(satisfied(all, 'a', 1000)).toBe(true);
  expectDeletions(all, 'a', ['p', 'q'], 1000);
  observeDeletion(all, 'a', 'p');
  expect(satisfied(all, 'a', 301_000)).toBe(false);
  expect(satisfied(all, 'a', 301_001)).toBe(true);
});
