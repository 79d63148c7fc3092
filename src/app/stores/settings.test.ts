import { expect, test } from 'vitest';
import { initialSettings } from './settings.ts';

const at = (query: string, stored = {}, languages = ['fr', 'ko-KR', 'en']): ReturnType<typeof initialSettings> =>
  initialSettings(new URLSearchParams(query), stored, languages);

test('the address wins over what is stored, what is stored over the browser', () => {
  expect(at('?lang=en', { lang: 'ko' }).lang).toBe('en');
  expect(at('', { lang: 'en' }).lang).toBe('en');
  expect(at('').lang).toBe('ko');
  expect(at('', {}, ['fr']).lang).toBe('en');
});

test('motion=0 stands for reduced motion', () => {
  expect(at('?motion=0').motion).toBe('off');
  expect(at('?motion=1').motion).toBe('on');
  expect(at('').motion).toBe('system');
});

test.each(['?nodes=-1', '?nodes=1e9', '?nodes=2.5', '?nodes=', '?nodes=x', '?seed=-3', '?theme=<b>', '?lang=xx'])(
  '%s is ignored',
  (query) => {
    expect(at(query)).toEqual(at(''));
  },
);

test('damaged stored settings fall back one by one', () => {
  expect(at('?nodes=5', { theme: 3, nodes: 'many', seed: 7 } as never)).toMatchObject({
    theme: 'system',
    nodes: 5,
    seed: 7,
  });
});
