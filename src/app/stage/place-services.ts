/** The traffic column: users above, services below, as large as there is room. Pure. */
import type { Layout, PlacedService, PlaceInput } from './layout.ts';

type Frame = Pick<Layout, 'x0' | 'left' | 'headerY' | 'width' | 'single' | 'strip'>;

/** Heights of a service with three, two and one line, and the air that each needs below itself. */
const shapes = [
  { lines: 3, h: 74, gap: 34 },
  { lines: 2, h: 52, gap: 10 },
  { lines: 1, h: 30, gap: 6 },
] as const;

/** Places users and services between `top` and `bottom`. */
export function placeServices(
  { scene, projector }: PlaceInput,
  frame: Frame,
  top: number,
  bottom: number,
): Pick<Layout, 'services' | 'moreServices' | 'users'> {
  const { x0, left } = frame;
  const { services, sources } = scene;
  if (left === 0) {
    const placed = services.slice(0, 1).map((service): PlacedService => ({
      service,
      box: { x: x0, y: 12, w: frame.width - 32, h: 58 },
      lines: 2,
    }));
    return { services: placed, moreServices: services.length - placed.length, users: [] };
  }
  const shownSources = sources.filter((s) => s.rps > 0 || services.length <= 3).slice(0, services.length > 6 ? 1 : 3);
  const lineOf = 28;
  // The single group's card ends at headerY + 74; a list of groups needs only its pager there.
  const first = frame.single || projector ? top + (projector ? 6 : 12) : frame.headerY + 50;
  const users = shownSources.map((source, i) => ({ source, x: x0, y: first + i * lineOf }));
  const start = first + (users.length > 0 ? users.length * lineOf + 18 : 0);
  const room = bottom - start - 4;
  const shape = shapes.find((s) => services.length * (s.h + s.gap) - (s.lines === 3 ? 0 : s.gap) <= room) ?? shapes[2];
  const fit = Math.max(0, Math.floor((room + shape.gap) / (shape.h + shape.gap)));
  const count = services.length <= fit ? services.length : Math.max(0, fit - 1);
  const used = count * (shape.h + shape.gap) - shape.gap;
  // Services stand in the middle of what is left, a little low, as wires leave them at half height.
  const y0 = start + Math.max(0, Math.min(60, (room - used) * 0.4));
  return {
    services: services.slice(0, count).map((service, i) => ({
      service,
      lines: shape.lines,
      box: { x: x0, y: y0 + i * (shape.h + shape.gap), w: left, h: shape.h },
    })),
    moreServices: services.length - count,
    users,
  };
}
