/** Pods have a choreography of their own: they grow, slide, change, and shrink. */
import { select } from 'd3';
import { podGlyph } from './glyphs/pod.ts';
import type { PlacedPod } from './layout.ts';
import { appear, grow, shake, shrink } from './motion.ts';
import { group } from './paint.ts';
import type { Painter } from './painter.ts';
import type { Picture } from './picture.ts';

export interface Pods {
  update(picture: Picture, sentence: (p: PlacedPod) => string): void;
}

/** The layer of pods. */
export function createPods(layer: SVGGElement, painter: Painter): Pods {
  let first = true;
  const before = new WeakMap<Element, PlacedPod>();
  const leaving = new Set<SVGGElement>();

  function enter(g: SVGGElement, p: PlacedPod, picture: Picture): void {
    g.dataset['uid'] = p.pod.uid;
    g.setAttribute('role', 'graphics-symbol');
    g.setAttribute('tabindex', '-1');
    painter.elements.set(p.pod.uid, g);
    move(g, p);
    const quiet = first || picture.settle || picture.pace === 0 || p.where === 'hidden' || p.metric.size === 'cell';
    if (quiet) return;
    const column = picture.layout.groups.flatMap((x) => x.columns).find((c) => c.column.uid === p.pod.column);
    const from = column
      ? { x: column.x + column.w / 2 - p.metric.tw * 0.2, y: picture.layout.top - 12 }
      : { x: p.x + p.metric.tw * 0.3, y: p.y + p.metric.th * 0.3 };
    grow(g, from, p, picture.pace);
  }

  function move(g: SVGGElement, p: PlacedPod): void {
    const old = before.get(g);
    if (!old || old.x !== p.x || old.y !== p.y) g.style.transform = `translate(${p.x}px, ${p.y}px)`;
    if (!old || old.where !== p.where || old.metric.size !== p.metric.size)
      g.setAttribute('class', `o pod ${p.metric.size}${p.where === 'hidden' ? ' away' : ''}`);
  }

  function exit(g: SVGGElement, picture: Picture): void {
    const p = before.get(g);
    if (g.dataset['uid']) painter.elements.delete(g.dataset['uid']);
    if (
      !p ||
      picture.settle ||
      picture.pace === 0 ||
      p.where === 'hidden' ||
      p.metric.size === 'cell' ||
      leaving.size > 60
    ) {
      g.remove();
      return;
    }
    // Out of the join: what comes back under the same uid is another element.
    g.setAttribute('class', 'gone');
    g.removeAttribute('tabindex');
    g.setAttribute('aria-hidden', 'true');
    leaving.add(g);
    shrink(g, { x: p.x, y: p.y, w: p.metric.tw, h: p.metric.th }, picture.pace, () => {
      leaving.delete(g);
      g.remove();
    });
  }

  function change(g: SVGGElement, old: PlacedPod, p: PlacedPod, pace: number): void {
    if (old.pod.state === p.pod.state && old.pod.look.restarts === p.pod.look.restarts) return;
    const { state } = p.pod;
    if (state === 'backoff' || state === 'oom' || state === 'failed' || p.pod.look.restarts > old.pod.look.restarts) {
      const body = g.firstElementChild as SVGGElement | null;
      if (body) shake(body, pace);
    }
    const mark = g.querySelector(state === 'terminating' ? '.hatch' : '.state');
    if (mark) appear(mark, pace);
  }

  return {
    update: (picture, sentence) => {
      const placed = picture.layout.pods;
      if (picture.settle) for (const g of leaving) g.remove();
      const bound = select(layer)
        .selectAll<SVGGElement, PlacedPod>(':scope > .o')
        .data(placed, (p) => p.pod.uid);
      bound.exit().each(function leave(this: unknown) {
        exit(this as SVGGElement, picture);
      });
      bound
        .enter()
        .append('g')
        .each(function arrive(p) {
          enter(this, p, picture);
          const body = group(this, 'body');
          painter.paint(body, p, podGlyph);
          this.setAttribute('aria-label', sentence(p));
          before.set(this, p);
        });
      bound.each(function stay(p) {
        const old = before.get(this);
        if (old && samePlaced(old, p)) return;
        move(this, p);
        const body = this.firstElementChild as SVGGElement;
        if (p.where !== 'hidden' && painter.paint(body, p, podGlyph)) {
          this.setAttribute('aria-label', sentence(p));
          if (old && picture.pace > 0 && !picture.settle && p.metric.size !== 'cell')
            change(this, old, p, picture.pace);
        }
        before.set(this, p);
      });
      first = false;
    },
  };
}

/** Nothing about the pod or its place changed, and nothing of it runs with the clock. */
function samePlaced(a: PlacedPod, b: PlacedPod): boolean {
  return (
    a.pod === b.pod &&
    a.x === b.x &&
    a.y === b.y &&
    a.where === b.where &&
    a.metric.size === b.metric.size &&
    a.metric.tw === b.metric.tw &&
    a.labelRoom === b.labelRoom &&
    a.labelCount === b.labelCount &&
    a.labelEnd === b.labelEnd &&
    a.sideRoom === b.sideRoom &&
    b.pod.state !== 'terminating' &&
    b.pod.state !== 'backoff'
  );
}
