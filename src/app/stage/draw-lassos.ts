/** Lassos let go and take in row by row. */
import { easeCubicOut, select, transition } from 'd3';
import { lassoPath } from './lasso.ts';
import type { LassoRow, PlacedLasso } from './layout.ts';
import { times } from './motion.ts';
import type { Picture } from './picture.ts';

/** The layer of lassos. */
export function createLassos(layer: SVGGElement): { update(picture: Picture): void } {
  const drawn = new Map<string, readonly LassoRow[]>();
  const signs = new Map<string, string>();
  const same = (rows: readonly LassoRow[]): string =>
    rows.map((r) => `${r.node}${r.x0},${r.x1},${r.y0},${r.y1}`).join(';');

  return {
    update: ({ layout, pace, settle }) => {
      const order = new Map(layout.nodes.map((n, i) => [n.node.name, i]));
      const bound = select(layer)
        .selectAll<SVGPathElement, PlacedLasso>(':scope > path')
        .data(layout.lassos, (l) => l.service);
      bound.exit().remove();
      bound
        .enter()
        .append('path')
        .attr('class', 'lasso')
        .attr('data-of', (l) => l.service)
        .merge(bound)
        .each(function update(lasso) {
          const sign = same(lasso.rows);
          if (signs.get(lasso.service) === sign) return;
          signs.set(lasso.service, sign);
          const from = drawn.get(lasso.service) ?? [];
          drawn.set(lasso.service, lasso.rows);
          const moving = pace > 0 && !settle && from.length > 0 && layout.lassos.length <= 12;
          if (!moving) {
            select(this).interrupt().attr('d', lassoPath(lasso.rows, order));
            return;
          }
          const blend = blendRows(from, lasso.rows, order);
          select(this)
            .transition(
              transition()
                .duration(times.letGo * pace + 40)
                .ease(easeCubicOut) as never,
            )
            .attrTween('d', () => (t) => lassoPath(blend(t), order));
        });
    },
  };
}

/** Rows between two states: those in both move, a new one opens from its middle, one that leaves closes. */
function blendRows(
  from: readonly LassoRow[],
  to: readonly LassoRow[],
  order: ReadonlyMap<string, number>,
): (t: number) => LassoRow[] {
  const a = new Map(from.map((r) => [r.node, r]));
  const b = new Map(to.map((r) => [r.node, r]));
  const nodes = [...new Set([...a.keys(), ...b.keys()])].sort((x, y) => (order.get(x) ?? 0) - (order.get(y) ?? 0));
  const shut = (r: LassoRow): LassoRow => ({ ...r, x0: (r.x0 + r.x1) / 2, x1: (r.x0 + r.x1) / 2 });
  return (t) => {
    if (t >= 1) return [...to];
    return nodes.map((node) => {
      const p = a.get(node) ?? shut(b.get(node)!);
      const q = b.get(node) ?? shut(p);
      const mix = (x: number, y: number): number => x + (y - x) * t;
      return { node, x0: mix(p.x0, q.x0), x1: mix(p.x1, q.x1), y0: mix(p.y0, q.y0), y1: mix(p.y1, q.y1) };
    });
  };
}
