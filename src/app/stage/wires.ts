/** Wires: requests from users through services to the nodes, and messages that all go through the API server. */
import type { Layout, PlacedGate, PlacedService } from './layout.ts';
import { fitText } from './measure.ts';
import { circle, el, line, path, rect, text, type Parent } from './paint.ts';
import type { Look } from './glyphs/glyph.ts';
import { person } from './glyphs/marks.ts';
import { isBad } from './glyphs/node.ts';
import { isDead } from './glyphs/service.ts';

/** X of the vertical that all services share on their way to the rows; on the phone it runs in the margin. */
export const busX = (layout: Layout): number => layout.xr - (layout.left === 0 ? 8 : 12);

/** X of the vertical that the nodes' messages take to the API server. */
export const trunkX = (layout: Layout): number => layout.x1 + 9;

/** Wires of the control plane: boxes to the API server, and the dotted trunk along which nodes watch and report. */
export function drawControlWires(g: Parent, layout: Layout): void {
  const { strip } = layout;
  if (!strip) return;
  const { etcd, api, scheduler, manager } = strip;
  const my = strip.y + strip.h / 2;
  const under = strip.y + strip.h + 5;
  line(g, etcd.x + etcd.w, my, api.x, my, { s: 'wire', w: 1.5 });
  line(g, api.x + api.w, my - 7, scheduler.x, my - 7, { s: 'wire', w: 1.5 });
  path(g, `M${api.x + api.w / 2} ${api.y + api.h}V${under}H${manager.x + manager.w / 2}V${manager.y + manager.h}`, {
    s: 'wire',
    w: 1.5,
  });
  if (layout.mode !== 'loom' || layout.nodes.length === 0) return;
  const x = trunkX(layout);
  const last = layout.nodes.at(-1)!;
  let d = `M${manager.x + manager.w / 2} ${under}H${x - 6}Q${x} ${under} ${x} ${under + 6}V${last.wireY - 6}`;
  for (const n of layout.nodes) {
    const y = n.box.y + n.title / 2;
    d += `M${x} ${y - 6}Q${x} ${y} ${x - 6} ${y}H${n.box.x + n.box.w}`;
  }
  path(g, d.replace(`V${last.wireY - 6}`, `V${last.box.y + last.title / 2 - 6}`), {
    s: 'wire',
    w: 1.75,
    d: '.1 5',
    o: 0.75,
  });
}

/** The tray in which pods wait for the scheduler. */
export function drawQueueTray(g: Parent, layout: Layout, look: Look): void {
  const { strip } = layout;
  if (!strip) return;
  const { x, y, w, h } = strip.queue;
  rect(g, x, y, w, h, { r: 0, fill: 'sunken' });
  path(g, `M${x} ${y}H${x + w}M${x} ${y + h}H${x + w}`, { s: 'line-strong', w: 1.25 });
  if (strip.more > 0)
    text(g, x + w + 3, y + h / 2 + 5, look.labels.more(strip.more), { mono: true, fill: 'waiting-text', weight: 600 });
}

/** Wires of traffic, from the pills over the shared vertical to each row with an endpoint behind it. */
export function drawTrafficWires(g: Parent, layout: Layout, serving: ReadonlyMap<string, ReadonlySet<string>>): void {
  const { services, nodes } = layout;
  if (services.length === 0 || nodes.length === 0) return;
  const bx = busX(layout);
  const rows = layout.mode === 'loom' ? nodes : [];
  for (const placed of services) {
    const { service, box } = placed;
    const sy = box.y + box.h / 2;
    const live = rows.filter((n) => serving.get(service.uid)?.has(n.node.name));
    if (isDead(service) || (layout.mode === 'loom' && live.length === 0)) continue;
    const wire = el(g, 'g', { class: 'wire', 'data-of': service.uid });
    path(wire, `M${layout.left === 0 ? box.x : box.x + box.w} ${sy}H${bx}`, { s: 'wire', w: 1.5 });
    for (const n of live) {
      const y = n.wireY;
      const bend = sy > y ? 8 : -8;
      path(wire, `M${bx} ${sy}V${y + bend}Q${bx} ${y} ${bx + 8} ${y}H${layout.xr}`, {
        s: isBad(n.node) ? 'line-strong' : 'wire',
        w: isBad(n.node) ? 1 : 1.5,
        d: isBad(n.node) ? '3 4' : undefined,
      });
    }
  }
  for (const { gate, box } of layout.gates) {
    const live = rows.filter((n) => serving.get(gate.uid)?.has(n.node.name));
    if (live.length === 0) continue;
    const sy = box.y + 22;
    const way = el(g, 'g', { class: 'wire', 'data-of': gate.uid });
    path(way, `M${box.x + box.w + 3} ${sy}H${bx}`, { s: 'wire', w: 1.5 });
    for (const n of live) {
      const bend = sy > n.wireY ? 8 : -8;
      path(way, `M${bx} ${sy}V${n.wireY + bend}Q${bx} ${n.wireY} ${bx + 8} ${n.wireY}H${layout.xr}`, {
        s: 'wire',
        w: 1.5,
      });
    }
  }
  const [first] = services;
  if (layout.mode === 'boxes' && first) {
    const ys = services.map((s) => s.box.y + s.box.h / 2);
    const rows = layout.left === 0 ? [...new Set(nodes.map((n) => n.box.y - 2.5))] : [];
    line(g, bx, Math.min(...ys), bx, Math.max(...ys, ...rows), { s: 'wire', w: 1.5 });
    for (const y of rows) line(g, bx, y, layout.x1, y, { s: 'wire', w: 1.5 });
  }
}

type Way = readonly (readonly [number, number])[];

/** Which way a source's requests run to a service: straight down to a lone pill, else along the left margin. */
export function sourcePath(layout: Layout, user: Layout['users'][number], target: PlacedService): Way {
  const { box } = target;
  if (layout.services.length === 1 && layout.gates.length === 0) {
    const x = layout.x0 + 24;
    return [
      [x, user.y + 12],
      [x, box.y + (box.h > 60 ? 8 : 2)],
    ];
  }
  return aside(layout, layout.x0 + 12, user.y, box.x, box.y + box.h / 2);
}

/** Along the left margin. */
const aside = ({ x0 }: Layout, x: number, y: number, toX: number, toY: number): Way => [
  [x, y],
  [x0 - 8, y],
  [x0 - 8, toY],
  [toX, toY],
];

/** From a user to the gate: down when nobody stands between. */
export function toGate(layout: Layout, user: Layout['users'][number], { box }: PlacedGate): Way {
  const between =
    layout.users.some((u) => u.y > user.y) || layout.gates.some((g) => g.box.y < box.y && g.box.y > user.y);
  if (between) return aside(layout, layout.x0 + 12, user.y, box.x + 8, box.y + 14);
  const x = layout.x0 + 24;
  return [
    [x, user.y + 12],
    [x, box.y + 22],
  ];
}

/** From under the gate to a service. */
export function fromGate(layout: Layout, { box: gate }: PlacedGate, { box }: PlacedService): Way {
  const x = layout.x0 + 24;
  const lowest = layout.gates.every((g) => g.box.y <= gate.y);
  if (lowest && layout.services[0]?.box === box)
    return [
      [x, gate.y + 22],
      [x, box.y + (box.h > 60 ? 8 : 2)],
    ];
  const foot = gate.y + gate.h + 5;
  return [
    [x, gate.y + 22],
    [x, foot],
    [layout.x0 - 8, foot],
    [layout.x0 - 8, box.y + box.h / 2],
    [box.x, box.y + box.h / 2],
  ];
}

const wire = (g: Parent, points: Way, live: boolean): void =>
  void path(g, `M${points.map((p) => p.join(' ')).join('L')}`, {
    s: live ? 'wire' : 'line-strong',
    w: 1.5,
    d: live ? undefined : '3 4',
  });

/** Who sends requests, how many, and the wire to the service they mean. */
export function drawUsers(g: Parent, layout: Layout, look: Look): void {
  // A gate names its Services; what passes goes from its controller straight to their pods.
  for (const gate of layout.gates)
    for (const uid of new Set(gate.gate.rules.map((r) => r.uid))) {
      const service = layout.services.find((s) => s.service.uid === uid);
      if (service) wire(g, fromGate(layout, gate, service), false);
    }
  for (const user of layout.users) {
    const { source, x, y } = user;
    const gate = layout.gates.find((p) => p.gate.uid === source.gate);
    const target = layout.services.find((s) => s.service.uid === source.service);
    const points = gate ? toGate(layout, user, gate) : target && sourcePath(layout, user, target);
    if (points) wire(g, points, source.rps > 0);
    person(g, x + 24, y);
    const rate = look.labels.perSecond(source.rps);
    const name = source.name === 'users' ? look.labels.users : source.name;
    const room = layout.left - 46;
    const both = room > rate.length * 8.42 + 40;
    text(g, x + 46, y + 5, fitText(name, both ? room - rate.length * 8.42 - 2 : room, source.name !== 'users'), {
      weight: 520,
      mono: source.name !== 'users',
    });
    if (both) text(g, x + layout.left, y + 5, rate, { anchor: 'end', mono: true, fill: 'ink-3' });
  }
  if (layout.moreServices > 0) {
    const last = layout.services.at(-1);
    const y = last ? last.box.y + last.box.h + 18 : layout.top;
    circle(g, layout.x0 + 20, y - 5, 2, { fill: 'ink-3' });
    text(g, layout.x0 + 30, y, look.labels.more(layout.moreServices), { fill: 'ink-3' });
  }
}

/** Lines of the loom: centre lines inside a group, and the gaps between groups, through every row. */
export function drawColumnLines(g: Parent, layout: Layout): void {
  if (layout.mode !== 'loom') return;
  const xs = layout.groups.flatMap((group, i) => [
    ...group.columns.slice(1).map((c) => c.x),
    ...(i < layout.groups.length - 1 ? [-(group.x + group.w + 4)] : []),
  ]);
  for (const n of layout.nodes) {
    const y1 = n.wireY + 3;
    const y2 = n.box.y + n.box.h - 4;
    for (const x of xs) line(g, Math.abs(x), y1, Math.abs(x), y2, { s: 'line', w: 1, d: x < 0 ? '2 3' : undefined });
  }
}
