import { expect, test } from 'vitest';
import { age, humanDuration } from './duration.ts';

const [second, minute, hour, day] = [1000, 60_000, 3_600_000, 86_400_000];

test.each([
  [-3 * second, '<invalid>'],
  [-1, '0s'],
  [0, '0s'],
  [119 * second, '119s'],
  [2 * minute, '2m'],
  [2 * minute + 3 * second, '2m3s'],
  [9 * minute + 59 * second, '9m59s'],
  [10 * minute + 59 * second, '10m'],
  [179 * minute, '179m'],
  [3 * hour, '3h'],
  [7 * hour + 59 * minute, '7h59m'],
  [47 * hour, '47h'],
  [2 * day + 5 * hour, '2d5h'],
  [8 * day + 5 * hour, '8d'],
  [729 * day, '729d'],
  [730 * day, '2y'],
  [731 * day, '2y1d'],
  [3000 * day, '8y'],
])('%i ms reads %s', (ms, text) => {
  expect(humanDuration(ms)).toBe(text);
});

test('an age is counted from the timestamp; a missing one is unknown', () => {
  expect(age('2026-01-01T00:00:10Z', 70_000)).toBe('60s');
  expect(age(undefined, 0)).toBe('<unknown>');
});
