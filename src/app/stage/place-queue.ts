/** Pods that stand in no row: those waiting for a node, and those of another page. Pure. */
import {
  metrics,
  type Layout,
  type Metric,
  type PlacedNode,
  type PlacedPod,
  type PlaceInput,
  type Strip,
} from './layout.ts';
import type { Scene } from './scene.ts';

/** A tile in the tray of the scheduling queue. */
export const queueMetric: Metric = { ...metrics.mini, tw: 36, th: 18, gap: 4 };

/** How many tiles the tray of the queue takes. */
export const queueRoom = (strip: Strip): number => Math.max(1, Math.floor((strip.queue.w - 8) / (queueMetric.tw + 4)));

/** Pods waiting that found no room in the tray. */
export function hiddenInQueue(scene: Scene, strip: Strip): number {
  return Math.max(0, scene.queue.length - queueRoom(strip));
}

/** Pods without a node stand in the queue; pods of other pages wait unseen at the end of their row. */
export function placeRest(
  input: PlaceInput,
  frame: Pick<Layout, 'x1' | 'strip'>,
  nodes: readonly PlacedNode[],
  placed: readonly PlacedPod[],
): PlacedPod[] {
  const seen = new Set(placed.map((p) => p.pod.uid));
  const rows = new Map(nodes.map((n) => [n.node.name, n]));
  const rest: PlacedPod[] = [];
  let waiting = 0;
  const room = frame.strip ? queueRoom(frame.strip) : 0;
  const base = { labelRoom: 0, labelEnd: false, labelCount: 1, sideRoom: 0 };
  for (const pod of input.scene.pods) {
    if (seen.has(pod.uid)) continue;
    if (pod.row === '') {
      const i = waiting++;
      const { x, y } = frame.strip?.queue ?? { x: frame.x1 - 60, y: 6 };
      const shown = i < room;
      const slot = Math.min(i, Math.max(0, room - 1));
      rest.push({
        pod,
        x: x + 6 + slot * (queueMetric.tw + 4),
        y: y + 3,
        metric: queueMetric,
        where: shown ? 'queue' : 'hidden',
        ...base,
      });
    } else {
      const row = rows.get(pod.row);
      rest.push({ pod, x: frame.x1 - 40, y: row?.tilesY ?? 0, metric: metrics.mini, where: 'hidden', ...base });
    }
  }
  return rest;
}
