import { expect, it } from 'vitest';
import type { RequestRecord } from '../kube/observations.ts';
import type { TrafficSecond } from './index.ts';
import { foldTraffic } from './traffic.ts';

const record = (endedAt: number, ms: number, rest: Partial<RequestRecord> = {}): RequestRecord => ({
  type: 'request',
  id: 1,
  source: 'users',
  target: 'http://web',
  startedAt: endedAt - ms,
  endedAt,
  ok: true,
  status: 200,
  pod: 'default/web-1',
  image: 'nginx:1.27',
  hops: [],
  ...rest,
});

it('counts requests in the second of their end, per image and pod', () => {
  const seconds: TrafficSecond[] = [];
  for (const ms of [3, 9, 1, 10, 2, 8, 5, 4, 7, 6]) foldTraffic(seconds, record(1100 + ms, ms));
  foldTraffic(seconds, record(1500, 400, { ok: false, status: 503, pod: 'default/web-2', image: 'nginx:1.28' }));
  foldTraffic(seconds, record(1600, 2000, { ok: false, status: 0, failure: 'timeout' }));
  foldTraffic(seconds, record(2000, 7));
  expect(seconds).toMatchObject([
    {
      second: 1,
      source: 'users',
      ok: 10,
      failed: 2,
      p50: 5,
      p95: 10,
      byImage: { 'nginx:1.27': 10, 'nginx:1.28': 1 },
      byPod: { 'default/web-1': 10, 'default/web-2': 1 },
    },
    { second: 2, ok: 1, failed: 0, p50: 7, p95: 7 },
  ]);
});

it('has quantiles of 0 where nothing succeeded', () => {
  const seconds: TrafficSecond[] = [];
  foldTraffic(seconds, record(10, 10, { ok: false, status: 0, failure: 'refused' }));
  expect(seconds).toMatchObject([{ ok: 0, failed: 1, p50: 0, p95: 0 }]);
});
