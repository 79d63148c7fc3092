import type { StageLabels } from '../contract.ts';
import type { Fills } from '../defs.ts';

/** What every glyph may look at beside its own item. */
export interface Look {
  readonly labels: StageLabels;
  readonly fills: Fills;
  readonly now: number;
  readonly lang: 'en' | 'ko';
  readonly projector: boolean;
  /** Pod key → use. */
  readonly usage: ReadonlyMap<string, { readonly cpuMilli: number; readonly memoryBytes: number }>;
}

/**
 * The drawing of one kind. `sign` is a text that changes whenever the drawing would: the stage calls `draw` on an
 * emptied group only then. Coordinates are those that `place` gave, or relative to the group's own origin.
 */
export interface Glyph<T> {
  readonly kind: string;
  sign(item: T, look: Look): string;
  draw(g: SVGGElement, item: T, look: Look): void;
}
