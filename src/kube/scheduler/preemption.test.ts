import { describe, expect, it } from 'vitest';
import type { V1PodSpec } from '../../generated/types.ts';
import { schedulingBed, type SchedulingBed } from '../../testing/scheduling.ts';
import type { Pod, PodDisruptionBudget } from '../apis/index.ts';
import { byBudget, pickOne, type Candidate } from './preemption.ts';

const low = 0;
const mid = 100;
const high = 1000;

/** A victim: its priority, and the virtual second in which it started. */
const victim = (priority: number, second = 0): Pod =>
  ({
    metadata: { name: `v-${priority}-${second}`, namespace: 'default', labels: { app: 'x' } },
    spec: { priority, containers: [] },
    status: { startTime: `2026-01-01T00:00:${String(second).padStart(2, '0')}Z` },
  }) as unknown as Pod;

// Kubernetes: pkg/scheduler/framework/plugins/defaultpreemption/default_preemption_test.go TestPickOneNodeForPreemption.
describe('which node is made free', () => {
  it.each<[string, readonly (readonly [violations: number, ...victims: Pod[]])[], number]>([
    ['the only one', [[0, victim(mid)]], 0],
    ['no budget broken, though the victims are more important', [[1, victim(low)], [0, victim(mid)]], 1],
    ['the least important highest victim', [[0, victim(mid), victim(low)], [0, victim(low), victim(low)]], 1],
    ['the smallest sum of priorities', [[0, victim(mid), victim(low)], [0, victim(mid)]], 1],
    ['the smallest sum, also of negative priorities', [[0, victim(-10), victim(-10)], [0, victim(-10)]], 1],
    ['the fewest victims', [[0, victim(mid), victim(-(2 ** 31))], [0, victim(mid)]], 1],
    ['the latest start of the earliest', [[0, victim(mid, 5), victim(mid, 20)], [0, victim(mid, 9), victim(mid, 10)]], 1],
    ['only the most important victims count for that', [[0, victim(mid, 5), victim(low, 20)], [0, victim(mid, 9), victim(low, 1)]], 1],
    ['the first of equals', [[0, victim(mid, 5)], [0, victim(mid, 5)]], 0],
  ])('%s', (_, nodes, wanted) => {
    const candidates = nodes.map(([violations, ...victims], i): Candidate => ({ node: `n${i}`, victims, violations }));
    expect(pickOne(candidates, 60_000)?.node).toBe(`n${wanted}`);
  }); // prettier-ignore
});

describe('whom a budget protects', () => {
  const budget = (allowed: number, disruptedPods: Record<string, string> = {}): PodDisruptionBudget =>
    ({
      metadata: { name: 'b', namespace: 'default' },
      spec: { selector: { matchLabels: { app: 'x' } } },
      status: { disruptionsAllowed: allowed, disruptedPods },
    }) as unknown as PodDisruptionBudget;
  const pods = [victim(mid, 1), victim(mid, 2), victim(mid, 3)];
  it.each<[string, PodDisruptionBudget[], number]>([
    ['nobody without a budget', [], 0],
    ['all but one when one may go', [budget(1)], 2],
    ['all when none may go', [budget(0)], 3],
    ['a pod whose eviction is announced does not count', [budget(0, { 'v-100-1': '2026-01-01T00:00:00Z' })], 2],
  ])('%s', (_, budgets, violating) => {
    expect(byBudget(pods, budgets).violating).toHaveLength(violating);
  });
});

/** Three nodes of one CPU and classes of three priorities. */
function bed(): SchedulingBed {
  const made = schedulingBed(3);
  for (const [name, value, preemptionPolicy] of [
    ['mid', mid],
    ['high', high],
    ['polite', high, 'Never'],
  ] as const)
    // prettier-ignore
    made.client.create(made.ctx, 'priorityclasses.scheduling.k8s.io', {
      apiVersion: 'scheduling.k8s.io/v1',
      kind: 'PriorityClass',
      metadata: { name },
      value,
      ...(preemptionPolicy && { preemptionPolicy }),
    });
  return made;
}

const asking = (cpu: string, priorityClassName?: string): Partial<V1PodSpec> => ({
  containers: [{ name: 'app', image: 'x', resources: { requests: { cpu } } }],
  ...(priorityClassName && { priorityClassName }),
});

/** Every node is full of one pod. */
function fill(b: SchedulingBed): void {
  for (let i = 1; i <= 3; i++) b.pod(`low-${i}`, asking('700m'), { labels: { app: 'low' } });
  b.run(100);
}

const gone = (b: SchedulingBed, name: string): void =>
  b.client.delete(b.ctx, 'pods', name, 'default', { options: { gracePeriodSeconds: 0 } });

const terminating = (b: SchedulingBed): Pod[] =>
  (b.client.list(b.ctx, 'pods') as Pod[]).filter((p) => p.metadata.deletionTimestamp);

describe('a pod of higher priority', () => {
  it('ends one victim, is nominated, waits until it is gone, and takes its place', () => {
    const b = bed();
    fill(b);
    b.pod('high', asking('700m', 'high'));
    b.run(100);
    const [evicted, ...others] = terminating(b);
    expect(others).toEqual([]);
    const node = evicted!.spec!.nodeName!;
    expect(evicted!.status!.conditions).toContainEqual(
      expect.objectContaining({
        type: 'DisruptionTarget',
        status: 'True',
        reason: 'PreemptionByScheduler',
        message: 'default-scheduler: preempting to accommodate a higher priority pod',
      }),
    );
    const high = b.get('high');
    expect(b.told(evicted!.metadata.name).at(-1)).toBe(
      `Preempted Preempted by pod ${high.metadata.uid} on node ${node}`,
    );
    expect(high.status!.nominatedNodeName).toBe(node);
    expect(b.told('high')).toEqual(['FailedScheduling 0/3 nodes are available: 3 Insufficient cpu.']);
    expect(b.attempts.at(-1)!.preemption).toEqual({ node, victims: [`default/${evicted!.metadata.name}`] });
    b.run(20_000);
    expect(b.where('high')).toBeUndefined();
    gone(b, evicted!.metadata.name);
    b.run(12_000);
    expect(b.where('high')).toBe(node);
    expect(b.get('high').status!.nominatedNodeName).toBeUndefined();
  });

  it('keeps its room from others of lower priority while it waits', () => {
    const b = bed();
    fill(b);
    b.pod('high', asking('700m', 'high'));
    b.run(100);
    b.pod('mid', asking('200m', 'mid'));
    b.pod('greedy', asking('600m'));
    b.run(100);
    const [evicted] = terminating(b);
    gone(b, evicted!.metadata.name);
    b.run(15_000);
    expect(b.where('mid')).toBeDefined();
    expect(b.where('greedy')).toBeUndefined();
    expect(b.where('high')).toBe(evicted!.spec!.nodeName);
  });

  it('spares what can stay: only the least important go', () => {
    const b = schedulingBed(1);
    b.client.create(b.ctx, 'priorityclasses.scheduling.k8s.io', { apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: { name: 'high' }, value: high }); // prettier-ignore
    b.client.create(b.ctx, 'priorityclasses.scheduling.k8s.io', { apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: { name: 'mid' }, value: mid }); // prettier-ignore
    b.pod('mid', asking('400m', 'mid'));
    b.pod('low-1', asking('300m'));
    b.pod('low-2', asking('200m'));
    b.run(100);
    b.pod('high', asking('200m', 'high'));
    b.run(100);
    expect(terminating(b).map((p) => p.metadata.name)).toEqual(['low-2']);
  });

  it('prefers pods that no budget protects', () => {
    const b = bed();
    fill(b);
    const { metadata } = b.client.create(b.ctx, 'poddisruptionbudgets.policy', {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name: 'guard', namespace: 'default' },
      spec: { minAvailable: 2, selector: { matchLabels: { guarded: 'yes' } } },
    });
    for (const name of ['low-1', 'low-3'])
      b.client.patch(b.ctx, 'pods', name, 'default', {
        type: 'merge',
        body: { metadata: { labels: { guarded: 'yes' } } },
      });
    b.run(100);
    expect(metadata.name).toBe('guard');
    b.pod('high', asking('700m', 'high'));
    b.run(100);
    expect(terminating(b).map((p) => p.metadata.name)).toEqual(['low-2']);
  });

  it('preempts nobody when its class says Never, and says so', () => {
    const b = bed();
    fill(b);
    b.pod('polite', asking('700m', 'polite'));
    b.run(100);
    expect(terminating(b)).toEqual([]);
    expect(b.told('polite')).toEqual([
      'FailedScheduling 0/3 nodes are available: 3 Insufficient cpu. no new claims to deallocate, preemption: not eligible due to preemptionPolicy=Never.',
    ]);
  });

  it('is told per node why nobody’s leaving would help', () => {
    const b = bed();
    b.pod('low-1', asking('200m'), {});
    b.edit('node-3', (node) => ({ ...node, spec: { taints: [{ key: 'x', effect: 'NoSchedule' }] } }));
    b.pod('big', { ...asking('900m', 'high'), nodeSelector: { 'kubernetes.io/hostname': 'node-1' } });
    b.run(100);
    b.pod('high', asking('5', 'high'));
    b.pod('equal', { ...asking('900m', 'high'), nodeSelector: { 'kubernetes.io/hostname': 'node-1' } });
    b.run(100);
    expect(b.told('high')[0]).toContain(
      'preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.',
    );
    expect(b.told('equal')[0]).toContain(
      'preemption: 0/3 nodes are available: 1 No preemption victims found for incoming pod, 2 Preemption is not helpful for scheduling.',
    );
  });

  it('makes room that affinity asks for: the pod it must stay apart from goes', () => {
    const b = bed();
    for (let i = 1; i <= 3; i++) b.pod(`low-${i}`, { nodeName: `node-${i}` }, { labels: { app: 'low' } });
    b.run(50);
    const term = { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { app: 'low' } } };
    const affinity = { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } };
    b.pod('high', { ...asking('100m', 'high'), affinity });
    b.run(100);
    expect(terminating(b)).toHaveLength(1);
    expect(b.told('high')).toEqual([
      "FailedScheduling 0/3 nodes are available: 3 node(s) didn't match pod anti-affinity rules.",
    ]);
  });
});
