import { describe, expect, it } from 'vitest';
import { formatLabelSelector, formatSelector, matchesLabels, matchesSelector, parseSelector } from './labels.ts';

describe('label selectors', () => {
  it.each([
    ['app=web', { app: 'web' }, true],
    ['app==web,tier!=db', { app: 'web' }, true],
    ['tier in (a, b)', { tier: 'b' }, true],
    ['tier notin (a,b)', {}, true],
    ['tier notin (a,b)', { tier: 'a' }, false],
    ['!old', { old: '' }, false],
    ['old', { old: '' }, true],
    ['n>3,n<9', { n: '5' }, true],
    ['n>3', { n: 'x' }, false],
    ['in in (in)', { in: 'in' }, true],
    ['constructor', {}, false],
    ['', {}, true],
  ])('%s on %o is %s', (text, labels, expected) => {
    expect(matchesLabels(parseSelector(text), labels as Record<string, string>)).toBe(expected);
  });

  it.each([
    ['a===b', "unable to parse requirement: found '=', expected: identifier"],
    ['a b', "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt"],
    ['=a', "found '=', expected: !, identifier, or 'end of string'"],
    ['a,', "found '', expected: identifier after ','"],
    ['a in b', "unable to parse requirement: found 'b' expected: '('"],
  ])('refuses %s in Kubernetes words', (text, message) => {
    expect(() => parseSelector(text)).toThrow(message);
  });

  it('prints canonically', () => {
    expect(formatSelector(parseSelector('b in (y,x),!c,a=1'))).toBe('a=1,b in (x,y),!c');
    expect(formatLabelSelector({})).toBe('<none>');
  });

  it('selects nothing when absent and everything when empty', () => {
    expect(matchesSelector(undefined, { a: 'b' })).toBe(false);
    expect(matchesSelector({}, undefined)).toBe(true);
    expect(matchesSelector({ matchExpressions: [{ key: 'a', operator: 'DoesNotExist' }] }, { a: '1' })).toBe(false);
  });
});
