/** Pointer and keyboard on the stage: one tab stop, arrows between objects, Enter selects, M opens the menu. */
import type { RequestRecord } from '../../protocol/index.ts';
import type { MenuCause, StageOptions, StageRef, StageView } from './contract.ts';
import type { Drawing } from './draw.ts';
import type { Target } from './picture.ts';
import type { Dots } from './dots.ts';
import type { Layout } from './layout.ts';
import { nextTarget, type Direction } from './keyboard.ts';
import type { Overlay } from './overlay.ts';
import type { Scene } from './scene.ts';

interface InteractionOptions extends StageOptions {
  readonly select: (ref: StageRef | null) => void;
  readonly turnPage: (step: number) => boolean;
  readonly state: () => { readonly layout: Layout; readonly scene: Scene; readonly view: StageView } | null;
  readonly overlay: Overlay;
  readonly dots: Dots;
}

export interface Interaction {
  /** After a drawing: keeps the one tab stop on something that is still there. */
  update(): void;
  focus(): void;
  destroy(): void;
}

const arrows: Readonly<Record<string, Direction>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
};

/** Listens on the svg. */
export function createInteraction(
  [svg, air]: readonly [SVGSVGElement, SVGSVGElement],
  drawing: Drawing,
  options: InteractionOptions,
): Interaction {
  const { overlay } = options;
  const abort = new AbortController();
  const on = <K extends keyof SVGSVGElementEventMap>(
    type: K,
    listen: (event: SVGSVGElementEventMap[K]) => void,
  ): void => svg.addEventListener(type, listen, { signal: abort.signal });
  let stop: string | null = null;
  let stopElement: SVGGElement | null = null;
  let pressed = { x: 0, y: 0 };

  const uidAt = (event: Event): string | null =>
    (event.target as Element | null)?.closest<SVGGElement>('.o[data-uid]')?.dataset['uid'] ?? null;
  const targetAt = (event: Event): Target | undefined => {
    const uid = uidAt(event);
    return uid === null ? undefined : drawing.targets.get(uid);
  };

  // Whether the learner last used the keyboard: only then is the focus shown.
  let byKey = false;
  const page = svg.ownerDocument;
  page.addEventListener('keydown', () => (byKey = true), { signal: abort.signal, capture: true });
  page.addEventListener('pointerdown', () => (byKey = false), { signal: abort.signal, capture: true });

  const keys = (on: boolean): void => {
    svg.toggleAttribute('data-keys', on);
    air.toggleAttribute('data-keys', on);
  };

  /** Moves the tab stop; `take` also moves the focus. */
  function standOn(uid: string | null, take: boolean): void {
    const element = uid === null ? undefined : drawing.element(uid);
    if (stopElement && stopElement !== element) stopElement.setAttribute('tabindex', '-1');
    stop = element ? uid : null;
    stopElement = element ?? null;
    element?.setAttribute('tabindex', '0');
    if (take) element?.focus({ preventScroll: true });
    overlay.focusAt(svg.contains(svg.ownerDocument.activeElement) ? stop : null);
  }

  function openMenu(target: Target, cause: MenuCause, at?: { x: number; y: number }): void {
    const box = at ?? pointOf(svg, target);
    options.onMenu(target.ref, box, cause);
  }

  on('pointerdown', (event) => {
    pressed = { x: event.clientX, y: event.clientY };
    keys(false);
  });
  const dotAt = (event: MouseEvent): RequestRecord | null => {
    if (options.dots.count === 0) return null;
    const { left, top } = svg.getBoundingClientRect();
    return options.dots.at(event.clientX - left, event.clientY - top);
  };
  on('pointermove', (event) => svg.toggleAttribute('data-dot', dotAt(event) !== null));
  on('click', (event) => {
    if (Math.hypot(event.clientX - pressed.x, event.clientY - pressed.y) > 5) return;
    const act = (event.target as Element | null)?.closest<SVGElement>('[data-act]')?.dataset['act'];
    if (act) return void options.turnPage(act === 'next' ? 1 : -1);
    const at = { x: event.clientX, y: event.clientY };
    const record = dotAt(event);
    if (record) return options.onRequest(record, at);
    const target = targetAt(event);
    if (!target) return options.select(null);
    standOn(uidAt(event), true);
    options.select(target.ref);
    return openMenu(target, 'click', at);
  });
  on('contextmenu', (event) => {
    const target = targetAt(event);
    if (!target) return;
    event.preventDefault();
    options.select(target.ref);
    openMenu(target, 'context', { x: event.clientX, y: event.clientY });
  });
  on('pointerover', (event) => {
    const uid = uidAt(event);
    overlay.hover(uid);
    point(svg, drawing, options.state(), uid);
  });
  on('pointerleave', () => {
    overlay.hover(null);
    point(svg, drawing, options.state(), null);
  });
  on('focusin', (event) => {
    const uid = uidAt(event);
    if (uid !== null && uid !== stop) standOn(uid, false);
    overlay.focusAt(stop);
  });
  on('focusout', () => overlay.focusAt(null));
  on('keydown', (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const state = options.state();
    if (!state) return;
    keys(true);
    const direction = arrows[event.code];
    const here = stop === null ? undefined : drawing.targets.get(stop);
    if (direction) {
      event.preventDefault();
      event.stopPropagation();
      const next = nextTarget(drawing.targets, stop, direction, state.layout);
      if (next !== null) standOn(next, true);
      else if (direction === 'right' && options.turnPage(1)) standOn(firstOf(drawing, state.layout), true);
      else if (direction === 'left' && options.turnPage(-1)) standOn(firstOf(drawing, state.layout), true);
      return;
    }
    if (!here) return;
    if (event.code === 'Enter' || event.code === 'NumpadEnter') {
      event.preventDefault();
      event.stopPropagation();
      options.select(here.ref);
    } else if (event.code === 'KeyM' || event.code === 'ContextMenu' || (event.code === 'F10' && event.shiftKey)) {
      event.preventDefault();
      event.stopPropagation();
      options.select(here.ref);
      openMenu(here, 'key');
    } else if (event.code === 'Escape') options.select(null);
  });
  return {
    update: () => {
      const state = options.state();
      if (!state) return;
      const wanted = stop !== null && drawing.element(stop) ? stop : null;
      const active = svg.contains(svg.ownerDocument.activeElement);
      if (wanted !== null && drawing.element(wanted) === stopElement) {
        overlay.focusAt(active ? stop : null);
        return;
      }
      const hadFocus = active || svg.ownerDocument.activeElement === svg.ownerDocument.body;
      // What was focused is gone: stand on its neighbour, so that the keyboard is not thrown out of the stage.
      const keep = stop !== null && stopElement !== null && hadFocus && svg.hasAttribute('data-keys');
      standOn(wanted ?? state.view.selection?.uid ?? firstOf(drawing, state.layout), keep);
      if (stop === null) standOn(firstOf(drawing, state.layout), keep);
    },
    focus: () => {
      const state = options.state();
      keys(byKey);
      const selected = state?.view.selection?.uid;
      const uid =
        stop ?? (selected && drawing.targets.has(selected) ? selected : state && firstOf(drawing, state.layout));
      standOn(uid ?? null, true);
    },
    destroy: () => abort.abort(),
  };
}

/** Where keyboard users come in: the first node. */
function firstOf(drawing: Drawing, layout: Layout): string | null {
  const uid = layout.nodes[0]?.node.uid ?? layout.groups[0]?.group.uid;
  return uid !== undefined && drawing.targets.has(uid) ? uid : ([...drawing.targets.keys()][0] ?? null);
}

/** Where on the screen a target's menu belongs. Read only when a key asks for it. */
function pointOf(svg: SVGSVGElement, target: Target): { x: number; y: number } {
  const matrix = (svg.querySelector('.world') as SVGGElement).getScreenCTM();
  if (!matrix) return { x: 0, y: 0 };
  const p = new DOMPoint(target.box.x + Math.min(target.box.w, 80) / 2, target.box.y + target.box.h).matrixTransform(
    matrix,
  );
  return { x: p.x, y: p.y };
}

/** Puts what belongs to the pointed object into ink: its wires, lasso and bracket. */
function point(
  svg: SVGSVGElement,
  drawing: Drawing,
  state: { readonly scene: Scene } | null,
  uid: string | null,
): void {
  for (const g of svg.querySelectorAll('.hot')) g.classList.remove('hot');
  if (uid === null || !state) return;
  const services = state.scene.services.filter((s) => s.uid === uid || s.members.has(uid)).map((s) => s.uid);
  for (const of of services)
    for (const g of svg.querySelectorAll(`[data-of="${CSS.escape(of)}"]`)) g.classList.add('hot');
  for (const claim of state.scene.claims)
    if (claim.uid === uid || claim.pods.has(uid))
      for (const one of [claim.uid, ...claim.pods]) if (one !== uid) drawing.element(one)?.classList.add('hot');
  const pod = state.scene.byUid.get(uid);
  const column = pod ? `tray/${pod.column}` : uid;
  drawing.element(column)?.classList.add('hot');
}
