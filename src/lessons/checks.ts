import type { CheckState, LiveValue } from '../protocol/index.ts';
import type { Check, Value } from './lesson.ts';
import { compare, type Scene } from './scene.ts';
import * as plain from './values.ts';
import type { ValueMemory } from './values.ts';

/** What measuring how long something took needs to remember. */
interface SpanMemory {
  readonly from: CheckMemory;
  readonly to: CheckMemory;
  readonly fromAt: number | null;
  readonly toAt: number | null;
}

/** What measuring needs to remember. */
export type Remembered = ValueMemory | SpanMemory;

/** What judging a check needs to remember of a run; like `Remembered` plain, and the same while nothing changed. */
export type CheckMemory =
  | { readonly value: Remembered }
  | { readonly parts: readonly CheckMemory[] }
  /** `times`: since when it holds, or when it began and first held; of an order when each held, and only begun parts. */
  | {
      readonly parts: readonly CheckMemory[];
      readonly times: readonly (number | null)[];
      /** Of `once` and `within`: how it stood when it first held; nothing later changes that. */
      readonly shown?: Deciding;
    }
  | { readonly parts: readonly CheckMemory[]; readonly value: Remembered; readonly was: LiveValue };

/** What must last so long (ms) tells how long it has lasted; of less, the value tells more. */
const tells = 60_000;

/** The value that decides, and of what must last for minutes how long it has held (ms). */
interface Deciding {
  readonly value: LiveValue;
  readonly wanted: string;
  readonly held?: number;
}

/** The memory of a check at the beginning. */
export function beginCheck(check: Check, scene: Scene): CheckMemory {
  if ('since' in check) {
    const value = beginValue(check.since, scene);
    return { parts: [beginCheck(check.check, scene)], value, was: measure(check.since, value, scene) };
  }
  if ('value' in check) return { value: beginValue(check.value, scene) };
  if ('order' in check) return inOrder(check.order, [beginCheck(check.order[0]!, scene)], [], scene);
  const parts = partsOf(check).map((part) => beginCheck(part, scene));
  if ('all' in check || 'any' in check || 'not' in check) return { parts };
  const begun = 'within' in check ? [scene.now, null] : parts.map(() => null);
  return keepFirst(check, { parts, times: timesOf(check, parts, begun, scene) }, scene);
}

/** Keeps what passed when it first passed. */
function keepFirst(
  check: Check,
  memory: { readonly parts: readonly CheckMemory[]; readonly times: readonly (number | null)[] },
  scene: Scene,
): CheckMemory {
  const first = 'once' in check ? memory.times[0] : 'within' in check ? memory.times[1] : null;
  return first === scene.now ? { ...memory, shown: deciding(partsOf(check)[0]!, memory.parts[0]!, scene) } : memory;
}

/** The memory after a further scene. */
export function observeCheck(check: Check, memory: CheckMemory, scene: Scene): CheckMemory {
  if ('since' in check) {
    const old = memory as { parts: readonly CheckMemory[]; value: Remembered; was: LiveValue };
    const value = observeValue(check.since, old.value, scene);
    const was = measure(check.since, value, scene);
    const part = was === old.was ? observeCheck(check.check, old.parts[0]!, scene) : beginCheck(check.check, scene);
    return part === old.parts[0] && value === old.value && was === old.was ? memory : { parts: [part], value, was };
  }
  if ('value' in check) {
    const old = (memory as { value: Remembered }).value;
    const value = observeValue(check.value, old, scene);
    return value === old ? memory : { value };
  }
  if ('shown' in memory) return memory;
  const old = memory as { parts: readonly CheckMemory[]; times?: readonly (number | null)[] };
  if ('order' in check) {
    const current = old.times!.length;
    if (current === check.order.length) return memory;
    const part = observeCheck(check.order[current]!, old.parts[current]!, scene);
    const next = inOrder(check.order, [...old.parts.slice(0, current), part], old.times!, scene);
    return part === old.parts[current] && next.times.length === current ? memory : next;
  }
  const next = partsOf(check).map((part, i) => observeCheck(part, old.parts[i]!, scene));
  const parts = next.every((part, i) => part === old.parts[i]) ? old.parts : next;
  if (!old.times) return parts === old.parts ? memory : { parts };
  const times = timesOf(check, parts, old.times, scene);
  return parts === old.parts && times.every((time, i) => time === old.times![i])
    ? memory
    : keepFirst(check, { parts, times }, scene);
}

/** Whether a check holds at a moment. */
export function holds(check: Check, memory: CheckMemory, scene: Scene): boolean {
  if ('since' in check) return holds(check.check, partMemories(memory)[0]!, scene);
  if ('value' in check) {
    const { value } = memory as { value: Remembered };
    return isFinal(check.value, value) && compare(measure(check.value, value, scene), check.op, check.to);
  }
  const parts = partMemories(memory);
  if ('all' in check) return check.all.every((part, i) => holds(part, parts[i]!, scene));
  if ('any' in check) return check.any.some((part, i) => holds(part, parts[i]!, scene));
  if ('not' in check) return !holds(check.not, parts[0]!, scene);
  const { times } = memory as { times: readonly (number | null)[] };
  if ('for' in check) return times[0] !== null && scene.now - times[0]! >= check.for;
  if ('never' in check) return times[0] === null;
  if ('within' in check) return times[1] !== null;
  if ('order' in check) return times.length === check.order.length;
  return times[0] !== null; // once
}

/** The next moment at which time alone may change whether it holds; Infinity when that takes an event. */
export function dueAt(check: Check, memory: CheckMemory, now: number): number {
  if ('value' in check) return valueDueAt(check.value, (memory as { value: Remembered }).value, now);
  const parts = partMemories(memory);
  const checks = partsOf(check);
  let due = parts.reduce((least, part, i) => Math.min(least, dueAt(checks[i]!, part, now)), Infinity);
  if ('since' in check) due = Math.min(due, valueDueAt(check.since, (memory as { value: Remembered }).value, now));
  if ('for' in check) {
    const since = (memory as { times: readonly (number | null)[] }).times[0]!;
    if (since !== null && since + check.for > now) due = Math.min(due, since + check.for);
  }
  return due;
}

/** How a check does at a moment, with what is measured. */
export interface Verdict {
  readonly state: CheckState;
  readonly value: LiveValue;
  readonly wanted: string;
  readonly progress?: number | undefined;
  /** Of what must last for minutes: how long it has held, ms. */
  readonly held?: number | undefined;
}

/** Tells how a check does. */
export function verdictOf(check: Check, memory: CheckMemory, scene: Scene): Verdict {
  const told = deciding(check, memory, scene);
  if (holds(check, memory, scene)) return { state: 'passed', ...told };
  if (isHopeless(check, memory, scene)) return { state: 'failed', ...told };
  const progress = progressOf(check, memory, scene);
  return progress === null ? { state: 'open', ...told } : { state: 'holding', ...told, progress };
}

/** The value that is told: of several checks that of the first, which is what their label speaks of. */
function deciding(check: Check, memory: CheckMemory, scene: Scene): Deciding {
  if ('shown' in memory) return memory.shown!;
  if ('value' in check) {
    const value = measure(check.value, (memory as { value: Remembered }).value, scene);
    return { value, wanted: `${check.op} ${check.to}` };
  }
  const parts = partMemories(memory);
  const checks = partsOf(check);
  if ('order' in check) {
    const { times } = memory as { times: readonly (number | null)[] };
    return { value: times.length, wanted: `= ${check.order.length}` };
  }
  if ('for' in check) {
    const since = (memory as { times: readonly (number | null)[] }).times[0]!;
    const told = deciding(checks[0]!, parts[0]!, scene);
    return since === null || check.for < tells ? told : { ...told, held: Math.min(check.for, scene.now - since) };
  }
  return deciding(checks[0]!, parts[0]!, scene);
}

/** True when only going back in time could make it hold. */
function isHopeless(check: Check, memory: CheckMemory, scene: Scene): boolean {
  if ('value' in check) {
    const { value } = memory as { value: Remembered };
    const measured = measure(check.value, value, scene);
    if (typeof measured !== 'number') return false;
    const grows = 'max' in check.value || 'seconds' in check.value;
    const falls = 'min' in check.value;
    const number = Number(check.to);
    const above =
      grows && (check.op === '=' || check.op === '<=' ? measured > number : check.op === '<' && measured >= number);
    const below =
      falls && (check.op === '=' || check.op === '>=' ? measured < number : check.op === '>' && measured <= number);
    return above || below;
  }
  if ('since' in check || 'not' in check) return false;
  if ('never' in check) return !holds(check, memory, scene);
  if ('within' in check) {
    const [begun, first] = (memory as { times: readonly (number | null)[] }).times;
    return first === null && scene.now - begun! > check.within;
  }
  const parts = partMemories(memory);
  const hopeless = (part: Check, i: number): boolean => isHopeless(part, parts[i]!, scene);
  return 'any' in check ? check.any.every(hopeless) : partsOf(check).slice(0, parts.length).some(hopeless);
}

/** Share of the time that a check has held of what it must; null when it does not hold now or need not last. */
function progressOf(check: Check, memory: CheckMemory, scene: Scene): number | null {
  if ('value' in check) return null;
  const parts = partMemories(memory);
  if ('for' in check) {
    const since = (memory as { times: readonly (number | null)[] }).times[0]!;
    return since === null ? null : Math.min(1, (scene.now - since) / check.for);
  }
  if ('order' in check) return null;
  if (!('all' in check)) return progressOf(partsOf(check)[0]!, parts[0]!, scene);
  let least: number | null = null;
  for (const [i, part] of check.all.entries()) {
    if (holds(part, parts[i]!, scene)) continue;
    const progress = progressOf(part, parts[i]!, scene);
    if (progress === null) return null;
    least = Math.min(least ?? 1, progress);
  }
  return least;
}

/** The checks that a check is made of. */
function partsOf(check: Check): readonly Check[] {
  if ('value' in check) return [];
  if ('all' in check) return check.all;
  if ('any' in check) return check.any;
  if ('order' in check) return check.order;
  if ('not' in check) return [check.not];
  if ('never' in check) return [check.never];
  if ('once' in check) return [check.once];
  return [check.check];
}

const partMemories = (memory: CheckMemory): readonly CheckMemory[] =>
  (memory as { readonly parts: readonly CheckMemory[] }).parts;

/** The times that a check with a modifier remembers, after a scene. */
function timesOf(
  check: Check,
  parts: readonly CheckMemory[],
  before: readonly (number | null)[],
  scene: Scene,
): readonly (number | null)[] {
  const { now } = scene;
  const held = (): boolean => holds(partsOf(check)[0]!, parts[0]!, scene);
  if ('for' in check) return [held() ? (before[0] ?? now) : null];
  if (!('within' in check)) return [before[0] ?? (held() ? now : null)]; // never, once
  const begun = before[0]!;
  return [begun, before[1] ?? (now - begun <= check.within && held() ? now : null)];
}

/** One after the other: the next check begins when the one before it holds, so what came too early does not count. */
function inOrder(
  checks: readonly Check[],
  begun: readonly CheckMemory[],
  before: readonly (number | null)[],
  scene: Scene,
): { readonly parts: readonly CheckMemory[]; readonly times: readonly (number | null)[] } {
  const parts = [...begun];
  const times = [...before];
  while (times.length < checks.length && holds(checks[times.length]!, parts[times.length]!, scene)) {
    times.push(scene.now);
    if (times.length < checks.length) parts.push(beginCheck(checks[times.length]!, scene));
  }
  return { parts, times };
}

/** The memory of a value at the beginning. */
export function beginValue(value: Value, scene: Scene): Remembered {
  if (!('seconds' in value)) return plain.beginValue(value, scene);
  const { from, to } = value.seconds;
  return spanOf(value.seconds, beginCheck(from, scene), beginCheck(to, scene), { fromAt: null, toAt: null }, scene);
}

/** The memory after a further scene. */
export function observeValue(value: Value, memory: Remembered, scene: Scene): Remembered {
  if (!('seconds' in value)) return plain.observeValue(value, memory as ValueMemory, scene);
  const old = memory as SpanMemory;
  if (old.toAt !== null) return memory;
  const { from, to } = value.seconds;
  const next = spanOf(value.seconds, observeCheck(from, old.from, scene), observeCheck(to, old.to, scene), old, scene);
  const same = next.from === old.from && next.to === old.to && next.fromAt === old.fromAt && next.toAt === old.toAt;
  return same ? memory : next;
}

/** What is measured at a moment. */
export function measure(value: Value, memory: Remembered, scene: Scene): LiveValue {
  if (!('seconds' in value)) return plain.measure(value, memory as ValueMemory, scene);
  const { fromAt, toAt } = memory as SpanMemory;
  return fromAt === null ? null : Math.round((toAt ?? scene.now) - fromAt) / 1000;
}

/** The next moment at which time alone may change what is measured or remembered; Infinity when it takes an event. */
export function valueDueAt(value: Value, memory: Remembered, now: number): number {
  if (!('seconds' in value)) return plain.valueDueAt(value, memory as ValueMemory, now);
  const { from, to, toAt } = memory as SpanMemory;
  return toAt === null ? Math.min(dueAt(value.seconds.from, from, now), dueAt(value.seconds.to, to, now)) : Infinity;
}

/** A span that has not ended may not be compared yet. */
const isFinal = (value: Value, memory: Remembered): boolean =>
  !('seconds' in value) || (memory as SpanMemory).toAt !== null;

function spanOf(
  { from, to }: { readonly from: Check; readonly to: Check },
  first: CheckMemory,
  second: CheckMemory,
  before: { readonly fromAt: number | null; readonly toAt: number | null },
  scene: Scene,
): SpanMemory {
  const fromAt = before.fromAt ?? (holds(from, first, scene) ? scene.now : null);
  const toAt = before.toAt ?? (fromAt !== null && holds(to, second, scene) ? scene.now : null);
  return { from: first, to: second, fromAt, toAt };
}
