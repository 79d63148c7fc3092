import { Menu, Settings as Gear, Share } from 'lucide-react';
import type { ReactNode } from 'react';
import { Mark } from '../Glyph.tsx';
import { changeLanguage, useT } from '../i18n/index.ts';
import { useSettings, type Lang } from '../stores/settings.ts';
import { useWorkspace } from '../stores/workspace.ts';

const open = (dialog: 'gallery' | 'share' | 'settings'): void => useWorkspace.setState({ dialog });

/** Mark, name of what runs, sharing, language and settings. */
export function TopBar(): ReactNode {
  const t = useT();
  const lang = useSettings((s) => s.lang);
  const name = useWorkspace((s) => s.name);
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
