/**
 * Scene → positions. Pure and deterministic: the same scene, size and page give the same picture. The loom puts
 * nodes into rows and owners into columns; when rows get too low for a tile it puts nodes into boxes of cells.
 *
 * Owners share the width in column groups. Tiles shrink step by step (tile → small → slim → mini → cell, and into
 * several lines) until every group fits; when even that is too tight, groups are turned over in pages.
 */
import {
  metrics,
  type Box,
  type Layout,
  type Metric,
  type PlacedColumn,
  type PlacedGroup,
  type PlacedLasso,
  type PlacedNode,
  type PlacedPod,
  type PlaceInput,
  type Strip,
} from './layout.ts';
import { placeAddons } from './place-addons.ts';
import { placeBoxes } from './place-boxes.ts';
import { placeGroups, type Fit } from './place-groups.ts';
import { hiddenInQueue, placeRest } from './place-queue.ts';
import { placeServices, type Side } from './place-services.ts';
import type { Scene, ScenePod, SceneService } from './scene.ts';

/** Below this width the boxes of the control plane would lie on each other: the strip is left out. */
const narrowestStrip = 636;

/** Places everything. */
export function place(input: PlaceInput): Layout {
  const { scene, width: w, height: h, projector } = input;
  const phone = w < 480;
  const x0 = 16;
  const left = phone ? 0 : projector ? 116 : w < 800 ? 138 : 164;
  const xr = phone ? x0 : x0 + left + 24;
  const x1 = w - 18;
  const hasStrip = !projector && w >= narrowestStrip;
  const strip = hasStrip ? placeStrip(xr, x1, w, input.lang) : null;
  const pillTop = phone && scene.services.length > 0 ? 70 : 0;
  const headerY = (strip ? 64 : 12) + pillTop;
  const single = scene.groups.length === 1 && scene.groups[0]!.columns.length <= 2;
  const count = Math.max(1, scene.nodes.length);
  const gap = 6;
  const loomTop = headerY + (projector && single ? 58 : phone ? 96 : 86);
  const row = Math.min(projector ? 200 : 150, (h - loomTop - 10 - gap * (count - 1)) / count);
  const tight = h < 500 || projector;
  const title = projector ? 20 : row < 62 ? 20 : tight ? 22 : 24;
  const frame = { x0, left, xr, x1, headerY, width: w, height: h, single, strip };

  const laid = (groups: readonly PlacedGroup[]): Pick<Layout, 'groups' | 'addons'> =>
    placeAddons(groups, { y: headerY, single, plain: phone, projector });
  const fit = placeGroups({ ...input, xr, x1, row, title, single, phone });
  if (scene.nodes.length > 0 && (fit === null || row < 46)) {
    const top = headerY + 66;
    const boxes = placeBoxes({ ...input, xr, x1, top });
    return { ...frame, ...boxes, ...laid(boxes.groups), ...column(input, frame, top, h - 12, boxes), mode: 'boxes' };
  }
  const loom = placeLoom(input, frame, fit ?? emptyFit, { top: loomTop, row, gap, title });
  return { ...frame, ...loom, ...laid(loom.groups), ...column(input, frame, loomTop, loom.bottom, loom), mode: 'loom' };
}

const emptyFit: Fit = {
  metric: metrics.tile,
  groups: [],
  lines: 1,
  page: { index: 0, count: 1, from: 0, to: 0, all: 0 },
  tiles: new Map(),
};

type Frame = Pick<Layout, 'x0' | 'left' | 'xr' | 'x1' | 'headerY' | 'width' | 'height' | 'single' | 'strip'>;

/** Boxes of the control-plane strip; the queue's tray keeps its place when it is empty, so that nothing jumps. */
function placeStrip(xr: number, x1: number, w: number, lang: 'en' | 'ko'): Strip {
  const y = 10;
  const h = 40;
  const ko = lang === 'ko';
  const small = w < 800;
  const wApi = ko ? 86 : 98;
  const wScheduler = ko ? 80 : 88;
  const wManager = small ? (ko ? 80 : 96) : ko ? 130 : 152;
  const wQueue = w < 700 ? 44 : w < 1000 ? 52 : 94;
  const xManager = x1 - wManager;
  const xScheduler = xManager - 24 - wQueue - wScheduler;
  const wEtcd = 58;
  const xApi = w < 900 ? xr + wEtcd + 20 : xr + wEtcd + Math.max(40, (xScheduler - xr - wEtcd - wApi) * 0.36);
  const box = (x: number, width: number): Box => ({ x, y: y + 3, w: width, h: h - 6 });
  return {
    y,
    h,
    etcd: box(xr, wEtcd),
    api: box(xApi, wApi),
    scheduler: box(xScheduler, wScheduler),
    manager: box(xManager, wManager),
    queue: { x: xScheduler + wScheduler - 1, y: y + 8, w: wQueue - 2, h: h - 16 },
    more: 0,
    small,
  };
}

interface Rows {
  readonly top: number;
  readonly row: number;
  readonly gap: number;
  readonly title: number;
}

type Placed = Omit<Layout, keyof Frame | keyof Side | 'addons' | 'mode'> & { readonly bottom: number };

function placeLoom(input: PlaceInput, frame: Frame, fit: Fit, { top, row, gap, title }: Rows): Placed {
  const { scene } = input;
  const { metric } = fit;
  const body = row - title;
  const used = fit.lines * metric.line;
  const air = Math.max(metric.size === 'cell' || metric.size === 'mini' ? 5 : 7, Math.min(20, (body - used) / 2 + 3));
  const groupOfColumn = new Map(fit.groups.flatMap((g) => g.columns.map((c) => [c.column.uid, { g, c }] as const)));
  const cells = spread(scene.pods, groupOfColumn);
  const pods: PlacedPod[] = [];
  const nodes: PlacedNode[] = scene.nodes.map((node, i) => {
    const y = top + i * (row + gap);
    const tilesY = y + title + (input.projector ? 5 : air);
    let endX = frame.xr;
    for (const { c } of groupOfColumn.values()) {
      const placed = placeLine(cells.get(`${node.name}\n${c.column.uid}`) ?? [], c, tilesY, metric, fit.lines);
      for (const pod of placed) endX = Math.max(endX, pod.x + metric.tw);
      pods.push(...placed);
    }
    return {
      node,
      box: { x: frame.xr, y, w: frame.x1 - frame.xr, h: row },
      title,
      wireY: y + title,
      tilesY,
      endX,
    };
  });
  pods.push(...placeRest(input, frame, nodes, pods));
  if (metric.size !== 'mini' && metric.size !== 'cell' && !input.projector)
    labelPods(pods, frame.x1, columnEnds(fit.groups));
  const bottom = top + scene.nodes.length * (row + gap) - gap;
  return {
    top,
    bottom,
    metric,
    nodes,
    groups: fit.groups,
    pods,
    lassos: placeLassos(scene, nodes, pods),
    page: fit.page,
    zones: [],
    strip: frame.strip ? { ...frame.strip, more: hiddenInQueue(scene, frame.strip) } : null,
    hint: { size: metric.size, tiles: fit.tiles },
  } as Placed;
}

type ColumnOf = ReadonlyMap<string, { readonly g: PlacedGroup; readonly c: PlacedColumn }>;

/** Pods by node and column. */
function spread(pods: readonly ScenePod[], columns: ColumnOf): Map<string, ScenePod[]> {
  const cells = new Map<string, ScenePod[]>();
  for (const pod of pods) {
    if (pod.row === '' || !columns.has(pod.column)) continue;
    const key = `${pod.row}\n${pod.column}`;
    const cell = cells.get(key);
    if (cell) cell.push(pod);
    else cells.set(key, [pod]);
  }
  return cells;
}

/** From the centre line outwards: Ready, then starting, then failing; what is leaving stands outermost. */
const order: Readonly<Record<ScenePod['state'], number>> = {
  ready: 0,
  unknown: 1,
  notready: 2,
  creating: 3,
  reserved: 4,
  pending: 4,
  imagepull: 5,
  backoff: 6,
  oom: 6,
  failed: 7,
  succeeded: 7,
  terminating: 8,
};

function placeLine(pods: ScenePod[], column: PlacedColumn, y: number, m: Metric, lines: number): PlacedPod[] {
  const sorted = pods.toSorted((a, b) => a.ordinal - b.ordinal || order[a.state] - order[b.state]);
  const pitch = m.tw + m.gap;
  const across = Math.max(
    1,
    Math.ceil(sorted.length / lines),
    Math.floor((column.w - 2 * m.pad + m.gap + 0.5) / pitch),
  );
  return sorted.map((pod, i) => {
    const col = i % across;
    const line = Math.floor(i / across);
    const x =
      column.align === 'right' ? column.x + column.w - m.pad - m.tw - col * pitch : column.x + m.pad + col * pitch;
    return {
      pod,
      x,
      y: y + line * m.line,
      metric: m,
      where: 'row',
      labelRoom: 0,
      labelEnd: false,
      labelCount: 1,
      sideRoom: 0,
    };
  });
}

/** Words under tiles: neighbours with the same word share one; a word that would leave the node hangs from the right. */
function labelPods(pods: PlacedPod[], x1: number, ends: ReadonlyMap<string, number>): void {
  const lines = new Map<number, number[]>();
  pods.forEach((p, i) => {
    if (p.where !== 'row') return;
    const line = lines.get(p.y);
    if (line) line.push(i);
    else lines.set(p.y, [i]);
  });
  const silent = (p: PlacedPod): boolean => p.pod.state === 'ready' || p.pod.state === 'reserved';
  for (const line of lines.values()) {
    line.sort((a, b) => pods[a]!.x - pods[b]!.x);
    for (let i = 0; i < line.length;) {
      const first = pods[line[i]!]!;
      let n = 1;
      const same = (q: PlacedPod | undefined): boolean =>
        q !== undefined &&
        q.pod.column === first.pod.column &&
        q.pod.state === first.pod.state &&
        q.pod.look.word === first.pod.look.word;
      while (!silent(first) && same(pods[line[i + n] ?? -1])) n++;
      const last = pods[line[i + n - 1]!]!;
      // Room reaches to the next tile that has something to say itself.
      let next = i + n;
      while (next < line.length && silent(pods[line[next]!]!)) next++;
      const reach = Math.min(x1, ends.get(first.pod.column) ?? x1);
      const end = Math.min(next < line.length ? pods[line[next]!]!.x - 6 : x1 - 6, reach - 2);
      let before = i - 1;
      while (before >= 0 && silent(pods[line[before]!]!)) before--;
      const tileEnd = last.x + last.metric.tw;
      const room = Math.max(end, tileEnd) - first.x;
      const lastOne = next >= line.length;
      for (let j = 0; j < n; j++) {
        const at = line[i + j]!;
        pods[at] = {
          ...pods[at]!,
          labelRoom: j === 0 && !silent(first) ? room : 0,
          labelEnd: lastOne && n === 1 && end - first.x < 130 && before < 0,
          labelCount: n,
          sideRoom: sideRoom(pods, line, i + j, ends),
        };
      }
      i += n;
    }
  }
}

/** Free width to the right of a tile, to its neighbour or the end of its group. */
function sideRoom(
  pods: readonly PlacedPod[],
  line: readonly number[],
  i: number,
  ends: ReadonlyMap<string, number>,
): number {
  const p = pods[line[i]!]!;
  const next = line[i + 1];
  const end = Math.min(ends.get(p.pod.column) ?? 0, next === undefined ? Number.POSITIVE_INFINITY : pods[next]!.x);
  return end - p.x - p.metric.tw;
}

const columnEnds = (groups: readonly PlacedGroup[]): Map<string, number> =>
  new Map(groups.flatMap((g) => g.columns.map((c) => [c.column.uid, g.x + g.w] as const)));

/** Rows of a lasso: from the first to the last ready member of each node, 6 px outside the tiles. */
function placeLassos(scene: Scene, nodes: readonly PlacedNode[], pods: readonly PlacedPod[]): PlacedLasso[] {
  const byUid = new Map(pods.filter((p) => p.where === 'row').map((p) => [p.pod.uid, p]));
  return scene.services.map((service, i) => {
    const rows = new Map<string, { x0: number; x1: number; y0: number; y1: number }>();
    // Two services over the same pods: the later line runs a little outside the earlier one.
    const twin = scene.services.slice(0, i).some((s) => [...service.members].some((m) => s.members.has(m)));
    const out = twin ? 9 : 6;
    for (const uid of service.members) {
      const p = byUid.get(uid);
      if (!p) continue;
      const foot = p.metric.size === 'tile' ? 11 : p.metric.size === 'cell' ? 3 : 5;
      const reach = p.metric.size === 'cell' || p.metric.size === 'mini' ? 2.5 : out;
      const row = rows.get(p.pod.node) ?? { x0: 1e9, x1: -1e9, y0: 1e9, y1: -1e9 };
      row.x0 = Math.min(row.x0, p.x - reach);
      row.x1 = Math.max(row.x1, p.x + p.metric.tw + reach);
      row.y0 = Math.min(row.y0, p.y - reach);
      row.y1 = Math.max(row.y1, p.y + p.metric.th + foot);
      rows.set(p.pod.node, row);
    }
    return {
      service: service.uid,
      rows: nodes.filter((n) => rows.has(n.node.name)).map((n) => ({ node: n.node.name, ...rows.get(n.node.name)! })),
    };
  });
}

function column(
  { scene, ...input }: PlaceInput,
  frame: Frame,
  top: number,
  bottom: number,
  placed: Pick<Layout, 'page' | 'groups'>,
): Side {
  const shown = new Set(placed.groups.map((g) => g.group.uid));
  const relevant = ({ members }: SceneService): boolean =>
    members.size === 0 || [...members].some((uid) => shown.has(scene.byUid.get(uid)?.group ?? ''));
  return placeServices({ scene, ...input }, frame, top, bottom, placed.page.count, relevant);
}
