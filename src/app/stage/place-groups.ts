/** How column groups share the width of the loom: which size of tile, how many lines, which page. Pure. */
import { textWidth } from './measure.ts';
import {
  metrics,
  type Hint,
  type Metric,
  type Page,
  type PlacedColumn,
  type PlacedGroup,
  type TileSize,
} from './layout.ts';
import { ghost } from './scene-groups.ts';
import type { Scene, SceneColumn, SceneGroup } from './scene.ts';

export interface GroupsInput {
  readonly scene: Scene;
  readonly xr: number;
  readonly x1: number;
  readonly row: number;
  readonly title: number;
  readonly single: boolean;
  readonly phone: boolean;
  readonly projector: boolean;
  readonly page: number;
  readonly hint: Hint | null;
}

export interface Fit {
  readonly metric: Metric;
  readonly groups: readonly PlacedGroup[];
  /** Lines of tiles in a row. */
  readonly lines: number;
  readonly page: Page;
  readonly tiles: ReadonlyMap<string, number>;
}

/** Most pods that one node has of each column. */
type Demand = ReadonlyMap<string, number>;

interface Wanted {
  readonly group: SceneGroup;
  readonly columns: readonly { readonly column: SceneColumn; readonly tiles: number; readonly width: number }[];
  readonly width: number;
}

const sizes: readonly TileSize[] = ['tile', 'small', 'slim', 'mini', 'cell'];
const gapOf = (m: Metric): number => (m.size === 'tile' || m.size === 'small' ? 8 : 4);

/** Finds the largest tiles with which every group fits; failing that, pages of groups. Null when nothing fits at all. */
export function placeGroups(input: GroupsInput): Fit | null {
  const { scene, x1, xr } = input;
  const inner = x1 - xr;
  const demand = demandOf(scene);
  const allowed = sizes.filter((size) => {
    if (input.phone && size === 'tile') return false;
    return linesOf(metrics[size], input) >= 1;
  });
  if (scene.groups.length === 0) {
    const metric = metrics[allowed[0] ?? 'tile'];
    return { metric, groups: [], lines: 1, page: { index: 0, count: 1, from: 0, to: 0, all: 0 }, tiles: new Map() };
  }
  return paged(input, allowed, demand, inner);
}

/**
 * What a smaller tile costs against a page to turn (0.9): one page of small or slim tiles is taken before two pages of
 * whole ones only as long as names and suffixes can still be read; bands and cells only when turning would not help.
 */
const costs: Readonly<Record<TileSize, number>> = { tile: 0, small: 0.4, slim: 0.8, mini: 2, cell: 3.4 };
const pageCost = 0.9;

/** How many lines of a metric a row takes. The last line needs no air below. */
function linesOf(m: Metric, { row, title, projector }: GroupsInput): number {
  const body = row - title - (m.size === 'mini' || m.size === 'cell' ? 6 : 5);
  const need = projector && m.size === 'tile' ? 60 : m.line;
  return Math.floor((body + (m.size === 'tile' || m.size === 'small' || m.size === 'slim' ? 4 : 3)) / need);
}

function demandOf(scene: Scene): Demand {
  const counts = new Map<string, number>();
  const most = new Map<string, number>();
  for (const pod of scene.pods) {
    if (pod.row === '') continue;
    const key = `${pod.column}\n${pod.row}`;
    const n = (counts.get(key) ?? 0) + 1;
    counts.set(key, n);
    if (n > (most.get(pod.column) ?? 0)) most.set(pod.column, n);
  }
  return most;
}

const total = (wanted: readonly Wanted[], m: Metric): number =>
  wanted.reduce((sum, w) => sum + w.width, 0) + gapOf(m) * Math.max(0, wanted.length - 1);

function want(group: SceneGroup, m: Metric, lines: number, demand: Demand, input: GroupsInput): Wanted {
  const settled = group.condition.state === 'ready';
  const shown = withGhost(group, input);
  const columns = shown.map((column) => {
    const now = Math.ceil((demand.get(column.uid) ?? 0) / lines);
    const before = input.hint?.size === m.size ? (input.hint.tiles.get(column.uid) ?? 0) : 0;
    const tiles = Math.max(1, now, settled || column.ghost ? 0 : before);
    return { column, tiles, width: tiles * (m.tw + m.gap) - m.gap + 2 * m.pad };
  });
  const least = m.size === 'tile' ? 92 : m.size === 'small' ? 78 : 54;
  const width = columns.reduce((sum, c) => sum + c.width, 0);
  return { group, columns, width: Math.max(width, least) };
}

/** A Deployment alone on the stage keeps a place for the ReplicaSet to come. */
function withGhost(group: SceneGroup, input: GroupsInput): readonly SceneColumn[] {
  const [only, second] = group.columns;
  if (!input.single || group.kind !== 'Deployment' || second || !only || only.ghost) return group.columns;
  const number = Number(/\d+/.exec(only.version.text)?.[0] ?? 1) + 1;
  return [only, ghost(group.uid, { text: `v${number}`, pattern: (((number - 1) % 3) + 1) as 1 | 2 | 3 })];
}

/** Fills pages from the left, with the size that costs least in all. */
function paged(input: GroupsInput, allowed: readonly TileSize[], demand: Demand, inner: number): Fit | null {
  let best: { metric: Metric; lines: number; pages: Wanted[][]; cost: number } | null = null;
  for (const size of allowed) {
    const metric = metrics[size];
    const lines = linesOf(metric, input);
    const pages: Wanted[][] = [[]];
    let impossible = false;
    for (const group of input.scene.groups) {
      const wanted = want(group, metric, lines, demand, input);
      if (wanted.width > inner) impossible = true;
      const last = pages.at(-1)!;
      if (last.length > 0 && total([...last, wanted], metric) > inner) pages.push([wanted]);
      else last.push(wanted);
    }
    if (impossible) continue;
    const cost = costs[size] + (pages.length - 1) * pageCost;
    if (!best || cost < best.cost) best = { metric, lines, pages, cost };
  }
  if (!best) return null;
  const index = Math.max(0, Math.min(input.page, best.pages.length - 1));
  const before = best.pages.slice(0, index).reduce((sum, p) => sum + p.length, 0);
  const wanted = best.pages[index]!;
  const page = {
    index,
    count: best.pages.length,
    from: before + 1,
    to: before + wanted.length,
    all: input.scene.groups.length,
  };
  return finish(input, wanted, best.metric, best.lines, page);
}

function finish(input: GroupsInput, wanted: readonly Wanted[], metric: Metric, lines: number, page: Page): Fit {
  const inner = input.x1 - input.xr;
  const free = inner - total(wanted, metric);
  const groups = input.single ? alone(input, wanted[0]!, metric) : beside(input, wanted, free, gapOf(metric));
  const tiles = new Map(wanted.flatMap((w) => w.columns.map((c) => [c.column.uid, c.tiles] as const)));
  return { metric, groups, lines, page, tiles };
}

/** One group: the old owner's tiles lean on a centre line a good third in, the new one's begin there, the rest is air. */
function alone({ xr, x1 }: GroupsInput, { group, columns }: Wanted, metric: Metric): PlacedGroup[] {
  const inner = x1 - xr;
  if (columns.length === 1)
    return [
      {
        group,
        x: xr,
        w: inner,
        level: 0,
        staggered: false,
        nameEnd: x1,
        bandEnd: x1,
        columns: [{ column: columns[0]!.column, x: xr, w: inner, align: 'left' }],
      },
    ];
  const [old, young] = columns as [Wanted['columns'][number], Wanted['columns'][number]];
  // Room for three old and four new tiles is kept as long as there is any, so that the line stands still while
  // tiles come and go.
  const pitch = metric.tw + metric.gap;
  const left = Math.max(old.width, Math.min(3 * pitch + metric.pad, (inner - young.width) * 0.45));
  const right = Math.max(young.width, Math.min(4 * pitch + metric.pad, inner - left));
  const cx = Math.min(x1 - young.width, xr + left + Math.max(0, inner - left - right) * 0.42);
  return [
    {
      group,
      x: xr,
      w: inner,
      level: 0,
      staggered: false,
      nameEnd: x1,
      bandEnd: x1,
      columns: [
        { column: old.column, x: xr, w: cx - xr, align: 'right' },
        { column: young.column, x: cx, w: x1 - cx, align: 'left' },
      ],
    },
  ];
}

/** Several groups: each gets its tiles' width and, as far as there is any, room for its header. Free width stays free. */
function beside({ xr }: GroupsInput, wanted: readonly Wanted[], free: number, gap: number): PlacedGroup[] {
  const wishes = wanted.map((w) => Math.max(0, headerWidth(w) - w.width));
  const wished = wishes.reduce((a, b) => a + b, 0);
  const share = wished > 0 ? Math.min(1, free / wished) : 0;
  const narrow = wanted.some((w) => w.width < 84 && textWidth(w.group.name, true, 15) > w.width + w.width * share - 22);
  let x = xr;
  return wanted.map((w, i): PlacedGroup => {
    const width = w.width + wishes[i]! * share;
    const extra = (width - w.columns.reduce((sum, c) => sum + c.width, 0)) / w.columns.length;
    let cx = x;
    const columns = w.columns.map((c, j): PlacedColumn => {
      const placed: PlacedColumn = {
        column: c.column,
        x: cx,
        w: c.width + Math.max(0, extra),
        align: j < w.columns.length - 1 ? 'right' : 'left',
      };
      cx += placed.w;
      return placed;
    });
    const placed: PlacedGroup = {
      group: w.group,
      x,
      w: width,
      columns,
      level: narrow && i % 2 === 1 ? 1 : 0,
      staggered: narrow,
      nameEnd: x + width,
      bandEnd: x + width,
    };
    x += width + gap;
    return placed;
  });
}

/** Width at which a header says everything in full: kind, name and counts in one line. */
function headerWidth({ group, columns }: Wanted): number {
  const name = textWidth(group.name || 'no owner', true, 15);
  const line = name + textWidth(group.kind, false) + 100;
  const laid = (group.scaler ? 60 : 0) + (group.budgets.length > 0 ? 50 : 0);
  return Math.min(300, Math.max(line, columns.length * 150, 170)) + laid;
}
