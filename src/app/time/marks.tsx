import { memo, type ReactNode } from 'react';
import type { Branch, Deed } from '../../protocol/index.ts';
import { isFault, isYours, shortLabel } from '../deeds.ts';
import { seek, switchBranch } from '../engine.ts';
import { axisTime } from '../i18n/format.ts';
import { useT } from '../i18n/index.ts';
import { useSelection } from '../stores/selection.ts';
import { branchLetter, type Bookmark } from '../stores/timeline.ts';
import { placeMarks, xOf, type Scale } from './scale.ts';

/** Width of a flag's label, near enough to keep the axis clear of it. */
const textWidth = (text: string): number => 20 + [...text].reduce((w, c) => w + (c > '\u2e80' ? 13.5 : 7.2), 0);

/** Times under the axis, where no flag stands. */
export const AxisLabels = memo(function AxisLabels({
  scale,
  flags,
  y,
}: {
  readonly scale: Scale;
  readonly flags: readonly Bookmark[];
  readonly y: number;
}): ReactNode {
  const labels: ReactNode[] = [];
  for (let at = 0; at <= scale.end; at += scale.step) {
    const x = xOf(scale, at);
    // The first label begins at its moment, the others stand around theirs.
    const reach = at === 0 ? 50 : 26;
    if (flags.some((f) => xOf(scale, f.at) - x < reach && xOf(scale, f.at) - x > -18 - textWidth(f.label))) continue;
    const shift = at === 0 ? 0 : x > scale.x1 - 22 ? -100 : -50;
    labels.push(
      <span key={at} className="axis-label" style={{ left: x, top: y + 2, translate: `${shift}% 0` }}>
        {axisTime(at)}
      </span>,
    );
  }
  return labels;
});

/** What the learner did. For the pointer: the keyboard goes from deed to deed. */
export const YourMarks = memo(function YourMarks({
  deeds,
  scale,
  y,
  height,
}: {
  readonly deeds: readonly Deed[];
  readonly scale: Scale;
  readonly y: number;
  readonly height: number;
}): ReactNode {
  const t = useT();
  return placeMarks(deeds, (d) => d.at, scale).map(({ item, x, room }) => {
    const fault = isFault(item);
    const text = shortLabel(t, item);
    return (
      <button
        key={item.seq}
        type="button"
        tabIndex={-1}
        className={`mark ${fault ? 'fault' : ''}`}
        style={{ left: x - 6, top: y, height, maxWidth: Math.max(14, room - 3) }}
        title={`${axisTime(item.at)}  ${text}`}
        aria-hidden="true"
        onClick={() => seek(item.at)}
      >
        <svg width="13" height="13" viewBox="-6.5 -6.5 13 13" aria-hidden="true">
          {fault ? (
            <path d="M0-6.2L6.3 5H-6.3Z" fill="var(--failed)" />
          ) : (
            <rect x="-5" y="-5" width="10" height="10" rx="2" fill="var(--ink)" />
          )}
        </svg>
        {room > 42 && <span>{text}</span>}
      </button>
    );
  });
});

/** Names a branch that was left, and goes back to it. */
export function GhostLabel({
  branch,
  scale,
  y,
}: {
  readonly branch: Branch;
  readonly scale: Scale;
  readonly y: number;
}): ReactNode {
  const t = useT();
  const x = xOf(scale, branch.forkedAt);
  const text = t('branch.left', { label: branch.label || t('branch.original'), time: axisTime(branch.forkedAt) });
  return (
    <button
      type="button"
      className="ghost"
      style={{ left: Math.min(x + 28, scale.x1 - 200), top: y + 1 }}
      title={t('branch.switch', { name: branchLetter(branch.id) })}
      aria-label={t('branch.switch', { name: branchLetter(branch.id) })}
      onClick={() => switchBranch(branch.id)}
    >
      {text}
    </button>
  );
}

/** A bookmark is called by its time unless it has a name. */
const nameOf = ({ at, label }: Bookmark): string => (label === axisTime(at) ? label : `${label}, ${axisTime(at)}`);

/** Bookmarks and the first failure: few, and each a button of its own in the tab order. */
export function Flags({
  flags,
  scale,
  y,
}: {
  readonly flags: readonly Bookmark[];
  readonly scale: Scale;
  readonly y: number;
}): ReactNode {
  const t = useT();
  return placeMarks(flags, (f) => f.at, scale).map(({ item, x, room }) => (
    <button
      key={`${item.at} ${item.label}`}
      type="button"
      className="mark"
      style={{
        left: x,
        top: y + 2,
        height: 20,
        maxWidth: Math.max(12, Math.min(180, room - 4)),
        background: 'var(--panel)',
      }}
      title={t('time.bookmark.go', { label: nameOf(item) })}
      aria-label={t('time.bookmark.go', { label: nameOf(item) })}
      onClick={() => seek(item.at)}
    >
      <svg width="11" height="14" viewBox="0 0 11 14" aria-hidden="true">
        <path d="M0 0h11v13l-5.5-4L0 13Z" fill="var(--ink-2)" />
      </svg>
      {room > 60 && <span>{item.label}</span>}
    </button>
  ));
}

/** The numbers of the Why cards stand in the lanes too. */
export function WhyNumbers({
  scale,
  y,
  youY,
}: {
  readonly scale: Scale;
  readonly y: number | null;
  readonly youY: number | null;
}): ReactNode {
  const chain = useSelection((s) => s.chain);
  // Without a lane of their own they would stand on the axis.
  const marks = chain.filter(({ deed }) => (isYours(deed) ? youY : y) !== null);
  return marks.map(({ deed, number }) => (
    <span
      key={deed.seq}
      className="number"
      style={{
        left: xOf(scale, deed.at),
        top: (isYours(deed) ? youY : y)!,
        ...(isYours(deed) && { background: 'var(--ink)', borderRadius: 5 }),
      }}
    >
      {number}
    </span>
  ));
}
