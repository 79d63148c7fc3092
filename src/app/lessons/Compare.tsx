import { useCallback, useState, type ReactNode } from 'react';
import type { Lesson } from '../../lessons/index.ts';
import { useT } from '../i18n/index.ts';
import type { StageOptions } from '../stage/index.ts';
import { useStage } from '../StageHost.tsx';
import { select, useSelection } from '../stores/selection.ts';
import { useLesson } from './store.ts';
import { twinFeed } from './twin.ts';
import './lessons.css';

/** Of the second cluster one asks; what is done is done to both, from the first. */
const openMenu: StageOptions['onMenu'] = (ref, at, cause) => {
  select(ref, 'b');
  useSelection.setState({ menu: { ref, side: 'b', ...at, cause } });
};
const nobody = (): void => {};

/** Two clusters side by side: the heads of both, and the stage of the second. The first one is the page's own. */
export function Compare(): ReactNode {
  const t = useT();
  const lesson = useLesson((s) => s.lesson);
  const [shown, setShown] = useState<'a' | 'b'>('a');
  const show = useCallback((side: 'a' | 'b') => {
    setShown(side);
    document.getElementById('app')!.dataset['side'] = side;
  }, []);
  const host = useStage(twinFeed, openMenu, nobody);
  if (!lesson?.compare) return null;
  return (
    <>
      <Head side="a" lesson={lesson} shown={shown === 'a'} onShow={show} />
      <Head side="b" lesson={lesson} shown={shown === 'b'} onShow={show} />
      <section className="stage twin" aria-label={t('lesson.side', { side: 'B' })}>
        <div className="stage-host" ref={host} />
      </section>
    </>
  );
}

interface HeadProps {
  readonly side: 'a' | 'b';
  readonly lesson: Lesson;
  readonly shown: boolean;
  onShow(side: 'a' | 'b'): void;
}

/** Name of a side and its line of the manifest: the only difference. On narrow screens it is the tab of its side. */
function Head({ side, lesson, shown, onShow }: HeadProps): ReactNode {
  const t = useT();
  return (
    <header className={`side-head ${side}`}>
      <button type="button" aria-pressed={shown} onClick={() => onShow(side)}>
        <b className="ab">{side.toUpperCase()}</b>
        <span className="hidden">{t('lesson.difference')}: </span>
        <code className="m">{lesson.compare!.difference[side]}</code>
      </button>
    </header>
  );
}
