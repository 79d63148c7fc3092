import { describe, expect, test } from 'vitest';
import type { FullBehavior, FullRules } from '../../apis/autoscaling/horizontalpodautoscaler.ts';
import {
  downLimit,
  isSettled,
  scaled,
  stabilized,
  stabilizedBy,
  upLimit,
  withinBehavior,
  withinRules,
  type Noted,
  type Past,
} from './behavior.ts';

/* Cases of Kubernetes' own horizontal_test.go. */

const now = 3_600_000;
const minutesAgo = (replicas: number, minutes: number): Noted => ({ replicas, at: now - minutes * 60_000 });
const pastOf = (past: Partial<Past>): Past => ({ recommendations: [], ups: [], downs: [], ...past });

test.each<[string, number, number, number, number, number, string]>([
  // what, current, desired, min, max → replicas, condition
  ['within the range', 5, 7, 3, 8, 7, 'DesiredWithinRange'],
  ['below the minimum', 3, 1, 2, 8, 2, 'TooFewReplicas'],
  ['zero is allowed', 1, 0, 0, 10, 0, 'DesiredWithinRange'],
  ['the maximum is lower than the step', 20, 1000, 1, 10, 10, 'TooManyReplicas'],
  ['the step is lower than the maximum', 3, 1000, 1, 2000, 6, 'ScaleUpLimit'],
  ['the step is at least 4', 1, 5, 1, 10, 4, 'ScaleUpLimit'],
])('without a behavior: %s', (_, current, desired, min, max, replicas, reason) => {
  expect(withinRules({ current, desired, min, max, now })).toMatchObject({ replicas, reason });
});

test.each<[string, readonly Noted[], number, number, number]>([
  // what, recommendations, desired → replicas, recommendations kept
  ['nothing is remembered', [], 5, 5, 1],
  ['a higher one counts', [minutesAgo(4, 2), minutesAgo(5, 1)], 3, 5, 3],
  ['lower ones do not', [minutesAgo(1, 2), minutesAgo(2, 1)], 3, 3, 3],
  ['old ones do not, and make room', [minutesAgo(10, 10), minutesAgo(9, 9)], 3, 3, 2],
  ['of old and new the new count', [minutesAgo(10, 10), minutesAgo(4, 1), minutesAgo(5, 2), minutesAgo(9, 9)], 3, 5, 4],
])('the window of 300 s: %s', (_, recommendations, desired, replicas, kept) => {
  const held = stabilized(pastOf({ recommendations }), { current: 0, desired, min: 0, max: 0, now });
  expect([held.replicas, held.past.recommendations.length]).toEqual([replicas, kept]);
});

const rules = (
  pods: number | undefined,
  percent: number | undefined,
  periodSeconds = 60,
  selectPolicy = 'Max',
): FullRules => ({
  selectPolicy,
  policies: [
    ...(pods === undefined ? [] : [{ type: 'Pods', value: pods, periodSeconds }]),
    ...(percent === undefined ? [] : [{ type: 'Percent', value: percent, periodSeconds }]),
  ],
});
const windows = (up: number, down: number): FullBehavior => ({
  scaleUp: { ...rules(4, 100, 15), stabilizationWindowSeconds: up },
  scaleDown: { ...rules(undefined, 100, 15), stabilizationWindowSeconds: down },
});

test.each<[string, readonly Noted[], number, number, [number, number], number, number]>([
  // what, recommendations, current, desired, windows up and down → replicas, recommendations kept
  ['nothing is remembered', [], 100, 5, [0, 300], 5, 1],
  ['a higher one holds the way down', [minutesAgo(4, 2), minutesAgo(5, 1)], 100, 3, [0, 300], 5, 3],
  ['a lower one holds the way up', [minutesAgo(4, 2), minutesAgo(5, 1)], 1, 7, [240, 0], 4, 3],
  ['lower ones do not hold the way down', [minutesAgo(1, 2), minutesAgo(2, 1)], 100, 3, [0, 300], 3, 3],
  ['higher ones do not hold the way up', [minutesAgo(4, 2), minutesAgo(5, 1)], 1, 3, [300, 0], 3, 3],
  ['old ones make room, down', [minutesAgo(10, 10), minutesAgo(9, 9)], 100, 3, [0, 300], 3, 2],
  ['old ones make room, up', [minutesAgo(10, 10), minutesAgo(9, 9)], 1, 100, [300, 0], 100, 2],
  ['of old and new the new count, down', [minutesAgo(10, 10), minutesAgo(4, 1), minutesAgo(5, 2), minutesAgo(9, 9)], 100, 3, [0, 300], 5, 4],
  ['of old and new the new count, up', [minutesAgo(10, 100), minutesAgo(6, 1), minutesAgo(5, 2), minutesAgo(9, 3)], 1, 100, [300, 0], 5, 4],
  ['both windows together keep the present number', [minutesAgo(2, 2), minutesAgo(9, 1)], 5, 7, [300, 300], 5, 3],
])('the windows of a behavior: %s', (_, recommendations, current, desired, [up, down], replicas, kept) => {
  const held = stabilizedBy(windows(up, down), pastOf({ recommendations }), { current, desired, min: 0, max: 0, now });
  expect([held.replicas, held.past.recommendations.length]).toEqual([replicas, kept]);
}); // prettier-ignore

/** Changes within a period, one just outside it, one long ago. */
const changesOf = (sizes: readonly number[], periodSeconds: number): readonly Noted[] => [
  ...sizes.map((replicas, i) => ({ replicas, at: now - i * 1000 })),
  { replicas: 42, at: now - (periodSeconds + 1) * 1000 },
  { replicas: 42, at: now - (periodSeconds + 100) * 1000 },
];

describe('policies', () => {
  const none = { ups: [], downs: [] };
  const ups = (sizes: readonly number[], period = 120) => ({ ups: changesOf(sizes, period), downs: [] });
  const downs = (sizes: readonly number[], period = 120) => ({ ups: [], downs: changesOf(sizes, period) });

  test.each<[string, FullRules, Omit<Past, 'recommendations'>, number, number, number, number]>([
    // what, rules, changes, current, desired, max → replicas
    ['default', rules(4, 100), none, 10, 50, 1000, 20],
    ['pods are more than percent', rules(100, 100), none, 10, 500, 1000, 110],
    ['percent is more than pods', rules(2, 100), none, 10, 500, 1000, 20],
    ['nothing limits, many pods', rules(100, undefined), none, 10, 50, 1000, 50],
    ['nothing limits, many percent', rules(undefined, 10_000), none, 10, 50, 1000, 50],
    ['pods limit', rules(30, undefined), none, 10, 50, 1000, 40],
    ['percent limits', rules(undefined, 200), none, 10, 50, 1000, 30],
    ['the smaller of both', rules(30, 200, 60, 'Min'), none, 10, 50, 1000, 30],
    ['a fraction goes up', rules(undefined, 10), none, 5, 50, 1000, 6],
    ['disabled', rules(30, undefined, 60, 'Disabled'), none, 10, 50, 1000, 10],
    ['what was added counts', rules(4, 100), ups([1, 2, 3, 4, 5], 60), 100, 500, 1000, 170],
    ['the maximum, many pods', rules(300, undefined), ups([1, 5, 9]), 100, 500, 200, 200],
    ['the maximum, many percent', rules(undefined, 10_000), ups([1, 5, 9]), 100, 500, 200, 200],
    ['never below the present number', rules(5, 0, 120), ups([1, 5, 9]), 100, 500, 1000, 100],
    ['pods after changes', rules(150, undefined, 120), ups([1, 5, 9]), 100, 500, 1000, 235],
    ['percent after changes', rules(undefined, 200, 120), ups([1, 5, 9]), 100, 500, 1000, 255],
    ['what was removed gives room', rules(10, undefined, 120), downs([1, 5, 9]), 100, 500, 1000, 125],
  ])('up: %s', (_, scaleUp, changes, current, desired, max, replicas) => {
    const behavior = { scaleUp, scaleDown: rules(undefined, 100) };
    const limited = withinBehavior(behavior, pastOf(changes), { current, desired, min: 1, max, now });
    expect(limited.replicas).toBe(replicas);
    if (max === 1000) expect(Math.min(Math.max(current, upLimit(current, pastOf(changes), scaleUp, now)), desired)).toBe(replicas);
  }); // prettier-ignore

  test.each<[string, FullRules, Omit<Past, 'recommendations'>, number, number, number, number]>([
    // what, rules, changes, current, desired, min → replicas
    ['default', rules(undefined, 100), none, 10, 5, 1, 5],
    ['pods are more than percent', rules(20, 1, 60, 'Min'), none, 100, 2, 1, 99],
    ['percent is more than pods', rules(2, 10, 60, 'Min'), none, 100, 2, 1, 98],
    ['the larger of both', rules(20, 1), none, 100, 2, 1, 80],
    ['the minimum, many pods', rules(100, undefined), none, 10, 0, 1, 1],
    ['the minimum, many percent', rules(undefined, 100), none, 10, 2, 5, 5],
    ['pods limit', rules(5, undefined), none, 10, 2, 1, 5],
    ['percent limits', rules(undefined, 50), none, 10, 5, 1, 5],
    ['a fraction goes down', rules(undefined, 10), none, 5, 1, 1, 4],
    ['disabled', rules(5, undefined, 60, 'Disabled'), none, 10, 2, 1, 10],
    ['changes matter little to 100 %', rules(undefined, 100, 120), downs([1, 5, 9]), 10, 5, 1, 5],
    ['the minimum, many pods after changes', rules(130, undefined, 120), downs([1, 5, 9]), 100, 0, 5, 5],
    ['pods after changes', rules(5, undefined, 120), downs([1, 5, 9]), 100, 2, 1, 100],
    ['percent after changes', rules(undefined, 50, 120), downs([2, 4, 6]), 100, 0, 1, 56],
    ['never above the present number', rules(undefined, 10, 120), downs([10, 10, 10]), 100, 0, 1, 100],
    ['far below zero', rules(undefined, 1000, 120), downs([10, 10, 10]), 10, 5, 1, 5],
    ['what was added in the period is taken off too', rules(undefined, 50, 120), ups([20]), 40, 1, 1, 10],
  ])('down: %s', (_, scaleDown, changes, current, desired, min, replicas) => {
    const behavior = { scaleUp: rules(4, 100), scaleDown };
    const limited = withinBehavior(behavior, pastOf(changes), { current, desired, min, max: 1000, now });
    expect(limited.replicas).toBe(replicas);
    expect(Math.max(Math.min(current, downLimit(current, pastOf(changes), scaleDown, now)), desired, min)).toBe(replicas);
  }); // prettier-ignore

  test('a change is noted in the place of one that no period reaches any more', () => {
    const behavior = { scaleUp: rules(4, undefined, 60), scaleDown: rules(undefined, 100, 120) };
    const before = pastOf({ ups: [minutesAgo(7, 2)], downs: [minutesAgo(1, 1)] });
    expect(scaled(before, behavior, 5, 10, now).ups).toEqual([{ replicas: 5, at: now }]);
    expect(scaled(before, behavior, 5, 3, now).downs).toEqual([minutesAgo(1, 1), { replicas: 2, at: now }]);
    expect(scaled(before, undefined, 5, 3, now)).toBe(before);
  });
});

test('time alone changes nothing once all recommendations agree and no change is within a period', () => {
  const agree = [minutesAgo(2, 10), minutesAgo(3, 4), minutesAgo(3, 1)];
  expect(isSettled(pastOf({ recommendations: agree }), undefined, 3, now)).toBe(true);
  expect(isSettled(pastOf({ recommendations: agree }), undefined, 2, now)).toBe(false);
  const behavior = windows(0, 60);
  expect(isSettled(pastOf({ recommendations: [minutesAgo(9, 2)] }), behavior, 3, now)).toBe(true);
  expect(isSettled(pastOf({ ups: [{ replicas: 1, at: now - 10_000 }] }), behavior, 3, now)).toBe(false);
});
