/**
 * What the page is told of a lesson: which step it stands at and how its checks do. Plain data, a function of the run:
 * after a rewind it is what it was then.
 */

/** Which lesson judges a run, and for a comparison which of its two clusters the run is. */
export interface LessonRef {
  readonly id: string;
  readonly side?: 'a' | 'b';
}

/**
 * How a check does: not yet (`open`), true but not for long enough yet (`holding`), done for good in this step
 * (`passed`), or no more to be had without going back in time (`failed`).
 */
export type CheckState = 'open' | 'holding' | 'passed' | 'failed';

/** A number, a word, or null while there is nothing to measure. */
export type LiveValue = number | string | null;

/** One line of the list of checks. */
export interface CheckVerdict {
  readonly id: string;
  /** Index of the step that it belongs to. */
  readonly step: number;
  readonly state: CheckState;
  /** What is measured now, where the check fails first; after it passed, where it passed. Null in a step to come. */
  readonly value: LiveValue;
  /** What it is measured against: `>= 8`, `True`. */
  readonly wanted: string;
  /** Share of the time that a `holding` check needs, 0 … 1. */
  readonly progress?: number | undefined;
  /** Of what must last for minutes: how long it has held, ms; all of it once passed. */
  readonly held?: number | undefined;
}

/** What has come of the prediction. */
export interface Outcome {
  /** When it was decided, virtual milliseconds. */
  readonly at: number;
  /** The option that is true of this very run; null when not exactly one of them is (of this side of a comparison). */
  readonly happened: string | null;
  /** The observation card's numbers at that moment, by their id. */
  readonly observations: Readonly<Record<string, LiveValue>>;
}

/** A lesson as it stands at a moment of a run. */
export interface LessonProgress extends LessonRef {
  /** Index of the step that one is at; the number of steps when the lesson is solved. */
  readonly step: number;
  /** When each finished step was done, virtual milliseconds. */
  readonly doneAt: readonly number[];
  /** The checks of all steps, in order. */
  readonly checks: readonly CheckVerdict[];
  /** Null until the prediction is decided. */
  readonly outcome: Outcome | null;
  /** The observation card's numbers now (a comparison's score strip). */
  readonly observations: Readonly<Record<string, LiveValue>>;
}
