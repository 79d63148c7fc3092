/** A PersistentVolumeClaim: a ticket, and once it is bound a clip that holds it to its disk. */
import type { PlacedClaim } from '../layout.ts';
import { fitText } from '../measure.ts';
import { el, hit, line, path, text, type Parent } from '../paint.ts';
import type { Glyph } from './glyph.ts';
import { stateGlyph } from './state.ts';

export const claimGlyph: Glyph<PlacedClaim> = {
  kind: 'PersistentVolumeClaim',
  sign: ({ claim: c, box }, look) =>
    [box.x, box.y, box.w, c.name, c.phase, c.size, c.volume, c.pods.size, look.lang].join('|'),
  draw: (g, { claim, box }, look) => {
    const { x, y, w, h } = box;
    hit(g, x, y, w, h);
    el(g, 'title').textContent = look.labels.claimSentence(claim);
    const bound = claim.phase === 'Bound';
    const end = w - 36;
    ticket(g, x + 2, y + 1, end, h - 2, claim.phase === 'Lost');
    text(g, x + 11, y + h / 2 + 5, fitText(claim.name, end - 42, true), { mono: true, weight: 560 });
    const state = bound ? 'ready' : claim.phase === 'Lost' ? 'failed' : 'pending';
    stateGlyph(g, state, x + end - 10, y + h / 2, bound ? 4 : 5);
    if (!bound) return;
    const cy = y + h / 2;
    path(g, `M${x + end - 1} ${cy - 3.5}h9a3.5 3.5 0 0 1 0 7h-9`, { s: 'ink-2', w: 1.6 });
    disk(g, x + w - 23, y + 2, 22, h - 4, 'line-control');
  },
};

/** Notched at both ends, torn along its stub. */
function ticket(g: Parent, x: number, y: number, w: number, h: number, lost: boolean): void {
  const n = h * 0.15;
  path(
    g,
    `M${x} ${y}H${x + w}V${y + h * 0.35}a${n} ${n} 0 0 0 0 ${2 * n}V${y + h}H${x}V${y + h * 0.65}a${n} ${n} 0 0 0 0 ${-2 * n}Z`,
    { s: lost ? 'failed' : 'line-control', fill: 'panel', w: 1.5 },
  );
  line(g, x + w - 24, y + 3, x + w - 24, y + h - 3, { s: 'line-control', w: 1, d: '2 3' });
}

/** A disk: it stands outside the nodes and stays when they go. */
export function disk(g: Parent, x: number, y: number, w: number, h: number, token: string): void {
  const r = Math.min(4, h * 0.2);
  path(g, `M${x} ${y + r}V${y + h - r}A${w / 2} ${r} 0 0 0 ${x + w} ${y + h - r}V${y + r}`, {
    s: token,
    fill: 'panel',
    w: 1.5,
  });
  el(g, 'ellipse', {
    cx: x + w / 2,
    cy: y + r,
    rx: w / 2,
    ry: r,
    fill: 'var(--node-bar)',
    stroke: `var(--${token})`,
    'stroke-width': 1.5,
  });
}
