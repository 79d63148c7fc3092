import { useEffect, useRef, type ReactNode, type RefObject } from 'react';
import { latestFrame, nothingNew, onFrames, type Fresh, type FrameListener } from './engine.ts';
import { useT } from './i18n/index.ts';
import {
  createStage,
  stageLabelsEn,
  stageLabelsKo,
  type Stage,
  type StageOptions,
  type StageView,
} from './stage/index.ts';
import { Toasts } from './panels/Notices.tsx';
import { matchesLabels, parseSelector } from '../kube/apimachinery/index.ts';
import { highlightsOf, useLesson, waitsForAnswer } from './lessons/store.ts';
import { cluster, useClusterStore, type ClusterData } from './stores/cluster.ts';
import type { Side } from './stores/second.ts';
import { select, useSelection } from './stores/selection.ts';
import { stillOf, themeOf, useSettings } from './stores/settings.ts';
import { captionNow, tell, useCaption } from './captions.ts';
import { history } from './stores/timeline.ts';
import type { Frame, TrafficSecond } from '../protocol/index.ts';

/** Seconds of traffic the stage sees: enough for its meters and the width of its wires. */
const trafficSeconds = 12;

/** Where a stage has its picture from. */
export interface StageFeed {
  readonly side: Side;
  readonly cluster: ClusterData;
  /** Grows when an object changed. */
  revision(): number;
  /** Second → what its sources saw. */
  traffic(): ReadonlyMap<number, readonly TrafficSecond[]>;
  latest(): Frame | null;
  /** Calls the listener once per animation frame that has news. Returns what stops it. */
  follow(listener: FrameListener): () => void;
  /** The words at an object that are shown now. */
  caption(): StageView['caption'];
}

/** The cluster of the page. */
const page: StageFeed = {
  side: 'a',
  cluster,
  revision: () => useClusterStore.getState().versions['*'] ?? 0,
  traffic: () => history().traffic.seconds,
  latest: latestFrame,
  follow: onFrames,
  // Two stages are compared as they are: words at one of them only would hide half of it.
  caption: () => (useLesson.getState().lesson?.compare ? null : captionNow()),
};

/** What the present step of a lesson points at; the same list as long as it is the same, so that nothing is drawn anew. */
function spotsIn(of: ClusterData): readonly string[] {
  const { objects } = of;
  const highlights = highlightsOf(useLesson.getState());
  if (highlights.length === 0) return noSpots;
  const uids = highlights.flatMap((h): string[] => {
    if ('process' in h) return [h.process];
    if ('pods' in h) {
      const selector = parseSelector(h.pods);
      const pods = [...(objects.get('pods')?.values() ?? [])];
      return pods.filter((pod) => matchesLabels(selector, pod.metadata.labels)).map((pod) => pod.metadata.uid);
    }
    if (!('ref' in h)) return [];
    const slash = h.ref.indexOf('/');
    const [name, key] = [h.ref.slice(0, slash), h.ref.slice(slash + 1)];
    const resource = [...objects.keys()].find((r) => r === name || r.startsWith(`${name}.`));
    const uid = objects.get(resource ?? name)?.get(key)?.metadata.uid;
    return uid ? [uid] : [];
  });
  const before = spots.get(of);
  if (before && before.join() === uids.join()) return before;
  spots.set(of, uids);
  return uids;
}

const noSpots: readonly string[] = [];
const noNumbers: ReadonlyMap<string, number> = new Map();
const spots = new WeakMap<ClusterData, readonly string[]>();

const nothing = nothingNew();

function recentTraffic(traffic: ReturnType<StageFeed['traffic']>, now: number): TrafficSecond[] {
  const list: TrafficSecond[] = [];
  const last = Math.floor(now / 1000);
  for (let second = last - trafficSeconds; second <= last; second++) {
    const found = traffic.get(second);
    if (found) list.push(...found);
  }
  return list;
}

/** Everything the picture is a function of, gathered from the stores. */
function viewOf(feed: StageFeed, frame: Frame, fresh: Fresh): StageView {
  const settings = useSettings.getState();
  const { selected, side, highlights } = useSelection.getState();
  // The same uid may stand on the other stage too: what is looked at is one of them.
  const mine = side === feed.side;
  return {
    objects: feed.cluster.objects,
    revision: feed.revision(),
    now: frame.now,
    machines: feed.cluster.machines,
    stopped: feed.cluster.stopped,
    sources: feed.cluster.sources,
    usage: feed.cluster.usage,
    traffic: recentTraffic(feed.traffic(), frame.now),
    requests: fresh.requests,
    activities: fresh.activities,
    deeds: fresh.deeds,
    selection: mine ? selected : null,
    highlights: mine ? highlights : noNumbers,
    caption: feed.caption(),
    theme: themeOf(settings),
    lang: settings.lang,
    reducedMotion: stillOf(settings),
    speed: frame.speed,
    playing: frame.playing,
    past: frame.now < frame.head,
    reset: fresh.reset,
    spots: spotsIn(feed.cluster),
    hideBounds: waitsForAnswer(useLesson.getState()),
    labels: settings.lang === 'ko' ? stageLabelsKo : stageLabelsEn,
  };
}

let mounted: Stage | null = null;

/** The stage that is mounted, for panels that want something shown. */
export const theStage = (): Stage | null => mounted;

/** Mounts a stage and feeds it outside React: one update per animation frame. */
export function useStage(
  feed: StageFeed,
  onMenu: StageOptions['onMenu'],
  onStage: (stage: Stage | null) => void,
): RefObject<HTMLDivElement | null> {
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const stage = createStage(host.current!, {
      onSelect: (ref) => select(ref, feed.side),
      onMenu,
      onRequest: (record, at) => useSelection.setState({ request: { record, ...at } }),
      // The caption is the page's own cluster's.
      onCaption: feed.side === 'a' ? tell : () => {},
      onProblem: (problem) => console.error(problem),
    });
    onStage(stage);
    let scheduled = false;
    let alive = true;
    // A change of selection, theme or language is drawn even when no frame comes.
    const redraw = (): void => {
      if (scheduled) return;
      scheduled = true;
      requestAnimationFrame(() => {
        scheduled = false;
        const frame = feed.latest();
        if (frame && alive) stage.update(viewOf(feed, frame, nothing));
      });
    };
    const stops = [
      feed.follow((frame, fresh) => stage.update(viewOf(feed, frame, fresh))),
      useSelection.subscribe(redraw),
      useSettings.subscribe(redraw),
      useLesson.subscribe(redraw),
      useCaption.subscribe(redraw),
    ];
    redraw();
    return () => {
      alive = false;
      onStage(null);
      for (const stop of stops) stop();
      stage.destroy();
    };
  }, [feed, onMenu, onStage]);
  return host;
}

const openMenu: StageOptions['onMenu'] = (ref, at, cause) => {
  select(ref);
  useSelection.setState({ menu: { ref, side: 'a', ...at, cause } });
};
const remember = (stage: Stage | null): void => void (mounted = stage);

/** The stage of the page. */
export function StageHost(): ReactNode {
  const t = useT();
  const host = useStage(page, openMenu, remember);
  return (
    <section className="stage" aria-label={t('stage.region')} id="stage">
      <div className="stage-host" ref={host} />
      <Toasts />
    </section>
  );
}
