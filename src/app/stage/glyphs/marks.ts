/** Marks that several kinds share: meter, fence, chain, plug, key, envelope, badge. */
import { circle, line, path, rect, text, type Parent } from '../paint.ts';

/** Requested against capacity as a bar, really used as a thin line; both 0 … 1. */
export function meter(
  g: Parent,
  x: number,
  y: number,
  w: number,
  label: string,
  requested: number,
  used: number,
): void {
  const at = label ? 38.5 : 0;
  if (label) text(g, x, y + 5, label, { fill: 'ink-3', c: 'halo-bar thin' });
  rect(g, x + at, y - 4.5, w, 9, { r: 2, fill: 'sunken', s: 'line-strong', w: 1 });
  const room = w - 2;
  if (requested > 0) rect(g, x + at + 1, y - 3.5, room * Math.min(1, requested), 7, { r: 1, fill: 'ink-off' });
  if (used > 0)
    line(g, x + at + 1, y, x + at + 1 + room * Math.min(1, used), y, { s: used > 0.9 ? 'failed' : 'ink', w: 2 });
}

/** A taint: NoSchedule a dotted line, NoExecute a double fence. */
export function fence(g: Parent, x: number, y1: number, y2: number, hard: boolean, token: string): void {
  line(g, x, y1, x, y2, { s: token, w: 2.2, d: hard ? '7 3' : '3 4' });
  if (hard) line(g, x + 4, y1, x + 4, y2, { s: token, w: 2.2, d: '7 3' });
}

export function chain(g: Parent, x: number, y: number, s: number, token: string): void {
  rect(g, x - s, y - s * 0.45, s * 1.15, s * 0.9, { r: s * 0.45, s: token, w: 1.6 });
  rect(g, x - s * 0.15, y - s * 0.45, s * 1.15, s * 0.9, { r: s * 0.45, s: token, w: 1.6 });
}

export function flag(g: Parent, x: number, y: number, s: number, token: string): void {
  path(g, `M${x - s * 0.6} ${y + s}V${y - s * 0.9}`, { s: token, w: 1.6 });
  path(
    g,
    `M${x - s * 0.6} ${y - s * 0.9}H${x + s * 0.8}L${x + s * 0.4} ${y - s * 0.3}L${x + s * 0.8} ${y + s * 0.3}H${x - s * 0.6}Z`,
    { fill: token },
  );
}

export function key(g: Parent, x: number, y: number, s: number, token: string): void {
  circle(g, x - s * 0.55, y, s * 0.45, { s: token, w: 1.6 });
  path(g, `M${x - s * 0.1} ${y}H${x + s}M${x + s * 0.95} ${y}v${s * 0.45}M${x + s * 0.5} ${y}v${s * 0.35}`, {
    s: token,
    w: 1.6,
  });
}

/** A plug in or out of its socket. */
export function plug(g: Parent, x: number, y: number, s: number, token: string, broken: boolean): void {
  path(
    g,
    `M${x - s * 1.6} ${y}H${x - s * 0.7}M${x - s * 0.7} ${y - s * 0.6}V${y + s * 0.6}H${x - s * 0.2}A${s * 0.6} ${s * 0.6} 0 0 0 ${x - s * 0.2} ${y - s * 0.6}Z`,
    { s: token, w: 1.6 },
  );
  path(
    g,
    broken
      ? `M${x + s * 1.9} ${y}H${x + s * 1.1}M${x + s * 1.1} ${y - s * 0.6}V${y + s * 0.6}`
      : `M${x + s * 1.6} ${y}H${x + s * 0.5}`,
    { s: token, w: 1.6 },
  );
}

export function envelope(g: Parent, x: number, y: number, token: string): void {
  rect(g, x - 9, y - 6.5, 18, 13, { r: 2, fill: 'panel', s: token, w: 1.6 });
  path(g, `M${x - 8} ${y - 5}L${x} ${y + 1.5}L${x + 8} ${y - 5}`, { s: token, w: 1.5 });
}

/** The number of a Why card. */
export function badge(g: Parent, x: number, y: number, n: number): void {
  circle(g, x, y, 9.5, { fill: 'done', s: 'panel', w: 2 });
  text(g, x, y + 4.8, n, { anchor: 'middle', weight: 700, fill: 'on-ink' });
}

/** A person: where requests come from. */
export function person(g: Parent, x: number, y: number): void {
  rect(g, x - 12, y - 12, 24, 24, { r: 12, fill: 'panel', s: 'ink-2', w: 1.5 });
  circle(g, x, y - 3, 3.2, { fill: 'ink-2' });
  path(g, `M${x - 6.5} ${y + 7}a6.5 5.5 0 0 1 13 0`, { s: 'ink-2', w: 1.8 });
}

/** A restart count, right-aligned at `right`; hot when it explains the state. */
export function restarts(g: Parent, right: number, y: number, n: number, size: number, hot: boolean): void {
  const token = hot ? 'failed' : 'ink-3';
  const w = String(n).length * size * 0.6;
  const cx = right - w - size * 0.42;
  const cy = y - size * 0.34;
  const r = size * 0.3;
  path(g, `M${cx + r * 0.7} ${cy - r * 0.75}A${r} ${r} 0 1 0 ${cx + r} ${cy + r * 0.1}`, {
    s: token,
    w: (1.5 * size) / 14,
  });
  path(g, `M${cx + r * 0.2} ${cy - r * 0.75}h${r * 1.1}v${-r * 1.05}Z`, { fill: token });
  text(g, right, y, n, {
    mono: true,
    anchor: 'end',
    size,
    weight: hot ? 700 : 450,
    fill: hot ? 'failed-text' : 'ink-3',
  });
}
