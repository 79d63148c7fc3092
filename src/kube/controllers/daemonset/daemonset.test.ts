import { describe, expect, test } from 'vitest';
import { timestamp } from '../../apimachinery/index.ts';
import type { DaemonSet, Node, Pod } from '../../apis/index.ts';
import { daemonSet } from '../../apis/apps/daemonset.ts';
import { daemonTemplate, daemonTolerations, shouldRun, targetNode } from './nodes.ts';
import { planDaemons, updateBounds } from './plan.ts';
import { daemonSetStatus } from './status.ts';
import { planUpdate } from './update.ts';

const now = 100_000;

function set(spec: Partial<NonNullable<DaemonSet['spec']>> = {}, pod: object = {}): DaemonSet {
  const labels = { app: 'agent' };
  const template = { metadata: { labels }, spec: { containers: [{ name: 'c', image: 'agent' }], ...pod } };
  const ds = { apiVersion: 'apps/v1', kind: 'DaemonSet', metadata: { name: 'agent', namespace: 'default', generation: 2 }, spec: { selector: { matchLabels: labels }, template, ...spec } }; // prettier-ignore
  daemonSet.defaults(ds as never);
  return ds as unknown as DaemonSet;
}

const node = (name: string, more: { taints?: object[]; labels?: object } = {}): Node =>
  ({ apiVersion: 'v1', kind: 'Node', metadata: { name, labels: more.labels }, spec: { taints: more.taints } }) as never;

interface Given {
  readonly hash?: string;
  /** Seconds since it became ready; undefined: not ready. */
  readonly ready?: number;
  readonly phase?: string;
  readonly going?: boolean;
  readonly pending?: boolean;
}

let made = 0;

function pod(on: string, { hash = 'old', ready, phase = 'Running', going, pending }: Given = {}): Pod {
  const lastTransitionTime = timestamp(now - (ready ?? 0) * 1000);
  const conditions = [{ type: 'Ready', status: ready === undefined ? 'False' : 'True', lastTransitionTime }];
  const metadata = {
    name: `agent-${made++}`,
    namespace: 'default',
    labels: { app: 'agent', 'controller-revision-hash': hash },
    creationTimestamp: timestamp(made * 1000),
    ...(going && { deletionTimestamp: timestamp(now) }),
  };
  const spec = pending ? daemonTemplate(set(), hash, on).spec : { nodeName: on };
  return { apiVersion: 'v1', kind: 'Pod', metadata, spec, status: { phase, conditions } } as never;
}

const on = (pods: Readonly<Record<string, readonly Pod[]>>): Map<string, readonly Pod[]> =>
  new Map(Object.entries(pods));
const three = [node('n1'), node('n2'), node('n3')];

/** `-agent-1 n1 why` for a removal, `+n2 why` for a creation. */
const said = ({ create, remove }: { create: { node: string; why: { code: string } }[]; remove: { pod: Pod; why: { code: string } }[] }): string[] => [
  ...create.map((c) => `+${c.node} ${c.why.code.split('.')[1]}`),
  ...remove.map((r) => `-${targetNode(r.pod)} ${r.why.code.split('.')[1]}`),
]; // prettier-ignore

const manage = (ds: DaemonSet, nodes: readonly Node[], pods: Record<string, readonly Pod[]>, backoff = 0): string[] =>
  said(planDaemons(ds, nodes, on(pods), 'new', now, () => backoff));

describe('which nodes get a daemon', () => {
  const taint = (effect: string, key = 'dedicated') => ({ taints: [{ key, effect }] });
  test.each<[string, object, { taints?: object[]; labels?: object }, boolean, boolean]>([
    ['a healthy node', {}, {}, true, true],
    ['another node than the one it names', { nodeName: 'other' }, {}, false, false],
    ['a node without the labels asked for', { nodeSelector: { gpu: 'yes' } }, {}, false, false],
    ['a node with the labels asked for', { nodeSelector: { gpu: 'yes' } }, { labels: { gpu: 'yes' } }, true, true],
    ['a node with a NoSchedule taint: who is there stays', {}, taint('NoSchedule'), false, true],
    ['a node with a NoExecute taint', {}, taint('NoExecute'), false, false],
    ['a PreferNoSchedule taint', {}, taint('PreferNoSchedule'), true, true],
    ['a taint that it tolerates', { tolerations: [{ operator: 'Exists' }] }, taint('NoExecute'), true, true],
    ['a cordoned node', {}, taint('NoSchedule', 'node.kubernetes.io/unschedulable'), true, true],
    ['a node under memory pressure', {}, taint('NoSchedule', 'node.kubernetes.io/memory-pressure'), true, true],
    ['a lost node: not evicted, but no longer wanted', {}, { taints: [{ key: 'node.kubernetes.io/unreachable', effect: 'NoSchedule' }, { key: 'node.kubernetes.io/unreachable', effect: 'NoExecute' }] }, false, true], // prettier-ignore
    [
      'a node whose network is not set up',
      {},
      taint('NoSchedule', 'node.kubernetes.io/network-unavailable'),
      false,
      true,
    ],
    ['the same, for the host’s network', { hostNetwork: true }, taint('NoSchedule', 'node.kubernetes.io/network-unavailable'), true, true], // prettier-ignore
  ])('%s', (_, spec, given, run, stay) => {
    expect(shouldRun(node('n1', given), set({}, spec))).toEqual({ run, stay });
  });

  test('a toleration that the template has for some seconds becomes one for ever', () => {
    const key = 'node.kubernetes.io/not-ready';
    const own = { key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 30 };
    const all = daemonTolerations({ containers: [], tolerations: [own] });
    expect(all.filter((t) => t.key === key)).toEqual([{ key, operator: 'Exists', effect: 'NoExecute' }]);
    expect(all).toHaveLength(6);
  });
});

describe('one pod on each node', () => {
  test('missing ones are made, those of unfit nodes and surplus ones go, the oldest stays', () => {
    const bad = node('bad', { taints: [{ key: 'x', effect: 'NoExecute' }] });
    const pods = { n2: [pod('n2'), pod('n2')], bad: [pod('bad')] };
    expect(manage(set(), [node('n1'), node('n2'), bad], pods)).toEqual([
      '+n1 create-pod',
      '-n2 delete-extra',
      '-bad delete-unwanted',
    ]);
  });

  test('a pod that waits for a node that is gone is removed', () => {
    expect(manage(set(), [], { gone: [pod('gone', { pending: true, phase: 'Pending' }), pod('gone')] })).toEqual([
      '-gone delete-unwanted',
    ]);
  });

  test('an ended pod goes, a failed one not before its back-off has passed', () => {
    expect(manage(set(), [node('n1')], { n1: [pod('n1', { phase: 'Succeeded' })] })).toEqual(['-n1 delete-failed']);
    expect(manage(set(), [node('n1')], { n1: [pod('n1', { phase: 'Failed' })] })).toEqual(['-n1 delete-failed']);
    const failed = { n1: [pod('n1', { phase: 'Failed' })] };
    expect(planDaemons(set(), [node('n1')], on(failed), 'new', now, () => 700)).toMatchObject({
      remove: [],
      afterMs: 700,
    });
  });

  test('with a surge, two may be there while the old one is ready and the new one not yet', () => {
    const ds = set({ updateStrategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } }, minReadySeconds: 15 });
    const both = (old: Given, fresh: Given) => ({ n1: [pod('n1', old), pod('n1', { hash: 'new', ...fresh })] });
    expect(manage(ds, [node('n1')], both({ ready: 50 }, {}))).toEqual([]);
    expect(manage(ds, [node('n1')], both({ ready: 50 }, { ready: 10 }))).toEqual([]);
    expect(manage(ds, [node('n1')], both({ ready: 50 }, { ready: 16 }))).toEqual(['-n1 delete-replaced']);
    expect(manage(ds, [node('n1')], both({}, {}))).toEqual(['-n1 delete-replaced']);
  });
});

describe('a rolling update', () => {
  test.each<[object | undefined, number, number, number]>([
    [undefined, 5, 0, 1],
    [{ maxUnavailable: 2 }, 5, 0, 2],
    [{ maxUnavailable: '50%' }, 3, 0, 2],
    [{ maxUnavailable: '20%' }, 3, 0, 1],
    [{ maxUnavailable: 0, maxSurge: '10%' }, 3, 1, 0],
    [{ maxUnavailable: 0, maxSurge: 0 }, 3, 0, 1],
  ])('%o of %i nodes: %i surplus, %i missing', (rollingUpdate, nodes, surge, unavailable) => {
    expect(updateBounds(set({ updateStrategy: { type: 'RollingUpdate', ...(rollingUpdate && { rollingUpdate }) } }), nodes)).toEqual({ surge, unavailable }); // prettier-ignore
  });

  const step = (ds: DaemonSet, pods: Record<string, readonly Pod[]>, nodes: readonly Node[] = three): string[] =>
    said(planUpdate(ds, nodes, on(pods), 'new', now));
  const old = (n: string, ready: number | undefined = 9): readonly Pod[] => [
    pod(n, { ...(ready !== undefined && { ready }) }),
  ];

  test('takes as many old pods as may be missing, and all that are not available anyway', () => {
    expect(step(set(), { n1: old('n1'), n2: old('n2'), n3: old('n3') })).toEqual(['-n1 update-pod']);
    expect(step(set(), { n1: [pod('n1', { hash: 'new' })], n2: old('n2'), n3: old('n3') })).toEqual([]);
    expect(step(set(), { n1: [pod('n1', { hash: 'new', ready: 1 })], n2: old('n2'), n3: old('n3') })).toEqual([
      '-n2 update-pod',
    ]);
    expect(step(set(), { n1: [pod('n1')], n2: [pod('n2')], n3: old('n3') })).toEqual([
      '-n1 update-pod',
      '-n2 update-pod',
    ]);
    expect(step(set(), { n1: old('n1'), n2: old('n2') })).toEqual([]); // n3 has none: that is one missing already
  });

  const surging = set({ updateStrategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } } });

  test('makes new pods beside old ones, and takes an old one when its successor is available', () => {
    expect(step(surging, { n1: old('n1'), n2: old('n2'), n3: old('n3') })).toEqual(['+n1 surge-pod']);
    const half = { n1: [...old('n1'), pod('n1', { hash: 'new' })], n2: old('n2'), n3: old('n3') };
    expect(step(surging, half)).toEqual([]);
    const done = { n1: [...old('n1'), pod('n1', { hash: 'new', ready: 1 })], n2: old('n2'), n3: old('n3') };
    expect(step(surging, done)).toEqual(['+n2 surge-pod', '-n1 delete-replaced']);
    expect(step(surging, { n1: [pod('n1')], n2: [pod('n2')], n3: old('n3') })).toEqual([
      '+n1 surge-pod',
      '+n2 surge-pod',
      '+n3 surge-pod',
    ]);
  });

  test('with a surge, daemons of nodes that no longer count stay until enough others are available', () => {
    const tainted = [node('n1', { taints: [{ key: 'x', effect: 'NoSchedule' }] }), node('n2')];
    expect(step(surging, { n1: old('n1'), n2: [pod('n2', { hash: 'new' })] }, tainted)).toEqual([]);
    expect(step(surging, { n1: old('n1'), n2: [pod('n2', { hash: 'new', ready: 1 })] }, tainted)).toEqual([
      '-n1 delete-unwanted',
    ]);
  });
});

test('the status counts the oldest pod of each wanted node; on an unwanted one a pod is misscheduled', () => {
  const nodes = [node('n1'), node('n2'), node('n3', { taints: [{ key: 'x', effect: 'NoSchedule' }] })];
  const pods = on({
    n1: [pod('n1', { ready: 3 }), pod('n1', { hash: 'new' })],
    n2: [pod('n2', { hash: 'new' })],
    n3: [pod('n3')],
  });
  expect(daemonSetStatus(set(), nodes, pods, 'new', true, now)).toEqual({
    desiredNumberScheduled: 2,
    currentNumberScheduled: 2,
    numberMisscheduled: 1,
    numberReady: 1,
    numberAvailable: 1,
    numberUnavailable: 1,
    updatedNumberScheduled: 1,
    observedGeneration: 2,
  });
});
