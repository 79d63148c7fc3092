import { describe, expect, test } from 'vitest';
import { deedCodes } from '../../kube/deeds.ts';
import { deedTable } from './en/deeds.ts';
import { en } from './en/index.ts';
import { ko } from './ko/index.ts';

const placeholders = (text: string): string[] => [...new Set(text.match(/\{\{\w+\}\}/g) ?? [])].sort();
const english = en as Readonly<Record<string, string>>;
const korean = ko as Readonly<Record<string, string>>;

describe('the texts', () => {
  test('every code of a cause has a sentence', () => {
    expect(deedCodes.filter((code) => !(code in deedTable))).toEqual([]);
  });

  test('Korean has every key, and no key that English lacks', () => {
    const expected = Object.keys(english).filter((key) => !key.endsWith('_one'));
    expect(Object.keys(korean).sort()).toEqual(expected.sort());
  });

  test('a plural has both of its forms', () => {
    const forms = Object.keys(english).filter((key) => key.endsWith('_one'));
    expect(forms.filter((key) => !(key.replace(/_one$/, '_other') in english))).toEqual([]);
  });

  test('Korean fills in only what English fills in', () => {
    const wrong = Object.entries(korean).filter(([key, text]) => {
      const given = placeholders(english[key] ?? '');
      return placeholders(text).some((name) => !given.includes(name));
    });
    expect(wrong.map(([key]) => key)).toEqual([]);
  });

  test('no Korean particle stands directly behind a variable', () => {
    // 은 는 이 가 을 를 과 와 으로 depend on the last letter, which a variable does not tell.
    const bad = Object.entries(korean).filter(([, text]) =>
      /\}\}[`*]*(은|는|이|가|을|를|과|와|으로)(?=[\s.,]|$)/.test(text),
    );
    expect(bad.map(([key]) => key)).toEqual([]);
  });

  test('marks of code and strength are closed', () => {
    for (const table of [english, korean])
      for (const [key, text] of Object.entries(table)) {
        expect((text.match(/`/g) ?? []).length % 2, key).toBe(0);
        expect((text.match(/\*\*/g) ?? []).length % 2, key).toBe(0);
      }
  });
});
