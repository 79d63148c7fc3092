/** What the traffic sources saw, second by second; older seconds are kept by the minute and, after days, by the hour. */
import type { TrafficSecond } from '../../protocol/index.ts';

/** What a stretch of time adds up to, over all sources. */
export interface TrafficSum {
  /** Virtual second at which it begins. */
  readonly second: number;
  ok: number;
  failed: number;
  /** The worst second's, ms. */
  p95: number;
  readonly byImage: Record<string, number>;
}

/** Everything a branch remembers of its traffic. Changed in place. */
export interface TrafficLog {
  /** Second → what each source saw; the newest hours only. */
  readonly seconds: Map<number, TrafficSecond[]>;
  /** Minute → sum; the newest days only. */
  readonly minutes: Map<number, TrafficSum>;
  /** Hour → sum. */
  readonly hours: Map<number, TrafficSum>;
  /** Source → its newest second: it is told again while it is being counted. */
  readonly newest: Map<string, TrafficSecond>;
  /** Virtual second of the first failure. */
  firstFailed: number | null;
  /** Seconds before these are known by the minute, or by the hour, only. */
  secondsFrom: number;
  minutesFrom: number;
}

/** The log of a run of which nothing is known yet. */
export const emptyTraffic = (): TrafficLog => ({
  seconds: new Map(),
  minutes: new Map(),
  hours: new Map(),
  newest: new Map(),
  firstFailed: null,
  secondsFrom: 0,
  minutesFrom: 0,
});

/** How long seconds and minutes are kept, s: four hours and ten days. A run at ×600 passes four hours in 24 s. */
const keepSeconds = 4 * 3600;
const keepMinutes = 10 * 86_400;

/** Takes note of a source's second, which replaces what was told of it before. O(1) amortised. */
export function noteTraffic(log: TrafficLog, told: TrafficSecond): void {
  const last = log.newest.get(told.source);
  if (last && told.second < last.second) return;
  const before = last?.second === told.second ? last : undefined;
  log.newest.set(told.source, told);
  for (const [sums, length] of [
    [log.minutes, 60],
    [log.hours, 3600],
  ] as const)
    addTo(sums, length, told, before);
  if (told.failed > 0) log.firstFailed = Math.min(log.firstFailed ?? Infinity, told.second);
  if (told.second >= log.secondsFrom) {
    const list = log.seconds.get(told.second);
    const i = before && list ? list.indexOf(before) : -1;
    if (!list) log.seconds.set(told.second, [told]);
    else if (i >= 0) list[i] = told;
    else list.push(told);
  }
  // A tenth too much is kept, so that a pass over all of them is rare.
  if (log.seconds.size > keepSeconds * 1.1) log.secondsFrom = drop(log.seconds, keepSeconds, 1);
  if (log.minutes.size > (keepMinutes / 60) * 1.1) log.minutesFrom = drop(log.minutes, keepMinutes, 60);
}

function addTo(
  sums: Map<number, TrafficSum>,
  length: number,
  told: TrafficSecond,
  before: TrafficSecond | undefined,
): void {
  const slot = Math.floor(told.second / length);
  let sum = sums.get(slot);
  if (!sum) sums.set(slot, (sum = { second: slot * length, ok: 0, failed: 0, p95: 0, byImage: {} }));
  sum.ok += told.ok - (before?.ok ?? 0);
  sum.failed += told.failed - (before?.failed ?? 0);
  sum.p95 = Math.max(sum.p95, told.p95);
  for (const [image, n] of Object.entries(told.byImage))
    sum.byImage[image] = (sum.byImage[image] ?? 0) + n - (before?.byImage[image] ?? 0);
}

/** Drops what is older than `keep` before the newest slot; returns the second from which all is still there. */
function drop(slots: Map<number, unknown>, keep: number, length: number): number {
  let newest = 0;
  for (const slot of slots.keys()) newest = Math.max(newest, slot);
  // To the full hour: what is known only in sums is known in whole ones.
  const from = Math.floor((newest * length - keep) / 3600) * 3600;
  for (const slot of slots.keys()) if (slot * length < from) slots.delete(slot);
  return Math.max(0, from);
}

/** Success and latency of the last seconds before `now`, and all failures of the run up to then. */
export interface Meters {
  /** 0 … 100, null when nobody asked. */
  readonly okPercent: number | null;
  readonly p95: number | null;
  readonly failed: number;
}

/** Seconds over which success and p95 are taken. */
const meterSeconds = 10;

/** Reads the meters at a moment. Of long ago they are those of the whole minute or hour. O(hours of the run). */
export function metersAt(log: TrafficLog, now: number): Meters {
  const last = Math.floor(now / 1000);
  let ok = 0;
  let bad = 0;
  let p95 = 0;
  const take = (s: Pick<TrafficSum, 'ok' | 'failed' | 'p95'> | undefined): void => {
    if (!s) return;
    ok += s.ok;
    bad += s.failed;
    p95 = Math.max(p95, s.p95);
  };
  if (last < log.minutesFrom) take(log.hours.get(Math.floor(last / 3600)));
  else if (last < log.secondsFrom) take(log.minutes.get(Math.floor(last / 60)));
  else for (let s = last - meterSeconds + 1; s <= last; s++) for (const each of log.seconds.get(s) ?? []) take(each);
  const all = ok + bad;
  return {
    okPercent: all === 0 ? null : (100 * ok) / all,
    // Without an answer there is none to time.
    p95: ok === 0 ? null : p95,
    failed: failedBefore(log, last + 1),
  };
}

/** Failures before a second: whole hours, then whole minutes, then seconds. */
function failedBefore(log: TrafficLog, end: number): number {
  const hour = Math.floor(end / 3600);
  const minute = Math.floor(end / 60);
  let failed = 0;
  for (const [slot, sum] of log.hours) if (slot < hour) failed += sum.failed;
  for (let m = hour * 60; m < minute; m++) failed += log.minutes.get(m)?.failed ?? 0;
  for (let s = minute * 60; s < end; s++) for (const each of log.seconds.get(s) ?? []) failed += each.failed;
  return failed;
}

/** What bars of at least `least` seconds are drawn from: the coarsest sums that fit, and what a whole number of them lasts. */
export function trafficFor(
  log: TrafficLog,
  least: number,
): { per: number; sums: Iterable<Pick<TrafficSum, 'second' | 'ok' | 'failed' | 'byImage'>> } {
  const whole = (length: number): number => Math.max(1, Math.ceil(least / length)) * length;
  if (least >= 3600 || log.minutesFrom > 0) return { per: whole(3600), sums: log.hours.values() };
  if (least >= 60 || log.secondsFrom > 0) return { per: whole(60), sums: log.minutes.values() };
  return { per: whole(1), sums: [...log.seconds.values()].flat() };
}
