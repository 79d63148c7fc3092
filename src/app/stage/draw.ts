/**
 * Layout → SVG. Everything is joined by uid, so that an object keeps its element for life and two pods never share
 * one; an element is redrawn only when its sign changed. No layout is read; writes come in one go.
 */
import type { StageView } from './contract.ts';
import { addDefs, type Fills } from './defs.ts';
import { createLassos } from './draw-lassos.ts';
import { createPods } from './draw-pods.ts';
import { drawTexts } from './draw-texts.ts';
import { budgetGlyph } from './glyphs/budget.ts';
import { claimGlyph } from './glyphs/claim.ts';
import { headerGlyph, type PlacedHeader } from './glyphs/deployment.ts';
import { gateGlyph } from './glyphs/gate.ts';
import type { Look } from './glyphs/glyph.ts';
import { isBad, nodeBack, nodeFront } from './glyphs/node.ts';
import { policyGlyph } from './glyphs/policy.ts';
import { processGlyph, type PlacedProcess } from './glyphs/process.ts';
import { trayGlyph, type PlacedTray } from './glyphs/replicaset.ts';
import { scalerGlyph } from './glyphs/scaler.ts';
import { isDead, serviceGlyph } from './glyphs/service.ts';
import type { Box, Layout, PlacedNode, PlacedService } from './layout.ts';
import { group } from './paint.ts';
import { createPainter } from './painter.ts';
import { collectTargets, type Picture, type Target } from './picture.ts';
import type { Scene } from './scene.ts';
import { sentences } from './sentences.ts';
import { drawColumnLines, drawControlWires, drawQueueTray, drawTrafficWires, drawUsers } from './wires.ts';

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
  'scalers',
  'budgets',
  'trays',
  'lassos',
  'node-fronts',
  'users',
  'gates',
  'services',
  'policies',
  'claims',
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
      painter.begin(look);
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
      const scalers = layout.addons.filter((a) => a.kind === 'scaler');
      const budgets = layout.addons.filter((a) => a.kind === 'budget');
      painter.join(layer.scalers, scalers, (a) => a.item.uid, scalerGlyph, say.scaler, true);
      painter.join(layer.budgets, budgets, (a) => a.item.uid, budgetGlyph, say.budget, true);
      painter.join(layer.gates, layout.gates, (p) => p.gate.uid, gateGlyph, say.gate, true);
      painter.join(layer.policies, layout.policies, (p) => p.policy.uid, policyGlyph, say.policy, true);
      painter.join(layer.claims, layout.claims, (p) => p.claim.uid, claimGlyph, say.claim, true);
      painter.join(layer.services, layout.services, (s) => s.service.uid, serviceGlyph, say.service, true);
      lassos.update(picture);
      pods.update(picture, say.pod);
    },
  };
}

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

/** Service or gate uid → names of the nodes on which it has members. */
function servingRows(layout: Layout): Map<string, Set<string>> {
  if (layout.mode === 'boxes') return new Map();
  const nodeOf = new Map(layout.pods.map((p) => [p.pod.uid, p.pod.node]));
  const rowsOf = (members: ReadonlySet<string>): Set<string> => {
    const rows = new Set<string>();
    for (const uid of members) {
      const node = nodeOf.get(uid);
      if (node) rows.add(node);
    }
    return rows;
  };
  return new Map([
    ...layout.services.map(({ service }) => [service.uid, rowsOf(service.members)] as const),
    ...layout.gates.map(({ gate }) => [gate.uid, rowsOf(gate.controllers)] as const),
  ]);
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
    .join(';') +
  layout.gates
    .map((p) => `${p.gate.uid}${boxSign(p.box)}${[...(serving.get(p.gate.uid) ?? [])].sort().join()}`)
    .join(';');
const usersSign = (layout: Layout): string =>
  `${layout.left}${layout.moreServices}${layout.users.map((u) => `${u.x},${u.y},${u.source.name},${u.source.rps},${u.source.service},${u.source.gate}`).join()}${layout.gates.map((p) => boxSign(p.box) + p.gate.served + p.gate.rules.map((r) => r.uid).join()).join()}${layout.services
    .map((s: PlacedService) => boxSign(s.box))
    .join()}`;
const textsSign = ({ layout, view, scene }: Picture): string =>
  `${view.lang}${layout.width},${layout.height},${layout.left},${layout.page.index},${layout.page.from},${layout.page.to},${layout.page.all},${layout.page.count > 1 ? scene.groups.map((x) => x.condition.state).join() : ''},${layout.single},${scene.nodes.length === 0},${scene.groups.length === 0},${layout.strip !== null}${layout.zones.map((z) => z.name + z.y).join()}${layout.mode === 'boxes' ? layout.nodes.map((n) => n.box.x + n.box.y).join() : ''}`;
