import { useEffect, useRef, type ReactNode } from 'react';
import type { Move, Step } from '../../lessons/index.ts';
import { duration } from '../i18n/format.ts';
import { useT } from '../i18n/index.ts';
import { Rich } from '../Rich.tsx';
import { useSettings } from '../stores/settings.ts';
import { showTab, useWorkspace } from '../stores/workspace.ts';
import { changedPart } from './diff.ts';
import { sayFault } from './say.ts';
import { doMove, goOn } from './moves.ts';
import { useLesson, useTexts } from './store.ts';

/** Where to look, then why, then the solution: each on request. Who looks at the last one is "assisted". */
export function Hints({ step }: { readonly step: Step }): ReactNode {
  const t = useT();
  const texts = useTexts();
  const seen = useLesson((s) => s.hints[step.id] ?? 0);
  const solution = useLesson((s) => s.lesson?.solution[step.id] ?? []);
  const last = useRef<HTMLDivElement>(null);
  const opened = useRef(seen);
  useEffect(() => {
    if (seen > opened.current) last.current?.scrollIntoView({ block: 'nearest' });
    opened.current = seen;
  }, [seen]);
  const more = (): void => {
    const { hints, assisted } = useLesson.getState();
    useLesson.setState({ hints: { ...hints, [step.id]: seen + 1 }, assisted: assisted || seen === 2 });
  };
  const words = texts?.steps[step.id]?.hints ?? [];
  return (
    <div className="hints">
      {words.slice(0, seen).map((hint, i) => (
        <p key={i} className="hint">
          <span className="eyebrow">{t('lesson.hint', { number: i + 1 })}</span>
          <Rich text={hint} />
        </p>
      ))}
      {seen > 2 && (
        <div className="hint">
          <span className="eyebrow">{t('lesson.solution')}</span>
          {solution.length === 0 && <p>{t('lesson.solution.play')}</p>}
          <ol>
            {solution.map((move, i) => (
              <li key={i}>
                <Solved move={move} />
              </li>
            ))}
          </ol>
        </div>
      )}
      {seen < 3 && (
        <button type="button" className="btn text hint-more" onClick={more}>
          {seen < 2 ? t('lesson.hint', { number: seen + 1 }) : t('lesson.hint.solution')}
        </button>
      )}
      {seen === 2 && <p className="muted">{t('lesson.hint.note')}</p>}
      <div ref={last} />
    </div>
  );
}

/** One thing of the solution, and the button that does it. */
function Solved({ move }: { readonly move: Move }): ReactNode {
  const t = useT();
  const lang = useSettings((s) => s.lang);
  const text = useWorkspace((s) => s.text);
  const perform = (): void => void doMove(move).then(goOn);
  if ('advanceMs' in move) return t('lesson.solution.wait', { time: duration(move.advanceMs, lang) });
  if ('until' in move) return t('lesson.solution.until');
  if ('apply' in move)
    return (
      <>
        <pre className="m">{changedPart(text, move.apply)}</pre>
        <span className="row">
          <button
            type="button"
            className="btn"
            onClick={() => (useWorkspace.setState({ text: move.apply }), showTab('yaml'))}
          >
            {t('lesson.solution.text')}
          </button>
          <button type="button" className="btn" onClick={perform}>
            {t('lesson.solution.apply')}
          </button>
        </span>
      </>
    );
  const words = 'kubectl' in move ? `kubectl ${move.kubectl}` : sayFault(t, move);
  return (
    <>
      {'kubectl' in move ? <pre className="m">{words}</pre> : <p>{words}</p>}
      <button type="button" className="btn" onClick={perform}>
        {t('lesson.do')}
      </button>
    </>
  );
}
