import type { ReactNode } from 'react';
import type { Deed } from '../../protocol/index.ts';
import { axisTime, duration } from '../i18n/format.ts';
import { useT } from '../i18n/index.ts';
import { useSettings } from '../stores/settings.ts';

const width = 340;
const height = 74;
const foot = 18;

/** It looks so often. Kubernetes: --horizontal-pod-autoscaler-sync-period. */
const syncMs = 15_000;

/** What an autoscaler asked for from one of its looks on, and what it set. A look that says the same again is not told anew. */
interface Look {
  readonly at: number;
  /** Up to the look that said something else, or now. */
  readonly until: number;
  readonly wanted: number;
  readonly set: number;
}

const number = (value: string | number | undefined): number | undefined =>
  typeof value === 'number' ? value : undefined;

/** Reads the decisions; those without figures are left out. */
function looksOf(deeds: readonly Deed[], now: number): Look[] {
  return deeds.flatMap(({ at, params = {} }, i) => {
    const set = number(params['to']) ?? number(params['replicas']);
    const wanted = number(params['wanted']) ?? set;
    const until = deeds[i + 1]?.at ?? now;
    return set === undefined || wanted === undefined ? [] : [{ at, until, wanted, set }];
  });
}

/**
 * What an autoscaler asked for in the last minutes as bars, what it set as a line, and the window within which the highest
 * bar holds the number up.
 */
export function ScalerHistory({
  deeds,
  now,
  windowMs,
}: {
  readonly deeds: readonly Deed[];
  readonly now: number;
  readonly windowMs: number;
}): ReactNode {
  const t = useT();
  const lang = useSettings((s) => s.lang);
  const span = Math.max(windowMs * 1.4, 120_000);
  const looks = looksOf(deeds, now).filter((l) => l.until > now - span);
  if (looks.length < 2) return null;
  const most = Math.max(...looks.map((l) => Math.max(l.wanted, l.set)));
  const x = (at: number): number => Math.max(0, width - ((now - at) / span) * width);
  const y = (n: number): number => height - foot - ((height - foot - 6) * n) / most;
  const from = Math.max(0, x(now - windowMs));
  const within = looks.filter((l) => l.until - syncMs >= now - windowMs);
  const highest = within.reduce<Look | null>((best, l) => (best && best.wanted > l.wanted ? best : l), null);
  const last = looks.at(-1)!;
  const held = highest !== null && highest.wanted > last.wanted && last.set > last.wanted;
  const line = looks.map(
    (l, i) => `${i === 0 ? 'M' : 'H'}${x(l.at).toFixed(1)}${i === 0 ? ' ' : 'V'}${y(l.set).toFixed(1)}`,
  );
  const words = held
    ? t('facet.scaler.held', { count: last.set, time: axisTime(highest.until + windowMs) })
    : t('facet.scaler.looks', { window: duration(windowMs, lang) });
  return (
    <figure className="scaler-history">
      <svg viewBox={`0 0 ${width} ${height}`} role="img" aria-label={words}>
        <rect x={from} y="0" width={width - from} height={height - foot} fill="var(--sunken)" />
        {looks.map((l) => (
          <rect
            key={l.at}
            x={x(l.at) + 0.5}
            y={y(l.wanted)}
            width={Math.max(1, x(l.until) - x(l.at) - 1)}
            height={height - foot - y(l.wanted)}
            fill={held && l === highest ? 'var(--waiting)' : 'var(--ink-off)'}
          />
        ))}
        {held && (
          <path
            d={`M${x(highest.at)} ${y(highest.wanted)}H${width}`}
            stroke="var(--waiting)"
            strokeWidth="1.5"
            strokeDasharray="4 3"
            fill="none"
          />
        )}
        <path d={`${line.join('')}H${width}`} stroke="var(--ink)" strokeWidth="2" fill="none" />
        <path d={`M0 ${height - foot}H${width}`} stroke="var(--line-strong)" fill="none" />
        <text x={Math.max(0, from)} y={height - 4}>
          −{duration(windowMs, lang)}
        </text>
        <text x={width} y={height - 4} textAnchor="end">
          {axisTime(now)}
        </text>
      </svg>
      <figcaption className="muted">{words}</figcaption>
    </figure>
  );
}
