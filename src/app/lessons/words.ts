import type { Lang } from '../stores/settings.ts';
import { useSettings } from '../stores/settings.ts';
import { useLesson } from './store.ts';

const load = {
  en: async () => (await import('../../lessons/texts/en/index.ts')).texts,
  ko: async () => (await import('../../lessons/texts/ko/index.ts')).texts,
} as const;

/** Loads the words of all lessons in a language. */
export async function loadWords(lang: Lang): Promise<void> {
  if (useLesson.getState().words[lang]) return;
  const texts = await load[lang]();
  useLesson.setState({ words: { ...useLesson.getState().words, [lang]: texts } });
}

let following = false;

/** From now on the words of whichever language is chosen are there. */
export async function followLanguage(): Promise<void> {
  if (!following) {
    following = true;
    useSettings.subscribe((now, before) => {
      if (now.lang !== before.lang) loadWords(now.lang).catch((error: unknown) => console.error(error));
    });
  }
  await loadWords(useSettings.getState().lang);
}
