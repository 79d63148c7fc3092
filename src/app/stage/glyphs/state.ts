/** State glyphs: a shape for each state, so that no state is told by colour alone. */
import { circle, el, path, rect, text, type Parent } from '../paint.ts';
import { stateColor, type PodState } from '../podlook.ts';

const octagon = (x: number, y: number, r: number): string => {
  const corners = Array.from({ length: 8 }, (_, i) => {
    const q = Math.PI / 8 + (i * Math.PI) / 4;
    return `${(x + r * Math.cos(q)).toFixed(2)},${(y + r * Math.sin(q)).toFixed(2)}`;
  });
  return `M${corners.join('L')}Z`;
};

const filled = (parent: Parent, d: string, token: string): void =>
  void el(parent, 'path', { d, fill: `var(--${token})` });

/** Draws the glyph of a state in a circle of radius r. */
export function stateGlyph(g: Parent, state: PodState, x: number, y: number, r = 6): void {
  const c = stateColor[state];
  const w = Math.max(1.6, r * 0.28);
  const q = r * 0.95;
  switch (state) {
    case 'ready':
      circle(g, x, y, r, { fill: c });
      return;
    case 'notready':
      circle(g, x, y, r - 0.6, { s: c, w, fill: 'panel' });
      filled(g, `M${x} ${y - r}A${r} ${r} 0 0 0 ${x} ${y + r}Z`, c);
      return;
    case 'creating':
      circle(g, x, y, r - 0.6, { s: c, w, fill: 'panel' });
      filled(g, `M${x} ${y}V${y - r}A${r} ${r} 0 0 1 ${x + r} ${y}Z`, c);
      return;
    case 'pending':
    case 'reserved':
      circle(g, x, y, r - 0.6, { s: c, w, d: `${r * 0.55} ${r * 0.42}`, fill: 'panel' });
      return;
    case 'backoff':
      path(g, `M${x + q * 0.72} ${y - q * 0.62}A${q} ${q} 0 1 0 ${x + q} ${y + q * 0.2}`, { s: c, w });
      path(g, `M${x + q * 0.1} ${y - q * 0.75}H${x + q * 0.85}V${y - q * 1.35}`, { s: c, w });
      path(g, `M${x} ${y - q * 0.45}V${y + 0.4}L${x + q * 0.38} ${y + q * 0.35}`, { s: c, w: w * 0.85 });
      return;
    case 'imagepull':
      path(
        g,
        `M${x} ${y - q}V${y + q * 0.35}M${x - q * 0.55} ${y - q * 0.15}L${x} ${y + q * 0.4}L${x + q * 0.55} ${y - q * 0.15}`,
        { s: c, w },
      );
      path(g, `M${x - q} ${y + q}H${x + q}`, { s: c, w, d: `${q * 0.5} ${q * 0.4}` });
      return;
    case 'succeeded':
      rect(g, x - r, y - r, 2 * r, 2 * r, { r: r * 0.35, fill: c });
      path(g, `M${x - r * 0.5} ${y + r * 0.05}L${x - r * 0.1} ${y + r * 0.45}L${x + r * 0.55} ${y - r * 0.4}`, {
        s: 'panel',
        w: w * 1.05,
      });
      return;
    case 'failed':
    case 'oom': {
      const a = r * 0.4;
      path(g, octagon(x, y, r * 1.08), { fill: c });
      path(g, `M${x - a} ${y - a}L${x + a} ${y + a}M${x + a} ${y - a}L${x - a} ${y + a}`, { s: 'panel', w });
      return;
    }
    case 'terminating':
      path(g, `M${x - r * 0.8} ${y - r}H${x + r * 0.8}L${x - r * 0.8} ${y + r}H${x + r * 0.8}Z`, {
        s: c,
        w: w * 0.9,
        fill: 'panel',
      });
      filled(g, `M${x} ${y}L${x + r * 0.55} ${y + r * 0.8}H${x - r * 0.55}Z`, c);
      return;
    case 'unknown':
      circle(g, x, y, r - 0.4, { s: c, w: w * 0.9, d: `1 ${r * 0.5}`, fill: 'panel', cap: 'round' });
      text(g, x, y + r * 0.62, '?', { anchor: 'middle', size: Math.max(11, r * 1.7), weight: 700, fill: c });
  }
}

/** One filled shape or stroked path for a pod at zoom level 0. */
export function cellShape(
  state: PodState,
  pattern: 0 | 1 | 2 | 3,
  s: number,
): { readonly d: string; readonly token: string; readonly stroke: number; readonly dash?: string } {
  const token = stateColor[state];
  const m = s / 2;
  const frame = (i: number): string => `M${i} ${i}H${s - i}V${s - i}H${i}Z`;
  const t = Math.max(1, s * 0.13);
  switch (state) {
    case 'ready': {
      // v1 a full square, v2 split along its diagonal, v3 a square with a hole: told apart in grey as well.
      if (pattern === 2)
        return {
          d: `M0 ${s}V0H${s}ZM${s} ${t * 1.4}V${s}H${t * 1.4}L${t * 2.2} ${s - t * 0.9}H${s - t}V${t * 2.2}Z`,
          token,
          stroke: 0,
        };
      if (pattern === 3) {
        const i = s * 0.32;
        return { d: `M0 0H${s}V${s}H0ZM${i} ${i}V${s - i}H${s - i}V${i}Z`, token, stroke: 0 };
      }
      return { d: `M0 0H${s}V${s}H0Z`, token, stroke: 0 };
    }
    case 'failed':
    case 'oom':
    case 'backoff': {
      const i = Math.min(1, s * 0.1);
      return { d: `M${i} ${i}L${s - i} ${s - i}M${s - i} ${i}L${i} ${s - i}`, token: 'failed', stroke: s * 0.22 };
    }
    case 'notready':
    case 'creating':
    case 'imagepull':
      return {
        d: `M0 0H${s}V${s}H0ZM${t * 1.2} ${t * 1.2}V${state === 'notready' ? m : s * 0.7}H${s - t * 1.2}V${t * 1.2}Z`,
        token,
        stroke: 0,
      };
    case 'pending':
    case 'reserved':
      return { d: frame(0.6), token, stroke: 1.3, dash: '2 1.6' };
    case 'terminating':
      return { d: `M0 ${s}L${s} 0M0 ${m}L${m} 0M${m} ${s}L${s} ${m}`, token, stroke: Math.max(1, s * 0.12) };
    case 'succeeded':
      return {
        d: `M0 0H${s}V${s}H0ZM${s * 0.2} ${s * 0.5}L${s * 0.42} ${s * 0.78}L${s * 0.82} ${s * 0.3}L${s * 0.72} ${s * 0.2}L${s * 0.42} ${s * 0.58}L${s * 0.3} ${s * 0.42}Z`,
        token,
        stroke: 0,
      };
    default:
      return { d: frame(0.6), token, stroke: 1.3, dash: '1 1.8' };
  }
}
