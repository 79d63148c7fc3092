import type { Activity, Frame, KubeObject, RequestRecord, Speed, TrafficSecond } from '../protocol/index.ts';
import type { Machines } from '../kube/machines.ts';
import { sourcesOf } from '../kube/cluster.ts';
import type { TrafficSource } from '../kube/inputs.ts';
import type { Session } from './session.ts';
import { deedsUpTo } from './history.ts';
import { isSignificant } from './why.ts';

/** What the host knows and the session does not. */
export interface Playback {
  readonly playing: boolean;
  readonly speed: Speed;
  readonly progress: number | null;
}

/** Makes the frames of one page: remembers what that page has been told. */
export interface FrameSource {
  /** The next delta; null when nothing has changed since the last one. */
  take(playback: Playback): Frame | null;
  /** Forget what was told: the next frame starts from nothing (`reset`). */
  reset(): void;
}

/** Objects per frame: 400 pods are about 1 MB to clone, under 10 ms for the page. The rest comes with the next frames. */
const mostUpserts = 400;
/** Drawn requests per virtual second (design.md: at most 30). */
const drawnPerSecond = 30;
const mostActivities = 60;
const mostDeeds = 3000;

/** Follows a session for one page. */
export function createFrames(session: Session): FrameSource {
  let sent = new Map<string, Map<string, KubeObject>>();
  let told = { revision: -1, branch: 0, deed: 0, activities: 0, requests: 0, now: -1, head: -1, key: '' };
  let traffic = new Map<string, number>();
  let use = new Map<string, string>();
  let fresh = true;
  const printed = new WeakSet<Frame['outputs'][number]>();
  let usedAt = -1;

  const etcd = (): { revision: number; resources: Map<string, Map<string, KubeObject>> } =>
    session.world.kernel.state.parts.get('etcd') as never;

  const reset = (): void => {
    sent = new Map();
    traffic = new Map();
    use = new Map();
    usedAt = -1;
    told = { revision: -1, branch: session.branch, deed: 0, activities: 0, requests: 0, now: -1, head: -1, key: '' };
    fresh = true;
  };

  /** Compares what is stored with what was sent, by reference. O(objects), only when a revision has passed. */
  const difference = (upserts: Frame['upserts'][number][], deletes: Frame['deletes'][number][]): boolean => {
    const { resources } = etcd();
    for (const [resource, known] of sent) {
      const table = resources.get(resource);
      for (const [key, object] of known) {
        if (table?.has(key)) continue;
        known.delete(key);
        // The page forgets what a pod used together with the pod.
        if (resource === 'pods') use.delete(key);
        deletes.push({ resource, key, uid: object.metadata.uid });
      }
    }
    for (const [resource, table] of resources) {
      let known = sent.get(resource);
      if (!known) sent.set(resource, (known = new Map()));
      for (const [key, object] of table) {
        if (known.get(key) === object) continue;
        if (upserts.length >= mostUpserts) return false;
        known.set(key, object);
        upserts.push({ resource, object });
      }
    }
    return true;
  };

  const trafficSince = (): TrafficSecond[] => {
    const list: TrafficSecond[] = [];
    for (const [source, seconds] of session.history.traffic) {
      const from = Math.max(0, (traffic.get(source) ?? 0) - 1);
      for (const { second, ok, failed, p50, p95, byImage, byPod } of seconds.slice(from)) {
        list.push({ second, source, ok, failed, p50, p95, byImage, byPod });
      }
      traffic.set(source, seconds.length);
    }
    return list;
  };

  /** Everything printed since the last frame. Branches share what was printed before they parted: it is told once. */
  const outputsSince = (): Frame['outputs'] => {
    const { outputs } = session.history;
    let from = outputs.length;
    while (from > 0 && !printed.has(outputs[from - 1]!)) from--;
    const list = outputs.slice(from);
    for (const output of list) printed.add(output);
    return list;
  };

  const usageSince = (): Frame['usage'] => {
    const now = session.now;
    if (usedAt >= 0 && now >= usedAt && now - usedAt < 1000) return [];
    usedAt = now;
    const list: Frame['usage'][number][] = [];
    const { world } = session;
    for (const pod of etcd().resources.get('pods')?.values() ?? []) {
      const node = (pod['spec'] as { nodeName?: string }).nodeName;
      if (!node || (pod['status'] as { phase?: string } | undefined)?.phase !== 'Running') continue;
      const { cpuMilli, memoryBytes } = world.cri.usage(world.kernel.context, node, pod.metadata.uid);
      const key = `${pod.metadata.namespace}/${pod.metadata.name}`;
      const text = `${cpuMilli} ${memoryBytes}`;
      if (use.get(key) === text) continue;
      use.set(key, text);
      list.push({ key, cpuMilli, memoryBytes });
    }
    return list;
  };

  return {
    reset,
    take({ playing, speed, progress }) {
      const { kernel } = session.world;
      const { now, head, step, history, branches } = session;
      if (told.branch !== session.branch) reset();
      const key = `${playing} ${speed} ${progress} ${branches.length} ${session.branch}`;
      const { revision } = etcd();
      const first = fresh;
      const latest = session.history.outputs.at(-1);
      const silent = !latest || printed.has(latest);
      const backlog = deedsUpTo(history.deeds, told.deed) < history.deeds.length;
      const still =
        !backlog && told.revision === revision && told.now === now && told.head === head && told.key === key;
      if (!first && still && silent) return null;
      const upserts: Frame['upserts'][number][] = [];
      const deletes: Frame['deletes'][number][] = [];
      const complete = told.revision === revision || difference(upserts, deletes);
      const { deeds, activities, requests } = history;
      const newDeeds = [];
      for (let i = deedsUpTo(deeds, told.deed); i < deeds.length && newDeeds.length < mostDeeds; i++) {
        const { step: _, ...deed } = deeds[i]!;
        told.deed = deed.seq;
        if (isSignificant(deed)) newDeeds.push(deed);
      }
      const machines = kernel.state.parts.get('machines') as Machines;
      const frame: Frame = {
        type: 'frame',
        reset: first,
        now,
        head,
        steps: step,
        playing,
        speed,
        branch: session.branch,
        branches,
        progress,
        upserts,
        deletes,
        deeds: newDeeds,
        activities: newest(activities, told.activities, mostActivities, now, first),
        requests: drawable(newest(requests, told.requests, 300, now, first)),
        traffic: trafficSince(),
        outputs: outputsSince(),
        sources: sourcesOf(kernel.state).map(plainSource),
        usage: usageSince(),
        machines: [...machines.nodes.values()].map(({ name, up, cut }) => ({ name, up, cut })),
        stopped: [...machines.stopped],
        ignoresPolicies: machines.ignoresPolicies,
        lesson: session.lesson,
      };
      fresh = false;
      told = {
        ...told,
        revision: complete ? revision : -1,
        activities: activities.length,
        requests: requests.length,
        now,
        head,
        key,
      };
      return frame;
    },
  };
}

const plainSource = ({ name, url, rps, from, namespace, labels, timeoutMs }: TrafficSource): TrafficSource => ({
  name,
  url,
  rps,
  from,
  namespace,
  ...(labels && { labels: { ...labels } }),
  timeoutMs,
});

/** The last `most` items that came since index `from`; none of them on a first frame or when they are of another time. */
function newest<T extends Activity | RequestRecord>(
  list: readonly T[],
  from: number,
  most: number,
  now: number,
  first: boolean,
): T[] {
  if (first || list.length <= from) return [];
  const recent = list.slice(Math.max(from, list.length - most));
  return recent.filter((item) => (item.type === 'activity' ? item.at : item.endedAt) >= now - 5000);
}

/** At most 30 per virtual second; failed ones first, because they are what one looks for. */
function drawable(records: readonly RequestRecord[]): RequestRecord[] {
  const counts = new Map<number, number>();
  const drawn: RequestRecord[] = [];
  for (const wanted of [false, true]) {
    for (const record of records) {
      if (record.ok !== wanted) continue;
      const second = Math.floor(record.endedAt / 1000);
      const count = counts.get(second) ?? 0;
      if (count >= drawnPerSecond) continue;
      counts.set(second, count + 1);
      drawn.push(record);
    }
  }
  return drawn.sort((a, b) => a.startedAt - b.startedAt);
}
