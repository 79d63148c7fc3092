import { expect, test } from 'vitest';
import { timestamp } from '../../apimachinery/index.ts';
import type { Pod } from '../../apis/index.ts';
import { forAverageValue, forUtilization, groupPods, type Reading, type Sample } from './replicas.ts';

/* Cases of Kubernetes' own replica_calculator_test.go: each pod has two containers that use and request the same. */

const now = 3_600_000;
const cool = now - 600_000;

interface Given {
  /** Pods that are not ready, end, pend or are being deleted, by number. */
  readonly unready?: readonly number[];
  readonly failed?: readonly number[];
  readonly pending?: readonly number[];
  readonly deleted?: readonly number[];
  /** Pods that started just now. */
  readonly hot?: readonly number[];
  /** Number of pods, if there are others than those with a reading. */
  readonly pods?: number;
  /** Cores requested by each container. */
  readonly requests?: readonly string[];
  readonly tolerances?: Sample['tolerances'];
  readonly container?: string;
}

function podOf(i: number, given: Given): Pod {
  const has = (list: readonly number[] | undefined): boolean => list?.includes(i) === true;
  const at = timestamp(has(given.hot) ? now : cool);
  const phase = has(given.failed) ? 'Failed' : has(given.pending) ? 'Pending' : 'Running';
  const status = has(given.unready) || has(given.failed) || has(given.pending) ? 'False' : 'True';
  const requests = given.requests ? given.requests[i] : '1';
  const resources = requests === undefined ? {} : { requests: { cpu: requests } };
  return {
    metadata: { name: `pod-${i}`, ...(has(given.deleted) && { deletionTimestamp: at }) },
    spec: { containers: ['container1', 'container2'].map((name) => ({ name, resources })) },
    status: { phase, startTime: at, conditions: [{ type: 'Ready', status, lastTransitionTime: at }] },
  } as unknown as Pod;
}

function sampleOf(currentReplicas: number, values: readonly number[], given: Given, resource = 'cpu'): Sample {
  const pods = Array.from({ length: given.pods ?? values.length }, (_, i) => podOf(i, given));
  const readings = new Map<string, Reading>(
    values.map((value, i) => [`pod-${i}`, { value, at: now, windowMs: 60_000 }]),
  );
  const { container, tolerances = { up: 0.1, down: 0.1 } } = given;
  return { pods, readings, resource, container, currentReplicas, tolerances, now };
}

const half = { pods: 5, pending: [1, 2, 3, 4] };

test.each<[string, number, number, readonly number[], Given, number, number, number]>([
  // what, replicas, target %, use per container, given, → replicas, utilization, average per container
  ['scale up', 3, 30, [300, 500, 700], {}, 5, 50, 500],
  ['scale up, one unready', 3, 30, [300, 500, 700], { unready: [0] }, 4, 60, 600],
  ['scale up, one that starts', 3, 30, [300, 500, 700], { hot: [0] }, 4, 60, 600],
  ['no scale, unready ones would turn it', 3, 30, [400, 500, 700], { unready: [1, 2] }, 3, 40, 400],
  ['no scale, starting ones would turn it', 3, 30, [400, 500, 700], { unready: [1, 2], hot: [1, 2] }, 3, 40, 400],
  ['scale up, failed ones ignored', 2, 30, [500, 700], { pods: 4, failed: [2, 3] }, 4, 60, 600],
  ['scale up, deleted ones ignored', 2, 30, [500, 700], { pods: 4, unready: [2, 3], deleted: [2, 3] }, 4, 60, 600],
  ['scale down', 5, 50, [100, 300, 500, 250, 250], {}, 3, 28, 280],
  ['scale down, unready ones excluded', 5, 50, [100, 300, 500, 250, 250], { unready: [3, 4] }, 2, 30, 300],
  ['scale down, unscheduled ones excluded', 5, 50, [100], half, 1, 10, 100],
  ['scale down, starting ones ignored', 5, 50, [100, 300, 500, 250, 250], { hot: [3, 4] }, 2, 30, 300],
  ['scale down, failed ones ignored', 5, 50, [100, 300, 500, 250, 250], { pods: 7, failed: [5, 6] }, 3, 28, 280],
  ['scale down, deleted ones ignored', 5, 50, [100, 300, 500, 250, 250], { pods: 7, deleted: [5, 6] }, 3, 28, 280],
  ['within tolerance', 3, 100, [1010, 1030, 1020], { requests: ['0.9', '1', '1.1'] }, 3, 102, 1020],
  ['outside a tolerance of 1 % up', 3, 100, [1010, 1030, 1020], { requests: ['0.9', '1', '1.1'], tolerances: { up: 0.01, down: 0.1 } }, 4, 102, 1020],
  ['inside a tolerance of 36 % down', 3, 100, [660, 640, 650], { requests: ['0.9', '1', '1.1'], tolerances: { up: 0.1, down: 0.36 } }, 3, 65, 650],
  ['outside a tolerance of 34 % down', 3, 100, [660, 640, 650], { requests: ['0.9', '1', '1.1'], tolerances: { up: 0.1, down: 0.34 } }, 2, 65, 650],
  ['superfluous readings', 4, 100, [4000, 9500, 3000, 7000, 3200, 2000], { pods: 4 }, 24, 587, 5875],
  ['missing readings count as 100 % on the way down', 4, 100, [400, 95], { pods: 4 }, 3, 24, 247.5],
  ['missing, nothing to do', 2, 100, [1000], { pods: 2 }, 2, 100, 1000],
  ['missing, would turn down', 2, 100, [1900], { pods: 2 }, 2, 190, 1900],
  ['missing, would turn up', 2, 100, [600], { pods: 2 }, 2, 60, 600],
  ['missing and unready', 3, 50, [100, 450], { pods: 3, unready: [0] }, 3, 45, 450],
  ['missing and starting', 3, 50, [100, 450], { pods: 3, hot: [0] }, 3, 45, 450],
  ['missing and unready, up', 3, 50, [100, 2000], { pods: 3, unready: [0] }, 4, 200, 2000],
  ['missing and starting, up', 3, 50, [100, 2000], { pods: 3, unready: [0], hot: [0] }, 4, 200, 2000],
  ['missing and unready, down', 4, 50, [100, 100, 100], { pods: 4, unready: [0] }, 3, 10, 100],
  ['missing, target above 100 %', 4, 300, [200, 100, 100], { pods: 4, unready: [0], requests: ['1', '1', '2', '2'] }, 2, 6, 100],
  ['during a rolling update with surge', 2, 50, [100, 100], { pods: 3 }, 2, 10, 100],
])('percent of the request: %s', (_, replicas, target, uses, given, wanted, utilization, average) => {
  const result = forUtilization(sampleOf(replicas, uses.map((use) => 2 * use), given), target);
  expect(result).toMatchObject({ replicas: wanted, utilization, average: 2 * average });
}); // prettier-ignore

test.each<[string, number, number, readonly number[], Given, number, number, number]>([
  ['scale up', 3, 30, [300, 500, 700], {}, 5, 50, 500],
  ['scale up, one that starts', 3, 30, [300, 500, 700], { hot: [0] }, 4, 60, 600],
  ['scale down', 5, 50, [100, 300, 500, 250, 250], {}, 3, 28, 280],
  ['scale down, unready ones excluded', 5, 50, [100, 300, 500, 250, 250], { unready: [3, 4] }, 2, 30, 300],
  ['scale down, unscheduled ones excluded', 5, 50, [100, 300, 500, 250, 250], half, 1, 10, 100],
])('percent of one container’s request: %s', (_, replicas, target, uses, given, wanted, utilization, average) => {
  const result = forUtilization(sampleOf(replicas, uses, { ...given, container: 'container2' }), target);
  expect(result).toMatchObject({ replicas: wanted, utilization, average });
});

test.each<[string, number, number, readonly number[], Given, number, number]>([
  // what, replicas, target, use, given, → replicas, average
  ['scale up', 3, 15_000, [20_000, 10_000, 30_000], {}, 4, 20_000],
  ['unready pods count: only CPU looks at readiness', 3, 15_000, [50_000, 10_000, 30_000], { unready: [0] }, 6, 30_000],
  ['starting pods count', 3, 15_000, [50_000, 10_000, 30_000], { unready: [0], hot: [0] }, 6, 30_000],
  ['pending ones count as idle', 3, 15_000, [50_000, 10_000, 30_000], { pods: 4, pending: [3] }, 6, 30_000],
  ['scale down', 5, 20_000, [12_000, 12_000, 12_000, 12_000, 12_000], {}, 3, 12_000],
  ['within tolerance', 3, 20_000, [20_000, 21_000, 21_000], {}, 3, 20_666],
  ['outside a tolerance of 1 %', 3, 20_000, [20_000, 21_000, 21_000], { tolerances: { up: 0.01, down: 0.1 } }, 4, 20_666],
  ['missing, nothing to do', 5, 20_000, [20_000, 19_000, 21_000], { pods: 5 }, 5, 20_000],
  ['during a rolling update with surge', 2, 17_000, [10_000, 10_000], { pods: 3 }, 2, 10_000],
])('value per pod: %s', (_, replicas, target, uses, given, wanted, average) => {
  const result = forAverageValue(sampleOf(replicas, uses, given, 'qps'), target);
  expect(result).toMatchObject({ replicas: wanted, average });
}); // prettier-ignore

test('the numbers of the formula are those that decided', () => {
  const plain = forUtilization(sampleOf(2, [300, 300], { requests: ['0.1', '0.1'] }), 50);
  expect(plain).toMatchObject({ verdict: 'formula', pods: 2, current: 150, target: 50, replicas: 6 });
  const turned = forUtilization(sampleOf(3, [800, 1000, 1400], { unready: [1, 2] }), 30);
  expect(turned).toMatchObject({ verdict: 'turned', replicas: 3 });
  const still = forUtilization(sampleOf(4, [108, 108, 108, 108], { requests: ['0.1', '0.1', '0.1', '0.1'] }), 50);
  expect(still).toMatchObject({ verdict: 'within-tolerance', current: 54, replicas: 4 });
});

test.each<[string, Sample, string]>([
  ['no pods', sampleOf(1, [], {}), 'no pods returned by selector while calculating replica count'],
  ['all unready', sampleOf(2, [100, 100], { unready: [0, 1] }), 'did not receive metrics for targeted pods (pods might be unready)'],
  ['no request', sampleOf(1, [200], { requests: [] }), 'missing request for cpu in container container1 of Pod pod-0'],
  ['no such container', sampleOf(1, [200], { container: 'x' }), 'container x not found in Pod pod-0'],
])('an error instead of a number: %s', (_, sample, error) => {
  expect(forUtilization(sample, 50)).toEqual({ error });
}); // prettier-ignore

test.each<[string, Partial<Pod['status'] & { readAt: number }>, 'ready' | 'unready']>([
  ['ready, one window after the change', { readAt: now }, 'ready'],
  ['ready, but read before a window has passed', { readAt: cool + 59_000, startTime: timestamp(now - 299_000) }, 'unready'],
  ['no start time', { startTime: undefined }, 'unready'],
])('CPU of a pod counts or not: %s', (_, { readAt = now, ...status }, group) => {
  const pod = podOf(0, {});
  Object.assign(pod.status!, status);
  const readings = new Map([['pod-0', { value: 1, at: readAt, windowMs: 60_000 }]]);
  const groups = groupPods({ ...sampleOf(1, [], {}), pods: [pod], readings });
  expect(groups).toMatchObject(group === 'ready' ? { ready: 1, unready: [] } : { ready: 0, unready: ['pod-0'] });
}); // prettier-ignore
