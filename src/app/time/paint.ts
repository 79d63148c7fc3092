import type { Branch, Deed, TrafficSecond } from '../../protocol/index.ts';
import { isYours } from '../deeds.ts';
import type { History, Life, LifeKind } from '../stores/timeline.ts';
import { trafficFor } from '../stores/traffic.ts';
import { xOf, type Gap, type Scale } from './scale.ts';

/** Heights of the lanes, px. Traffic above, then the learner, the controllers, pod lives and ghosts; the axis closes. */
export interface Lanes {
  readonly traffic: number;
  /** Of a comparison the second cluster's traffic; 0 else. */
  readonly twin: number;
  readonly you: number;
  readonly controllers: number;
  readonly lives: number;
  readonly ghost: number;
  readonly ghosts: number;
  readonly axis: number;
}

/** Lane heights for a window: below 750 px the ghosts fold away and the lives tighten; 1600 px wide windows get more. */
export function lanesFor(width: number, height: number, ghosts: number, twin: boolean): Lanes {
  if (width < 900) return { traffic: 40, twin: 0, you: 0, controllers: 0, lives: 0, ghost: 0, ghosts: 0, axis: 23 };
  const wide = width >= 1600;
  const low = height < 750;
  // Two clusters are compared by what their users see; whose controllers and pods it were is on the stages.
  if (twin)
    return {
      traffic: wide ? 64 : 44,
      twin: wide ? 64 : 44,
      you: 21,
      controllers: 0,
      lives: 0,
      ghost: 0,
      ghosts: 0,
      axis: 23,
    };
  return {
    traffic: wide ? 64 : 42,
    twin: 0,
    you: 21,
    controllers: 19,
    lives: wide ? 94 : low ? 44 : 58,
    ghost: 19,
    ghosts: low ? 0 : Math.min(wide ? 3 : 2, ghosts),
    axis: 23,
  };
}

/** Tops of the lanes. */
export function topsOf(l: Lanes): {
  traffic: number;
  twin: number;
  you: number;
  controllers: number;
  lives: number;
  ghosts: number;
  axis: number;
  height: number;
} {
  const traffic = 4;
  const twin = traffic + l.traffic;
  const you = twin + l.twin;
  const controllers = you + l.you;
  const lives = controllers + l.controllers;
  const ghosts = lives + l.lives;
  const axis = ghosts + l.ghost * l.ghosts;
  return { traffic, twin, you, controllers, lives, ghosts, axis, height: axis + l.axis };
}

/** Colours of the tokens, read once per theme. */
export type Palette = (token: string) => string;

/** Everything the canvas is a function of. */
export interface Picture {
  readonly scale: Scale;
  readonly lanes: Lanes;
  readonly history: History;
  /** Second → what the second cluster's sources saw. */
  readonly twin: ReadonlyMap<number, readonly TrafficSecond[]> | null;
  readonly head: number;
  readonly now: number;
  readonly gaps: readonly Gap[];
  readonly ghosts: readonly Branch[];
  /** image → 0, 1, 2: which version pattern its bars have. */
  readonly versionOf: (image: string) => number;
  readonly palette: Palette;
}

/**
 * Draws the lanes. The playhead, marks and all words are elements above: a canvas that writes makes the browser work out
 * the style of the whole page each time.
 */
export function paint(c: CanvasRenderingContext2D, p: Picture): void {
  const { scale, lanes, palette } = p;
  const tops = topsOf(lanes);
  c.clearRect(0, 0, c.canvas.width, c.canvas.height);
  grid(c, p, tops.axis);
  // At least 3 px a bar: seconds are put together until they are.
  const bars = trafficFor(p.history.traffic, (3 * scale.end) / (scale.x1 - scale.x0) / 1000);
  traffic(c, p, bars, tops.traffic);
  if (p.twin && lanes.twin > 0) traffic(c, p, { per: bars.per, sums: [...p.twin.values()].flat() }, tops.twin);
  for (const [height, y] of [
    [lanes.you, tops.you],
    [lanes.controllers, tops.controllers],
    [lanes.lives, tops.lives],
    [lanes.ghosts, tops.ghosts],
  ] as const)
    if (height > 0) hairline(c, 16, y, scale.x1, palette('line'));
  if (lanes.controllers > 0) ticks(c, p, tops.controllers + lanes.controllers / 2);
  if (lanes.lives > 0) lives(c, p, tops.lives);
  ghosts(c, p, tops.ghosts);
  skips(c, p, tops.axis);
  hairline(c, 16, tops.axis, scale.x1, palette('line'));
}

const hairline = (c: CanvasRenderingContext2D, x0: number, y: number, x1: number, colour: string): void => {
  c.fillStyle = colour;
  c.fillRect(x0, Math.round(y), x1 - x0, 1);
};

function grid(c: CanvasRenderingContext2D, { scale, head, palette }: Picture, bottom: number): void {
  c.fillStyle = palette('line');
  for (let at = 0; at <= scale.end; at += scale.step) c.fillRect(Math.round(xOf(scale, at)), 4, 1, bottom - 4);
  // What has not been simulated yet is hatched, not empty.
  const from = xOf(scale, head);
  c.save();
  c.beginPath();
  c.rect(from, 2, scale.x1 - from, bottom - 2);
  c.clip();
  c.strokeStyle = palette('line-strong');
  c.globalAlpha = 0.34;
  c.lineWidth = 1;
  c.beginPath();
  for (let x = from - bottom; x < scale.x1; x += 8.5) {
    c.moveTo(x, bottom);
    c.lineTo(x + bottom, 0);
  }
  c.stroke();
  c.restore();
}

/** Sums and the seconds that a bar of them lasts. */
type Summed = ReturnType<typeof trafficFor>;

/** One bar: what the seconds of a pixel column add up to. */
interface Bar {
  ok: number;
  failed: number;
  versions: [number, number, number];
}

function barsOf({ versionOf }: Picture, { per, sums }: Summed): { bars: Map<number, Bar>; most: number } {
  const bars = new Map<number, Bar>();
  let most = 1;
  for (const s of sums) {
    const slot = Math.floor(s.second / per);
    let bar = bars.get(slot);
    if (!bar) bars.set(slot, (bar = { ok: 0, failed: 0, versions: [0, 0, 0] }));
    bar.ok += s.ok;
    bar.failed += s.failed;
    for (const [image, n] of Object.entries(s.byImage)) bar.versions[versionOf(image) % 3]! += n;
    most = Math.max(most, bar.ok + bar.failed);
  }
  return { bars, most };
}

function traffic(c: CanvasRenderingContext2D, p: Picture, summed: Summed, top: number): void {
  const { scale, lanes, palette, head } = p;
  const base = Math.round(top + lanes.traffic - 13);
  const up = lanes.traffic - 20;
  const { per } = summed;
  const { bars, most } = barsOf(p, summed);
  for (const [slot, bar] of bars) {
    const from = slot * per * 1000;
    if (from >= head) continue;
    const x = xOf(scale, from);
    const width = Math.max(1.5, xOf(scale, Math.min(head, from + per * 1000)) - x - (per === 1 ? 1.5 : 0.75));
    const known = bar.versions[0] + bar.versions[1] + bar.versions[2];
    let y = base;
    for (let v = 0; v < 3; v++) {
      const share = known === 0 ? (v === 0 ? 1 : 0) : bar.versions[v]! / known;
      const height = (up * share * bar.ok) / most;
      if (height <= 0) continue;
      y -= height;
      c.fillStyle = palette(`v${v + 1}`);
      c.fillRect(x, y, width, height);
      if (v > 0) pattern(c, x, y, width, height, v, palette('v-pattern'));
    }
    if (bar.ok > 0) {
      c.fillStyle = palette('ready');
      c.fillRect(x, y - 1.5, width, 2);
    }
    if (bar.failed > 0) {
      c.fillStyle = palette('failed');
      c.fillRect(x, base + 2, width, Math.max(3, Math.min(11, (22 * bar.failed) / Math.max(1, bar.ok + bar.failed))));
    }
  }
  hairline(c, scale.x0, base, scale.x1, palette('ink-3'));
}

/** Diagonal for the second version, dots for the third. */
function pattern(
  c: CanvasRenderingContext2D,
  x: number,
  y: number,
  w: number,
  h: number,
  v: number,
  colour: string,
): void {
  if (h < 3) return;
  c.save();
  c.beginPath();
  c.rect(x, y, w, h);
  c.clip();
  c.strokeStyle = colour;
  c.fillStyle = colour;
  c.lineWidth = 1.6;
  c.beginPath();
  if (v === 1) {
    for (let i = Math.floor((x - h) / 5) * 5; i < x + w; i += 5) {
      c.moveTo(i, y + h);
      c.lineTo(i + h, y);
    }
    c.stroke();
  } else for (let i = x + 1; i < x + w; i += 4) for (let j = y + 1; j < y + h; j += 4) c.fillRect(i, j, 1.4, 1.4);
  c.restore();
}

/** True for deeds of controllers, the scheduler and the API machinery: what acts by itself in the control plane. */
const isControllers = (deed: Deed): boolean =>
  !isYours(deed) && !deed.code.startsWith('kubelet.') && !deed.code.startsWith('machine.') && deed.by !== 'you';

function ticks(c: CanvasRenderingContext2D, { scale, history, palette, now }: Picture, middle: number): void {
  c.fillStyle = palette('ink-3');
  let drawn = -9;
  let hot = -1;
  for (const deed of history.deeds) {
    if (!isControllers(deed)) continue;
    const x = xOf(scale, deed.at);
    if (deed.at <= now && deed.at > now - 1000) hot = x;
    if (x - drawn < 2.5) continue;
    drawn = x;
    c.fillRect(x - 0.8, middle - 5, 1.6, 10);
  }
  if (hot >= 0) {
    c.fillStyle = palette('done');
    c.fillRect(hot - 1.5, middle - 5, 3, 10);
  }
}

const lifeStyle: Record<LifeKind, { token: string; width: number; dash: number[] }> = {
  ready: { token: 'ready', width: 1.6, dash: [] },
  waiting: { token: 'waiting', width: 1.7, dash: [3, 2] },
  failed: { token: 'failed', width: 2.8, dash: [] },
  terminating: { token: 'idle', width: 1.2, dash: [1.5, 2] },
  done: { token: 'done', width: 1.2, dash: [7, 3] },
};

/** Space between two bars: 2.9 px, less when there are many, and at least what can still be told apart. */
const pitches = [4.9, 3.6, 2.9, 2.3, 1.8];

/** The lives that have room, oldest first; when there are too many the longest gone are left out. */
export function livesShown(history: History, room: number): { list: Life[]; pitch: number } {
  const all = [...history.lives.values()];
  if (all.some((life, i) => i > 0 && all[i - 1]!.born > life.born)) all.sort((a, b) => a.born - b.born);
  const pitch = pitches.find((p) => all.length * p <= room - 8) ?? pitches.at(-1)!;
  const most = Math.floor((room - 8) / pitch);
  if (all.length <= most) return { list: all, pitch };
  // The living fill the room first, the newest of them; then those that went last.
  const living = all.filter((life) => life.end === null);
  if (living.length >= most) return { list: living.slice(living.length - most), pitch };
  const gone = all.filter((life) => life.end !== null).sort((a, b) => b.end! - a.end! || b.born - a.born);
  return { list: [...living, ...gone.slice(0, most - living.length)].sort((a, b) => a.born - b.born), pitch };
}

function lives(c: CanvasRenderingContext2D, p: Picture, top: number): void {
  const { list, pitch } = livesShown(p.history, p.lanes.lives);
  list.forEach((life, i) => {
    const y = top + 6 + i * pitch;
    life.stretches.forEach((stretch, j) => {
      const to = Math.min(p.head, life.stretches[j + 1]?.from ?? life.end ?? p.head);
      if (to <= stretch.from) return;
      const style = lifeStyle[stretch.kind];
      c.strokeStyle = p.palette(style.token);
      c.lineWidth = Math.min(style.width, pitch);
      c.setLineDash(style.dash);
      c.beginPath();
      c.moveTo(xOf(p.scale, stretch.from), y);
      c.lineTo(Math.max(xOf(p.scale, stretch.from) + 1, xOf(p.scale, to)), y);
      c.stroke();
    });
  });
  c.setLineDash([]);
}

function ghosts(c: CanvasRenderingContext2D, p: Picture, top: number): void {
  const { scale, lanes, palette } = p;
  c.strokeStyle = palette('idle');
  p.ghosts.slice(0, lanes.ghosts).forEach((branch, i) => {
    const y = top + lanes.ghost * (i + 0.5);
    const a = xOf(scale, branch.forkedAt);
    const b = Math.max(a + 26, xOf(scale, branch.head));
    c.lineWidth = 2;
    c.setLineDash([1, 5]);
    c.lineCap = 'round';
    c.beginPath();
    c.moveTo(a, top - 4);
    c.bezierCurveTo(a + 2, y, a + 6, y, a + 18, y);
    c.lineTo(b, y);
    c.stroke();
    c.setLineDash([]);
    c.lineWidth = 1.75;
    c.beginPath();
    c.moveTo(b - 5, y - 4);
    c.lineTo(b, y);
    c.lineTo(b - 5, y + 4);
    c.stroke();
    c.lineCap = 'butt';
  });
}

function skips(c: CanvasRenderingContext2D, p: Picture, bottom: number): void {
  const { scale, palette } = p;
  for (const gap of p.gaps) {
    const a = xOf(scale, gap.from);
    const b = xOf(scale, gap.to);
    c.fillStyle = palette('sunken');
    c.globalAlpha = 0.78;
    c.fillRect(a, 4, b - a, bottom - 4);
    c.globalAlpha = 1;
    c.strokeStyle = palette('line-strong');
    c.lineWidth = 1;
    c.setLineDash([2, 3]);
    c.beginPath();
    for (const x of [a, b]) {
      c.moveTo(Math.round(x) + 0.5, 4);
      c.lineTo(Math.round(x) + 0.5, bottom);
    }
    c.stroke();
    c.setLineDash([]);
  }
}
