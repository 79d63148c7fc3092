import { useCallback, useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import type { Deed, SchedulingAttempt } from '../../protocol/index.ts';
import { cardsOf, gapBefore } from '../chain.ts';
import { detail, isYours, sentence } from '../deeds.ts';
import { play, seek } from '../engine.ts';
import { Glyph } from '../Glyph.tsx';
import { useThrottled } from '../hooks.ts';
import { axisTime, duration } from '../i18n/format.ts';
import { useT } from '../i18n/index.ts';
import { whyNot, type WhyNot } from '../objects/whynot.ts';
import { Rich, safeValues } from '../Rich.tsx';
import { useLesson } from '../lessons/store.ts';
import { objectsIn, sight } from '../sight.ts';
import { useClusterVersion } from '../stores/cluster.ts';
import { selectByRef, selectUid, useSelection } from '../stores/selection.ts';
import { useSettings } from '../stores/settings.ts';
import { deedsUpTo, useTimeline } from '../stores/timeline.ts';
import { SchedulingTable } from './SchedulingTable.tsx';

/** Wall time that each card of a walked chain is shown. */
const walkMs = 1600;
const refreshMs = 900;

/** Why something is as it is: the chain of causes, newest first; and why something is not. */
export function WhyPanel(): ReactNode {
  const t = useT();
  const selected = useSelection((s) => s.selected);
  const side = useSelection((s) => s.side);
  const comparing = useLesson((s) => s.lesson?.compare !== undefined);
  const { chain, pinned, pin, again } = useChain();
  const cards = useMemo(() => cardsOf(chain), [chain]);
  const uid = selected?.uid;
  useEffect(() => {
    if (!uid || cards.length < 2) return;
    const highlights = new Map<string, number>();
    cards.forEach((deed, i) => {
      if (deed.uid && !highlights.has(deed.uid)) highlights.set(deed.uid, i + 1);
    });
    if (sight().cluster.byUid.has(uid) && !highlights.has(uid)) highlights.set(uid, 1);
    useSelection.setState({ highlights, chain: cards.map((deed, i) => ({ deed, number: i + 1 })) });
    return () => useSelection.setState({ highlights: new Map(), chain: [] });
  }, [cards, uid]);

  const go = useCallback(
    (deed: Deed) => {
      pin();
      play(false);
      seek(deed.at);
      if (deed.ref && !isYours(deed)) selectWithin(deed);
    },
    [pin],
  );
  const walk = useWalk(cards, go);
  const key = selected?.key.split('/').at(-1) ?? '';
  const name = comparing && selected ? `${side.toUpperCase()} ${key}` : key;
  return (
    <div className="scroll">
      <div className="why">
        <h2 className="panel-title">
          <Rich text={selected ? t('why.title', safeValues({ name })) : t('why.title.now')} />
        </h2>
        {cards.length === 0 ? (
          <p className="muted">{t(selected ? 'why.nothing' : 'why.select')}</p>
        ) : (
          <ol className="chain">
            {cards.map((deed, i) => (
              <Card key={deed.seq} deed={deed} number={i + 1} newer={cards[i - 1]} onGo={go} />
            ))}
          </ol>
        )}
        {chain.length > 0 && !isYours(chain.at(-1)!) && <p className="muted chain-end">{t('why.beginning')}</p>}
      </div>
      {cards.length > 1 && (
        <div className="why-foot">
          <button type="button" className="btn" onClick={walk.toggle}>
            {t(walk.walking ? 'why.walk.stop' : 'why.walk')}
          </button>
          {pinned && (
            <button type="button" className="btn text" onClick={again}>
              {t('why.again')}
            </button>
          )}
        </div>
      )}
      <WhyNotList />
    </div>
  );
}

/** Selects a deed's object without asking for another chain. */
function selectWithin(deed: Deed): void {
  const { side } = useSelection.getState();
  if (deed.uid && selectUid(deed.uid, side)) return;
  if (deed.ref) selectByRef(deed.ref, side);
}

/** The chain of the selected object, or of the newest event; followed while time runs, held while a card is looked at. */
function useChain(): { chain: readonly Deed[]; pinned: boolean; pin(): void; again(): void } {
  const uid = useSelection((s) => s.selected?.uid);
  const side = useSelection((s) => s.side);
  const versions = useTimeline((s) => s.version) + useLesson((s) => s.twinVersion);
  const version = useThrottled(versions, refreshMs);
  const [chain, setChain] = useState<readonly Deed[]>([]);
  const [held, setHeld] = useState(false);
  const [asked, setAsked] = useState(0);
  const askedFor = useRef<string | undefined>(undefined);
  useEffect(() => {
    // A card's own object was selected: the chain that is told stays.
    if (held && asked === 0) return;
    let stale = false;
    const { now } = useTimeline.getState();
    const { history, ask } = sight();
    const { deeds } = history();
    const newest = deeds[deedsUpTo(deeds, now) - 1];
    if (!uid && !newest) return;
    const command = uid ? { type: 'why' as const, uid } : { type: 'why' as const, deed: newest!.seq };
    ask(command).then(
      (result) => {
        if (stale) return;
        askedFor.current = uid;
        // The same chain again changes nothing: the numbers stay where they are.
        setChain((before) => (before[0]?.seq === result[0]?.seq && before.length === result.length ? before : result));
      },
      () => {},
    );
    return () => {
      stale = true;
    };
  }, [uid, side, version, held, asked]);
  const pin = useCallback(() => {
    setHeld(true);
    setAsked(0);
  }, []);
  const again = useCallback(() => {
    setHeld(false);
    setAsked((n) => n + 1);
  }, []);
  return { chain, pinned: held, pin, again };
}

/** Shows the chain's moments one after another, oldest first. */
function useWalk(cards: readonly Deed[], go: (deed: Deed) => void): { walking: boolean; toggle(): void } {
  const [at, setAt] = useState<number | null>(null);
  useEffect(() => {
    if (at === null) return;
    const deed = cards[at];
    if (!deed) return;
    go(deed);
    const timer = setTimeout(() => setAt(at > 0 ? at - 1 : null), walkMs);
    return () => clearTimeout(timer);
  }, [at, cards, go]);
  return { walking: at !== null, toggle: () => setAt(at === null ? cards.length - 1 : null) };
}

function Card({
  deed,
  number,
  newer,
  onGo,
}: {
  readonly deed: Deed;
  readonly number: number;
  readonly newer: Deed | undefined;
  readonly onGo: (deed: Deed) => void;
}): ReactNode {
  const t = useT();
  const lang = useSettings((s) => s.lang);
  const gap = gapBefore(deed, newer);
  return (
    <>
      {gap !== null && <li className="chain-gap">{t('why.gap', { time: duration(gap, lang) })}</li>}
      <li className={`link ${isYours(deed) ? 'you' : ''}`}>
        <span className="no" aria-hidden="true">
          {number}
        </span>
        <button type="button" onClick={() => onGo(deed)} title={t('why.jump', { time: axisTime(deed.at) })}>
          <span className="h">
            <span>
              <Rich text={sentence(t, deed)} />
            </span>
            <time>{axisTime(deed.at)}</time>
          </span>
          <span className="d">
            <Rich text={detail(t, deed)} />
          </span>
        </button>
      </li>
    </>
  );
}

/** Questions about what does not happen, with present values. */
function WhyNotList(): ReactNode {
  const selected = useSelection((s) => s.selected);
  const version = useThrottled(useClusterVersion(), refreshMs);
  const second = useTimeline((s) => Math.floor(s.now / 1000));
  const [attempt, setAttempt] = useState<SchedulingAttempt | null>(null);
  const uid = selected?.resource === 'pods' ? selected.uid : null;
  useEffect(() => {
    if (!uid) return;
    let stale = false;
    sight()
      .ask({ type: 'attempt', uid })
      .then(
        (result) => {
          if (!stale) setAttempt(result);
        },
        () => {},
      );
    return () => {
      stale = true;
    };
  }, [uid, version]);
  const questions = useMemo(() => {
    void version;
    const { cluster } = sight();
    const object = selected && cluster.byUid.get(selected.uid)?.object;
    if (!object) return [];
    return whyNot(selected, object, {
      of: objectsIn,
      now: second * 1000,
      attempt: attempt?.uid === selected.uid ? attempt : null,
      stopped: cluster.stopped,
      sources: cluster.sources,
    });
  }, [selected, version, second, attempt]);
  const mine = attempt?.uid === uid ? attempt : null;
  return (
    <>
      {mine && <SchedulingTable attempt={mine} />}
      {questions.length > 0 && <Questions questions={questions} />}
    </>
  );
}

function Questions({ questions }: { readonly questions: readonly WhyNot[] }): ReactNode {
  const t = useT();
  return (
    <section className="whynot" aria-label={t('whynot.title')}>
      <h2 className="panel-title">{t('whynot.title')}</h2>
      {questions.map(({ question, values, reasons }) => (
        <div key={question} className="whynot-q">
          <h3>
            <Rich text={t(question, safeValues(values))} />
          </h3>
          <ul>
            {reasons.map((reason, i) => (
              <li key={i}>
                <Glyph look={reason.look} />
                <span>
                  <Rich text={t(reason.key, safeValues(reason.values))} />
                  {reason.words && <code className="m words">{reason.words}</code>}
                </span>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </section>
  );
}
