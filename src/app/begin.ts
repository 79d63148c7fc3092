import type { Frame, SavedRun } from '../protocol/index.ts';
import { startCaptions } from './captions.ts';
import { openRun, showFrame, startEngine, Superseded } from './engine.ts';
import { firstExample, type Example } from './gallery/first.ts';
import { runOf, usualWorld } from './gallery/run.ts';
import { t } from './i18n/index.ts';
import { lessonInAddress, showAddress } from './lessons/address.ts';
import { leaveLesson, useLesson, wantsPause } from './lessons/store.ts';
import { startLive } from './live.ts';
import { mostBytes, readLink, readRun, type ReadRun } from './share.ts';
import { toast, useNotices, type Broken } from './stores/notices.ts';
import { useSettings } from './stores/settings.ts';
import { useWorkspace } from './stores/workspace.ts';

/** Lets an error rise, unless the run that it is about has been given up for another one. */
function ifStillWanted(error: unknown): void {
  if (!(error instanceof Superseded)) throw error;
}

let lastExample: Example = firstExample;

/** Opens an example in a fresh sandbox. */
export async function openExample(example: Example): Promise<void> {
  lastExample = example;
  const { seed, nodes } = useSettings.getState();
  useWorkspace.setState({ name: example.title, text: example.yaml, applied: example.yaml, dialog: null });
  useNotices.setState({ broken: null });
  leaveLesson();
  showAddress(null);
  await openRun(runOf(example, seed, nodes), !wantsPause()).catch(ifStillWanted);
}

/** The same example once more, with the seed and nodes of the settings. */
export const restartExample = (): Promise<void> => openExample(lastExample);

const sharedName = { en: 'Opened link', ko: '열린 링크' };

/** The manifest that was applied last in a run: what its editor's text is compared with. */
function appliedIn(run: SavedRun): string | undefined {
  for (const { at, input } of run.journal.toReversed())
    if (at <= run.at && input.type === 'kubectl' && input.line.startsWith('apply ')) {
      const text = input.files?.['manifest.yaml'];
      if (text !== undefined) return text;
    }
  return undefined;
}

function refuse(broken: Broken): void {
  useNotices.setState({ broken });
  useWorkspace.setState({ dialog: 'open' });
}

/** Opens what was read from a link or file, or says why not. What runs now stays when it cannot be opened. */
async function openRead(read: ReadRun, name: { readonly en: string; readonly ko: string }): Promise<'opened' | Broken> {
  if (!read.ok) {
    const broken = { why: read.why, detail: '' };
    refuse(broken);
    return broken;
  }
  const { run } = read;
  try {
    const lessons = run.lesson && (await import('./lessons/open.ts'));
    const { digestMatches, engineMatches } = await (lessons ? lessons.openRunOfLesson(run) : openRun(run, false));
    if (!lessons) leaveLesson();
    const text = run.editor ?? '';
    useWorkspace.setState({ name: lessons ? null : name, text, applied: appliedIn(run) ?? text, dialog: null });
    useNotices.setState({
      broken:
        digestMatches === false ? { why: engineMatches ? 'other-end' : 'other-engine', detail: run.engine } : null,
    });
    return 'opened';
  } catch (error) {
    if (error instanceof Superseded) return 'opened';
    const broken = { why: 'refused' as const, detail: error instanceof Error ? error.message : String(error) };
    refuse(broken);
    return broken;
  }
}

/** Opens a link. Behind the message about a broken one the running example starts, so that the page is never empty. */
async function openLink(hash: string): Promise<void> {
  const outcome = await openRead(await readLink(hash), sharedName);
  if (outcome === 'opened') return;
  const opening = openExample(firstExample);
  refuse(outcome);
  await opening;
}

/** Opens a file: a saved run, or a manifest for the editor. */
export async function openText(file: File): Promise<void> {
  if (file.size > mostBytes) {
    await openRead({ ok: false, why: 'too-large' }, sharedName);
    return;
  }
  const text = await file.text();
  if (/\.ya?ml$/i.test(file.name)) {
    useWorkspace.setState({ text, dialog: null });
    return;
  }
  await openRead(readRun(text), { en: file.name, ko: file.name });
}

/** Opens a lesson by its id; the running example when there is none of that id. */
export async function openLessonOrExample(id: string): Promise<void> {
  const lessons = await import('./lessons/open.ts');
  if (await lessons.openLesson(id)) return;
  await openExample(firstExample);
  toast(t('lesson.unknown'), id);
}

/** Opens what the address asks for: a shared run or a lesson, else the running example. */
async function openAddress(): Promise<void> {
  const id = lessonInAddress();
  try {
    if (location.hash.startsWith('#v=')) await openLink(location.hash);
    else if (id !== null) await openLessonOrExample(id);
    else await openExample(firstExample);
  } catch (error) {
    if (error instanceof Superseded) return;
    if (!useNotices.getState().halt)
      useNotices.setState({
        halt: { kind: 'died', error: error instanceof Error ? error.message : String(error), run: null },
      });
  }
}

/** So long does the page wait for the picture; then the simulation itself is asked. */
const patienceMs = 2000;

/** Whether the page opens on the running example in the usual world: the build holds a picture of that one. */
function opensAsUsual(): boolean {
  const { seed, nodes } = useSettings.getState();
  return location.hash === '' && lessonInAddress() === null && seed === usualWorld.seed && nodes === usualWorld.nodes;
}

/**
 * Shows the running example as the build found it, before the simulation (a third of a megabyte) is even asked for.
 * The worker's first frame then says the same once more. Resolves at once when the address wants something else.
 */
export async function showFirstFrame(): Promise<void> {
  if (!opensAsUsual()) return;
  try {
    const answer = await fetch('./first-frame.json', { signal: AbortSignal.timeout(patienceMs) });
    if (answer.ok) showFrame({ ...((await answer.json()) as Frame), playing: !wantsPause() });
  } catch {
    // Offline, or not built (while developing): the worker's frame comes soon.
  }
}

/** Starts the worker and opens what the address asks for; later too, when it is changed by a link, by hand or by Back. */
export async function begin(): Promise<void> {
  startEngine();
  startCaptions();
  startLive();
  addEventListener('hashchange', () => {
    // Back from a lesson leads to the sandbox; other words behind the # are none of ours.
    if (location.hash !== '' || useLesson.getState().lesson) void openAddress();
  });
  await openAddress();
}
