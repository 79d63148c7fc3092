import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { regex, RegexError } from './index.ts';

/** Expressions that the language's own engine reads alike; `loops`: groups may be repeated too. */
const expressions = (loops: boolean): fc.Arbitrary<string> => {
  const times = fc.constantFrom('', '', '*', '+', '?', '*?', '{1,2}', '{2}');
  const sign = fc.tuple(fc.constantFrom('a', 'b', 'c', '.', '[ab]', '[^a]', '\\w', '\\d', '1'), times);
  const { node } = fc.letrec<{ node: string }>((tie) => ({
    node: fc
      .array(
        fc.oneof(
          { maxDepth: 2 },
          sign.map(([one, n]) => one + n),
          fc.constantFrom('\\b', '^', '$'),
          fc.tuple(tie('node'), tie('node'), times).map(([x, y, n]) => `(${x}|${y})${loops ? n : ''}`),
        ),
        { minLength: 1, maxLength: 4 },
      )
      .map((parts) => parts.join('')),
  }));
  return node;
};
const texts = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '1', ' '), maxLength: 10 });

test('finds what the language’s own engine finds, at the same place', () => {
  // Of a loop whose turns may be empty the engines take different parts; where it begins they agree.
  for (const loops of [false, true])
    fc.assert(
      fc.property(expressions(loops), texts, (source, text) => {
        const own = new RegExp(source).exec(text);
        const found = regex(source).exec(text);
        expect(found?.index).toBe(own?.index);
        if (!loops) expect(found?.groups[0]).toBe(own?.[0]);
      }),
      { numRuns: 400, seed: 1 },
    );
});

describe('what would keep a machine that goes back for ever', () => {
  test.each([
    ['(a+)+$', `${'a'.repeat(5000)}b`],
    ['(a|aa)*c', 'a'.repeat(5000)],
    ['a*a*a*a*a*a*a*a*b', 'a'.repeat(5000)],
    ['(.*)(.*)(.*)(.*)x', 'a'.repeat(5000)],
    ['(a?){30}a{30}b', 'a'.repeat(5000)],
  ])('%s finds nothing in a moment', (source, text) => {
    expect(regex(source).test(text)).toBe(false);
  });

  test.each([['((((a{99}){99}){99}){99})'], ['('.repeat(300) + ')'.repeat(300)], ['a{99999}'], ['[a'], ['a\\']])(
    '%s is refused',
    (source) => {
      expect(() => regex(source)).toThrow(RegexError);
    },
  );
});

test('groups, brackets and places are those of POSIX and GNU', () => {
  expect(regex('(\\w+)=([[:digit:]]+)?').exec('x y=12')).toEqual({ index: 2, groups: ['y=12', 'y', '12'] });
  expect(regex('(a)|(b)').exec('b')?.groups).toEqual(['b', undefined, 'b']);
  expect(regex('[]^-]+').exec('a]-^b')?.groups[0]).toBe(']-^');
  expect(regex('\\<web\\>').test('a web b') && !regex('\\<web\\>').test('webx xweb')).toBe(true);
  expect(regex('*a{,2}{x').test('*a{x')).toBe(true);
  expect(regex('[a-f]+Z', { ignoreCase: true }).exec('xABCz')?.groups[0]).toBe('ABCz');
  expect(regex('.').exec('한글')?.groups[0]).toBe('한');
});

test('replaces the first or all, and goes on behind an empty match', () => {
  expect(regex('b*').replace('abc', () => '-', true)).toBe('-a--c-');
  expect(regex('(a)(b)?').replace('ab a', ({ groups }) => `<${groups[1]}${groups[2] ?? ''}>`, true)).toBe('<ab> <a>');
  expect(regex('a').replace('aa', () => 'x')).toBe('xa');
});
