import type { RequestRecord, TrafficSecond } from './index.ts';

/** A second still being counted keeps its latencies; they are dropped when the next second begins. */
interface OpenSecond extends TrafficSecond {
  latencies?: number[];
}

/**
 * Counts an ended request into its source's list of seconds (by the time it ended), in place.
 * Quantiles are exact within the second: 40 req/s make 40 numbers.
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
  latencies.push(record.endedAt - record.startedAt);
  latencies.sort((a, b) => a - b);
  const quantile = (q: number): number => latencies[Math.min(latencies.length - 1, Math.floor(q * latencies.length))]!;
  const count = (counts: Readonly<Record<string, number>>, key: string | undefined): Readonly<Record<string, number>> =>
    key === undefined || !record.ok ? counts : { ...counts, [key]: (counts[key] ?? 0) + 1 };
  seconds[seconds.length - 1] = {
    second: last.second,
    source: last.source,
    ok: last.ok + (record.ok ? 1 : 0),
    failed: last.failed + (record.ok ? 0 : 1),
    p50: quantile(0.5),
    p95: quantile(0.95),
    byImage: count(last.byImage, record.image),
    byPod: count(last.byPod, record.pod),
    latencies,
  } as OpenSecond;
}
