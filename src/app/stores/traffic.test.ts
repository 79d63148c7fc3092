import { expect, test } from 'vitest';
import type { TrafficSecond } from '../../protocol/index.ts';
import { emptyTraffic, metersAt, noteTraffic, trafficFor } from './traffic.ts';

const second = (n: number, ok: number, failed = 0, source = 'users'): TrafficSecond => ({
  second: n,
  source,
  ok,
  failed,
  p50: 5,
  p95: 10,
  byImage: { 'web:1': ok },
  byPod: {},
});

test('failures add up over hours, minutes and seconds, at any moment, whatever was told twice or late', () => {
  const log = emptyTraffic();
  for (const s of [10, 70, 3599, 3600, 7300]) {
    noteTraffic(log, second(s, 1, 1));
    noteTraffic(log, second(s, 1, 2));
  }
  for (const s of [5, 3600]) noteTraffic(log, second(s, 0, 3, 'others'));
  const at = (s: number): number => metersAt(log, s * 1000).failed;
  expect([4, 5, 10, 69, 70, 3598, 3599, 3600, 7299, 7300, 99_999].map(at)).toEqual([
    0, 3, 5, 5, 7, 7, 9, 14, 14, 16, 16,
  ]);
  expect(log.firstFailed).toBe(5);
});

test('twenty days of traffic are kept in bounds: seconds for hours, minutes for days, then hours', () => {
  const log = emptyTraffic();
  const days = 20;
  for (let s = 0; s < days * 86_400; s += 7) noteTraffic(log, second(s, 9, 1));
  // A source that has stopped is told again and again.
  noteTraffic(log, second(100, 5, 5, 'old'));
  noteTraffic(log, second(100, 5, 5, 'old'));
  const steps = Math.ceil((days * 86_400) / 7);
  expect(metersAt(log, days * 86_400_000).failed).toBe(steps + 5);
  expect(log.seconds.size).toBeLessThan(16_000);
  expect(log.minutes.size).toBeLessThan(16_000);
  expect(metersAt(log, 5 * 3600_000).okPercent).toBeCloseTo(90);
  const { per, sums } = trafficFor(log, 1);
  expect(per).toBe(3600);
  expect([...sums].reduce((n, s) => n + s.ok, 0)).toBe(steps * 9 + 5);
});

test('bars are drawn from the coarsest sums that fit', () => {
  const log = emptyTraffic();
  for (let s = 0; s < 600; s++) noteTraffic(log, second(s, 2));
  expect(trafficFor(log, 0.4)).toMatchObject({ per: 1, sums: { length: 600 } });
  expect(trafficFor(log, 8.2).per).toBe(9);
  const minutes = trafficFor(log, 61);
  expect(minutes.per).toBe(120);
  expect([...minutes.sums].map((s) => [s.second, s.ok])).toEqual(Array.from({ length: 10 }, (_, i) => [i * 60, 120]));
});
