/** Zoom and pan: wheel with ctrl (or a pinch), drag when closer than the whole, buttons through `by`. */
import { select, transition, zoom as d3zoom, zoomIdentity, type D3ZoomEvent, type ZoomTransform } from 'd3';
import type { StageZoom, ZoomLevel } from './contract.ts';
import type { Camera } from './dots.ts';
import type { Box, Layout } from './layout.ts';

export interface Zoom {
  /** Scale of the world at zoom 1: larger stages are drawn larger. */
  setBase(k: number): void;
  to(level: ZoomLevel, box: Box | null, layout: Layout | null): void;
  by(factor: number): void;
}

/** Nearer than this a tile shows its containers. */
export const podScale = 2.6;

/** Attaches zooming to the svg. */
export function createZoom(
  svg: SVGSVGElement,
  worlds: readonly SVGGElement[],
  {
    size,
    onLook,
    onZoom,
  }: {
    readonly size: () => { w: number; h: number };
    /** The worlds have moved. */
    readonly onLook: (camera: Camera) => void;
    readonly onZoom: (zoom: StageZoom) => void;
  },
): Zoom {
  let base = 1;
  let current: ZoomTransform = zoomIdentity;
  const root = select(svg);

  const apply = (): void => {
    const transform = `translate(${current.x} ${current.y}) scale(${current.k * base})`;
    for (const world of worlds) world.setAttribute('transform', transform);
    onLook({ x: current.x, y: current.y, k: current.k * base });
  };
  const level = (k: number): ZoomLevel => (k >= podScale ? 'pod' : k > 1.25 ? 'node' : 'cluster');

  const behaviour = d3zoom<SVGSVGElement, unknown>()
    .scaleExtent([1, 14])
    .filter((event: MouseEvent | WheelEvent | TouchEvent) => {
      if (event.type === 'wheel')
        return (event as WheelEvent).ctrlKey || (event as WheelEvent).metaKey || current.k > 1.01;
      if (event.type.startsWith('touch')) return (event as TouchEvent).touches.length > 1 || current.k > 1.01;
      return event.type !== 'dblclick' && (event as MouseEvent).button === 0 && current.k > 1.01;
    })
    .extent(() => [
      [0, 0],
      [size().w, size().h],
    ])
    .on('zoom', (event: D3ZoomEvent<SVGSVGElement, unknown>) => {
      current = event.transform;
      apply();
      onZoom({ level: level(current.k), scale: current.k });
    });
  root.call(behaviour).on('dblclick.zoom', null);

  const moved = (t: ZoomTransform): void => {
    root.transition(transition().duration(200) as never).call(behaviour.transform as never, t);
  };

  return {
    setBase: (k) => {
      if (k === base && worlds[0]?.hasAttribute('transform')) return;
      base = k;
      behaviour.translateExtent([
        [0, 0],
        [size().w, size().h],
      ]);
      apply();
    },
    to: (to, box, layout) => {
      behaviour.translateExtent([
        [0, 0],
        [size().w, size().h],
      ]);
      if (to === 'cluster') return moved(zoomIdentity);
      const { w, h } = size();
      const first = layout?.pods.find((p) => p.where === 'row');
      const target =
        box ??
        (first
          ? { x: first.x, y: first.y, w: first.metric.tw, h: first.metric.th }
          : { x: w / 2, y: h / 2, w: 0, h: 0 });
      const boxes = layout?.mode === 'boxes';
      const k = to === 'pod' ? (boxes ? 14 : 3) : boxes ? 5 : 1.8;
      const cx = (target.x + target.w / 2) * base;
      const cy = (target.y + target.h / 2) * base;
      const x = Math.min(0, Math.max(w - w * k, w / 2 - cx * k));
      const y = Math.min(0, Math.max(h - h * k, h / 2 - cy * k));
      return moved(zoomIdentity.translate(x, y).scale(k));
    },
    by: (factor) => {
      root.transition(transition().duration(200) as never).call(behaviour.scaleBy as never, factor);
    },
  };
}
