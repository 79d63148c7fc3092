import { expect, test } from 'vitest';
import type { Deployment, ReplicaSet } from '../../apis/index.ts';
import { maxSurge, maxUnavailable, newSize, proportionalSizes } from './arithmetic.ts';
import { templateHash } from './hash.ts';
import { plan } from './plan.ts';
import { withRevision } from './revision.ts';

const deployment = (replicas: number, surge: number | string, unavailable: number | string): Deployment =>
  ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'default', uid: 'd', generation: 1 },
    spec: {
      replicas,
      selector: { matchLabels: { app: 'web' } },
      template: { metadata: { labels: { app: 'web' } }, spec: { containers: [] } },
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: surge, maxUnavailable: unavailable } },
    },
  }) as unknown as Deployment;

interface Size {
  readonly replicas: number;
  readonly max?: number;
  readonly available?: number;
  readonly made?: number;
  readonly name?: string;
  readonly template?: object;
}

const rs = ({ replicas, max, available = replicas, made = 0, name = `rs${made}`, template }: Size): ReplicaSet =>
  ({
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name,
      namespace: 'default',
      uid: name,
      generation: 1,
      creationTimestamp: `2026-01-01T00:00:0${made}Z`,
      annotations: {
        ...(max !== undefined && {
          'deployment.kubernetes.io/desired-replicas': '10',
          'deployment.kubernetes.io/max-replicas': String(max),
        }),
      },
    },
    spec: { replicas, template: template ?? { metadata: { labels: { old: name } } } },
    status: { replicas, availableReplicas: available, observedGeneration: 1, terminatingReplicas: 0 },
  }) as unknown as ReplicaSet;

test.each<[replicas: number, surge: number | string, unavailable: number | string, up: number, down: number]>([
  [10, '25%', '25%', 3, 2],
  [1, '25%', '25%', 1, 0],
  [3, '25%', '25%', 1, 0],
  [4, '25%', '25%', 1, 1],
  [4, '50%', '50%', 2, 2],
  [10, 0, 0, 0, 1],
  [3, '0%', '10%', 0, 1],
  [2, 0, 5, 0, 2],
  [0, '25%', '25%', 0, 0],
])('%i replicas, surge %s, unavailable %s: at most %i more and %i fewer', (replicas, surge, unavailable, up, down) => {
  const d = deployment(replicas, surge, unavailable);
  expect([maxSurge(d), maxUnavailable(d)]).toEqual([up, down]);
});

test.each<[replicas: number, surge: number, old: number, current: number, expected: number]>([
  [10, 3, 10, 0, 3],
  [10, 3, 8, 5, 5],
  [10, 3, 2, 5, 10],
  [10, 0, 10, 0, 0],
  [4, 1, 0, 4, 4],
])('%i replicas, surge %i, %i old, %i new: the new one gets %i', (replicas, surge, old, current, expected) => {
  const newRs = rs({ replicas: current, made: 2 });
  expect(newSize(deployment(replicas, surge, 1), [rs({ replicas: old, made: 1 }), newRs], newRs)).toBe(expected);
});

/** Kubernetes: pkg/controller/deployment/sync_test.go TestScale. */
test.each<[title: string, replicas: number, surge: number, sizes: Size[], expected: number[]]>([
  [
    '10 → 15',
    15,
    3,
    [
      { replicas: 8, max: 13 },
      { replicas: 5, max: 13, made: 1 },
    ],
    [11, 7],
  ],
  [
    '15 → 6',
    6,
    3,
    [
      { replicas: 11, max: 18 },
      { replicas: 7, max: 18, made: 1 },
    ],
    [5, 4],
  ],
  [
    '5 and 5, 10 → 12',
    12,
    0,
    [
      { replicas: 5, max: 10 },
      { replicas: 5, max: 10, made: 1 },
    ],
    [6, 6],
  ],
  [
    '5 and 5, 10 → 8',
    8,
    0,
    [
      { replicas: 5, max: 10 },
      { replicas: 5, max: 10, made: 1 },
    ],
    [4, 4],
  ],
  [
    'leftover to the newest of the largest',
    9,
    0,
    [
      { replicas: 3, max: 6 },
      { replicas: 3, max: 6, made: 1 },
    ],
    [4, 5],
  ],
  [
    'leftover taken from the oldest',
    5,
    0,
    [
      { replicas: 3, max: 6 },
      { replicas: 3, max: 6, made: 1 },
    ],
    [2, 3],
  ],
  [
    'to zero',
    0,
    3,
    [
      { replicas: 8, max: 13 },
      { replicas: 5, max: 13, made: 1 },
    ],
    [0, 0],
  ],
])('proportional scaling: %s', (_title, replicas, surge, sizes, expected) => {
  const sets = sizes.map(rs);
  const sized = proportionalSizes(deployment(replicas, surge, 0), sets);
  expect(sets.map((set) => sized.find((s) => s.rs === set)!.size)).toEqual(expected);
});

/** Sizes that one step of a rolling update plans, by ReplicaSet. */
function step(d: Deployment, old: Size, current: Size): Record<string, number> {
  const template = { ...d.spec!.template };
  const sets = [rs({ ...old, name: 'old', made: 1 }), rs({ ...current, name: 'new', made: 2, template })];
  const sizes: Record<string, number> = {};
  for (const action of plan(
    d,
    sets.map((set, i) => withRevision(d, set, BigInt(i + 1))),
    new Map(),
    0,
  ))
    if (action.do === 'update') {
      const set = action.object as ReplicaSet;
      if (set.spec!.replicas !== sets.find((s) => s.metadata.name === set.metadata.name)!.spec!.replicas)
        sizes[set.metadata.name] = set.spec!.replicas!;
    }
  return sizes;
}

/** 10 replicas, 3 more and 2 fewer allowed. Kubernetes: pkg/controller/deployment/rolling_test.go. */
test.each<[title: string, old: Size, current: Size, expected: Record<string, number>]>([
  ['the new grows while there is room', { replicas: 10 }, { replicas: 0 }, { new: 3 }],
  ['then the old gives what may be missing', { replicas: 10 }, { replicas: 3, available: 0 }, { old: 8 }],
  ['nothing while too few are available', { replicas: 8 }, { replicas: 5, available: 0 }, {}],
  ['unhealthy old ones go first', { replicas: 8, available: 6 }, { replicas: 5, available: 2 }, { old: 6 }],
  ['no more than may be missing', { replicas: 8, available: 8 }, { replicas: 5, available: 4 }, { old: 4 }],
  ['the last old ones go at once', { replicas: 2, available: 2 }, { replicas: 10, available: 8 }, { old: 0 }],
])('a step of a rolling update: %s', (_title, old, current, expected) => {
  expect(step(deployment(10, 3, 2), old, current)).toEqual(expected);
});

test('a hash is up to ten letters of the alphabet without vowels, the same for the same template', () => {
  const template = deployment(1, 1, 1).spec!.template;
  expect(templateHash(template)).toMatch(/^[bcdfghjklmnpqrstvwxz2456789]{1,10}$/);
  expect(templateHash({ ...template, spec: { containers: [], volumes: [] } })).toBe(templateHash(template));
  expect(templateHash(template, 1)).not.toBe(templateHash(template));
});

test('going back to a ReplicaSet keeps its former revisions', () => {
  const given = deployment(1, 1, 1);
  const metadata = { ...given.metadata, annotations: { 'kubernetes.io/change-cause': 'undo' } };
  const d: Deployment = { ...given, metadata };
  const once = withRevision(d, rs({ replicas: 1 }), 1n);
  const twice = withRevision(d, withRevision(d, once, 3n), 5n);
  expect(twice.metadata.annotations).toEqual({
    'kubernetes.io/change-cause': 'undo',
    'deployment.kubernetes.io/revision': '5',
    'deployment.kubernetes.io/revision-history': '1,3',
  });
  expect(withRevision(d, twice, 4n)).toBe(twice);
});
