import { expect, test } from 'vitest';
import { timestamp } from '../apimachinery/index.ts';
import type { Pod } from '../apis/index.ts';
import { podsToDelete } from './ranking.ts';

const now = 1_000_000;

interface Traits {
  readonly node?: string;
  readonly phase?: string;
  readonly readyAt?: number;
  readonly cost?: string;
  readonly restarts?: number;
  readonly made?: number;
}

function pod(
  name: string,
  { node = 'n1', phase = 'Running', readyAt, cost, restarts = 0, made = 0 }: Traits = {},
): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      uid: name,
      creationTimestamp: timestamp(made),
      ...(cost !== undefined && { annotations: { 'controller.kubernetes.io/pod-deletion-cost': cost } }),
    },
    spec: { ...(node && { nodeName: node }), containers: [] },
    status: {
      phase,
      containerStatuses: [{ name: 'app', restartCount: restarts }],
      ...(readyAt !== undefined && {
        conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: timestamp(readyAt) }],
      }),
    },
  } as unknown as Pod;
}

const ready = { readyAt: 1000 };

/** Which of two pods, `a` and `b`, goes first. Kubernetes: pkg/controller/controller_utils_test.go TestSortingActivePodsWithRanks. */
test.each<[reason: string, first: Pod, second: Pod]>([
  ['unscheduled before scheduled', pod('b', { node: '', phase: 'Pending' }), pod('a', { phase: 'Pending' })],
  ['Pending before Running', pod('b', { phase: 'Pending' }), pod('a')],
  ['Unknown before Running', pod('b', { phase: 'Unknown' }), pod('a')],
  ['not ready before ready', pod('b'), pod('a', ready)],
  ['lower deletion cost', pod('b', { ...ready, cost: '-5' }), pod('a', ready)],
  ['not a number costs nothing', pod('b', { ...ready, cost: 'x' }), pod('a', { ...ready, cost: '1' })],
  ['not ready beats a low cost', pod('b', { cost: '100' }), pod('a', { ...ready, cost: '-100' })],
  ['ready for a shorter time', pod('b', { readyAt: 990_000 }), pod('a', { readyAt: 10_000 })],
  ['more restarts', pod('b', { ...ready, restarts: 3 }), pod('a', ready)],
  ['younger', pod('b', { made: 990_000 }), pod('a', { made: 1000 })],
  ['ages of the same power of two: by uid', pod('a', { readyAt: 400_000 }), pod('b', { readyAt: 450_000 })],
])('%s', (_reason, first, second) => {
  expect(podsToDelete([second, first], [], 1, now)).toEqual([first]);
  expect(podsToDelete([first, second], [], 1, now)).toEqual([first]);
});

test('among equals the pod goes whose node holds most of the siblings', () => {
  const alone = pod('a', ready);
  const crowded = [pod('b', { ...ready, node: 'n2' }), pod('c', { ...ready, node: 'n2' })];
  expect(podsToDelete([alone, crowded[0]!], [alone, ...crowded], 1, now)).toEqual([crowded[0]]);
});

test('who has to give up all does not choose', () => {
  const pods = [pod('b'), pod('a')];
  expect(podsToDelete(pods, [], 2, now)).toEqual(pods);
});
