import type { RequestRecord, TrafficSecond } from './index.ts';

/** A second still being counted keeps its latencies, sorted; they are dropped when the next second begins. */
interface OpenSecond extends TrafficSecond {
  latencies?: number[];
}

/**
 * Counts an ended request into its source's list of seconds (by the time it ended), in place.
 * Quantiles are those of the successful requests, exact within the second: 40 req/s make 40 numbers.
 * A response counts for its image and pod whatever its status; a request that got no answer counts for none.
 */
export function foldTraffic(seconds: TrafficSecond[], record: RequestRecord): void {
  const second = Math.floor(record.endedAt / 1000);
  let last = seconds.at(-1) as OpenSecond | undefined;
  if (!last || last.second < second) {
    if (last) delete last.latencies;
    last = { second, source: record.source, ok: 0, failed: 0, p50: 0, p95: 0, byImage: {}, byPod: {}, latencies: [] };
    seconds.push(last);
  }
  const latencies = last.latencies ?? [];
  if (record.ok) insert(latencies, record.endedAt - record.startedAt);
  const answered = record.status !== 0;
  seconds[seconds.length - 1] = {
    second: last.second,
    source: last.source,
    ok: last.ok + (record.ok ? 1 : 0),
    failed: last.failed + (record.ok ? 0 : 1),
    p50: quantile(latencies, 0.5),
    p95: quantile(latencies, 0.95),
    byImage: count(last.byImage, answered ? record.image : undefined),
    byPod: count(last.byPod, answered ? record.pod : undefined),
    latencies,
  } as OpenSecond;
}

function insert(sorted: number[], value: number): void {
  let i = sorted.length;
  sorted.push(value);
  while (i > 0 && sorted[i - 1]! > value) sorted[i] = sorted[--i]!;
  sorted[i] = value;
}

/** The nearest-rank quantile; 0 of nothing. Ten values: q = 0.5 is the 5th, q = 0.95 the ⌈9.5⌉ = 10th. */
const quantile = (sorted: readonly number[], q: number): number =>
  sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? 0;

const count = (counts: Readonly<Record<string, number>>, key: string | undefined): Readonly<Record<string, number>> =>
  key === undefined ? counts : { ...counts, [key]: (counts[key] ?? 0) + 1 };
