import type { ReactNode } from 'react';
import { lessons } from '../../lessons/index.ts';
import { useT } from '../i18n/index.ts';
import { Rich } from '../Rich.tsx';
import { useSettings } from '../stores/settings.ts';
import { useWorkspace } from '../stores/workspace.ts';
import { addressOf } from './address.ts';
import { textsOf, useLesson, useTexts } from './store.ts';

/** The end of a lesson: what the note says, what is true, and the way on. */
export function Finish(): ReactNode {
  const t = useT();
  const lang = useSettings((s) => s.lang);
  const words = useLesson((s) => s.words);
  const id = useLesson((s) => s.lesson!.id);
  const assisted = useLesson((s) => s.assisted);
  const texts = useTexts()!;
  const next = lessons[lessons.findIndex((l) => l.id === id) + 1];
  return (
    <section className="finish" aria-label={t('lesson.finish')}>
      <h3 className={assisted ? 'assisted' : 'done'}>{t(assisted ? 'lesson.finish.assisted' : 'lesson.finish')}</h3>
      <p className="eyebrow">{t('lesson.note')}</p>
      <blockquote className="guide-text">
        <Rich text={texts.note} />
      </blockquote>
      <p className="eyebrow">{t('lesson.truth')}</p>
      <p className="guide-text truth">
        <Rich text={texts.verdict} />
      </p>
      <div className="row">
        {next && (
          <a className="btn primary" href={addressOf(next.id)}>
            {t('lesson.next', { title: `${next.id} ${textsOf(words, next.id, lang)?.title ?? ''}` })}
          </a>
        )}
        <button type="button" className="btn" onClick={() => useWorkspace.setState({ dialog: 'lessons' })}>
          {t('lesson.all')}
        </button>
      </div>
    </section>
  );
}
