/**
 * Pods have a choreography of their own: they grow, slide, change, and shrink. There may be a thousand of them of which
 * three have changed, so they are kept by uid and only those are touched.
 */
import { podGlyph } from './glyphs/pod.ts';
import type { PlacedPod } from './layout.ts';
import { appear, grow, shake, shrink } from './motion.ts';
import { group } from './paint.ts';
import type { Painter } from './painter.ts';
import type { Picture } from './picture.ts';

export interface Pods {
  update(picture: Picture, sentence: (p: PlacedPod) => string): void;
}

/** A pod on the stage, with its element. */
interface Standing {
  readonly g: SVGGElement;
  readonly body: SVGGElement;
  placed: PlacedPod;
}

/** The layer of pods. */
export function createPods(layer: SVGGElement, painter: Painter): Pods {
  let first = true;
  let lang = '';
  const standing = new Map<string, Standing>();
  const leaving = new Set<SVGGElement>();

  function enter(g: SVGGElement, p: PlacedPod, picture: Picture): void {
    g.dataset['uid'] = p.pod.uid;
    g.setAttribute('role', 'graphics-symbol');
    g.setAttribute('tabindex', '-1');
    painter.elements.set(p.pod.uid, g);
    const quiet = first || picture.settle || picture.pace === 0 || p.where === 'hidden' || p.metric.size === 'cell';
    if (quiet) return;
    const column = picture.layout.groups.flatMap((x) => x.columns).find((c) => c.column.uid === p.pod.column);
    const from = column
      ? { x: column.x + column.w / 2 - p.metric.tw * 0.2, y: picture.layout.top - 12 }
      : { x: p.x + p.metric.tw * 0.3, y: p.y + p.metric.th * 0.3 };
    grow(g, from, p, picture.pace);
  }

  function arrive(p: PlacedPod, picture: Picture, sentence: (p: PlacedPod) => string): Standing {
    const g = group(layer);
    move(g, null, p);
    enter(g, p, picture);
    const body = group(g, 'body');
    painter.paint(body, p, podGlyph);
    g.setAttribute('aria-label', sentence(p));
    return { g, body, placed: p };
  }

  function stay(known: Standing, p: PlacedPod, picture: Picture, sentence: (p: PlacedPod) => string): void {
    const { g, body, placed: old } = known;
    move(g, old, p);
    known.placed = p;
    if (p.where === 'hidden' || !painter.paint(body, p, podGlyph)) return;
    g.setAttribute('aria-label', sentence(p));
    if (picture.pace > 0 && !picture.settle && p.metric.size !== 'cell') change(known, old, picture.pace);
  }

  function move(g: SVGGElement, old: PlacedPod | null, p: PlacedPod): void {
    if (old?.x !== p.x || old.y !== p.y) g.style.transform = `translate(${p.x}px, ${p.y}px)`;
    if (old?.where !== p.where || old.metric.size !== p.metric.size)
      g.setAttribute('class', `o pod ${p.metric.size}${p.where === 'hidden' ? ' away' : ''}`);
  }

  function exit(g: SVGGElement, p: PlacedPod, picture: Picture): void {
    painter.elements.delete(p.pod.uid);
    if (picture.settle || picture.pace === 0 || p.where === 'hidden' || p.metric.size === 'cell' || leaving.size > 60) {
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

  function change({ body, placed: p }: Standing, old: PlacedPod, pace: number): void {
    if (old.pod.state === p.pod.state && old.pod.look.restarts === p.pod.look.restarts) return;
    const { state } = p.pod;
    if (state === 'backoff' || state === 'oom' || state === 'failed' || p.pod.look.restarts > old.pod.look.restarts)
      shake(body, pace);
    const mark = body.querySelector(state === 'terminating' ? '.hatch' : '.state');
    if (mark) appear(mark, pace);
  }

  return {
    update: (picture, sentence) => {
      if (picture.settle) for (const g of leaving) g.remove();
      const translated = lang !== picture.view.lang;
      lang = picture.view.lang;
      const placed = new Set<string>();
      for (const p of picture.layout.pods) {
        const { uid } = p.pod;
        placed.add(uid);
        const known = standing.get(uid);
        if (!known) standing.set(uid, arrive(p, picture, sentence));
        else if (translated || !samePlaced(known.placed, p)) stay(known, p, picture, sentence);
        if (known && translated) known.g.setAttribute('aria-label', sentence(p));
      }
      if (standing.size > placed.size)
        for (const [uid, { g, placed: p }] of standing)
          if (!placed.has(uid)) {
            standing.delete(uid);
            exit(g, p, picture);
          }
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
