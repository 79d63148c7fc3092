/** A CronJob: a clock whose hands stand at the next run and whose rim fills until then; ✕ when runs were skipped. */
import { fitText } from '../measure.ts';
import { arc, circle, line, path, text, type Parent } from '../paint.ts';
import type { SceneCron } from '../scene.ts';
import type { Look } from './glyph.ts';
import { pause, type HeadSize } from './job.ts';
import { stateGlyph } from './state.ts';

/** A text that changes when the clock would. */
export const cronSign = (cron: SceneCron | null, now: number): string =>
  cron
    ? [
        cron.schedule,
        cron.suspended,
        cron.active,
        cron.skipped,
        cron.nextAt,
        Math.ceil((cron.nextAt - now) / 1000),
      ].join()
    : '';

/** The clock around (x, y). The world begins at midnight, so cluster time is the time of day. */
export function cronClock(g: Parent, x: number, y: number, r: number, cron: SceneCron, now: number): void {
  const off = cron.suspended || Number.isNaN(cron.nextAt);
  circle(g, x, y, r, { fill: 'panel', s: off ? 'idle' : 'line-control', w: 1.75, d: off ? '1.5 3.5' : undefined });
  if (r >= 20)
    for (let i = 0; i < 12; i++) {
      const q = (i * Math.PI) / 6;
      line(
        g,
        x + r * 0.84 * Math.sin(q),
        y - r * 0.84 * Math.cos(q),
        x + r * 0.7 * Math.sin(q),
        y - r * 0.7 * Math.cos(q),
        {
          s: 'ink-3',
          w: 1.4,
        },
      );
    }
  if (off) {
    pause(g, x, y, r * 0.42);
    return;
  }
  const from = Number.isNaN(cron.lastAt) ? now : cron.lastAt;
  const whole = cron.nextAt - from;
  if (whole > 0 && now > from)
    path(g, arc(x, y, r, (now - from) / whole), { s: 'done', w: r >= 20 ? 3 : 2.2, cap: 'butt' });
  const minutes = cron.nextAt / 60_000;
  const hand = (turn: number, length: number): void => {
    const q = turn * 2 * Math.PI;
    line(g, x, y, x + r * length * Math.sin(q), y - r * length * Math.cos(q), {
      s: 'ink',
      w: r >= 20 ? 2.4 : 1.8,
      cap: 'round',
    });
  };
  hand((minutes % 720) / 720, 0.42);
  hand((minutes % 60) / 60, 0.64);
  if (cron.skipped > 0) stateGlyph(g, 'failed', x + r * 0.74, y - r * 0.74, Math.max(4.5, r * 0.26));
}

/** Clock and its words in the place of a band. */
export function drawCron(
  g: Parent,
  x: number,
  y: number,
  w: number,
  cron: SceneCron,
  look: Look,
  size: HeadSize,
): void {
  const large = size === 'large';
  const r = large ? 24 : size === 'small' ? 12 : 8;
  cronClock(g, x + r + 2, y + (large ? 25 : size === 'small' ? 12 : 6), r, cron, look.now);
  const left = x + 2 * r + (large ? 18 : 10);
  const room = x + w - left;
  text(g, left, y + (large ? 14 : 11), fitText(cron.schedule, room, true), { mono: true, weight: 560 });
  if (size === 'line') return;
  const next = cron.suspended
    ? look.labels.suspended
    : Number.isNaN(cron.nextAt)
      ? ''
      : look.labels.nextRun(Math.max(0, Math.ceil((cron.nextAt - look.now) / 1000)));
  text(g, left, y + (large ? 31 : 28), fitText(next, room, false), { fill: cron.suspended ? 'idle-text' : 'ink-2' });
  if (large)
    text(g, left, y + 48, fitText(look.labels.runsActive(cron.active, cron.skipped), room, false), {
      fill: cron.skipped > 0 ? 'failed-text' : cron.active > 0 ? 'waiting-text' : 'ink-3',
    });
}
