import type { KubeObject } from '../kube/apimachinery/index.ts';
import { inputOf, lessons, runOfLesson, type Lesson, type Move, type Scene } from '../lessons/index.ts';
import { beginCheck, dueAt, holds, observeCheck } from '../lessons/checks.ts';
import { texts as en } from '../lessons/texts/en/index.ts';
import { texts as ko } from '../lessons/texts/ko/index.ts';
import { createSession, engineVersion, type Session } from '../session/index.ts';

/** What playing a lesson has shown. */
export interface LessonReport {
  readonly id: string;
  readonly covers: readonly string[];
  /** No step is passed before the learner does anything in it, however long one waits. */
  readonly startFails: boolean;
  readonly solutionPasses: boolean;
  /** How many wrong answers do not pass. */
  readonly wrongAnswersFail: number;
  /** The declared answer came true, and no other option did. */
  readonly predictionTrue: boolean;
  readonly locales: readonly string[];
  /** The same seed gives the same digest. */
  readonly repeatable: boolean;
  /** What was not as it must be. */
  readonly failures: readonly string[];
}

/** One run of a lesson, or both of a comparison: the same is done to both. */
type Runs = readonly Session[];

/** Virtual time that a learner may look on without doing anything, and that a wrong answer gets to turn out right. */
const patienceMs = 60_000;

function open(lesson: Lesson): Runs {
  const sides = lesson.compare ? (['a', 'b'] as const) : [undefined];
  return sides.map((side) => {
    const run = runOfLesson(lesson, engineVersion, side);
    const session = createSession(run);
    session.advance(run.at);
    return session;
  });
}

const stepOf = (runs: Runs): number => Math.min(...runs.map((session) => session.lesson?.step ?? -1));

function podsOf(session: Session): KubeObject[] {
  const { resources } = session.world.kernel.state.parts.get('etcd') as {
    resources: Map<string, Map<string, KubeObject>>;
  };
  return [...(resources.get('pods')?.values() ?? [])];
}

/** Does a move; tells what went wrong with it, or null. */
function play(session: Session, move: Move): string | null {
  if ('advanceMs' in move) {
    session.advance(session.now + move.advanceMs);
    return null;
  }
  if ('until' in move) return waitFor(session, move);
  const result = session.input(inputOf(move, podsOf(session))!);
  if ('refused' in move) return result?.exitCode === 0 ? 'it was not refused' : null;
  return result && result.exitCode !== 0 ? result.stderr.trim() : null;
}

function waitFor(session: Session, { until, withinMs }: Extract<Move, { until: unknown }>): string | null {
  const end = session.now + withinMs;
  let from = session.history.deeds.length;
  const look = (): Scene => {
    const { deeds } = session.history;
    const fresh = deeds.slice(from);
    from = deeds.length;
    const { resources } = session.world.kernel.state.parts.get('etcd') as {
      resources: Map<string, Map<string, KubeObject>>;
    };
    return {
      now: session.now,
      objects: (resource) => resources.get(resource)?.values() ?? [],
      traffic: (source) => session.history.traffic.get(source) ?? [],
      deeds: fresh,
      reach: () => null,
    };
  };
  let memory = beginCheck(until, look());
  while (!holds(until, memory, look())) {
    const due = Math.min(end, dueAt(until, memory, session.now));
    const arrived = session.advance(due, 1);
    memory = observeCheck(until, memory, look());
    if (arrived && session.now >= end) return `waited ${withinMs} ms in vain for ${JSON.stringify(until)}`;
  }
  return null;
}

const playAll = (runs: Runs, moves: readonly Move[]): string[] =>
  moves.flatMap((move) => runs.flatMap((session) => play(session, move) ?? []));

/** Lets time pass until the step that one is at is done, at most so long. */
function settle(runs: Runs, step: number): void {
  for (const session of runs) {
    const end = session.now + longestMs;
    while ((session.lesson?.step ?? 0) <= step && session.now < end) session.advance(session.now + 1000);
  }
  const latest = Math.max(...runs.map((session) => session.now));
  for (const session of runs) session.advance(latest);
}

/** Longest that a step's solution may take to show, virtual milliseconds. */
const longestMs = 1_500_000;

/** What is not passed, with its values. */
const stillOpen = (runs: Runs): string =>
  runs
    .flatMap((session) => session.lesson?.checks ?? [])
    .filter((check) => check.state !== 'passed')
    .map((check) => `${check.id} is ${check.value} (${check.wanted})`)
    .join(', ');

/** Places to come back to. */
type Places = readonly { readonly now: number; readonly branch: number }[];

const placesOf = (runs: Runs): Places => runs.map(({ now, branch }) => ({ now, branch }));

function goBack(runs: Runs, places: Places): void {
  for (const [i, session] of runs.entries()) {
    session.switchTo(places[i]!.branch);
    session.seek(places[i]!.now);
  }
}

const pass = (runs: Runs, ms: number): void => {
  for (const session of runs) session.advance(session.now + ms);
};

/** Does what must not pass at the beginning of a step, and comes back each time. Returns how many failed as they must. */
function playWrongAnswers(lesson: Lesson, runs: Runs, step: number, failures: string[]): number {
  const places = placesOf(runs);
  let failed = 0;
  for (const [i, wrong] of lesson.wrongAnswers.filter((w) => w.step === lesson.steps[step]!.id).entries()) {
    // Each a little later than the moment of the step, and earlier than the one before: else it would follow that one.
    pass(runs, 1000 - 50 * i);
    failures.push(...playAll(runs, wrong.moves).map((problem) => `${wrong.id}: ${problem}`));
    pass(runs, patienceMs);
    if (stepOf(runs) <= step) failed++;
    else failures.push(`the wrong answer passes: ${wrong.id}`);
    goBack(runs, places);
  }
  return failed;
}

/** True when the journal of a run, played anew, ends in the same state. */
function repeats(session: Session): boolean {
  const again = createSession(session.save());
  again.advance(session.now);
  return again.digest() === session.digest();
}

/** Plays a lesson from all ends. */
export function playLesson(lesson: Lesson): LessonReport {
  const failures: string[] = [];
  const runs = open(lesson);
  let startFails = stepOf(runs) === 0;
  let wrongAnswersFail = 0;
  for (const [i, { id }] of lesson.steps.entries()) {
    const places = placesOf(runs);
    pass(runs, patienceMs);
    startFails &&= stepOf(runs) === i;
    if (!startFails) failures.push(`${id} is passed although nothing was done in it`);
    goBack(runs, places);
    wrongAnswersFail += playWrongAnswers(lesson, runs, i, failures);
    failures.push(...playAll(runs, lesson.solution[id] ?? []).map((problem) => `${id}: ${problem}`));
    settle(runs, i);
    if (stepOf(runs) > i) continue;
    failures.push(`the solution of ${id} does not pass: ${stillOpen(runs)}`);
    break;
  }
  const solutionPasses = stepOf(runs) === lesson.steps.length;
  if (wrongAnswersFail < 2) failures.push(`only ${wrongAnswersFail} wrong answers fail`);
  const happened = runs.flatMap((session) => session.lesson?.outcome?.happened ?? []);
  const predictionTrue = happened.join() === lesson.prediction.answer;
  if (!predictionTrue) failures.push(`the prediction ends as ${happened.join()}, not ${lesson.prediction.answer}`);
  const repeatable = runs.every(repeats);
  if (!repeatable) failures.push('the same run gives another digest');
  const locales = Object.entries({ en, ko }).flatMap(([locale, texts]) => (lesson.id in texts ? [locale] : []));
  const { id, covers } = lesson;
  return { id, covers, startFails, solutionPasses, wrongAnswersFail, predictionTrue, locales, repeatable, failures };
}

/** All lessons of the list, or one. */
export const playLessons = (id?: string): LessonReport[] =>
  lessons.filter((lesson) => id === undefined || lesson.id === id).map(playLesson);
