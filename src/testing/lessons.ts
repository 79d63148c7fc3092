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
  /** Nothing is passed before the learner does anything, however long one waits. */
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

/** Plays a lesson from all ends. */
export function playLesson(lesson: Lesson): LessonReport {
  const failures: string[] = [];
  const runs = open(lesson);
  if (stepOf(runs) !== 0) failures.push('the first step is passed as the lesson opens');
  const opened = runs.map((session) => session.now);
  for (const session of runs) session.advance(session.now + patienceMs);
  const startFails = stepOf(runs) === 0;
  if (!startFails) failures.push('a step is passed although nothing was done');
  for (const [i, session] of runs.entries()) session.seek(opened[i]!);

  let wrongAnswersFail = 0;
  for (const [i, step] of lesson.steps.entries()) {
    const places = runs.map((session) => ({ now: session.now, branch: session.branch }));
    for (const [k, wrong] of lesson.wrongAnswers.filter((w) => w.step === step.id).entries()) {
      // Each a little later than the moment of the step, and earlier than the one before: else it would follow that one.
      for (const session of runs) session.advance(session.now + 1000 - 50 * k);
      const problems = playAll(runs, wrong.moves);
      for (const session of runs) session.advance(session.now + patienceMs);
      if (stepOf(runs) <= i) wrongAnswersFail++;
      else failures.push(`the wrong answer passes: ${wrong.id}`);
      failures.push(...problems.map((problem) => `${wrong.id}: ${problem}`));
      for (const [j, session] of runs.entries()) {
        session.switchTo(places[j]!.branch);
        session.seek(places[j]!.now);
      }
    }
    failures.push(...playAll(runs, lesson.solution[step.id] ?? []).map((problem) => `${step.id}: ${problem}`));
    settle(runs, i);
    if (stepOf(runs) <= i) {
      failures.push(`the solution of ${step.id} does not pass: ${stillOpen(runs)}`);
      break;
    }
  }
  const solutionPasses = stepOf(runs) === lesson.steps.length;
  if (wrongAnswersFail < 2) failures.push(`only ${wrongAnswersFail} wrong answers fail`);
  const happened = runs.map((session) => session.lesson?.outcome?.happened ?? null);
  const predictionTrue = happened.includes(lesson.prediction.answer);
  if (!predictionTrue) failures.push(`the prediction ends as ${happened}, not ${lesson.prediction.answer}`);
  const repeatable = runs.every((session) => {
    const again = createSession(session.save());
    again.advance(session.now);
    return again.digest() === session.digest();
  });
  if (!repeatable) failures.push('the same run gives another digest');
  const locales = Object.entries({ en, ko }).flatMap(([locale, texts]) => (lesson.id in texts ? [locale] : []));
  const { id, covers } = lesson;
  return { id, covers, startFails, solutionPasses, wrongAnswersFail, predictionTrue, locales, repeatable, failures };
}

/** All lessons of the list, or one. */
export const playLessons = (id?: string): LessonReport[] =>
  lessons.filter((lesson) => id === undefined || lesson.id === id).map(playLesson);
