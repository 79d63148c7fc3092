import { useMemo } from 'react';
import { create } from 'zustand';
import type { Branch, Deed, Frame, RequestRecord, Speed } from '../../protocol/index.ts';
import { millisOf } from '../../kube/apimachinery/meta.ts';
import { asPod, podState } from '../objects/pod-state.ts';
import { emptyTraffic, noteTraffic, type TrafficLog } from './traffic.ts';

/** How a stretch of a pod's life is drawn. */
export type LifeKind = 'ready' | 'waiting' | 'failed' | 'terminating' | 'done';

/** A pod's life on the timeline: stretches in order; the last one is open until `end`. */
export interface Life {
  readonly uid: string;
  readonly name: string;
  readonly born: number;
  end: number | null;
  readonly stretches: { from: number; kind: LifeKind }[];
}

/** What one branch remembers for the timeline. Changed in place; `version` of the store tells of it. */
export interface History {
  /** Significant deeds in the order of their seq. */
  deeds: Deed[];
  traffic: TrafficLog;
  lives: Map<string, Life>;
  /** The newest ended requests, for the request panel. */
  requests: RequestRecord[];
}

/** A place the learner wants to find again. */
export interface Bookmark {
  readonly at: number;
  readonly label: string;
}

interface TimelineStore {
  readonly now: number;
  readonly head: number;
  readonly playing: boolean;
  readonly speed: Speed;
  readonly branch: number;
  readonly branches: readonly Branch[];
  readonly progress: number | null;
  /** Counts changes of the history. */
  readonly version: number;
  readonly bookmarks: readonly Bookmark[];
  /** The worker has not sent anything yet. */
  readonly loaded: boolean;
}

/** Clock, branches and speed. */
export const useTimeline = create<TimelineStore>()(() => ({
  now: 0,
  head: 0,
  playing: false,
  speed: 1,
  branch: 1,
  branches: [],
  progress: null,
  version: 0,
  bookmarks: [],
  loaded: false,
}));

/** Branch 1 is A, 2 is B, … */
export const branchLetter = (id: number): string => String.fromCharCode(64 + Math.min(26, id));

/** Deeds kept for drawing; the oldest go. */
const mostDeeds = 60_000;
const mostRequests = 900;
const mostLives = 3000;

/** A history of which nothing is known yet. */
export const emptyHistory = (): History => ({ deeds: [], traffic: emptyTraffic(), lives: new Map(), requests: [] });

let current = emptyHistory();
/** Lives are seen, not told: those of the other branches are kept here. */
let livesOf = new Map<number, Map<string, Life>>();

/** History of the current branch. */
export const history = (): History => current;

/**
 * Something read from the history, read again when its version changes. `read` must be a stable function:
 * the history itself is changed in place and never compared.
 */
export function useHistory<T>(read: (history: History) => T, version: number): T {
  // oxlint-disable-next-line react-hooks/exhaustive-deps -- the version stands for the history
  return useMemo(() => read(current), [read, version]);
}

/** A run is opened: nothing of the old one is true any more. Returns what brings it back, when the new one is refused. */
export function forgetHistory(): () => void {
  const [before, livesBefore] = [current, livesOf];
  const { bookmarks, branch, branches, version } = useTimeline.getState();
  current = emptyHistory();
  livesOf = new Map();
  useTimeline.setState({ bookmarks: [], version: version + 1, branch: 1, branches: [] });
  return () => {
    current = before;
    livesOf = livesBefore;
    useTimeline.setState({ bookmarks, branch, branches, version: useTimeline.getState().version + 1 });
  };
}

/** Lives that a branch shares with its parent. */
function cutLives(lives: ReadonlyMap<string, Life>, at: number): Map<string, Life> {
  const cut = new Map<string, Life>();
  for (const [uid, life] of lives) {
    if (life.born > at) continue;
    cut.set(uid, {
      ...life,
      end: life.end !== null && life.end <= at ? life.end : null,
      stretches: life.stretches.filter((s) => s.from <= at).map((s) => ({ ...s })),
    });
  }
  return cut;
}

/** Takes over a frame's streams. Call after its objects. */
export function applyHistory(frame: Frame): void {
  if (frame.reset) {
    const before = useTimeline.getState();
    livesOf.set(before.branch, current.lives);
    const branch = frame.branches.find((b) => b.id === frame.branch);
    const known = livesOf.get(frame.branch);
    const parent = branch?.parent != null ? livesOf.get(branch.parent) : undefined;
    const lives = known ?? (parent && branch ? cutLives(parent, branch.forkedAt) : new Map<string, Life>());
    current = { ...emptyHistory(), lives };
    livesOf.set(frame.branch, lives);
    // Branches that the session has let go are nobody's any more.
    for (const id of livesOf.keys())
      if (id !== frame.branch && !frame.branches.some((b) => b.id === id)) livesOf.delete(id);
  }
  noteStreams(frame, current);
  // In the past nothing new is learnt about lives.
  if (frame.now >= frame.head) followLives(frame);
}

/** Takes over what a frame tells of deeds, traffic and requests; the oldest go. */
export function noteStreams(frame: Frame, { deeds, traffic, requests }: History): void {
  for (const deed of frame.deeds) if (deed.seq > (deeds.at(-1)?.seq ?? -1)) deeds.push(deed);
  if (deeds.length > mostDeeds * 1.2) deeds.splice(0, deeds.length - mostDeeds);
  for (const second of frame.traffic) noteTraffic(traffic, second);
  requests.push(...frame.requests);
  if (requests.length > mostRequests * 1.5) requests.splice(0, requests.length - mostRequests);
}

/** Sets the store; at most once per animation frame. */
export function announceTimeline(frame: Frame, changed: boolean): void {
  const { version } = useTimeline.getState();
  useTimeline.setState({
    now: frame.now,
    head: frame.head,
    playing: frame.playing,
    speed: frame.speed,
    branch: frame.branch,
    branches: frame.branches,
    progress: frame.progress,
    version: changed ? version + 1 : version,
    loaded: true,
  });
}

const kindOfLook: Record<string, LifeKind> = {
  ready: 'ready',
  succeeded: 'done',
  failed: 'failed',
  terminating: 'terminating',
  unknown: 'terminating',
};

function followLives(frame: Frame): void {
  for (const { resource, object } of frame.upserts) {
    if (resource !== 'pods') continue;
    const pod = asPod(object);
    const { uid, name, creationTimestamp, deletionTimestamp } = pod.metadata;
    const kind = kindOfLook[podState(pod).look] ?? 'waiting';
    let life = current.lives.get(uid);
    if (!life) {
      const born = Math.min(millisOf(creationTimestamp), frame.now);
      life = { uid, name, born, end: null, stretches: [{ from: born, kind: 'waiting' }] };
      current.lives.set(uid, life);
      if (current.lives.size > mostLives) current.lives.delete(current.lives.keys().next().value!);
    }
    const last = life.stretches.at(-1)!;
    if (last.kind === kind) continue;
    // A squashed frame may be late: Kubernetes itself wrote down when it happened, in whole seconds.
    const ready = pod.status?.conditions?.find((c) => c.type === 'Ready')?.lastTransitionTime;
    const told = kind === 'terminating' ? undefined : ready;
    const since = told === undefined || deletionTimestamp !== undefined ? frame.now : millisOf(told) + 999;
    const from = Math.max(last.from, Math.min(frame.now, Number.isNaN(since) ? frame.now : since));
    life.stretches.push({ from, kind });
  }
  for (const { resource, uid } of frame.deletes) {
    if (resource !== 'pods') continue;
    const life = current.lives.get(uid);
    if (!life || life.end !== null) continue;
    const gone = frame.deeds.findLast((d) => d.uid === uid);
    life.end = Math.max(life.born, gone?.at ?? frame.now);
  }
}

/** Number of deeds up to `at`. Binary search. */
export function deedsUpTo(deeds: readonly Deed[], at: number): number {
  let low = 0;
  let high = deeds.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (deeds[middle]!.at <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}
