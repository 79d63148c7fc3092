import type { CheckVerdict, LessonProgress, LiveValue, Outcome } from '../protocol/index.ts';
import {
  beginCheck,
  beginValue,
  dueAt,
  holds,
  measure,
  observeCheck,
  observeValue,
  valueDueAt,
  verdictOf,
  type CheckMemory,
  type Remembered,
} from './checks.ts';
import type { Check, Lesson } from './lesson.ts';
import type { Scene } from './scene.ts';

/**
 * What judging a lesson needs to remember of a run: plain and never changed in place; the same reference while nothing
 * changed. Whoever keeps one per moment at which it changed can tell the progress of any moment.
 */
export interface LessonMemory {
  readonly step: number;
  readonly doneAt: readonly number[];
  /** Of the current step's checks, in order. */
  readonly checks: readonly CheckMemory[];
  /** Of the finished steps. */
  readonly passed: readonly CheckVerdict[];
  /** Null before the prediction's step. */
  readonly prediction: PredictionMemory | null;
  readonly outcome: Outcome | null;
}

interface PredictionMemory {
  readonly decided: CheckMemory;
  readonly truths: readonly (CheckMemory | null)[];
  readonly observations: readonly Remembered[];
}

/** Judges one lesson, or one side of a comparison. */
export interface Judge {
  begin(scene: Scene): LessonMemory;
  observe(memory: LessonMemory, scene: Scene): LessonMemory;
  /** The next moment at which time alone may change the memory or what holds. */
  dueAt(memory: LessonMemory, now: number): number;
  progress(memory: LessonMemory, scene: Scene): LessonProgress;
}

interface StepCheck {
  readonly id: string;
  readonly check: Check;
}

/** Makes the judge of a lesson. It holds nothing but the lesson: what it remembers is given to it. */
export function createJudge(lesson: Lesson, side?: 'a' | 'b'): Judge {
  const steps: readonly (readonly StepCheck[])[] = lesson.steps.map((step) =>
    step.checks.filter((check) => check.side === undefined || check.side === (side ?? 'a')),
  );
  const asked = lesson.steps.findIndex((step) => step.id === lesson.prediction.step);
  const { decided } = lesson.prediction;
  const options = lesson.prediction.options.filter((option) => option.side === undefined || option.side === side);

  const beginPrediction = (scene: Scene): PredictionMemory => ({
    decided: beginCheck(decided, scene),
    truths: options.map(({ truth }) => (truth ? beginCheck(truth, scene) : null)),
    observations: lesson.observations.map(({ value }) => beginValue(value, scene)),
  });

  const observePrediction = (old: PredictionMemory, done: boolean, scene: Scene): PredictionMemory => {
    const observations = unlessSame(old.observations, (memory, i) =>
      observeValue(lesson.observations[i]!.value, memory, scene),
    );
    const next = {
      decided: done ? old.decided : observeCheck(decided, old.decided, scene),
      truths: done
        ? old.truths
        : unlessSame(old.truths, (memory, i) => memory && observeCheck(options[i]!.truth!, memory, scene)),
      observations,
    };
    const same = next.decided === old.decided && next.truths === old.truths && next.observations === old.observations;
    return same ? old : next;
  };

  const observationsOf = ({ observations }: PredictionMemory, scene: Scene): Record<string, LiveValue> =>
    Object.fromEntries(lesson.observations.map(({ id, value }, i) => [id, measure(value, observations[i]!, scene)]));

  const outcomeOf = (prediction: PredictionMemory, scene: Scene): Outcome | null => {
    if (!holds(decided, prediction.decided, scene)) return null;
    const happened = options.filter(({ truth }, i) => truth && holds(truth, prediction.truths[i]!, scene));
    return {
      at: scene.now,
      happened: happened.length === 1 ? happened[0]!.id : null,
      observations: observationsOf(prediction, scene),
    };
  };

  const verdicts = (memory: LessonMemory, step: number, scene: Scene): CheckVerdict[] =>
    steps[step]!.map(({ id, check }, i) => ({ id, step, ...verdictOf(check, memory.checks[i]!, scene) }));

  /** Ends the step if all its checks hold now, and begins the next. Only one at a time: the next must see a scene of its own. */
  const proceed = (memory: LessonMemory, scene: Scene): LessonMemory => {
    const { step } = memory;
    if (step === steps.length) return memory;
    if (!steps[step]!.every(({ check }, i) => holds(check, memory.checks[i]!, scene))) return memory;
    return {
      ...memory,
      step: step + 1,
      doneAt: [...memory.doneAt, scene.now],
      passed: [...memory.passed, ...verdicts(memory, step, scene)],
      checks: (steps[step + 1] ?? []).map(({ check }) => beginCheck(check, scene)),
      prediction: step + 1 === asked ? beginPrediction(scene) : memory.prediction,
    };
  };

  return {
    begin: (scene) => ({
      step: 0,
      doneAt: [],
      checks: steps[0]!.map(({ check }) => beginCheck(check, scene)),
      passed: [],
      prediction: asked === 0 ? beginPrediction(scene) : null,
      outcome: null,
    }),
    observe(memory, scene) {
      const { step } = memory;
      const checks = unlessSame(memory.checks, (old, i) => observeCheck(steps[step]![i]!.check, old, scene));
      const prediction = memory.prediction && observePrediction(memory.prediction, memory.outcome !== null, scene);
      const outcome = memory.outcome ?? (prediction && outcomeOf(prediction, scene));
      const same = checks === memory.checks && prediction === memory.prediction && outcome === memory.outcome;
      return proceed(same ? memory : { ...memory, checks, prediction, outcome }, scene);
    },
    dueAt(memory, now) {
      const due = memory.checks.map((part, i) => dueAt(steps[memory.step]![i]!.check, part, now));
      if (memory.prediction) {
        if (!memory.outcome) due.push(dueAt(decided, memory.prediction.decided, now));
        due.push(...memory.prediction.observations.map((m, i) => valueDueAt(lesson.observations[i]!.value, m, now)));
      }
      return Math.min(...due);
    },
    progress: (memory, scene) => ({
      id: lesson.id,
      ...(side && { side }),
      step: memory.step,
      doneAt: memory.doneAt,
      checks: [
        ...memory.passed,
        ...(memory.step < steps.length ? verdicts(memory, memory.step, scene) : []),
        ...steps.slice(memory.step + 1).flatMap((checks, i) =>
          checks.map(({ id }) => ({
            id,
            step: memory.step + 1 + i,
            state: 'open' as const,
            value: null,
            wanted: '',
          })),
        ),
      ],
      outcome: memory.outcome,
      observations: memory.prediction ? observationsOf(memory.prediction, scene) : {},
    }),
  };
}

/** Maps a list; the list itself when every item stayed what it was. */
function unlessSame<T>(list: readonly T[], next: (item: T, i: number) => T): readonly T[] {
  const mapped = list.map(next);
  return mapped.every((item, i) => item === list[i]) ? list : mapped;
}
