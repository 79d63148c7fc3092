/**
 * Layout → SVG. Everything is joined by uid, so that an object keeps its element for life and two pods never share
 * one; an element is redrawn only when its sign changed. No layout is read; writes come in one go.
 */
import { easeCubicOut, select, transition } from 'd3';
import type { StageRef, StageView } from './contract.ts';
import { addDefs, type Fills } from './defs.ts';
import { defaultGlyph } from './glyphs/default.ts';
import { headerGlyph, type PlacedHeader } from './glyphs/deployment.ts';
import type { Glyph, Look } from './glyphs/glyph.ts';
import { isBad, nodeBack, nodeFront } from './glyphs/node.ts';
import { podGlyph } from './glyphs/pod.ts';
import { processGlyph, type PlacedProcess } from './glyphs/process.ts';
import { trayGlyph, type PlacedTray } from './glyphs/replicaset.ts';
import { isDead, serviceGlyph } from './glyphs/service.ts';
import { stateGlyph } from './glyphs/state.ts';
import { lassoPath } from './lasso.ts';
import type { Box, LassoRow, Layout, PlacedLasso, PlacedNode, PlacedPod, PlacedService } from './layout.ts';
import { appear, grow, shake, shrink, times } from './motion.ts';
import { clear, el, group, path, rect, text } from './paint.ts';
import type { Scene } from './scene.ts';
import { sentences } from './sentences.ts';
import { drawColumnLines, drawControlWires, drawQueueTray, drawTrafficWires, drawUsers } from './wires.ts';

/** An object that can be pointed at, with its box in the world's coordinates. */
export interface Target {
  readonly ref: StageRef;
  readonly box: Box;
  /** What selection and focus go around, when it is more than the box. */
  readonly frame?: Box | undefined;
  readonly kind: 'pod' | 'node' | 'group' | 'column' | 'service' | 'process';
  /** Node of a pod. */
  readonly node?: string | undefined;
  readonly round: number;
}

/** One update's material. */
export interface Picture {
  readonly scene: Scene;
  readonly layout: Layout;
  readonly view: StageView;
  /** 0: nothing moves. */
  readonly pace: number;
  /** Page turned, resized or reset: everything settles at once. */
  readonly settle: boolean;
}

export interface Drawing {
  readonly svg: SVGSVGElement;
  /** Two worlds under one transform: what stands, and above it what flies. */
  readonly worlds: readonly [SVGGElement, SVGGElement];
  /** Layers for those who draw above the objects. */
  readonly flights: SVGGElement;
  readonly over: SVGGElement;
  readonly fills: Fills;
  readonly targets: ReadonlyMap<string, Target>;
  update(picture: Picture): void;
  element(uid: string): SVGGElement | undefined;
}

/** Classes of joined layers. */
const layers = [
  'control-wires',
  'node-backs',
  'column-lines',
  'wires',
  'tray-box',
  'processes',
  'headers',
  'trays',
  'lassos',
  'node-fronts',
  'users',
  'services',
  'pods',
  'texts',
] as const;

type Layers = Readonly<Record<(typeof layers)[number], SVGGElement>>;

/**
 * Prepares the layers inside `svg`, and in `air` those of what moves all the time: a sheet of its own, so that a dot
 * in flight repaints nothing of the cluster below it.
 */
export function createDrawing(
  svg: SVGSVGElement,
  air: SVGSVGElement,
  prefix: string,
  onProblem: (problem: string) => void,
): Drawing {
  const fills = addDefs(svg, prefix);
  const world = group(svg, 'world');
  const sky = group(air, 'world');
  const layer = Object.fromEntries(layers.map((name) => [name, group(world, name)])) as unknown as Layers;
  const painter = createPainter(onProblem);
  let targets: Map<string, Target> | null = null;
  let placed: Layout | null = null;
  const lassos = createLassos(layer.lassos);
  const pods = createPods(layer.pods, painter);

  return {
    svg,
    worlds: [world, sky],
    flights: group(sky, 'flights'),
    over: group(sky, 'over'),
    fills,
    // Built when somebody asks: most frames need none of it.
    get targets() {
      if (targets === null) {
        targets = new Map();
        if (placed) collectTargets(targets, placed);
      }
      return targets;
    },
    element: (uid) => painter.elements.get(uid),
    update: (picture) => {
      const { scene, layout, view } = picture;
      const look: Look = {
        labels: view.labels,
        fills,
        now: view.now,
        lang: view.lang,
        projector: view.theme === 'projector',
        usage: view.usage,
      };
      const say = sentences(scene, look);
      painter.begin(picture, look);
      targets = null;
      placed = layout;
      painter.section(layer['control-wires'], wireSign(layout), (g) => drawControlWires(g, layout));
      painter.section(
        layer['column-lines'],
        wireSign(layout) + layout.groups.map((g) => g.columns.map((c) => c.x)).join(),
        (g) => drawColumnLines(g, layout),
      );
      const serving = servingRows(layout);
      painter.section(layer.wires, wireSign(layout) + servingSign(layout, serving), (g) =>
        drawTrafficWires(g, layout, serving),
      );
      painter.section(layer['tray-box'], JSON.stringify(layout.strip?.queue) + layout.strip?.more, (g) =>
        drawQueueTray(g, layout, look),
      );
      painter.section(layer.users, usersSign(layout) + view.lang, (g) => drawUsers(g, layout, look));
      painter.section(layer.texts, textsSign(picture), (g) => drawTexts(g, picture));
      painter.join(layer.processes, processes(picture), (p) => `process/${p.name}`, processGlyph, say.process, true);
      painter.join(layer['node-backs'], layout.nodes, (n) => n.node.uid, nodeBack, null, false);
      const fronts = layout.nodes.map((n) => ({ ...n, ...nodeUse(n, picture) }));
      painter.join(layer['node-fronts'], fronts, (n) => n.node.uid, nodeFront, say.node, true);
      painter.join(layer.headers, headers(picture), (h) => h.placed.group.uid, headerGlyph, say.header, true);
      painter.join(layer.trays, trays(picture), (t) => `tray/${t.placed.column.uid}`, trayGlyph, say.tray, true);
      painter.join(layer.services, layout.services, (s) => s.service.uid, serviceGlyph, say.service, true);
      lassos.update(picture);
      pods.update(picture, look, say.pod);
    },
  };
}

// ── joining ─────────────────────────────────────────────────────────────────────────────────────────────────────────

interface Painter {
  readonly elements: Map<string, SVGGElement>;
  begin(picture: Picture, look: Look): void;
  /** Redraws a layer when its sign changed. */
  section(layer: SVGGElement, sign: string, draw: (g: SVGGElement) => void): void;
  /** Joins items by key and redraws those whose sign changed. */
  join<T>(
    layer: SVGGElement,
    items: readonly T[],
    key: (item: T) => string,
    glyph: Glyph<T>,
    sentence: ((item: T) => string) | null,
    focusable: boolean,
  ): void;
  /** Redraws one element when its sign changed; true when it did. */
  paint<T>(g: SVGGElement, item: T, glyph: Glyph<T>): boolean;
}

function createPainter(onProblem: (problem: string) => void): Painter {
  const elements = new Map<string, SVGGElement>();
  const signs = new WeakMap<Element, string>();
  const broken = new Set<string>();
  let look!: Look;

  function paint<T>(g: SVGGElement, item: T, glyph: Glyph<T>): boolean {
    let sign = '';
    try {
      sign = glyph.sign(item, look);
      if (signs.get(g) === sign) return false;
      signs.set(g, sign);
      clear(g);
      glyph.draw(g, item, look);
    } catch (error) {
      clear(g);
      const box = (item as { box?: Box }).box ?? { x: 0, y: 0, w: 76, h: 52 };
      defaultGlyph(g, glyph.kind, box);
      if (!broken.has(glyph.kind)) {
        broken.add(glyph.kind);
        onProblem(`The drawing of ${glyph.kind} failed: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    return true;
  }

  return {
    elements,
    paint,
    begin: (_picture, next) => {
      look = next;
    },
    section: (layer, sign, draw) => {
      if (signs.get(layer) === sign) return;
      signs.set(layer, sign);
      clear(layer);
      draw(layer);
    },
    join: (layer, items, key, glyph, sentence, focusable) => {
      const bound = select(layer).selectAll<SVGGElement, (typeof items)[number]>(':scope > .o').data(items, key);
      bound.exit().each(function leave(this: unknown) {
        const g = this as SVGGElement;
        if (g.dataset['uid']) elements.delete(g.dataset['uid']);
        g.remove();
      });
      bound
        .enter()
        .append('g')
        .attr('class', 'o')
        .each(function enter(item) {
          if (!focusable) return;
          const uid = key(item);
          this.dataset['uid'] = uid;
          this.setAttribute('role', 'graphics-symbol');
          this.setAttribute('tabindex', '-1');
          elements.set(uid, this);
        })
        .merge(bound)
        .each(function update(item) {
          if (paint(this, item, glyph) && sentence) this.setAttribute('aria-label', sentence(item));
        });
    },
  };
}

// ── pods ────────────────────────────────────────────────────────────────────────────────────────────────────────────

interface Pods {
  update(picture: Picture, look: Look, sentence: (p: PlacedPod) => string): void;
}

/** Pods have a choreography of their own: they grow, slide, change, and shrink. */
function createPods(layer: SVGGElement, painter: Painter): Pods {
  let first = true;
  const before = new WeakMap<Element, PlacedPod>();
  const leaving = new Set<SVGGElement>();

  function enter(g: SVGGElement, p: PlacedPod, picture: Picture): void {
    g.dataset['uid'] = p.pod.uid;
    g.setAttribute('role', 'graphics-symbol');
    g.setAttribute('tabindex', '-1');
    painter.elements.set(p.pod.uid, g);
    move(g, p);
    const quiet = first || picture.settle || picture.pace === 0 || p.where === 'hidden' || p.metric.size === 'cell';
    if (quiet) return;
    const column = picture.layout.groups.flatMap((x) => x.columns).find((c) => c.column.uid === p.pod.column);
    const from = column
      ? { x: column.x + column.w / 2 - p.metric.tw * 0.2, y: picture.layout.top - 12 }
      : { x: p.x + p.metric.tw * 0.3, y: p.y + p.metric.th * 0.3 };
    grow(g, from, p, picture.pace);
  }

  function move(g: SVGGElement, p: PlacedPod): void {
    const old = before.get(g);
    if (!old || old.x !== p.x || old.y !== p.y) g.style.transform = `translate(${p.x}px, ${p.y}px)`;
    if (!old || old.where !== p.where || old.metric.size !== p.metric.size)
      g.setAttribute('class', `o pod ${p.metric.size}${p.where === 'hidden' ? ' away' : ''}`);
  }

  function exit(g: SVGGElement, picture: Picture): void {
    const p = before.get(g);
    if (g.dataset['uid']) painter.elements.delete(g.dataset['uid']);
    if (
      !p ||
      picture.settle ||
      picture.pace === 0 ||
      p.where === 'hidden' ||
      p.metric.size === 'cell' ||
      leaving.size > 60
    ) {
      g.remove();
      return;
    }
    // Out of the join: what comes back under the same uid is another element.
    g.setAttribute('class', 'gone');
    g.removeAttribute('tabindex');
    g.setAttribute('aria-hidden', 'true');
    leaving.add(g);
    shrink(g, { x: p.x, y: p.y, w: p.metric.tw, h: p.metric.th }, picture.pace, () => {
      leaving.delete(g);
      g.remove();
    });
  }

  function change(g: SVGGElement, old: PlacedPod, p: PlacedPod, pace: number): void {
    if (old.pod.state === p.pod.state && old.pod.look.restarts === p.pod.look.restarts) return;
    const { state } = p.pod;
    if (state === 'backoff' || state === 'oom' || state === 'failed' || p.pod.look.restarts > old.pod.look.restarts) {
      const body = g.firstElementChild as SVGGElement | null;
      if (body) shake(body, pace);
    }
    const mark = g.querySelector(state === 'terminating' ? '.hatch' : '.state');
    if (mark) appear(mark, pace);
  }

  return {
    update: (picture, _look, sentence) => {
      const placed = picture.layout.pods;
      if (picture.settle) for (const g of leaving) g.remove();
      const bound = select(layer)
        .selectAll<SVGGElement, PlacedPod>(':scope > .o')
        .data(placed, (p) => p.pod.uid);
      bound.exit().each(function leave(this: unknown) {
        exit(this as SVGGElement, picture);
      });
      bound
        .enter()
        .append('g')
        .each(function arrive(p) {
          enter(this, p, picture);
          const body = group(this, 'body');
          painter.paint(body, p, podGlyph);
          this.setAttribute('aria-label', sentence(p));
          before.set(this, p);
        });
      bound.each(function stay(p) {
        const old = before.get(this);
        if (old && samePlaced(old, p)) return;
        move(this, p);
        const body = this.firstElementChild as SVGGElement;
        if (p.where !== 'hidden' && painter.paint(body, p, podGlyph)) {
          this.setAttribute('aria-label', sentence(p));
          if (old && picture.pace > 0 && !picture.settle && p.metric.size !== 'cell')
            change(this, old, p, picture.pace);
        }
        before.set(this, p);
      });
      first = false;
    },
  };
}

/** Nothing about the pod or its place changed, and nothing of it runs with the clock. */
function samePlaced(a: PlacedPod, b: PlacedPod): boolean {
  return (
    a.pod === b.pod &&
    a.x === b.x &&
    a.y === b.y &&
    a.where === b.where &&
    a.metric.size === b.metric.size &&
    a.metric.tw === b.metric.tw &&
    a.labelRoom === b.labelRoom &&
    a.labelCount === b.labelCount &&
    a.labelEnd === b.labelEnd &&
    a.sideRoom === b.sideRoom &&
    b.pod.state !== 'terminating' &&
    b.pod.state !== 'backoff'
  );
}

// ── lassos ──────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Lassos let go and take in row by row. */
function createLassos(layer: SVGGElement): { update(picture: Picture): void } {
  const drawn = new Map<string, readonly LassoRow[]>();
  const signs = new Map<string, string>();
  const same = (rows: readonly LassoRow[]): string =>
    rows.map((r) => `${r.node}${r.x0},${r.x1},${r.y0},${r.y1}`).join(';');

  return {
    update: ({ layout, pace, settle }) => {
      const order = new Map(layout.nodes.map((n, i) => [n.node.name, i]));
      const bound = select(layer)
        .selectAll<SVGPathElement, PlacedLasso>(':scope > path')
        .data(layout.lassos, (l) => l.service);
      bound.exit().remove();
      bound
        .enter()
        .append('path')
        .attr('class', 'lasso')
        .attr('data-of', (l) => l.service)
        .merge(bound)
        .each(function update(lasso) {
          const sign = same(lasso.rows);
          if (signs.get(lasso.service) === sign) return;
          signs.set(lasso.service, sign);
          const from = drawn.get(lasso.service) ?? [];
          drawn.set(lasso.service, lasso.rows);
          const moving = pace > 0 && !settle && from.length > 0 && layout.lassos.length <= 12;
          if (!moving) {
            select(this).interrupt().attr('d', lassoPath(lasso.rows, order));
            return;
          }
          const blend = blendRows(from, lasso.rows, order);
          select(this)
            .transition(
              transition()
                .duration(times.letGo * pace + 40)
                .ease(easeCubicOut) as never,
            )
            .attrTween('d', () => (t) => lassoPath(blend(t), order));
        });
    },
  };
}

/** Rows between two states: those in both move, a new one opens from its middle, one that leaves closes. */
function blendRows(
  from: readonly LassoRow[],
  to: readonly LassoRow[],
  order: ReadonlyMap<string, number>,
): (t: number) => LassoRow[] {
  const a = new Map(from.map((r) => [r.node, r]));
  const b = new Map(to.map((r) => [r.node, r]));
  const nodes = [...new Set([...a.keys(), ...b.keys()])].sort((x, y) => (order.get(x) ?? 0) - (order.get(y) ?? 0));
  const shut = (r: LassoRow): LassoRow => ({ ...r, x0: (r.x0 + r.x1) / 2, x1: (r.x0 + r.x1) / 2 });
  return (t) => {
    if (t >= 1) return [...to];
    return nodes.map((node) => {
      const p = a.get(node) ?? shut(b.get(node)!);
      const q = b.get(node) ?? shut(p);
      const mix = (x: number, y: number): number => x + (y - x) * t;
      return { node, x0: mix(p.x0, q.x0), x1: mix(p.x1, q.x1), y0: mix(p.y0, q.y0), y1: mix(p.y1, q.y1) };
    });
  };
}

// ── what the layers are made of ─────────────────────────────────────────────────────────────────────────────────────

function processes({ layout, scene, view }: Picture): PlacedProcess[] {
  const { strip } = layout;
  if (!strip) return [];
  const stopped = new Set(scene.stopped);
  const make = (name: string, label: string, box: Box, strong = false): PlacedProcess => ({
    name,
    label,
    box,
    strong,
    stopped: stopped.has(name),
  });
  return [
    make('etcd', view.labels.etcd, strip.etcd),
    make('kube-apiserver', view.labels.apiServer, strip.api, true),
    make('kube-scheduler', view.labels.scheduler, strip.scheduler),
    make(
      'kube-controller-manager',
      strip.small ? view.labels.controllers : view.labels.controllerManager,
      strip.manager,
    ),
  ];
}

function headers({ layout, scene, view }: Picture): PlacedHeader[] {
  return layout.groups.map((placed) => ({
    placed,
    single: layout.single,
    boxes: layout.mode === 'boxes',
    x0: layout.x0,
    left: layout.left,
    xr: layout.xr,
    x1: layout.x1,
    y: layout.headerY,
    h: layout.top - layout.headerY,
    severalNamespaces: scene.namespaces.length > 1,
    hideBounds: view.hideBounds === true,
  }));
}

function trays({ layout }: Picture): PlacedTray[] {
  if (layout.mode === 'boxes') return [];
  return layout.groups.flatMap((g) =>
    g.columns.map((placed, i) => ({
      placed,
      edges: { first: i === 0, last: i === g.columns.length - 1 },
      y: layout.top - 10,
      single: layout.single,
      bare: g.group.kind === '',
      narrow: g.w < 150,
    })),
  );
}

function nodeUse({ node }: PlacedNode, { scene, view }: Picture): { cpuUsed: number; memoryUsed: number } {
  if (view.usage.size === 0 || isBad(node)) return { cpuUsed: 0, memoryUsed: 0 };
  const use = usageByNode(scene, view.usage).get(node.name);
  return {
    cpuUsed: node.cpu > 0 ? (use?.cpu ?? 0) / node.cpu : 0,
    memoryUsed: node.memory > 0 ? (use?.memory ?? 0) / node.memory : 0,
  };
}

const usages = new WeakMap<Scene, Map<string, { cpu: number; memory: number }>>();

/** Use of the shown pods by node; memoised for one scene. */
function usageByNode(scene: Scene, usage: StageView['usage']): Map<string, { cpu: number; memory: number }> {
  let sums = usages.get(scene);
  if (sums) return sums;
  sums = new Map();
  for (const pod of scene.pods) {
    const use = usage.get(pod.ref.key);
    if (!use || pod.node === '') continue;
    const sum = sums.get(pod.node) ?? { cpu: 0, memory: 0 };
    sum.cpu += use.cpuMilli;
    sum.memory += use.memoryBytes;
    sums.set(pod.node, sum);
  }
  usages.set(scene, sums);
  return sums;
}

/** Service uid → names of the nodes on which it has members. */
function servingRows(layout: Layout): Map<string, Set<string>> {
  if (layout.mode === 'boxes') return new Map();
  const nodeOf = new Map(layout.pods.map((p) => [p.pod.uid, p.pod.node]));
  return new Map(
    layout.services.map(({ service }) => {
      const rows = new Set<string>();
      for (const uid of service.members) {
        const node = nodeOf.get(uid);
        if (node) rows.add(node);
      }
      return [service.uid, rows];
    }),
  );
}

const boxSign = ({ x, y, w, h }: Box): string => `${Math.round(x)},${Math.round(y)},${Math.round(w)},${Math.round(h)}`;
const wireSign = (layout: Layout): string =>
  `${layout.mode}${layout.left}${layout.strip ? boxSign(layout.strip.api) + boxSign(layout.strip.manager) : ''}${
    layout.mode === 'loom' ? layout.nodes.map((n) => boxSign(n.box) + isBad(n.node)).join() : layout.nodes.length
  }`;
const servingSign = (layout: Layout, serving: Map<string, Set<string>>): string =>
  layout.services
    .map(
      (s) =>
        `${s.service.uid}${boxSign(s.box)}${isDead(s.service)}${[...(serving.get(s.service.uid) ?? [])].sort().join()}`,
    )
    .join(';');
const usersSign = (layout: Layout): string =>
  `${layout.left}${layout.moreServices}${layout.users.map((u) => `${u.x},${u.y},${u.source.name},${u.source.rps},${u.source.service}`).join()}${layout.services
    .map((s: PlacedService) => boxSign(s.box))
    .join()}`;
const textsSign = ({ layout, view, scene }: Picture): string =>
  `${view.lang}${layout.width},${layout.height},${layout.left},${layout.page.index},${layout.page.from},${layout.page.to},${layout.page.all},${layout.page.count > 1 ? scene.groups.map((x) => x.condition.state).join() : ''},${layout.single},${scene.nodes.length === 0},${scene.groups.length === 0},${layout.strip !== null}${layout.zones.map((z) => z.name + z.y).join()}${layout.mode === 'boxes' ? layout.nodes.map((n) => n.box.x + n.box.y).join() : ''}`;

/** Words that stand by themselves: the strip's name, zones, numbers of boxes, the pager, what to do when nothing is there. */
function drawTexts(g: SVGGElement, { layout, view, scene }: Picture): void {
  const { labels } = view;
  const { x0, left, xr, x1, strip } = layout;
  if (strip && left > 0) text(g, x0, strip.y + strip.h / 2 + 5, labels.controlPlane, { fill: 'ink-3' });
  drawPager(g, layout, view, scene.groups);
  for (const zone of layout.zones) {
    const name = labels.zone(zone.name);
    text(g, xr, zone.y + 13, name, { weight: 640 });
    path(g, `M${xr + name.length * 8 + 18} ${zone.y + 8.5}H${x1}`, { s: 'line-strong', w: 1 });
  }
  if (layout.mode === 'boxes') {
    const seen = new Set<number>();
    for (const n of layout.nodes) {
      if (seen.has(n.box.y)) continue;
      seen.add(n.box.y);
      const number = /\d+$/.exec(n.node.name)?.[0] ?? n.node.name.slice(-3);
      text(g, xr, n.box.y + n.box.h / 2 + 5, number.padStart(3, '0'), { mono: true, fill: 'ink-3' });
    }
  }
  if (scene.nodes.length === 0 || scene.groups.length === 0) drawEmpty(g, layout, view, scene);
}

/** Which groups are shown, and the way to the others. */
function drawPager(g: SVGGElement, layout: Layout, view: StageView, groups: Scene['groups']): void {
  const { page, x0, left, headerY } = layout;
  if (layout.single || left === 0 || page.all === 0) return;
  text(g, x0, headerY + 13, view.labels.workloads(page.all), { weight: 560 });
  if (page.count < 2) return;
  const button = (x: number, name: string, act: string, on: boolean, d: string): void => {
    const b = el(g, 'g', { role: 'button', 'aria-label': name, 'data-act': act, class: on ? 'pager' : 'pager off' });
    rect(b, x, headerY + 21, 28, 28, { r: 5, fill: 'panel', s: on ? 'line-control' : 'line-strong', w: 1 });
    path(b, d, { s: on ? 'ink' : 'ink-off', w: 1.75 });
  };
  const y = headerY + 35;
  button(x0, view.labels.previousPage, 'previous', page.index > 0, `M${x0 + 16} ${y - 5}l-5 5 5 5`);
  button(x0 + 32, view.labels.nextPage, 'next', page.index < page.count - 1, `M${x0 + 44} ${y - 5}l5 5 -5 5`);
  text(g, x0 + 68, y + 5, view.labels.pageOf(page.from, page.to, page.all), { fill: 'ink-2' });
  // Every group as a state, so that trouble on another page is seen; those in sight are underlined.
  const pitch = Math.min(14, (left - 4) / groups.length);
  groups.forEach((group, i) => {
    const x = x0 + 6 + i * pitch;
    stateGlyph(g, group.condition.state, x, headerY + 64, Math.min(4.5, pitch * 0.36));
    if (i + 1 >= page.from && i + 1 <= page.to)
      path(g, `M${x - pitch / 2} ${headerY + 73}h${pitch}`, { s: 'ink', w: 2, cap: 'butt' });
  });
}

/** No workload yet: trays in dashes and one sentence. */
function drawEmpty(g: SVGGElement, layout: Layout, view: StageView, scene: Scene): void {
  const { xr, x1, headerY, top } = layout;
  const cx = (xr + x1) / 2;
  if (scene.nodes.length === 0) {
    text(g, cx, (top + layout.height) / 2, view.labels.noNodes, { anchor: 'middle', fill: 'ink-2' });
    return;
  }
  const half = (x1 - xr) / 2;
  for (const x of [xr + 2, xr + half + 7])
    path(g, `M${x} ${top - 3}V${top - 10}H${x + half - 9}V${top - 3}`, { s: 'line-strong', w: 1.5, d: '3 4' });
  text(g, xr, headerY + 20, view.labels.emptyTitle, { size: 18, weight: 640 });
  text(g, xr, headerY + 42, view.labels.emptyHint, { fill: 'ink-2', size: 15 });
}

// ── targets ─────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Boxes of all that can be selected, for selection, focus, badges and the keyboard. */
function collectTargets(targets: Map<string, Target>, layout: Layout): void {
  targets.clear();
  const put = (uid: string, target: Target): void => void targets.set(uid, target);
  const { strip } = layout;
  if (strip)
    for (const [name, box] of [
      ['etcd', strip.etcd],
      ['kube-apiserver', strip.api],
      ['kube-scheduler', strip.scheduler],
      ['kube-controller-manager', strip.manager],
    ] as const)
      put(`process/${name}`, {
        ref: { resource: 'processes', key: name, uid: `process/${name}` },
        box,
        kind: 'process',
        round: 4,
      });
  for (const { group: g, x, w, columns } of layout.groups) {
    const card = layout.single && layout.left > 0;
    if (g.ref)
      put(g.uid, {
        ref: g.ref,
        box: card
          ? { x: layout.x0, y: layout.headerY, w: layout.left, h: layout.mode === 'boxes' ? 58 : 74 }
          : { x, y: layout.headerY, w, h: layout.mode === 'boxes' ? 58 : 38 },
        kind: 'group',
        round: 6,
      });
    if (layout.mode === 'loom')
      for (const c of columns)
        if (c.column.ref && c.column.uid !== g.uid)
          put(`tray/${c.column.uid}`, {
            ref: c.column.ref,
            box: { x: c.x, y: layout.top - 31, w: c.w, h: 28 },
            kind: 'column',
            round: 4,
          });
  }
  for (const n of layout.nodes)
    put(n.node.uid, {
      ref: n.node.ref,
      box: layout.mode === 'loom' ? { ...n.box, h: n.title } : n.box,
      frame: n.box,
      kind: 'node',
      node: n.node.name,
      round: layout.mode === 'loom' ? 8 : 5,
    });
  for (const s of layout.services)
    put(s.service.uid, { ref: s.service.ref, box: s.box, kind: 'service', round: s.box.h / 2 });
  for (const p of layout.pods)
    if (p.where !== 'hidden')
      put(p.pod.uid, {
        ref: p.pod.ref,
        box: { x: p.x, y: p.y, w: p.metric.tw, h: p.metric.th },
        kind: 'pod',
        node: p.pod.node,
        round: p.metric.size === 'cell' ? 3 : 5,
      });
}
