/** The way of a request over the stage, from its record. Pure: points, where it ends, and why. */
import type { RequestRecord } from '../../protocol/index.ts';
import type { Layout, PlacedGate, PlacedNode, PlacedPod, PlacedService } from './layout.ts';
import type { Scene } from './scene.ts';
import { busX, sourcePath, toGate } from './wires.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
  /** Seen on the way to this point; a request is not seen inside a pill. */
  readonly seen: boolean;
}

export interface Route {
  readonly points: readonly Point[];
  readonly length: number;
}

/** Longer than this is slow, ms. */
export const slowMs = 300;

/** Kind of dot: ● ▲ ✕. */
export const kindOf = (record: RequestRecord): 'ok' | 'slow' | 'fail' =>
  !record.ok ? 'fail' : record.endedAt - record.startedAt > slowMs ? 'slow' : 'ok';

/** The route, or null when the stage shows neither its source nor its service. */
export function routeOf(
  record: RequestRecord,
  layout: Layout,
  scene: Scene,
  byKey: ReadonlyMap<string, PlacedPod>,
): Route | null {
  const user = layout.users.find((u) => u.source.name === record.source);
  const points: Point[] = [];
  const to = (x: number, y: number, seen = true): void => void points.push({ x, y, seen });
  const gate = user && layout.gates.find((g) => g.gate.uid === user.source.gate);
  if (gate) {
    for (const [x, y] of toGate(layout, user, gate)) to(x, y);
    if (!throughController(record, layout, gate, byKey, to)) return finish(points);
  } else {
    const service = serviceOf(record, layout, scene);
    if (user && !service) {
      // No service in between, or a name that does not resolve: it turns back at its own door.
      to(user.x + 24, user.y + 12);
      to(user.x + 24, user.y + 30);
      return finish(points);
    }
    if (!service) return null;
    if (user) for (const [x, y] of sourcePath(layout, user, service)) to(x, y);
    if (record.failure === 'dns' || record.failure === 'no-endpoints') return points.length > 1 ? finish(points) : null;
    const { box } = service;
    to(layout.left === 0 ? box.x : box.x + box.w, box.y + box.h / 2, false);
    to(busX(layout), box.y + box.h / 2);
  }
  const pod = record.pod === undefined ? undefined : byKey.get(record.pod);
  const nodeName = record.node ?? pod?.pod.node;
  const node = layout.nodes.find((n) => n.node.name === nodeName);
  if (!node) return points.length > 1 ? finish(points) : null;
  intoNode(to, layout, node, pod);
  return finish(points);
}

type Step = (x: number, y: number, seen?: boolean) => void;

/** From the gate into its controller's pod and out again; false when the request got no further than that. */
function throughController(
  record: RequestRecord,
  layout: Layout,
  gate: PlacedGate,
  byKey: ReadonlyMap<string, PlacedPod>,
  to: Step,
): boolean {
  const pods = record.hops.filter((h) => h.ref?.startsWith('pods/')).map((h) => h.ref!.slice('pods/'.length));
  const controller = pods[0] === undefined ? undefined : byKey.get(pods[0]);
  const node = controller && layout.nodes.find((n) => n.node.name === controller.pod.node);
  if (!controller || !node || layout.left === 0) return false;
  const { box } = gate;
  to(box.x + 34, box.y + 22);
  to(box.x + box.w + 3, box.y + 22, false);
  to(busX(layout), box.y + 22);
  intoNode(to, layout, node, controller);
  if (record.pod === undefined || record.pod === pods[0]) return false;
  const seen = layout.mode === 'loom' && controller.where === 'row';
  if (seen) to(controller.x + controller.metric.tw / 2, node.wireY);
  to(busX(layout), seen ? node.wireY : node.box.y - 2.5);
  return true;
}

function serviceOf(record: RequestRecord, layout: Layout, scene: Scene): PlacedService | undefined {
  // Of several the last: the first is the cluster's DNS.
  const hop = record.hops.findLast((h) => h.ref?.startsWith('services/'));
  const key = hop?.ref?.slice('services/'.length);
  const source = scene.sources.find((s) => s.name === record.source);
  return (
    layout.services.find((s) => s.service.ref.key === key) ??
    layout.services.find((s) => s.service.uid === source?.service)
  );
}

function intoNode(
  to: (x: number, y: number) => void,
  layout: Layout,
  node: PlacedNode,
  pod: PlacedPod | undefined,
): void {
  if (layout.mode === 'boxes') {
    const above = node.box.y - 2.5;
    to(busX(layout), above);
    const x = pod ? pod.x + pod.metric.tw / 2 : node.box.x + node.box.w / 2;
    to(x, above);
    to(x, pod ? pod.y : node.box.y + 4);
    return;
  }
  to(busX(layout), node.wireY);
  if (!pod || pod.where !== 'row') {
    to(pod ? node.box.x + node.box.w - 20 : node.box.x + 60, node.wireY);
    return;
  }
  const x = pod.x + pod.metric.tw / 2;
  to(x, node.wireY);
  to(x, pod.y + 2);
}

function finish(points: readonly Point[]): Route {
  let length = 0;
  for (let i = 1; i < points.length; i++)
    length += Math.hypot(points[i]!.x - points[i - 1]!.x, points[i]!.y - points[i - 1]!.y);
  return { points, length };
}

/** How many requests one dot stands for, so that at most 30 dots start per second: 1, 2, 5, 10, 20, 50, … */
export function requestsPerDot(rps: number): number {
  let step = 1;
  for (let i = 0; step * 30 < rps; i++) step = [1, 2, 5][(i + 1) % 3]! * 10 ** Math.floor((i + 1) / 3);
  return step;
}
