import { describe, expect, it, test } from 'vitest';
import type { Job, Pod } from '../../apis/index.ts';
import { endOf, nextBackoff, remainingMs } from './backoff.ts';
import { formatIndexes, freeIndexes, hasIndex, mergeIntervals, parseIndexes, totalOf, withIndexes } from './indexes.ts';
import { planPods } from './plan.ts';
import { matchFailurePolicy, matchSuccessPolicy } from './policies.ts';
import { viewOf } from './view.ts';

describe('sets of indexes', () => {
  test.each([
    ['', 10, []],
    ['0', 10, [[0, 0]]],
    ['1,3-5', 10, [[1, 1], [3, 5]]], // prettier-ignore
    ['0,1,3-20', 10, [[0, 1], [3, 9]]], // prettier-ignore
    ['0-2,4-6', 3, [[0, 2]]],
    ['0,4-bad,7', 10, [[0, 0], [7, 7]]], // prettier-ignore
  ])('%s below %i', (text, completions, wanted) => {
    expect(parseIndexes(text, completions)).toEqual(wanted);
  });

  it('are written shortly: neighbours by a comma, more by a dash', () => {
    expect(formatIndexes(withIndexes([], [5, 3, 1, 4, 0]))).toBe('0,1,3-5');
    expect(formatIndexes(mergeIntervals([[0, 2], [7, 7]], [[3, 3], [6, 9]]))).toBe('0-3,6-9'); // prettier-ignore
    expect(totalOf(parseIndexes('0-3,6-9', 10))).toBe(8);
    expect([0, 3, 4, 6, 9].map((index) => hasIndex(parseIndexes('0-3,6-9', 10), index))).toEqual([true, true, false, true, true]); // prettier-ignore
  });

  it('leave the first free ones to the next pods', () => {
    expect(freeIndexes([[0, 1], [3, 5]], 3, 10)).toEqual([2, 6, 7]); // prettier-ignore
    expect(freeIndexes([[1, 9]], 3, 10)).toEqual([0]);
    expect(freeIndexes([], 2, 10)).toEqual([0, 1]);
  });
});

const second = (n: number): string => `2026-01-01T00:${String(Math.floor(n / 60)).padStart(2, '0')}:${String(n % 60).padStart(2, '0')}Z`; // prettier-ignore

/** A pod whose container ended so many seconds after the beginning. */
const ended = (at: number, exitCode: number, more: object = {}): Pod =>
  ({
    metadata: {
      name: `p${at}`,
      namespace: 'default',
      uid: `u${at}`,
      finalizers: ['batch.kubernetes.io/job-tracking'],
      ...more,
    },
    status: {
      phase: exitCode === 0 ? 'Succeeded' : 'Failed',
      containerStatuses: [{ name: 'app', state: { terminated: { exitCode, finishedAt: second(at) } } }],
    },
  }) as unknown as Pod;

describe('back-off after failures', () => {
  test.each([
    ['one failure', undefined, [], [ended(10, 1)], { failures: 1, lastAt: 10_000 }],
    ['two at once', undefined, [], [ended(10, 1), ended(12, 1)], { failures: 2, lastAt: 12_000 }],
    ['one more', { failures: 2, lastAt: 5000 }, [], [ended(30, 1)], { failures: 3, lastAt: 30_000 }],
    ['a success', { failures: 2, lastAt: 5000 }, [ended(30, 0)], [], undefined],
    ['a success, then a failure', { failures: 2, lastAt: 5000 }, [ended(30, 0)], [ended(20, 1), ended(40, 1)], { failures: 1, lastAt: 40_000 }], // prettier-ignore
    ['nothing new', { failures: 2, lastAt: 5000 }, [], [], { failures: 2, lastAt: 5000 }],
  ])('%s', (_, before, succeeded, failed, wanted) => {
    expect(nextBackoff(before, succeeded, failed)).toEqual(wanted);
  });

  test.each([
    [0, 0],
    [1, 10],
    [2, 20],
    [3, 40],
    [6, 320],
    [7, 600],
    [20, 600],
  ])('%i failures wait %i s', (failures, seconds) => {
    expect(remainingMs({ failures, lastAt: 0 }, 0)).toBe(seconds * 1000);
    expect(remainingMs({ failures, lastAt: 0 }, 4000)).toBe(Math.max(0, seconds - 4) * 1000);
  });

  it('takes the end of a pod that was deleted from its deletion', () => {
    const deleted = {
      metadata: { creationTimestamp: second(0), deletionTimestamp: second(40), deletionGracePeriodSeconds: 30 },
    };
    expect(endOf(deleted as unknown as Pod)).toBe(10_000);
  });
});

describe('policies', () => {
  const onExitCodes = (action: string, operator: string, values: number[], containerName?: string): object => ({
    action,
    onExitCodes: { operator, values, ...(containerName && { containerName }) },
  });
  test.each([
    ['In', [onExitCodes('Ignore', 'In', [3])], 3, { counts: false, action: 'Ignore' }],
    ['not In', [onExitCodes('Ignore', 'In', [3])], 4, { counts: true }],
    ['NotIn', [onExitCodes('Count', 'NotIn', [3])], 4, { counts: true, action: 'Count' }],
    ['another container', [onExitCodes('Ignore', 'In', [3], 'other')], 3, { counts: true }],
    ['the first that matches', [onExitCodes('FailIndex', 'In', [3]), onExitCodes('Ignore', 'In', [3])], 3, { counts: true, action: 'FailIndex' }], // prettier-ignore
    [
      'FailJob',
      [onExitCodes('Ignore', 'In', [1]), onExitCodes('FailJob', 'In', [42])],
      42,
      {
        counts: true,
        action: 'FailJob',
        message: 'Container app for pod default/p1 failed with exit code 42 matching FailJob rule at index 1',
      },
    ],
  ])('failure: %s', (_, rules, exitCode, wanted) => {
    expect(matchFailurePolicy({ rules } as never, ended(1, exitCode))).toEqual(wanted);
  });

  it('failure: a condition of the pod', () => {
    const pod = ended(1, 137);
    pod.status!.conditions = [{ type: 'DisruptionTarget', status: 'True' }];
    const rules = [{ action: 'FailJob', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] }];
    expect(matchFailurePolicy({ rules }, pod).message).toBe(
      'Pod default/p1 has condition DisruptionTarget matching FailJob rule at index 0',
    );
  });

  test.each([
    [[{ succeededIndexes: '0,2-3' }], '0,2-3', 'Matched rules at index 0'],
    [[{ succeededIndexes: '0,2-3' }], '0,2,5', undefined],
    [[{ succeededIndexes: '0,2-3', succeededCount: 2 }], '0,2,5', 'Matched rules at index 0'],
    [[{ succeededIndexes: '9' }, { succeededCount: 3 }], '0,2,5', 'Matched rules at index 1'],
    [[{ succeededCount: 4 }], '0,2,5', undefined],
  ])('success: %j with %s', (rules, succeeded, wanted) => {
    expect(matchSuccessPolicy({ rules }, 10, parseIndexes(succeeded, 10))).toBe(wanted);
  });
});

describe('how many pods', () => {
  const job = (spec: object, status: object = {}): Job =>
    ({ metadata: { name: 'j', namespace: 'default', uid: 'u' }, spec: { parallelism: 1, template: { spec: {} }, ...spec }, status }) as unknown as Job; // prettier-ignore
  const running = (n: number): Pod[] =>
    Array.from({ length: n }, (_, i) => ({ metadata: { name: `r${i}`, uid: `r${i}`, creationTimestamp: second(0) }, spec: {}, status: { phase: 'Running' } }) as unknown as Pod); // prettier-ignore
  const plan = (spec: object, status: object, pods: readonly Pod[]) => planPods(viewOf(job(spec, status), pods, new Set(), undefined), 100_000); // prettier-ignore

  test.each([
    ['as many as are missing', { completions: 5, parallelism: 3 }, {}, 1, { do: 'create', count: 2, wanted: 3 }],
    [
      'not more than are left',
      { completions: 5, parallelism: 3 },
      { succeeded: 4 },
      0,
      { do: 'create', count: 1, wanted: 1 },
    ],
    ['none when all have succeeded', { completions: 5, parallelism: 3 }, { succeeded: 5 }, 0, { do: 'nothing' }],
    ['a work queue: parallelism', { parallelism: 3 }, {}, 1, { do: 'create', count: 2, wanted: 3 }],
    ['a work queue with a success: whatever runs', { parallelism: 3 }, { succeeded: 1 }, 2, { do: 'nothing' }],
    ['at most 500 at once', { completions: 900, parallelism: 900 }, {}, 0, { do: 'create', count: 500, wanted: 900 }],
  ])('%s', (_, spec, status, active, wanted) => {
    expect(plan(spec, status, running(active))).toEqual(wanted);
  });

  it('removes what is too much, and everything of a suspended Job', () => {
    expect(plan({ completions: 5, parallelism: 1 }, {}, running(3))).toMatchObject({
      do: 'delete',
      pods: { length: 2 },
    });
    expect(plan({ completions: 5, parallelism: 3, suspend: true }, {}, running(3))).toMatchObject({ do: 'delete', pods: { length: 3 } }); // prettier-ignore
  });

  it('waits after a failure, and with podReplacementPolicy Failed for the end of the pod', () => {
    const leaving = [{ metadata: { name: 'l', uid: 'l', creationTimestamp: second(0), deletionTimestamp: second(99) }, spec: {}, status: { phase: 'Running' } } as unknown as Pod]; // prettier-ignore
    const spec = { completions: 1, podReplacementPolicy: 'Failed' };
    expect(plan(spec, {}, leaving)).toEqual({ do: 'nothing' });
    expect(plan({ completions: 1 }, {}, [ended(95, 1)])).toEqual({ do: 'wait', ms: 5000 });
  });
});
