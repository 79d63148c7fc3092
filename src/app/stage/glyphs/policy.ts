/** A NetworkPolicy: a shield in halves, in on the left and out on the right; a full half is closed but for what is allowed. */
import type { PlacedPolicy } from '../layout.ts';
import { fitText } from '../measure.ts';
import { circle, el, hit, line, path, text, type Parent } from '../paint.ts';
import type { Isolation } from '../scene.ts';
import type { Glyph } from './glyph.ts';

export const policyGlyph: Glyph<PlacedPolicy> = {
  kind: 'NetworkPolicy',
  sign: ({ policy: p, box }, look) => [box.x, box.y, box.w, p.name, p.ingress, p.egress, p.pods, look.lang].join('|'),
  draw: (g, { policy, box }, look) => {
    const { x, y, w, h } = box;
    hit(g, x, y, w, h);
    el(g, 'title').textContent = look.labels.policySentence(policy);
    const way: Isolation =
      policy.ingress && policy.egress ? 'both' : policy.ingress ? 'in' : policy.egress ? 'out' : '';
    shield(g, x + 14, y + h / 2 - 0.5, 9, way);
    const count = `${policy.pods}`;
    text(g, x + 32, y + h / 2 + 5, fitText(policy.name, w - 44 - count.length * 8.4, true), {
      mono: true,
      weight: 560,
    });
    text(g, x + w, y + h / 2 + 5, count, {
      anchor: 'end',
      mono: true,
      fill: policy.pods > 0 ? 'ink-2' : 'waiting-text',
      weight: 560,
    });
  },
};

const outline = (x: number, y: number, s: number): string =>
  `M${x} ${y - s}L${x + s * 0.85} ${y - s * 0.7}V${y + s * 0.1}C${x + s * 0.85} ${y + s * 0.65} ${x + s * 0.35} ${y + s * 0.95} ${x} ${y + s * 1.1}C${x - s * 0.35} ${y + s * 0.95} ${x - s * 0.85} ${y + s * 0.65} ${x - s * 0.85} ${y + s * 0.1}V${y - s * 0.7}Z`;
const half = (x: number, y: number, s: number, side: -1 | 1): string =>
  `M${x} ${y - s}L${x + side * s * 0.85} ${y - s * 0.7}V${y + s * 0.1}C${x + side * s * 0.85} ${y + s * 0.65} ${x + side * s * 0.35} ${y + s * 0.95} ${x} ${y + s * 1.1}Z`;

/** The shield around (x, y); s is half its height. */
export function shield(g: Parent, x: number, y: number, s: number, way: Isolation): void {
  path(g, outline(x, y, s), { fill: 'panel', s: 'idle', w: s > 7 ? 1.75 : 1.4 });
  if (way === 'in' || way === 'both') path(g, half(x, y, s, -1), { fill: 'idle' });
  if (way === 'out' || way === 'both') path(g, half(x, y, s, 1), { fill: 'idle' });
  line(g, x, y - s, x, y + s * 1.1, { s: 'idle', w: 1.2 });
}

/** A shield on a plate, on the band of a tile. */
export function tileShield(g: Parent, x: number, y: number, way: Isolation): void {
  circle(g, x, y, 8.5, { fill: 'panel' });
  shield(g, x, y - 0.3, 6.2, way);
}
