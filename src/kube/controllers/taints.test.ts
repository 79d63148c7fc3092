import { expect, test } from 'vitest';
import { controlPlane } from '../../testing/world.ts';
import type { V1Toleration } from '../../generated/types.ts';
import type { KubeEvent, Node, Pod } from '../apis/index.ts';
import { toleratedMs } from './taints.ts';

const maintenance = { key: 'maint', value: 'yes', effect: 'NoExecute' };
const other = { key: 'other', effect: 'NoExecute' };

test.each<[title: string, tolerations: V1Toleration[], ms: number]>([
  ['none', [], 0],
  ['the key, whatever the value', [{ key: 'maint', operator: 'Exists' }], Infinity],
  ['key and value', [{ key: 'maint', value: 'yes', effect: 'NoExecute' }], Infinity],
  ['another value', [{ key: 'maint', operator: 'Equal', value: 'no' }], 0],
  ['another effect', [{ key: 'maint', operator: 'Exists', effect: 'NoSchedule' }], 0],
  ['everything', [{ operator: 'Exists' }], Infinity],
  ['for a while', [{ key: 'maint', operator: 'Exists', tolerationSeconds: 3 }], 3000],
  ['negative seconds', [{ key: 'maint', operator: 'Exists', tolerationSeconds: -1 }], 0],
  ['the first that covers counts', [{ operator: 'Exists' }, { operator: 'Exists', tolerationSeconds: 3 }], Infinity],
])('one taint, tolerations: %s', (_title, tolerations, ms) => {
  expect(toleratedMs([maintenance], tolerations)).toBe(ms);
});

test('with several taints all must be tolerated, and the shortest time counts', () => {
  const short = { key: 'maint', operator: 'Exists', tolerationSeconds: 5 };
  expect(toleratedMs([maintenance, other], [short])).toBe(0);
  expect(toleratedMs([maintenance, other], [short, { key: 'other', operator: 'Exists', tolerationSeconds: 9 }])).toBe(
    5000,
  );
});

const pod = (name: string, tolerations: V1Toleration[]): Pod =>
  ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default' },
    spec: { containers: [{ name: 'app', image: 'web:1' }], tolerations },
  }) as unknown as Pod;

/** As golden/scenarios/node-taints-noexecute.json has it. */
test('a NoExecute taint evicts pods at once, later or never, as they tolerate it; taking it back cancels', () => {
  const plane = controlPlane({ runMs: 40, readyMs: 10, stopMs: 500 }, 1);
  const evictions = (): string[] =>
    plane
      .all<KubeEvent>('events', 'default')
      .filter((e) => e.reason === 'TaintManagerEviction')
      .map((e) => e.message!);
  const taint = (taints: object[] | undefined): void => {
    const node = plane.client.get(plane.ctx, 'nodes', 'node-1');
    const { taints: _, ...spec } = node.spec ?? {};
    plane.client.update(plane.ctx, 'nodes', { ...node, spec: { ...spec, ...(taints && { taints }) } } as Node);
  };
  for (const [name, tolerations] of [
    ['none', []],
    ['forever', [{ key: 'maint', operator: 'Exists' }]],
    ['three', [{ key: 'maint', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 3 }]],
    ['ten', [{ key: 'maint', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 10 }]],
  ] as [string, V1Toleration[]][])
    plane.client.create(plane.ctx, 'pods', pod(name, tolerations));
  plane.run(1000);
  taint([maintenance]);
  plane.run(100);
  expect(evictions()).toEqual(['Marking for deletion Pod default/none']);
  expect(plane.all<Pod>('pods').find((p) => p.metadata.name === 'none')!.status!.conditions).toContainEqual(
    expect.objectContaining({ type: 'DisruptionTarget', status: 'True', reason: 'DeletionByTaintManager' }),
  );
  plane.run(3000);
  expect(evictions()).toContain('Marking for deletion Pod default/three');
  taint(undefined);
  plane.run(20_000);
  expect(evictions().toSorted()).toEqual([
    'Cancelling deletion of Pod default/ten',
    'Marking for deletion Pod default/none',
    'Marking for deletion Pod default/three',
  ]);
  expect(plane.all<Pod>('pods').map((p) => p.metadata.name)).toEqual(['forever', 'ten']);
});

test('a cordon becomes a taint, and the taint goes with it', () => {
  const plane = controlPlane();
  const cordon = (unschedulable: boolean): void => {
    const node = plane.client.get(plane.ctx, 'nodes', 'node-1');
    plane.client.update(plane.ctx, 'nodes', { ...node, spec: { ...node.spec, unschedulable } });
    plane.run(50);
  };
  const taints = (): unknown => plane.all<Node>('nodes')[0]!.spec?.taints;
  cordon(true);
  expect(taints()).toEqual([
    { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule', timeAdded: expect.any(String) },
  ]);
  cordon(false);
  expect(taints()).toBeUndefined();
});
