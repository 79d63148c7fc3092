import type {
  Activity,
  Command,
  CommandOutput,
  CommandResult,
  Deed,
  Frame,
  Input,
  LineWaits,
  RequestRecord,
  SavedRun,
  Speed,
  WorldConfig,
} from '../protocol/index.ts';
import { t } from './i18n/index.ts';
import { mustWait } from './lessons/store.ts';
import { createLink, LinkDied, type Link } from './link.ts';
import { announce, applyObjects } from './stores/cluster.ts';
import { toast, useNotices } from './stores/notices.ts';
import { announceTimeline, applyHistory, forgetHistory, useTimeline } from './stores/timeline.ts';
import { useSelection } from './stores/selection.ts';
import { useWorkspace } from './stores/workspace.ts';

/** What came in since the last drawing; the stage draws each once. */
export interface Fresh {
  reset: boolean;
  activities: Activity[];
  requests: RequestRecord[];
  deeds: Deed[];
  /** What kubectl lines have printed. */
  outputs: (CommandOutput | CommandResult)[];
}

/** Called once per animation frame with what is new; the stage and the live region listen. */
export type FrameListener = (frame: Frame, fresh: Fresh) => void;

const listeners = new Set<FrameListener>();

/** Follows the frames outside React. Returns the function that stops it. */
export function onFrames(listener: FrameListener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

let link: Link | null = null;
let lastFrame: Frame | null = null;
let changed = new Set<string>();
let historyChanged = false;
let scheduled = false;
/** No news since the last drawing. */
export const nothingNew = (): Fresh => ({ reset: false, activities: [], requests: [], deeds: [], outputs: [] });
let fresh = nothingNew();
/** The run as it was saved last; a dead worker is restarted from it. */
let lastSaved: SavedRun | null = null;
/** Kept of a hidden tab's streams: nobody sees more when it comes back. */
const mostFresh = 200;

/** The last frame, for who mounts later. */
export const latestFrame = (): Frame | null => lastFrame;

function receive(frame: Frame): void {
  for (const resource of applyObjects(frame)) changed.add(resource);
  applyHistory(frame);
  historyChanged ||= frame.deeds.length > 0 || frame.traffic.length > 0 || frame.reset || frame.upserts.length > 0;
  lastFrame = frame;
  fresh.reset ||= frame.reset;
  fresh.activities.push(...frame.activities);
  fresh.requests.push(...frame.requests);
  fresh.deeds.push(...frame.deeds);
  fresh.outputs.push(...frame.outputs);
  for (const list of [fresh.activities, fresh.requests, fresh.deeds])
    if (list.length > mostFresh) list.splice(0, list.length - mostFresh);
  if (scheduled) return;
  scheduled = true;
  requestAnimationFrame(flush);
}

/** Shows a frame that was made before there is a worker; what the worker says has the last word. */
export function showFrame(frame: Frame): void {
  if (!link) receive(frame);
}

function flush(): void {
  scheduled = false;
  const frame = lastFrame;
  if (!frame) return;
  announce(changed);
  // Event-paced play stops by itself when nothing is left to stop at.
  const cameToRest = wish && useTimeline.getState().playing && !frame.playing && frame.speed === 'events';
  announceTimeline(frame, historyChanged);
  if (cameToRest) {
    wish = false;
    tellQuiet();
  }
  const mine = fresh;
  changed = new Set();
  historyChanged = false;
  fresh = nothingNew();
  for (const listener of listeners) listener(frame, mine);
}

/** Says that the cluster is at rest: going on would only show time passing. */
const tellQuiet = (): void => toast(t('toast.quiet'), t('toast.quiet.detail'));

/** Whether time shall run: who presses Play while a run is opened is not overruled when it stands. */
let wish = false;

let tellStarted = (): void => {};
const started = new Promise<void>((resolve) => (tellStarted = resolve));

/** Starts the worker. Called once. */
export function startEngine(create: typeof createLink = createLink): void {
  link?.close();
  link = create(receive);
  tellStarted();
  link.onHalted = (halt) => {
    useTimeline.setState({ playing: false, progress: null });
    useNotices.setState({ halt });
  };
}

const need = (): Link => {
  if (!link) throw new LinkDied('the simulation is not running');
  return link;
};

/** A run was to be opened, but another one was asked for in the meantime: nobody waits for it any more. */
export class Superseded extends Error {
  override name = 'Superseded';
}

/** Runs that were asked for so far. */
let opened = 0;

/** Counts the runs: another one is another world. */
export const openings = (): number => opened;

/** Opens a run and forgets the one before. Resolves when the viewer stands at its moment. */
export async function openRun(
  run: SavedRun,
  playing: boolean,
): Promise<{ digestMatches: boolean | null; engineMatches: boolean }> {
  wish = playing;
  const mine = ++opened;
  const savedBefore = lastSaved;
  // What a first frame has shown is the history of the run that is opened first.
  const remember = savedBefore ? forgetHistory() : () => {};
  useSelection.setState({ selected: null, highlights: new Map(), chain: [], request: null, menu: null });
  useNotices.setState({ halt: null });
  lastSaved = run;
  const { speed } = useTimeline.getState();
  const result = await need()
    .send({ type: 'open', run })
    .catch((error: unknown) => {
      if (mine !== opened) throw new Superseded();
      // Refused: the run before goes on, with its history.
      if (!useNotices.getState().halt) {
        lastSaved = savedBefore;
        remember();
      }
      throw error;
    });
  if (mine !== opened) throw new Superseded();
  await Promise.all([need().send({ type: 'speed', speed }), need().send({ type: 'play', playing: wish })]);
  return result;
}

/** Restarts a halted or dead worker from the last saved run, `backMs` earlier; paused, so that the trouble can be looked at. */
export async function restartEngine(backMs: number): Promise<void> {
  const run = useNotices.getState().halt?.run ?? lastSaved;
  need().restart();
  if (!run) return;
  const at = Math.max(0, Math.max(run.at, useTimeline.getState().now) - backMs);
  const { digest: _, ...rest } = run;
  await openRun({ ...rest, journal: run.journal.filter((entry) => entry.at <= at), at }, false);
}

/** The other cluster of a comparison: does what this one does, at the same moment. */
export interface Twin {
  input(input: Input, at: number): Promise<unknown>;
}

let twin: Twin | null = null;

/** From now on every input goes to both; null: there is one cluster again. */
export const pairWith = (other: Twin | null): void => void (twin = other);

/** What an input answers: a kubectl line what it has printed, or that it goes on. */
export type Told = CommandResult | LineWaits | null;

/** One moment for both: time stands while they are told. */
async function actTwice(input: Input, other: Twin): Promise<Told> {
  const { playing } = useTimeline.getState();
  await need().send({ type: 'play', playing: false });
  const { at } = await exportRun();
  await other.input(input, at);
  const result = await need().send({ type: 'input', input });
  if (playing) play(true);
  return result;
}

const doneListeners = new Set<(input: Input, told: Told) => void>();

/** Follows what is done to the cluster, and what it answered. Returns the function that stops it. */
export function onDone(listener: (input: Input, told: Told) => void): () => void {
  doneListeners.add(listener);
  return () => doneListeners.delete(listener);
}

/** Does something to the cluster. Journalled; in the past it forks. A prediction that is asked for comes first. */
export async function act(input: Input): Promise<Told> {
  if (mustWait()) {
    toast(t('lesson.wait.title'), t('lesson.wait'));
    return null;
  }
  // Who is quicker than the worker, while the first frame stands, waits for it.
  await started;
  const result = twin ? await actTwice(input, twin) : await need().send({ type: 'input', input });
  useSelection.setState({ highlights: new Map(), chain: [] });
  for (const listener of doneListeners) listener(input, result);
  void saveQuietly();
  return result;
}

/** One kubectl line. */
export const kubectl = (line: string, files?: Readonly<Record<string, string>>): Promise<Told> =>
  act({ type: 'kubectl', line, ...(files && { files }) });

/** What the world of the run was made of; null before one is open. */
export const worldNow = (): WorldConfig | null => lastSaved?.world ?? null;

/** The run as it is now, for sharing and saving. */
export async function exportRun(): Promise<SavedRun> {
  const run = await need().send({ type: 'export', editor: useWorkspace.getState().text });
  lastSaved = run;
  return run;
}

async function saveQuietly(): Promise<void> {
  try {
    await exportRun();
  } catch {
    // The halt strip tells what there is to tell.
  }
}

/** Sends a command whose failure only means that the worker is gone, which the halt strip tells. */
function post(send: (l: Link) => Promise<unknown>): void {
  if (!link) return;
  send(link).catch((error: unknown) => {
    if (!(error instanceof LinkDied)) console.error(error);
  });
}

/** Starts and stops time; it does not start while a prediction is asked for. */
export function play(playing: boolean): void {
  if (playing && mustWait()) return;
  wish = playing;
  post((l) => l.send({ type: 'play', playing }));
}
export const setSpeed = (speed: Speed): void => post((l) => l.send({ type: 'speed', speed }));
export function step(to: Extract<Command, { type: 'step' }>['to']): void {
  const { now, head } = useTimeline.getState();
  if (to.startsWith('next') && now >= head && mustWait()) return;
  wish = false;
  post(async (l) => {
    if (!(await l.send({ type: 'step', to }))) tellQuiet();
  });
}
export const switchBranch = (branch: number): void => post((l) => l.send({ type: 'branch', branch }));

let seeking = false;
let wanted: number | null = null;
/** Where the move that is under way leads. */
let goal: number | null = null;

/** Where the viewer stands or is about to stand: a key pressed during a move counts from there. */
export const standingAt = (): number => wanted ?? goal ?? useTimeline.getState().now;

/** Moves along the timeline. While dragging only the newest wish is followed. */
export function seek(at: number): void {
  wanted = Math.max(0, Math.round(mustWait() ? Math.min(at, useTimeline.getState().head) : at));
  if (seeking) return;
  seeking = true;
  void (async () => {
    try {
      while (wanted !== null) {
        const next = wanted;
        wanted = null;
        goal = next;
        await need().send({ type: 'seek', at: next });
      }
    } catch {
      // The worker is gone; the halt strip tells.
    } finally {
      seeking = false;
      wanted = null;
      goal = null;
    }
  })();
}

/** Asks the worker for something to read. */
export const ask: Link['send'] = (command) => need().send(command);
