import { useEffect, useState, type ReactNode } from 'react';
import { lessons, type Chapter, type Lesson } from '../../lessons/index.ts';
import { useT } from '../i18n/index.ts';
import { Rich } from '../Rich.tsx';
import { useSettings } from '../stores/settings.ts';
import { useWorkspace } from '../stores/workspace.ts';
import { addressOf } from './address.ts';
import { forgetLessons, keptLessons, type Kept } from './kept.ts';
import { openLesson } from './open.ts';
import { textsOf, useLesson } from './store.ts';
import { followLanguage } from './words.ts';
import './lessons.css';

const all: readonly Lesson[] = lessons;
const chapters = [...new Set(all.map((lesson) => lesson.chapter))].sort();

/** All lessons by chapter: what the note says, and what is true of those that are solved. */
export function Picker(): ReactNode {
  const t = useT();
  const [kept, setKept] = useState(keptLessons);
  const [sure, setSure] = useState(false);
  const loaded = useLesson((s) => Object.keys(s.words).length > 0);
  useEffect(() => void followLanguage().catch((error: unknown) => console.error(error)), []);
  const done = all.filter((l) => ['done', 'assisted'].includes(kept.get(l.id)?.state ?? '')).length;
  if (!loaded) return <div className="dialog-body" />;
  return (
    <div className="dialog-body picker">
      <p className="muted">{t('lesson.picker.about')}</p>
      {chapters.map((chapter) => (
        <ChapterList key={chapter} chapter={chapter} kept={kept} />
      ))}
      <div className="row picker-foot">
        <span className="muted">{t('lesson.picker.kept', { done, count: all.length })}</span>
        <button
          type="button"
          className="btn text"
          disabled={kept.size === 0}
          onClick={() => {
            if (sure) {
              forgetLessons();
              setKept(new Map());
            }
            setSure(!sure);
          }}
          onBlur={() => setSure(false)}
        >
          {t(sure ? 'lesson.picker.forget.sure' : 'lesson.picker.forget')}
        </button>
      </div>
    </div>
  );
}

interface ChapterProps {
  readonly chapter: Chapter;
  readonly kept: ReadonlyMap<string, Kept>;
}

function ChapterList({ chapter, kept }: ChapterProps): ReactNode {
  const t = useT();
  return (
    <section aria-label={t(`lesson.chapter.${chapter}`)}>
      <h3>
        <span className="m">{chapter}</span> {t(`lesson.chapter.${chapter}`)}
      </h3>
      <ul className="lesson-list">
        {all
          .filter((lesson) => lesson.chapter === chapter)
          .map((lesson) => (
            <Card key={lesson.id} lesson={lesson} kept={kept.get(lesson.id)} />
          ))}
      </ul>
    </section>
  );
}

function Card({ lesson, kept }: { readonly lesson: Lesson; readonly kept: Kept | undefined }): ReactNode {
  const t = useT();
  const lang = useSettings((s) => s.lang);
  const words = useLesson((s) => s.words);
  const current = useLesson((s) => s.lesson?.id === lesson.id);
  const texts = textsOf(words, lesson.id, lang);
  if (!texts) return null;
  const state = kept?.state ?? 'new';
  const solved = state === 'done' || state === 'assisted';
  return (
    <li className={`lesson-card ${state}`}>
      <a
        href={addressOf(lesson.id)}
        aria-current={current}
        onClick={(event) => {
          // The address does not change: it is begun anew.
          if (!current || event.ctrlKey || event.metaKey || event.shiftKey) {
            useWorkspace.setState({ dialog: null });
            return;
          }
          event.preventDefault();
          void openLesson(lesson.id);
        }}
      >
        <span className="m">{lesson.id}</span>
        <b>{texts.title}</b>
        <i className="lesson-state">
          <StateGlyph state={state} />
          {t(`lesson.state.${state}`)}
        </i>
      </a>
      <p>{texts.goal}</p>
      <dl>
        <dt>{t('lesson.note')}</dt>
        <dd>
          <Rich text={texts.note} />
        </dd>
        {solved && (
          <>
            <dt>{t('lesson.truth')}</dt>
            <dd>
              <Rich text={texts.verdict} />
            </dd>
          </>
        )}
      </dl>
    </li>
  );
}

function StateGlyph({ state }: { readonly state: Kept['state'] | 'new' }): ReactNode {
  return (
    <svg width="14" height="14" viewBox="-7 -7 14 14" aria-hidden="true">
      {state === 'done' && (
        <>
          <circle r="6.2" fill="var(--ready)" />
          <path d="M-3 .2L-.8 2.5L3.2-2.4" fill="none" stroke="var(--panel)" strokeWidth="1.8" />
        </>
      )}
      {state === 'assisted' && (
        <>
          <circle r="5.3" fill="none" stroke="var(--ready)" strokeWidth="1.7" />
          <path d="M-2.6 .2L-.7 2L2.7-2" fill="none" stroke="var(--ready)" strokeWidth="1.7" />
        </>
      )}
      {state === 'open' && (
        <>
          <circle r="5.3" fill="none" stroke="var(--waiting)" strokeWidth="1.7" />
          <path d="M0-5.5A5.5 5.5 0 0 1 0 5.5Z" fill="var(--waiting)" />
        </>
      )}
      {state === 'new' && (
        <circle r="5.3" fill="none" stroke="var(--line-control)" strokeWidth="1.5" strokeDasharray="2.6 2.2" />
      )}
    </svg>
  );
}
