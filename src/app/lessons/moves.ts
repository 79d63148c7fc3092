import { inputOf, type Move, type Step } from '../../lessons/index.ts';
import type { Speed } from '../../protocol/index.ts';
import { act, play, seek, setSpeed } from '../engine.ts';
import { t } from '../i18n/index.ts';
import { run } from '../manifest.ts';
import { cluster, objectsOf, type Machine } from '../stores/cluster.ts';
import { toast } from '../stores/notices.ts';
import { useTimeline } from '../stores/timeline.ts';
import { select } from '../stores/selection.ts';
import { showTab, useWorkspace } from '../stores/workspace.ts';
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

/** True of a step that points at a control of the page. */
export const pointsAt = (step: Step | undefined, control: string): boolean =>
  step?.highlight?.some((h) => 'control' in h && h.control === control) ?? false;

/** Lessons about load are watched at a steady pace; in the others, once something was done, quiet time is skipped. */
const paces: Readonly<Record<string, Speed>> = { '08': 10, '12': 1, '13': 1, '14': 1, '42': 10 };

/** Lets time run, unless the address or the step wants it to stand. */
export function letRun(): void {
  const { lesson, progress } = useLesson.getState();
  if (!lesson || !progress || wantsPause()) return;
  // Where the learner lets events happen one by one, time is not started for them.
  if (pointsAt(lesson.steps[progress.step], 'step')) return;
  play(true);
}

/** True of a button that would do nothing: a node that is down cannot crash, one that is up not start. */
export const isIdle = (moves: readonly Move[], machines: readonly Machine[]): boolean =>
  moves.every((move) => {
    if (!('fault' in move) || !('node' in move.fault)) return false;
    const { fault, node } = move.fault;
    const up = machines.find((m) => m.name === node)?.up;
    return (fault === 'node-crash' && up === false) || (fault === 'node-start' && up === true);
  });

/** Time goes on after a deed, at the lesson's pace where the learner has not chosen one. */
export function goOn(): void {
  const { lesson } = useLesson.getState();
  if (lesson && !wantsPause() && useTimeline.getState().speed === 1) setSpeed(paces[lesson.id] ?? 'events');
  if (pointsAt(presentStep(), 'matrix')) {
    select(null);
    const { phoneView } = useWorkspace.getState();
    showTab('inspect');
    useWorkspace.setState({ phoneView });
  }
  letRun();
}

const presentStep = (): Step | undefined => {
  const { lesson, progress } = useLesson.getState();
  return progress ? lesson?.steps[progress.step] : undefined;
};

/** Presses the button of a number, from 1, of the present step. False when there is none or a question is open. */
export function pressAction(number: number): boolean {
  const { lesson, progress } = useLesson.getState();
  const action = progress && lesson?.steps[progress.step]?.actions?.[number - 1];
  if (!action || mustWait() || isIdle(action.moves, cluster.machines)) return false;
  void (async () => {
    for (const move of action.moves) await doMove(move);
    goOn();
  })();
  return true;
}
