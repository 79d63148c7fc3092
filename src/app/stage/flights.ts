/**
 * What travels: requests as dots that can be clicked, and messages as envelopes that all pass the API server.
 * The browser animates them (Web Animations), so that a dot costs no script while it flies.
 */
import type { Activity, RequestRecord } from '../../protocol/index.ts';
import type { StageOptions, StageView } from './contract.ts';
import type { Drawing } from './draw.ts';
import { createEnvelopes } from './envelopes.ts';
import type { Layout, PlacedPod } from './layout.ts';
import { times } from './motion.ts';
import { circle, clear, el, group, path, text } from './paint.ts';
import { kindOf, requestsPerDot, routeOf, type Route } from './routes.ts';
import type { Scene } from './scene.ts';

export interface FlightsInput {
  readonly scene: Scene;
  readonly layout: Layout;
  readonly view: StageView;
  readonly pace: number;
}

export interface Flights {
  update(input: FlightsInput): void;
  /** The request whose dot an element belongs to. */
  recordOf(element: Element): RequestRecord | null;
  destroy(): void;
}

/** Never more dots than this in the air, nor starting in one update. */
const most = 60;
const mostPerUpdate = 5;

/** Starts flights over a drawing. */
export function createFlights(drawing: Drawing, options: StageOptions): Flights {
  const dots = group(drawing.flights, 'dots');
  const counters = group(drawing.flights, 'counters');
  const envelopes = createEnvelopes(group(drawing.flights, 'envelopes'), options);
  const records = new WeakMap<Element, RequestRecord>();
  const running = new Set<Animation>();
  let inAir = 0;
  let credit = 0;
  let playing = true;
  let counterSign = '';
  let keys: { readonly layout: Layout; readonly map: ReadonlyMap<string, PlacedPod> } | null = null;

  function launch(record: RequestRecord, route: Route, pace: number, wait: number): void {
    const kind = kindOf(record);
    const g = group(dots, 'flight');
    records.set(g, record);
    // Unseen until its turn comes.
    g.setAttribute('opacity', '0');
    const turn = group(g);
    drawDot(g, turn, kind);
    inAir++;
    const duration = Math.max(250, (times.travel + route.length * 1.35) * pace) * (kind === 'slow' ? 1.6 : 1);
    const frames = framesOf(route);
    const flight = g.animate(frames.positions, { duration, delay: wait, fill: 'forwards', easing: 'linear' });
    const turning = turn.animate(frames.turns, { duration, delay: wait, fill: 'both' });
    if (!playing) for (const a of [flight, turning]) a.pause();
    running.add(flight).add(turning);
    flight.onfinish = () => {
      running.delete(flight);
      running.delete(turning);
      const end = g.animate(
        kind === 'fail'
          ? [{ opacity: 1 }, { opacity: 1, offset: 0.7 }, { opacity: 0 }]
          : [{ opacity: 1 }, { opacity: 0 }],
        {
          duration: (kind === 'fail' ? times.fail : times.cue) * Math.max(0.5, pace),
          fill: 'forwards',
        },
      );
      end.onfinish = () => {
        g.remove();
        inAir = Math.max(0, inAir - 1);
      };
    };
  }

  function requests({ view, layout, scene, pace }: FlightsInput): void {
    if (view.requests.length === 0 || view.past) return;
    const rps = view.sources.reduce((sum, s) => sum + s.rps, 0);
    const perDot = requestsPerDot(rps);
    // The records are already a sample of at most 30 per second; thin them out to what a dot says it stands for.
    const share = Math.min(1, rps / perDot / Math.max(1, Math.min(rps, 30)));
    let started = 0;
    for (const record of view.requests) {
      credit = Math.min(2, credit + share);
      if (credit < 1 || inAir >= most || started >= mostPerUpdate) continue;
      credit -= 1;
      if (keys?.layout !== layout) keys = { layout, map: new Map(layout.pods.map((p) => [p.pod.ref.key, p])) };
      const route = routeOf(record, layout, scene, keys.map);
      if (route) launch(record, route, pace, started++ * 70 * pace);
    }
  }

  /** Without motion, requests are counted instead of flown. */
  function count({ view, layout, pace }: FlightsInput): void {
    const { labels } = view;
    const rps = view.sources.reduce((sum, s) => sum + s.rps, 0);
    const perDot = requestsPerDot(rps);
    const still = pace === 0;
    const second = Math.max(-1, ...view.traffic.map((t) => t.second));
    const lines = layout.users.map((u) => {
      const last = still ? view.traffic.find((t) => t.second === second && t.source === u.source.name) : undefined;
      return { x: u.x + 46, y: u.y + 22, ok: last?.ok ?? 0, failed: last?.failed ?? 0, on: last !== undefined };
    });
    const last = layout.services.at(-1);
    const badge = !still && perDot > 1 && last && layout.left > 0 && layout.moreServices === 0;
    const sign = JSON.stringify([lines, badge && [last.box.x, last.box.y, last.lines], perDot, view.lang]);
    if (sign === counterSign) return;
    counterSign = sign;
    clear(counters);
    for (const l of lines) {
      if (!l.on) continue;
      text(counters, l.x, l.y, `● ${l.ok}`, { mono: true, fill: 'ready-text' });
      if (l.failed > 0)
        text(counters, l.x + 58, l.y, `✕ ${l.failed}`, { mono: true, fill: 'failed-text', weight: 640 });
    }
    if (badge) {
      const y = last.box.y + last.box.h + (last.lines === 3 ? 42 : 20);
      text(counters, last.box.x + last.box.w / 2, y, labels.dotIs(perDot), { anchor: 'middle', fill: 'ink-3' });
    }
  }

  return {
    update: (input) => {
      const { view, pace } = input;
      if (view.playing !== playing) {
        playing = view.playing;
        for (const a of running)
          if (playing) a.play();
          else a.pause();
      }
      if (view.reset) {
        for (const a of running) a.cancel();
        running.clear();
        clear(dots);
        inAir = 0;
        envelopes.clear();
      }
      count(input);
      if (pace > 0) requests(input);
      envelopes.update(input, view.activities as readonly Activity[]);
    },
    recordOf: (element) => {
      const g = element.closest('.flight');
      return g ? (records.get(g) ?? null) : null;
    },
    destroy: () => {
      for (const a of running) a.cancel();
      running.clear();
    },
  };
}

function drawDot(g: SVGGElement, turn: SVGGElement, kind: 'ok' | 'slow' | 'fail'): void {
  const token = kind === 'fail' ? 'failed' : kind === 'slow' ? 'waiting' : 'ready';
  path(turn, 'M-26 0L0 0', { s: token, w: 2.6, c: 'trail' });
  circle(g, 0, 0, 14, { fill: 'none' }).setAttribute('pointer-events', 'all');
  if (kind === 'fail') {
    circle(g, 0, 0, 7, { fill: 'panel' });
    path(g, 'M-4 -4L4 4M4 -4L-4 4', { s: 'failed', w: 2.6 });
  } else if (kind === 'slow') path(g, 'M0 -5.4L5.2 4H-5.2Z', { fill: 'waiting', s: 'panel', w: 1 });
  else el(g, 'circle', { r: 4.6, fill: 'var(--ready)', stroke: 'var(--panel)', 'stroke-width': 1.2 });
}

/** Key frames along a route: even speed, unseen inside pills, the trail turned into the direction of each stretch. */
function framesOf({ points, length }: Route): { positions: Keyframe[]; turns: Keyframe[] } {
  const positions: Keyframe[] = [];
  const turns: Keyframe[] = [];
  let at = 0;
  points.forEach((p, i) => {
    const before = points[i - 1];
    if (before) at += Math.hypot(p.x - before.x, p.y - before.y);
    const offset = length > 0 ? Math.min(1, at / length) : i / Math.max(1, points.length - 1);
    const next = points[i + 1];
    const transform = `translate(${p.x.toFixed(1)}px, ${p.y.toFixed(1)}px)`;
    positions.push({ transform, opacity: before && !p.seen ? 0 : 1, offset });
    if (next && !next.seen) positions.push({ transform, opacity: 0, offset });
    if (before && !p.seen) positions.push({ transform, opacity: 1, offset });
    if (next) {
      // The trail grows out of each bend, so that it never points through a corner.
      const stretch = Math.hypot(next.x - p.x, next.y - p.y);
      const angle = ((Math.atan2(next.y - p.y, next.x - p.x) * 180) / Math.PI).toFixed(0);
      const full = Math.min(1, stretch / 26);
      const turned = (scale: number, offset_: number): void =>
        void turns.push({ transform: `rotate(${angle}deg) scaleX(${scale.toFixed(2)})`, offset: Math.min(1, offset_) });
      turned(0, offset);
      turned(full, offset + (length > 0 ? Math.min(26, stretch) / length : 0));
      turned(full, length > 0 ? (at + stretch) / length : 1);
    }
  });
  if (turns.length === 0) turns.push({ transform: 'rotate(0deg) scaleX(0)', offset: 0 });
  turns.push({ ...turns.at(-1)!, offset: 1 });
  return { positions: ascending(positions), turns: ascending(turns) };
}

/** Offsets that never go back: rounding could make them. */
function ascending(frames: Keyframe[]): Keyframe[] {
  let least = 0;
  return frames.map((frame) => {
    least = Math.min(1, Math.max(least, frame.offset ?? 0));
    return { ...frame, offset: least };
  });
}
