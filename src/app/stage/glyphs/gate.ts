/** An Ingress: a gate at the edge where outside traffic enters, with the table of its rules; in outline while nobody serves it. */
import type { PlacedGate } from '../layout.ts';
import { fitText, textWidth } from '../measure.ts';
import { el, hit, path, rect, text, type Parent } from '../paint.ts';
import type { SceneRule } from '../scene.ts';
import type { Glyph } from './glyph.ts';

export const gateGlyph: Glyph<PlacedGate> = {
  kind: 'Ingress',
  sign: ({ gate, box, lines }, look) => [JSON.stringify([box, lines, gate]), look.lang].join('|'),
  draw: (g, { gate, box, lines }, look) => {
    const { x, y, w, h } = box;
    hit(g, x, y, w, h);
    el(g, 'title').textContent = look.labels.gateSentence(gate);
    gateway(g, x + 8, y + 4, 32, Math.min(34, h - 6), gate.served);
    const left = x + 50;
    const room = w - 50;
    // The host is what a request names; where there are several, the lines say them.
    const hosts = new Set(gate.rules.map((r) => r.host));
    const [host = '*'] = hosts;
    const title = hosts.size === 1 && host !== '*' ? host : gate.name;
    text(g, left, y + 15, fitText(title, room, true), { mono: true, weight: 640 });
    if (!gate.served) {
      text(g, left, y + 33, fitText(look.labels.gateUnserved, room, false), { fill: 'waiting-text', weight: 560 });
      return;
    }
    gate.rules.slice(0, lines).forEach((rule, i) => drawRule(g, rule, i, left, y + 33 + i * 18, room, hosts.size > 1));
    if (gate.rules.length > lines)
      text(g, x + w, y + 15, look.labels.more(gate.rules.length - lines), { anchor: 'end', fill: 'ink-3' });
  },
};

/** Two posts under a double lintel. */
export function gateway(g: Parent, x: number, y: number, w: number, h: number, served: boolean): void {
  const ink = served ? ({ s: 'ink-2', w: 3 } as const) : ({ s: 'ink-3', w: 1.75, d: '4 4' } as const);
  path(g, `M${x + 4} ${y + h}V${y}M${x + w - 4} ${y + h}V${y}`, ink);
  path(g, `M${x} ${y}H${x + w}M${x + 3} ${y + 7}H${x + w - 3}`, { ...ink, w: served ? 2.5 : 1.75 });
  if (!served) text(g, x + w / 2, y + h - 4, '?', { anchor: 'middle', fill: 'ink-3', size: 16 });
}

/** `/api → shop`, the host before it when the gate has several. */
function drawRule(
  parent: Parent,
  rule: SceneRule,
  i: number,
  x: number,
  y: number,
  room: number,
  hosts: boolean,
): void {
  const g = el(parent, 'g', { 'data-rule': i });
  // Lights up when a request is matched by it.
  rect(g, x - 4, y - 14, room + 8, 18, { r: 3, fill: 'done-wash', s: 'done', w: 1.25, o: 0, c: 'lamp' });
  const missing = rule.uid === '';
  const target = `${missing ? '✕' : '→'}\u2009${rule.service}`;
  const wanted = textWidth(target, true);
  const where = hosts ? rule.host + (rule.path === '/' ? '' : rule.path) : rule.path;
  const shownTarget = fitText(target, Math.max(room * 0.55, room - textWidth(where, true) - 6), true);
  const left = room - Math.min(wanted, textWidth(shownTarget, true)) - 6;
  text(g, x, y, fitText(where, left, true), { mono: true, fill: 'ink-3' });
  text(g, x + room, y, shownTarget, {
    anchor: 'end',
    mono: true,
    fill: missing ? 'failed-text' : 'ink-2',
    ...(missing && { weight: 560 }),
  });
}
