import { Bookmark, ChevronDown, GitBranch, ListTree, PanelRight, Settings as Gear, SquareTerminal } from 'lucide-react';
import { useCallback, type ReactNode } from 'react';
import type { Deed, Speed, Branch } from '../../protocol/index.ts';
import { useTold } from '../captions.ts';
import { sentence } from '../deeds.ts';
import { play, setSpeed, step, switchBranch } from '../engine.ts';
import { Glyph, TransportIcon } from '../Glyph.tsx';
import { clock, latency, percent, count, axisTime } from '../i18n/format.ts';
import { useT } from '../i18n/index.ts';
import { useLesson, waitsForAnswer } from '../lessons/store.ts';
import { Rich } from '../Rich.tsx';
import { branchLetter, deedsUpTo, history, useHistory, useTimeline, type History } from '../stores/timeline.ts';
import { metersAt } from '../stores/traffic.ts';
import { workloadSummary } from '../live.ts';
import { useClusterStore } from '../stores/cluster.ts';
import { stillOf, themeOf, useSettings } from '../stores/settings.ts';
import { arrange, useWorkspace } from '../stores/workspace.ts';
import { useOver } from './SidePanel.tsx';
import { lookOfDeed } from '../deeds.ts';

/** Speeds in the order of `[` and `]`. */
export const speeds: readonly Speed[] = ['events', 1, 10, 60, 600];

/** Keeps the present moment as a flag on the axis. */
export function addBookmark(label: string): void {
  const { now, bookmarks } = useTimeline.getState();
  if (bookmarks.some((b) => b.at === now)) return;
  useTimeline.setState({ bookmarks: [...bookmarks, { at: now, label }].sort((a, b) => a.at - b.at) });
}

/**
 * The controls of time, in one toolbar. Its buttons are all in the tab order: the arrow keys belong to time itself,
 * also right after a click on one of them.
 */
export function Transport(): ReactNode {
  const t = useT();
  const playing = useTimeline((s) => s.playing);
  const speed = useTimeline((s) => s.speed);
  const waits = useLesson(waitsForAnswer);
  const outlineOpen = useWorkspace((s) => s.outlineOpen);
  const terminal = useWorkspace((s) => s.terminal);
  const drawer = useWorkspace((s) => s.drawer);
  const projector = useSettings((s) => themeOf(s) === 'projector');
  const over = useOver();
  const summary = useClusterStore((s) => (projector && s.loaded ? workloadSummary() : ''));
  const button = (
    icon: Parameters<typeof TransportIcon>[0]['name'],
    label: string,
    hint: string,
    act: () => void,
  ): ReactNode => (
    <button type="button" className="icon-btn" aria-label={label} title={`${label} (${hint})`} onClick={act}>
      <TransportIcon name={icon} />
    </button>
  );
  return (
    <div className="transport" role="toolbar" aria-label={t('time.toolbar')}>
      {button('first', t('time.first'), 'Home', () => step('start'))}
      {button('previous', t('time.previous'), '←', () => step('previous'))}
      <button
        type="button"
        className="icon-btn play"
        aria-label={t(playing ? 'time.pause' : 'time.play')}
        title={waits ? t('lesson.wait.play') : `${t(playing ? 'time.pause' : 'time.play')} (${t('time.space')})`}
        disabled={waits && !playing}
        onClick={() => play(!playing)}
      >
        <TransportIcon name={playing ? 'pause' : 'play'} />
      </button>
      {button('next', t('time.next'), '→', () => step('next'))}
      {button('significant', t('time.significant'), 'Shift →', () => step('next-significant'))}
      {button('last', t('time.last'), 'End', () => step('end'))}
      <Clock />
      <span className="select">
        <select
          aria-label={t('time.speed')}
          value={String(speed)}
          onChange={(event) => {
            const { value } = event.currentTarget;
            setSpeed(value === 'events' ? 'events' : (Number(value) as Speed));
          }}
        >
          {speeds.map((s) => (
            <option key={s} value={String(s)}>
              {s === 'events' ? t('time.events') : `×${s}`}
            </option>
          ))}
        </select>
        <ChevronDown size={14} strokeWidth={1.75} aria-hidden />
      </span>
      {projector ? (
        <span className="caption-now">
          <span>{summary}</span>
        </span>
      ) : (
        <Caption />
      )}
      <Meters />
      <ForkLabel />
      <button
        type="button"
        className={`icon-btn ${projector ? 'wide-only' : ''}`}
        aria-label={t('time.bookmark')}
        title={`${t('time.bookmark')} (B)`}
        onClick={() => addBookmark(axisTime(useTimeline.getState().now))}
      >
        <Bookmark size={17} strokeWidth={1.6} aria-hidden />
      </button>
      <button
        type="button"
        className="icon-btn wide-only"
        aria-label={t('outline.toggle')}
        title={`${t('outline.toggle')} (O)`}
        aria-pressed={outlineOpen ?? false}
        onClick={() => arrange({ outlineOpen: !(outlineOpen ?? false) })}
      >
        <ListTree size={17} strokeWidth={1.6} aria-hidden />
      </button>
      <button
        type="button"
        className={`icon-btn terminal-btn ${terminal ? 'open' : ''}`}
        aria-label={t('terminal.label')}
        title={`${t('terminal.label')} (Ctrl \`)`}
        aria-pressed={terminal}
        onClick={() => useWorkspace.setState({ terminal: !terminal })}
      >
        <SquareTerminal size={projector ? 26 : 17} strokeWidth={1.6} aria-hidden />
      </button>
      {over && (
        <button
          type="button"
          className="icon-btn to-drawer"
          aria-label={t('side.drawer')}
          title={t('side.drawer')}
          aria-pressed={drawer}
          onClick={() => useWorkspace.setState({ drawer: !drawer })}
        >
          <PanelRight size={projector ? 26 : 17} strokeWidth={1.6} aria-hidden />
        </button>
      )}
      {projector && (
        <>
          <button
            type="button"
            className="icon-btn"
            aria-label={t('top.settings')}
            onClick={() => useWorkspace.setState({ dialog: 'settings' })}
          >
            <Gear size={26} strokeWidth={1.6} aria-hidden />
          </button>
        </>
      )}
    </div>
  );
}

function Clock(): ReactNode {
  const t = useT();
  const seconds = useTimeline((s) => Math.floor(s.now / 1000));
  const past = useTimeline((s) => s.now < s.head);
  return (
    <>
      <time className="clock" aria-label={t('time.clock', { time: clock(seconds * 1000) })} role="timer">
        {clock(seconds * 1000)}
      </time>
      {past && <span className="past">{t('time.past')}</span>}
    </>
  );
}

/** The newest deed done by `now`; the version makes the selector look again. */
function newestDeed(now: number, version: number): Deed | undefined {
  void version;
  const { deeds } = history();
  return deeds[deedsUpTo(deeds, now) - 1];
}

/** The newest deed at the present moment, in a sentence. */
export function Caption(): ReactNode {
  const t = useT();
  const waits = useLesson(waitsForAnswer);
  const deed = useTimeline((s) => newestDeed(s.now, s.version));
  const text = deed ? sentence(t, deed) : '';
  if (waits) return <span className="caption-now">{t('lesson.wait.play')}</span>;
  return (
    <span className="caption-now">
      {deed && <Glyph look={lookOfDeed(deed)} />}
      <span>
        <Rich text={text} />
        <Told />
      </span>
    </span>
  );
}

/** Without motion no envelope travels: what the API server was told is listed, newest first. */
function Told(): ReactNode {
  const t = useT();
  const still = useSettings(stillOf);
  const told = useTold((s) => s.told);
  if (!still || told.length === 0) return null;
  return (
    <ol className="told m" aria-label={t('caption.told')} title={told.join('\n')}>
      {told.map((message, i) => (
        <li key={`${i} ${message}`}>{message}</li>
      ))}
    </ol>
  );
}

function Meters(): ReactNode {
  const t = useT();
  // Ten looks per virtual second are plenty; the numbers are of whole seconds.
  const tick = useTimeline((s) => Math.floor(s.now / 100));
  const version = useTimeline((s) => Math.floor(s.version / 8));
  const read = useCallback((h: History) => metersAt(h.traffic, tick * 100), [tick]);
  const meters = useHistory(read, version);
  if (meters.okPercent === null && meters.failed === 0) return <span className="meters muted">{t('meters.none')}</span>;
  return (
    <span className="meters">
      <span>
        {t('meters.ok')} <b>{meters.okPercent === null ? '–' : percent(meters.okPercent)}</b>
      </span>
      <span>
        p95 <b>{meters.p95 === null ? '–' : latency(meters.p95)}</b>
      </span>
      <span className={meters.failed > 0 ? 'bad' : ''}>
        {t('meters.failed')} <b>{count(meters.failed)}</b>
      </span>
    </span>
  );
}

/** The branch that a switch leads to; none when there is only one. */
export const nextBranch = (branches: readonly Branch[], branch: number): Branch | undefined =>
  branches.length < 2 ? undefined : branches[(branches.findIndex((b) => b.id === branch) + 1) % branches.length];

/** Names the branch and toggles to the one it left. */
function ForkLabel(): ReactNode {
  const t = useT();
  const branches = useTimeline((s) => s.branches);
  const branch = useTimeline((s) => s.branch);
  const other = nextBranch(branches, branch);
  if (!other) return null;
  return (
    <button
      type="button"
      className="fork-label"
      title={t('branch.switch', { name: branchLetter(other.id) })}
      aria-label={t('branch.now', { name: branchLetter(branch), other: branchLetter(other.id) })}
      onClick={() => switchBranch(other.id)}
    >
      <GitBranch size={15} strokeWidth={1.6} aria-hidden />
      {branchLetter(branch)}
    </button>
  );
}
