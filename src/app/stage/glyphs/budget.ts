/** A disruption budget: the level of healthy pods against the line below which it must not fall. */
import type { PlacedAddon } from '../layout.ts';
import { fitText } from '../measure.ts';
import { el, hit, line, rect, text } from '../paint.ts';
import type { SceneBudget } from '../scene.ts';
import type { Glyph } from './glyph.ts';

type PlacedBudget = Extract<PlacedAddon, { readonly kind: 'budget' }>;

export const budgetGlyph: Glyph<PlacedBudget> = {
  kind: 'PodDisruptionBudget',
  sign: ({ item: b, box, full }, look) =>
    [box.x, box.y, box.w, full, b.name, b.healthy, b.wanted, b.allowed, b.setting, look.lang].join('|'),
  draw: (g, { item, box, full }, look) => {
    const { x, y, w, h } = box;
    hit(g, x, y, w, h);
    el(g, 'title').textContent = look.labels.budgetSentence(item);
    const fill = item.allowed > 0 ? 'ink-2' : 'waiting-text';
    if (!full) {
      bar(g, x, y + 7, w - 14, 9, item);
      text(g, x + w, y + 16, item.allowed, { mono: true, weight: 640, anchor: 'end', fill });
      return;
    }
    text(g, x, y + 13, fitText(item.name, w, true), { mono: true, weight: 560 });
    bar(g, x, y + 20, w, 9, item);
    text(g, x, y + 47, fitText(look.labels.mayGo(item.allowed), w, false), {
      fill,
      weight: item.allowed > 0 ? 420 : 560,
    });
  },
};

/** Full up to the line, light from there to what is healthy: that much may go. */
function bar(g: SVGGElement, x: number, y: number, w: number, h: number, b: SceneBudget): void {
  const all = Math.max(1, b.healthy, b.wanted);
  const at = (n: number): number => (w * n) / all;
  rect(g, x, y, w, h, { r: 2, fill: 'sunken', s: 'line-strong', w: 1 });
  const kept = Math.min(b.healthy, b.wanted);
  if (kept > 0) rect(g, x + 1, y + 1, at(kept) - 2, h - 2, { r: 1, fill: b.healthy < b.wanted ? 'waiting' : 'ready' });
  if (b.healthy > b.wanted)
    rect(g, x + at(b.wanted) + 1.5, y + 1.5, at(b.healthy - b.wanted) - 3, h - 3, {
      r: 1,
      fill: 'panel',
      s: 'ready',
      w: 1.25,
    });
  line(g, x + at(b.wanted), y - 3, x + at(b.wanted), y + h + 3, { s: 'ink', w: 2.5 });
}
