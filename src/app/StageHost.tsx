import { useEffect, useRef, type ReactNode } from 'react';
import { latestFrame, onFrames, type Fresh } from './engine.ts';
import { useT } from './i18n/index.ts';
import { createStage, stageLabelsEn, stageLabelsKo, type Stage, type StageView } from './stage/index.ts';
import { Toasts } from './panels/Notices.tsx';
import { cluster, useClusterStore } from './stores/cluster.ts';
import { select, useSelection } from './stores/selection.ts';
import { stillOf, themeOf, useSettings } from './stores/settings.ts';
import { captionNow, murmur } from './captions.ts';
import { history } from './stores/timeline.ts';
import type { Frame, TrafficSecond } from '../protocol/index.ts';

/** Seconds of traffic the stage sees: enough for its meters and the width of its wires. */
const trafficSeconds = 12;

const nothing: Fresh = { reset: false, activities: [], requests: [], deeds: [] };

function recentTraffic(now: number): TrafficSecond[] {
  const list: TrafficSecond[] = [];
  const last = Math.floor(now / 1000);
  for (let second = last - trafficSeconds; second <= last; second++) {
    const found = history().traffic.get(second);
    if (found) list.push(...found);
  }
  return list;
}

/** Everything the picture is a function of, gathered from the stores. */
function viewOf(frame: Frame, fresh: Fresh): StageView {
  const settings = useSettings.getState();
  const { selected, highlights } = useSelection.getState();
  return {
    objects: cluster.objects,
    revision: useClusterStore.getState().versions['*'] ?? 0,
    now: frame.now,
    machines: cluster.machines,
    stopped: cluster.stopped,
    sources: cluster.sources,
    usage: cluster.usage,
    traffic: recentTraffic(frame.now),
    requests: fresh.requests,
    activities: fresh.activities,
    deeds: fresh.deeds,
    selection: selected,
    highlights,
    caption: captionNow(),
    theme: themeOf(settings),
    lang: settings.lang,
    reducedMotion: stillOf(settings),
    speed: frame.speed,
    playing: frame.playing,
    past: frame.now < frame.head,
    reset: fresh.reset,
    labels: settings.lang === 'ko' ? stageLabelsKo : stageLabelsEn,
  };
}

let mounted: Stage | null = null;

/** The stage that is mounted, for panels that want something shown. */
export const theStage = (): Stage | null => mounted;

/** Mounts the stage and feeds it outside React: one update per animation frame. */
export function StageHost(): ReactNode {
  const t = useT();
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const stage = createStage(host.current!, {
      onSelect: select,
      onMenu(ref, at, cause) {
        select(ref);
        useSelection.setState({ menu: { ref, ...at, cause } });
      },
      onRequest: (record, at) => useSelection.setState({ request: { record, ...at } }),
      onCaption: murmur,
      onProblem: (problem) => console.error(problem),
    });
    mounted = stage;
    let scheduled = false;
    // A change of selection, theme or language is drawn even when no frame comes.
    const redraw = (): void => {
      if (scheduled) return;
      scheduled = true;
      requestAnimationFrame(() => {
        scheduled = false;
        const frame = latestFrame();
        if (frame && mounted === stage) stage.update(viewOf(frame, nothing));
      });
    };
    const stops = [
      onFrames((frame, fresh) => stage.update(viewOf(frame, fresh))),
      useSelection.subscribe(redraw),
      useSettings.subscribe(redraw),
    ];
    redraw();
    return () => {
      mounted = null;
      for (const stop of stops) stop();
      stage.destroy();
    };
  }, []);
  return (
    <section className="stage" aria-label={t('stage.region')} id="stage">
      <div className="stage-host" ref={host} />
      <Toasts />
    </section>
  );
}
