/** The header of a column group: card, band between its two lines, counts. The trays are `replicaset.ts`. */
import type { PlacedGroup } from '../layout.ts';
import { fitText, textWidth } from '../measure.ts';
import { circle, el, hit, line, path, rect, text, type Parent } from '../paint.ts';
import { stateColor } from '../podlook.ts';
import type { SceneGroup } from '../scene.ts';
import { cronSign, drawCron } from './cronjob.ts';
import type { Glyph, Look } from './glyph.ts';
import { drawJob, jobSign } from './job.ts';
import { stateGlyph } from './state.ts';

/** Height of the card of a single group, px. */
export const cardHeight = (boxes: boolean): number => (boxes ? 58 : 80);

/** A group's header and where it stands. */
export interface PlacedHeader {
  readonly placed: PlacedGroup;
  readonly single: boolean;
  /** Cells and cards have their own words; boxes of nodes leave less height. */
  readonly boxes: boolean;
  readonly x0: number;
  readonly left: number;
  readonly xr: number;
  readonly x1: number;
  readonly y: number;
  readonly h: number;
  readonly severalNamespaces: boolean;
  readonly hideBounds: boolean;
}

export const headerGlyph: Glyph<PlacedHeader> = {
  kind: 'Deployment',
  sign: (h, look) => {
    const { group, x, w, level, nameEnd, bandEnd } = h.placed;
    return [
      x,
      w,
      level,
      nameEnd,
      bandEnd,
      jobSign(group.job),
      cronSign(group.cron, look.now),
      h.y,
      h.h,
      h.left,
      h.x1,
      h.single,
      h.boxes,
      h.hideBounds,
      h.severalNamespaces,
      group.name,
      group.kind,
      group.strategy,
      group.condition.state,
      group.condition.word,
      group.condition.partial,
      group.desired,
      group.min,
      group.max,
      group.available,
      group.total,
      group.availableBy.join(),
      group.columns.map((c) => c.version.text).join(),
      look.lang,
      look.projector,
    ].join('|');
  },
  draw: (g, h, look) => {
    if (!h.single) hit(g, h.placed.x, h.y, h.placed.w, h.boxes ? 58 : 54);
    if (h.single && look.projector) drawProjector(g, h, look);
    else if (h.single) drawSingle(g, h, look);
    else drawShared(g, h, look);
    spellOut(g, h, look);
  },
};

/** The promise in words, for who points at it. */
function spellOut(g: SVGGElement, { placed: { group } }: PlacedHeader, look: Look): void {
  if (group.min === undefined || group.max === undefined) return;
  const setting = (value: string): string => value.replace('%', '\u2009%');
  const product = (value: string): number =>
    value.endsWith('%') ? (Number.parseFloat(value) * group.desired) / 100 : Number(value);
  el(g, 'title').textContent = [
    look.labels.surge(setting(group.surge), product(group.surge), group.max - group.desired),
    look.labels.unavailable(setting(group.unavailable), product(group.unavailable), group.desired - group.min),
  ].join('\n');
}

function conditionWord(group: SceneGroup, look: Look): string {
  return group.condition.partial ? look.labels.someAvailable(group.available, group.desired) : group.condition.word;
}

function drawSingle(g: SVGGElement, h: PlacedHeader, look: Look): void {
  const { group, bandEnd } = h.placed;
  const { left, xr, y } = h;
  if (left > 0) drawCard(g, h, look);
  const inner = bandEnd - xr;
  if (group.job || group.cron) hit(g, xr, y - 2, Math.min(inner, 280), 54);
  if (group.job) return drawJob(g, xr, y, inner, group.job, look, 'large');
  if (group.cron) return drawCron(g, xr, y, inner, group.cron, look, 'large');
  const roomy = inner > 620;
  const cells = cellCount(group);
  const counts = Math.max(
    countWidth(group.available, look.labels.available),
    countWidth(group.total, look.labels.total),
  );
  const room = inner - counts - 14 - (roomy ? 62 : 0);
  const pitch = Math.min(36, room / cells);
  const end = band(g, { x: xr, y: y + 2, h: 22, pitch, width: room, limit: bandEnd - counts - 14 }, group, look, {
    words: roomy ? 'dimensions' : 'short',
    hideBounds: h.hideBounds,
  });
  const rx = end + 14;
  count(g, rx, y + 17, group.available, look.labels.available);
  count(g, rx, y + 39, group.total, look.labels.total);
}

/** The card at the left: kind, name, strategy, state. A name that finds no room beside its kind has its own line. */
function drawCard(g: SVGGElement, h: PlacedHeader, look: Look): void {
  const { group } = h.placed;
  const { x0, left, y } = h;
  rect(g, x0, y, left, cardHeight(h.boxes), { r: 5, fill: 'panel', s: 'line-strong', w: 1.25, c: 'edge' });
  const kind = group.kind || 'Pod';
  const name = group.name || look.labels.barePods;
  const within = left - 24;
  const beside = textWidth(kind, false) + 10 + boldWidth(name, true, 16) <= within;
  const lines = h.boxes ? (beside ? [22, 22, 45] : [17, 34, 51]) : beside ? [22, 22, 45, 67] : [18, 36, 54, 72];
  text(g, x0 + 12, y + lines[0]!, kind, { fill: 'ink-3' });
  text(g, beside ? x0 + left - 12 : x0 + 12, y + lines[1]!, fitText(name, within, true, 16), {
    mono: true,
    weight: 700,
    size: 16,
    anchor: beside ? 'end' : 'start',
  });
  if (!h.boxes) text(g, x0 + 12, y + lines[2]!, fitText(group.strategy || group.namespace, within, false), {});
  const last = y + lines.at(-1)!;
  stateGlyph(g, group.condition.state, x0 + 18, last - 5, 5.5);
  const word = conditionWord(group, look);
  const tooLong = group.condition.partial && boldWidth(word, false) > left - 42;
  const shown = tooLong ? `${group.available}/${group.desired}` : fitText(word, left - 42, false);
  text(g, x0 + 30, last, shown, {
    fill: `${stateColor[group.condition.state]}-text`,
    weight: 560,
  });
}

function drawProjector(g: SVGGElement, h: PlacedHeader, look: Look): void {
  const { group, bandEnd } = h.placed;
  const { x0, xr, y } = h;
  hit(g, x0, y, h.left, 42);
  hit(g, xr, y - 2, bandEnd - xr, 28);
  text(g, x0, y + 14, group.kind || 'Pod', { fill: 'ink-3' });
  text(g, x0, y + 34, fitText(group.name || look.labels.barePods, h.left, true, 18), {
    mono: true,
    weight: 700,
    size: 18,
  });
  if (group.job) return drawJob(g, xr, y - 1, bandEnd - xr, group.job, look, 'small');
  if (group.cron) return drawCron(g, xr, y - 1, bandEnd - xr, group.cron, look, 'small');
  const cells = cellCount(group);
  const room = bandEnd - xr - 240;
  const end = band(
    g,
    { x: xr, y: y + 2, h: 22, pitch: Math.min(26, room / cells), width: room, limit: bandEnd },
    group,
    look,
    {
      words: 'none',
      hideBounds: h.hideBounds,
    },
  );
  const q = end + 14;
  const one = String(group.available).length * 12.2 + 6;
  text(g, q, y + 20, group.available, { mono: true, weight: 700, size: 20 });
  text(g, q + one, y + 19, look.labels.available, { fill: 'ink-2' });
  const q2 = q + one + textWidth(look.labels.available, false) + 16;
  text(g, q2, y + 20, group.total, { mono: true, weight: 700, size: 20 });
  text(g, q2 + String(group.total).length * 12.2 + 6, y + 19, look.labels.total, { fill: 'ink-2' });
}

const countWidth = (n: number, word: string): number => String(n).length * 10.9 + 6 + textWidth(word, false);

function count(g: Parent, x: number, y: number, n: number, word: string): void {
  text(g, x, y, n, { mono: true, weight: 700, size: 18 });
  text(g, x + String(n).length * 10.9 + 6, y, word, { fill: 'ink-2' });
}

/** One group among several: name and counts in a line, the band below it. */
function drawShared(g: SVGGElement, h: PlacedHeader, look: Look): void {
  const { group, x, level, nameEnd, bandEnd } = h.placed;
  const w = nameEnd - x;
  const { y } = h;
  const token = stateColor[group.condition.state];
  const staggered = level === 1;
  const nameY = staggered ? y + 30 : y + 13;
  const space = h.severalNamespaces && group.namespace ? `${group.namespace}/` : '';
  const name = group.name || look.labels.barePods;
  // The ring and the clock of jobs say their counts themselves.
  const counts = group.job || group.cron ? '' : `${group.available}/${group.desired}`;
  const countsWidth = textWidth(counts, true, 15);
  const glyphRoom = 18;
  // Narrow groups say their counts at the tray; names of neighbours then stand on two levels.
  const roomy = w >= textWidth(space, true) + textWidth(name, true, 15) + glyphRoom + countsWidth + 8;
  stateGlyph(g, group.condition.state, x + 8, nameY - 5, 5);
  let at = x + glyphRoom;
  const wide = roomy ? x + w - 4 - countsWidth - 8 : x + w + (h.placed.staggered ? Math.min(w, 84) : 0);
  // The last one has no neighbour to reach over: there the stage ends.
  const right = Math.min(wide, h.x1);
  // Two things of one name are told apart by nothing else: the name gives way first.
  if (space) {
    const own = fitText(space, right - at, true);
    text(g, at, nameY, own, { mono: true, fill: 'ink-3' });
    at += textWidth(own, true);
  }
  const shown = fitText(name, right - at, group.name !== '', 15);
  text(g, at, nameY, shown, { mono: group.name !== '', weight: 640, size: 15 });
  if (roomy) {
    const shownEnd = at + textWidth(shown, true, 15);
    const wordy = group.condition.state !== 'ready' || w > 220;
    const word = group.condition.state === 'ready' ? group.kind : conditionWord(group, look);
    const full = `${group.available} ${look.labels.available} · ${group.total} ${look.labels.total}`;
    const fullWidth = textWidth(full, false);
    const useFull = counts !== '' && x + w - 4 - fullWidth > shownEnd + 16 && group.kind !== '';
    if (useFull) {
      const cx = x + w - 4 - fullWidth;
      text(g, x + w - 4, nameY, full, { anchor: 'end', fill: 'ink-2' });
      if (wordy && cx - shownEnd > textWidth(word, false) + 24)
        text(g, shownEnd + 10, nameY, word, {
          fill: group.condition.state === 'ready' ? 'ink-3' : `${token}-text`,
          weight: 520,
        });
    } else {
      text(g, x + w - 4, nameY, counts, { mono: true, weight: 640, size: 15, anchor: 'end' });
      const cx = x + w - 4 - countsWidth;
      if (wordy && cx - shownEnd > textWidth(word, false) + 20)
        text(g, shownEnd + 10, nameY, word, {
          fill: group.condition.state === 'ready' ? 'ink-3' : `${token}-text`,
          weight: 520,
        });
    }
  }
  if (group.kind === '') return;
  const cells = cellCount(group);
  const stagger = h.placed.staggered;
  const width = bandEnd - x - 8;
  if (group.job) return drawJob(g, x + 2, y + (stagger ? 37 : 19), width, group.job, look, stagger ? 'line' : 'small');
  if (group.cron)
    return drawCron(g, x + 2, y + (stagger ? 37 : 19), width, group.cron, look, stagger ? 'line' : 'small');
  const pitch = Math.min(stagger ? 14 : 24, width / cells);
  band(g, { x: x + 2, y: y + (stagger ? 37 : 21), h: stagger ? 12 : 15, pitch, width, limit: bandEnd }, group, look, {
    // On two levels the tray begins where they would stand.
    words: h.placed.w >= 170 && !h.boxes && !stagger ? 'short' : 'none',
    hideBounds: h.hideBounds,
    small: true,
  });
}

const cellCount = (group: SceneGroup): number => Math.max(1, group.max ?? 0, group.desired, group.total);

interface BandBox {
  readonly x: number;
  readonly y: number;
  readonly h: number;
  readonly pitch: number;
  /** Width that a band without cells takes. */
  readonly width: number;
  /** Where its words must end. */
  readonly limit: number;
}

interface BandStyle {
  readonly words: 'dimensions' | 'short' | 'none';
  readonly hideBounds: boolean;
  readonly small?: boolean;
}

/** Draws the band; returns the right end of it and its words. */
function band(g: Parent, box: BandBox, group: SceneGroup, look: Look, style: BandStyle): number {
  const cells = cellCount(group);
  const { x, y, h, limit } = box;
  const small = style.small === true;
  const solid = box.pitch < 9;
  const pitch = solid ? box.width / cells : box.pitch;
  if (solid) level(g, box, pitch, cells, group, look);
  else drawCells(g, box, cells, group, look, small);
  const X = (n: number): number => x + n * pitch - (solid ? 0 : 1);
  const end = x + cells * pitch;
  const under = y + h + 18;
  const { min, max, desired } = group;
  const known = min !== undefined && max !== undefined;
  if (known && !style.hideBounds) {
    const over = small ? 3 : 5;
    for (const n of [min, max]) line(g, X(n), y - over, X(n), y + h + over + 1, { s: 'ink', w: small ? 2 : 2.5 });
  }
  if (style.words === 'none') return end;
  if (!known) {
    const word = look.labels.desired(desired);
    text(g, x, under, word, { fill: 'ink-3' });
    return Math.max(end, x + textWidth(word, false));
  }
  const at = { X, min, max, desired, y: small ? under - 3 : under, limit };
  if (style.hideBounds) return Math.max(end, hiddenBounds(g, at, look));
  if (desired > min && desired < max) line(g, X(desired), y + h + 2, X(desired), y + h + 7, { s: 'ink-3', w: 1.5 });
  return Math.max(end, bounds(g, at, look, small, style.words === 'dimensions' && !solid));
}

interface Bounds {
  readonly X: (n: number) => number;
  readonly min: number;
  readonly max: number;
  readonly desired: number;
  readonly y: number;
  readonly limit: number;
}

const boldWidth = (content: string, mono: boolean, size = 14): number =>
  textWidth(content, mono, size) * (mono ? 1 : 1.1);

/** "min ? 4 max ?" under the band while they are to be guessed. Returns where the words end. */
function hiddenBounds(g: Parent, { X, desired, y, limit }: Bounds, look: Look): number {
  const words = [look.labels.min('?'), String(desired), look.labels.max('?')];
  const widths = words.map((word, i) => (i === 1 ? textWidth(word, true) : boldWidth(word, false)));
  const [a, n, b] = widths as [number, number, number];
  const sum = a + n + b + 20;
  // Around the tick of the desired number where that leaves the band on neither side.
  const start = Math.max(X(0) + 1, Math.min(X(desired) - n / 2 - 10 - a, limit - sum));
  const style = { fill: 'done-text', weight: 640 };
  if (start + sum > limit) {
    text(g, X(0) + 1, y, '? – ?', style);
    return X(0) + 40;
  }
  text(g, start, y, words[0]!, style);
  text(g, start + a + 10, y, words[1]!, { mono: true, fill: 'ink-3' });
  text(g, start + a + n + 20, y, words[2]!, style);
  return start + sum;
}

/** "min 8 ←−2→|←+3→ max 13" under the band, as far as it fits, and none over another. Returns where the words end. */
function bounds(g: Parent, at: Bounds, look: Look, small: boolean, dimensions: boolean): number {
  const { X, min, max, desired, y, limit } = at;
  const a = look.labels.min(min);
  const b = look.labels.max(max);
  const wa = boldWidth(a, false);
  const wb = boldWidth(b, false);
  const style = { weight: small ? 560 : 640, fill: small ? 'ink-2' : 'ink' };
  // The left word ends at its line unless that would leave the group; the right one begins or ends at its own.
  const startsLeft = X(min) + 1 - wa < X(0);
  let ax = startsLeft ? X(0) : X(min) + 1 - wa;
  const outside = dimensions && X(max) - 4 >= ax + wa + 8 && X(max) - 4 + wb <= limit;
  let bx = outside ? X(max) - 4 : Math.max(X(max) + 1 - wb, ax + wa + 10);
  if (bx + wb > limit) {
    bx = limit - wb;
    ax = Math.min(ax, bx - 10 - wa);
  }
  if (ax < X(0)) {
    const range = `${min}–${max}`;
    text(g, X(0) + 1, y, range, style);
    return X(0) + 1 + boldWidth(range, false);
  }
  text(g, ax, y, a, style);
  text(g, bx, y, b, style);
  const [from, to] = [ax + wa, bx];
  if (outside) {
    if (desired > min && desired < max) line(g, X(desired), y - 10, X(desired), y + 1, { s: 'ink-3', w: 1.5 });
    dimension(g, Math.max(X(min), from), X(desired), y - 1, `−${desired - min}`);
    dimension(g, X(desired), X(max), y - 1, `+${max - desired}`);
  } else if (!small && X(max) - X(min) > 170 && X(desired) - 20 > from && X(desired) + 20 < to)
    text(g, X(desired), y, desired, { anchor: 'middle', mono: true, fill: 'ink-3' });
  return bx + wb;
}

function dimension(g: Parent, from: number, to: number, y: number, content: string): void {
  const a = from + 6;
  const b = to - 6;
  const m = (a + b) / 2;
  if (b - a < 40) return;
  line(g, a, y - 4, m - 13, y - 4, { s: 'ink-3', w: 1 });
  line(g, m + 13, y - 4, b, y - 4, { s: 'ink-3', w: 1 });
  path(g, `M${a + 4} ${y - 7}l-4 3 4 3M${b - 4} ${y - 7}l4 3 -4 3`, { s: 'ink-3', w: 1 });
  text(g, m, y + 1, content, { anchor: 'middle', mono: true, fill: 'ink-2' });
}

function drawCells(
  g: Parent,
  { x, y, h, pitch }: BandBox,
  cells: number,
  group: SceneGroup,
  look: Look,
  small: boolean,
): void {
  const fills: string[] = [];
  group.availableBy.forEach((n, i) => {
    for (let k = 0; k < n; k++) fills.push(look.fills.version(group.columns[i]!.version));
  });
  const r = small ? 2 : 3;
  for (let i = 0; i < cells; i++) {
    const cx = x + i * pitch;
    const fill = fills[i];
    if (fill !== undefined) {
      rect(g, cx + 1, y, pitch - 3, h, { r, fill });
      rect(g, cx + 1, y, pitch - 3, h, { r, s: 'ready', w: small ? 1.25 : 1.75 });
      circle(g, cx + pitch / 2 - 0.5, y + h / 2, small ? Math.min(3.2, pitch * 0.2) : 4.5, {
        fill: 'ready',
        s: 'panel',
        w: small ? 1 : 1.5,
      });
    } else if (i < group.total) {
      rect(g, cx + 1.5, y + 0.5, pitch - 4, h - 1, { r, fill: 'panel', s: 'waiting', w: 1.5, d: '4 3' });
      if (!small) stateGlyph(g, 'notready', cx + pitch / 2 - 0.5, y + h / 2, 4.2);
    } else rect(g, cx + 1.5, y + 0.5, pitch - 4, h - 1, { r, fill: 'sunken', s: 'line-strong', w: 1 });
  }
}

/** Too many pods for a cell each: one continuous level. */
function level(g: Parent, { x, y, h }: BandBox, pitch: number, cells: number, group: SceneGroup, look: Look): void {
  const end = cells * pitch;
  rect(g, x, y, end, h, { r: 3, fill: 'sunken', s: 'line-strong', w: 1 });
  let at = 0;
  group.availableBy.forEach((n, i) => {
    const w = n * pitch;
    if (w > 0) rect(g, x + at, y, w, h, { r: at === 0 ? 3 : 0, fill: look.fills.version(group.columns[i]!.version) });
    at += w;
  });
  const waiting = (group.total - group.available) * pitch;
  if (waiting > 0) rect(g, x + at, y + 0.5, waiting, h - 1, { r: 0, fill: 'panel', s: 'waiting', w: 1.5, d: '4 3' });
  if (at > 0) rect(g, x, y, at, h, { r: 3, s: 'ready', w: 1.75 });
}
