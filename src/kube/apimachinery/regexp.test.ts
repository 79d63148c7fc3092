import { expect, test } from 'vitest';
import { goRegExp } from './regexp.ts';

test.each([
  ['^[a-z]([-a-z0-9]*[a-z0-9])?$', 'web-1', true],
  ['^[a-z]([-a-z0-9]*[a-z0-9])?$', 'web-', false],
  ['^(\\d+)(\\.\\d+){0,2}$', '1.2.3', true],
  ['^[[:alpha:]_]+\\z', 'a_B', true],
  ['(?i)^WEB$', 'web', true],
  ['(?s)a.b', 'a\nb', true],
  ['^\\x41\\p{L}$', 'A한', true],
  ['(?P<key>a)=b', 'a=b', true],
  ['a.b', 'a\rb', true],
  ['^한{2}$', '한한', true],
])('%s reads %j: %s', (pattern, text, is) => {
  expect(goRegExp(pattern)?.test(text)).toBe(is);
});

test('finds the first match, or all', () => {
  expect(goRegExp('[0-9]+')?.find('a12b3')).toBe('12');
  expect(goRegExp('[0-9]+')?.find('ab')).toBeNull();
  expect(goRegExp('[0-9]+')?.findAll('a12b3')).toEqual(['12', '3']);
});

test.each(['*a', '(a', '[a', 'a**b('])('%s cannot be read', (pattern) => {
  expect(goRegExp(pattern)).toBeUndefined();
});

test('a pattern that would go back for ever answers in a moment', () => {
  expect(goRegExp('^(a+)+$')?.test(`${'a'.repeat(5000)}b`)).toBe(false);
});
