/**
 * Small builders of SVG elements in the hand of the design: token names for colours, pixels for the rest.
 * Text goes in through `textContent` only. Colours are presentation attributes, so that no inline style is needed.
 */
export const svgNamespace = 'http://www.w3.org/2000/svg';

/** Anything that takes children. */
export type Parent = SVGElement;

/** Fill, stroke (token names, `none` or `url(…)`), stroke width, dashes, line caps, opacity. */
export interface Ink {
  readonly fill?: string | undefined;
  readonly s?: string | undefined;
  readonly w?: number | undefined;
  readonly d?: string | undefined;
  readonly cap?: 'butt' | 'round' | undefined;
  readonly o?: number | undefined;
  readonly c?: string | undefined;
}

const color = (token: string): string => (token === 'none' || token.startsWith('url') ? token : `var(--${token})`);

/** Appends an element with attributes; undefined ones are left out. */
export function el<K extends keyof SVGElementTagNameMap>(
  parent: Parent,
  tag: K,
  attributes: Readonly<Record<string, string | number | undefined>> = {},
): SVGElementTagNameMap[K] {
  const element = parent.ownerDocument.createElementNS(svgNamespace, tag);
  for (const name in attributes) {
    const value = attributes[name];
    if (value !== undefined) element.setAttribute(name, String(value));
  }
  parent.append(element);
  return element;
}

function ink(element: SVGElement, { fill, s, w, d, cap, o, c }: Ink): void {
  element.setAttribute('fill', fill ? color(fill) : 'none');
  if (s) {
    element.setAttribute('stroke', color(s));
    element.setAttribute('stroke-width', String(w ?? 1));
  }
  if (d) element.setAttribute('stroke-dasharray', d);
  if (cap) element.setAttribute('stroke-linecap', cap);
  if (o !== undefined) element.setAttribute('opacity', String(o));
  if (c) element.setAttribute('class', c);
}

/** A group. */
export const group = (parent: Parent, className?: string): SVGGElement => el(parent, 'g', { class: className });

export function rect(
  parent: Parent,
  x: number,
  y: number,
  w: number,
  h: number,
  o: Ink & { readonly r?: number } = {},
): SVGRectElement {
  const element = el(parent, 'rect', { x, y, width: Math.max(0, w), height: Math.max(0, h), rx: o.r ?? 3 });
  ink(element, o);
  return element;
}

export function line(parent: Parent, x1: number, y1: number, x2: number, y2: number, o: Ink): SVGLineElement {
  const element = el(parent, 'line', { x1, y1, x2, y2 });
  ink(element, o);
  return element;
}

/** Round caps and joins unless told otherwise. */
export function path(parent: Parent, d: string, o: Ink): SVGPathElement {
  const element = el(parent, 'path', { d, 'stroke-linejoin': 'round' });
  ink(element, { cap: 'round', ...o, w: o.w ?? 1.5 });
  return element;
}

export function circle(parent: Parent, cx: number, cy: number, r: number, o: Ink): SVGCircleElement {
  const element = el(parent, 'circle', { cx, cy, r });
  ink(element, { ...o, w: o.w ?? 1.5 });
  return element;
}

export interface TextStyle {
  /** What the cluster says is mono. */
  readonly mono?: boolean;
  readonly anchor?: 'start' | 'middle' | 'end';
  readonly size?: number;
  readonly weight?: number;
  readonly fill?: string;
  /** Class of a halo, or another. */
  readonly c?: string;
}

export function text(
  parent: Parent,
  x: number,
  y: number,
  content: string | number,
  o: TextStyle = {},
): SVGTextElement {
  const element = el(parent, 'text', {
    x,
    y,
    'text-anchor': o.anchor === 'start' ? undefined : o.anchor,
    'font-size': o.size,
    'font-weight': o.weight,
    fill: color(o.fill ?? 'ink'),
    class: [o.mono ? 'mono' : '', o.c ?? ''].filter(Boolean).join(' ') || undefined,
  });
  element.textContent = String(content);
  return element;
}

/** An arc from twelve o'clock over a fraction of the circle. */
export function arc(x: number, y: number, r: number, fraction: number): string {
  const f = Math.max(0.0001, Math.min(0.9999, fraction));
  const q = -Math.PI / 2 + f * 2 * Math.PI;
  return `M${x} ${y - r}A${r} ${r} 0 ${f > 0.5 ? 1 : 0} 1 ${(x + r * Math.cos(q)).toFixed(2)} ${(y + r * Math.sin(q)).toFixed(2)}`;
}

/** A box that answers to the pointer and is not seen. */
export function hit(parent: Parent, x: number, y: number, w: number, h: number): void {
  el(parent, 'rect', { x, y, width: Math.max(0, w), height: Math.max(0, h), fill: 'none', 'pointer-events': 'all' });
}

/** Empties an element. */
export function clear(element: Element): void {
  element.replaceChildren();
}
