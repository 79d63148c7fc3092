import { expect, test } from 'vitest';
import { atan, cos, exp, floorLog2, ln, sin } from './math.ts';

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

test.each([-3, -0.5, 0, 0.1, 1, 2.5, 10])('exp, sin, cos and atan of %d agree with the engine to 12 digits', (x) => {
  expect(exp(x) / Math.exp(x)).toBeCloseTo(1, 12);
  expect(sin(x)).toBeCloseTo(Math.sin(x), 12);
  expect(cos(x)).toBeCloseTo(Math.cos(x), 12);
  expect(atan(x)).toBeCloseTo(Math.atan(x), 12);
});
