import { create } from 'zustand';
import type { Halt } from '../link.ts';
import type { BrokenWhy } from '../share.ts';

/** A message of the API server's refusal (or of the page's own inability), shown until read. */
export interface Toast {
  readonly id: number;
  readonly title: string;
  /** The server's own words. */
  readonly detail: string;
}

/** What is wrong with a run that was given to be opened. */
export interface Broken {
  readonly why: BrokenWhy | 'refused' | 'other-engine' | 'other-end';
  /** The simulation's own words, or the engine's version. */
  readonly detail: string;
}

interface NoticesStore {
  readonly toasts: readonly Toast[];
  /** The simulation stands still. */
  readonly halt: Halt | null;
  /** A link or file that could not be opened, or that ended otherwise than recorded. */
  readonly broken: Broken | null;
  /** What the live region says; a counter makes equal sentences distinct. */
  readonly spoken: { readonly text: string; readonly count: number };
}

/** What the page has to tell. */
export const useNotices = create<NoticesStore>()(() => ({
  toasts: [],
  halt: null,
  broken: null,
  spoken: { text: '', count: 0 },
}));

let lastToast = 0;

/** Shows a refusal. One of a title at once: a newer one takes its place, so that the stage stays visible. */
export function toast(title: string, detail: string): void {
  const { toasts } = useNotices.getState();
  const others = toasts.filter((t) => t.title !== title);
  useNotices.setState({ toasts: [...others.slice(-1), { id: ++lastToast, title, detail }] });
}

export const dismissToast = (id: number): void =>
  useNotices.setState({ toasts: useNotices.getState().toasts.filter((t) => t.id !== id) });
