import { useLayoutEffect, useMemo, useRef, type ReactNode } from 'react';
import type { Deed } from '../../protocol/index.ts';
import { isYours } from '../deeds.ts';
import { duration } from '../i18n/format.ts';
import { useOutlineOpen, useThrottled, useWindowSize } from '../hooks.ts';
import { useT } from '../i18n/index.ts';
import { twinTraffic, useLesson } from '../lessons/store.ts';
import { versionOfTag } from '../stage/versions.ts';
import { themeOf, useSettings } from '../stores/settings.ts';
import { branchLetter, history, useHistory, useTimeline, type Bookmark, type History } from '../stores/timeline.ts';
import { AxisLabels, Flags, GhostLabel, WhyNumbers, YourMarks } from './marks.tsx';
import { lanesFor, paint, topsOf, type Palette } from './paint.ts';
import { gapsOf, partedAt, scaleFor, xOf, type Scale } from './scale.ts';
import { Track } from './Track.tsx';

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
  const twinVersion = useLesson((s) => s.twinVersion);
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
  }, [scale, width, tops.height, version, head, gaps, palette, ghosts, lanes, difference, twinVersion]);

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
          className="skipped"
          style={{
            left: xOf(scale, gap.from),
            width: xOf(scale, gap.to) - xOf(scale, gap.from),
            // In a comparison the learner's words are in the last lane: theirs stay readable.
            top:
              lanes.twin > 0
                ? tops.you - 32
                : tops.axis - lanes.ghost * lanes.ghosts - Math.max(11, lanes.lives / 2 - 6) - 10,
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
      <WhyNumbers
        scale={scale}
        y={lanes.controllers > 0 ? tops.controllers + lanes.controllers / 2 : null}
        youY={lanes.you > 0 ? tops.you + lanes.you / 2 : null}
      />
      <Playhead scale={scale} />
    </div>
  );
}

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

/** Which side of a comparison a lane is of, by its line of the manifest. */
function LaneSide({ letter, line }: { readonly letter: string; readonly line: string }): ReactNode {
  return (
    <>
      <b>{letter}</b> <span className="m">{line}</span>
    </>
  );
}
