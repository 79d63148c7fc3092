/** The traffic column: users above, services below, as large as there is room. Pure. */
import type { Box, Layout, PlacedGate, PlacedService, PlaceInput } from './layout.ts';
import type { SceneService } from './scene.ts';

/** What stands beside the loom: who asks, through which gates, which services, under which policies, and what is claimed. */
export type Side = Pick<Layout, 'services' | 'moreServices' | 'users' | 'gates' | 'policies' | 'claims'>;

type Frame = Pick<Layout, 'x0' | 'left' | 'headerY' | 'width' | 'single' | 'strip'>;

/** Heights of a service with three, two and one line, and the air that each needs below itself. */
const shapes = [
  { lines: 3, h: 74, gap: 34 },
  { lines: 2, h: 52, gap: 10 },
  { lines: 1, h: 30, gap: 6 },
  { lines: 1, h: 24, gap: 4 },
] as const;

/** Places users and services between `top` and `bottom`. */
export function placeServices(
  { scene, projector }: PlaceInput,
  frame: Frame,
  top: number,
  bottom: number,
  pages: number,
  relevant: (service: SceneService) => boolean,
): Side {
  const { x0, left } = frame;
  const { sources } = scene;
  // With several pages, the services of the groups in sight come first.
  const services =
    pages > 1 ? [...scene.services.filter(relevant), ...scene.services.filter((s) => !relevant(s))] : scene.services;
  if (left === 0) {
    const placed = services.slice(0, 1).map((service): PlacedService => ({
      service,
      box: { x: x0, y: 12, w: frame.width - 32, h: 58 },
      lines: 2,
    }));
    return {
      services: placed,
      moreServices: services.length - placed.length,
      users: [],
      gates: [],
      policies: [],
      claims: [],
    };
  }
  const lineOf = 28;
  const shownSources = sources.filter((s) => s.rps > 0 || services.length <= 3).slice(0, services.length > 6 ? 1 : 3);
  // The single group's card ends at headerY + 80; a list of groups needs its pager there, if it has one.
  const head = pages > 1 ? 98 : 50;
  let first = frame.single || projector ? top + (projector ? 14 : 12) : frame.headerY + head;
  const lone = services.length === 1 && (frame.single || projector);
  const [policyBoxes, claimBoxes] = placeFoot(
    [scene.policies.length, scene.claims.length],
    x0,
    left,
    bottom,
    bottom - first,
  );
  const inFoot = policyBoxes!.length + claimBoxes!.length;
  const foot = bottom - (inFoot > 0 ? inFoot * footLine + 10 : 0);
  const gateLines = linesOfGates(scene.gates, foot - first);
  const gatesHeight = gateLines.reduce((h, lines) => h + gateHeight(lines) + gateGap, 0);
  if (lone) {
    // Alone: in the middle of the rows, a little low, with its users right above it.
    const y = Math.max(first + sources.length * lineOf + gatesHeight + 20, (top + foot) / 2 + 22 - 37);
    first = Math.max(first, y - 48 - gatesHeight - shownSources.length * lineOf);
  }
  const users = shownSources.map((source, i) => ({ source, x: x0, y: first + i * lineOf }));
  let below = first + (users.length > 0 ? users.length * lineOf + (lone ? 20 : 8) : 0);
  const gates = gateLines.map((lines, i): PlacedGate => {
    const box = { x: x0, y: below - (lone ? 6 : 0), w: left, h: gateHeight(lines) };
    below += box.h + gateGap;
    return { gate: scene.gates[i]!, box, lines };
  });
  const start = below;
  const room = foot - start - 4;
  const shape =
    shapes.find((s) => services.length * (s.h + s.gap) + (s.lines === 3 ? 18 : -s.gap) <= room) ?? shapes[3];
  const fit = Math.max(0, Math.floor((room + shape.gap) / (shape.h + shape.gap)));
  const count = services.length <= fit ? services.length : Math.max(0, fit - 1);
  const used = count * (shape.h + shape.gap) - shape.gap;
  // Services stand in the middle of what is left, a little low, as wires leave them at half height.
  const y0 = start + (lone ? 0 : Math.max(0, Math.min(60, (room - used) * 0.3)));
  return {
    services: services.slice(0, count).map((service, i) => ({
      service,
      lines: shape.lines,
      box: { x: x0, y: y0 + i * (shape.h + shape.gap), w: left, h: shape.h },
    })),
    moreServices: services.length - count,
    users,
    gates,
    policies: policyBoxes!.map((box, i) => ({ policy: scene.policies[i]!, box })),
    claims: claimBoxes!.map((box, i) => ({ claim: scene.claims[i]!, box })),
  };
}

const gateGap = 16;
const gateHeight = (lines: number): number => 22 + Math.max(1, lines) * 18;

/** How many lines of its table each gate shows: all, at most four, one when there are many; those without room are left out. */
function linesOfGates(gates: PlaceInput['scene']['gates'], room: number): number[] {
  const shown = gates.slice(0, Math.max(0, Math.floor((room * 0.6) / (gateHeight(1) + gateGap))));
  const full = shown.map((g) => Math.min(4, Math.max(1, g.served ? g.rules.length : 1)));
  const need = full.reduce((h, lines) => h + gateHeight(lines) + gateGap, 0);
  return need <= room * 0.5 ? full : shown.map(() => 1);
}

const footLine = 26;

/** Policies and claims stand at the foot of the column: they are walls and stores, not ways. Each kind gets its share. */
function placeFoot(counts: readonly number[], x: number, w: number, bottom: number, room: number): Box[][] {
  const most = Math.max(0, Math.floor((room * 0.42) / footLine));
  const kinds = counts.filter((n) => n > 0).length;
  const shown = counts.map((n) => Math.min(n, kinds > 1 ? Math.ceil(most / 2) : most));
  let line = shown.reduce((a, b) => a + b, 0);
  return shown.map((n) => Array.from({ length: n }, () => ({ x, y: bottom - line-- * footLine, w, h: footLine - 2 })));
}
