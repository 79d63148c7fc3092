import { useEffect, useRef, useState } from 'react';
import { useLesson } from './lessons/store.ts';
import { useWorkspace } from './stores/workspace.ts';

/** A value that follows another one at most every `ms`. */
export function useThrottled<T>(value: T, ms: number): T {
  const [shown, setShown] = useState(value);
  const last = useRef(0);
  const latest = useRef(value);
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  useEffect(() => {
    latest.current = value;
    // A timer that waits already is left alone: armed anew at every change it would never fire on a busy page.
    timer.current ??= setTimeout(
      () => {
        timer.current = null;
        last.current = performance.now();
        setShown(latest.current);
      },
      Math.max(0, last.current + ms - performance.now()),
    );
  }, [value, ms]);
  useEffect(
    () => () => {
      if (timer.current !== null) clearTimeout(timer.current);
      timer.current = null;
    },
    [],
  );
  return shown;
}

/** Size of the window, followed. */
export function useWindowSize(): { width: number; height: number } {
  const [size, setSize] = useState({ width: innerWidth, height: innerHeight });
  useEffect(() => {
    const follow = (): void => setSize({ width: innerWidth, height: innerHeight });
    addEventListener('resize', follow);
    return () => removeEventListener('resize', follow);
  }, []);
  return size;
}

/** From this width on the outline is open by itself, as the guide column of the large layout. */
const wideFrom = 1600;

/** Whether the outline is unfolded: the learner's choice, else by the window's width. In a lesson the guide stands there. */
export function useOutlineOpen(): boolean {
  const { width } = useWindowSize();
  const choice = useWorkspace((s) => s.outlineOpen);
  const guided = useLesson((s) => s.lesson !== null);
  return choice ?? (width >= wideFrom && !guided);
}
