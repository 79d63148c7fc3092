/** A pod, from the tile with all its words down to a cell. Drawn at the origin. */
import type { PlacedPod } from '../layout.ts';
import { fitText, fitTextEnd, textWidth } from '../measure.ts';
import { arc, circle, el, group, path, rect, text, type Parent } from '../paint.ts';
import { stateColor, type PodState } from '../podlook.ts';
import type { Glyph, Look } from './glyph.ts';
import { key, restarts } from './marks.ts';
import { disk } from './claim.ts';
import { tileShield } from './policy.ts';
import { cellShape, stateGlyph } from './state.ts';

/** The word under a tile: what kubectl prints, or that nobody can say. */
export function podWord({ pod }: Pick<PlacedPod, 'pod'>, look: Look): string {
  if (pod.state === 'unknown') return pod.tolerates ? look.labels.tolerates : look.labels.lastKnown;
  if (pod.state === 'terminating' && pod.look.disrupted !== '') return look.labels.disrupted[pod.look.disrupted];
  return pod.look.word;
}

/** Whole seconds of grace left, or undefined when it does not terminate. */
export const graceLeft = ({ pod }: Pick<PlacedPod, 'pod'>, now: number): number | undefined =>
  pod.state === 'terminating' && pod.look.graceEnds >= 0
    ? Math.max(0, Math.ceil((pod.look.graceEnds - now) / 1000))
    : undefined;

/** Whole seconds until the next try of a crash loop. */
export const retryLeft = ({ pod }: Pick<PlacedPod, 'pod'>, now: number): number | undefined =>
  pod.state === 'backoff' && pod.look.retryAt >= 0
    ? Math.max(0, Math.ceil((pod.look.retryAt - now) / 1000))
    : undefined;

/** Short forms for words that find no room; the whole word is in the sentence of the tile. */
const short: Readonly<Record<string, string>> = {
  CrashLoopBackOff: 'CrashLoop',
  ContainerCreating: 'Creating',
  PodInitializing: 'Init',
  ImagePullBackOff: 'ImagePull',
  ErrImagePull: 'ErrImage',
  CreateContainerConfigError: 'ConfigError',
  Terminating: 'Term.',
};

export const podGlyph: Glyph<PlacedPod> = {
  kind: 'Pod',
  sign: (p, look) => {
    const { pod, metric } = p;
    if (metric.size === 'cell') return `${pod.state}${pod.version.pattern}${metric.tw}`;
    return [
      pod.state,
      pod.version.text,
      pod.look.suffix,
      pod.look.ready,
      pod.look.restarts,
      pod.look.feet,
      pod.look.word,
      metric.size,
      metric.tw,
      p.labelRoom,
      p.labelEnd,
      p.labelCount,
      p.sideRoom,
      graceLeft(p, look.now),
      retryLeft(p, look.now),
      pod.tolerates,
      pod.isolated,
      pod.keeps,
      pod.look.disrupted,
      Math.sign(pod.priority),
      look.lang,
    ].join('|');
  },
  draw: (g, p, look) => {
    const { size } = p.metric;
    if (size === 'cell') drawCell(g, p);
    else if (size === 'mini') drawMini(g, p, look);
    else drawTile(g, p, look);
  },
};

function drawCell(g: SVGGElement, { pod, metric }: PlacedPod): void {
  const shape = cellShape(pod.state, pod.version.pattern, metric.tw);
  el(g, 'path', {
    d: shape.d,
    fill: shape.stroke ? 'none' : `var(--${shape.token})`,
    'fill-rule': 'evenodd',
    stroke: shape.stroke ? `var(--${shape.token})` : undefined,
    'stroke-width': shape.stroke || undefined,
    'stroke-dasharray': shape.dash,
    // The whole square answers to the pointer, not only the strokes.
    'pointer-events': 'bounding-box',
  });
}

const faint = (state: PodState): boolean => state === 'terminating' || state === 'unknown' || state === 'pending';
const dashOf = (state: PodState): string | undefined =>
  state === 'pending' ? '5 3.5' : state === 'unknown' ? '1.5 3.5' : undefined;

/** Only the band of a tile: version and state. */
function drawMini(g: SVGGElement, { pod, metric }: PlacedPod, look: Look): void {
  const { tw, th } = metric;
  const calm = pod.state === 'ready';
  const reserved = pod.state === 'reserved';
  rect(g, 0, 0, tw, th, { r: 4, fill: 'panel' });
  if (pod.state === 'terminating') rect(g, 0, 0, tw, th, { r: 4, fill: look.fills.hatch });
  else if (!reserved)
    rect(g, 0, 0, tw, th, { r: 4, fill: look.fills.version(pod.version), o: faint(pod.state) ? 0.55 : undefined });
  rect(g, 0, 0, tw, th, {
    r: 4,
    s: calm ? 'line-strong' : stateColor[pod.state],
    w: calm ? 1.25 : 1.75,
    d: reserved ? '4 3' : dashOf(pod.state),
  });
  const tight = tw < 40;
  text(g, tight ? 3.5 : 5, th / 2 + 5, pod.version.text || '–', {
    mono: true,
    weight: 700,
    fill: pod.version.pattern ? 'v-ink' : 'ink',
  });
  const x = tw - (tight ? 8 : 11);
  circle(g, x, th / 2, tight ? 6.5 : 8, { fill: 'panel' });
  stateGlyph(group(g, 'state'), pod.state, x, th / 2, tight ? 4.4 : 5);
}

function drawTile(g: SVGGElement, p: PlacedPod, look: Look): void {
  const { pod, metric } = p;
  const { tw, th } = metric;
  const { state } = pod;
  const suffix = pod.look.suffix;
  if (state === 'reserved') {
    rect(g, 0.5, 0.5, tw - 1, th - 1, { r: 5, fill: 'node', s: 'done', w: 1.5, d: '5 4' });
    text(g, tw / 2, th / 2 + 5, fitTextEnd(suffix, tw - 8, true), { mono: true, anchor: 'middle', fill: 'done-text' });
    return;
  }
  const calm = state === 'ready';
  const token = stateColor[state];
  const band = 18;
  rect(g, 0, 0, tw, th, { r: 5, fill: 'panel' });
  if (state === 'terminating') rect(g, 0, 0, tw, th, { r: 5, fill: look.fills.hatch, c: 'hatch' });
  path(g, `M0 ${band}V5a5 5 0 0 1 5-5h${tw - 10}a5 5 0 0 1 5 5v${band - 5}Z`, {
    fill: look.fills.version(pod.version),
    o: faint(state) ? 0.55 : undefined,
  });
  rect(g, 0, 0, tw, th, {
    r: 5,
    s: calm ? 'line-strong' : token,
    w: calm ? 1.25 : 1.75,
    d: dashOf(state),
    c: 'edge',
  });
  const pad = metric.size === 'tile' ? 6 : 5;
  text(g, pad, 13.3, pod.version.text, { mono: true, weight: 700, fill: pod.version.pattern ? 'v-ink' : 'ink' });
  const gr = metric.size === 'tile' ? 6 : 5.5;
  const gx = tw - pad - gr - 1;
  circle(g, gx, band / 2, gr + 3, { fill: 'panel' });
  const scale = state === 'terminating' || state === 'backoff' ? 0.85 : state === 'ready' ? 0.92 : 1;
  stateGlyph(group(g, 'state'), state, gx, band / 2, gr * scale);
  if (pod.isolated !== '' && gx - gr - 12 > pad + textWidth(pod.version.text, true))
    tileShield(g, gx - gr - 13, band / 2, pod.isolated);
  if (metric.size === 'tile') tileBody(g, p, look, pad);
  else
    text(g, tw / 2, th - 8, fitName(p, tw - 4, 14), {
      mono: true,
      anchor: 'middle',
      fill: state === 'unknown' || state === 'terminating' ? 'ink-2' : 'ink',
    });
  if (metric.size === 'tile') feet(g, th + 3, tw, pod.look.feet);
  if (metric.size !== 'tile' && state === 'terminating') smallRing(g, p, look);
  label(g, p, look);
}

function tileBody(g: SVGGElement, p: PlacedPod, look: Look, pad: number): void {
  const { pod, metric } = p;
  const { tw, th } = metric;
  const size = 13.44;
  const left = graceLeft(p, look.now);
  const dim = pod.state === 'unknown' || pod.state === 'pending' || pod.state === 'terminating';
  text(g, pad, 32.3, fitName(p, tw - 2 * pad + 2, size), {
    mono: true,
    size,
    fill: dim ? 'ink-2' : 'ink',
  });
  if (pod.priority !== 0 && textWidth(pod.look.suffix, true, size) < tw - 2 * pad - 8)
    rank(g, tw - pad - 4, 28, pod.priority > 0);
  text(g, pad, 46.9, pod.look.ready, { mono: true, size, fill: 'ink-3' });
  if (left !== undefined) {
    const cx = tw - 14.25;
    const cy = th - 14.25;
    circle(g, cx, cy, 11.25, { fill: 'panel', s: 'line-strong', w: 2 });
    const fraction = pod.look.graceSeconds > 0 ? left / pod.look.graceSeconds : 0;
    if (fraction > 0) path(g, arc(cx, cy, 11.25, fraction), { s: 'idle', w: 2.6 });
    text(g, cx, cy + 4.8, left > 99 ? '99' : left, { mono: true, anchor: 'middle', weight: 650, c: 'tight' });
  } else if (pod.look.restarts > 0)
    restarts(g, tw - pad - 1, 46.9, pod.look.restarts, size, pod.state === 'backoff' || pod.state === 'oom');
  if (pod.keeps && pod.look.restarts === 0 && left === undefined && !pod.tolerates)
    disk(g, tw - pad - 12, 36.5, 11, 11, 'ink-3');
  if (pod.tolerates) key(g, tw - 13, th - 11, 8, 'ink-2');
  const retry = retryLeft(p, look.now);
  if (retry !== undefined && p.sideRoom >= 112) backoffClock(g, tw + 14, 4, pod.look.retryMs, retry, look);
}

/** Priority other than the usual: two chevrons up, or down. */
function rank(g: Parent, x: number, y: number, up: boolean): void {
  const s = up ? 1 : -1;
  path(g, `M${x - 4} ${y + s}l4 ${-4 * s}l4 ${4 * s}M${x - 4} ${y + 5 * s}l4 ${-4 * s}l4 ${4 * s}`, {
    s: 'ink-2',
    w: 1.7,
  });
}

function smallRing(g: Parent, p: PlacedPod, look: Look): void {
  const left = graceLeft(p, look.now);
  if (left === undefined || p.pod.look.graceSeconds <= 0) return;
  const w = p.metric.tw - 8;
  const y = p.metric.th - 4;
  rect(g, 4, y, w, 2, { r: 1, fill: 'line-strong' });
  rect(g, 4, y, (w * left) / p.pod.look.graceSeconds, 2, { r: 1, fill: 'idle' });
}

/** The clock of a crash loop, beside its tile. */
function backoffClock(g: Parent, x: number, y: number, waitMs: number, left: number, look: Look): void {
  circle(g, x + 17, y + 20, 15, { s: 'line-strong', w: 2.5, fill: 'node' });
  if (left > 0) path(g, arc(x + 17, y + 20, 15, (left * 1000) / waitMs), { s: 'waiting', w: 3.5 });
  path(g, `M${x + 17} ${y + 11}V${y + 20}L${x + 22} ${y + 24}`, { s: 'waiting', w: 2 });
  text(g, x + 40, y + 16, look.labels.nextTry, { fill: 'ink-2' });
  text(g, x + 40, y + 34, look.labels.inSeconds(left), { mono: true, weight: 640 });
}

/** Condition feet: PodScheduled · Initialized · ContainersReady · Ready. */
export function feet(g: Parent, y: number, tw: number, bits: string): void {
  const gap = 3;
  const w = (tw - 6 - 3 * gap) / 4;
  [...bits].forEach((bit, i) => {
    const x = 3 + i * (w + gap);
    if (bit === '1') rect(g, x, y, w, 3.5, { r: 1, fill: 'ink-3' });
    else if (bit === '?') rect(g, x + 0.5, y + 0.5, w - 1, 2.5, { r: 1, s: 'ink-3', w: 1, d: '1.5 2' });
    else rect(g, x + 0.5, y + 0.5, w - 1, 2.5, { r: 1, s: 'wire', w: 1 });
  });
}

function label(g: Parent, p: PlacedPod, look: Look): void {
  const { pod, metric, labelRoom } = p;
  if (labelRoom <= 0) return;
  const token = stateColor[pod.state];
  const times = p.labelCount > 1 ? `\u2009×\u2009${p.labelCount}` : '';
  const word = podWord(p, look);
  const retry = retryLeft(p, look.now);
  const wait = retry !== undefined && times === '' && !(metric.size === 'tile' && p.sideRoom >= 112);
  const options = [
    ...(wait
      ? [word, short[word] ?? word, ''].map(
          (w) => `${w}${w && ': '}${look.labels.nextTry} ${look.labels.inSeconds(retry)}`,
        )
      : []),
    word + times,
    (short[word] ?? word) + times,
  ];
  const fits = options.find((o) => textWidth(o, false) * 1.02 <= labelRoom);
  const content = fits ?? fitText(short[word] ?? word, labelRoom, false);
  text(g, p.labelEnd ? metric.tw : 1, metric.th + (metric.size === 'tile' ? 20.4 : 16), content, {
    anchor: p.labelEnd ? 'end' : 'start',
    size: 13.5,
    weight: 560,
    fill: `${token}-text`,
    c: 'halo',
  });
}

/** A generated suffix says most at its end, a name that somebody chose at its beginning. */
function fitName({ pod }: PlacedPod, width: number, size: number): string {
  const chosen = pod.look.suffix === pod.pod.metadata.name;
  return (chosen ? fitText : fitTextEnd)(pod.look.suffix, width, true, size);
}
