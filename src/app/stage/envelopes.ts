/** Messages to the API server as envelopes: one per wire at a time, what comes meanwhile is counted into the next. */
import type { Activity } from '../../protocol/index.ts';
import type { StageOptions, StageView } from './contract.ts';
import { envelope } from './glyphs/marks.ts';
import type { Box, Layout } from './layout.ts';
import { fitText } from './measure.ts';
import { easings, times } from './motion.ts';
import { group, path, rect, text } from './paint.ts';
import type { Scene } from './scene.ts';
import { trunkX } from './wires.ts';

interface Input {
  readonly scene: Scene;
  readonly layout: Layout;
  readonly view: StageView;
  readonly pace: number;
}

export interface Envelopes {
  update(input: Input, activities: readonly Activity[]): void;
  clear(): void;
}

/** One wire's traffic. */
interface Lane {
  busy: boolean;
  waiting: { readonly activity: Activity; count: number } | null;
}

type Points = readonly (readonly [number, number])[];

/** How an activity is drawn: which wire, along which points, its words and where they stand. */
interface Letter {
  readonly lane: string;
  /** What lights up before the message leaves. */
  readonly cue: Box | null;
  readonly points: Points;
  readonly label: {
    readonly x: number;
    readonly y: number;
    readonly room: number;
    readonly anchor: 'start' | 'middle';
  };
}

/** Starts envelopes in a layer. */
export function createEnvelopes(layer: SVGGElement, options: StageOptions): Envelopes {
  const lanes = new Map<string, Lane>();
  let latest: Input | null = null;

  function send(activity: Activity, count: number, letter: Letter, input: Input): void {
    const { pace, view } = input;
    const lane = lanes.get(letter.lane)!;
    lane.busy = true;
    const failed = activity.code >= 400;
    const token = failed ? 'failed' : 'done';
    const g = group(layer);
    const d = `M${letter.points.map((p) => p.join(' ')).join('L')}`;
    const track = path(g, d, { s: token, w: 2.5 });
    track.setAttribute('pathLength', '1');
    track.setAttribute('stroke-dasharray', '1');
    const words = wordsOf(activity, count, view);
    // One caption at a time beside the API server: the newest.
    for (const old of layer.querySelectorAll('text')) old.remove();
    text(g, letter.label.x, letter.label.y, fitText(words, letter.label.room, true), {
      mono: true,
      weight: 560,
      anchor: letter.label.anchor,
      fill: `${token}-text`,
      c: 'halo-ground',
    });
    if (letter.cue) {
      const { x, y, w, h } = letter.cue;
      const light = rect(g, x, y, w, h, { r: 4, c: 'cue' });
      const frames = [{ opacity: 0 }, { opacity: 1, offset: 0.2 }, { opacity: 1, offset: 0.6 }, { opacity: 0 }];
      light.animate(frames, { duration: (times.cue + times.travel) * pace, fill: 'both' });
    }
    const carrier = group(g);
    envelope(carrier, 0, 0, token);
    const travel = {
      duration: times.travel * 1.5 * pace,
      delay: times.cue * pace,
      fill: 'both',
      easing: easings.move,
    } as const;
    // The line grows behind the envelope.
    track.animate([{ strokeDashoffset: 1 }, { strokeDashoffset: 0 }], travel);
    const flight = carrier.animate(along(letter.points), travel);
    flight.onfinish = () => {
      lane.busy = false;
      const next = lane.waiting;
      lane.waiting = null;
      if (next && latest && latest.pace > 0) start(next.activity, next.count, latest);
      const fade = g.animate([{ opacity: 1 }, { opacity: 0 }], {
        duration: times.change * 1.5 * pace,
        fill: 'forwards',
      });
      fade.onfinish = () => g.remove();
    };
    flight.oncancel = () => g.remove();
  }

  function start(activity: Activity, count: number, input: Input): void {
    const letter = letterOf(activity, input.layout);
    if (!letter) return;
    let lane = lanes.get(letter.lane);
    if (!lane) lanes.set(letter.lane, (lane = { busy: false, waiting: null }));
    if (!lane.busy) return send(activity, count, letter, input);
    const w = lane.waiting;
    if (w && sameWords(w.activity, activity)) w.count += count;
    else lane.waiting = { activity, count };
  }

  return {
    update: (input, activities) => {
      latest = input;
      if (activities.length === 0) return;
      const letters = activities.filter(isTelling);
      if (input.pace === 0) {
        for (const a of letters.slice(-3)) options.onCaption?.(`${a.from}: ${wordsOf(a, 1, input.view)}`);
        return;
      }
      // Messages of one kind in one moment travel in one envelope.
      const merged: { activity: Activity; count: number }[] = [];
      for (const activity of letters) {
        const twin = merged.find((m) => sameWords(m.activity, activity));
        if (twin) twin.count++;
        else merged.push({ activity, count: 1 });
      }
      for (const m of merged.slice(0, 4)) start(m.activity, m.count, input);
    },
    clear: () => {
      // To ask for animations costs a pass over the styles of the page: not where nothing stands.
      if (layer.firstChild) for (const a of layer.getAnimations({ subtree: true })) a.cancel();
      layer.replaceChildren();
      for (const lane of lanes.values()) Object.assign(lane, { busy: false, waiting: null });
    },
  };
}

/** Leases, events and status writes of controllers would drown the rest. */
function isTelling(a: Activity): boolean {
  if (a.resource.startsWith('events') || a.resource.startsWith('leases')) return false;
  // A kubelet whose pod is gone or has changed meanwhile simply tries again: everyday, and not the learner's doing.
  if (a.from.startsWith('kubelet') && (a.code === 404 || a.code === 409)) return false;
  if (a.subresource === 'status') return a.from.startsWith('kubelet') && a.resource === 'pods';
  return !a.from.startsWith('kube-apiserver');
}

const sameWords = (a: Activity, b: Activity): boolean =>
  a.from === b.from &&
  a.verb === b.verb &&
  a.resource === b.resource &&
  a.subresource === b.subresource &&
  a.code >= 400 === b.code >= 400;

/** Verb → object, in the words of the API. */
function wordsOf(a: Activity, count: number, view: StageView): string {
  const times_ = count > 1 ? ` ×${count}` : '';
  const name = a.key.split('/').at(-1) ?? a.key;
  const refused = a.code >= 400 ? `${a.code} ` : '';
  if (a.subresource === 'binding') {
    const pod = view.objects.get('pods')?.get(a.key) as { spec?: { nodeName?: string } } | undefined;
    return refused + view.labels.message('bind', count > 1 ? `${count}` : (pod?.spec?.nodeName ?? name));
  }
  const kind = a.resource
    .split('.')[0]!
    .replace(/ies$/, 'y')
    .replace(
      /(endpointslice|service|pod|node|replicaset|deployment|namespace|lease|secret|configmap|serviceaccount|job)s$/,
      '$1',
    );
  const sub = a.subresource ? `/${a.subresource}` : '';
  return `${refused}${a.verb} ${kind}${sub}${times_}${count > 1 ? '' : ` ${name}`}`;
}

function letterOf(a: Activity, layout: Layout): Letter | null {
  const { strip } = layout;
  if (!strip) return null;
  const { api, scheduler, manager } = strip;
  const my = strip.y + strip.h / 2;
  const under = strip.y + strip.h + 5;
  const apiX = api.x + api.w / 2;
  const gap = scheduler.x - api.x - api.w;
  if (a.from.startsWith('kube-scheduler'))
    return {
      lane: 'scheduler',
      cue: scheduler,
      points: [
        [scheduler.x - 2, my - 7],
        [api.x + api.w + 10, my - 7],
      ],
      label: { x: api.x + api.w + gap / 2, y: my + 14, room: gap - 8, anchor: 'middle' },
    };
  if (a.from.startsWith('kube-controller-manager'))
    return {
      lane: 'manager',
      cue: manager,
      points: [
        [manager.x + manager.w / 2, manager.y + manager.h],
        [manager.x + manager.w / 2, under],
        [apiX, under],
        [apiX, api.y + api.h + 2],
      ],
      label: { x: api.x + api.w + 12, y: strip.y + strip.h - 2, room: gap - 16, anchor: 'start' },
    };
  if (a.from.startsWith('kubelet/')) {
    const node = layout.nodes.find((n) => n.node.name === a.from.slice('kubelet/'.length));
    if (!node || layout.mode !== 'loom') return null;
    const x = trunkX(layout);
    const y = node.box.y + node.title / 2;
    return {
      lane: 'kubelets',
      cue: { ...node.box, h: node.title },
      points: [
        [node.box.x + node.box.w, y],
        [x, y],
        [x, under],
        [apiX, under],
        [apiX, api.y + api.h + 2],
      ],
      label: { x: 0, y: -100, room: 0, anchor: 'start' },
    };
  }
  if (a.from.startsWith('you') || a.from.startsWith('kubectl'))
    return {
      lane: 'you',
      cue: null,
      points: [
        [apiX, -10],
        [apiX, api.y - 2],
      ],
      label: { x: api.x + api.w + 8, y: my - 13, room: gap + 60, anchor: 'start' },
    };
  return null;
}

function along(points: Points): Keyframe[] {
  const lengths = [0];
  for (let i = 1; i < points.length; i++)
    lengths.push(lengths[i - 1]! + Math.hypot(points[i]![0] - points[i - 1]![0], points[i]![1] - points[i - 1]![1]));
  const total = lengths.at(-1)! || 1;
  return points.map(([x, y], i) => ({ transform: `translate(${x}px, ${y}px)`, offset: lengths[i]! / total }));
}
