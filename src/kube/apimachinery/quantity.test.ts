import { expect, it } from 'vitest';
import { canonicalQuantity, compareQuantity, milliValue, parseQuantity, quantityValue } from './quantity.ts';
import { scaledValue } from './intstr.ts';

it.each([
  ['0.1', '100m'],
  ['0.125Gi', '128Mi'],
  ['1000m', '1'],
  ['1024Mi', '1Gi'],
  ['1500', '1500'],
  ['100000', '100k'],
  ['1e3', '1e3'],
  ['123456Ki', '123456Ki'],
  ['1023', '1023'],
  ['0.5Ki', '512'],
  ['1.5Gi', '1536Mi'],
  ['-1', '-1'],
  ['0', '0'],
  ['0.0000000001', '1n'],
  ['9223372036854775808', '9223372036854775808'],
])('stores %s as %s', (written, stored) => {
  expect(canonicalQuantity(written)).toBe(stored);
  expect(canonicalQuantity(stored)).toBe(stored);
});

it.each(['', '1.2.3', 'abc', '1 Gi', '1gi', '.', 'e3', '0x10'])('refuses %j', (text) => {
  expect(parseQuantity(text)).toBeUndefined();
});

it('counts CPU in thousandths and memory in bytes, rounding up', () => {
  expect(['250m', '2', '0.5', '1500u', undefined].map(milliValue)).toEqual([250, 2000, 500, 2, 0]);
  expect(['1Gi', '128974848', '1.5', '100m'].map(quantityValue)).toEqual([1073741824, 128974848, 2, 1]);
  expect(compareQuantity('1Gi', '1G')).toBe(1);
});

it.each([
  ['25%', 10, 'up', 3],
  ['25%', 10, 'down', 2],
  ['100%', 3, 'up', 3],
  [2, 10, 'up', 2],
  ['0%', 10, 'up', 0],
  ['x', 10, 'up', 0],
] as const)('%s of %i rounded %s is %i', (value, total, round, expected) => {
  expect(scaledValue(value, total, round)).toBe(expected);
});
