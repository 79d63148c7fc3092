import { beforeEach, expect, test } from 'vitest';
import { lessonOf, type LessonProgress } from '../../lessons/index.ts';
import { forgetLessons, keep, keptLessons } from './kept.ts';
import { freshVisit, mustWait, takeProgress, useLesson } from './store.ts';

const at = (step: number, more: Partial<LessonProgress> = {}): LessonProgress => ({
  id: '24',
  step,
  doneAt: [],
  checks: [],
  outcome: null,
  observations: {},
  ...more,
});

beforeEach(() => {
  const held = new Map<string, string>();
  Object.assign(globalThis, {
    localStorage: { getItem: (k: string) => held.get(k) ?? null, setItem: (k: string, v: string) => held.set(k, v) },
  });
  useLesson.setState({ ...freshVisit, lesson: lessonOf('24')! });
});

test('what happens waits from the beginning of the predicted step until an answer or a skip', () => {
  takeProgress('a', at(0));
  expect(mustWait()).toBe(false);
  takeProgress('a', at(1));
  expect(mustWait()).toBe(true);
  useLesson.setState({ answer: '' });
  expect(mustWait()).toBe(false);
});

test('a run whose outcome is known needs no prediction any more', () => {
  takeProgress('a', at(1, { outcome: { at: 1, happened: 'nothing', observations: {} } }));
  expect(mustWait()).toBe(false);
});

test('frames of another run say nothing about this lesson', () => {
  takeProgress('a', { ...at(1), id: '13' });
  expect(useLesson.getState().progress).toBeNull();
});

test('a comparison stands where its slower side stands, and either side may bring the outcome', () => {
  useLesson.setState({ ...freshVisit, lesson: lessonOf('14')! });
  const told = { at: 9, happened: null, observations: {} };
  takeProgress('a', { ...at(1), id: '14', side: 'a', outcome: told });
  expect(useLesson.getState().progress).toBeNull();
  takeProgress('b', { ...at(0), id: '14', side: 'b' });
  expect(useLesson.getState().progress).toMatchObject({ step: 0, outcome: null });
  takeProgress('b', { ...at(1), id: '14', side: 'b', outcome: { ...told, at: 12, happened: 'rolling' } });
  expect(useLesson.getState().progress).toMatchObject({ step: 1, outcome: { at: 12, happened: 'rolling' } });
});

test('what a lesson has reached is kept and never taken back', () => {
  keep('13', { state: 'done', predicted: '13-8', happened: '13-8' });
  keep('13', { state: 'open', predicted: '' });
  expect(keptLessons().get('13')).toEqual({ state: 'done', predicted: '', happened: '13-8' });
  forgetLessons();
  expect(keptLessons().size).toBe(0);
});

test('broken storage is an empty one, entry by entry', () => {
  localStorage.setItem(
    'kubarium.lessons',
    '{"13": {"state": "won"}, "14": 7, "x": {"state": "done"}, "21": {"state": "assisted", "predicted": 5}}',
  );
  expect([...keptLessons()]).toEqual([['21', { state: 'assisted' }]]);
  localStorage.setItem('kubarium.lessons', '{nonsense');
  expect(keptLessons().size).toBe(0);
});
