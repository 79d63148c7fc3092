/** A Service: the only round thing, because it is an address. */
import type { PlacedService } from '../layout.ts';
import { fitText, textWidth } from '../measure.ts';
import { line, rect, text } from '../paint.ts';
import type { SceneService } from '../scene.ts';
import type { Glyph, Look } from './glyph.ts';
import { plug } from './marks.ts';

/** Promises endpoints and has none. */
export const isDead = (service: SceneService): boolean => service.endpoints === 0 && !service.passive;

export const serviceGlyph: Glyph<PlacedService> = {
  kind: 'Service',
  sign: ({ service: s, box, lines }, look) =>
    [box.x, box.y, box.w, box.h, lines, s.name, s.type, s.address, s.ports, s.endpoints, s.passive, look.lang].join(
      '|',
    ),
  draw: (g, placed, look) => {
    const { service, box } = placed;
    const dead = isDead(service);
    rect(g, box.x, box.y, box.w, box.h, {
      r: box.h / 2,
      fill: 'panel',
      s: dead ? 'failed' : service.passive ? 'line-control' : 'ready',
      w: placed.lines === 1 ? 1.75 : 2,
      c: 'edge',
    });
    if (placed.lines === 3) three(g, placed, look, dead);
    else if (placed.lines === 2) two(g, placed, look, dead);
    else one(g, placed, look, dead);
  },
};

const address = (s: SceneService): string =>
  s.type === 'ExternalName' ? s.address : s.address === 'None' ? 'headless' : s.address;

function three(g: SVGGElement, { service: s, box }: PlacedService, look: Look, dead: boolean): void {
  const cx = box.x + box.w / 2;
  const room = box.w - 30;
  const kind = s.type === 'ClusterIP' ? 'Service' : s.type;
  const name = textWidth(`${kind} ${s.name}`, false) <= room ? `${kind} ${s.name}` : s.name;
  text(g, cx, box.y + 23, fitText(name, room + 10, false), { anchor: 'middle', weight: 640 });
  text(g, cx, box.y + 42, fitText(address(s), box.w - 10, true), { anchor: 'middle', mono: true, fill: 'ink-2' });
  text(g, cx, box.y + 60, fitText(s.ports, room - 4, true), { anchor: 'middle', mono: true, fill: 'ink-3' });
  const y = box.y + box.h + 18;
  if (s.passive) return;
  if (dead) {
    plug(g, box.x + 24, y, 7, 'failed', true);
    text(g, box.x + 46, y + 5, look.labels.endpoints(0), { fill: 'failed-text', weight: 640 });
  } else {
    dotted(g, box.x + 10, box.x + 34, y);
    text(g, box.x + 46, y + 5, look.labels.endpoints(s.endpoints), { fill: 'ready-text', weight: 600 });
  }
}

function dotted(g: SVGGElement, x1: number, x2: number, y: number): void {
  line(g, x1, y, x2, y, { s: 'ready', w: 2.5, d: '.1 5', cap: 'round' });
}

function two(g: SVGGElement, { service: s, box }: PlacedService, look: Look, dead: boolean): void {
  const left = box.x + Math.min(24, box.h * 0.42);
  const right = box.x + box.w - Math.min(22, box.h * 0.4);
  const y1 = box.y + box.h / 2 - 5;
  const y2 = box.y + box.h / 2 + 14;
  const wide = box.w > 260;
  const count = wide ? look.labels.endpoints(s.endpoints) : String(s.endpoints);
  const w = textWidth(count, !wide);
  text(g, left, y1, fitText(s.name, right - left - w - (dead ? 30 : 24), true), { mono: true, weight: 640 });
  if (!s.passive) {
    text(g, right, y1, count, {
      anchor: 'end',
      mono: !wide,
      weight: 640,
      fill: dead ? 'failed-text' : 'ready-text',
    });
    if (dead) plug(g, right - w - 16, y1 - 5, 6, 'failed', true);
    else dotted(g, right - w - 18, right - w - 6, y1 - 4);
  }
  const port = s.ports.split(' → ')[0]?.split(',')[0] ?? '';
  const where = s.type === 'ExternalName' || !port ? address(s) : `${address(s)}:${port}`;
  text(g, left, y2, fitText(where, right - left + 6, true), { mono: true, fill: 'ink-3' });
}

function one(g: SVGGElement, { service: s, box }: PlacedService, look: Look, dead: boolean): void {
  void look;
  const left = box.x + 16;
  const right = box.x + box.w - 14;
  const y = box.y + box.h / 2 + 5;
  const w = textWidth(String(s.endpoints), true);
  text(g, left, y, fitText(s.name, right - left - w - (dead ? 32 : 24), true), { mono: true, weight: 600 });
  if (s.passive) return;
  text(g, right, y, s.endpoints, { anchor: 'end', mono: true, weight: 640, fill: dead ? 'failed-text' : 'ready-text' });
  if (dead) plug(g, right - w - 16, y - 5, 6, 'failed', true);
  else dotted(g, right - w - 18, right - w - 6, y - 4);
}
