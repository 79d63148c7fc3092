import type { ReactNode } from 'react';
import type { Outcome } from '../../lessons/index.ts';
import { useT } from '../i18n/index.ts';
import { Rich } from '../Rich.tsx';
import { showTab, useWorkspace } from '../stores/workspace.ts';
import { shownValue } from './Checks.tsx';
import { showWhy, sideOf } from './follow.ts';
import { useLesson, useTexts } from './store.ts';

/** What happened beside what was predicted, in the simulator's own numbers. */
export function ObservationCard({ outcome }: { readonly outcome: Outcome }): ReactNode {
  const t = useT();
  const lesson = useLesson((s) => s.lesson)!;
  const answer = useLesson((s) => s.answer);
  const texts = useTexts()!;
  const { happened } = outcome;
  const right = answer !== null && answer === happened;
  const side = sideOf(lesson, happened);
  const missed = answer !== null && answer !== '' && happened !== null && !right;
  const label = (id: string | null): ReactNode =>
    id === null ? t('lesson.card.none') : <Rich text={texts.options[id]?.label ?? ''} />;
  const goOn = (): void => {
    useLesson.setState({ read: true });
    const { progress } = useLesson.getState();
    const { phoneView } = useWorkspace.getState();
    if (!lesson.compare && progress && lesson.steps[progress.step]?.manifest !== undefined) showTab('yaml');
    useWorkspace.setState({ phoneView });
  };
  return (
    <section className="observation" aria-label={t('lesson.card')}>
      <h3>{t('lesson.card')}</h3>
      <div className="verdicts">
        <p className={`opt ${answer ? (right ? 'right' : 'wrong') : ''}`}>
          <small>{t('lesson.card.said')}</small>
          <span>{answer ? label(answer) : t('lesson.skipped')}</span>
        </p>
        <p className="opt right">
          <small>
            {t('lesson.card.observed')}
            {answer ? ` · ${t(right ? 'lesson.card.right' : 'lesson.card.other')}` : ''}
          </small>
          <span>{label(happened)}</span>
        </p>
      </div>
      <dl className="numbers">
        {!lesson.compare &&
          lesson.observations.map(({ id }) => (
            <div key={id}>
              <dt>{texts.observations[id]}</dt>
              <dd className="m">{shownValue(outcome.observations[id] ?? null)}</dd>
            </div>
          ))}
      </dl>
      {missed && (
        <p className="guide-text">
          <Rich text={texts.options[answer]?.why ?? ''} />
        </p>
      )}
      {happened !== null && (
        <p className="guide-text">
          <Rich text={texts.options[happened]?.why ?? ''} />
        </p>
      )}
      <div className="row">
        <button type="button" className="btn primary" onClick={goOn}>
          {t('lesson.card.on')}
        </button>
        <button type="button" className="btn" onClick={() => showWhy(outcome.at, side)}>
          {t('lesson.card.why')}
          {lesson.compare && ` (${side.toUpperCase()})`}
        </button>
      </div>
    </section>
  );
}
