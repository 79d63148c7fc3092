import type { Deed, KernelState } from '../kernel/index.ts';
import type {
  Activity,
  CommandOutput,
  CommandResult,
  JournalEntry,
  LogLines,
  Observation,
  RequestRecord,
  SchedulingAttempt,
  TrafficSecond,
} from '../protocol/index.ts';
import { foldTraffic } from '../protocol/traffic.ts';
import type { Judged } from './judging.ts';

/** A deed and the step (events handled) during which it was done: positions of "next event" and "previous event". */
export interface PlacedDeed extends Deed {
  readonly step: number;
}

/** A place from which the run can go on. */
export interface Checkpoint {
  readonly at: number;
  readonly step: number;
  /** Journal entries already injected. */
  readonly injected: number;
  readonly state: KernelState;
}

/**
 * Everything one branch remembers: its inputs, places to restart from, and what was observed.
 * Observations are derived (a replay makes them again), so they live here and not in the simulation.
 */
export interface History {
  readonly journal: JournalEntry[];
  readonly checkpoints: Checkpoint[];
  readonly deeds: PlacedDeed[];
  readonly activities: Activity[];
  readonly requests: RequestRecord[];
  /** What kubectl lines have printed. */
  readonly outputs: (CommandOutput | CommandResult)[];
  /** Source → seconds in order. */
  readonly traffic: Map<string, TrafficSecond[]>;
  /** Pod uid → its latest scheduling attempts by time, oldest first. */
  readonly attempts: Map<string, SchedulingAttempt[]>;
  /** What the run's lesson remembers, from place to place; empty in a sandbox. */
  readonly judged: Judged[];
  /** Furthest simulated place; what happens before it is a replay and is not observed twice. */
  headAt: number;
  headStep: number;
}

/** The history of a run that has not begun. */
export const emptyHistory = (): History => ({
  journal: [],
  checkpoints: [],
  deeds: [],
  activities: [],
  requests: [],
  outputs: [],
  traffic: new Map(),
  attempts: new Map(),
  judged: [],
  headAt: 0,
  headStep: 0,
});

/** Bounds of what is kept, newest first; older entries go. A 10-minute run of 30 pods stays far below all of them. */
const keep = { deeds: 400_000, activities: 20_000, requests: 6_000, outputs: 2_000, attempts: 2_000 };

/** Drops the older half of a list that has outgrown its bound; amortised O(1). */
function bound(list: unknown[], most: number): void {
  if (list.length > most * 1.5) list.splice(0, list.length - most);
}

/** Takes note of an observation. Log lines are not history: they are asked of the runtime. */
export function observe(history: History, observation: Exclude<Observation, LogLines>): void {
  switch (observation.type) {
    case 'activity':
      history.activities.push(observation);
      bound(history.activities, keep.activities);
      return;
    case 'request': {
      let seconds = history.traffic.get(observation.source);
      if (!seconds) history.traffic.set(observation.source, (seconds = []));
      foldTraffic(seconds, observation);
      history.requests.push(observation);
      bound(history.requests, keep.requests);
      return;
    }
    case 'scheduling': {
      const tries = history.attempts.get(observation.uid) ?? [];
      tries.push(observation);
      if (tries.length > 8) tries.shift();
      history.attempts.delete(observation.uid);
      history.attempts.set(observation.uid, tries);
      if (history.attempts.size > keep.attempts) history.attempts.delete(history.attempts.keys().next().value!);
      return;
    }
    case 'output':
    case 'result':
      history.outputs.push(observation);
      bound(history.outputs, keep.outputs);
      return;
    case 'answer':
    case 'write':
  }
}

/** Takes note of a deed. */
export function observeDeed(history: History, deed: Deed, step: number): void {
  history.deeds.push({ ...deed, step });
  bound(history.deeds, keep.deeds);
}

/** The history that a branch leaving at (at, step) shares with its parent. */
export function forkHistory(parent: History, at: number, step: number): History {
  const traffic = new Map<string, TrafficSecond[]>();
  // The second in which the branch leaves is cut: its requests up to there are counted anew.
  const cut = Math.floor(at / 1000);
  for (const [source, seconds] of parent.traffic) {
    const shared = seconds.filter((s) => s.second < cut);
    for (const record of parent.requests) {
      if (record.source === source && record.endedAt <= at && record.endedAt >= cut * 1000) foldTraffic(shared, record);
    }
    traffic.set(source, shared);
  }
  return {
    journal: parent.journal.filter((entry) => (entry.step ?? 0) <= step && entry.at <= at),
    checkpoints: parent.checkpoints.filter((c) => c.step <= step && c.at <= at),
    deeds: parent.deeds.slice(0, upTo(parent.deeds, step)),
    activities: parent.activities.filter((a) => a.at <= at),
    requests: parent.requests.filter((r) => r.endedAt <= at),
    outputs: [],
    traffic,
    attempts: new Map([...parent.attempts].map(([uid, tries]) => [uid, tries.filter((t) => t.at <= at)])),
    judged: parent.judged.filter((j) => j.step <= step && j.at <= at),
    headAt: at,
    headStep: step,
  };
}

/** Number of deeds done in steps ≤ `step`. */
export const upTo = (deeds: readonly PlacedDeed[], step: number): number =>
  countUpTo(deeds, (deed) => deed.step <= step);

/** Number of deeds with a seq ≤ `seq`: the place of the next one, also after old ones were dropped. Binary search. */
export const deedsUpTo = (deeds: readonly Deed[], seq: number): number => countUpTo(deeds, (deed) => deed.seq <= seq);

/** Index of the deed with this seq, or -1. */
export function indexOfDeed(deeds: readonly Deed[], seq: number): number {
  const index = deedsUpTo(deeds, seq) - 1;
  return deeds[index]?.seq === seq ? index : -1;
}

/** Length of the first part of a list, all of which is `within`. */
function countUpTo<T>(list: readonly T[], within: (item: T) => boolean): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (within(list[middle]!)) low = middle + 1;
    else high = middle;
  }
  return low;
}
