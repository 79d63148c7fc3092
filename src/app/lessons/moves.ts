import { inputOf, type Move, type Step } from '../../lessons/index.ts';
import type { Speed } from '../../protocol/index.ts';
import { act, play, seek, setSpeed } from '../engine.ts';
import { t } from '../i18n/index.ts';
import { run } from '../manifest.ts';
import { objectsOf } from '../stores/cluster.ts';
import { toast } from '../stores/notices.ts';
import { useTimeline } from '../stores/timeline.ts';
import { useWorkspace } from '../stores/workspace.ts';
import { mustWait, useLesson, wantsPause } from './store.ts';

/** Does one thing of a lesson. What only waits is left to the learner. */
export async function doMove(move: Move): Promise<void> {
  if ('advanceMs' in move) {
    seek(useTimeline.getState().now + move.advanceMs);
    return;
  }
  const input = inputOf(move, [...objectsOf('pods').values()]);
  if (!input) return;
  if ('apply' in move) useWorkspace.setState({ text: move.apply });
  if (input.type === 'kubectl') {
    const result = await run(input.line, input.files);
    if ('apply' in move && result?.exitCode === 0) useWorkspace.setState({ applied: move.apply });
    return;
  }
  try {
    await act(input);
  } catch (error) {
    toast(t('toast.failed'), error instanceof Error ? error.message : String(error));
  }
}

/** True where the learner lets events happen one by one: then time is not started for them. */
const isStepped = (step: Step | undefined): boolean =>
  step?.highlight?.some((h) => 'control' in h && h.control === 'step') ?? false;

/** Lessons about load are watched at a steady pace; in the others, once something was done, quiet time is skipped. */
const paces: Readonly<Record<string, Speed>> = { '08': 10, '12': 1, '13': 1, '14': 1, '42': 10 };

/** Lets time run, unless the address or the step wants it to stand. */
export function letRun(): void {
  const { lesson, progress } = useLesson.getState();
  if (!lesson || !progress || wantsPause() || isStepped(lesson.steps[progress.step])) return;
  play(true);
}

/** Time goes on after a deed, at the lesson's pace where the learner has not chosen one. */
export function goOn(): void {
  const { lesson } = useLesson.getState();
  if (lesson && !wantsPause() && useTimeline.getState().speed === 1) setSpeed(paces[lesson.id] ?? 'events');
  letRun();
}

/** Presses the button of a number, from 1, of the present step. False when there is none or a question is open. */
export function pressAction(number: number): boolean {
  const { lesson, progress } = useLesson.getState();
  const action = progress && lesson?.steps[progress.step]?.actions?.[number - 1];
  if (!action || mustWait()) return false;
  void (async () => {
    for (const move of action.moves) await doMove(move);
    goOn();
  })();
  return true;
}
