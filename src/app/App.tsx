import { lazy, Suspense, useEffect, useState, type ReactNode } from 'react';
import { useT } from './i18n/index.ts';
import { useKeys } from './keys.ts';
import { HaltStrip, LiveRegion, OtherEnd } from './panels/Notices.tsx';
import { spotsOf, useLesson } from './lessons/store.ts';
import { Outline } from './panels/Outline.tsx';
import { SidePanel } from './panels/SidePanel.tsx';
import { TopBar } from './panels/TopBar.tsx';
import { Caption, Transport } from './panels/Transport.tsx';
import { StageHost } from './StageHost.tsx';
import { stillOf, themeOf, useSettings } from './stores/settings.ts';
import { useSelection } from './stores/selection.ts';
import { useTimeline } from './stores/timeline.ts';
import { useWorkspace, type Tab } from './stores/workspace.ts';
import { TimeArea } from './time/TimeArea.tsx';

const Dialogs = lazy(async () => ({ default: (await import('./dialogs/Dialogs.tsx')).Dialogs }));
const FaultMenu = lazy(async () => ({ default: (await import('./panels/FaultMenu.tsx')).FaultMenu }));
const Guide = lazy(async () => ({ default: (await import('./lessons/Guide.tsx')).Guide }));
const Compare = lazy(async () => ({ default: (await import('./lessons/Compare.tsx')).Compare }));
const Score = lazy(async () => ({ default: (await import('./lessons/Score.tsx')).Score }));
const TerminalPanel = lazy(async () => ({ default: (await import('./terminal/TerminalPanel.tsx')).TerminalPanel }));
const RequestPanel = lazy(async () => ({ default: (await import('./panels/RequestPanel.tsx')).RequestPanel }));

/** What is likely to be opened next is fetched while nothing else happens, so that a click finds it there. */
function usePrefetch(): void {
  useEffect(() => {
    const fetchAll = (): void => {
      void Promise.allSettled([
        import('./panels/InspectPanel.tsx'),
        import('./panels/WhyPanel.tsx'),
        import('./panels/EventsPanel.tsx'),
        import('./panels/FaultMenu.tsx'),
        import('./panels/RequestPanel.tsx'),
        import('./dialogs/Dialogs.tsx'),
        import('./lessons/Picker.tsx'),
        import('./lessons/Guide.tsx'),
        import('./lessons/words.ts').then((words) => words.followLanguage()),
        import('./lessons/twin.ts').then((twin) => twin.prepareTwin()),
        // The name of the Korean language needs its letters.
        import('./styles/korean.ts'),
      ]);
    };
    if (typeof requestIdleCallback !== 'function') {
      const timer = setTimeout(fetchAll, 1500);
      return () => clearTimeout(timer);
    }
    const handle = requestIdleCallback(fetchAll, { timeout: 4000 });
    return () => cancelIdleCallback(handle);
  }, []);
}

/** The page around the stage. */
export function App(): ReactNode {
  const t = useT();
  useKeys();
  useDocument();
  usePrefetch();
  const view = useWorkspace((s) => s.phoneView);
  const dialog = useWorkspace((s) => s.dialog);
  const menu = useSelection((s) => s.menu);
  const request = useSelection((s) => s.request);
  const side = useSelection((s) => s.side);
  const projector = useSettings((s) => themeOf(s) === 'projector');
  const drawer = useWorkspace((s) => s.drawer);
  const lesson = useLesson((s) => s.lesson);
  const spots = useLesson(spotsOf);
  const terminal = useWorkspace((s) => s.terminal);
  return (
    <>
      <a className="skip" href="#stage" onClick={skipToStage}>
        {t('skip')}
      </a>
      <div
        className="app"
        data-view={view}
        data-lesson={lesson?.compare ? 'compare' : lesson ? 'one' : undefined}
        data-reads={lesson?.compare ? side : undefined}
        data-spots={spots || undefined}
        data-terminal={terminal || undefined}
        id="app"
      >
        <TopBar />
        <div>
          <HaltStrip />
          <OtherEnd />
        </div>
        <main className="main">
          <Suspense fallback={<aside className="guide open" />}>{lesson && <Guide />}</Suspense>
          <Outline />
          <StageHost />
          <Suspense fallback={null}>{lesson?.compare && <Compare />}</Suspense>
          {((!projector && !lesson?.compare) || drawer) && <SidePanel />}
          <Suspense fallback={null}>
            {menu && <FaultMenu />}
            {request && <RequestPanel />}
          </Suspense>
        </main>
        <footer className="time">
          {projector && (
            <div className="caption-line">
              <Caption />
            </div>
          )}
          <Suspense fallback={null}>{lesson?.compare && <Score />}</Suspense>
          <Transport />
          <Progress />
          <TimeArea />
          <TerminalPlace />
        </footer>
        <nav className="phone-tabs" aria-label={t('phone.views')}>
          {(['stage', 'yaml', 'inspect', 'why', 'events', 'terminal'] satisfies ('stage' | Tab | 'terminal')[]).map(
            (name) => (
              <button
                key={name}
                type="button"
                aria-current={view === name}
                onClick={() =>
                  useWorkspace.setState({
                    phoneView: name,
                    ...(name !== 'stage' && name !== 'terminal' && { tab: name }),
                  })
                }
              >
                {name === 'stage' ? t('phone.stage') : name === 'terminal' ? t('terminal.label') : t(`tab.${name}`)}
              </button>
            ),
          )}
        </nav>
      </div>
      <LiveRegion />
      <Suspense fallback={null}>{dialog && <Dialogs />}</Suspense>
    </>
  );
}

/** The terminal is loaded when it is opened first, and keeps what it shows when it is closed. */
function TerminalPlace(): ReactNode {
  const t = useT();
  const open = useWorkspace((s) => s.terminal || s.phoneView === 'terminal');
  const [wanted, want] = useState(open);
  if (open && !wanted) want(true);
  return (
    <>
      {!open && (
        <button type="button" className="terminal-row" onClick={() => useWorkspace.setState({ terminal: true })}>
          {t('terminal.label')} <kbd aria-hidden="true">Ctrl `</kbd>
        </button>
      )}
      <Suspense fallback={null}>{wanted && <TerminalPanel />}</Suspense>
    </>
  );
}

const skipToStage = (event: { preventDefault(): void }): void => {
  event.preventDefault();
  document.querySelector<HTMLElement>('#stage [tabindex="0"]')?.focus();
};

/** Theme, motion and language stand on the root element. */
function useDocument(): void {
  const theme = useSettings(themeOf);
  const still = useSettings(stillOf);
  const lang = useSettings((s) => s.lang);
  const speed = useTimeline((s) => s.speed);
  useEffect(() => {
    const root = document.documentElement;
    root.dataset['theme'] = theme;
    root.dataset['motion'] = still ? 'off' : 'on';
    root.lang = lang;
    root.style.setProperty('--pace', still || speed === 60 || speed === 600 ? '0' : speed === 10 ? '0.5' : '1');
  }, [theme, still, lang, speed]);
}

/** A long seek tells how far it is. */
function Progress(): ReactNode {
  const t = useT();
  const progress = useTimeline((s) => s.progress);
  if (progress === null || progress >= 1) return null;
  return (
    <div
      className="progress"
      role="progressbar"
      aria-label={t('time.progress')}
      aria-valuenow={Math.round(progress * 100)}
      style={{ transform: `scaleX(${progress})` }}
    />
  );
}
