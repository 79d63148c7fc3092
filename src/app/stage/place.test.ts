import { describe, expect, it } from 'vitest';
import { bigBench, gateBench, jobsBench, lostBench, manyBench, rollingBench, scaledBench } from './fixture-benches.ts';
import { bench, type Bench } from './fixtures.ts';
import { nextTarget } from './keyboard.ts';
import { lassoPath } from './lasso.ts';
import type { Layout, PlacedPod } from './layout.ts';
import { fitText, fitTextEnd, textWidth } from './measure.ts';
import { place } from './place.ts';
import { kindOf, requestsPerDot, routeOf } from './routes.ts';
import { buildScene } from './scene.ts';

const layoutOf = (b: Bench, width = 922, height = 495, page = 0, projector = false): Layout =>
  place({ scene: buildScene(b.view()), width, height, page, projector, lang: 'en', hint: null });
const inRow = (layout: Layout): PlacedPod[] => layout.pods.filter((p) => p.where === 'row');

/** Pairs of tiles that lie on one another. */
function overlaps(layout: Layout): string[] {
  const tiles = inRow(layout);
  const found: string[] = [];
  tiles.forEach((a, i) =>
    tiles.slice(i + 1).forEach((b) => {
      const m = a.metric;
      if (Math.abs(a.x - b.x) < m.tw - 0.01 && Math.abs(a.y - b.y) < m.th - 0.01)
        found.push(`${a.pod.ref.key} ${b.pod.ref.key}`);
    }),
  );
  return found;
}

/** Tiles outside their node. */
const strays = (layout: Layout): string[] =>
  inRow(layout)
    .filter((p) => {
      const { box } = layout.nodes.find((n) => n.node.name === p.pod.node)!;
      return p.x < box.x || p.x + p.metric.tw > box.x + box.w || p.y < box.y || p.y + p.metric.th > box.y + box.h + 0.5;
    })
    .map((p) => p.pod.ref.key);

const benches: [string, () => Bench][] = [
  ['a rolling update', rollingBench],
  ['a lost node', lostBench],
  ...[1, 2, 3, 6, 12, 20].flatMap((n): [string, () => Bench][] => [
    [`${n} Deployments`, () => manyBench(n)],
    [`${n} Deployments of nine`, () => manyBench(n, 9)],
  ]),
  ['one Deployment of 300', () => manyBench(1, 300)],
  ['owners of every kind', jobsBench],
  ['an autoscaler', scaledBench],
  ['six nodes', () => manyBench(3, 6, 6)],
  ['thirty nodes', () => manyBench(4, 30, 30)],
  ['100 nodes with 1,000 pods', () => bigBench()],
  ['nothing', bench],
];
const sizes: [number, number][] = [
  [922, 495],
  [704, 528],
  [960, 700],
  [1130, 640],
  [390, 520],
];

describe('what is laid upon a group', () => {
  it.each([
    [922, [true, true]],
    [704, [true, false]],
    [560, [false, false]],
  ])('stands behind its band at %i px, with words: %j', (width, full) => {
    const layout = layoutOf(scaledBench(), width);
    const [group] = layout.groups;
    expect(layout.addons.map((a) => [a.kind, a.full])).toEqual([
      ['scaler', full[0]],
      ['budget', full[1]],
    ]);
    for (const { box } of layout.addons) {
      expect(box.x).toBeGreaterThanOrEqual(group!.bandEnd);
      expect(box.x + box.w).toBeLessThanOrEqual(layout.x1 + 0.5);
    }
  });
});

describe('the loom', () => {
  describe.each(benches)('with %s', (_, make) => {
    it.each(sizes)('keeps every tile in its node and off the others at %i × %i', (w, h) => {
      const layout = layoutOf(make(), w, h);
      expect(overlaps(layout)).toEqual([]);
      expect(strays(layout)).toEqual([]);
    });
  });

  it('gives the same picture for the same scene', () => {
    expect(layoutOf(manyBench(6))).toEqual(layoutOf(manyBench(6)));
  });

  it('sets old tiles left and new ones right of the centre line, ready ones next to it', () => {
    const layout = layoutOf(rollingBench());
    const [, young] = layout.groups[0]!.columns;
    const row = inRow(layout)
      .filter((p) => p.pod.node === 'node-1')
      .sort((a, b) => a.x - b.x);
    expect(row.map((p) => [p.pod.version.text, p.pod.state, p.x < young!.x])).toEqual([
      ['v1', 'ready', true],
      ['v1', 'ready', true],
      ['v2', 'ready', false],
      ['v2', 'notready', false],
      ['v2', 'backoff', false],
    ]);
  });

  it('draws whole tiles for one, three and six Deployments of three at the smallest design size', () => {
    for (const n of [1, 3, 6]) {
      const layout = layoutOf(manyBench(n));
      expect(layout.metric.size).toBe('tile');
      expect(layout.page.count).toBe(1);
    }
  });

  it('turns over pages of workloads rather than shrink tiles beyond reading', () => {
    const b = manyBench(12);
    const seen = new Set<string>();
    const { page } = layoutOf(b);
    expect(page).toMatchObject({ count: 2, from: 1, all: 12 });
    for (let i = 0; i < page.count; i++) for (const g of layoutOf(b, 922, 495, i).groups) seen.add(g.group.name);
    expect(seen.size).toBe(12);
  });

  it('keeps a place for the ReplicaSet to come while a Deployment is alone', () => {
    const columns = layoutOf(manyBench(1)).groups[0]!.columns;
    expect(columns.map((c) => [c.column.ghost, c.column.version.text])).toEqual([
      [false, 'v1'],
      [true, 'v2'],
    ]);
  });

  it('finds room for a dozen services, or says how many more there are', () => {
    const layout = layoutOf(manyBench(12));
    expect(layout.services.length + layout.moreServices).toBe(12);
    const bottoms = layout.services.map((s) => s.box.y + s.box.h);
    expect(Math.max(...bottoms)).toBeLessThan(495);
    layout.services.slice(1).forEach((s, i) => expect(s.box.y).toBeGreaterThan(bottoms[i]!));
  });

  it('puts many nodes into boxes, by zone', () => {
    const layout = layoutOf(bigBench(), 1010, 570);
    expect(layout.mode).toBe('boxes');
    expect(layout.zones.map((z) => z.name)).toEqual(['a', 'b', 'c']);
    expect(layout.metric.tw).toBeGreaterThanOrEqual(7);
  });
});

describe('the lasso', () => {
  it('holds the ready members and nothing else', () => {
    const layout = layoutOf(rollingBench());
    const rows = layout.lassos[0]!.rows;
    expect(rows.map((r) => r.node)).toEqual(['node-1', 'node-2', 'node-3']);
    for (const p of inRow(layout)) {
      const row = rows.find((r) => r.node === p.pod.node)!;
      const inside = p.x + 38 > row.x0 && p.x + 38 < row.x1;
      expect([p.pod.look.suffix, inside]).toEqual([p.pod.look.suffix, p.pod.state === 'ready']);
    }
  });

  it('is one line around neighbouring rows and lets a row without members be', () => {
    const row = (node: string, y: number) => ({ node, x0: 0, x1: 100, y0: y, y1: y + 50 });
    const order = new Map([
      ['a', 0],
      ['b', 1],
      ['c', 2],
    ]);
    const loops = (rows: Parameters<typeof lassoPath>[0]): number => lassoPath(rows, order).split('Z').length - 1;
    expect(loops([row('a', 0), row('b', 100), row('c', 200)])).toBe(1);
    expect(loops([row('a', 0), row('c', 200)])).toBe(2);
    expect(loops([])).toBe(0);
  });
});

describe('requests', () => {
  const b = rollingBench();
  const scene = buildScene({
    ...b.view(),
    sources: [{ name: 'users', url: 'http://web', rps: 40, from: 'outside', timeoutMs: 1000 }],
  });
  const layout = place({ scene, width: 922, height: 495, page: 0, projector: false, lang: 'en', hint: null });
  const byKey = new Map(layout.pods.map((p) => [p.pod.ref.key, p]));
  const record = (more: object) =>
    ({
      type: 'request',
      id: 1,
      source: 'users',
      target: 'http://web',
      startedAt: 0,
      endedAt: 40,
      ok: true,
      status: 200,
      hops: [],
      ...more,
    }) as never;

  it('run through the service and along the wire of the node into the tile', () => {
    const { points } = routeOf(record({ pod: 'default/web-5d8f7-b7k2x', node: 'node-1' }), layout, scene, byKey)!;
    const tile = byKey.get('default/web-5d8f7-b7k2x')!;
    expect(points.at(-1)).toMatchObject({ x: tile.x + 38, y: tile.y + 2 });
    expect(points.at(-2)!.y).toBe(layout.nodes[0]!.wireY);
  });
  it('stop at the service when it has no endpoints', () => {
    const { points } = routeOf(record({ ok: false, status: 0, failure: 'no-endpoints' }), layout, scene, byKey)!;
    expect(points.at(-1)!.x).toBeLessThan(layout.xr);
  });
  it('pass the pod of the gate’s controller before their own', () => {
    const b = gateBench();
    const source = { name: 'users', url: 'http://shop.example/', rps: 1, from: 'outside' as const, timeoutMs: 1000 };
    const gated = buildScene(b.view({ sources: [source] }));
    const hint = null;
    const at = place({ scene: gated, width: 922, height: 495, page: 0, projector: false, lang: 'en', hint });
    const tiles = new Map(at.pods.map((p) => [p.pod.ref.key, p]));
    const key = (name: string): string => [...tiles.keys()].find((k) => k.startsWith(`default/${name}`))!;
    const hop = (name: string) => ({
      at: 0,
      what: 'pod',
      ref: `pods/${key(name)}`,
      detail: '',
      code: 'pod.arrived' as const,
    });
    const passed = record({
      pod: key('shop'),
      node: tiles.get(key('shop'))!.pod.node,
      hops: [hop('nginx'), hop('shop')],
    });
    const ends = ['nginx', 'shop'].map((name) => tiles.get(key(name))!.y + 2);
    const ys = routeOf(passed, at, gated, tiles)!.points.map((p) => p.y);
    expect(ys.indexOf(ends[0]!)).toBeGreaterThan(0);
    expect(ys.indexOf(ends[0]!)).toBeLessThan(ys.lastIndexOf(ends[1]!));
    const refused = record({ ok: false, status: 0, failure: 'dns', pod: undefined, node: undefined, hops: [] });
    expect(routeOf(refused, at, gated, tiles)!.points.at(-1)!.x).toBeLessThan(at.xr);
  });
  it('are ● ▲ or ✕', () => {
    expect(kindOf(record({}))).toBe('ok');
    expect(kindOf(record({ endedAt: 900 }))).toBe('slow');
    expect(kindOf(record({ ok: false }))).toBe('fail');
  });
  it.each([
    [0, 1],
    [30, 1],
    [40, 2],
    [60, 2],
    [120, 5],
    [300, 10],
    [4000, 200],
  ])('at %i per second a dot stands for %i', (rps, n) => expect(requestsPerDot(rps)).toBe(n));
});

describe('arrow keys', () => {
  const layout = layoutOf(rollingBench());
  const targets = new Map(
    [
      ...layout.nodes.map(
        (n) => [n.node.uid, { box: { ...n.box, h: n.title }, kind: 'node', node: n.node.name }] as const,
      ),
      ...inRow(layout).map(
        (p) => [p.pod.uid, { box: { x: p.x, y: p.y, w: 76, h: 52 }, kind: 'pod', node: p.pod.node }] as const,
      ),
    ].map(([uid, t]) => [uid, { ...t, ref: { resource: '', key: '', uid }, round: 4 }]),
  );
  const walk = (...path: ('left' | 'right' | 'up' | 'down')[]): string | null =>
    path.reduce<string | null>((at, step) => nextTarget(targets, at, step, layout), layout.nodes[0]!.node.uid);

  it('lead from a node into its pods and back', () => {
    expect(walk('right')).toBe('uid-Pod-default-web-5d8f7-n4qzd');
    expect(walk('right', 'right', 'left', 'left')).toBe('uid-Node--node-1');
  });
  it('lead from node to node and from row to row', () => {
    expect(walk('down')).toBe('uid-Node--node-2');
    expect(targets.get(walk('right', 'right', 'down')!)).toMatchObject({ kind: 'pod', node: 'node-2' });
  });
});

it('puts a pod that others are ended for into the row of that node, and the others into the queue', () => {
  const b = manyBench(1);
  const status = { phase: 'Pending', nominatedNodeName: 'node-2' };
  b.pod(null, 'urgent', '', 'pending', { status });
  b.pod(null, 'patient', '', 'pending');
  const scene = buildScene(b.view());
  expect(scene.queue.map((p) => p.ref.key)).toEqual(['default/patient']);
  const layout = layoutOf(b);
  const placed = layout.pods.find((p) => p.pod.ref.key === 'default/urgent')!;
  const { box } = layout.nodes.find((n) => n.node.name === 'node-2')!;
  expect(placed).toMatchObject({ where: 'row', pod: { node: '', state: 'pending' } });
  expect(placed.y).toBeGreaterThan(box.y);
  expect(placed.y).toBeLessThan(box.y + box.h);
});

describe('text', () => {
  it('is cut where it says least', () => {
    expect(fitText('frontend-admin', 90, true)).toBe('frontend…');
    expect(fitTextEnd('web-5d8f7-b7k2x', 51, true)).toBe('…b7k2x');
    expect(fitText('web', 90, true)).toBe('web');
    expect(fitText('파드', 5, false)).toBe('');
  });
  it('is measured without the browser', () => {
    expect(textWidth('abc', true)).toBeCloseTo(25.26);
    expect(textWidth('파드', false)).toBeGreaterThan(24);
  });
});
