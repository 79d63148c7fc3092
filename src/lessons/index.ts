import type { Lesson, LessonTexts } from './lesson.ts';
import { lesson01 } from './list/01.ts';
import { lesson03 } from './list/03.ts';
import { lesson04 } from './list/04.ts';
import { lesson08 } from './list/08.ts';
import { lesson09 } from './list/09.ts';
import { lesson10 } from './list/10.ts';
import { lesson11 } from './list/11.ts';
import { lesson12 } from './list/12.ts';
import { lesson13 } from './list/13.ts';
import { lesson14 } from './list/14.ts';
import { lesson16 } from './list/16.ts';
import { lesson21 } from './list/21.ts';
import { lesson24 } from './list/24.ts';
import { lesson26 } from './list/26.ts';
import { lesson28 } from './list/28.ts';
import { lesson30 } from './list/30.ts';
import { lesson31 } from './list/31.ts';
import { lesson33 } from './list/33.ts';
import { lesson37 } from './list/37.ts';
import { lesson38 } from './list/38.ts';
import { lesson42 } from './list/42.ts';

export * from './lesson.ts';
export { createJudge, type Judge, type LessonMemory } from './judge.ts';
export { uidsOf } from './highlights.ts';
export { inputOf, runOfLesson } from './moves.ts';
export type { Scene } from './scene.ts';

/** All lessons, in the order of the curriculum. */
export const lessons = [
  lesson01,
  lesson03,
  lesson04,
  lesson08,
  lesson09,
  lesson10,
  lesson11,
  lesson12,
  lesson13,
  lesson14,
  lesson16,
  lesson21,
  lesson24,
  lesson26,
  lesson28,
  lesson30,
  lesson31,
  lesson33,
  lesson37,
  lesson38,
  lesson42,
] as const satisfies readonly Lesson[];

/** Id of a lesson of the list. */
export type LessonId = (typeof lessons)[number]['id'];

/** The words of all lessons in one language: one that is missing does not compile. */
export type AllTexts = { readonly [L in (typeof lessons)[number] as L['id']]: LessonTexts<L> };

/** The lesson of an id; undefined for one that does not exist. */
export const lessonOf = (id: string): Lesson | undefined => lessons.find((lesson) => lesson.id === id);
