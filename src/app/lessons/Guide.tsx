import { PanelLeftClose, PanelLeftOpen, RotateCcw } from 'lucide-react';
import { useEffect, useRef, type ReactNode } from 'react';
import { useT } from '../i18n/index.ts';
import { isTyping } from '../keys.ts';
import { Rich } from '../Rich.tsx';
import { cluster, useClusterStore } from '../stores/cluster.ts';
import { useSettings } from '../stores/settings.ts';
import { Checks } from './Checks.tsx';
import { Finish } from './Finish.tsx';
import { Gate, lockIn, pick } from './Gate.tsx';
import { Hints } from './Hints.tsx';
import { isIdle, pressAction } from './moves.ts';
import { ObservationCard } from './ObservationCard.tsx';
import { openLesson } from './open.ts';
import { Says } from './Says.tsx';
import { predictionStep, useLesson, useTexts, waitsForAnswer } from './store.ts';
import './lessons.css';

/** 1 to 9 press the buttons of the step; while the question is open, letters choose and Enter locks in. By the place of the key. */
function onKey(event: KeyboardEvent): void {
  if (event.isComposing || event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey) return;
  if (isTyping(event.target)) return;
  const digit = /^Digit([1-9])$/.exec(event.code)?.[1];
  const letter = /^Key([A-F])$/.exec(event.code)?.[1];
  const waits = waitsForAnswer(useLesson.getState());
  const button = event.target instanceof Element && event.target.closest('button, a') !== null;
  const done =
    (digit !== undefined && pressAction(Number(digit))) ||
    (letter !== undefined && waits && pick(letter.charCodeAt(0) - 65)) ||
    (event.code === 'Enter' && waits && !button && lockIn());
  if (done) event.preventDefault();
}

/** The guide beside the stage: what to do, the question, the hints, what happened, and the checks below. */
export function Guide(): ReactNode {
  const t = useT();
  const lang = useSettings((s) => s.lang);
  const lesson = useLesson((s) => s.lesson);
  const open = useLesson((s) => s.guideOpen);
  const step = useLesson((s) => s.progress?.step);
  const texts = useTexts();
  const phase = useLesson((s) => `${s.progress?.step} ${s.progress?.outcome != null && !s.read}`);
  const body = useRef<HTMLDivElement>(null);
  // What is new is read from its beginning.
  useEffect(() => {
    body.current?.scrollTo(0, 0);
  }, [phase]);
  useEffect(() => {
    // Before the keys of the page: B is an option here before it is a bookmark.
    addEventListener('keydown', onKey, true);
    return () => removeEventListener('keydown', onKey, true);
  }, []);
  if (!lesson || !texts) return null;
  const fold = (
    <button
      type="button"
      className="icon-btn"
      aria-label={t(open ? 'lesson.fold' : 'lesson.unfold')}
      aria-expanded={open}
      title={t(open ? 'lesson.fold' : 'lesson.unfold')}
      onClick={() => useLesson.setState({ guideOpen: !open })}
    >
      {open ? (
        <PanelLeftClose size={17} strokeWidth={1.6} aria-hidden />
      ) : (
        <PanelLeftOpen size={17} strokeWidth={1.6} aria-hidden />
      )}
    </button>
  );
  const count = lesson.steps.length;
  return (
    <aside className={`guide ${open ? 'open' : 'folded'}`} aria-label={t('lesson.guide')} lang={lang}>
      <Says />
      {!open && (
        <>
          {fold}
          <span className="v" aria-hidden="true">
            {t('lesson.guide')}
          </span>
        </>
      )}
      {open && (
        <>
          <div className="guide-body" ref={body}>
            <div className="guide-head">
              <span>
                {step !== undefined && step >= count
                  ? t('lesson.solved')
                  : t('lesson.steps', { step: (step ?? 0) + 1, count })}
                {' · '}
                {t('lesson.minutes', { minutes: lesson.minutes })}
              </span>
              <button
                type="button"
                className="icon-btn"
                aria-label={t('lesson.restart')}
                title={t('lesson.restart')}
                onClick={() => void openLesson(lesson.id)}
              >
                <RotateCcw size={16} strokeWidth={1.6} aria-hidden />
              </button>
              {fold}
            </div>
            <h2 className="panel-title">{texts.title}</h2>
            <Part />
          </div>
          <Checks />
        </>
      )}
    </aside>
  );
}

/** What the guide has to say now: the step, what happened, or the end. */
function Part(): ReactNode {
  const t = useT();
  const lesson = useLesson((s) => s.lesson)!;
  const progress = useLesson((s) => s.progress);
  const read = useLesson((s) => s.read);
  const waits = useLesson(waitsForAnswer);
  useClusterStore((s) => s.versions['machines']);
  const texts = useTexts()!;
  if (!progress) return <p className="muted">{t('lesson.loading')}</p>;
  if (progress.outcome && !read) return <ObservationCard outcome={progress.outcome} />;
  const step = lesson.steps[progress.step];
  if (!step) return <Finish />;
  const words = texts.steps[step.id];
  return (
    <>
      <p className="guide-text">
        <Rich text={words?.body ?? ''} />
      </p>
      {progress.step === predictionStep(lesson) && <Gate />}
      {step.actions && step.actions.length > 0 && (
        <div className="guide-actions" role="group" aria-label={t('lesson.actions')}>
          {step.actions.map((action, i) => (
            <button
              key={action.id}
              type="button"
              className="btn"
              disabled={waits || isIdle(action.moves, cluster.machines)}
              aria-keyshortcuts={String(i + 1)}
              onClick={() => pressAction(i + 1)}
            >
              <kbd aria-hidden="true">{i + 1}</kbd>
              {(texts.actions as Readonly<Record<string, string>>)[action.id]}
            </button>
          ))}
          {waits && <span className="muted">{t('lesson.wait.apply')}</span>}
        </div>
      )}
      {!waits && <Hints step={step} />}
    </>
  );
}
