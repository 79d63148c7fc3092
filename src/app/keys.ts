import { useEffect } from 'react';
import { play, setSpeed, step, switchBranch } from './engine.ts';
import { axisTime } from './i18n/format.ts';
import { addBookmark, nextBranch, speeds } from './panels/Transport.tsx';
import { speakSummary } from './live.ts';
import { openMenuForSelection } from './menu-anchor.ts';
import { useTimeline } from './stores/timeline.ts';
import { useSelection } from './stores/selection.ts';
import { arrange, openTab, useWorkspace } from './stores/workspace.ts';

/** True where keys belong to a text, a list or a dialog. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable) return true;
  return target.closest('input, textarea, select, [role="dialog"], [role="menu"], .monaco-editor') !== null;
}

const changeSpeed = (by: number): void => {
  const at = speeds.indexOf(useTimeline.getState().speed);
  const next = speeds[Math.min(speeds.length - 1, Math.max(0, at + by))];
  if (next !== undefined) setSpeed(next);
};

/** Toggles between this branch and the one it left. */
function toggleBranch(): void {
  const { branches, branch } = useTimeline.getState();
  const other = nextBranch(branches, branch);
  if (other) switchBranch(other.id);
}

/** What a key does, by its place on the keyboard: in Hangul mode the letter P arrives as ㅔ. */
const acts: Readonly<Record<string, (event: KeyboardEvent) => void>> = {
  Space: () => play(!useTimeline.getState().playing),
  ArrowRight: (event) => step(event.shiftKey ? 'next-significant' : 'next'),
  ArrowLeft: (event) => step(event.shiftKey ? 'previous-significant' : 'previous'),
  Home: () => step('start'),
  End: () => step('end'),
  PageDown: () => step('next-significant'),
  PageUp: () => step('previous-significant'),
  Period: () => step('next-significant'),
  BracketLeft: () => changeSpeed(-1),
  BracketRight: () => changeSpeed(1),
  KeyF: toggleBranch,
  KeyB: () => addBookmark(axisTime(useTimeline.getState().now)),
  KeyO: () => arrange({ outlineOpen: !(useWorkspace.getState().outlineOpen ?? false) }),
  KeyW: () => openTab('why'),
  KeyM: () => openMenuForSelection(),
};

/** Widgets that use arrows, Home, End and Space for themselves. */
const ownKeys = '[role="tree"], [role="slider"], [role="tablist"], [role="graphics-document"], [role="separator"]';
const buttonKeys = new Set(['Space', 'Enter']);
const moveKeys = new Set(['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'Home', 'End', 'PageUp', 'PageDown']);

function onKey(event: KeyboardEvent): void {
  if (event.isComposing || event.defaultPrevented) return;
  if (event.altKey && event.code === 'KeyS' && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    speakSummary();
    return;
  }
  if (event.code === 'Backquote' && event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    useWorkspace.setState({ terminal: !useWorkspace.getState().terminal });
    return;
  }
  if (event.altKey || event.ctrlKey || event.metaKey || isTyping(event.target)) return;
  const target = event.target instanceof Element ? event.target : null;
  if (buttonKeys.has(event.code) && target?.closest('button, a, [role="slider"]')) return;
  if (moveKeys.has(event.code) && target?.closest(ownKeys)) return;
  if (event.code === 'Escape') {
    const { highlights } = useSelection.getState();
    if (highlights.size > 0) useSelection.setState({ highlights: new Map(), chain: [] });
    return;
  }
  const act = acts[event.code];
  if (!act) return;
  event.preventDefault();
  act(event);
}

/** The page's keys; off while typing and during composition. */
export function useKeys(): void {
  useEffect(() => {
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
}
