import { useSettings } from '../stores/settings.ts';

/** `#lesson=13`: the address of a lesson. The language stays where it is, in the query. */
export const addressOf = (id: string): string => `#lesson=${id}`;

/** The lesson that the address asks for, `?lesson=13` or `#lesson=13`; null for none. */
export function lessonInAddress(): string | null {
  const fromHash = /^#lesson=(\w{1,20})$/.exec(location.hash)?.[1];
  return fromHash ?? new URLSearchParams(location.search).get('lesson');
}

/** Puts the lesson's own address into the address bar, or takes it out; no new entry in the browser's history. */
export function showAddress(id: string | null): void {
  const url = new URL(location.href);
  if (id === null && lessonInAddress() === null) return;
  url.searchParams.delete('lesson');
  url.hash = id === null ? '' : addressOf(id);
  // The hash of a URL without one still leaves its mark.
  history.replaceState(null, '', url.href.replace(/#$/, ''));
}

/** The whole address of a lesson, for copying: the language is part of it. */
export function linkTo(id: string): string {
  const url = new URL(location.pathname, location.href);
  url.searchParams.set('lang', useSettings.getState().lang);
  return url.href + addressOf(id);
}
