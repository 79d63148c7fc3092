import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { recordedEvents, replay, type Scenario } from '../../testing/scenario.ts';
import { controlPlane, type ControlPlane } from '../../testing/world.ts';
import type { Pod, PodDisruptionBudget } from '../apis/index.ts';
import { healthyWanted } from './disruption.ts';

describe('how many pods must stay healthy', () => {
  // Kubernetes: pkg/controller/disruption/disruption_test.go, and the rounding of both fields upwards.
  it.each<[PodDisruptionBudget['spec'], number, number]>([
    [{ minAvailable: 3 }, 2, 3],
    [{ minAvailable: '28%' }, 7, 2],
    [{ minAvailable: '50%' }, 7, 4],
    [{ minAvailable: '100%' }, 3, 3],
    [{ maxUnavailable: 1 }, 3, 2],
    [{ maxUnavailable: 5 }, 3, 0],
    [{ maxUnavailable: '30%' }, 7, 4],
    [{ maxUnavailable: '34%' }, 10, 6],
    [{ maxUnavailable: 0 }, 3, 3],
    [{ maxUnavailable: 0 }, 0, 0],
  ])('%o of %i pods: %i', (spec, expected, desired) => {
    expect(healthyWanted(spec, expected)).toEqual({ expected, desired });
  });
});

it('pdb-status: events, states and answers of the eviction as recorded', () => {
  const file = new URL('../../testing/golden/scenarios/pdb-status.json', import.meta.url);
  const scenario = JSON.parse(readFileSync(file, 'utf8')) as Scenario;
  const played = replay(scenario, ['controllermanager']);
  expect(Object.fromEntries(played.events)).toEqual(
    Object.fromEntries(recordedEvents(scenario, ['controllermanager'])),
  );
  for (const name of ['PodDisruptionBudget/pdb', 'PodDisruptionBudget/two']) {
    const recorded = scenario.sequences[name]!;
    const mine = played.sequences.get(name)!.map((state) => JSON.stringify(state));
    // Which pod the controller has seen at which moment is a race; where the budget starts and ends is not.
    for (const state of [recorded[0]!, recorded[1]!, recorded.at(-1)!])
      expect(mine.map((text) => JSON.parse(text) as unknown)).toContainEqual({
        status: state['status'],
        conditions: state['conditions'],
      });
    expect(JSON.parse(mine.at(-1)!)).toEqual({
      status: recorded.at(-1)!['status'],
      conditions: recorded.at(-1)!['conditions'],
    });
  }
});

const budget = (name: string, spec: object): object => ({
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  metadata: { name, namespace: 'default' },
  spec: { selector: { matchLabels: { app: 'web' } }, ...spec },
});

/** A control plane with a Deployment of so many pods and one budget. */
function cluster(replicas: number, spec: object): ControlPlane {
  const plane = controlPlane({ runMs: 40, readyMs: 10, stopMs: 30_000 });
  const labels = { app: 'web' };
  plane.client.create(plane.ctx, 'poddisruptionbudgets.policy', budget('web', spec) as never);
  plane.client.create(plane.ctx, 'deployments.apps', {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'default' },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: 'web', image: 'nginx' }] } },
    },
  });
  plane.run(2000);
  return plane;
}

const statusOf = (plane: ControlPlane) => plane.all<PodDisruptionBudget>('poddisruptionbudgets.policy')[0]!.status!;

function evict(plane: ControlPlane, pod: Pod, dryRun = false) {
  const { name, namespace } = pod.metadata;
  const answer = plane.api.request(plane.ctx, 'you', {
    verb: 'create',
    resource: 'pods',
    subresource: 'eviction',
    namespace,
    name,
    body: { ...(dryRun && { deleteOptions: { dryRun: ['All'] } }) },
  });
  return answer.code;
}

describe('a disruption budget', () => {
  it('counts the pods that the Deployment is meant to have, not those that exist', () => {
    const plane = cluster(7, { maxUnavailable: '30%' });
    expect(statusOf(plane)).toMatchObject({ expectedPods: 7, desiredHealthy: 4, disruptionsAllowed: 3 });
  });

  it('lets no more go than it may, even before the controller has looked', () => {
    const plane = cluster(3, { minAvailable: 2 });
    const pods = plane.all<Pod>('pods');
    expect(evict(plane, pods[0]!, true)).toBe(201);
    expect(plane.all<Pod>('pods').some((p) => p.metadata.deletionTimestamp)).toBe(false);
    expect(evict(plane, pods[0]!)).toBe(201);
    expect(evict(plane, pods[1]!)).toBe(429);
    expect(Object.keys(statusOf(plane).disruptedPods!)).toEqual([pods[0]!.metadata.name]);
    plane.run(1000); // the replacement is ready
    expect(statusOf(plane)).toMatchObject({ disruptionsAllowed: 1 });
    expect(statusOf(plane)).not.toHaveProperty('disruptedPods');
    expect(evict(plane, pods[1]!)).toBe(201);
  });

  it('forgets an announced eviction that has not come after two minutes', () => {
    const plane = cluster(3, { minAvailable: 2 });
    const [pod] = plane.all<Pod>('pods');
    const live = plane.all<PodDisruptionBudget>('poddisruptionbudgets.policy')[0]!;
    plane.client.updateStatus(plane.ctx, 'poddisruptionbudgets.policy', {
      ...live,
      status: { ...live.status, disruptedPods: { [pod!.metadata.name]: '2026-01-01T00:00:03Z' } },
    });
    plane.run(100);
    expect(statusOf(plane)).toMatchObject({ currentHealthy: 2, disruptionsAllowed: 0 });
    plane.run(121_000);
    expect(statusOf(plane)).toMatchObject({ currentHealthy: 3, disruptionsAllowed: 1 });
    expect(statusOf(plane)).not.toHaveProperty('disruptedPods');
    expect(plane.all<{ reason: string }>('events').map((e) => e.reason)).toContain('NotDeleted');
  });

  it('protects a pod that is not ready unless the budget is kept without it, or says AlwaysAllow', () => {
    const plane = cluster(3, { minAvailable: 3 });
    const [pod] = plane.all<Pod>('pods');
    plane.setReady(pod!, false);
    plane.run(100);
    expect(evict(plane, pod!)).toBe(429);
    const live = plane.all<PodDisruptionBudget>('poddisruptionbudgets.policy')[0]!;
    plane.client.update(plane.ctx, 'poddisruptionbudgets.policy', {
      ...live,
      spec: { ...live.spec, unhealthyPodEvictionPolicy: 'AlwaysAllow' },
    });
    expect(evict(plane, pod!)).toBe(201);
  });

  it('allows nothing when it cannot count', () => {
    const plane = cluster(0, { maxUnavailable: 1 });
    plane.client.create(plane.ctx, 'pods', {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name: 'odd',
        namespace: 'default',
        labels: { app: 'web' },
        ownerReferences: [{ apiVersion: 'x.example/v1', kind: 'X', name: 'x', uid: 'u', controller: true }],
      },
      spec: { containers: [{ name: 'web', image: 'nginx' }] },
    });
    plane.run(100);
    expect(statusOf(plane).conditions![0]).toMatchObject({
      status: 'False',
      reason: 'SyncFailed',
      message: 'found no controllers for pod "odd"',
    });
  });
});

it('an eviction leads back to the budget that allowed it, and to whoever asked', () => {
  const plane = cluster(3, { minAvailable: 2 });
  plane.ctx.cause = 0;
  plane.ctx.cause = plane.ctx.record({ by: 'you', code: 'input.kubectl', params: { line: 'drain node-1' } });
  const [pod] = plane.all<Pod>('pods');
  evict(plane, pod!);
  const chain: string[] = [];
  let deed = plane.deeds.findLast((d) => d.code === 'api.evict' && d.uid === pod!.metadata.uid);
  for (; deed; deed = plane.deeds.find((d) => d.seq === deed!.cause)) chain.push(deed.code);
  expect(chain).toEqual(['api.evict', 'disruption.allow', 'input.kubectl']);
});
