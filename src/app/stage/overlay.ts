/** What lies over the objects: selection, numbers of a Why chain, captions, focus, the lens over a box of cells. */
import type { StageView, StageZoom } from './contract.ts';
import type { Fills } from './defs.ts';
import type { Drawing } from './draw.ts';
import type { Target } from './picture.ts';
import { badge, meter } from './glyphs/marks.ts';
import { podGlyph } from './glyphs/pod.ts';
import { stateGlyph } from './glyphs/state.ts';
import { isBad } from './glyphs/node.ts';
import { drawContainers } from './glyphs/containers.ts';
import { placeCaption } from './place-caption.ts';
import { metrics, type Box, type Layout, type PlacedPod } from './layout.ts';
import { textWidth } from './measure.ts';
import { circle, clear, el, group, path, rect, text } from './paint.ts';
import type { Scene } from './scene.ts';

export interface OverlayInput {
  readonly scene: Scene;
  readonly layout: Layout;
  readonly view: StageView;
  readonly fills: Fills;
}

export interface Overlay {
  update(input: OverlayInput): void;
  /** The keyboard stands here; null: nowhere. */
  focusAt(uid: string | null): void;
  /** The pointer is over this object; null: over none. */
  hover(uid: string | null): void;
  zoomed(zoom: StageZoom, input: OverlayInput): void;
}

/** Beyond this a caption counts as far from what it is about. */
const farPx = 40;

const isProcess = (at: string): boolean => at === 'etcd' || at.startsWith('kube-');

/** Builds the overlay above a drawing. */
export function createOverlay(drawing: Drawing): Overlay {
  const root = drawing.over;
  const near = group(root, 'near');
  const rings = group(root, 'rings');
  const halo = el(root, 'rect', { class: 'focus-halo' });
  const ring = el(root, 'rect', { class: 'focus-ring' });
  const badges = group(root, 'badges');
  const captions = group(root, 'captions');
  const lens = group(root, 'lens');
  let input: OverlayInput | null = null;
  let focused: string | null = null;
  let hovered: string | null = null;
  let zoom: StageZoom = { level: 'cluster', scale: 1 };
  let marks = '';
  let stood: { readonly at: string; readonly box: Box } | null = null;

  function around(element: SVGRectElement, t: Target, out: number): void {
    const box = t.frame ?? t.box;
    element.setAttribute('x', String(box.x - out));
    element.setAttribute('y', String(box.y - out));
    element.setAttribute('width', String(box.w + 2 * out));
    element.setAttribute('height', String(box.h + 2 * out));
    element.setAttribute('rx', String(t.round + (out > 3 ? 3 : 1)));
  }

  function drawFocus(): void {
    const t = focused === null ? undefined : drawing.targets.get(focused);
    for (const element of [halo, ring]) {
      element.style.visibility = t ? 'visible' : 'hidden';
      if (t) around(element, t, t.kind === 'node' ? 2.5 : 4);
    }
  }

  function drawMarks({ view }: OverlayInput): void {
    clear(rings);
    clear(badges);
    const { selection, highlights } = view;
    for (const uid of view.spots ?? []) {
      const spot = targetOf(uid);
      if (spot) around(el(rings, 'rect', { class: 'spot-ring' }), spot, spot.kind === 'node' ? 1.5 : 4);
    }
    const t = selection ? targetOf(selection.uid) : undefined;
    if (t) around(el(rings, 'rect', { class: 'select-ring' }), t, t.kind === 'node' ? 1.5 : 4);
    for (const [uid, n] of highlights) {
      const at = targetOf(uid);
      if (!at) continue;
      badge(badges, at.box.x - 2, at.box.y + (at.kind === 'node' ? 6 : -2), n);
    }
    lit(highlights);
  }

  const targetOf = (uid: string): Target | undefined =>
    drawing.targets.get(uid) ?? drawing.targets.get(`tray/${uid}`) ?? drawing.targets.get(`process/${uid}`);

  function lit(highlights: ReadonlyMap<string, number>): void {
    const sign = [...highlights.keys()].join();
    const { svg } = drawing;
    svg.toggleAttribute('data-why', highlights.size > 0);
    if (sign === marks && highlights.size === 0) return;
    marks = sign;
    for (const g of svg.querySelectorAll('.o.lit')) g.classList.remove('lit');
    for (const uid of highlights.keys()) {
      drawing.element(uid)?.classList.add('lit');
      drawing.element(`tray/${uid}`)?.classList.add('lit');
    }
  }

  function drawCaption({ view, layout }: OverlayInput): void {
    clear(captions);
    const caption = view.caption;
    const t = caption ? targetOf(caption.at) : undefined;
    // On the projector captions have a line of their own below the stage.
    if (!caption || !t || caption.lines.length === 0 || view.theme === 'projector') return;
    const strong = caption.strong ?? 1;
    const width = (l: string, i: number): number => textWidth(l, false) * (i < strong ? 1.1 : 1.05);
    const size = { w: Math.max(...caption.lines.map(width)) + 24, h: caption.lines.length * 19 + 13 };
    const failed = caption.tone === 'failed';
    const box = placeCaption(layout, t.box, size, stood?.at === caption.at ? stood.box : null);
    stood = { at: caption.at, box };
    rect(group(captions, 'lift'), box.x, box.y, box.w, box.h, {
      r: 6,
      fill: 'raised',
      s: failed ? 'failed' : 'line-strong',
      w: 1.25,
    });
    const [tip, edge] = nearest(t.box, box);
    // What is said of a process names it: a line across the whole stage would only be in the way.
    const far = Math.hypot(tip.x - edge.x, tip.y - edge.y) > farPx;
    if (!far || !isProcess(caption.at)) {
      path(captions, `M${tip.x} ${tip.y}L${edge.x} ${edge.y}`, { s: failed ? 'failed' : 'ink-3', w: 1.5 });
      circle(captions, tip.x, tip.y, 2.5, { fill: failed ? 'failed' : 'ink-3' });
    }
    caption.lines.forEach((l, i) =>
      text(captions, box.x + 12, box.y + 20 + i * 19, l, {
        weight: i < strong ? 600 : 440,
        fill: failed && i < strong ? 'failed-text' : i < strong ? 'ink' : 'ink-2',
      }),
    );
  }

  /** A node of cells, one zoom level up, beside the pointer. */
  function drawLens(): void {
    clear(lens);
    if (!input || hovered === null || input.layout.mode !== 'boxes' || zoom.scale > 3) return;
    const { layout, view, fills } = input;
    const t = drawing.targets.get(hovered);
    const placed = t && layout.nodes.find((n) => n.node.name === t.node);
    if (!placed) return;
    const own = layout.pods.filter((p) => p.where === 'row' && p.pod.node === placed.node.name);
    const m = metrics.small;
    const across = Math.max(3, Math.min(8, Math.ceil(Math.sqrt(own.length * 2.2))));
    const shown = own.slice(0, across * 5);
    const lines = Math.max(1, Math.ceil(shown.length / across));
    const w = Math.max(230, across * (m.tw + 6) + 14);
    const h = 38 + lines * (m.th + 7) + (shown.length < own.length ? 18 : 4);
    const { box } = placed;
    const x = Math.max(layout.xr, Math.min(layout.x1 - w, box.x + box.w / 2 - w / 2));
    const below = box.y + box.h + 10 + h < layout.height;
    const y = below ? box.y + box.h + 10 : box.y - h - 10;
    rect(group(lens, 'lift'), x, y, w, h, { r: 8, fill: 'raised', s: 'line-strong', w: 1.25 });
    const cx = Math.max(x + 14, Math.min(x + w - 14, box.x + box.w / 2));
    const edge = below ? y + 0.6 : y + h - 0.6;
    const tip = below ? edge - 8 : edge + 8;
    path(lens, `M${cx - 7} ${edge}L${cx} ${tip}L${cx + 7} ${edge}`, {
      fill: 'raised',
      s: 'line-strong',
      w: 1.25,
      cap: 'butt',
    });
    stateGlyph(lens, isBad(placed.node) ? 'unknown' : 'ready', x + 16, y + 17, isBad(placed.node) ? 6 : 4.6);
    text(lens, x + 28, y + 22, placed.node.name, { mono: true, weight: 640 });
    meter(lens, x + w - 128, y + 17, 78, 'cpu', placed.node.cpuRequested, 0);
    const look = {
      labels: view.labels,
      fills,
      now: view.now,
      lang: view.lang,
      projector: false,
      usage: view.usage,
    };
    shown.forEach((p, i) => {
      const g = group(lens);
      g.setAttribute(
        'transform',
        `translate(${x + 10 + (i % across) * (m.tw + 6)} ${y + 36 + Math.floor(i / across) * (m.th + 7)})`,
      );
      podGlyph.draw(g, { ...p, metric: m, labelRoom: 0 }, look);
    });
    if (shown.length < own.length)
      text(lens, x + w - 12, y + h - 8, view.labels.more(own.length - shown.length), { anchor: 'end', fill: 'ink-3' });
  }

  /** Close up: containers inside tiles, tiles inside boxes. */
  function drawNear(): void {
    clear(near);
    if (!input) return;
    const { layout, view, fills } = input;
    const look = { labels: view.labels, fills, now: view.now, lang: view.lang, projector: false, usage: view.usage };
    const width = layout.metric.tw * zoom.scale;
    if (width < 190) return;
    const visible = visiblePods(root, layout, 24);
    for (const p of visible) {
      const g = group(near);
      g.setAttribute('transform', `translate(${p.x} ${p.y})`);
      drawContainers(g, p, look);
    }
  }

  return {
    update: (next) => {
      input = next;
      drawMarks(next);
      drawCaption(next);
      drawFocus();
      if (hovered !== null) drawLens();
      if (zoom.scale > 1.5) drawNear();
    },
    focusAt: (uid) => {
      focused = uid;
      drawFocus();
    },
    hover: (uid) => {
      if (hovered === uid) return;
      hovered = uid;
      drawLens();
    },
    zoomed: (next, over) => {
      zoom = next;
      input = over;
      drawNear();
      if (hovered !== null) drawLens();
    },
  };
}

/** Where a line between two boxes begins and ends: straight where they face each other. */
function nearest(a: Box, b: Box): readonly [{ x: number; y: number }, { x: number; y: number }] {
  const along = (from: number, size: number, other: number, otherSize: number): readonly [number, number] => {
    if (from + size < other) return [from + size, other];
    if (other + otherSize < from) return [from, other + otherSize];
    const middle = (Math.max(from, other) + Math.min(from + size, other + otherSize)) / 2;
    return [middle, middle];
  };
  const [ax, bx] = along(a.x, a.w, b.x, b.w);
  const [ay, by] = along(a.y, a.h, b.y, b.h);
  return [
    { x: ax, y: ay },
    { x: bx, y: by },
  ];
}

/** Pods in sight, from the transform of the world: no layout is read. */
function visiblePods(root: SVGGElement, layout: Layout, most: number): PlacedPod[] {
  const world = root.parentNode as SVGGElement;
  const m = /translate\(([-\d.e]+) ([-\d.e]+)\) scale\(([\d.]+)\)/.exec(world.getAttribute('transform') ?? '');
  if (!m) return [];
  const [x, y, k] = [Number(m[1]), Number(m[2]), Number(m[3])];
  const seen: PlacedPod[] = [];
  for (const p of layout.pods) {
    if (p.where === 'hidden') continue;
    const left = p.x * k + x;
    const top = p.y * k + y;
    if (left > layout.width * 1.3 || top > layout.height * 1.3 || left < -p.metric.tw * k || top < -p.metric.th * k)
      continue;
    seen.push(p);
    if (seen.length >= most) break;
  }
  return seen;
}
