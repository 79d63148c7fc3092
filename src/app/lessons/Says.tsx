import { useEffect, useRef, useState, type ReactNode } from 'react';
import { t } from '../i18n/index.ts';
import { plain } from '../Rich.tsx';
import { useSettings } from '../stores/settings.ts';
import { textsOf, useLesson, waitsForAnswer, type Visit } from './store.ts';

/** Sentences that follow from a change: the question, the outcome, checks that are done or missed, the step, the end. */
function newsOf(now: ReturnType<typeof useLesson.getState>, before: Visit): string[] {
  const { lesson, progress, words } = now;
  const texts = lesson && textsOf(words, lesson.id, useSettings.getState().lang);
  if (!lesson || !texts || !progress || progress === before.progress) return [];
  const said: string[] = [];
  for (const check of progress.checks) {
    const old = before.progress?.checks.find((c) => c.id === check.id)?.state;
    if (old === undefined || old === check.state || (check.state !== 'passed' && check.state !== 'failed')) continue;
    const label = texts.checks[check.id] ?? check.id;
    said.push(t('lesson.say.check', { label, state: t(`lesson.check.${check.state}`) }));
  }
  const { outcome } = progress;
  if (outcome && before.progress && !before.progress.outcome) {
    const happened = outcome.happened === null ? t('lesson.card.none') : (texts.options[outcome.happened]?.label ?? '');
    said.push(t('lesson.say.told', { happened }));
  }
  const count = lesson.steps.length;
  if (progress.step !== before.progress?.step)
    said.push(
      progress.step >= count
        ? t('lesson.say.solved')
        : `${t('lesson.say.step', { step: progress.step + 1, count })} ${texts.steps[lesson.steps[progress.step]!.id]?.body ?? ''}`,
    );
  if (waitsForAnswer(now) && !waitsForAnswer(before)) said.push(t('lesson.say.question', { question: texts.question }));
  return said.map(plain);
}

/** Wall time in which changes are gathered into one message. */
const gatherMs = 600;

/** Says to a screen reader what changes in the lesson: politely, and together what comes together. */
export function Says(): ReactNode {
  const [text, setText] = useState('');
  const pending = useRef<string[]>([]);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | null = null;
    const say = (said: readonly string[]): void => {
      if (said.length === 0) return;
      pending.current.push(...said);
      timer ??= setTimeout(() => {
        timer = null;
        setText(pending.current.join(' '));
        pending.current = [];
      }, gatherMs);
    };
    const now = useLesson.getState();
    say(newsOf(now, { ...now, progress: null }));
    const stop = useLesson.subscribe((state, before) => say(newsOf(state, before)));
    return () => {
      stop();
      if (timer !== null) clearTimeout(timer);
    };
  }, []);
  return (
    <p className="hidden" role="status" aria-live="polite">
      {text}
    </p>
  );
}
