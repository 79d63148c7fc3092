/** How fast things move. Durations of design.md section 8 at ×1; nothing moves above ×60 or under reduced motion. */
import type { Speed } from '../../protocol/index.ts';

/** Multiplier of every duration; 0 means: no motion. */
export function paceOf(speed: Speed, reducedMotion: boolean): number {
  if (reducedMotion) return 0;
  if (speed === 'events' || speed === 1) return 1;
  if (speed === 10) return 0.4;
  return speed === 60 ? 0.18 : 0;
}

/** Milliseconds at ×1. */
export const times = {
  cue: 150,
  travel: 400,
  change: 300,
  letGo: 200,
  caption: 120,
  shake: 80,
  fail: 600,
  fade: 100,
} as const;

export const easings = {
  out: 'cubic-bezier(.2,.7,.2,1)',
  in: 'cubic-bezier(.6,0,.9,.4)',
  move: 'cubic-bezier(.45,.05,.25,1)',
} as const;

const at = (x: number, y: number, scale = 1): string => `translate(${x}px, ${y}px) scale(${scale})`;

/** Grows from a point (its owner's tray) to its place. */
export function grow(
  g: SVGElement,
  from: { readonly x: number; readonly y: number },
  to: { readonly x: number; readonly y: number },
  pace: number,
): void {
  g.animate(
    [
      { transform: at(from.x, from.y, 0.4), opacity: 0.2 },
      { transform: at(to.x, to.y), opacity: 1 },
    ],
    { duration: (times.change + times.travel / 2) * pace, easing: easings.out },
  );
}

/** Shrinks to nothing where it stands, then calls `done`. */
export function shrink(
  g: SVGElement,
  box: { readonly x: number; readonly y: number; readonly w: number; readonly h: number },
  pace: number,
  done: () => void,
): void {
  const to = at(box.x + box.w * 0.3, box.y + box.h * 0.3, 0.4);
  const animation = g.animate(
    [
      { transform: at(box.x, box.y), opacity: 1 },
      { transform: to, opacity: 0 },
    ],
    { duration: times.change * pace, easing: easings.in, fill: 'forwards' },
  );
  animation.onfinish = done;
  animation.oncancel = done;
}

/** Two short offsets. */
export function shake(g: SVGElement, pace: number): void {
  g.animate(
    [
      { transform: 'translate(0)' },
      { transform: 'translate(3px)' },
      { transform: 'translate(-3px)' },
      { transform: 'translate(0)' },
    ],
    { duration: times.shake * 2 * pace },
  );
}

/** A state glyph or hatch comes in. */
export function appear(element: Element, pace: number): void {
  element.animate([{ opacity: 0 }, { opacity: 1 }], { duration: times.change * pace, easing: easings.out });
}
