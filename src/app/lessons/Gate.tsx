import type { ReactNode } from 'react';
import { create } from 'zustand';
import { letRun } from './moves.ts';
import { useT } from '../i18n/index.ts';
import { Rich } from '../Rich.tsx';
import { themeOf, useSettings } from '../stores/settings.ts';
import { keep } from './kept.ts';
import { useLesson, useTexts, waitsForAnswer } from './store.ts';

/** The option that is marked and not locked in yet. */
const useChoice = create<{ readonly lesson: string; readonly option: string | null }>()(() => ({
  lesson: '',
  option: null,
}));

const letterOf = (i: number): string => String.fromCharCode(65 + i);

/** Marks the option of a place. False when there is none. */
export function pick(place: number): boolean {
  const { lesson } = useLesson.getState();
  const option = lesson?.prediction.options[place];
  if (!lesson || !option) return false;
  useChoice.setState({ lesson: lesson.id, option: option.id });
  return true;
}

function answer(option: string): void {
  const { lesson } = useLesson.getState();
  if (!lesson) return;
  useLesson.setState({ answer: option });
  keep(lesson.id, { state: 'open', predicted: option });
  useChoice.setState({ option: null });
  // On the projector two stages need the width.
  if (lesson.compare && themeOf(useSettings.getState()) === 'projector') useLesson.setState({ guideOpen: false });
  // Time goes on although something is to be done first: users keep asking.
  letRun();
}

/** Locks in what is marked. False when nothing is. */
export function lockIn(): boolean {
  const { lesson, option } = useChoice.getState();
  if (option === null || lesson !== useLesson.getState().lesson?.id) return false;
  answer(option);
  return true;
}

/** The question before the decisive step: one choice, or skipped. Afterwards it says what was chosen. */
export function Gate(): ReactNode {
  const t = useT();
  const lesson = useLesson((s) => s.lesson)!;
  const waits = useLesson(waitsForAnswer);
  const given = useLesson((s) => s.answer);
  const texts = useTexts()!;
  const marked = useChoice((s) => (s.lesson === lesson.id ? s.option : null));
  const { options } = lesson.prediction;
  if (!waits) {
    if (given === null) return null;
    const place = options.findIndex((o) => o.id === given);
    return (
      <p className="said">
        <span>{t('lesson.predict')}</span>
        {place < 0 ? (
          <em>{t('lesson.skipped')}</em>
        ) : (
          <span>
            <kbd>{letterOf(place)}</kbd> <Rich text={texts.options[given]?.label ?? ''} />
          </span>
        )}
      </p>
    );
  }
  return (
    <fieldset className="gate">
      <legend>
        <Rich text={texts.question} />
      </legend>
      {options.map(({ id }, i) => (
        <label key={id} className="opt">
          <input
            type="radio"
            name="prediction"
            value={id}
            checked={marked === id}
            aria-keyshortcuts={letterOf(i)}
            onChange={() => pick(i)}
          />
          <kbd aria-hidden="true">{letterOf(i)}</kbd>
          <span>
            <Rich text={texts.options[id]?.label ?? ''} />
          </span>
        </label>
      ))}
      <div className="row">
        <button type="button" className="btn primary" disabled={marked === null} onClick={lockIn}>
          {marked === null
            ? t('lesson.choose')
            : t('lesson.lock', { letter: letterOf(options.findIndex((o) => o.id === marked)) })}
        </button>
        <button type="button" className="btn text" onClick={() => answer('')}>
          {t('lesson.skip')}
        </button>
      </div>
    </fieldset>
  );
}
