/**
 * Requests in flight, on a sheet of their own: a canvas between the cluster and the captions. Sixty dots as elements would
 * cost a style, a layer and a place in every painting; here they cost a few strokes of the pen.
 */
import type { RequestRecord } from '../../protocol/index.ts';
import { times } from './motion.ts';
import { circle, group, path } from './paint.ts';
import type { Route } from './routes.ts';

/** Where the world lies on the screen. */
export interface Camera {
  readonly x: number;
  readonly y: number;
  readonly k: number;
}

export interface Dots {
  /** Dots in the air. */
  readonly count: number;
  /** Sends a dot along a route in `duration` ms, after `wait` ms. */
  launch(record: RequestRecord, kind: DotKind, route: Route, duration: number, wait: number, pace: number): void;
  /** Stops and continues all flights. */
  play(on: boolean): void;
  look(camera: Camera): void;
  /** The stage has another size, px of the page. */
  resize(size: { readonly w: number; readonly h: number }): void;
  /** The theme has changed: colours are read anew. */
  recolour(): void;
  /** The request whose dot is at a point of the screen, relative to the sheet. */
  at(x: number, y: number): RequestRecord | null;
  /** The dots as they are now, for a picture. */
  draw(world: SVGGElement): void;
  clear(): void;
  destroy(): void;
}

export type DotKind = 'ok' | 'slow' | 'fail';

interface Flight {
  readonly record: RequestRecord;
  readonly kind: DotKind;
  readonly route: Route;
  /** Ways from the start to each point of the route, px. */
  readonly ways: readonly number[];
  /** On the clock of the sheet, ms. */
  readonly start: number;
  readonly duration: number;
  readonly fade: number;
}

interface Spot {
  readonly x: number;
  readonly y: number;
  /** Direction of the stretch, and how far the dot has come on it, px. */
  readonly dx: number;
  readonly dy: number;
  readonly come: number;
  readonly opacity: number;
}

/** Length of a trail and radius in which a dot answers to the pointer, px. */
const trail = 26;
const reach = 14;
const token: Readonly<Record<DotKind, string>> = { ok: 'ready', slow: 'waiting', fail: 'failed' };

/** A sheet of dots on a canvas. */
export function createDots(canvas: HTMLCanvasElement): Dots {
  const context = canvas.getContext('2d')!;
  const flights = new Set<Flight>();
  let camera: Camera = { x: 0, y: 0, k: 1 };
  let colours: Readonly<Record<string, string>> | null = null;
  let request = 0;
  let playing = true;
  /** The sheet's clock: stands while the simulation is paused. */
  let offset = 0;
  let stoodAt = 0;
  let inked: { x: number; y: number; r: number }[] = [];

  const now = (): number => (playing ? performance.now() : stoodAt) - offset;

  function colour(name: string): string {
    if (!colours) {
      const style = getComputedStyle(canvas);
      colours = Object.fromEntries(
        ['ready', 'waiting', 'failed', 'panel'].map((key) => [key, style.getPropertyValue(`--${key}`).trim()]),
      );
    }
    return colours[name]!;
  }

  function paint(): void {
    const { x, y, k } = camera;
    const ratio = devicePixelRatio || 1;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    for (const spot of inked) context.clearRect(spot.x - spot.r, spot.y - spot.r, 2 * spot.r, 2 * spot.r);
    inked = [];
    const at = now();
    context.setTransform(ratio * k, 0, 0, ratio * k, ratio * x, ratio * y);
    for (const flight of flights) {
      if (at >= flight.start + flight.duration + flight.fade) flights.delete(flight);
      const spot = spotOf(flight, at);
      if (!spot) continue;
      inked.push({ x: spot.x * k + x, y: spot.y * k + y, r: (trail + 4) * k });
      paintDot(context, flight.kind, spot, colour);
    }
  }

  function tick(): void {
    request = 0;
    paint();
    if (flights.size > 0 && playing) request = requestAnimationFrame(tick);
  }

  /** Paints with the next frame, and then as long as anything flies. */
  function wake(): void {
    if (request === 0 && (flights.size > 0 || inked.length > 0)) request = requestAnimationFrame(tick);
  }

  return {
    get count() {
      return flights.size;
    },
    launch: (record, kind, route, duration, wait, pace) => {
      const ways = [0];
      route.points.forEach((p, i) => {
        const before = route.points[i - 1];
        if (before) ways.push(ways[i - 1]! + Math.hypot(p.x - before.x, p.y - before.y));
      });
      const fade = (kind === 'fail' ? times.fail : times.cue) * Math.max(0.5, pace);
      flights.add({ record, kind, route, ways, start: now() + wait, duration, fade });
      wake();
    },
    play: (on) => {
      if (on === playing) return;
      if (on) offset += performance.now() - stoodAt;
      else stoodAt = performance.now();
      playing = on;
      wake();
    },
    look: (next) => {
      camera = next;
      wake();
    },
    resize: ({ w, h }) => {
      const ratio = devicePixelRatio || 1;
      const [width, height] = [Math.round(w * ratio), Math.round(h * ratio)];
      if (canvas.width === width && canvas.height === height) return;
      canvas.width = width;
      canvas.height = height;
      wake();
    },
    recolour: () => void (colours = null),
    at: (x, y) => {
      const time = now();
      let best: RequestRecord | null = null;
      let nearest = reach * Math.max(1, camera.k);
      for (const flight of flights) {
        const spot = spotOf(flight, time);
        if (!spot) continue;
        const distance = Math.hypot(spot.x * camera.k + camera.x - x, spot.y * camera.k + camera.y - y);
        if (distance <= nearest) [best, nearest] = [flight.record, distance];
      }
      return best;
    },
    draw: (world) => {
      const time = now();
      for (const flight of flights) {
        const spot = spotOf(flight, time);
        if (spot) drawDot(group(world, 'dot'), flight.kind, spot);
      }
    },
    clear: () => {
      flights.clear();
      wake();
    },
    destroy: () => cancelAnimationFrame(request),
  };
}

/** Where a dot is; null before its turn, and inside a pill. */
function spotOf(flight: Flight, at: number): Spot | null {
  const { route, ways } = flight;
  const since = at - flight.start;
  if (since < 0) return null;
  const way = Math.min(1, since / flight.duration) * route.length;
  let i = 1;
  while (i < ways.length - 1 && ways[i]! < way) i++;
  const [from, to] = [route.points[i - 1]!, route.points[i] ?? route.points[0]!];
  if (!to.seen && since < flight.duration) return null;
  const stretch = (ways[i] ?? 0) - (ways[i - 1] ?? 0) || 1;
  const come = Math.min(stretch, way - (ways[i - 1] ?? 0));
  const [dx, dy] = [(to.x - from.x) / stretch, (to.y - from.y) / stretch];
  const gone = Math.max(0, since - flight.duration) / flight.fade;
  // A refused request stays a while where it was refused.
  const opacity = flight.kind === 'fail' ? Math.min(1, (1 - gone) / 0.3) : 1 - gone;
  if (opacity <= 0) return null;
  return { x: from.x + dx * come, y: from.y + dy * come, dx, dy, come: gone > 0 ? 0 : come, opacity };
}

function paintDot(c: CanvasRenderingContext2D, kind: DotKind, spot: Spot, colour: (name: string) => string): void {
  const { x, y } = spot;
  const ink = colour(token[kind]);
  const tail = Math.min(trail, spot.come);
  c.lineCap = 'round';
  if (tail > 0) {
    c.globalAlpha = 0.28 * spot.opacity;
    c.strokeStyle = ink;
    c.lineWidth = 2.6;
    c.beginPath();
    c.moveTo(x - spot.dx * tail, y - spot.dy * tail);
    c.lineTo(x, y);
    c.stroke();
  }
  c.globalAlpha = spot.opacity;
  c.beginPath();
  if (kind === 'fail') {
    c.fillStyle = colour('panel');
    c.arc(x, y, 7, 0, 7);
    c.fill();
    c.strokeStyle = ink;
    c.lineWidth = 2.6;
    c.beginPath();
    c.moveTo(x - 4, y - 4);
    c.lineTo(x + 4, y + 4);
    c.moveTo(x + 4, y - 4);
    c.lineTo(x - 4, y + 4);
    c.stroke();
    return;
  }
  if (kind === 'slow') {
    c.moveTo(x, y - 5.4);
    c.lineTo(x + 5.2, y + 4);
    c.lineTo(x - 5.2, y + 4);
    c.closePath();
  } else c.arc(x, y, 4.6, 0, 7);
  c.fillStyle = ink;
  c.fill();
  c.strokeStyle = colour('panel');
  c.lineWidth = 1.1;
  c.stroke();
}

function drawDot(g: SVGGElement, kind: DotKind, { x, y, dx, dy, come }: Spot): void {
  const ink = token[kind];
  const tail = Math.min(trail, come);
  path(g, `M${x - dx * tail} ${y - dy * tail}L${x} ${y}`, { s: ink, w: 2.6, o: 0.28 });
  if (kind === 'fail') {
    circle(g, x, y, 7, { fill: 'panel' });
    path(g, `M${x - 4} ${y - 4}l8 8m0 -8l-8 8`, { s: ink, w: 2.6 });
  } else if (kind === 'slow') path(g, `M${x} ${y - 5.4}l5.2 9.4h-10.4Z`, { fill: ink, s: 'panel', w: 1 });
  else circle(g, x, y, 4.6, { fill: ink, s: 'panel', w: 1.1 });
}
