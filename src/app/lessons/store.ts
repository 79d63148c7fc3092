import { create } from 'zustand';
import type { AllTexts, Highlight, Lesson, LessonProgress, LessonTexts } from '../../lessons/index.ts';
import type { TrafficSecond } from '../../protocol/index.ts';
import { useSettings, type Lang } from '../stores/settings.ts';

/** What the learner has done in the lesson that is open. */
export interface Visit {
  readonly lesson: Lesson | null;
  /** How it stands at the moment shown; of a comparison both sides in one. */
  readonly progress: LessonProgress | null;
  /** Of a comparison the two sides, for the score. */
  readonly sides: { readonly a: LessonProgress | null; readonly b: LessonProgress | null };
  /** The option that was chosen; '' when the question was skipped; null before either. */
  readonly answer: string | null;
  /** The observation card has been read. */
  readonly read: boolean;
  /** Step → how many hints were opened, 0 to 3. */
  readonly hints: Readonly<Record<string, number>>;
  /** A solution was looked at. */
  readonly assisted: boolean;
}

interface LessonStore extends Visit {
  /** The words of all lessons, per language that was loaded. */
  readonly words: Partial<Record<Lang, AllTexts>>;
  /** The guide is unfolded. */
  readonly guideOpen: boolean;
  /** Counts what was told of the second cluster, whose history grows in place: who draws or reads it looks again. */
  readonly twinVersion: number;
}

/** A visit before anything was done; without a lesson: the sandbox. */
export const freshVisit: Visit = {
  lesson: null,
  progress: null,
  sides: { a: null, b: null },
  answer: null,
  read: false,
  hints: {},
  assisted: false,
};

/** The lesson that is open. Small and always loaded: the shell asks it what has to wait. */
export const useLesson = create<LessonStore>()(() => ({ ...freshVisit, words: {}, guideOpen: true, twinVersion: 0 }));

/** Index of the step before which the question is asked. */
export const predictionStep = (lesson: Lesson): number =>
  lesson.steps.findIndex((step) => step.id === lesson.prediction.step);

/** True while the question of the step is to be answered or skipped: apply, actions and time wait for it. */
export function waitsForAnswer({ lesson, progress, sides, answer }: Visit): boolean {
  if (!lesson || answer !== null) return false;
  // One side of a comparison is there and the other one on its way.
  if (lesson.compare && sides.a && !sides.b) return true;
  return progress !== null && progress.outcome === null && progress.step === predictionStep(lesson);
}

/** The same, for code outside React. */
export const mustWait = (): boolean => waitsForAnswer(useLesson.getState());

let secondTraffic: ReadonlyMap<number, readonly TrafficSecond[]> | null = null;

/** Tells who draws or reads the second cluster's history that it has grown; once per animation frame. */
export const announceTwin = (): void => useLesson.setState((s) => ({ twinVersion: s.twinVersion + 1 }));

/** Of a comparison: second → what the second cluster's sources saw. Grows in place, as a history does. */
export const twinTraffic = (): typeof secondTraffic => secondTraffic;
export const setTwinTraffic = (traffic: typeof secondTraffic): void => void (secondTraffic = traffic);

/** Whether the address wants time to stand: `?paused`. */
export function wantsPause(): boolean {
  const paused = new URLSearchParams(location.search).get('paused');
  return paused !== null && paused !== '0';
}

/** Back to the sandbox. */
export const leaveLesson = (): void => useLesson.setState(freshVisit);

/** The lesson as the run says; other frames than its own are none of its business. */
const inRun = <T extends LessonProgress>(lesson: Lesson, progress: T | null): progress is T =>
  progress?.id === lesson.id;

/** What the present step points at; nothing while a question is open or what happened is read. */
export function highlightsOf(visit: Visit): readonly Highlight[] {
  const { lesson, progress, read } = visit;
  if (!lesson || !progress || waitsForAnswer(visit) || (progress.outcome && !read)) return [];
  return lesson.steps[progress.step]?.highlight ?? [];
}

/** True in a lesson that works with the table of who may connect to whom. */
export const wantsMatrix = ({ lesson }: Visit): boolean =>
  lesson?.steps.some((step) => step.highlight?.some((h) => 'control' in h && h.control === 'matrix')) ?? false;

/** Controls of the page that the step points at, for the style sheet: `editor apply`. */
export const spotsOf = (visit: Visit): string =>
  highlightsOf(visit)
    .flatMap((h) => ('control' in h ? [h.control] : []))
    .join(' ');

/** Words of a lesson in the language, or in another one while that is on its way. */
export function textsOf(words: LessonStore['words'], id: string, lang: Lang): LessonTexts | undefined {
  const all = words[lang] ?? words.en ?? words.ko;
  return (all as Readonly<Record<string, LessonTexts>> | undefined)?.[id];
}

/** The words of the open lesson. */
export function useTexts(): LessonTexts | undefined {
  const lang = useSettings((s) => s.lang);
  return useLesson((s) => (s.lesson ? textsOf(s.words, s.lesson.id, lang) : undefined));
}

/** Both sides of a comparison in one: the step that both have done, the checks of each, what has come true of either. */
export function together(a: LessonProgress | null, b: LessonProgress | null): LessonProgress | null {
  if (!a || !b) return null;
  const step = Math.min(a.step, b.step);
  const { doneAt } = a.step <= b.step ? a : b;
  const outcome = a.outcome &&
    b.outcome && {
      at: Math.max(a.outcome.at, b.outcome.at),
      happened: a.outcome.happened ?? b.outcome.happened,
      observations: {},
    };
  const { side: _, ...rest } = a;
  return { ...rest, step, doneAt, checks: [...a.checks, ...b.checks], outcome };
}

/** Takes over how a run stands. Nothing is told when nothing has changed. */
export function takeProgress(side: 'a' | 'b', told: LessonProgress | null): void {
  const { lesson, sides, progress } = useLesson.getState();
  if (!lesson) return;
  const news = inRun(lesson, told) ? told : null;
  if (JSON.stringify(news) === JSON.stringify(sides[side])) return;
  const next = { ...sides, [side]: news };
  const whole = lesson.compare ? together(next.a, next.b) : next.a;
  useLesson.setState({ sides: next, progress: JSON.stringify(whole) === JSON.stringify(progress) ? progress : whole });
}
