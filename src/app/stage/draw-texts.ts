/** Words that stand by themselves: the strip's name, zones, numbers of boxes, the pager, what to do when nothing is there. */
import type { StageView } from './contract.ts';
import { stateGlyph } from './glyphs/state.ts';
import type { Layout } from './layout.ts';
import { el, path, rect, text } from './paint.ts';
import type { Picture } from './picture.ts';
import type { Scene } from './scene.ts';

/** Draws them all. */
export function drawTexts(g: SVGGElement, { layout, view, scene }: Picture): void {
  const { labels } = view;
  const { x0, left, xr, x1, strip } = layout;
  if (strip && left > 0) text(g, x0, strip.y + strip.h / 2 + 5, labels.controlPlane, { fill: 'ink-3' });
  drawPager(g, layout, view, scene.groups);
  for (const zone of layout.zones) {
    const name = labels.zone(zone.name);
    text(g, xr, zone.y + 13, name, { weight: 640 });
    path(g, `M${xr + name.length * 8 + 18} ${zone.y + 8.5}H${x1}`, { s: 'line-strong', w: 1 });
  }
  // Boxes with names need no numbers.
  if (layout.mode === 'boxes' && left > 0) {
    const seen = new Set<number>();
    for (const n of layout.nodes) {
      if (seen.has(n.box.y)) continue;
      seen.add(n.box.y);
      const number = /\d+$/.exec(n.node.name)?.[0] ?? n.node.name.slice(-3);
      text(g, xr, n.box.y + n.box.h / 2 + 5, number.padStart(3, '0'), { mono: true, fill: 'ink-3' });
    }
  }
  if (scene.nodes.length === 0 || scene.groups.length === 0) drawEmpty(g, layout, view, scene);
}

/** Which groups are shown, and the way to the others. */
function drawPager(g: SVGGElement, layout: Layout, view: StageView, groups: Scene['groups']): void {
  const { page, x0, left, headerY } = layout;
  if (layout.single || left === 0 || page.all === 0) return;
  text(g, x0, headerY + 13, view.labels.workloads(page.all), { weight: 560 });
  if (page.count < 2) return;
  const button = (x: number, name: string, act: string, on: boolean, d: string): void => {
    const b = el(g, 'g', { role: 'button', 'aria-label': name, 'data-act': act, class: on ? 'pager' : 'pager off' });
    rect(b, x, headerY + 21, 28, 28, { r: 5, fill: 'panel', s: on ? 'line-control' : 'line-strong', w: 1 });
    path(b, d, { s: on ? 'ink' : 'ink-off', w: 1.75 });
  };
  const y = headerY + 35;
  button(x0, view.labels.previousPage, 'previous', page.index > 0, `M${x0 + 16} ${y - 5}l-5 5 5 5`);
  button(x0 + 32, view.labels.nextPage, 'next', page.index < page.count - 1, `M${x0 + 44} ${y - 5}l5 5 -5 5`);
  text(g, x0 + 68, y + 5, view.labels.pageOf(page.from, page.to, page.all), { fill: 'ink-2' });
  // Every group as a state, so that trouble on another page is seen; those in sight are underlined.
  const pitch = Math.min(14, (left - 4) / groups.length);
  groups.forEach((group, i) => {
    const x = x0 + 6 + i * pitch;
    stateGlyph(g, group.condition.state, x, headerY + 64, Math.min(4.5, pitch * 0.36));
    if (i + 1 >= page.from && i + 1 <= page.to)
      path(g, `M${x - pitch / 2} ${headerY + 73}h${pitch}`, { s: 'ink', w: 2, cap: 'butt' });
  });
}

/** No workload yet: trays in dashes and one sentence. */
function drawEmpty(g: SVGGElement, layout: Layout, view: StageView, scene: Scene): void {
  const { xr, x1, headerY, top } = layout;
  const cx = (xr + x1) / 2;
  if (scene.nodes.length === 0) {
    text(g, cx, (top + layout.height) / 2, view.labels.noNodes, { anchor: 'middle', fill: 'ink-2' });
    return;
  }
  const half = (x1 - xr) / 2;
  for (const x of [xr + 2, xr + half + 7])
    path(g, `M${x} ${top - 3}V${top - 10}H${x + half - 9}V${top - 3}`, { s: 'line-strong', w: 1.5, d: '3 4' });
  text(g, xr, headerY + 20, view.labels.emptyTitle, { size: 18, weight: 640 });
  text(g, xr, headerY + 42, view.labels.emptyHint, { fill: 'ink-2', size: 15 });
}
