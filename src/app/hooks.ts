import { useEffect, useRef, useState } from 'react';

/** A value that follows another one at most every `ms`. */
export function useThrottled<T>(value: T, ms: number): T {
  const [shown, setShown] = useState(value);
  const last = useRef(0);
  useEffect(() => {
    const wait = Math.max(0, last.current + ms - performance.now());
    const timer = setTimeout(() => {
      last.current = performance.now();
      setShown(value);
    }, wait);
    return () => clearTimeout(timer);
  }, [value, ms]);
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

/** Whether the outline is unfolded: the learner's choice, else by the window's width. */
export function outlineIsOpen(choice: boolean | null, width: number): boolean {
  return choice ?? width >= wideFrom;
}
