import { Play, X } from 'lucide-react';
import { useEffect, useRef, useState, type KeyboardEvent, type PointerEvent, type ReactNode } from 'react';
import { play } from '../engine.ts';
import { useT } from '../i18n/index.ts';
import { themeOf, useSettings } from '../stores/settings.ts';
import { useTimeline } from '../stores/timeline.ts';
import { arrange, useWorkspace } from '../stores/workspace.ts';
import { theStage } from '../StageHost.tsx';
import { useForward } from './forward.ts';
import { ForwardPanel } from './ForwardPanel.tsx';
import { mountTerminal, type Mounted } from './mount.ts';
import './terminal.css';

const lowest = 120;
const highest = 640;

/** kubectl in the page: a drawer below the time area. It keeps what it shows when it is closed. */
export function TerminalPanel(): ReactNode {
  const t = useT();
  const open = useWorkspace((s) => s.terminal || s.phoneView === 'terminal');
  const height = useWorkspace((s) => s.terminalHeight);
  const theme = useSettings(themeOf);
  const lang = useSettings((s) => s.lang);
  const playing = useTimeline((s) => s.playing);
  const past = useTimeline((s) => s.now < s.head);
  const forward = useForward((s) => s.forward);
  const place = useRef<HTMLDivElement>(null);
  const mounted = useRef<Mounted>(null);
  const [waits, setWaits] = useState(false);
  useEffect(() => {
    const made = mountTerminal(place.current!, setWaits);
    mounted.current = made;
    return made.close;
  }, []);
  useEffect(() => mounted.current?.restyle(), [theme, lang]);
  useEffect(() => {
    if (open) mounted.current?.focus();
  }, [open]);
  useEffect(() => {
    // Who was in the browser when its line ended goes on in the terminal.
    if (!forward && open && document.activeElement === document.body) mounted.current?.focus();
  }, [forward, open]);
  return (
    <section
      className="terminal-drawer"
      id="terminal"
      aria-label={t('terminal.label')}
      hidden={!open}
      style={{ height: `min(${height}px, 60vh)` }}
    >
      <Grip height={height} />
      <header className="terminal-head">
        <b>{t('terminal.label')}</b>
        {waits && !playing ? (
          <>
            <span>{t('terminal.waits')}</span>
            <button type="button" className="text-btn" onClick={() => play(true)}>
              <Play size={14} strokeWidth={1.75} aria-hidden /> {t('time.play')}
            </button>
          </>
        ) : past ? (
          <span className="past">{t('terminal.past')}</span>
        ) : null}
        <span className="fill" />
        <span className="muted wide-only">{t('terminal.keys')}</span>
        <button
          type="button"
          className="icon-btn"
          aria-label={t('terminal.close')}
          title={`${t('terminal.close')} (Ctrl \`)`}
          onClick={leaveTerminal}
        >
          <X size={16} strokeWidth={1.75} aria-hidden />
        </button>
      </header>
      <div className="terminal-body">
        <div className="terminal-host" ref={place} />
        {forward ? <ForwardPanel key={forward.line} forward={forward} /> : null}
      </div>
    </section>
  );
}

/** Closes the terminal; the focus goes to the stage. */
function leaveTerminal(): void {
  const { phoneView } = useWorkspace.getState();
  useWorkspace.setState({ terminal: false, ...(phoneView === 'terminal' && { phoneView: 'stage' }) });
  theStage()?.focus();
}

/** The upper edge: dragged, or moved by the arrow keys. */
function Grip({ height }: { readonly height: number }): ReactNode {
  const t = useT();
  const from = useRef<{ y: number; height: number } | null>(null);
  const resize = (to: number): void => arrange({ terminalHeight: Math.round(Math.min(highest, Math.max(lowest, to))) });
  return (
    <div
      className="terminal-grip"
      role="separator"
      aria-orientation="horizontal"
      aria-label={t('terminal.resize')}
      aria-valuemin={lowest}
      aria-valuemax={highest}
      aria-valuenow={height}
      tabIndex={0}
      onPointerDown={(event: PointerEvent<HTMLDivElement>) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        from.current = { y: event.clientY, height };
      }}
      onPointerMove={(event: PointerEvent<HTMLDivElement>) => {
        if (from.current) resize(from.current.height + from.current.y - event.clientY);
      }}
      onPointerUp={() => (from.current = null)}
      onKeyDown={(event: KeyboardEvent<HTMLDivElement>) => {
        if (event.code !== 'ArrowUp' && event.code !== 'ArrowDown') return;
        event.preventDefault();
        event.stopPropagation();
        resize(height + (event.code === 'ArrowUp' ? 24 : -24));
      }}
    />
  );
}
