import type { Branch, Deed } from '../../protocol/index.ts';

/** The axis of the time area: all lanes share it. */
export interface Scale {
  /** Virtual ms at the right end. */
  readonly end: number;
  /** Virtual ms between two labels. */
  readonly step: number;
  readonly x0: number;
  readonly x1: number;
}

const steps = [5, 15, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14_400, 43_200, 86_400].map((s) => s * 1000);

/**
 * The axis for a run that is simulated up to `head`: some future is always visible, and the end moves in whole steps, so that
 * the picture stands still for a while. 94 s on 1,122 px: step 15 s, end 150 s.
 */
export function scaleFor(head: number, x0: number, x1: number, labelWidth = 80): Scale {
  const width = Math.max(1, x1 - x0);
  const most = Math.max(2, Math.floor(width / labelWidth));
  const span = Math.max(60_000, head * 1.4);
  const step = steps.find((s) => span / s <= most) ?? steps.at(-1)! * Math.ceil(span / steps.at(-1)! / most);
  // Ends on every second step: growing by one label at a time would make everything creep.
  return { end: Math.ceil(span / (step * 2)) * step * 2, step, x0, x1 };
}

/** Pixel of a moment. */
export const xOf = (scale: Scale, at: number): number => scale.x0 + ((scale.x1 - scale.x0) * at) / scale.end;

/** Moment of a pixel, within the axis. */
export const timeAt = (scale: Scale, x: number): number =>
  Math.min(scale.end, Math.max(0, ((x - scale.x0) / (scale.x1 - scale.x0)) * scale.end));

/** A stretch in which nothing significant happened. */
export interface Gap {
  readonly from: number;
  readonly to: number;
}

/** Shortest stretch that is drawn as skipped: a minute. */
const shortestGap = 60_000;
/** What is left visible at both ends of a gap. */
const gapMargin = 0.06;

/** Stretches without a deed before `head`, at least a minute and `minPixels` wide. */
export function gapsOf(deeds: readonly Deed[], head: number, scale: Scale, minPixels = 110): Gap[] {
  const gaps: Gap[] = [];
  let last = 0;
  for (let i = 0; i <= deeds.length; i++) {
    const at = i < deeds.length ? deeds[i]!.at : head;
    const length = at - last;
    if (length >= shortestGap) {
      const margin = length * gapMargin;
      const gap = { from: last + margin, to: at - margin };
      if (xOf(scale, gap.to) - xOf(scale, gap.from) >= minPixels) gaps.push(gap);
    }
    last = Math.max(last, at);
  }
  return gaps;
}

/** A label on a lane: where it stands and how wide it may be. */
export interface Placed<T> {
  readonly item: T;
  readonly x: number;
  /** Room up to the next mark, in px; 0 when there is none for a label. */
  readonly room: number;
}

/** Gives each mark of a lane the room up to the next. Marks closer than `merge` px fall into one, the later one wins. */
export function placeMarks<T>(items: readonly T[], at: (item: T) => number, scale: Scale, merge = 3): Placed<T>[] {
  const placed: { item: T; x: number; room: number }[] = [];
  for (const item of items) {
    const x = xOf(scale, at(item));
    const last = placed.at(-1);
    if (last && x - last.x < merge) {
      last.item = item;
      continue;
    }
    if (last) last.room = x - last.x;
    placed.push({ item, x, room: 0 });
  }
  const last = placed.at(-1);
  if (last) last.room = scale.x1 - last.x;
  return placed;
}

/** Branch → when its child on the way to `from` left it; `from` itself was never left. */
function lineage(from: Branch, all: readonly Branch[]): Map<number, number> {
  const left = new Map<number, number>([[from.id, Infinity]]);
  let at: Branch | undefined = from;
  while (at && at.parent !== null && !left.has(at.parent)) {
    left.set(at.parent, at.forkedAt);
    const { parent }: Branch = at;
    at = all.find((b) => b.id === parent);
  }
  return left;
}

/** When a ghost and the current branch went different ways: up to there they are one line. */
export function partedAt(ghost: Branch, current: Branch, all: readonly Branch[]): number {
  const mine = lineage(current, all);
  for (const [id, left] of lineage(ghost, all)) {
    const leftByMe = mine.get(id);
    if (leftByMe !== undefined) return Math.min(left, leftByMe);
  }
  return ghost.forkedAt;
}
