import { lessonOf, runOfLesson, type Lesson } from '../../lessons/index.ts';
import type { Results, SavedRun } from '../../protocol/index.ts';
import { engineVersion } from '../../protocol/version.ts';
import { latestFrame, openRun } from '../engine.ts';
import { LinkDied } from '../link.ts';
import { useTimeline } from '../stores/timeline.ts';
import { useWorkspace } from '../stores/workspace.ts';
import { showAddress } from './address.ts';
import { follow } from './follow.ts';
import { keep } from './kept.ts';
import { freshVisit, leaveLesson, predictionStep, takeProgress, useLesson, wantsPause } from './store.ts';
import { closeTwin, openTwin, twinFeed } from './twin.ts';
import { followLanguage } from './words.ts';

/** Opens a lesson from its beginning. False when there is none of that id. */
export async function openLesson(id: string): Promise<boolean> {
  const lesson = lessonOf(id);
  if (!lesson) return false;
  const run = runOfLesson(lesson, engineVersion, lesson.compare && 'a');
  await enter(lesson, run, predictionStep(lesson) !== 0 && !wantsPause());
  const { manifest } = lesson.steps[0]!;
  const applied = lesson.start.manifest;
  useWorkspace.setState({ text: manifest ?? applied, applied });
  showAddress(id);
  keep(id, { state: 'open' });
  return true;
}

/** Opens a run of a lesson that was shared. Throws when the simulation refuses it. */
export async function openRunOfLesson(run: SavedRun): Promise<Results['open']> {
  const lesson = run.lesson && lessonOf(run.lesson.id);
  // The simulation will say what is wrong with it. A second side alone is a run like any other.
  if (!lesson || run.lesson.side === 'b') {
    const result = await openRun(run, false);
    leaveLesson();
    return result;
  }
  return enter(lesson, run, false);
}

/** The run before, if any, goes on until the new one is there. */
async function enter(lesson: Lesson, run: SavedRun, playing: boolean): Promise<Results['open']> {
  // Read at the speed of a clock; what is done sets the pace.
  useTimeline.setState({ speed: 1 });
  closeTwin();
  // The second cluster may come a moment later: until it is there the question waits, and so does all else.
  if (lesson.compare)
    openTwin(lesson, run).catch((error: unknown) => {
      if (!(error instanceof LinkDied)) console.error(error);
    });
  const [result] = await Promise.all([openRun(run, playing), followLanguage()]).catch((error: unknown) => {
    closeTwin();
    throw error;
  });
  useLesson.setState({ ...freshVisit, lesson, guideOpen: true });
  useWorkspace.setState({ name: null, dialog: null, tab: 'yaml', phoneView: 'stage', drawer: false });
  follow();
  // Whoever was there before the lesson has told already.
  takeProgress('a', latestFrame()?.lesson ?? null);
  if (lesson.compare) takeProgress('b', twinFeed.latest()?.lesson ?? null);
  return result;
}
