import type { Lesson, LessonTexts } from './lesson.ts';
import { lesson01 } from './list/01.ts';
import { lesson03 } from './list/03.ts';
import { lesson04 } from './list/04.ts';
import { lesson08 } from './list/08.ts';
import { lesson09 } from './list/09.ts';
import { lesson11 } from './list/11.ts';

export * from './lesson.ts';
export { createJudge, type Judge, type LessonMemory } from './judge.ts';
export { inputOf, runOfLesson } from './moves.ts';
export type { Scene } from './scene.ts';

/** All lessons, in the order of the curriculum. */
export const lessons = [
  lesson01,
  lesson03,
  lesson04,
  lesson08,
  lesson09,
  lesson11,
] as const satisfies readonly Lesson[];

/** Id of a lesson of the list. */
export type LessonId = (typeof lessons)[number]['id'];

/** The words of all lessons in one language: one that is missing does not compile. */
export type AllTexts = { readonly [L in (typeof lessons)[number] as L['id']]: LessonTexts<L> };

/** The lesson of an id; undefined for one that does not exist. */
export const lessonOf = (id: string): Lesson | undefined => lessons.find((lesson) => lesson.id === id);
