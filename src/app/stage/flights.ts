/**
 * What travels: requests as dots that can be clicked, and messages as envelopes that all pass the API server.
 */
import type { Activity, RequestRecord } from '../../protocol/index.ts';
import type { StageOptions, StageView } from './contract.ts';
import type { Dots } from './dots.ts';
import type { Drawing } from './draw.ts';
import { createEnvelopes } from './envelopes.ts';
import type { Layout, PlacedPod } from './layout.ts';
import { times } from './motion.ts';
import { clear, group, text } from './paint.ts';
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
}

/** Never more dots than this in the air, nor starting in one update. */
const most = 60;
const mostPerUpdate = 5;

/** Starts flights over a drawing. */
export function createFlights(drawing: Drawing, dots: Dots, options: StageOptions): Flights {
  const counters = group(drawing.flights, 'counters');
  const envelopes = createEnvelopes(group(drawing.flights, 'envelopes'), options);
  let credit = 0;
  let theme = '';
  let counterSign = '';
  let keys: { readonly layout: Layout; readonly map: ReadonlyMap<string, PlacedPod> } | null = null;

  function launch(record: RequestRecord, route: Route, pace: number, wait: number): void {
    const kind = kindOf(record);
    const duration = Math.max(250, (times.travel + route.length * 1.35) * pace) * (kind === 'slow' ? 1.6 : 1);
    dots.launch(record, kind, route, duration, wait, pace);
  }

  /** The line of a gate's table that a request was matched by lights up as it passes. */
  function light(record: RequestRecord, scene: Scene, pace: number): void {
    const matched = record.hops.find((h) => h.code === 'ingress.matched')?.params;
    const uid = scene.sources.find((s) => s.name === record.source)?.gate;
    const rules = scene.gates.find((g) => g.uid === uid)?.rules;
    if (!matched || !rules) return;
    let best = -1;
    rules.forEach((rule, i) => {
      const fits = rule.service === matched['service'] && String(matched['path']).startsWith(rule.path);
      if (fits && (best < 0 || rule.path.length > rules[best]!.path.length)) best = i;
    });
    const rule = drawing.element(uid!)?.querySelector(`[data-rule="${best}"]`);
    const lamp = rule?.querySelector('.lamp');
    if (!lamp || lamp.getAnimations().length > 0) return;
    lamp.animate([{ opacity: 0 }, { opacity: 1, offset: 0.2 }, { opacity: 1, offset: 0.6 }, { opacity: 0 }], {
      duration: 900 * pace,
      delay: times.travel * pace,
    });
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
      if (credit < 1 || dots.count >= most || started >= mostPerUpdate) continue;
      credit -= 1;
      if (keys?.layout !== layout) keys = { layout, map: new Map(layout.pods.map((p) => [p.pod.ref.key, p])) };
      const route = routeOf(record, layout, scene, keys.map);
      if (!route) continue;
      launch(record, route, pace, started++ * 70 * pace);
      light(record, scene, pace);
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
      dots.play(view.playing);
      if (view.theme !== theme) {
        theme = view.theme;
        dots.recolour();
      }
      if (view.reset) {
        dots.clear();
        envelopes.clear();
      }
      count(input);
      if (pace > 0) requests(input);
      envelopes.update(input, view.activities as readonly Activity[]);
    },
  };
}
