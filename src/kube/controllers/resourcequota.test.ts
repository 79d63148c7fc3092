import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { recordedEvents, replay, type Scenario } from '../../testing/scenario.ts';
import { controlPlane } from '../../testing/world.ts';
import type { Pod, ResourceQuota } from '../apis/index.ts';

const load = (name: string): Scenario =>
  JSON.parse(readFileSync(new URL(`../../testing/golden/scenarios/${name}.json`, import.meta.url), 'utf8')) as Scenario;

it('quota-status: what is used, and the words of each refusal, as recorded', () => {
  const scenario = load('quota-status');
  const played = replay(scenario, []);
  const states = (list: readonly Record<string, unknown>[]): unknown[] => list.map(({ status }) => ({ status }));
  expect(states(played.sequences.get('ResourceQuota/rq')!)).toEqual(states(scenario.sequences['ResourceQuota/rq']!));
});

it('limitrange-defaults: defaults with their annotation, and pods that are refused, as recorded', () => {
  const scenario = load('limitrange-defaults');
  const played = replay(scenario, ['replicaset-controller']);
  const named = (events: ReadonlyMap<string, readonly string[]>): string[] => [
    ...new Set([...events.values()].flat().map((text) => text.replaceAll(/big-\S+"|\(\d+\)/g, ''))),
  ];
  expect(named(played.events).sort()).toEqual(named(recordedEvents(scenario, ['replicaset-controller'])).sort());
  const [pod] = played.plane.all<Pod>('pods');
  expect(pod!.metadata.annotations).toEqual({
    'kubernetes.io/limit-ranger':
      'LimitRanger plugin set: cpu, memory request for container app; cpu limit for container app',
  });
  expect(pod!.spec!.containers[0]!.resources).toEqual({
    limits: { cpu: '200m' },
    requests: { cpu: '50m', memory: '16Mi' },
  });
});

it('counts pods that have ended no longer, and only those that its scopes are about', () => {
  const plane = controlPlane({});
  const quota = (name: string, scopes?: string[]) =>
    plane.client.create(plane.ctx, 'resourcequotas', {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name, namespace: 'default' },
      spec: { hard: { pods: '2', 'count/pods': '5' }, ...(scopes && { scopes }) },
    });
  quota('all');
  quota('best-effort', ['BestEffort']);
  plane.run(100);
  const pod = (name: string, cpu?: string) =>
    plane.client.create(plane.ctx, 'pods', {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace: 'default' },
      spec: { containers: [{ name: 'c', image: 'x', ...(cpu && { resources: { requests: { cpu } } }) }] },
    });
  const used = (): unknown[] => plane.all<ResourceQuota>('resourcequotas').map((q) => q.status?.used);
  const first = pod('a');
  pod('b', '100m');
  expect(used()).toEqual([{ pods: '2', 'count/pods': '2' }, { pods: '1', 'count/pods': '1' }]); // prettier-ignore
  expect(() => pod('c')).toThrow('exceeded quota: all, requested: pods=1, used: pods=2, limited: pods=2');
  plane.client.updateStatus(plane.ctx, 'pods', { ...first, status: { ...first.status, phase: 'Succeeded' } });
  plane.run(100);
  expect(used()).toEqual([{ pods: '1', 'count/pods': '2' }, { pods: '0', 'count/pods': '1' }]); // prettier-ignore
  pod('c');
});
