import i18next from 'i18next';
import { useSettings, type Lang } from '../stores/settings.ts';
import { en } from './en/index.ts';
import type { Translated } from './messages.ts';

type Keys = keyof typeof en;
/** Keys of the texts; plural forms (`_one`, `_other`) count as one key. */
export type Key = Keys extends infer K ? (K extends `${infer Base}_${'one' | 'other'}` ? Base : K) : never;

/** What every other language must say: English without its singular forms, which Korean does not have. */
export type Messages = Translated<typeof en>;

export type Values = Readonly<Record<string, string | number>>;

/** Puts a text into words. */
export type Translate = (key: Key, values?: Values) => string;

void i18next.init({
  lng: 'en',
  initAsync: false,
  fallbackLng: 'en',
  keySeparator: false,
  nsSeparator: false,
  resources: { en: { translation: en } },
  interpolation: { escapeValue: false },
});

const translators = new Map<Lang, Translate>();

/** The translator of a language that is loaded; English else. */
export function translator(lang: Lang): Translate {
  const known = translators.get(lang);
  if (known) return known;
  const fixed = i18next.getFixedT(i18next.hasResourceBundle(lang, 'translation') ? lang : 'en');
  const translate: Translate = (key, values) => String(fixed(key as string, { ...values }));
  if (i18next.hasResourceBundle(lang, 'translation')) translators.set(lang, translate);
  return translate;
}

/** Loads a language's texts and fonts. English is always there. */
export async function loadLanguage(lang: Lang): Promise<void> {
  if (lang === 'en' || i18next.hasResourceBundle(lang, 'translation')) return;
  const [{ ko }] = await Promise.all([import('./ko/index.ts'), import('../styles/korean.ts')]);
  i18next.addResourceBundle('ko', 'translation', ko);
}

/** Changes the language; cluster, time and editor stay. */
export async function changeLanguage(lang: Lang): Promise<void> {
  await loadLanguage(lang);
  useSettings.getState().change({ lang });
}

/** The translator of the present language, for components. */
export const useT = (): Translate => useSettings((s) => translator(s.lang));

/** For code outside React. */
export const t: Translate = (key, values) => translator(useSettings.getState().lang)(key, values);
