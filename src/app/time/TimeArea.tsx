import {
  memo,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  type KeyboardEvent,
  type PointerEvent,
  type ReactNode,
} from 'react';
import type { Branch, Deed } from '../../protocol/index.ts';
import { isFault, isYours, sentence, shortLabel } from '../deeds.ts';
import { seek, standingAt, switchBranch } from '../engine.ts';
import { axisTime, clock, duration, percent } from '../i18n/format.ts';
import { useOutlineOpen, useThrottled, useWindowSize } from '../hooks.ts';
import { useT } from '../i18n/index.ts';
import { twinTraffic, useLesson } from '../lessons/store.ts';
import { Rich } from '../Rich.tsx';
import { versionOfTag } from '../stage/versions.ts';
import { useSelection } from '../stores/selection.ts';
import { themeOf, useSettings } from '../stores/settings.ts';
import {
  branchLetter,
  deedsUpTo,
  history,
  useHistory,
  useTimeline,
  type Bookmark,
  type History,
} from '../stores/timeline.ts';
import { metersAt } from '../stores/traffic.ts';
import { lanesFor, paint, topsOf, type Palette } from './paint.ts';
import { gapsOf, partedAt, placeMarks, scaleFor, timeAt, xOf, type Scale } from './scale.ts';

/** How often the lanes are repainted while time runs; the playhead moves every frame. */
const repaintMs = 160;

/** Colour tokens as the browser has resolved them; read once per theme. */
function paletteOf(): Palette {
  const style = getComputedStyle(document.documentElement);
  const known = new Map<string, string>();
  return (token) => {
    let value = known.get(token);
    if (value === undefined) known.set(token, (value = style.getPropertyValue(`--${token}`).trim()));
    return value;
  };
}

/** Images without a version in their tag, in the order in which they first answered. */
const imageOrder = new Map<string, number>();

/** Which pattern an image's bars have: the one that its pods have on the stage. */
function versionOf(image: string): number {
  const tag = versionOfTag(image);
  if (tag !== undefined) return Math.max(0, tag - 1);
  let order = imageOrder.get(image);
  if (order === undefined) imageOrder.set(image, (order = imageOrder.size));
  return order;
}

/** The time area: lanes on one axis, crossed by one playhead. A slider named "Timeline". */
export function TimeArea(): ReactNode {
  const t = useT();
  const lang = useSettings((s) => s.lang);
  const theme = useSettings(themeOf);
  const { width, height } = useWindowSize();
  const outlineOpen = useOutlineOpen();
  const difference = useLesson((s) => s.lesson?.compare?.difference);
  const guided = useLesson((s) => s.lesson !== null && s.guideOpen);
  const canvas = useRef<HTMLCanvasElement>(null);
  const head = useThrottled(
    useTimeline((s) => Math.ceil(s.head / 500) * 500),
    repaintMs,
  );
  const version = useThrottled(
    useTimeline((s) => s.version),
    repaintMs,
  );
  const branch = useTimeline((s) => s.branch);
  const branches = useTimeline((s) => s.branches);
  const bookmarks = useTimeline((s) => s.bookmarks);
  const palette = useMemo(() => (void theme, paletteOf()), [theme]);

  const ghosts = useMemo(() => {
    const current = branches.find((b) => b.id === branch);
    if (!current) return [];
    // A ghost leaves the line where it parted from what is shown, whichever of the two left the other.
    return branches.filter((b) => b !== current).map((b) => ({ ...b, forkedAt: partedAt(b, current, branches) }));
  }, [branches, branch]);
  const lanes = lanesFor(width, height, ghosts.length, difference !== undefined);
  const tops = topsOf(lanes);
  const phone = width < 900;
  const gutter = phone ? 16 : outlineOpen || guided ? 280 : 228;
  const reach = Math.max(head, ...ghosts.map((b) => b.head));
  const scale = useMemo(() => scaleFor(reach, gutter, width - 16), [reach, gutter, width]);
  const yours = useHistory(yoursIn, version);
  const failedAt = useHistory(firstFailure, version);
  const flags = useMemo(() => {
    const own = failedAt === null ? [] : [{ at: failedAt, label: t('mark.first-failed') }];
    return [...own, ...bookmarks].sort((a, b) => a.at - b.at);
  }, [failedAt, bookmarks, t]);

  const gaps = useMemo(() => {
    void version;
    return gapsOf(history().deeds, head, scale);
  }, [version, head, scale]);

  useLayoutEffect(() => {
    const element = canvas.current!;
    const ratio = devicePixelRatio || 1;
    if (element.width !== Math.round(width * ratio) || element.height !== Math.round(tops.height * ratio)) {
      element.width = Math.round(width * ratio);
      element.height = Math.round(tops.height * ratio);
    }
    const context = element.getContext('2d')!;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const { now } = useTimeline.getState();
    paint(context, {
      scale,
      lanes,
      history: history(),
      twin: difference ? twinTraffic() : null,
      head: useTimeline.getState().head,
      now,
      gaps,
      ghosts,
      versionOf,
      palette,
    });
  }, [scale, width, tops.height, version, head, gaps, palette, ghosts, lanes, difference]);

  return (
    <div className="timeline" style={{ height: tops.height }}>
      <canvas ref={canvas} style={{ height: tops.height }} aria-hidden="true" />
      <LaneName y={tops.traffic + 4} width={gutter}>
        {difference ? <LaneSide letter="A" line={difference.a} /> : t('lane.traffic')}
        <br />
        {t('lane.traffic.how')}
      </LaneName>
      {difference && lanes.twin > 0 && (
        <LaneName y={tops.twin + 4} width={gutter}>
          <LaneSide letter="B" line={difference.b} />
        </LaneName>
      )}
      {lanes.you > 0 && (
        <LaneName y={tops.you + 2} width={gutter}>
          {t('lane.you')}
        </LaneName>
      )}
      {lanes.controllers > 0 && (
        <LaneName y={tops.controllers + 1} width={gutter}>
          {t('lane.controllers')}
        </LaneName>
      )}
      {lanes.lives > 0 && (
        <LaneName y={tops.lives + 5} width={gutter}>
          {t('lane.lives')}
          <br />
          {t('lane.lives.count', { count: history().lives.size })}
        </LaneName>
      )}
      <AxisLabels scale={scale} flags={phone ? noFlags : flags} y={tops.axis} />
      {gaps.map((gap) => (
        <span
          key={gap.from}
          className="skip"
          style={{
            left: xOf(scale, gap.from),
            width: xOf(scale, gap.to) - xOf(scale, gap.from),
            top: tops.axis - lanes.ghost * lanes.ghosts - Math.max(11, lanes.lives / 2 - 6) - 10,
          }}
        >
          <svg width="13" height="9" viewBox="0 0 13 9" aria-hidden="true">
            <path d="M1 .5l5 4l-5 4M8 .5l5 4l-5 4" fill="none" stroke="var(--ink-3)" strokeWidth="1.6" />
          </svg>
          {duration(gap.to - gap.from, lang)}
        </span>
      ))}
      <Track scale={scale} />
      {lanes.you > 0 && <YourMarks deeds={yours} scale={scale} y={tops.you} height={lanes.you} />}
      {!phone &&
        ghosts
          .slice(0, lanes.ghosts)
          .map((b, i) => <GhostLabel key={b.id} branch={b} scale={scale} y={tops.ghosts + i * lanes.ghost} />)}
      {ghosts.slice(0, lanes.ghosts).map((b, i) => (
        <LaneName key={b.id} y={tops.ghosts + i * lanes.ghost + 1} width={gutter}>
          {t('lane.branch', { name: branchLetter(b.id) })}
        </LaneName>
      ))}
      {!phone && <Flags flags={flags} scale={scale} y={tops.axis} />}
      <WhyNumbers scale={scale} y={tops.controllers + lanes.controllers / 2} youY={tops.you + lanes.you / 2} />
      <Playhead scale={scale} />
    </div>
  );
}

/** Width of a flag's label, near enough to keep the axis clear of it. */
const textWidth = (text: string): number => 20 + [...text].reduce((w, c) => w + (c > '\u2e80' ? 13.5 : 7.2), 0);

let readYours: { deeds: readonly Deed[]; seen: number; yours: readonly Deed[] } = { deeds: [], seen: 0, yours: [] };

/** What the learner did. Reads on from where it stopped: a long run has tens of thousands of deeds. */
function yoursIn({ deeds }: History): readonly Deed[] {
  if (readYours.deeds !== deeds || deeds.length < readYours.seen) readYours = { deeds, seen: 0, yours: [] };
  const fresh = deeds.slice(readYours.seen).filter(isYours);
  readYours.seen = deeds.length;
  if (fresh.length > 0) readYours.yours = [...readYours.yours, ...fresh];
  return readYours.yours;
}

/** When the first request failed. */
const firstFailure = ({ traffic: { firstFailed } }: History): number | null =>
  firstFailed === null ? null : firstFailed * 1000;

function LaneName({
  y,
  width,
  children,
}: {
  readonly y: number;
  readonly width: number;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <div className="lane-name" style={{ top: y, width: width - 24 }}>
      {children}
    </div>
  );
}

const noFlags: readonly Bookmark[] = [];

/** Times under the axis, where no flag stands. */
const AxisLabels = memo(function AxisLabels({
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

function Playhead({ scale }: { readonly scale: Scale }): ReactNode {
  const element = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const place = (): void => {
      element.current!.style.transform = `translateX(${xOf(scale, Math.min(scale.end, useTimeline.getState().now))}px)`;
    };
    place();
    return useTimeline.subscribe(place);
  }, [scale]);
  return <div className="playhead" ref={element} />;
}

/** The slider itself: drag scrubs, hover previews, arrows move by a second. */
function Track({ scale }: { readonly scale: Scale }): ReactNode {
  const t = useT();
  const lang = useSettings((s) => s.lang);
  const second = useTimeline((s) => Math.floor(s.now / 1000));
  const headSecond = useTimeline((s) => Math.ceil(s.head / 1000));
  const [hover, setHover] = useState<number | null>(null);
  const dragging = useRef(false);
  const at = (event: PointerEvent<HTMLDivElement>): number => {
    const box = event.currentTarget.getBoundingClientRect();
    return timeAt(scale, scale.x0 + event.clientX - box.left);
  };
  const keys = (event: KeyboardEvent<HTMLDivElement>): void => {
    const { head } = useTimeline.getState();
    const now = standingAt();
    const moves: Record<string, number> = {
      ArrowLeft: now - 1000,
      ArrowDown: now - 1000,
      ArrowRight: now + 1000,
      ArrowUp: now + 1000,
      PageDown: now - 10_000,
      PageUp: now + 10_000,
      Home: 0,
      End: head,
    };
    const to = moves[event.code];
    if (to === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    seek(to);
  };
  return (
    <>
      <div
        className="track"
        style={{ left: scale.x0, width: scale.x1 - scale.x0, bottom: 0 }}
        role="slider"
        tabIndex={0}
        aria-label={t('time.slider')}
        aria-valuemin={0}
        aria-valuemax={Math.max(headSecond, second) * 1000}
        aria-valuenow={second * 1000}
        aria-valuetext={t('time.slider.value', { now: clock(second * 1000), head: duration(headSecond * 1000, lang) })}
        onKeyDown={keys}
        onPointerDown={(event) => {
          if (event.button !== 0) return;
          dragging.current = true;
          event.currentTarget.setPointerCapture(event.pointerId);
          seek(at(event));
        }}
        onPointerMove={(event) => {
          const moment = at(event);
          setHover(moment);
          if (dragging.current) seek(moment);
        }}
        onPointerUp={() => (dragging.current = false)}
        onPointerCancel={() => (dragging.current = false)}
        onPointerLeave={() => setHover(null)}
      />
      {hover !== null && <Preview at={hover} scale={scale} />}
    </>
  );
}

/** What was at the pointed moment. */
function Preview({ at, scale }: { readonly at: number; readonly scale: Scale }): ReactNode {
  const t = useT();
  const head = useTimeline((s) => s.head);
  const { deeds, traffic } = history();
  const deed = at <= head ? deeds[deedsUpTo(deeds, at) - 1] : undefined;
  const meters = metersAt(traffic, at);
  const x = Math.min(scale.x1 - 150, Math.max(scale.x0 + 60, xOf(scale, at)));
  return (
    <div className="preview" style={{ left: x }}>
      <time>{axisTime(at)}</time>
      {at > head ? (
        <span className="muted">{t('time.future')}</span>
      ) : (
        <>
          {meters.okPercent !== null && (
            <span className="muted">
              {t('meters.ok')} {percent(meters.okPercent)}
            </span>
          )}
          {deed && (
            <div>
              <Rich text={sentence(t, deed)} />
            </div>
          )}
        </>
      )}
    </div>
  );
}

const YourMarks = memo(function YourMarks({
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

function GhostLabel({
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

function Flags({
  flags,
  scale,
  y,
}: {
  readonly flags: readonly Bookmark[];
  readonly scale: Scale;
  readonly y: number;
}): ReactNode {
  return placeMarks(flags, (f) => f.at, scale).map(({ item, x, room }) => (
    <button
      key={`${item.at} ${item.label}`}
      type="button"
      tabIndex={-1}
      className="mark"
      style={{
        left: x,
        top: y + 2,
        height: 20,
        maxWidth: Math.max(12, Math.min(180, room - 4)),
        background: 'var(--panel)',
      }}
      aria-hidden="true"
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
function WhyNumbers({
  scale,
  y,
  youY,
}: {
  readonly scale: Scale;
  readonly y: number;
  readonly youY: number;
}): ReactNode {
  const marks = useSelection((s) => s.chain);
  return marks.map(({ deed, number }) => (
    <span
      key={deed.seq}
      className="number"
      style={{
        left: xOf(scale, deed.at),
        top: isYours(deed) ? youY : y,
        ...(isYours(deed) && { background: 'var(--ink)', borderRadius: 5 }),
      }}
    >
      {number}
    </span>
  ));
}

/** Which side of a comparison a lane is of, by its line of the manifest. */
function LaneSide({ letter, line }: { readonly letter: string; readonly line: string }): ReactNode {
  return (
    <>
      <b>{letter}</b> <span className="m">{line}</span>
    </>
  );
}
