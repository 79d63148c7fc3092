/** Stands in for a kind without a drawing of its own, and for a drawing that threw. */
import { rect, text } from '../paint.ts';

/** A plain dashed box with the kind's name. */
export function defaultGlyph(g: SVGGElement, kind: string, box: { x: number; y: number; w: number; h: number }): void {
  rect(g, box.x, box.y, box.w, box.h, { r: 4, fill: 'panel', s: 'line-control', w: 1.25, d: '4 3' });
  text(g, box.x + 6, box.y + Math.min(box.h - 4, 16), kind, { fill: 'ink-3' });
}
