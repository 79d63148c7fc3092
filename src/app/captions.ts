import type { StageCaption } from './stage/index.ts';

let current: StageCaption | null = null;

/** The few words at an object that the stage shows now. */
export const captionNow = (): StageCaption | null => current;

/** Says something at an object (or process) on the stage. */
export function sayAt(caption: StageCaption | null): void {
  current = caption;
}
