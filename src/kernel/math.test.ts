import { expect, test } from 'vitest';
import { floorLog2, ln } from './math.ts';

test.each([1, 2, 3, 5, 102, 1002, 0.5, 1e-6, 123_456_789])(
  'ln %d is what the engine calls Math.log, to 14 digits',
  (x) => {
    expect(ln(x)).toBeCloseTo(Math.log(x), 14);
  },
);

test.each([
  [1, 0],
  [1.9, 0],
  [2, 1],
  [1023, 9],
  [1024, 10],
])('floorLog2 %d is %d', (x, n) => {
  expect(floorLog2(x)).toBe(n);
});
