import { GraduationCap, Menu, Settings as Gear, Share } from 'lucide-react';
import type { ReactNode } from 'react';
import { Mark } from '../Glyph.tsx';
import { changeLanguage, useT } from '../i18n/index.ts';
import { useLesson, useTexts } from '../lessons/store.ts';
import { useSettings, type Lang } from '../stores/settings.ts';
import { useWorkspace } from '../stores/workspace.ts';

const open = (dialog: 'gallery' | 'lessons' | 'share' | 'settings'): void => useWorkspace.setState({ dialog });

/** Mark, name of what runs, sharing, language and settings. */
export function TopBar(): ReactNode {
  const t = useT();
  const lang = useSettings((s) => s.lang);
  const name = useWorkspace((s) => s.name);
  const lesson = useLesson((s) => s.lesson?.id);
  const title = useTexts()?.title;
  return (
    <header className="top">
      <span className="brand">
        <Mark />
        <h1>Kubarium</h1>
      </span>
      <span className="sep" />
      <button type="button" className="top-btn crumb" onClick={() => open('gallery')} title={t('top.examples.hint')}>
        <Menu size={16} strokeWidth={1.75} aria-hidden />
        <i className="label">{t('top.examples')}</i>
        {name && <span>{name[lang]}</span>}
      </button>
      <button type="button" className="top-btn crumb" onClick={() => open('lessons')} title={t('lesson.all.hint')}>
        <GraduationCap size={17} strokeWidth={1.6} aria-hidden />
        <i className="label">{t('lesson.all')}</i>
        {lesson && (
          <span>
            <span className="m">{lesson}</span> <span className="lesson-title">{title}</span>
          </span>
        )}
      </button>
      {lesson && <Steps />}
      <span className="fill" />
      <button type="button" className="top-btn" onClick={() => open('share')}>
        <Share size={16} strokeWidth={1.75} aria-hidden />
        <span className="label">{t('top.share')}</span>
      </button>
      <span className="seg" role="group" aria-label={t('top.language')}>
        {(['en', 'ko'] satisfies Lang[]).map((l) => (
          <button key={l} type="button" lang={l} aria-pressed={lang === l} onClick={() => void changeLanguage(l)}>
            {l === 'en' ? 'EN' : '한국어'}
          </button>
        ))}
      </span>
      <button type="button" className="icon-btn" aria-label={t('top.settings')} onClick={() => open('settings')}>
        <Gear size={16} strokeWidth={1.75} aria-hidden />
      </button>
    </header>
  );
}

/** How far the lesson is: a bar per step. */
function Steps(): ReactNode {
  const t = useT();
  const count = useLesson((s) => s.lesson?.steps.length ?? 0);
  const step = useLesson((s) => s.progress?.step ?? 0);
  const words = step >= count ? t('lesson.solved') : t('lesson.steps', { step: step + 1, count });
  return (
    <span className="steps wide-only" role="img" aria-label={words} title={words}>
      {Array.from({ length: count }, (_, i) => (
        <i key={i} className={i < step ? 'done' : i === step ? 'now' : ''} />
      ))}
      <span className="m">
        {Math.min(step + 1, count)} / {count}
      </span>
    </span>
  );
}
