import type { Deed, KernelState } from '../kernel/index.ts';
import type {
  Activity,
  CommandOutput,
  CommandResult,
  ExecEnd,
  ExecOutput,
  JournalEntry,
  LogLines,
  Observation,
  RequestRecord,
  SchedulingAttempt,
  TrafficSecond,
} from '../protocol/index.ts';
import { foldTraffic } from '../protocol/traffic.ts';
import type { Judged } from './judging.ts';

/**
 * What was seen, and the step (events handled) during which it was: a millisecond may hold many steps, so time alone
 * does not tell what is past.
 */
export type Placed<T> = T & { readonly step: number };

/** A deed in its place: positions of "next event" and "previous event". */
export type PlacedDeed = Placed<Deed>;

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
  readonly activities: Placed<Activity>[];
  readonly requests: Placed<RequestRecord>[];
  /** What kubectl lines have printed. */
  readonly outputs: Placed<CommandOutput | CommandResult>[];
  /** Source → seconds in order. */
  readonly traffic: Map<string, TrafficSecond[]>;
  /** Pod uid → its latest scheduling attempts by time, oldest first. */
  readonly attempts: Map<string, Placed<SchedulingAttempt>[]>;
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

/** Takes note of an observation made in `step`. Log lines are not history: they are asked of the runtime. */
export function observe(history: History, observation: Exclude<Observation, LogLines>, step: number): void {
  switch (observation.type) {
    case 'activity':
      history.activities.push({ ...observation, step });
      bound(history.activities, keep.activities);
      return;
    case 'request': {
      let seconds = history.traffic.get(observation.source);
      if (!seconds) history.traffic.set(observation.source, (seconds = []));
      foldTraffic(seconds, observation);
      history.requests.push({ ...observation, step });
      bound(history.requests, keep.requests);
      return;
    }
    case 'scheduling': {
      const tries = history.attempts.get(observation.uid) ?? [];
      tries.push({ ...observation, step });
      if (tries.length > 8) tries.shift();
      history.attempts.delete(observation.uid);
      history.attempts.set(observation.uid, tries);
      if (history.attempts.size > keep.attempts) history.attempts.delete(history.attempts.keys().next().value!);
      return;
    }
    case 'output':
    case 'result':
      history.outputs.push({ ...observation, step });
      bound(history.outputs, keep.outputs);
      return;
    case 'exec-output':
    case 'exec-end':
      // Of a kubectl line that is typed into: what its command prints is what the line prints.
      if (history.journal[observation.id]?.input.type === 'kubectl') observe(history, passedOn(observation), step);
      return;
    case 'dialled': {
      // Through a kubectl line that forwards ports: what comes back is what the line brings.
      const input = history.journal[observation.id]?.input;
      if (input?.type !== 'dial' || typeof input.to === 'string' || !('line' in input.to)) return;
      const { line } = input.to;
      observe(history, { type: 'output', id: line, stdout: '', stderr: '', answered: observation }, step);
      return;
    }
    case 'answer':
    case 'write':
  }
}

/** What kubectl prints of a command in a container that is typed into. */
function passedOn(told: ExecOutput | ExecEnd): CommandOutput | CommandResult {
  const { id } = told;
  if (told.type === 'exec-output') {
    const { fd, text } = told;
    return { type: 'output', id, stdout: fd === 1 ? text : '', stderr: fd === 2 ? text : '' };
  }
  const { exitCode, error } = told;
  const stderr =
    error !== undefined
      ? `error: Internal error occurred: error executing command in container: ${error}\n`
      : exitCode === 0
        ? ''
        : `command terminated with exit code ${exitCode}\n`;
  return { type: 'result', id, stdout: '', stderr, exitCode, failures: [] };
}

/** Takes note of a deed. */
export function observeDeed(history: History, deed: Deed, step: number): void {
  history.deeds.push({ ...deed, step });
  bound(history.deeds, keep.deeds);
}

/**
 * The history that a branch leaving at (at, step) shares with its parent. Everything seen was seen in a step and is cut
 * by it; journal, checkpoints and judgements also have places in quiet times, where many moments share one step.
 */
export function forkHistory(parent: History, at: number, step: number): History {
  const within = (item: { readonly step: number }): boolean => item.step <= step;
  const shared = <T extends { readonly step: number }>(list: readonly T[]): T[] =>
    list.slice(0, countUpTo(list, within));
  const requests = shared(parent.requests);
  const traffic = new Map<string, TrafficSecond[]>();
  // The second in which the branch leaves is cut: its requests up to there are counted anew.
  const cut = Math.floor(at / 1000);
  for (const [source, seconds] of parent.traffic) {
    traffic.set(
      source,
      seconds.filter((s) => s.second < cut),
    );
  }
  for (const record of requests) if (record.endedAt >= cut * 1000) foldTraffic(traffic.get(record.source)!, record);
  return {
    journal: parent.journal.filter((entry) => (entry.step ?? 0) <= step && entry.at <= at),
    checkpoints: parent.checkpoints.filter((c) => c.step <= step && c.at <= at),
    deeds: shared(parent.deeds),
    activities: shared(parent.activities),
    requests,
    outputs: shared(parent.outputs),
    traffic,
    attempts: new Map([...parent.attempts].map(([uid, tries]) => [uid, shared(tries)])),
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
