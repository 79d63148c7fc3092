/** Many nodes: each is a box of cells, in lines, by zone where zones are labelled. Pure. */
import {
  metrics,
  type Layout,
  type Metric,
  type Page,
  type PlacedGroup,
  type PlacedNode,
  type PlacedPod,
  type PlaceInput,
} from './layout.ts';
import { placeRest } from './place-queue.ts';
import type { SceneNode, ScenePod } from './scene.ts';

interface Area extends PlaceInput {
  readonly xr: number;
  readonly x1: number;
  readonly top: number;
}

type Placed = Pick<Layout, 'top' | 'metric' | 'nodes' | 'groups' | 'pods' | 'lassos' | 'page' | 'zones' | 'hint'>;

interface Grid {
  readonly columns: number;
  readonly cell: number;
  readonly pitchX: number;
  readonly pitchY: number;
  /** Cells across a box. */
  readonly across: number;
  readonly title: number;
}

/** Air between cells. */
const gapOf = (cell: number): number => (cell < 6 ? 1 : 2);

/** Width of the column with the first node's number of each line; the phone has none. */
const numbersOf = ({ width }: Area): number => (width < 480 ? 0 : 34);

/** Places nodes as boxes and their pods as cells. */
export function placeBoxes(input: Area): Placed {
  const { scene, xr, x1, top, height } = input;
  const zones = zonesOf(scene.nodes);
  const heading = zones.length > 1 ? 22 : 0;
  const numbers = numbersOf(input);
  const area = { w: x1 - xr - numbers, h: height - top - 6 - heading * zones.length };
  const byNode = podsByNode(scene.pods);
  const most = Math.max(1, ...scene.nodes.map((n) => byNode.get(n.name)?.length ?? 0));
  const grid = chooseGrid(
    zones.map((z) => z.nodes.length),
    most,
    area,
  );
  const metric = metricOf(grid, most);
  const across =
    metric.size === 'cell' ? grid.across : Math.floor((grid.pitchX - 10 + metric.gap) / (metric.tw + metric.gap));
  const nodes: PlacedNode[] = [];
  const pods: PlacedPod[] = [];
  const headings: { name: string; y: number }[] = [];
  const rank = ranks(input);
  let y = top;
  for (const zone of zones) {
    if (heading) headings.push({ name: zone.name, y });
    y += heading;
    zone.nodes.forEach((node, i) => {
      const x = xr + numbers + (i % grid.columns) * grid.pitchX;
      const by = y + Math.floor(i / grid.columns) * grid.pitchY;
      const box = { x, y: by, w: grid.pitchX - 6, h: grid.pitchY - 5 };
      const width = across * (metric.tw + metric.gap) - metric.gap;
      const ox = x + Math.max(4, (box.w - width) / 2);
      const oy = by + grid.title + 4;
      const own = (byNode.get(node.name) ?? []).toSorted((a, b) => rank(a) - rank(b));
      own.forEach((pod, j) =>
        pods.push({
          pod,
          x: ox + (j % across) * (metric.tw + metric.gap),
          y: oy + Math.floor(j / across) * metric.line,
          metric,
          where: 'row',
          labelRoom: 0,
          labelEnd: false,
          labelCount: 1,
          sideRoom: 0,
        }),
      );
      nodes.push({ node, box, title: grid.title, wireY: by, tilesY: oy, endX: ox + width });
    });
    y += Math.ceil(zone.nodes.length / grid.columns) * grid.pitchY;
  }
  const frame = { x1, strip: null };
  pods.push(...placeRest(input, frame, nodes, pods));
  const { groups, page } = headers(input);
  return {
    top,
    metric,
    nodes,
    groups,
    pods,
    lassos: [],
    page,
    zones: headings,
    hint: { size: metric.size, tiles: new Map() },
  };
}

/** Small tiles that name their version where few pods leave room for them (and for as many again), else cells. */
function metricOf(grid: Grid, most: number): Metric {
  const { mini } = metrics;
  const across = Math.floor((grid.pitchX - 10 + mini.gap) / (mini.tw + mini.gap));
  const lines = Math.floor((grid.pitchY - 5 - grid.title - 12) / mini.line);
  if (grid.title > 0 && most <= 8 && across * lines >= Math.min(most * 2, most + 2)) return mini;
  const gap = gapOf(grid.cell);
  return { ...metrics.cell, tw: grid.cell, th: grid.cell, gap, line: grid.cell + gap, pad: 5 };
}

function zonesOf(nodes: readonly SceneNode[]): { name: string; nodes: SceneNode[] }[] {
  const zones = new Map<string, SceneNode[]>();
  for (const node of nodes) {
    const zone = zones.get(node.zone);
    if (zone) zone.push(node);
    else zones.set(node.zone, [node]);
  }
  return [...zones].sort((a, b) => (a[0] < b[0] ? -1 : 1)).map(([name, list]) => ({ name, nodes: list }));
}

function podsByNode(pods: readonly ScenePod[]): Map<string, ScenePod[]> {
  const map = new Map<string, ScenePod[]>();
  for (const pod of pods) {
    if (pod.row === '') continue;
    const list = map.get(pod.row);
    if (list) list.push(pod);
    else map.set(pod.row, [pod]);
  }
  return map;
}

/** Cells by owner, version, then state, so that a node's box reads the same everywhere. */
function ranks({ scene }: Area): (pod: ScenePod) => number {
  const columns = new Map<string, number>();
  scene.groups.forEach((g, i) => g.columns.forEach((c, j) => columns.set(c.uid, i * 1000 + j * 100)));
  const states = { terminating: 0, unknown: 1, ready: 2, notready: 4, reserved: 5, creating: 6, pending: 7 };
  return (pod) => (columns.get(pod.column) ?? 0) + (states[pod.state as keyof typeof states] ?? 8);
}

/** The number of boxes across that gives the largest cells; among equals the calmest shape. */
function chooseGrid(zones: readonly number[], most: number, area: { w: number; h: number }): Grid {
  let best: Grid | null = null;
  let bestScore = -1;
  const all = zones.reduce((a, b) => a + b, 0);
  for (let columns = 1; columns <= Math.min(40, Math.max(1, all)); columns++) {
    const rows = zones.reduce((sum, n) => sum + Math.ceil(n / columns), 0);
    const pitchX = Math.min(260, area.w / columns);
    const pitchY = Math.min(110, area.h / Math.max(1, rows));
    const title = pitchY > 56 && pitchX > 90 ? 18 : 0;
    const w = pitchX - 6 - 8;
    const h = pitchY - 5 - title - 12;
    if (w < 4 || h < 3) continue;
    let cell = 0;
    let across = 1;
    for (let size = 14; size >= 2; size -= 0.5) {
      const gap = gapOf(size);
      across = Math.floor((w + gap) / (size + gap));
      if (across * Math.floor((h + gap) / (size + gap)) >= most) {
        cell = size;
        break;
      }
    }
    const shape = 1 - Math.abs(Math.log(pitchX / pitchY / 1.45)) * 0.9;
    const score = Math.min(11, cell) + (title ? 0.6 : 0) + shape;
    if (cell > 0 && score > bestScore) {
      bestScore = score;
      // As wide as high enough to hold all: five and five rather than nine and one.
      const lines = Math.floor((h + gapOf(cell)) / (cell + gapOf(cell)));
      across = Math.min(across, Math.max(Math.ceil(most / lines), Math.ceil(across * 0.6)));
      best = { columns, cell, pitchX, pitchY, across, title };
    }
  }
  return best ?? { columns: 12, cell: 3, pitchX: area.w / 12, pitchY: 12, across: 12, title: 0 };
}

/** Headers over the boxes: one group in full width, several side by side in pages. */
function headers({ scene, xr, x1, page }: Area): { groups: PlacedGroup[]; page: Page } {
  const all = scene.groups.length;
  if (all === 0) return { groups: [], page: { index: 0, count: 1, from: 0, to: 0, all } };
  const inner = x1 - xr;
  const perPage = Math.max(1, Math.min(all, Math.floor((inner + 12) / 150)));
  const count = Math.ceil(all / perPage);
  const index = Math.max(0, Math.min(page, count - 1));
  const shown = scene.groups.slice(index * perPage, (index + 1) * perPage);
  const w = Math.min(360, (inner + 12) / Math.min(perPage, shown.length) - 12);
  const groups = shown.map((group, i): PlacedGroup => {
    const x = xr + i * (w + 12);
    const width = all === 1 ? inner : w;
    const each = width / group.columns.length;
    return {
      group,
      x,
      w: width,
      level: 0,
      staggered: false,
      nameEnd: x + width,
      bandEnd: x + width,
      columns: group.columns.map((column, j) => ({ column, x: x + j * each, w: each, align: 'left' })),
    };
  });
  const from = index * perPage + 1;
  return { groups, page: { index, count, from, to: from + shown.length - 1, all } };
}
