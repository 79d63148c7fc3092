import { describe, expect, test } from 'vitest';
import { playLesson } from '../testing/lessons.ts';
import type { KubeObject } from '../kube/apimachinery/index.ts';
import { createSession } from '../session/index.ts';
import { lessons, runOfLesson, uidsOf, type Lesson, type LessonTexts } from './index.ts';
import { texts as en } from './texts/en/index.ts';
import { texts as ko } from './texts/ko/index.ts';

const all: readonly Lesson[] = lessons;

describe.each(all.map((lesson) => [lesson.id, lesson] as const))('lesson %s', (id, lesson) => {
  test('start fails, solution passes, wrong answers fail, the declared answer comes true, and so again', () => {
    const { failures } = playLesson(lesson);
    expect(failures).toEqual([]);
  });

  test('says little before the first action: 60 words, 120 syllables', () => {
    const first = (texts: object): string =>
      (texts as Record<string, LessonTexts>)[id]!.steps[lesson.steps[0]!.id]!.body;
    expect(first(en).split(/\s+/).length).toBeLessThanOrEqual(60);
    expect(first(ko).match(/[가-힣]/g)!.length).toBeLessThanOrEqual(120);
  });

  test('is put together as the page expects', () => {
    const steps = lesson.steps.map((step) => step.id);
    expect(steps).toContain(lesson.prediction.step);
    expect(Object.keys(lesson.solution).sort()).toEqual([...steps].sort());
    expect(lesson.prediction.options.find((o) => o.id === lesson.prediction.answer)?.truth).toBeDefined();
    for (const { checks, manifest, yamlHelp } of lesson.steps) {
      expect(manifest?.includes('___') ?? false).toBe(yamlHelp === 'partial');
      if (lesson.compare) for (const side of ['a', 'b']) expect(checks.some((c) => c.side === side)).toBe(true);
    }
    const { world, journal, at } = runOfLesson(lesson, '', lesson.compare && 'a');
    const session = createSession({ world, journal });
    session.advance(at);
    const { resources } = session.world.kernel.state.parts.get('etcd') as {
      resources: Map<string, Map<string, KubeObject>>;
    };
    // What the first step points at is there when it opens.
    for (const highlight of lesson.steps[0]!.highlight ?? []) {
      if (!('ref' in highlight || 'pods' in highlight)) continue;
      const uids = uidsOf([highlight], (resource) => resources.get(resource)?.values() ?? []);
      expect(uids.size, JSON.stringify(highlight)).toBeGreaterThan(0);
    }
    if (lesson.compare) {
      expect(lesson.start.manifest).toContain(lesson.compare.difference.a);
      expect(lesson.compare.b.manifest).toContain(lesson.compare.difference.b);
    }
  });
});

test('every statement of the note, S1 to S26, is met by a lesson', () => {
  const covered = new Set(all.flatMap((lesson) => lesson.covers));
  expect(Array.from({ length: 26 }, (_, i) => `S${i + 1}` as const).filter((s) => !covered.has(s))).toEqual([]);
});

test('the words hold nothing but `code` and **strong**, and say the same names in both languages', () => {
  const strings = (value: object, path = ''): [string, string][] =>
    Object.entries(value).flatMap(([key, item]: [string, unknown]) =>
      typeof item === 'string' ? [[`${path}.${key}`, item]] : strings(item as object, `${path}.${key}`),
    );
  const codes = (text: string): string[] => (text.match(/`[^`]+`/g) ?? []).sort();
  const korean = new Map(strings(ko));
  const english = strings(en);
  expect([...korean.keys()]).toEqual(english.map(([path]) => path));
  for (const [path, text] of english) {
    expect(codes(korean.get(path)!), path).toEqual(codes(text));
    for (const one of [text, korean.get(path)!]) {
      expect(one.replaceAll(/`[^`]*`|\*\*[^*]+\*\*/g, ''), path).not.toMatch(/[`*]/);
    }
  }
});
