/** A node: a row of the loom with its title bar, or a box of cells. Back and front lie in different layers. */
import type { PlacedNode } from '../layout.ts';
import { textWidth } from '../measure.ts';
import { hit, line, path, rect, text } from '../paint.ts';
import type { SceneNode } from '../scene.ts';
import type { Glyph, Look } from './glyph.ts';
import { chain, fence, flag, meter } from './marks.ts';
import { stateGlyph } from './state.ts';

/** Not heard by the control plane, or declared not ready by it. */
export const isBad = (node: SceneNode): boolean => node.silent || node.ready !== 'True';

/** Whole seconds since the last heartbeat, while it is missing. */
export function silence(node: SceneNode, now: number): number | undefined {
  if (!isBad(node) || node.ready === 'False' || Number.isNaN(node.heardAt)) return undefined;
  return Math.max(0, Math.floor((now - node.heardAt) / 1000));
}

const barPath = (x: number, y: number, w: number, title: number, r: number): string =>
  `M${x} ${y + title}V${y + r}a${r} ${r} 0 0 1 ${r}-${r}H${x + w - r}a${r} ${r} 0 0 1 ${r} ${r}V${y + title}Z`;

/** Box, title bar and wire. */
export const nodeBack: Glyph<PlacedNode> = {
  kind: 'Node',
  sign: ({ node, box, title }) => `${box.x},${box.y},${box.w},${box.h},${title},${isBad(node)}`,
  draw: (g, { node, box, title, wireY }, look) => {
    const { x, y, w, h } = box;
    const bad = isBad(node);
    const small = title < 20;
    const r = small ? 4 : 8;
    rect(g, x, y, w, h, { r, fill: 'node' });
    if (title > 0) {
      path(g, barPath(x, y, w, title, r), { fill: 'node-bar' });
      if (bad) path(g, barPath(x, y, w, title, r), { fill: look.fills.bar, c: 'wipe' });
    } else if (bad) rect(g, x, y, w, h, { r, fill: look.fills.bar });
    rect(g, x, y, w, h, {
      r,
      s: bad ? 'idle' : 'line-strong',
      w: bad ? 1.75 : small ? 1 : 1.25,
      c: 'frame',
    });
    if (!small)
      line(g, x, wireY, x + w, wireY, {
        s: bad ? 'line-strong' : 'wire',
        w: bad ? 1 : 1.5,
        d: bad ? '3 4' : undefined,
      });
    else if (title > 0) line(g, x, wireY + title, x + w, wireY + title, { s: 'line', w: 1 });
  },
};

interface Front extends PlacedNode {
  readonly cpuUsed: number;
  readonly memoryUsed: number;
}

/** Name, state, meters, fences. */
export const nodeFront: Glyph<Front> = {
  kind: 'Node',
  sign: (n, look) => {
    const { node, box } = n;
    return [
      box.x,
      box.y,
      box.w,
      n.title,
      n.tilesY,
      Math.round(n.endX),
      node.name,
      node.ready,
      node.silent,
      node.cordoned,
      node.pressure,
      silence(node, look.now),
      percent(node.cpuRequested),
      percent(node.memoryRequested),
      percent(n.cpuUsed),
      percent(n.memoryUsed),
      node.taints.map((t) => `${t.key}:${t.effect}:${evictsIn(t.evictsAt, look.now)}`).join(),
      look.lang,
    ].join('|');
  },
  draw: (g, n, look) => {
    hit(g, n.box.x, n.box.y, n.box.w, n.box.h);
    if (n.title < 20) drawBox(g, n);
    else drawRow(g, n, look);
  },
};

const percent = (f: number): number => Math.round(f * 50) * 2;
const evictsIn = (at: number, now: number): number | undefined =>
  Number.isNaN(at) ? undefined : Math.max(0, Math.ceil((at - now) / 1000));

function drawBox(g: SVGGElement, n: Front): void {
  const { node, box } = n;
  if (n.title > 0) text(g, box.x + 6, box.y + 14, node.name, { mono: true, size: 14, weight: 560 });
  const w = box.w - 12;
  const y = box.y + box.h - 6;
  rect(g, box.x + 6, y, w, 2, { r: 1, fill: 'line' });
  rect(g, box.x + 6, y, w * Math.min(1, node.cpuRequested), 2, { r: 1, fill: 'ink-3' });
}

function drawRow(g: SVGGElement, n: Front, look: Look): void {
  const { node, box, title } = n;
  const { x, y, w } = box;
  const my = y + title / 2;
  const bad = isBad(node);
  const nameWidth = textWidth(node.name, true);
  let end = x + 29 + nameWidth;
  if (bad) {
    const seconds = silence(node, look.now);
    const words = [
      node.ready === 'True' ? '' : 'NotReady',
      seconds === undefined ? '' : look.labels.noHeartbeat(seconds),
    ].filter(Boolean);
    const content = words.join(' · ');
    rect(g, x + 3, y + 2.5, 36 + nameWidth + textWidth(content, false) * 1.06 + 8, title - 5, {
      r: 3,
      fill: 'node-bar',
    });
    stateGlyph(g, 'unknown', x + 17, my, 6);
    text(g, x + 29, my + 5, node.name, { mono: true, weight: 640, c: 'halo-bar' });
    text(g, end + 11, my + 5, content, { fill: 'idle-text', weight: 600 });
    end += 11 + textWidth(content, false);
  } else {
    stateGlyph(g, 'ready', x + 17, my, 4.6);
    text(g, x + 29, my + 5, node.name, { mono: true, weight: 600, c: 'halo-bar' });
  }
  if (node.cordoned) {
    chain(g, end + 20, my, 9, 'ink');
    text(g, end + 36, my + 5, look.labels.cordoned, { fill: 'ink-2', weight: 560, c: 'halo-bar' });
    end += 36 + textWidth(look.labels.cordoned, false);
  }
  if (node.pressure) {
    flag(g, end + 18, my, 6, 'failed');
    text(g, end + 30, my + 5, node.pressure, { fill: 'failed-text', weight: 560, c: 'halo-bar' });
    end += 30 + textWidth(node.pressure, false);
  }
  const mw = w > 620 ? 64 : w > 430 ? 44 : 34;
  const right = x + w - 10;
  const both = w > 430;
  const memoryAt = right - mw - 38.5;
  const cpuAt = both ? memoryAt - mw - 50 : memoryAt;
  if (cpuAt > end + 12) meter(g, cpuAt, my, mw, 'cpu', node.cpuRequested, n.cpuUsed);
  if (both && memoryAt > end + 12) meter(g, memoryAt, my, mw, 'mem', node.memoryRequested, n.memoryUsed);
  drawTaint(g, n, look);
}

/** The hardest taint as a fence behind the last tile, with its countdown. */
function drawTaint(g: SVGGElement, n: Front, look: Look): void {
  const hardness: Readonly<Record<string, number>> = { NoExecute: 2, NoSchedule: 1 };
  const taint = n.node.taints.toSorted((a, b) => (hardness[b.effect] ?? 0) - (hardness[a.effect] ?? 0))[0];
  if (!taint) return;
  const hard = taint.effect === 'NoExecute';
  const x = n.endX + 22;
  const right = n.box.x + n.box.w - 8;
  if (x > right) return;
  const token = hard ? 'failed' : 'idle';
  const bottom = Math.min(n.tilesY + 56, n.box.y + n.box.h - 6);
  fence(g, x, n.tilesY - 4, bottom, hard, token);
  const name = taint.key.split('/').at(-1) ?? taint.key;
  const wide = Math.max(textWidth(`${name}:`, true), textWidth(taint.effect, true));
  if (right - x < wide + 16 || bottom - n.tilesY < 34) return;
  text(g, x + 16, n.tilesY + 14, `${name}:`, { mono: true });
  text(g, x + 16, n.tilesY + 32, taint.effect, { mono: true });
  const left = evictsIn(taint.evictsAt, look.now);
  if (left !== undefined && left > 0 && bottom - n.tilesY > 50)
    text(g, x + 16, n.tilesY + 52, look.labels.evictsIn(left), { fill: 'failed-text', weight: 560 });
}
