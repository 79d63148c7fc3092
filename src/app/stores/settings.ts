import { create } from 'zustand';
import { usualWorld } from '../gallery/run.ts';
import { readStored, writeStored } from '../storage.ts';

export type Theme = 'system' | 'light' | 'dark' | 'projector';
export type Motion = 'system' | 'on' | 'off';
export type Lang = 'en' | 'ko';

/** What the learner chose about the page, and the world that a fresh sandbox gets. */
export interface Settings {
  readonly theme: Theme;
  readonly motion: Motion;
  readonly lang: Lang;
  readonly nodes: number;
  readonly seed: number;
}

/** Most nodes that a sandbox may be opened with. */
export const mostNodes = 1000;

interface SettingsStore extends Settings {
  /** `prefers-color-scheme` and `prefers-reduced-motion` of the system, kept up to date. */
  readonly systemDark: boolean;
  readonly systemStill: boolean;
  change(change: Partial<Settings>): void;
}

const themes: readonly Theme[] = ['system', 'light', 'dark', 'projector'];
const motions: readonly Motion[] = ['system', 'on', 'off'];
const defaults: Settings = { theme: 'system', motion: 'system', lang: 'en', ...usualWorld };

/** Whole number within bounds, or the fallback: URL parameters and storage are not to be trusted. */
const whole = (value: unknown, least: number, most: number, fallback: number): number => {
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isInteger(number) && number >= least && number <= most
    ? number
    : fallback;
};

/** Settings at the start: URL parameter, else stored, else the browser's language, else defaults. */
export function initialSettings(
  query: URLSearchParams,
  stored: Partial<Settings>,
  languages: readonly string[],
): Settings {
  const browser: Lang =
    languages.map((l) => l.slice(0, 2)).find((l): l is Lang => l === 'ko' || l === 'en') ?? defaults.lang;
  const langs: readonly Lang[] = ['en', 'ko'];
  const pick = <T extends string>(allowed: readonly T[], ...values: unknown[]): T | undefined =>
    values.find((v): v is T => allowed.includes(v as T));
  const motionParam = query.get('motion');
  return {
    theme: pick(themes, query.get('theme'), stored.theme) ?? defaults.theme,
    motion:
      pick(motions, motionParam === '0' ? 'off' : motionParam === '1' ? 'on' : motionParam, stored.motion) ??
      defaults.motion,
    lang: pick(langs, query.get('lang'), stored.lang) ?? browser,
    nodes: whole(query.get('nodes'), 0, mostNodes, whole(stored.nodes, 0, mostNodes, defaults.nodes)),
    seed: whole(query.get('seed'), 0, 2 ** 31 - 1, whole(stored.seed, 0, 2 ** 31 - 1, defaults.seed)),
  };
}

const media = (query: string): MediaQueryList | null => (typeof matchMedia === 'function' ? matchMedia(query) : null);
const dark = media('(prefers-color-scheme: dark)');
const still = media('(prefers-reduced-motion: reduce)');

const start =
  typeof location === 'undefined'
    ? defaults
    : initialSettings(new URLSearchParams(location.search), readStored('settings', {}), navigator.languages);

/** The settings. Only what the learner changes by hand is stored: a link's parameters do not outlive the visit. */
export const useSettings = create<SettingsStore>()((set) => ({
  ...start,
  systemDark: dark?.matches ?? false,
  systemStill: still?.matches ?? false,
  change(change) {
    set(change);
    writeStored('settings', { ...readStored<Partial<Settings>>('settings', {}), ...change });
  },
}));

dark?.addEventListener('change', (event) => useSettings.setState({ systemDark: event.matches }));
still?.addEventListener('change', (event) => useSettings.setState({ systemStill: event.matches }));

/** The theme that is drawn. */
export const themeOf = (s: SettingsStore): 'light' | 'dark' | 'projector' =>
  s.theme === 'system' ? (s.systemDark ? 'dark' : 'light') : s.theme;

/** True when nothing may travel. */
export const stillOf = (s: SettingsStore): boolean => (s.motion === 'system' ? s.systemStill : s.motion === 'off');
