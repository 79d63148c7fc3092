/** Where a caption stands: beside its object where it covers nothing that is read, as near as there is room. Pure. */
import { isBad } from './glyphs/node.ts';
import type { Box, Layout } from './layout.ts';

/** Steps of the search, px. */
const step = { x: 16, y: 8 } as const;
/** Distance that one covered px² is worth: covering is worse than being far. */
const covered = 6;
const air = 6;

/** What must stay visible: pods and their words, names of nodes, heads, trays, pills, gates, processes. */
export function obstaclesOf(layout: Layout): Box[] {
  const { strip, groups, nodes, pods } = layout;
  const loom = layout.mode === 'loom';
  const head = { x: layout.single ? layout.x0 : layout.xr, y: layout.headerY - 4 };
  return [
    // Heads and trays stand in one strip from the left to the right.
    ...(groups.length > 0 ? [{ ...head, w: layout.x1 - head.x, h: Math.max(0, layout.top - head.y) }] : []),
    ...(strip ? [{ x: layout.xr, y: strip.y, w: layout.x1 - layout.xr, h: strip.h + 6 }] : []),
    // Of a node's title the name counts, and what is said of a silent one; its meters may be covered if need be.
    ...nodes.map(({ node, box, title }) =>
      loom ? { ...box, w: isBad(node) ? box.w : Math.min(120, box.w), h: title + 2 } : box,
    ),
    ...(loom ? nodes : []).map(({ box, title }) => ({ ...box, h: title / 4 })),
    ...(loom ? pods : [])
      .filter((p) => p.where !== 'hidden')
      .map((p) => ({ x: p.x, y: p.y, w: Math.max(p.metric.tw, p.labelRoom), h: p.metric.th + 18 })),
    ...layout.services.map(({ box }) => ({ ...box, h: box.h + 22 })),
    ...layout.users.map(({ x, y }) => ({ x, y: y - 14, w: layout.left, h: 30 })),
    ...[...layout.gates, ...layout.policies, ...layout.claims, ...layout.addons].map(({ box }) => box),
  ];
}

const overlap = (a: Box, b: Box): number =>
  Math.max(0, Math.min(a.x + a.w, b.x + b.w + air) - Math.max(a.x, b.x - air)) *
  Math.max(0, Math.min(a.y + a.h, b.y + b.h + air) - Math.max(a.y, b.y - air));

/** The nearest place for a caption of this size that covers nothing; else the one that covers least. `before`: where it stood. */
export function placeCaption(
  layout: Layout,
  target: Box,
  { w, h }: { readonly w: number; readonly h: number },
  before: Box | null,
): Box {
  const obstacles = obstaclesOf(layout);
  const cost = (box: Box): number => {
    const dx = Math.max(0, box.x - target.x - target.w, target.x - box.x - box.w);
    const dy = Math.max(0, box.y - target.y - target.h, target.y - box.y - box.h);
    let sum = Math.hypot(dx, dy) + covered * overlap(box, target);
    for (const o of obstacles) sum += covered * overlap(box, o);
    return sum;
  };
  if (before?.w === w && before.h === h && cost(before) < 240) return before;
  let best: Box = { x: 8, y: layout.height - h - 8, w, h };
  let least = cost(best);
  for (let y = 8; y <= layout.height - h - 8; y += step.y)
    for (let x = 8; x <= layout.width - w - 8; x += step.x) {
      const box = { x, y, w, h };
      const c = cost(box);
      if (c < least) [best, least] = [box, c];
    }
  return best;
}
