import { expect, test } from 'vitest';
import type { Branch, Deed } from '../../protocol/index.ts';
import { gapsOf, partedAt, placeMarks, scaleFor, timeAt, xOf } from './scale.ts';

const deed = (at: number): Deed => ({ seq: at, at, cause: 0, by: 'x', code: 'scheduler.bind' });

test.each([
  // head s, width px → end s, step s
  [0, 1122, 60, 5],
  [94, 1122, 150, 15],
  [600, 1122, 840, 60],
  [3600, 1122, 6000, 600],
])('%d s on %d px end at %d s with a label every %d s', (head, width, end, step) => {
  const scale = scaleFor(head * 1000, 228, 228 + width);
  expect([scale.end / 1000, scale.step / 1000]).toEqual([end, step]);
});

test('a moment and its pixel are each other’s inverse, and outside is clamped', () => {
  const scale = scaleFor(94_000, 228, 1350);
  expect(timeAt(scale, xOf(scale, 40_000))).toBeCloseTo(40_000);
  expect(timeAt(scale, 0)).toBe(0);
  expect(timeAt(scale, 5000)).toBe(scale.end);
});

test('some future is always visible', () => {
  for (const head of [0, 10, 59, 60, 61, 299, 300, 7200, 1_000_000]) {
    const scale = scaleFor(head * 1000, 0, 1000);
    expect(scale.end).toBeGreaterThan(head * 1000);
  }
});

test('five quiet minutes are a gap, half a minute is none', () => {
  const scale = scaleFor(400_000, 0, 1100);
  const gaps = gapsOf([deed(10_000), deed(50_000), deed(350_000)], 360_000, scale);
  expect(gaps).toHaveLength(1);
  expect(gaps[0]!.from).toBeGreaterThan(50_000);
  expect(gaps[0]!.to).toBeLessThan(350_000);
});

test('a mark has the room up to the next one; marks on the same spot are one', () => {
  const scale = { end: 100_000, step: 10_000, x0: 0, x1: 1000 };
  const placed = placeMarks([0, 10_000, 10_100, 50_000], (at) => at, scale);
  expect(placed.map((p) => [p.item, p.x, p.room])).toEqual([
    [0, 0, 100],
    [10_100, 100, 400],
    [50_000, 500, 500],
  ]);
});

test('a ghost parts from the current branch where one of the two left the other', () => {
  const branch = (id: number, parent: number | null, forkedAt: number): Branch => ({
    id,
    parent,
    forkedAt,
    head: 100,
    label: '',
  });
  const [a, b, c, d] = [branch(1, null, 0), branch(2, 1, 30), branch(3, 2, 60), branch(4, 1, 20)];
  const all = [a, b, c, d];
  expect(partedAt(a, b, all)).toBe(30); // the parent goes on where the child left it
  expect(partedAt(b, a, all)).toBe(30);
  expect(partedAt(a, c, all)).toBe(30); // a grandchild's line left at the first fork
  expect(partedAt(d, c, all)).toBe(20); // cousins: the earlier of the two forks
});
