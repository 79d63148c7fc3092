import { describe, expect, it } from 'vitest';
import { schedulingBed } from '../../testing/scheduling.ts';
import { backoffMs } from './queue.ts';
import { nodesToFind } from './evaluate.ts';

const cpu = (amount: string) => ({
  containers: [{ name: 'app', image: 'web', resources: { requests: { cpu: amount } } }],
});
const owner = (name: string) => [
  { apiVersion: 'apps/v1', kind: 'ReplicaSet', name, uid: 'u', controller: true, blockOwnerDeletion: true },
];
const spread = (bed: ReturnType<typeof schedulingBed>, prefix: string, count: number): Record<string, number> => {
  const found: Record<string, number> = {};
  for (let i = 0; i < count; i++) {
    const node = bed.where(`${prefix}-${i}`) ?? 'none';
    found[node] = (found[node] ?? 0) + 1;
  }
  return found;
};

describe('binding', () => {
  it('counts a pod on its node before the watch has told of it', () => {
    const bed = schedulingBed(3);
    for (let i = 0; i < 3; i++) bed.pod(`p-${i}`, cpu('600m'));
    bed.run(1000);
    expect(spread(bed, 'p', 3)).toEqual({ 'node-1': 1, 'node-2': 1, 'node-3': 1 });
  });

  it('tells the pod, its cause and every verdict', () => {
    const bed = schedulingBed(2);
    bed.edit('node-1', (node) => ({ ...node, spec: { unschedulable: true } }));
    bed.run(10);
    bed.pod('p');
    bed.run(1000);
    expect(bed.told('p')).toEqual(['Scheduled Successfully assigned default/p to node-2']);
    expect(bed.deeds.find((d) => d.code === 'scheduler.bind')).toMatchObject({
      by: 'kube-scheduler',
      params: { node: 'node-2' },
    });
    expect(bed.attempts).toMatchObject([
      {
        pod: 'default/p',
        node: 'node-2',
        nodes: [
          { name: 'node-2' },
          { name: 'node-1', rejectedBy: 'NodeUnschedulable', reason: 'node(s) were unschedulable' },
        ],
      },
    ]);
  });

  it('leaves pods of other schedulers and gated pods alone', () => {
    const bed = schedulingBed(1);
    bed.pod('other', { schedulerName: 'custom' });
    bed.pod('gated', { schedulingGates: [{ name: 'wait' }] });
    bed.run(60_000);
    expect([bed.where('other'), bed.where('gated')]).toEqual([undefined, undefined]);
    expect([...bed.told('other'), ...bed.told('gated')]).toEqual([]);
  });

  it('takes the higher priority first', () => {
    const bed = schedulingBed(1);
    bed.edit('node-1', (node) => ({ ...node, spec: { unschedulable: true } }));
    bed.run(10);
    for (const [name, priorityClassName] of [
      ['low', ''],
      ['high', 'system-cluster-critical'],
    ] as const) {
      bed.pod(name, { ...cpu('700m'), priorityClassName });
      bed.run(100);
    }
    bed.edit('node-1', (node) => ({ ...node, spec: {} }));
    bed.run(1000);
    expect([bed.where('low'), bed.where('high')]).toEqual([undefined, 'node-1']);
  });
});

describe('waiting', () => {
  it('backs off 1, 2, 4, 8, 10, 10 seconds', () => {
    expect([0, 1, 2, 3, 4, 5, 6].map(backoffMs)).toEqual([0, 1000, 2000, 4000, 8000, 10_000, 10_000]);
  });

  it('tries again at once when a pod leaves, and not when nothing helps', () => {
    const bed = schedulingBed(1);
    bed.pod('first', cpu('700m'));
    bed.pod('second', cpu('700m'));
    bed.run(60_000);
    expect(bed.told('second')).toHaveLength(1);
    bed.client.delete(bed.ctx, 'pods', 'first', 'default', { options: { gracePeriodSeconds: 0 } });
    bed.run(100);
    expect(bed.where('second')).toBe('node-1');
  });

  it('wakes for the node that fits, not for one that does not', () => {
    const bed = schedulingBed(1);
    bed.pod('p', { nodeSelector: { disk: 'ssd' } });
    bed.run(5000);
    bed.node('hdd', { labels: { disk: 'hdd' } });
    bed.run(5000);
    expect(bed.attempts).toHaveLength(1);
    bed.node('ssd', { labels: { disk: 'ssd' } });
    bed.run(5000);
    expect(bed.where('p')).toBe('ssd');
  });

  it('tries again by itself after five minutes', () => {
    const bed = schedulingBed(1);
    bed.pod('p', cpu('5'));
    bed.run(299_000);
    expect(bed.attempts).toHaveLength(1);
    bed.run(61_000);
    expect(bed.attempts).toHaveLength(2);
  });

  it('says that there are no nodes, and goes on trying', () => {
    const bed = schedulingBed(0);
    bed.pod('p');
    bed.run(2000);
    expect(bed.told('p')[0]).toBe('FailedScheduling no nodes available to schedule pods');
    bed.node('late');
    bed.run(11_000);
    expect(bed.where('p')).toBe('late');
  });

  it('binds after the API server has come back', () => {
    const bed = schedulingBed(1);
    bed.pod('p');
    bed.machines.stopped.add('kube-apiserver');
    bed.run(5000);
    bed.machines.stopped.delete('kube-apiserver');
    expect(bed.where('p')).toBeUndefined();
    bed.run(11_000);
    expect(bed.where('p')).toBe('node-1');
  });
});

describe('spreading', () => {
  it('spreads the pods of a ReplicaSet evenly though they ask for nothing', () => {
    const bed = schedulingBed(3);
    const selector = { matchLabels: { app: 'web' } };
    const template = { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'c', image: 'web' }] } };
    bed.client.create(bed.ctx, 'replicasets.apps', {
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: { name: 'web', namespace: 'default' },
      spec: { replicas: 30, selector, template },
    });
    bed.run(100);
    for (let i = 0; i < 30; i++) bed.pod(`web-${i}`, {}, { labels: { app: 'web' }, ownerReferences: owner('web') });
    bed.run(1000);
    expect(spread(bed, 'web', 30)).toEqual({ 'node-1': 10, 'node-2': 10, 'node-3': 10 });
  });

  it('keeps a hard constraint over zones, terminating pods left out', () => {
    const bed = schedulingBed(0);
    for (const [name, zone] of [
      ['a1', 'a'],
      ['a2', 'a'],
      ['b1', 'b'],
    ] as const)
      bed.node(name, { labels: { 'topology.kubernetes.io/zone': zone } });
    bed.run(10); // a node that is not known yet cannot be chosen
    const topologySpreadConstraints = [
      {
        maxSkew: 1,
        topologyKey: 'topology.kubernetes.io/zone',
        whenUnsatisfiable: 'DoNotSchedule',
        labelSelector: { matchLabels: { app: 'db' } },
      },
    ];
    for (let i = 0; i < 6; i++) bed.pod(`db-${i}`, { topologySpreadConstraints }, { labels: { app: 'db' } });
    bed.run(1000);
    const found = spread(bed, 'db', 6);
    expect([(found['a1'] ?? 0) + (found['a2'] ?? 0), found['b1']]).toEqual([3, 3]);
  });

  it('prefers a node that has the image', () => {
    const bed = schedulingBed(2);
    bed.node('warm', { images: [{ names: ['big:1'], sizeBytes: 3 * 1024 ** 3 }] });
    bed.run(10);
    for (let i = 0; i < 3; i++) bed.pod(`p-${i}`, { containers: [{ name: 'c', image: 'big:1' }] });
    bed.run(1000);
    expect(spread(bed, 'p', 3)).toEqual({ warm: 3 });
  });
});

describe('large clusters', () => {
  it.each([
    [3, 3],
    [99, 99],
    [100, 100],
    [250, 120],
    [1000, 420],
    [5000, 500],
  ])('of %i nodes look for %i', (all, some) => {
    expect(nodesToFind(all)).toBe(some);
  });

  it('give every node its turn and keep what they tell short', () => {
    const bed = schedulingBed(300);
    for (let i = 0; i < 300; i++) bed.pod(`p-${i}`, cpu('700m'));
    bed.run(5000);
    expect(Object.keys(spread(bed, 'p', 300))).toHaveLength(300);
    expect(Math.max(...bed.attempts.map((a) => a.nodes.length))).toBe(20);
  });
});
