/** An autoscaler: a dial with the target and its tolerance on the arc, the needle at what is measured, and the arithmetic. */
import type { PlacedAddon } from '../layout.ts';
import { fitText } from '../measure.ts';
import { circle, el, hit, line, path, text, type Parent } from '../paint.ts';
import { desiredWord, tolerance } from '../scene-duties.ts';
import type { SceneMetric, SceneScaler } from '../scene.ts';
import type { Glyph } from './glyph.ts';

type PlacedScaler = Extract<PlacedAddon, { readonly kind: 'scaler' }>;

export const scalerGlyph: Glyph<PlacedScaler> = {
  kind: 'HorizontalPodAutoscaler',
  sign: ({ item: s, box, full }, look) => [JSON.stringify([box, full, s]), look.lang].join('|'),
  draw: (g, { item, box, full }, look) => {
    const { x, y, w, h } = box;
    hit(g, x, y, w, h);
    el(g, 'title').textContent = look.labels.scalerSentence(item);
    const metric = item.metrics[item.deciding];
    if (!full) {
      dial(g, x + 22, y + 20, 18, metric);
      if (w > 100) text(g, x + 48, y + 19, fitText(measured(metric), w - 48, true), { mono: true, weight: 640 });
      return;
    }
    dial(g, x + 32, y + 40, 30, metric);
    const left = x + 72;
    const room = w - 72;
    text(g, left, y + 13, fitText(measured(metric), room, true), { mono: true, weight: 640 });
    text(g, left, y + 30, formulaOf(item), { mono: true, fill: 'ink-2' });
    const word = look.labels.scalerReason(item);
    text(g, left, y + 47, fitText(word, room, false), {
      fill: item.trouble ? 'failed-text' : item.reason ? 'waiting-text' : 'ink-3',
      weight: item.trouble || item.reason ? 560 : 420,
    });
  },
};

const value = (n: number, unit: string): string =>
  Number.isNaN(n) ? '?' : `${Math.round(n * 100) / 100}${unit ? `\u2009${unit}` : ''}`;

/** `cpu 150 / 50 %`: what is measured against what is wanted. */
export const measured = (m: SceneMetric | undefined): string =>
  m ? `${m.name} ${value(m.current, '')} / ${value(m.target, m.unit)}` : '?';

/**
 * `⌈2×150/50⌉=6→4`: the wish of the metric, and what limits leave of it. Where neither explains what is desired (pods without
 * a reading count as 0, which the status does not tell), only the outcome.
 */
export function formulaOf(scaler: SceneScaler): string {
  const { current, desired, metrics, deciding, wish, tolerated, held } = scaler;
  const m = metrics[deciding];
  if (!m || Number.isNaN(wish) || (wish !== desired && !held && desired > 0))
    return `${current}→${desiredWord(scaler)}`;
  const sum = tolerated
    ? `${current}×${value(m.current, '')}/${value(m.target, '')}≈${current}`
    : `⌈${current}×${value(m.current, '')}/${value(m.target, '')}⌉=${wish}`;
  return wish === desired || desired === 0 ? sum : `${sum}→${desired}`;
}

/** The end of the arc is three times the target: the target never moves. */
const span = 3;
const at = (x: number, y: number, r: number, fraction: number): readonly [number, number] => {
  const angle = Math.PI * (1 - Math.max(0, Math.min(1, fraction)));
  return [x + r * Math.cos(angle), y - r * Math.sin(angle)];
};
const bow = (x: number, y: number, r: number, from: number, to: number): string => {
  const [ax, ay] = at(x, y, r, from);
  const [bx, by] = at(x, y, r, to);
  return `M${ax.toFixed(2)} ${ay.toFixed(2)}A${r} ${r} 0 0 1 ${bx.toFixed(2)} ${by.toFixed(2)}`;
};

/** The dial: half a circle, the tolerance as a block on it, the needle over both. */
export function dial(g: Parent, x: number, y: number, r: number, metric: SceneMetric | undefined): void {
  const w = r * 0.26;
  const mid = r - w / 2;
  path(g, bow(x, y, mid, 0, 1), { s: 'sunken', w, cap: 'butt' });
  path(g, bow(x, y, r, 0, 1), { s: 'line-strong', w: 1 });
  if (!metric || Number.isNaN(metric.current) || !(metric.target > 0)) {
    text(g, x, y - r * 0.2, '?', { anchor: 'middle', weight: 700, fill: 'ink-3', size: Math.max(14, r * 0.55) });
    return;
  }
  path(g, bow(x, y, mid, (1 - tolerance) / span, (1 + tolerance) / span), { s: 'ready', w, cap: 'butt' });
  const [ta, tb] = [at(x, y, r - w - 1, 1 / span), at(x, y, r + 2.5, 1 / span)];
  line(g, ta[0], ta[1], tb[0], tb[1], { s: 'ink', w: r > 24 ? 2.5 : 2 });
  const [nx, ny] = at(x, y, r - w * 0.4, metric.current / metric.target / span);
  line(g, x, y, nx, ny, { s: 'ink', w: r > 24 ? 2.5 : 2, cap: 'round' });
  circle(g, x, y, r > 24 ? 3.4 : 2.4, { fill: 'ink' });
}
