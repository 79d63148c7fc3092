import type { Lesson, LessonProgress } from '../../lessons/index.ts';
import type { Deed } from '../../protocol/index.ts';
import { latestFrame, onFrames, play } from '../engine.ts';
import { sightOf } from '../sight.ts';
import type { Side } from '../stores/second.ts';
import { selectByRef, selectUid } from '../stores/selection.ts';
import { deedsUpTo } from '../stores/timeline.ts';
import { openTab, showTab, useWorkspace } from '../stores/workspace.ts';
import { keep } from './kept.ts';
import { goOn, pointsAt } from './moves.ts';
import { predictionStep, takeProgress, useLesson, waitsForAnswer, type Visit } from './store.ts';

let following = false;

/** From now on the page follows the lesson of the run: where time stops, what the editor shows, what is kept. */
export function follow(): void {
  if (following) return;
  following = true;
  onFrames((frame) => takeProgress('a', frame.lesson));
  useLesson.subscribe((now, before) => {
    if (now.lesson === before.lesson && now.progress && now.progress !== before.progress)
      react(now, now.progress, before);
  });
  useWorkspace.subscribe((now, before) => {
    if (before.applying && !now.applying && now.applied === now.text) goOn();
  });
}

/** What comes of it when the lesson stands otherwise than before. Looking at the past changes nothing. */
function react(visit: Visit, progress: LessonProgress, before: Visit): void {
  const frame = latestFrame();
  if (waitsForAnswer(visit) && !waitsForAnswer(before)) {
    play(false);
    useLesson.setState({ guideOpen: true });
  }
  if (!before.progress || !frame || frame.now < frame.head) return;
  const step = progress.step > before.progress.step;
  const told = progress.outcome !== null && before.progress.outcome === null;
  if (step) enterStep(visit, progress.step);
  if (told) tell(visit, progress.outcome);
}

/** A beat: what was done stands still, and the next step shows its manifest. */
function enterStep({ lesson, assisted }: Visit, index: number): void {
  if (!lesson) return;
  play(false);
  const next = lesson.steps[index];
  if (!next) keep(lesson.id, { state: assisted ? 'assisted' : 'done' });
  if (next?.manifest === undefined) return;
  useWorkspace.setState({ text: next.manifest });
  // Who has just been sent to the table reads on there; the editor's tab is outlined.
  if (!lesson.compare && !pointsAt(lesson.steps[index - 1], 'matrix')) showTab('yaml');
  // The phone stays with the stage.
  useWorkspace.setState({ phoneView: 'stage' });
}

/** The outcome is told. Who predicted otherwise is shown why it came so. */
function tell({ lesson, answer }: Visit, outcome: NonNullable<LessonProgress['outcome']>): void {
  if (!lesson) return;
  const { happened, at } = outcome;
  useLesson.setState({ read: false, guideOpen: true });
  keep(lesson.id, {
    state: 'open',
    ...(answer !== null && { predicted: answer }),
    ...(happened !== null && { happened }),
  });
  if (answer && happened !== null && answer !== happened) showWhy(at, sideOf(lesson, happened));
}

/** Of a comparison: the side on which what happened has come true. */
export const sideOf = (lesson: Lesson, happened: string | null): Side =>
  lesson.prediction.options.find(({ id }) => id === happened)?.side ?? 'a';

/** Selects the last object that is still there of those that something was done to, from one deed on and before another. */
function selectLast(deeds: readonly Deed[], from: number, to: number, side: Side): boolean {
  for (let i = to - 1; i >= from; i--) {
    const { uid, ref } = deeds[i]!;
    if ((uid && selectUid(uid, side)) || (ref && selectByRef(ref, side))) return true;
  }
  return false;
}

/** When a step began: with the end of the one before, or with the lesson. */
const begunAt = (progress: LessonProgress | null, step: number): number =>
  step > 0 ? (progress?.doneAt[step - 1] ?? 0) : (useLesson.getState().lesson?.start.opensAt ?? 0);

/** Opens Why for what decided it: the last thing that was done to an object up to then, on the side where it happened. */
export function showWhy(at: number, side: Side): void {
  const { lesson, progress } = useLesson.getState();
  const asked = lesson ? predictionStep(lesson) : 0;
  const { deeds } = sightOf(side).history();
  // Where nothing was done since the question, what was asked about is looked at.
  if (!selectLast(deeds, deedsUpTo(deeds, begunAt(progress, asked)), deedsUpTo(deeds, at), side)) {
    const ref = lesson?.steps[asked]?.highlight?.find((h) => 'ref' in h)?.ref;
    if (!ref || !selectByRef(ref, side)) selectLast(deeds, 0, deedsUpTo(deeds, at), side);
  }
  const { phoneView } = useWorkspace.getState();
  openTab('why');
  useWorkspace.setState({ phoneView });
}
