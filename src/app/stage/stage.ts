/** The stage behind its instance: size, zoom, what changed since the last update, and the layers that draw it. */
import type { Stage, StageOptions, StageRef, StageView, StageZoom, ZoomLevel } from './contract.ts';
import { createDots } from './dots.ts';
import { createDrawing } from './draw.ts';
import { createFlights } from './flights.ts';
import { createInteraction } from './interaction.ts';
import type { Hint, Layout } from './layout.ts';
import { paceOf } from './motion.ts';
import { createOverlay } from './overlay.ts';
import { svgNamespace } from './paint.ts';
import { place } from './place.ts';
import { ownerKinds } from './scene-owners.ts';
import { buildScene, type Scene } from './scene.ts';
import { exportSvg } from './export.ts';
import { createZoom } from './zoom.ts';
import './stage.css';

let instances = 0;

/** Mounts a stage into `host`, which must have a size and a position. */
export function createStage(host: HTMLElement, options: StageOptions): Stage {
  const svg = host.ownerDocument.createElementNS(svgNamespace, 'svg');
  svg.setAttribute('class', 'kb-stage');
  svg.setAttribute('role', 'graphics-document');
  const air = host.ownerDocument.createElementNS(svgNamespace, 'svg');
  air.setAttribute('class', 'kb-stage kb-air');
  air.setAttribute('aria-hidden', 'true');
  const sheet = host.ownerDocument.createElement('canvas');
  sheet.className = 'kb-dots';
  sheet.setAttribute('aria-hidden', 'true');
  host.append(svg, sheet, air);
  const problem = (text: string): void => options.onProblem?.(text);
  const drawing = createDrawing(svg, air, `kb${++instances}-`, problem);
  const overlay = createOverlay(drawing);
  const dots = createDots(sheet);
  const flights = createFlights(drawing, dots, options);

  let view: StageView | null = null;
  let scene: Scene | null = null;
  let layout: Layout | null = null;
  let hint: Hint | null = null;
  let page = 0;
  let size = { w: host.clientWidth, h: host.clientHeight };
  let dirty = true;
  let settle = true;
  let second = -1;
  let stale = false;
  let cost = 0;
  let drawnAt = 0;
  let flush = 0;
  const versions = new Map<string, Map<string, unknown>>();

  const zoom = createZoom(svg, drawing.worlds, {
    size: () => size,
    onLook: dots.look,
    onZoom: (z: StageZoom) => {
      options.onZoom?.(z);
      if (layout && scene && view) overlay.zoomed(z, { scene, layout, view, fills: drawing.fills });
    },
  });

  function turnPage(step: number): boolean {
    if (!layout || layout.page.count < 2) return false;
    const next = Math.max(0, Math.min(layout.page.count - 1, layout.page.index + step));
    if (next === layout.page.index) return false;
    page = next;
    render(true);
    return true;
  }

  const interaction = createInteraction([svg, air], drawing, {
    ...options,
    select: (ref) => options.onSelect(ref),
    turnPage,
    state: () => (layout && scene && view ? { layout, scene, view } : null),
    overlay,
    dots,
  });

  const watcher = new ResizeObserver(() => {
    const next = { w: host.clientWidth, h: host.clientHeight };
    if (next.w === size.w && next.h === size.h) return;
    size = next;
    render(true);
  });
  watcher.observe(host);

  /** True when an object differs by reference from the last look; remembers what it saw. */
  function objectsChanged(next: StageView): boolean {
    if (view && next.revision !== undefined && next.revision === view.revision && next.objects === view.objects)
      return false;
    let changed = false;
    for (const resource of drawnResources) {
      const now = next.objects.get(resource);
      let before = versions.get(resource);
      if (!before) versions.set(resource, (before = new Map()));
      if (sameObjects(now, before)) continue;
      changed = true;
      before.clear();
      if (now) for (const [key, object] of now) before.set(key, object);
    }
    return changed;
  }

  /** A workload that has just come must not appear on a page that nobody looks at. */
  function showNewGroup(before: Scene, after: Scene): void {
    if (!layout || layout.page.count < 2 || after.groups.length <= before.groups.length) return;
    const known = new Set(before.groups.map((g) => g.uid));
    const index = after.groups.findIndex((g) => !known.has(g.uid));
    if (index < 0) return;
    page = index < layout.page.from - 1 ? page - 1 : index >= layout.page.to ? page + 1 : page;
  }

  function worldScale(): number {
    if (view?.theme === 'projector') return Math.max(1, Math.min(24 / 14, size.w / 660));
    return Math.max(1, Math.min(1.25, size.w / 960, size.h / 500));
  }

  /** Draws the newest view. `still`: everything goes to its place at once. */
  function render(still: boolean): void {
    if (!view || size.w < 40 || size.h < 40) return;
    const k = worldScale();
    zoom.setBase(k);
    dots.resize(size);
    scene ??= buildScene(view);
    layout = place({
      scene,
      width: size.w / k,
      height: size.h / k,
      page,
      projector: view.theme === 'projector',
      lang: view.lang,
      hint: still ? null : hint,
    });
    const modeChanged = hint !== null && hint.size !== layout.hint.size;
    hint = layout.hint;
    page = layout.page.index;
    const calm = still || settle;
    const pace = paceOf(view.speed, view.reducedMotion);
    const motion = pace > 0 && !calm;
    svg.dataset['motion'] = motion ? 'on' : view.reducedMotion ? 'reduced' : 'off';
    svg.style.setProperty('--stage-pace', String(pace));
    svg.toggleAttribute('data-dense', layout.metric.size === 'mini' || layout.metric.size === 'cell');
    svg.setAttribute('aria-label', view.labels.stage);
    drawing.update({ scene, layout, view, pace, settle: calm || (modeChanged && layout.mode === 'boxes') });
    overlay.update({ scene, layout, view, fills: drawing.fills });
    interaction.update();
    settle = false;
    dirty = false;
  }

  const reported = new Set<string>();
  /** The page must survive whatever the stage stumbles over; each kind of stumble is told once. */
  function guarded(work: () => void): void {
    try {
      work();
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (reported.has(message)) return;
      reported.add(message);
      options.onProblem?.(
        `The stage could not be drawn: ${error instanceof Error ? (error.stack ?? message) : message}`,
      );
    }
  }

  /** Scene and drawing anew; remembers what it cost, so that drawing never takes more than a fifth of the time. */
  function refresh(still: boolean): void {
    if (!view) return;
    const began = performance.now();
    guarded(() => {
      if (stale || !scene) {
        const known = scene;
        stale = false;
        scene = buildScene(view!);
        if (known && !settle) showNewGroup(known, scene);
      }
      render(still);
    });
    drawnAt = performance.now();
    cost = cost * 0.7 + (drawnAt - began) * 0.3;
  }

  return {
    update: (next) => {
      guarded(() => {
        const changed = objectsChanged(next);
        const old = view;
        const nowSecond = Math.floor(next.now / 1000);
        const environment =
          !old ||
          old.machines !== next.machines ||
          old.stopped !== next.stopped ||
          old.sources !== next.sources ||
          old.namespace !== next.namespace;
        const words =
          !old ||
          old.lang !== next.lang ||
          old.theme !== next.theme ||
          old.labels !== next.labels ||
          old.hideBounds !== next.hideBounds;
        const marks =
          !old ||
          old.selection !== next.selection ||
          old.highlights !== next.highlights ||
          old.spots !== next.spots ||
          old.caption !== next.caption;
        const ticked = nowSecond !== second;
        view = next;
        if (next.reset) settle = true;
        if (changed || environment || ticked) stale = true;
        const due = words || environment || settle || dirty || performance.now() - drawnAt >= cost * 4;
        second = nowSecond;
        if (due && (stale || words || settle || dirty)) refresh(words && old?.theme !== next.theme);
        else if (stale && flush === 0)
          // Too busy for every frame: the newest state is drawn soon, in any case.
          flush = requestAnimationFrame(() => {
            flush = 0;
            if (stale) refresh(false);
          });
        else if (marks && scene && layout) {
          overlay.update({ scene, layout, view, fills: drawing.fills });
          interaction.update();
        }
        if (scene && layout) flights.update({ scene, layout, view, pace: paceOf(next.speed, next.reducedMotion) });
      });
    },
    focus: () => interaction.focus(),
    zoomTo: (level: ZoomLevel) => {
      const target = view?.selection ? drawing.targets.get(view.selection.uid) : undefined;
      zoom.to(level, target?.box ?? null, layout);
    },
    zoomBy: (factor) => zoom.by(factor),
    reveal: (uid) => {
      if (!scene) return;
      if (drawing.targets.has(uid)) return;
      const home = scene.byUid.get(uid)?.group ?? uid;
      const index = scene.groups.findIndex((g) => g.uid === home || g.columns.some((c) => c.uid === home));
      if (index < 0 || !layout) return;
      for (let p = 0; p < layout.page.count; p++) {
        page = p;
        render(true);
        if (layout.groups.some((g) => g.group.uid === scene!.groups[index]!.uid)) return;
      }
    },
    svg: () => exportSvg(svg, air, dots),
    destroy: () => {
      cancelAnimationFrame(flush);
      watcher.disconnect();
      dots.destroy();
      interaction.destroy();
      for (const layer of [svg, sheet, air]) layer.remove();
    },
  };
}

/** True when a table holds the very objects that were seen in it. */
function sameObjects(now: ReadonlyMap<string, unknown> | undefined, before: ReadonlyMap<string, unknown>): boolean {
  if ((now?.size ?? 0) !== before.size) return false;
  if (now) for (const [key, object] of now) if (before.get(key) !== object) return false;
  return true;
}

/** Resources whose objects change the picture. */
const drawnResources = [
  'pods',
  'nodes',
  'services',
  'endpointslices.discovery.k8s.io',
  'leases.coordination.k8s.io',
  'horizontalpodautoscalers.autoscaling',
  'poddisruptionbudgets.policy',
  'ingresses.networking.k8s.io',
  'networkpolicies.networking.k8s.io',
  'persistentvolumeclaims',
  'controllerrevisions.apps',
  ...Object.values(ownerKinds).map((k) => k.resource),
];

export type { StageRef };
