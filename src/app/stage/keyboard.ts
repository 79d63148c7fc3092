/** Where an arrow key leads. Pure. */
import type { Target } from './picture.ts';
import type { Layout } from './layout.ts';

export type Direction = 'left' | 'right' | 'up' | 'down';

/**
 * The next object in a direction. Nodes and their pods form lines: right of a node's name come its pods, up and
 * down lead to the line above or below at about the same place; headers, processes and services lie around them.
 */
export function nextTarget(
  targets: ReadonlyMap<string, Target>,
  from: string | null,
  direction: Direction,
  layout: Layout,
): string | null {
  const here = from === null ? undefined : targets.get(from);
  if (!here || from === null) return layout.nodes[0]?.node.uid ?? [...targets.keys()][0] ?? null;
  const inRow = (name: string | undefined): [string, Target][] =>
    [...targets].filter(([, t]) => t.kind === 'pod' && t.node === name && name !== '');
  if (here.kind === 'node') {
    const node = nodeStep(here, direction, layout);
    if (node !== null) return node;
    if (direction === 'right') return nearest(inRow(here.node), { x: here.box.x, y: here.box.y + here.box.h });
  }
  if (here.kind === 'pod' && here.node) {
    const row = inRow(here.node);
    const beside = best(row, from, here, direction);
    if (beside !== null) return beside;
    if (direction === 'left') return layout.nodes.find((n) => n.node.name === here.node)?.node.uid ?? null;
    if (direction === 'right') return null;
    const other = otherRow(here, direction, layout, inRow);
    if (other !== null) return other;
  }
  return best(
    [...targets].filter(([, t]) => t.kind !== 'pod' || t.node === ''),
    from,
    here,
    direction,
  );
}

function nodeStep(here: Target, direction: Direction, layout: Layout): string | null {
  const i = layout.nodes.findIndex((n) => n.node.name === here.node);
  if (layout.mode === 'loom') {
    if (direction === 'up') return layout.nodes[i - 1]?.node.uid ?? null;
    if (direction === 'down') return layout.nodes[i + 1]?.node.uid ?? null;
  }
  return null;
}

/** The pod about above or below in the next row that has any, else that row's node. */
function otherRow(
  here: Target,
  direction: 'up' | 'down',
  layout: Layout,
  inRow: (name: string) => [string, Target][],
): string | null {
  const i = layout.nodes.findIndex((n) => n.node.name === here.node);
  const step = direction === 'up' ? -1 : 1;
  for (let j = i + step; j >= 0 && j < layout.nodes.length; j += step) {
    const { node } = layout.nodes[j]!;
    const found = nearest(inRow(node.name), { x: here.box.x, y: here.box.y + step * 1000 });
    if (found !== null) return found;
    if (j === i + step && layout.mode === 'loom') return node.uid;
  }
  return null;
}

function nearest(candidates: readonly [string, Target][], to: { x: number; y: number }): string | null {
  let found: string | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const [uid, { box }] of candidates) {
    const d = Math.abs(box.x - to.x) + Math.abs(box.y - to.y) * 0.01;
    if (d < least) [found, least] = [uid, d];
  }
  return found;
}

/** The nearest in a direction: distance along it, and twice the distance beside it. */
function best(
  candidates: readonly [string, Target][],
  from: string,
  here: Target,
  direction: Direction,
): string | null {
  const a = centre(here);
  let found: string | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const [uid, t] of candidates) {
    if (uid === from) continue;
    const b = centre(t);
    const dx = b.x - a.x;
    const dy = b.y - a.y;
    const along = direction === 'left' ? -dx : direction === 'right' ? dx : direction === 'up' ? -dy : dy;
    const beside = direction === 'left' || direction === 'right' ? Math.abs(dy) : Math.abs(dx);
    if (along < 2 || beside > along * 3 + 60) continue;
    const cost = along + beside * 2;
    if (cost < least) [found, least] = [uid, cost];
  }
  return found;
}

const centre = ({ box, kind }: Target): { x: number; y: number } => ({
  // A row's place is its name, not its middle.
  x: kind === 'node' && box.w > 200 ? box.x + 40 : box.x + box.w / 2,
  y: box.y + box.h / 2,
});
