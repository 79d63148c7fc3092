/** A Job: a ring of its completions. Done is full, running is half as thick, failed has its octagon. */
import { fitText } from '../measure.ts';
import { arc, circle, path, text, type Parent } from '../paint.ts';
import type { SceneJob } from '../scene.ts';
import type { Look } from './glyph.ts';
import { stateGlyph } from './state.ts';

/** `3/6`, or `3` of a work queue that has no number. */
export const doneOf = (job: SceneJob): string =>
  job.completions === undefined ? String(job.succeeded) : `${job.succeeded}/${job.completions}`;

/** A text that changes when the ring would. */
export const jobSign = (job: SceneJob | null): string => (job ? Object.values(job).join() : '');

/** The ring around (x, y). */
export function jobRing(g: Parent, x: number, y: number, r: number, job: SceneJob): void {
  const of = Math.max(1, job.completions ?? Math.max(job.parallelism, job.succeeded + job.active));
  const w = r * 0.32;
  const mid = r - w / 2;
  circle(g, x, y, mid, { s: 'sunken', w });
  circle(g, x, y, r, { s: 'line-strong', w: 1 });
  const part = (from: number, to: number, radius: number, width: number, token: string): void => {
    if (to <= from) return;
    const turn = path(g, arc(x, y, radius, Math.min(1, (to - from) / of)), { s: token, w: width, cap: 'butt' });
    turn.setAttribute('transform', `rotate(${((360 * from) / of).toFixed(1)} ${x} ${y})`);
  };
  part(0, job.succeeded, mid, w, 'done');
  part(job.succeeded, Math.min(of, job.succeeded + job.active), mid, w * 0.45, 'waiting');
  if (of > 1 && of <= 24)
    for (let i = 0; i < of; i++) {
      const q = (2 * Math.PI * i) / of - Math.PI / 2;
      const [c, s] = [Math.cos(q), Math.sin(q)];
      path(g, `M${x + (r - w - 0.5) * c} ${y + (r - w - 0.5) * s}L${x + (r + 0.5) * c} ${y + (r + 0.5) * s}`, {
        s: 'ground',
        w: 1.6,
        cap: 'butt',
      });
    }
  if (r >= 20) text(g, x, y + 5, doneOf(job), { anchor: 'middle', mono: true, weight: 640 });
  if (job.end === 'Failed') stateGlyph(g, 'failed', x + r * 0.72, y + r * 0.72, Math.max(5, r * 0.26));
  else if (job.suspended && job.end === '') pause(g, x + r * 0.72, y + r * 0.72, Math.max(5, r * 0.26));
}

/** Two bars on a plate: suspended. */
export function pause(g: Parent, x: number, y: number, r: number): void {
  circle(g, x, y, r + 1.5, { fill: 'panel', s: 'ink-2', w: 1.5 });
  path(g, `M${x - r * 0.32} ${y - r * 0.45}v${r * 0.9}M${x + r * 0.32} ${y - r * 0.45}v${r * 0.9}`, {
    s: 'ink-2',
    w: Math.max(1.6, r * 0.26),
  });
}

/** How much a head has room for: three lines beside a large sign, two beside a small one, or one. */
export type HeadSize = 'large' | 'small' | 'line';

/** Ring and its words in the place of a band, within `w`. */
export function drawJob(g: Parent, x: number, y: number, w: number, job: SceneJob, look: Look, size: HeadSize): void {
  const large = size === 'large';
  const r = large ? 24 : size === 'small' ? 12 : 8;
  jobRing(g, x + r + 1, y + (large ? 25 : size === 'small' ? 12 : 6), r, job);
  const left = x + 2 * r + (large ? 16 : 9);
  const room = x + w - left;
  const [done, running, failed] = look.labels.jobWords(job);
  if (large) {
    text(g, left, y + 14, fitText(done, room, false), { weight: 560 });
    text(g, left, y + 31, fitText(job.end || running, room, false), { fill: 'ink-2' });
    text(g, left, y + 48, fitText(failed, room, false), { fill: job.failed > 0 ? 'failed-text' : 'ink-3' });
    return;
  }
  const now = job.end === '' ? running : job.end;
  text(g, left, y + 11, fitText(`${doneOf(job)} · ${now}`, room, false), { weight: 520 });
  if (job.failed > 0 && size === 'small')
    text(g, left, y + 28, fitText(failed, room, false), { fill: 'failed-text', weight: 520 });
}
