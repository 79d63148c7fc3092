/** What is laid upon a group stands at the end of its head: with words where there is room, else as a sign. Pure. */
import type { PlacedAddon, PlacedGroup } from './layout.ts';

/** Widths with words, with figures alone (on the projector), and as signs, px. */
export const addonWidths = {
  scaler: { full: 206, line: 176, sign: 46 },
  budget: { full: 122, line: 38, sign: 38 },
} as const;
const gap = 10;
type Kind = keyof typeof addonWidths;
type Size = 'full' | 'line' | 'sign';

interface Head {
  readonly y: number;
  readonly single: boolean;
  /** The phone has no room for them. */
  readonly plain: boolean;
  readonly projector: boolean;
}

/** Words for as many as leave `least` to the rest of the head; what has no room even as a sign is taken off the list. */
function sizesFor(wanted: Kind[], w: number, least: number): Size[] {
  const sum = (sizes: readonly Size[]): number =>
    sizes.reduce((all, size, i) => all + addonWidths[wanted[i]!][size] + gap, 0);
  for (let full = wanted.length; full > 0; full--) {
    const sizes = wanted.map((_, i): Size => (i < full ? 'full' : 'sign'));
    if (w - sum(sizes) >= least) return sizes;
  }
  while (wanted.length > 1 && w - sum(wanted.map(() => 'sign')) < 70) wanted.pop();
  return wanted.map(() => 'sign');
}

/** The projector has room for one of them, with figures that can be read from the last row. */
function sizesForProjector(wanted: Kind[], w: number): Size[] {
  wanted.length = 1;
  return [w - addonWidths[wanted[0]!].line >= 340 ? 'line' : 'sign'];
}

/** Places the addons of all groups and says where the heads end that make room for them. */
export function placeAddons(
  groups: readonly PlacedGroup[],
  head: Head,
): { groups: PlacedGroup[]; addons: PlacedAddon[] } {
  const addons: PlacedAddon[] = [];
  const placed = groups.map((g) => {
    const { scaler, budgets } = g.group;
    const wanted: Kind[] = [
      ...(scaler ? (['scaler'] as const) : []),
      ...(budgets.length > 0 ? (['budget'] as const) : []),
    ];
    if (wanted.length === 0 || g.staggered || head.plain) return g;
    const { single } = head;
    const sizes = head.projector && single ? sizesForProjector(wanted, g.w) : sizesFor(wanted, g.w, single ? 240 : 210);
    const sum = wanted.reduce((w, kind, i) => w + addonWidths[kind][sizes[i]!] + gap, 0);
    if (g.w - sum < 70) return g;
    const start = g.x + g.w - sum + gap;
    let x = start;
    wanted.forEach((kind, i) => {
      const full = sizes[i] === 'full';
      const w = addonWidths[kind][sizes[i]!];
      const box = { x, y: head.y + (full ? 0 : single ? 2 : 18), w, h: full ? 50 : 22 };
      if (kind === 'scaler') addons.push({ kind, item: scaler!, box, full });
      else addons.push({ kind, item: budgets[0]!, box, full });
      x += w + gap;
    });
    const whole = single || sizes.includes('full');
    return { ...g, nameEnd: whole ? start - gap : g.nameEnd, bandEnd: start - gap };
  });
  return { groups: placed, addons };
}
