import { useEffect, useState, type ReactNode } from 'react';
import type { Check, CheckState, CheckVerdict, LessonProgress, LiveValue } from '../../lessons/index.ts';
import type { MatrixCell } from '../../protocol/index.ts';
import { ask, seek } from '../engine.ts';
import { useThrottled } from '../hooks.ts';
import { duration } from '../i18n/format.ts';
import { useT } from '../i18n/index.ts';
import { cellWords, verdictWord } from '../panels/Matrix.tsx';
import { Rich } from '../Rich.tsx';
import { useClusterVersion } from '../stores/cluster.ts';
import { useSettings } from '../stores/settings.ts';
import { useLesson, useTexts, waitsForAnswer } from './store.ts';

/** A measured value as it is shown: `–` while there is nothing to measure, at most one decimal. */
export function shownValue(value: LiveValue): string {
  if (value === null || value === '') return '–';
  if (typeof value === 'string') return value;
  if (!Number.isFinite(value)) return '–';
  return Number.isInteger(value) ? value.toLocaleString('en-US') : value.toFixed(1);
}

/** Shape and colour of a state; its word stands beside it. A cross for "not yet" only where a policy says the opposite. */
function CheckGlyph({
  state,
  progress,
}: {
  readonly state: CheckState | 'against';
  readonly progress: number;
}): ReactNode {
  const ring = { fill: 'none', strokeWidth: 1.8, r: 5.6 } as const;
  return (
    <svg width="16" height="16" viewBox="-8 -8 16 16" aria-hidden="true">
      {state === 'passed' && (
        <>
          <circle r="6.4" fill="var(--ready)" />
          <path d="M-3 .2L-.8 2.5L3.2-2.4" fill="none" stroke="var(--panel)" strokeWidth="1.9" />
        </>
      )}
      {state === 'open' && <circle {...ring} stroke="var(--waiting)" strokeDasharray="3.3 2.5" />}
      {state === 'holding' && (
        <>
          <circle {...ring} stroke="var(--line-strong)" />
          <circle {...ring} stroke="var(--ready)" strokeDasharray={`${progress * 35.2} 40`} transform="rotate(-90)" />
        </>
      )}
      {(state === 'failed' || state === 'against') && (
        <path d="M-4-4L4 4M4-4L-4 4" fill="none" stroke="var(--failed)" strokeWidth="2" />
      )}
    </svg>
  );
}

/** When the present step began: the end of the one before, or where the lesson opened. */
function begunAt({ doneAt, step }: LessonProgress, opensAt: number): number {
  return step > 0 ? (doneAt[step - 1] ?? opensAt) : opensAt;
}

/** The checks of the step, live, each with the value that it looks at. */
export function Checks(): ReactNode {
  const t = useT();
  const lesson = useLesson((s) => s.lesson)!;
  const progress = useLesson((s) => s.progress);
  const waits = useLesson((s) => waitsForAnswer(s) || (s.progress?.outcome != null && !s.read));
  if (!progress) return null;
  const last = lesson.steps.length - 1;
  const step = Math.min(progress.step, last);
  const checks = progress.checks.filter((c) => c.step === step);
  const missed = progress.step <= last && checks.some((c) => c.state === 'failed');
  const done = checks.filter((c) => c.state === 'passed').length;
  return (
    <section className={`checks ${waits ? 'later' : ''}`} aria-label={t('lesson.checks')}>
      <h3>
        {t('lesson.checks')}
        <em>{t('lesson.checks.done', { done, count: checks.length })}</em>
      </h3>
      <ul>
        {checks.map((check) => (
          <CheckLine key={check.id} check={check} />
        ))}
      </ul>
      {missed && (
        <p className="missed">
          {t('lesson.check.missed')}{' '}
          <button type="button" className="link-btn" onClick={() => seek(begunAt(progress, lesson.start.opensAt))}>
            {t('lesson.restart.step')}
          </button>
        </p>
      )}
    </section>
  );
}

type Reach = { readonly reach: string; readonly to: string; readonly port: number };

/** Who asks whom, of a check about policies. */
function reachIn(check: Check | undefined): Reach | null {
  if (!check) return null;
  if ('value' in check) return 'reach' in check.value ? check.value : null;
  return 'check' in check ? reachIn(check.check) : null;
}

/** Which policies let it pass, or refuse it. */
function Path({ reach: { reach, to, port } }: { readonly reach: Reach }): ReactNode {
  const t = useT();
  const version = useThrottled(useClusterVersion(), 900);
  const [cell, setCell] = useState<MatrixCell | null>(null);
  useEffect(() => {
    let stale = false;
    ask({ type: 'matrix', from: [reach], to: [{ to, port }] }).then(
      (result) => {
        if (!stale) setCell(result?.cells[0]?.[0] ?? null);
      },
      () => {},
    );
    return () => {
      stale = true;
    };
  }, [version, reach, to, port]);
  return (
    cell && (
      <span className="check-path">
        <Rich text={cellWords(t, cell)} />
      </span>
    )
  );
}

/** Signs of a value that find room beside its label. */
const mostBeside = 11;

function CheckLine({ check }: { readonly check: CheckVerdict }): ReactNode {
  const t = useT();
  const texts = useTexts();
  const reach = useLesson((s) => reachIn(s.lesson?.steps[check.step]?.checks.find(({ id }) => id === check.id)?.check));
  // What the policies say would answer the question.
  const asked = useLesson(waitsForAnswer);
  const lang = useSettings((s) => s.lang);
  const { state, value, wanted, held, progress = 0 } = check;
  const word = reach && verdictWord(value);
  const against = word !== null && state === 'open';
  const told = held !== undefined ? duration(held, lang) : word ? t(word) : shownValue(value);
  return (
    <li className={`check ${against ? 'against' : state}`} title={`${t(`lesson.check.${state}`)} · ${wanted}`}>
      <CheckGlyph state={against ? 'against' : state} progress={progress} />
      <span className="check-label">
        <span className="hidden">{t(`lesson.check.${state}`)}: </span>
        <Rich text={texts?.checks[check.id] ?? check.id} />
      </span>
      <b className={`m ${told.length > mostBeside ? 'below' : ''}`}>{told}</b>
      {against && reach && !asked && <Path reach={reach} />}
      {state === 'holding' && (
        <span
          className="check-bar"
          role="progressbar"
          aria-valuenow={Math.round(progress * 100)}
          aria-label={t('lesson.check.holding')}
        >
          <i style={{ transform: `scaleX(${progress})` }} />
        </span>
      )}
    </li>
  );
}
