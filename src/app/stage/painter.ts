/** Joins items to elements by key, and redraws an element only when its sign changed. */
import { select } from 'd3';
import { defaultGlyph } from './glyphs/default.ts';
import type { Glyph, Look } from './glyphs/glyph.ts';
import type { Box } from './layout.ts';
import { clear } from './paint.ts';

/** The joining of one stage. */
export interface Painter {
  readonly elements: Map<string, SVGGElement>;
  begin(look: Look): void;
  /** Redraws a layer when its sign changed. */
  section(layer: SVGGElement, sign: string, draw: (g: SVGGElement) => void): void;
  /** Joins items by key and redraws those whose sign changed. */
  join<T>(
    layer: SVGGElement,
    items: readonly T[],
    key: (item: T) => string,
    glyph: Glyph<T>,
    sentence: ((item: T) => string) | null,
    focusable: boolean,
  ): void;
  /** Redraws one element when its sign changed; true when it did. */
  paint<T>(g: SVGGElement, item: T, glyph: Glyph<T>): boolean;
}

/** A painter; a drawing that throws is replaced by the default one and told once per kind. */
export function createPainter(onProblem: (problem: string) => void): Painter {
  const elements = new Map<string, SVGGElement>();
  const signs = new WeakMap<Element, string>();
  const broken = new Set<string>();
  let look!: Look;

  function paint<T>(g: SVGGElement, item: T, glyph: Glyph<T>): boolean {
    let sign = '';
    try {
      sign = glyph.sign(item, look);
      if (signs.get(g) === sign) return false;
      signs.set(g, sign);
      clear(g);
      glyph.draw(g, item, look);
    } catch (error) {
      clear(g);
      const box = (item as { box?: Box }).box ?? { x: 0, y: 0, w: 76, h: 52 };
      defaultGlyph(g, glyph.kind, box);
      if (!broken.has(glyph.kind)) {
        broken.add(glyph.kind);
        onProblem(`The drawing of ${glyph.kind} failed: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    return true;
  }

  return {
    elements,
    paint,
    begin: (next) => {
      look = next;
    },
    section: (layer, sign, draw) => {
      if (signs.get(layer) === sign) return;
      signs.set(layer, sign);
      clear(layer);
      draw(layer);
    },
    join: (layer, items, key, glyph, sentence, focusable) => {
      const bound = select(layer).selectAll<SVGGElement, (typeof items)[number]>(':scope > .o').data(items, key);
      bound.exit().each(function leave(this: unknown) {
        const g = this as SVGGElement;
        if (g.dataset['uid']) elements.delete(g.dataset['uid']);
        g.remove();
      });
      bound
        .enter()
        .append('g')
        .attr('class', 'o')
        .each(function enter(item) {
          if (!focusable) return;
          const uid = key(item);
          this.dataset['uid'] = uid;
          this.setAttribute('role', 'graphics-symbol');
          this.setAttribute('tabindex', '-1');
          elements.set(uid, this);
        })
        .merge(bound)
        .each(function update(item) {
          if (paint(this, item, glyph) && sentence) this.setAttribute('aria-label', sentence(item));
        });
    },
  };
}
