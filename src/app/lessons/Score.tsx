import type { ReactNode } from 'react';
import type { LessonProgress, LiveValue } from '../../lessons/index.ts';
import { thin } from '../i18n/format.ts';
import { useT } from '../i18n/index.ts';
import { shownValue } from './Checks.tsx';
import { useLesson, useTexts } from './store.ts';

/** `Success, %` → the word and the unit. */
function parts(label: string): { readonly name: string; readonly unit: string } {
  const at = label.lastIndexOf(', ');
  return at < 0 ? { name: label, unit: '' } : { name: label.slice(0, at), unit: label.slice(at + 2) };
}

const number = (value: LiveValue): number => (typeof value === 'number' && Number.isFinite(value) ? value : 0);

/** The numbers of both sides, each pair of bars on one scale. */
export function Score(): ReactNode {
  const t = useT();
  const lesson = useLesson((s) => s.lesson);
  const { a, b } = useLesson((s) => s.sides);
  const texts = useTexts();
  if (!lesson?.compare || !texts) return null;
  const of = (side: LessonProgress | null, id: string): LiveValue => side?.observations[id] ?? null;
  return (
    <section className="score" aria-label={t('lesson.score')}>
      <div>
        <b>{t('lesson.score')}</b>
        <span>{t('lesson.score.same')}</span>
      </div>
      {lesson.observations.map(({ id }) => {
        const { name, unit } = parts(texts.observations[id] ?? id);
        const most = unit === '%' ? 100 : Math.max(1, number(of(a, id)), number(of(b, id)));
        return (
          <div key={id}>
            <span className="score-name">{name}</span>
            {([a, b] as const).map((side, i) => {
              const value = of(side, id);
              return (
                <span key={i} className="score-row">
                  <i>{i === 0 ? 'A' : 'B'}</i>
                  <span className="bar">
                    <s className={tone(id, unit)} style={{ transform: `scaleX(${number(value) / most})` }} />
                  </span>
                  <b className="m">
                    {shownValue(value)}
                    {unit && value !== null ? thin + unit : ''}
                  </b>
                </span>
              );
            })}
          </div>
        );
      })}
    </section>
  );
}

/** What went well is teal, what failed is rust, all else is ink. */
const tone = (id: string, unit: string): string => (id === 'failed' ? 'bad' : unit === '%' ? 'good' : '');
