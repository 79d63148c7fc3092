import type { Context } from '../../kernel/index.ts';
import { isReason, microTimestamp, timestamp, worldBeginsMs, type ObjectMeta } from '../apimachinery/index.ts';
import type { KubeEvent } from '../apis/index.ts';
import type { Client } from './client.ts';

/** What an event is about: any stored object, or a hand-made reference (the kubelet refers to its node by name as uid). */
export interface EventObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string | undefined;
    readonly uid?: string | undefined;
    readonly resourceVersion?: string | undefined;
  };
}

/** One thing to tell about an object. */
export interface EventInput {
  readonly object: EventObject;
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
  /** `deployment-controller`, `kubelet`. */
  readonly component: string;
  /** Node of a kubelet. */
  readonly host?: string | undefined;
  /** `spec.containers{app}`. */
  readonly fieldPath?: string | undefined;
}

/** One event object that was written: a repetition raises its count. Frozen; replaced when it changes. */
interface Written {
  /** `Warning/BackOff`. */
  readonly reason: string;
  readonly fieldPath: string | undefined;
  /** Undefined for one that combines others. */
  readonly message: string | undefined;
  readonly name: string;
  readonly count: number;
  readonly first: string;
  /** Virtual time of the latest repetition. */
  readonly last: number;
}

/** Distinct messages that one reason had lately; kept from the second on, the first is in `Written`. */
interface Similar {
  readonly reason: string;
  readonly last: number;
  readonly messages: readonly string[];
}

/** What is remembered about one object as told by one component. Frozen as a whole, so that a checkpoint shares it. */
interface Subject {
  readonly tokens: number;
  readonly tokensAt: number;
  readonly similar: readonly Similar[];
  readonly written: readonly Written[];
}

/** A recorder's memory: plain data, part of its process's memory. The oldest subjects are forgotten first. */
export interface EventMemory {
  readonly subjects: Map<string, Subject>;
  /** Makes names of events of one millisecond distinct, as the nanoseconds do in reality. */
  serial: number;
}

/** The memory of a recorder that has not told anything yet. */
export const emptyEvents = (): EventMemory => ({ subjects: new Map(), serial: 0 });

/** Subjects remembered. client-go: maxLruCacheEntries. */
const maxSubjects = 4096;
/** The oldest are forgotten many at a time: finding the first of a Map steps over all that were deleted before it. */
const forgottenAtOnce = 1024;
/** From the tenth distinct message of a reason within ten minutes on, messages are combined. */
const maxSimilar = 10;
const similarMs = 600_000;
/** At most 25 events at once about one object, then one per five minutes. */
const burst = 25;
const refillMs = 300_000;
/** Written events remembered per subject; far above what aggregation lets through. */
const maxWritten = 64;

const fresh: Subject = { tokens: burst, tokensAt: 0, similar: [], written: [] };

/**
 * Writes an Event about an object as client-go's recorder does: the same event again raises `count` and
 * `lastTimestamp`; from the tenth different message of one reason on they become one event
 * `(combined from similar events): …`; beyond 25 at once about one object they are dropped, and one more is let
 * through every five minutes. Never throws what the API answers: an event that cannot be written is lost.
 *
 * Kubernetes: client-go/tools/record/events_cache.go.
 * Simplified: while the API server is away events are lost at once; in reality they are retried for two minutes.
 */
export function recordEvent(ctx: Context, client: Client, memory: EventMemory, input: EventInput): void {
  const { object, reason, type } = input;
  const subjectKey = keyOfSubject(input);
  const subject = memory.subjects.get(subjectKey) ?? fresh;

  const kind = `${type}/${reason}`;
  const { similar, combined } = withMessage(subject, kind, input.message, ctx.now);
  const message = combined ? `(combined from similar events): ${input.message}` : input.message;

  const known = sameEvent(subject, kind, combined ? undefined : input.message, input.fieldPath);
  const now = timestamp(ctx.now);
  const next: Written = known
    ? { ...known, count: known.count + 1, last: ctx.now }
    : {
        reason: kind,
        fieldPath: input.fieldPath,
        message: combined ? undefined : input.message,
        name: eventName(memory, object.metadata.name, ctx.now),
        count: 1,
        first: now,
        last: ctx.now,
      };
  const written = known ? subject.written.filter((w) => w !== known) : subject.written.slice(1 - maxWritten);
  written.push(next);

  const filled = Math.min(burst, subject.tokens + (ctx.now - subject.tokensAt) / refillMs);
  const allowed = filled >= 1;
  remember(memory, subjectKey, { tokens: allowed ? filled - 1 : filled, tokensAt: ctx.now, similar, written });
  if (!allowed) return;

  const namespace = object.metadata.namespace || 'default';
  const why = { code: 'event.record', params: { reason } } as const;
  const cause = ctx.cause;
  try {
    if (known) {
      try {
        client.patch(
          ctx,
          'events',
          next.name,
          namespace,
          { type: 'merge', body: { count: next.count, lastTimestamp: now, message } },
          { why },
        );
        return;
      } catch (error) {
        if (!isReason(error, 'NotFound')) throw error;
      }
    }
    client.create(ctx, 'events', eventOf(input, next, namespace, message, now), {
      why,
    });
  } catch (error) {
    if ((error as Error).name !== 'ApiError' && (error as Error).name !== 'Unreachable') throw error;
  } finally {
    ctx.cause = cause;
  }
}

/** What one component tells about one object: by uid where there is one. The host is that of the recorder's process. */
function keyOfSubject({ component, object }: EventInput): string {
  const { namespace, name, uid } = object.metadata;
  return uid ? `${component}/${uid}` : `${component}/${object.kind}/${namespace ?? ''}/${name}`;
}

/** The event already written that says the same; without a message the one that combines others. */
function sameEvent(
  { written }: Subject,
  reason: string,
  message: string | undefined,
  fieldPath: string | undefined,
): Written | undefined {
  for (const w of written) {
    if (w.reason !== reason || w.message !== message) continue;
    if (message === undefined || w.fieldPath === fieldPath) return w;
  }
  return undefined;
}

/** Adds a message to those of its reason, and says whether there are so many that they are to be combined. */
function withMessage(
  subject: Subject,
  reason: string,
  message: string,
  now: number,
): { similar: readonly Similar[]; combined: boolean } {
  const old = subject.similar.find((s) => s.reason === reason);
  if (!old) {
    const first = subject.written.find((w) => w.reason === reason);
    const alone = !first || first.message === message || now - first.last > similarMs;
    if (alone) return { similar: subject.similar, combined: false };
    return {
      similar: [...subject.similar, { reason, last: now, messages: [first.message!, message] }],
      combined: false,
    };
  }
  let messages = now - old.last <= similarMs ? old.messages : [];
  if (!messages.includes(message)) messages = [...messages, message];
  const combined = messages.length >= maxSimilar;
  if (combined) messages = messages.slice(1);
  return { similar: [...subject.similar.filter((s) => s !== old), { reason, last: now, messages }], combined };
}

function remember(memory: EventMemory, key: string, subject: Subject): void {
  memory.subjects.delete(key);
  memory.subjects.set(key, Object.freeze(subject));
  if (memory.subjects.size < maxSubjects + forgottenAtOnce) return;
  let left = forgottenAtOnce;
  for (const oldest of memory.subjects.keys()) {
    if (left-- === 0) break;
    memory.subjects.delete(oldest);
  }
}

/** `<object>.<hex of the nanoseconds since 1970>`. */
function eventName(memory: { serial: number }, name: string, nowMs: number): string {
  memory.serial = (memory.serial + 1) % 1_000_000;
  // In two parts, since the number has more than 53 bits.
  const ms = worldBeginsMs + nowMs;
  const low = (ms % 0x10000) * 1_000_000 + memory.serial;
  const high = Math.floor(ms / 0x10000) * 1_000_000 + Math.floor(low / 0x10000);
  return `${name}.${high.toString(16)}${(low % 0x10000).toString(16).padStart(4, '0')}`;
}

function eventOf(input: EventInput, event: Written, namespace: string, message: string, now: string): KubeEvent {
  const { object, host } = input;
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: event.name, namespace } as ObjectMeta,
    involvedObject: referenceOf(object, input.fieldPath),
    reason: input.reason,
    message,
    source: host ? { component: input.component, host } : { component: input.component },
    firstTimestamp: event.first,
    lastTimestamp: now,
    count: event.count,
    type: input.type,
    reportingComponent: input.component,
    reportingInstance: host ?? '',
    eventTime: absentTime,
  };
}

/** What the API shows for a time that was never set; the generated types know only strings. */
const absentTime = null as never;

/** An event in the new style, as the scheduler tells it. */
export interface SeriesInput {
  readonly object: EventObject;
  readonly related?: EventObject | undefined;
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  /** `Binding`, `Scheduling`, `Preempting`. */
  readonly action: string;
  readonly message: string;
  /** `default-scheduler`. */
  readonly component: string;
}

interface Series {
  readonly name: string;
  readonly namespace: string;
  readonly at: number;
  /** 0 for a single event. */
  readonly count: number;
  readonly last: number;
  /** Count that the API server has. */
  readonly writtenCount: number;
  readonly input: SeriesInput;
}

/** Memory of a recorder of the new style. */
export interface SeriesMemory {
  readonly series: Map<string, Series>;
  serial: number;
  /** Number of the six-minute period in which ended series were last written. */
  period: number;
}

/** The memory of a new-style recorder that has not told anything yet. */
export const emptySeries = (): SeriesMemory => ({ series: new Map(), serial: 0, period: 0 });

const finishMs = 360_000;

/**
 * Writes an Event as the recorder of `events.k8s.io` does (the scheduler's): repetitions of one reason and action
 * about one version of an object become a series, whatever the message. The second is written as `series.count: 2`;
 * later ones are only counted, and written when the series has rested for six minutes.
 *
 * Kubernetes: client-go/tools/events/event_broadcaster.go.
 * Simplified: the six-minute round runs with the next event after it is due, so a final count may come later.
 */
export function recordSeries(ctx: Context, client: Client, memory: SeriesMemory, input: SeriesInput): void {
  const cause = ctx.cause;
  finishSeries(ctx, client, memory);
  ctx.cause = cause;
  const { object, related } = input;
  const key = `${input.type}/${input.action}/${input.reason}/${object.metadata.uid ?? ''}/${object.metadata.resourceVersion ?? ''}/${related?.metadata.uid ?? ''}`;
  const known = memory.series.get(key);
  if (known && known.count > 0) {
    memory.series.set(key, Object.freeze({ ...known, count: known.count + 1, last: ctx.now }));
    return;
  }
  if (known) {
    const series: Series = Object.freeze({ ...known, count: 2, writtenCount: 2, last: ctx.now });
    memory.series.set(key, series);
    writeSeries(ctx, client, series);
  } else {
    const series: Series = Object.freeze({
      name: eventName(memory, object.metadata.name, ctx.now),
      namespace: object.metadata.namespace || 'default',
      at: ctx.now,
      count: 0,
      last: ctx.now,
      writtenCount: 0,
      input,
    });
    memory.series.set(key, series);
    attempt(() => createSeries(ctx, client, series));
  }
  ctx.cause = cause;
}

function finishSeries(ctx: Context, client: Client, memory: SeriesMemory): void {
  const period = Math.floor(ctx.now / finishMs);
  if (period === memory.period) return;
  memory.period = period;
  for (const [key, series] of memory.series) {
    if (series.last > period * finishMs - finishMs) continue;
    memory.series.delete(key);
    if (series.count > series.writtenCount) writeSeries(ctx, client, series);
  }
}

function attempt(write: () => void): void {
  try {
    write();
  } catch (error) {
    if ((error as Error).name !== 'ApiError' && (error as Error).name !== 'Unreachable') throw error;
  }
}

const seriesOf = (series: Series): { count: number; lastObservedTime: string } => ({
  count: series.count,
  lastObservedTime: microTimestamp(series.last),
});

function writeSeries(ctx: Context, client: Client, series: Series): void {
  attempt(() => {
    try {
      client.patch(
        ctx,
        'events',
        series.name,
        series.namespace,
        { type: 'merge', body: { series: seriesOf(series) } },
        { why: { code: 'event.record', params: { reason: series.input.reason } } },
      );
    } catch (error) {
      if (!isReason(error, 'NotFound')) throw error;
      createSeries(ctx, client, series);
    }
  });
}

/** A reference as the API shows it, field by field: spreads would cost more than all the rest. */
function referenceOf(object: EventObject, fieldPath?: string): KubeEvent['involvedObject'] {
  const { namespace, name, uid, resourceVersion } = object.metadata;
  const reference: KubeEvent['involvedObject'] = { kind: object.kind };
  if (namespace) reference.namespace = namespace;
  reference.name = name;
  if (uid) reference.uid = uid;
  reference.apiVersion = object.apiVersion;
  if (resourceVersion) reference.resourceVersion = resourceVersion;
  if (fieldPath) reference.fieldPath = fieldPath;
  return reference;
}

function createSeries(ctx: Context, client: Client, series: Series): void {
  const { input } = series;
  client.create(
    ctx,
    'events',
    {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: series.name, namespace: series.namespace } as ObjectMeta,
      involvedObject: referenceOf(input.object),
      ...(input.related && { related: referenceOf(input.related) }),
      reason: input.reason,
      message: input.message,
      source: {},
      type: input.type,
      eventTime: microTimestamp(series.at),
      ...(series.count > 0 && { series: seriesOf(series) }),
      action: input.action,
      reportingComponent: input.component,
      reportingInstance: `${input.component}-control-plane`,
      firstTimestamp: absentTime,
      lastTimestamp: absentTime,
    },
    { why: { code: 'event.record', params: { reason: input.reason } } },
  );
}
