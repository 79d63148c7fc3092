/** Patterns: versions (v1 solid, v2 diagonal, v3 dots) and the hatches of states. */
import type { Version } from './scene.ts';
import { el, type Parent } from './paint.ts';

/** Fills by pattern, and hatches, of one stage; the prefix keeps two stages on one page apart. */
export interface Fills {
  readonly version: (version: Version) => string;
  readonly hatch: string;
  readonly bar: string;
}

/** Appends the patterns. */
export function addDefs(svg: Parent, prefix: string): Fills {
  const defs = el(svg, 'defs');
  const pattern = (name: string, size: number, angle: number): SVGPatternElement =>
    el(defs, 'pattern', {
      id: `${prefix}${name}`,
      width: size,
      height: size,
      patternUnits: 'userSpaceOnUse',
      patternTransform: angle ? `rotate(${angle})` : undefined,
    });
  const v2 = pattern('v2', 7, 45);
  el(v2, 'rect', { width: 7, height: 7, fill: 'var(--v2)' });
  el(v2, 'rect', { width: 2.4, height: 7, fill: 'var(--v-pattern)' });
  const v3 = pattern('v3', 6, 0);
  el(v3, 'rect', { width: 6, height: 6, fill: 'var(--v3)' });
  el(v3, 'circle', { cx: 3, cy: 3, r: 1.2, fill: 'var(--v-pattern)' });
  el(pattern('hatch', 7, -45), 'rect', { width: 1.4, height: 7, fill: 'var(--idle)', opacity: 0.42 });
  el(pattern('bar', 9, -45), 'rect', { width: 4, height: 9, fill: 'var(--idle)', opacity: 0.26 });
  const url = (name: string): string => `url(#${prefix}${name})`;
  return {
    version: ({ pattern: p }) => (p === 2 ? url('v2') : p === 3 ? url('v3') : p === 1 ? 'v1' : 'sunken'),
    hatch: url('hatch'),
    bar: url('bar'),
  };
}
