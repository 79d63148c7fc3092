import type { KubeObject } from '../kube/apimachinery/index.ts';
import type { ResourceKey } from '../kube/apis/index.ts';
import type { Deed, LiveValue, TrafficSecond } from '../protocol/index.ts';
import type { Measure, TrafficMeasure } from './lesson.ts';
import { at } from './path.ts';
import { selected, type Scene } from './scene.ts';

/**
 * What measuring a value needs to remember of a run. Plain, never changed in place, and the same reference while it
 * stays the same: so a run's history of it costs only what changed.
 */
export type ValueMemory =
  | null
  /** Uids that were there at the beginning. */
  | { readonly uids: readonly string[] }
  /** Uids that were there at the beginning, and those that came. */
  | { readonly known: readonly string[]; readonly came: readonly string[] }
  /** Deeds so far; or a count at the beginning; or the first full second. */
  | { readonly n: number }
  | { readonly inner: ValueMemory; readonly extreme: number | null };

type Of<K extends string> = Extract<Measure, Readonly<Record<K, unknown>>>;

/** The memory of a value at the beginning. */
export function beginValue(value: Measure, scene: Scene): ValueMemory {
  if ('kept' in value) return { uids: present(scene, value.kept.resource) };
  if ('created' in value) return { known: present(scene, value.created.resource), came: [] };
  if ('deeds' in value) return { n: 0 };
  if ('events' in value) return { n: eventCount(scene, value) };
  if ('traffic' in value) return { n: Math.ceil(scene.now / 1000) };
  if ('max' in value) return extremeOf(value.max, beginValue(value.max, scene), null, scene, Math.max);
  if ('min' in value) return extremeOf(value.min, beginValue(value.min, scene), null, scene, Math.min);
  return null;
}

/** The memory after a further scene. */
export function observeValue(value: Measure, memory: ValueMemory, scene: Scene): ValueMemory {
  if ('created' in value)
    return newcomers(value, memory as { known: readonly string[]; came: readonly string[] }, scene);
  if ('deeds' in value) {
    const n = scene.deeds.filter((deed) => isOf(value, deed)).length;
    return n === 0 ? memory : { n: (memory as { n: number }).n + n };
  }
  if ('max' in value || 'min' in value) {
    const [of, pick] = 'max' in value ? [value.max, Math.max] : [value.min, Math.min];
    const old = memory as { inner: ValueMemory; extreme: number | null };
    const next = extremeOf(of, observeValue(of, old.inner, scene), old.extreme, scene, pick);
    return next.inner === old.inner && next.extreme === old.extreme ? memory : next;
  }
  return memory;
}

/** What is measured at a moment. */
export function measure(value: Measure, memory: ValueMemory, scene: Scene): LiveValue {
  if ('count' in value) return selected(scene, value.count).length;
  if ('field' in value) return plain(at(selected(scene, value.field)[0], value.path));
  if ('sum' in value)
    return selected(scene, value.sum).reduce((sum, object) => sum + (Number(at(object, value.path)) || 0), 0);
  if ('distinct' in value)
    return new Set(selected(scene, value.distinct).flatMap((object) => plain(at(object, value.path)) ?? [])).size;
  if ('kept' in value) {
    const { uids } = memory as { uids: readonly string[] };
    return selected(scene, value.kept).filter((object) => uids.includes(object.metadata.uid)).length;
  }
  if ('created' in value) return (memory as { came: readonly string[] }).came.length;
  if ('endpoints' in value) return readyAddresses(scene, value.endpoints);
  if ('traffic' in value) return trafficOf(value, (memory as { n: number }).n, scene);
  if ('events' in value) return Math.max(0, eventCount(scene, value) - (memory as { n: number }).n);
  if ('deeds' in value) return (memory as { n: number }).n;
  if ('max' in value || 'min' in value) return (memory as { extreme: number | null }).extreme;
  return scene.reach(value.reach, value.to, value.port);
}

/** The next moment at which time alone may change what is measured or remembered; Infinity when it takes an event. */
export function valueDueAt(value: Measure, memory: ValueMemory, now: number): number {
  // Nodes apply policies a moment after they were written.
  if ('traffic' in value || 'reach' in value) return (Math.floor(now / 1000) + 1) * 1000;
  if ('max' in value || 'min' in value)
    return valueDueAt('max' in value ? value.max : value.min, (memory as { inner: ValueMemory }).inner, now);
  return Infinity;
}

function extremeOf(
  value: Measure,
  inner: ValueMemory,
  extreme: number | null,
  scene: Scene,
  pick: (a: number, b: number) => number,
): { readonly inner: ValueMemory; readonly extreme: number | null } {
  const measured = measure(value, inner, scene);
  const number = typeof measured === 'number' ? measured : null;
  return { inner, extreme: number === null ? extreme : extreme === null ? number : pick(extreme, number) };
}

/** Uids of all that is there, whatever is asked of it later: what is relabelled has not come, and what is adopted was kept. */
const present = (scene: Scene, resource: ResourceKey): string[] =>
  [...scene.objects(resource)].map((object) => object.metadata.uid);

function newcomers(
  value: Of<'created'>,
  memory: { readonly known: readonly string[]; readonly came: readonly string[] },
  scene: Scene,
): ValueMemory {
  const fresh = selected(scene, value.created)
    .map((object) => object.metadata.uid)
    .filter((uid) => !memory.known.includes(uid) && !memory.came.includes(uid));
  return fresh.length === 0 ? memory : { known: memory.known, came: [...memory.came, ...fresh] };
}

const plain = (value: unknown): LiveValue =>
  typeof value === 'number' || typeof value === 'string' ? value : typeof value === 'boolean' ? `${value}` : null;

function isOf(value: Of<'deeds'>, deed: Deed): boolean {
  if (deed.code !== value.deeds || (value.by !== undefined && deed.by !== value.by)) return false;
  if (value.ref !== undefined && !deed.ref?.startsWith(value.ref)) return false;
  return Object.entries(value.params ?? {}).every(([key, wanted]) => deed.params?.[key] === wanted);
}

/** How often events of a reason were told; one object counts its repetitions. */
function eventCount(scene: Scene, { events, on }: Of<'events'>): number {
  let count = 0;
  for (const event of scene.objects('events')) {
    if (event['reason'] !== events) continue;
    const { kind, name } = event['involvedObject'] as { kind?: string; name?: string };
    if (on === undefined || `${kind}/${name}`.startsWith(on)) count += Number(event['count'] ?? 1);
  }
  return count;
}

/** Ready addresses of a Service, over all its EndpointSlices. */
function readyAddresses(scene: Scene, service: string): number {
  const [namespace, name] = service.includes('/') ? service.split('/') : ['default', service];
  const slices = selected(scene, {
    resource: 'endpointslices.discovery.k8s.io',
    namespace: namespace!,
    labels: `kubernetes.io/service-name=${name}`,
  });
  const ready = (endpoint: unknown): boolean => at(endpoint, 'conditions.ready') === true;
  return slices.reduce(
    (sum, slice: KubeObject) => sum + ((slice['endpoints'] ?? []) as unknown[]).filter(ready).length,
    0,
  );
}

/** Only full seconds count, so that what is measured does not depend on how far the run was simulated. */
function trafficOf({ traffic, measure: what, overMs }: Of<'traffic'>, begun: number, scene: Scene): LiveValue {
  const until = Math.floor(scene.now / 1000);
  const from = overMs === undefined ? begun : Math.max(begun, until - overMs / 1000);
  const all = scene.traffic(traffic);
  let end = all.length;
  while (end > 0 && all[end - 1]!.second >= until) end--;
  let start = end;
  while (start > 0 && all[start - 1]!.second >= from) start--;
  return summary(all.slice(start, end), what);
}

function summary(seconds: readonly TrafficSecond[], what: TrafficMeasure): LiveValue {
  const total = (of: (second: TrafficSecond) => number): number => seconds.reduce((sum, second) => sum + of(second), 0);
  if (typeof what === 'object') {
    const [by, key] = 'image' in what ? (['byImage', what.image] as const) : (['byPod', what.pod] as const);
    const answers = total((s) => Object.values(s[by]).reduce((a, b) => a + b, 0));
    return answers === 0
      ? null
      : percent(
          total((s) => s[by][key] ?? 0),
          answers,
        );
  }
  if (what === 'ok' || what === 'failed') return total((s) => s[what]);
  if (what === 'mixed') return total((s) => (Object.keys(s.byImage).length > 1 ? 1 : 0));
  const asked = total((s) => s.ok + s.failed);
  if (asked === 0) return null;
  if (what === 'success')
    return percent(
      total((s) => s.ok),
      asked,
    );
  return Math.max(...seconds.map((s) => s.p95));
}

/** Per cent, to one tenth, never rounded up to what it is not: 1999 of 2000 is 99.9. */
const percent = (part: number, whole: number): number => Math.floor((part * 1000) / whole) / 10;
