/** Zoom level 2: a pod from within. Init containers in order on the left, the app, sidecars as a tab on the right. */
import type { V1Container, V1ContainerStatus } from '../../../generated/types.ts';
import type { PlacedPod } from '../layout.ts';
import { fitText } from '../measure.ts';
import { circle, group, path, rect, text, type Parent } from '../paint.ts';
import { stateColor, type PodState } from '../podlook.ts';
import type { Look } from './glyph.ts';
import { stateGlyph } from './state.ts';

/** The inside is drawn 234 px wide, then scaled into the tile. */
const W = 234;
const H = 150;

export function drawContainers(parent: SVGGElement, p: PlacedPod, look: Look): void {
  const { pod, metric } = p;
  const g = group(parent);
  const k = metric.tw / W;
  const h = metric.size === 'cell' || metric.size === 'mini' ? metric.th / k : Math.max(H, metric.th / k);
  g.setAttribute('transform', `scale(${k.toFixed(4)})`);
  const token = stateColor[pod.state];
  const calm = pod.state === 'ready';
  rect(g, 0, 0, W, h, { r: 7, fill: 'panel' });
  path(g, `M0 26V7a7 7 0 0 1 7-7h${W - 14}a7 7 0 0 1 7 7v19Z`, { fill: look.fills.version(pod.version) });
  rect(g, 0, 0, W, h, { r: 7, s: calm ? 'line-strong' : token, w: calm ? 1.5 : 2.5 });
  text(g, 9, 18.5, pod.version.text, { mono: true, weight: 700, fill: pod.version.pattern ? 'v-ink' : 'ink' });
  const name = fitText(pod.pod.metadata.name ?? '?', W - 76, true);
  rect(g, 32, 4, W - 66, 18, { r: 2, fill: 'panel' });
  text(g, 37, 18, name, { mono: true, weight: 560 });
  circle(g, W - 16, 13, 9.5, { fill: 'panel' });
  stateGlyph(g, pod.state, W - 16, 13, 6);
  const spec = pod.pod.spec;
  const statuses = new Map<string, V1ContainerStatus>();
  for (const s of [...(pod.pod.status?.initContainerStatuses ?? []), ...(pod.pod.status?.containerStatuses ?? [])])
    statuses.set(s.name, s);
  const inits = (spec?.initContainers ?? []).filter((c) => c.restartPolicy !== 'Always');
  const sides = (spec?.initContainers ?? []).filter((c) => c.restartPolicy === 'Always');
  const apps = spec?.containers ?? [];
  const columns = [inits, apps, sides].filter((c) => c.length > 0);
  const weights = columns.map((c) => (c === apps ? 1.6 : 1));
  const all = weights.reduce((a, b) => a + b, 0);
  let x = 6;
  columns.forEach((column, i) => {
    const w = ((W - 12 - 6 * (columns.length - 1)) * weights[i]!) / all;
    const each = (h - 38 - 5 * (Math.min(3, column.length) - 1)) / Math.min(3, column.length);
    column
      .slice(0, 3)
      .forEach((c, j) => container(g, { x, y: 32 + j * (each + 5), w, h: each }, c, statuses.get(c.name)));
    x += w + 6;
  });
}

function container(
  g: Parent,
  { x, y, w, h }: { x: number; y: number; w: number; h: number },
  spec: V1Container,
  status: V1ContainerStatus | undefined,
): void {
  const { state, word, detail, token, dashed } = read(status);
  rect(g, x, y, w, h, { r: 3, fill: 'panel', s: token, w: 1.5, d: dashed ? '4 3' : undefined });
  stateGlyph(g, state, x + 11, y + 12, 5);
  text(g, x + 20, y + 17, fitText(spec.name, w - 24, true), { mono: true, weight: 560 });
  const lines = [word, detail, spec.image ?? ''].filter(Boolean);
  lines.forEach((line, i) => {
    if (34 + i * 17 < h)
      text(g, x + 7, y + 33 + i * 17, fitText(line, w - 10, true, 13), {
        mono: true,
        size: 13,
        fill: i === 0 ? 'ink-2' : 'ink-3',
      });
  });
}

function read(status: V1ContainerStatus | undefined): {
  state: PodState;
  word: string;
  detail: string;
  token: string;
  dashed: boolean;
} {
  const { running, terminated, waiting } = status?.state ?? {};
  const restarts = status?.restartCount ? `↻ ${status.restartCount}` : '';
  if (running) {
    const ready = status?.ready === true;
    return {
      state: ready ? 'ready' : 'notready',
      word: 'Running',
      detail: restarts,
      token: ready ? 'ready' : 'waiting',
      dashed: false,
    };
  }
  if (terminated) {
    const ok = terminated.exitCode === 0;
    return {
      state: ok ? 'succeeded' : 'failed',
      word: `exit ${terminated.exitCode}`,
      detail: terminated.reason ?? restarts,
      token: ok ? 'idle' : 'failed',
      dashed: false,
    };
  }
  return {
    state: waiting?.reason === 'CrashLoopBackOff' ? 'backoff' : 'creating',
    word: waiting?.reason ?? 'Waiting',
    detail: restarts,
    token: 'waiting',
    dashed: true,
  };
}
