import { expect, it } from 'vitest';
import type { RequestRecord } from '../observations.ts';
import { shop } from '../../testing/network-bed.ts';
import { sourcesOf } from './index.ts';

it('a source sends its requests evenly, none together, and tells how each ended', () => {
  const bed = shop();
  bed.source({ rps: 40 });
  bed.run(10_000);
  const perSecond = new Map<number, number>();
  for (const r of bed.records) perSecond.set(Math.floor(r.startedAt / 1000), 0);
  for (const r of bed.records)
    perSecond.set(Math.floor(r.startedAt / 1000), perSecond.get(Math.floor(r.startedAt / 1000))! + 1);
  for (const count of [...perSecond.values()].slice(1, -1)) expect(Math.abs(count - 40)).toBeLessThanOrEqual(2);
  expect(new Set(bed.records.map((r) => r.startedAt % 25)).size).toBeGreaterThan(15);
  expect(bed.records.every((r) => r.ok && r.image === 'web:1' && r.source === 'users')).toBe(true);
  expect(new Set(bed.records.map((r) => r.id)).size).toBe(bed.records.length);
});

it('a source of the same name replaces the old one, rate 0 ends it, and then nothing happens any more', () => {
  const bed = shop();
  bed.source({ rps: 100 });
  bed.run(1000);
  bed.source({ rps: 10 });
  bed.source({ name: 'bots', rps: 5, from: 'inside' });
  expect(sourcesOf(bed.kernel.state)).toHaveLength(1);
  bed.run(100);
  expect(sourcesOf(bed.ctx).map((s) => [s.name, s.rps])).toEqual([
    ['users', 10],
    ['bots', 5],
  ]);
  const before = bed.records.length;
  bed.run(10_000);
  expect(Math.abs(bed.records.length - before - 150)).toBeLessThan(5);
  bed.source({ rps: 0 });
  bed.source({ name: 'bots', rps: 0 });
  bed.run(10_000);
  expect(sourcesOf(bed.kernel.state)).toEqual([]);
  expect(bed.kernel.nextAt()).toBe(Infinity);
});

it('a source inside stays on one live machine and goes through cluster DNS', () => {
  const bed = shop();
  bed.source({ from: 'inside', rps: 20 });
  bed.run(1000);
  const proxies = (): unknown[] => [
    ...new Set(bed.records.splice(0).map((r: RequestRecord) => r.hops.find((h) => h.what === 'kube-proxy')?.ref)),
  ];
  const [home, ...others] = proxies();
  expect(others).toEqual([]);
  bed.machine(String(home).slice('nodes/'.length)).up = false;
  bed.run(3000);
  expect(proxies().filter((p) => p !== home && p !== undefined)).toHaveLength(1);
});

it('a checkpoint in the middle of open requests has the same future', () => {
  const bed = shop();
  bed.behaviour.set('10.244.2.2', 'hang');
  bed.behaviour.set('10.244.3.3', { status: 200, ms: 300 });
  bed.source({ rps: 50 });
  for (let i = 0; i < 1234; i++) bed.kernel.step();
  const checkpoint = bed.kernel.checkpoint();
  const future = (): string => {
    bed.run(5000);
    return bed.kernel.digest();
  };
  const first = future();
  const records = bed.records.splice(0).length;
  bed.kernel.restore(checkpoint);
  expect(future()).toBe(first);
  expect(records).toBeGreaterThan(200);
});
