import { ChevronRight, ChevronLeft } from 'lucide-react';
import { Tabs } from 'radix-ui';
import {
  lazy,
  Suspense,
  useRef,
  type CSSProperties,
  type KeyboardEvent,
  type PointerEvent,
  type ReactNode,
} from 'react';
import { useT } from '../i18n/index.ts';
import { useLesson } from '../lessons/store.ts';
import { themeOf, useSettings } from '../stores/settings.ts';
import { arrange, useWorkspace, type Tab } from '../stores/workspace.ts';
import { ManifestPanel } from './ManifestPanel.tsx';

const InspectPanel = lazy(async () => ({ default: (await import('./InspectPanel.tsx')).InspectPanel }));
const WhyPanel = lazy(async () => ({ default: (await import('./WhyPanel.tsx')).WhyPanel }));
const EventsPanel = lazy(async () => ({ default: (await import('./EventsPanel.tsx')).EventsPanel }));

/** True where the panel has no place of its own. */
export const useOver = (): boolean => {
  const projector = useSettings((s) => themeOf(s) === 'projector');
  return useLesson((s) => s.lesson?.compare !== undefined) || projector;
};

const narrowest = 320;
const widest = 640;

/** The panel beside the stage: manifest, inspector, causes, events. Folds into a rail; its width is remembered. */
export function SidePanel(): ReactNode {
  const t = useT();
  const tab = useWorkspace((s) => s.tab);
  const width = useWorkspace((s) => s.sideWidth);
  const open = useWorkspace((s) => s.sideOpen);
  const problems = useWorkspace((s) => s.problemCount);
  // On the projector and in a comparison it lies over the stage, and is put away instead of folded.
  const over = useOver();
  const dragging = useRef<{ x: number; width: number } | null>(null);
  if (!open && !over)
    return (
      <nav className="rail" aria-label={t('side.label')}>
        <button
          type="button"
          className="icon-btn"
          aria-label={t('side.unfold')}
          onClick={() => arrange({ sideOpen: true })}
        >
          <ChevronLeft size={16} strokeWidth={1.75} aria-hidden />
        </button>
        {(['yaml', 'inspect', 'why', 'events'] satisfies Tab[]).map((name) => (
          <button
            key={name}
            type="button"
            className="v"
            onClick={() => (useWorkspace.setState({ tab: name }), arrange({ sideOpen: true }))}
          >
            {t(`tab.${name}`)}
          </button>
        ))}
      </nav>
    );
  const resize = (to: number): void => arrange({ sideWidth: Math.round(Math.min(widest, Math.max(narrowest, to))) });
  const grip = {
    onPointerDown(event: PointerEvent<HTMLDivElement>) {
      event.currentTarget.setPointerCapture(event.pointerId);
      dragging.current = { x: event.clientX, width };
    },
    onPointerMove(event: PointerEvent<HTMLDivElement>) {
      if (dragging.current) resize(dragging.current.width + dragging.current.x - event.clientX);
    },
    onPointerUp: () => (dragging.current = null),
    onKeyDown(event: KeyboardEvent<HTMLDivElement>) {
      if (event.code !== 'ArrowLeft' && event.code !== 'ArrowRight') return;
      event.preventDefault();
      event.stopPropagation();
      resize(width + (event.code === 'ArrowLeft' ? 24 : -24));
    },
  };
  return (
    <aside
      className="side"
      style={{ width: `calc(min(${width}px, 31vw) * var(--side-scale, 1))` } as CSSProperties}
      aria-label={t('side.label')}
    >
      <div
        className="side-grip"
        role="separator"
        aria-orientation="vertical"
        aria-label={t('side.resize')}
        aria-valuemin={narrowest}
        aria-valuemax={widest}
        aria-valuenow={width}
        tabIndex={0}
        {...grip}
      />
      <Tabs.Root
        value={tab}
        onValueChange={(value) => useWorkspace.setState({ tab: value as Tab, phoneView: value as Tab })}
        style={{ display: 'contents' }}
      >
        <div className="tabs">
          <Tabs.List className="tab-list" aria-label={t('side.label')}>
            {(['yaml', 'inspect', 'why', 'events'] satisfies Tab[]).map((name) => (
              <Tabs.Trigger key={name} value={name}>
                {t(`tab.${name}`)}
                {name === 'yaml' && problems > 0 && (
                  <span className="count" aria-hidden="true">
                    {problems}
                  </span>
                )}
              </Tabs.Trigger>
            ))}
          </Tabs.List>
          <button
            type="button"
            className="icon-btn fold"
            aria-label={t('side.fold')}
            onClick={() => (over ? useWorkspace.setState({ drawer: false }) : arrange({ sideOpen: false }))}
          >
            <ChevronRight size={16} strokeWidth={1.75} aria-hidden />
          </button>
        </div>
        <Tabs.Content className="tab-body" value="yaml" forceMount hidden={tab !== 'yaml'} tabIndex={-1}>
          <ManifestPanel />
        </Tabs.Content>
        {(
          [
            ['inspect', InspectPanel],
            ['why', WhyPanel],
            ['events', EventsPanel],
          ] as const
        ).map(([name, Panel]) => (
          <Tabs.Content key={name} className="tab-body" value={name} tabIndex={-1}>
            <Suspense fallback={null}>
              <Panel />
            </Suspense>
          </Tabs.Content>
        ))}
      </Tabs.Root>
    </aside>
  );
}
