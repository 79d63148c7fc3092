import { useRef, useState, type KeyboardEvent, type PointerEvent, type ReactNode } from 'react';
import { sentence } from '../deeds.ts';
import { seek, standingAt } from '../engine.ts';
import { axisTime, clock, duration, percent } from '../i18n/format.ts';
import { useT } from '../i18n/index.ts';
import { Rich } from '../Rich.tsx';
import { useSettings } from '../stores/settings.ts';
import { deedsUpTo, history, useTimeline } from '../stores/timeline.ts';
import { metersAt } from '../stores/traffic.ts';
import { timeAt, xOf, type Scale } from './scale.ts';

/** The slider itself: drag scrubs, hover previews, arrows move by a second. */
export function Track({ scale }: { readonly scale: Scale }): ReactNode {
  const t = useT();
  const lang = useSettings((s) => s.lang);
  const second = useTimeline((s) => Math.floor(s.now / 1000));
  const headSecond = useTimeline((s) => Math.ceil(s.head / 1000));
  const [hover, setHover] = useState<number | null>(null);
  const dragging = useRef(false);
  const at = (event: PointerEvent<HTMLDivElement>): number => {
    const box = event.currentTarget.getBoundingClientRect();
    return timeAt(scale, scale.x0 + event.clientX - box.left);
  };
  const keys = (event: KeyboardEvent<HTMLDivElement>): void => {
    const { head } = useTimeline.getState();
    const now = standingAt();
    const moves: Record<string, number> = {
      ArrowLeft: now - 1000,
      ArrowDown: now - 1000,
      ArrowRight: now + 1000,
      ArrowUp: now + 1000,
      PageDown: now - 10_000,
      PageUp: now + 10_000,
      Home: 0,
      End: head,
    };
    const to = moves[event.code];
    if (to === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    seek(to);
  };
  return (
    <>
      <div
        className="track"
        style={{ left: scale.x0, width: scale.x1 - scale.x0, bottom: 0 }}
        role="slider"
        tabIndex={0}
        aria-label={t('time.slider')}
        aria-valuemin={0}
        aria-valuemax={Math.max(headSecond, second) * 1000}
        aria-valuenow={second * 1000}
        aria-valuetext={t('time.slider.value', { now: clock(second * 1000), head: duration(headSecond * 1000, lang) })}
        onKeyDown={keys}
        onPointerDown={(event) => {
          if (event.button !== 0) return;
          dragging.current = true;
          event.currentTarget.setPointerCapture(event.pointerId);
          seek(at(event));
        }}
        onPointerMove={(event) => {
          const moment = at(event);
          setHover(moment);
          if (dragging.current) seek(moment);
        }}
        onPointerUp={() => (dragging.current = false)}
        onPointerCancel={() => (dragging.current = false)}
        onPointerLeave={() => setHover(null)}
      />
      {hover !== null && <Preview at={hover} scale={scale} />}
    </>
  );
}

/** What was at the pointed moment. */
function Preview({ at, scale }: { readonly at: number; readonly scale: Scale }): ReactNode {
  const t = useT();
  const head = useTimeline((s) => s.head);
  const { deeds, traffic } = history();
  const deed = at <= head ? deeds[deedsUpTo(deeds, at) - 1] : undefined;
  const meters = metersAt(traffic, at);
  const x = Math.min(scale.x1 - 150, Math.max(scale.x0 + 60, xOf(scale, at)));
  return (
    <div className="preview" style={{ left: x }}>
      <time>{axisTime(at)}</time>
      {at > head ? (
        <span className="muted">{t('time.future')}</span>
      ) : (
        <>
          {meters.okPercent !== null && (
            <span className="muted">
              {t('meters.ok')} {percent(meters.okPercent)}
            </span>
          )}
          {deed && (
            <div>
              <Rich text={sentence(t, deed)} />
            </div>
          )}
        </>
      )}
    </div>
  );
}
