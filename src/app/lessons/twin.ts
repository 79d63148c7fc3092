/** The second cluster of a comparison: a worker of its own, kept for the next comparison, that stands where the first one stands and does what it does. */
import { runOfLesson, type Lesson } from '../../lessons/index.ts';
import type { Frame, SavedRun } from '../../protocol/index.ts';
import { engineVersion } from '../../protocol/version.ts';
import { latestFrame, nothingNew, onFrames, pairWith, type FrameListener } from '../engine.ts';
import { t } from '../i18n/index.ts';
import { createLink, LinkDied, type Link } from '../link.ts';
import type { StageFeed } from '../StageHost.tsx';
import { applyObjects, emptyCluster } from '../stores/cluster.ts';
import { toast } from '../stores/notices.ts';
import { setSecond } from '../stores/second.ts';
import { emptyHistory, noteStreams } from '../stores/timeline.ts';
import { announceTwin, setTwinTraffic, takeProgress, useLesson } from './store.ts';

const cluster = emptyCluster();
const listeners = new Set<FrameListener>();
let history = emptyHistory();
let revision = 0;
let latest: Frame | null = null;
let fresh = nothingNew();
let scheduled = false;
let grew = false;
let close: (() => void) | null = null;
let worker: Link | null = null;
/** A run was asked for: until its first frame, what comes is of the one before. */
let expecting = false;

/** Starts the worker before it is needed: a comparison then opens as quickly as any other lesson. */
export const prepareTwin = (): Link => (worker ??= createLink(receive));

/** What the stage of the second cluster is fed with. */
export const twinFeed: StageFeed = {
  side: 'b',
  cluster,
  revision: () => revision,
  traffic: () => history.traffic.seconds,
  latest: () => latest,
  follow(listener) {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
  caption: () => null,
};

function receive(told: Frame): void {
  if (!close || (expecting && !told.reset)) return;
  expecting = false;
  // Speed and play are those of the cluster that it follows: its own clock never runs.
  const { speed = 1, playing = false } = latestFrame() ?? {};
  const frame = { ...told, speed, playing };
  if (applyObjects(frame, cluster).size > 0) revision++;
  if (frame.reset) setTwinTraffic((history = emptyHistory()).traffic.seconds);
  grew ||= frame.reset || frame.traffic.length > 0 || frame.deeds.length > 0;
  noteStreams(frame, history);
  latest = frame;
  fresh.reset ||= frame.reset;
  fresh.activities.push(...frame.activities.slice(-100));
  fresh.requests.push(...frame.requests.slice(-100));
  fresh.deeds.push(...frame.deeds.slice(-100));
  if (scheduled) return;
  scheduled = true;
  requestAnimationFrame(() => {
    scheduled = false;
    if (!latest || !close) return;
    takeProgress('b', latest.lesson);
    if (grew) announceTwin();
    grew = false;
    const news = fresh;
    fresh = nothingNew();
    for (const listener of listeners) listener(latest, news);
  });
}

/** The run of the second side: its own beginning, and what was done to the first. */
function runBeside(lesson: Lesson, run: SavedRun): SavedRun {
  const own = runOfLesson(lesson, engineVersion, 'b');
  const opened = runOfLesson(lesson, engineVersion, 'a').journal.length;
  const done = run.journal.slice(opened).map(({ at, input }) => ({ at, input }));
  return { ...own, journal: [...own.journal, ...done], at: run.at };
}

/** Opens the second cluster beside the run of the first, and keeps both together until the lesson is left. */
export async function openTwin(lesson: Lesson, run: SavedRun): Promise<void> {
  const link = prepareTwin();
  link.onHalted = (halt) => {
    closeTwin();
    link.close();
    worker = null;
    toast(t('toast.failed'), halt.error);
  };
  const chase = createChase(link);
  const stops = [
    onFrames((frame) => void chase.to(frame)),
    useLesson.subscribe((now, before) => {
      if (before.lesson === lesson && now.lesson !== lesson) closeTwin();
    }),
  ];
  close = () => {
    pairWith(null);
    for (const stop of stops) stop();
    chase.end();
    latest = null;
    setSecond(null);
    setTwinTraffic(null);
  };
  expecting = true;
  setSecond({ cluster, history: () => history, ask: link.send });
  await link.send({ type: 'open', run: runBeside(lesson, run) });
  chase.begin();
  pairWith({
    async input(input, at) {
      await chase.hold(at);
      try {
        await link.send({ type: 'input', input });
      } finally {
        chase.begin();
      }
    },
  });
}

/** Ends the second cluster. */
export function closeTwin(): void {
  const end = close;
  close = null;
  end?.();
}

interface Chase {
  begin(): void;
  to(frame: Frame): Promise<void>;
  hold(at: number): Promise<void>;
  /** It is over: nothing is followed any more. */
  end(): void;
}

/** Follows the first cluster's moments and branches; only the newest wish counts. */
function createChase(link: Link): Chase {
  let held = true;
  let ended = false;
  let wanted: { readonly at: number; readonly branch: number } | null = null;
  let moving: Promise<void> = Promise.resolve();
  let busy = false;
  let branch = 1;
  let at = -1;
  const move = async (): Promise<void> => {
    busy = true;
    try {
      while (wanted && !held) {
        const goal = wanted;
        wanted = null;
        const ready = latest?.branches.some((b) => b.id === goal.branch);
        if (goal.branch !== branch && ready) {
          await link.send({ type: 'branch', branch: goal.branch });
          branch = goal.branch;
        } else if (goal.at === at) continue;
        await link.send({ type: 'seek', at: goal.at });
        at = goal.at;
      }
    } catch (error) {
      if (!ended && !(error instanceof LinkDied)) console.error(error);
    } finally {
      busy = false;
    }
  };
  return {
    begin: () => void (held = ended),
    end: () => void (held = ended = true),
    to(frame) {
      if (frame.progress !== null) return moving;
      wanted = { at: frame.now, branch: frame.branch };
      if (!busy && !held) moving = move();
      return moving;
    },
    async hold(moment) {
      held = true;
      await moving;
      await link.send({ type: 'seek', at: moment });
      at = moment;
      // An input in the past forks both alike: the new branch is the one after the last of each.
      branch = -1;
    },
  };
}
