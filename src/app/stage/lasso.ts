/** The dotted line around the members of a service: one contour through the rows. Pure. */
import type { LassoRow } from './layout.ts';

type Point = readonly [number, number];

/**
 * Path around row intervals. Neighbouring rows that overlap join; a step between them happens beside the tiles,
 * never inside a node's title bar. Rows that are not neighbours (a node without members between) make loops of their own.
 */
export function lassoPath(rows: readonly LassoRow[], order: ReadonlyMap<string, number>, r = 11): string {
  const runs: LassoRow[][] = [];
  let last: LassoRow | undefined;
  for (const row of rows) {
    const joins =
      last !== undefined &&
      (order.get(row.node) ?? 0) - (order.get(last.node) ?? 0) === 1 &&
      Math.min(last.x1, row.x1) - Math.max(last.x0, row.x0) > 2 * r;
    if (joins) runs.at(-1)!.push(row);
    else runs.push([row]);
    last = row;
  }
  return runs.map((run) => contour(run, r)).join('');
}

function contour(rows: readonly LassoRow[], radius: number): string {
  const right: [number, number][] = [];
  const left: [number, number][] = [];
  for (const q of rows) {
    right.push([q.x1, q.y0], [q.x1, q.y1]);
    left.push([q.x0, q.y0], [q.x0, q.y1]);
  }
  for (let i = 0; i < rows.length - 1; i++) {
    const a = rows[i]!;
    const b = rows[i + 1]!;
    const yr = b.x1 > a.x1 ? b.y0 : a.y1;
    const yl = b.x0 < a.x0 ? b.y0 : a.y1;
    right[2 * i + 1]![1] = yr;
    right[2 * i + 2]![1] = yr;
    left[2 * i + 1]![1] = yl;
    left[2 * i + 2]![1] = yl;
  }
  return round(corners([...right, ...left.reverse()]), radius);
}

/** Points where the contour turns. */
function corners(points: readonly Point[]): Point[] {
  const distinct = points.filter((p, i) => {
    const n = points[(i + 1) % points.length]!;
    return p[0] !== n[0] || p[1] !== n[1];
  });
  return distinct.filter((p, i) => {
    const a = distinct[(i - 1 + distinct.length) % distinct.length]!;
    const b = distinct[(i + 1) % distinct.length]!;
    return !((a[0] === p[0] && b[0] === p[0]) || (a[1] === p[1] && b[1] === p[1]));
  });
}

function round(points: readonly Point[], radius: number): string {
  let d = '';
  points.forEach((p, i) => {
    const a = points[(i - 1 + points.length) % points.length]!;
    const b = points[(i + 1) % points.length]!;
    const ra = Math.min(radius, Math.hypot(a[0] - p[0], a[1] - p[1]) / 2);
    const rb = Math.min(radius, Math.hypot(b[0] - p[0], b[1] - p[1]) / 2);
    const f = (n: number): string => n.toFixed(1);
    const s = [p[0] + Math.sign(a[0] - p[0]) * ra, p[1] + Math.sign(a[1] - p[1]) * ra] as const;
    const e = [p[0] + Math.sign(b[0] - p[0]) * rb, p[1] + Math.sign(b[1] - p[1]) * rb] as const;
    d += `${i ? 'L' : 'M'}${f(s[0])} ${f(s[1])}Q${f(p[0])} ${f(p[1])} ${f(e[0])} ${f(e[1])}`;
  });
  return d && `${d}Z`;
}
